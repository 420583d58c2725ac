import { ActionIcon, Anchor, Group, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { capital, nameWords } from '../../core/condition/words.ts';
import { errorWords } from '../client/client.ts';
import { useChange } from '../client/query.ts';
import { Icon } from '../kit/icon.tsx';
import { phoneLink } from '../kit/link.ts';
import { showFailure, showUndoable } from '../kit/notice.tsx';
import { Claimed } from '../kit/properties.tsx';
import css from './fields.module.css';

/** The fields of a contact that people correct by hand. */
export const CORRECTED = ['firstName', 'lastName', 'title', 'phone', 'country'] as const;
type Field = (typeof CORRECTED)[number];

/** What is known of a contact in these fields, each to be corrected in its place; `refused` says why it cannot be. */
export function CorrectedFields(props: {
  readonly contactId: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Which of them nobody has confirmed. */
  readonly claimed: readonly string[];
  readonly refused: string | null;
}) {
  const { contactId, values, claimed, refused } = props;
  const [edited, setEdited] = useState<Field | null>(null);
  const changing = useChange('updateContact');

  const save = (field: Field, value: string | null, before: string | null, isUndo = false) =>
    changing.mutate(
      { params: { id: contactId }, body: { [field]: value } },
      {
        onSuccess: () => {
          setEdited(null);
          if (isUndo) return;
          showUndoable({
            id: `field ${contactId} ${field}`,
            words: `${fieldLabel(field)} is now ${value ?? 'unknown'}.`,
            onUndo: () => save(field, before, value, true),
          });
        },
        ...(isUndo ? { onError: showFailure } : {}),
      },
    );

  return (
    <dl className={css.list}>
      {CORRECTED.map(field => {
        const before = textIn(values[field]);
        if (edited === field)
          return (
            <FieldForm
              key={field}
              field={field}
              before={before}
              isBusy={changing.isPending}
              problem={changing.error === null ? null : errorWords(changing.error)}
              onSave={value => (value === before ? setEdited(null) : save(field, value, before))}
              onClose={() => {
                changing.reset();
                setEdited(null);
              }}
            />
          );
        if (before === null && refused !== null) return null;
        return (
          <div key={field} className={css.row}>
            <dt>{fieldLabel(field)}</dt>
            <dd className={css.value}>
              <span>
                <Value field={field} value={before} />
                {before !== null && claimed.includes(field) ? <Claimed /> : null}
              </span>
              {refused === null ? (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size={24}
                  aria-label={`Correct ${fieldLabel(field).toLowerCase()}`}
                  onClick={() => {
                    changing.reset();
                    setEdited(field);
                  }}
                >
                  <Icon name="note" size={14} />
                </ActionIcon>
              ) : null}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function Value({ field, value }: { readonly field: Field; readonly value: string | null }) {
  if (value === null)
    return (
      <Text component="span" c="dimmed">
        Unknown
      </Text>
    );
  return field === 'phone' ? <Anchor href={phoneLink(value)}>{value}</Anchor> : value;
}

function FieldForm(props: {
  readonly field: Field;
  readonly before: string | null;
  readonly isBusy: boolean;
  readonly problem: string | null;
  readonly onSave: (value: string | null) => void;
  readonly onClose: () => void;
}) {
  const [value, setValue] = useState(props.before ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    props.onSave(value.trim() === '' ? null : value.trim());
  };
  const label = fieldLabel(props.field);
  return (
    <div className={css.row}>
      <dt>{label}</dt>
      <dd>
        <form
          onSubmit={submit}
          onKeyDown={event => {
            if (event.key === 'Escape') props.onClose();
          }}
          className={css.form}
        >
          <Group gap={4} wrap="nowrap" align="flex-end">
            <TextInput
              aria-label={label}
              size="sm"
              value={value}
              maxLength={200}
              autoFocus
              style={{ flex: 1 }}
              error={props.problem}
              onChange={event => setValue(event.currentTarget.value)}
            />
            <ActionIcon type="submit" size={36} loading={props.isBusy} aria-label="Save">
              <Icon name="check" size={16} />
            </ActionIcon>
            <ActionIcon size={36} variant="default" aria-label="Leave it as it was" onClick={props.onClose}>
              <Icon name="cross" size={16} />
            </ActionIcon>
          </Group>
        </form>
      </dd>
    </div>
  );
}

function fieldLabel(field: Field): string {
  return capital(nameWords(field));
}

function textIn(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null;
}
