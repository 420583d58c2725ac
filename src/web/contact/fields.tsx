import { ActionIcon, Anchor, Button, Group, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { capital, nameWords } from '../../core/condition/words.ts';
import { CallError, errorWords, problemAt } from '../client/client.ts';
import { useCall, useChange } from '../client/query.ts';
import { useMay } from '../client/session.tsx';
import { Icon } from '../kit/icon.tsx';
import { phoneLink } from '../kit/link.ts';
import { showDone, showFailure, showUndoable } from '../kit/notice.tsx';
import { Address } from '../kit/person.tsx';
import { Claimed } from '../kit/properties.tsx';
import css from './fields.module.css';

/** The fields of a contact that people correct by hand. */
export const CORRECTED = ['firstName', 'lastName', 'email', 'title', 'company', 'phone', 'country'] as const;
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
      // An address is corrected, not taken away.
      { params: { id: contactId }, body: { [field]: field === 'email' ? (value ?? '') : value } },
      {
        onSuccess: () => {
          setEdited(null);
          if (isUndo) return;
          const words = `${fieldLabel(field)} is now ${value ?? 'unknown'}.`;
          // What was said of the former company does not come back with its name.
          if (field === 'company' || (field === 'email' && before === null)) return showDone(words);
          showUndoable({
            id: `field ${contactId} ${field}`,
            words,
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
              error={changing.error}
              contactId={contactId}
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
  if (field === 'email') return <Address of={value} />;
  return field === 'phone' ? <Anchor href={phoneLink(value)}>{value}</Anchor> : value;
}

function FieldForm(props: {
  readonly field: Field;
  readonly before: string | null;
  readonly isBusy: boolean;
  readonly error: Error | null;
  readonly contactId: string;
  readonly onSave: (value: string | null) => void;
  readonly onClose: () => void;
}) {
  const [value, setValue] = useState(props.before ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    props.onSave(value.trim() === '' ? null : value.trim());
  };
  const { field, error } = props;
  const label = fieldLabel(field);
  const isTaken = field === 'email' && error instanceof CallError && error.status === 409;
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
              error={
                error === null ? null : (
                  <>
                    {problemAt(error, field) ?? errorWords(error)}{' '}
                    {isTaken ? <Taken contactId={props.contactId} email={value.trim()} /> : null}
                  </>
                )
              }
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

/** Leads to the contact that has an address already, and to the review of both. */
function Taken({ contactId, email }: { readonly contactId: string; readonly email: string }) {
  const may = useMay();
  const navigate = useNavigate();
  const proposing = useChange('proposeDuplicate');
  const other = useCall('listContacts', { query: { q: email, limit: 1 } }).data?.items[0];
  if (other === undefined) return null;
  const review = () =>
    proposing.mutate(
      { body: { contactIds: [contactId, other.id], because: `both are to have the address ${email}` } },
      {
        onSuccess: ({ id }) => void navigate(`/exceptions?show=duplicate&item=${id}`),
        onError: showFailure,
      },
    );
  return (
    <Group gap="xs" mt={4}>
      <Anchor component={Link} to={`/contacts/${other.id}`} size="xs" underline="always">
        Show {other.name}
      </Anchor>
      {may('proposeDuplicate') ? (
        <Button size="compact-xs" variant="default" loading={proposing.isPending} onClick={review}>
          Review both as one person
        </Button>
      ) : null}
    </Group>
  );
}

function fieldLabel(field: Field): string {
  return field === 'email' ? 'E-mail' : capital(nameWords(field));
}

function textIn(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null;
}
