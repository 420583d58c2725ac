import {
  ActionIcon,
  Anchor,
  Button,
  Checkbox,
  Group,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
} from '@mantine/core';
import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react';
import { Link } from 'react-router';
import type { ReviewKind } from '../../core/review/kind.ts';
import { ENTRY_WORDS } from '../../core/review/page.ts';
import { ENTRY_KINDS, type EntryKind, type ReviewEntry } from '../../core/review/review.ts';
import { useChange } from '../client/query.ts';
import { useMay } from '../client/session.tsx';
import { Card } from '../kit/card.tsx';
import { Icon } from '../kit/icon.tsx';
import { showFailure, showUndoable } from '../kit/notice.tsx';
import { When } from '../kit/when.tsx';
import css from './review.module.css';

/** What earlier reviews decided, and what they left to do. */
export function EarlierCard({ entries }: { readonly entries: readonly ReviewEntry[] }) {
  if (entries.length === 0) return null;
  return (
    <Card title="From earlier reviews">
      <EntryList label="From earlier reviews" entries={entries} isEarlier />
    </Card>
  );
}

/** What is written down at a review, and the form that writes more. */
export function EntriesCard(props: {
  readonly kind: ReviewKind;
  readonly id: string;
  readonly entries: readonly ReviewEntry[];
}) {
  const { kind, id, entries } = props;
  const may = useMay();
  return (
    <Card title="Written down at this review">
      <Stack gap="md">
        {entries.length === 0 ? (
          <Text c="dimmed">
            Nothing yet. Decisions and open to-dos appear in the next review, and decisions on the trends of
            reports.
          </Text>
        ) : (
          <EntryList label="Written down at this review" entries={entries} />
        )}
        {may('addReviewEntry') ? <EntryForm kind={kind} id={id} /> : null}
      </Stack>
    </Card>
  );
}

function EntryList(props: {
  readonly label: string;
  readonly entries: readonly ReviewEntry[];
  readonly isEarlier?: true;
}) {
  return (
    <ul className={css.entries} aria-label={props.label}>
      {props.entries.map(entry => (
        <EntryRow key={entry.id} entry={entry} isEarlier={props.isEarlier === true} />
      ))}
    </ul>
  );
}

function EntryRow({ entry, isEarlier }: { readonly entry: ReviewEntry; readonly isEarlier: boolean }) {
  const { id, kind, text, author, at, done, review } = entry;
  const may = useMay();
  const finishing = useChange('finishReviewEntry');
  const reopening = useChange('reopenReviewEntry');
  const removing = useChange('deleteReviewEntry');
  const params = { ...review, id };
  const reopen = () => reopening.mutate({ params }, { onError: showFailure });
  const finish = () =>
    finishing.mutate(
      { params },
      {
        onSuccess: () => showUndoable({ id: `todo ${id}`, words: 'The to-do is finished.', onUndo: reopen }),
        onError: showFailure,
      },
    );
  return (
    <li data-done={done !== null}>
      <div className={css.mark}>
        {kind === 'todo' ? (
          <Checkbox
            aria-label={`Finished: ${text}`}
            checked={finishing.isPending || (done !== null && !reopening.isPending)}
            disabled={!may('finishReviewEntry') || finishing.isPending || reopening.isPending}
            onChange={event => (event.currentTarget.checked ? finish() : reopen())}
          />
        ) : (
          <Icon name={kind === 'decision' ? 'flag' : 'note'} size={18} />
        )}
      </div>
      <div className={css.entry}>
        <Text className={css.words ?? ''}>{text}</Text>
        <Text size="xs" c="dimmed">
          {ENTRY_WORDS[kind][0]} · {author}, <When at={at} />
          {isEarlier ? (
            <>
              {' · '}
              <Anchor component={Link} inherit to={`/reviews/${review.kind}/${review.key}`}>
                {review.key}
              </Anchor>
            </>
          ) : null}
          {done === null ? null : (
            <>
              {' · finished by '}
              {done.by}, <When at={done.at} />
            </>
          )}
        </Text>
      </div>
      {!isEarlier && may('deleteReviewEntry') ? (
        <ActionIcon
          className={css.remove ?? ''}
          variant="subtle"
          color="gray"
          aria-label={`Remove: ${text}`}
          loading={removing.isPending}
          onClick={() => removing.mutate({ params }, { onError: showFailure })}
        >
          <Icon name="cross" size={16} />
        </ActionIcon>
      ) : null}
    </li>
  );
}

function EntryForm({ kind, id }: { readonly kind: ReviewKind; readonly id: string }) {
  const [entry, setEntry] = useState<EntryKind>('decision');
  const [text, setText] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const adding = useChange('addReviewEntry');
  const add = () => {
    if (text.trim() === '' || adding.isPending) return;
    adding.mutate(
      { params: { kind, key: id }, body: { kind: entry, text } },
      {
        onSuccess: () => {
          setText('');
          field.current?.focus();
        },
        onError: showFailure,
      },
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    add();
  };
  const [name] = ENTRY_WORDS[entry];
  return (
    <form onSubmit={submit} className={css.form}>
      <Stack gap="xs">
        <SegmentedControl
          size="xs"
          aria-label="What to write down"
          value={entry}
          data={ENTRY_KINDS.map(value => ({ value, label: ENTRY_WORDS[value][0] }))}
          onChange={value => setEntry(ENTRY_KINDS.find(known => known === value) ?? 'note')}
        />
        <Group gap="xs" align="flex-end" wrap="nowrap">
          <Textarea
            ref={field}
            style={{ flex: 1 }}
            autosize
            minRows={1}
            maxRows={8}
            maxLength={2000}
            aria-label={name}
            placeholder={PLACEHOLDERS[entry]}
            value={text}
            onChange={event => setText(event.currentTarget.value)}
            onKeyDown={onKey}
          />
          <Button type="submit" loading={adding.isPending} disabled={text.trim() === ''}>
            Add
          </Button>
        </Group>
        <Text size="xs" c="dimmed">
          Enter adds it, Shift and Enter begin a new line.
        </Text>
      </Stack>
    </form>
  );
}

const PLACEHOLDERS: Readonly<Record<EntryKind, string>> = {
  decision: 'What was decided',
  todo: 'What somebody will do by the next review',
  note: 'What was said',
};
