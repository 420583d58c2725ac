import { Anchor, Box, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { capital } from '../../core/condition/words.ts';
import { outcomeWords } from '../../core/routing/outcome.ts';
import { entryWords } from '../../core/routing/reason.ts';
import { listed } from '../../core/text/number.ts';
import type { CallOutput } from '../client/client.ts';
import { useCall } from '../client/query.ts';
import { Await, Loading } from '../kit/state.tsx';
import { When } from '../kit/when.tsx';
import css from './why.module.css';
import { becauseWords, skippedOf } from './words.ts';

type LedgerEntry = CallOutput<'getEpisodeRouting'>['items'][number];

/** Why this owner, shown when it is asked for. */
export function RoutingFold({ episodeId, owned }: { readonly episodeId: string; readonly owned: boolean }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Box>
      <Anchor
        component="button"
        type="button"
        size="xs"
        aria-expanded={isOpen}
        onClick={() => setOpen(open => !open)}
      >
        {isOpen ? 'Hide' : owned ? 'Why this owner?' : 'Why nobody?'}
      </Anchor>
      {isOpen ? (
        <Box mt="xs">
          <RoutingWhy episodeId={episodeId} />
        </Box>
      ) : null}
    </Box>
  );
}

/** How an episode came to its owner, or to none: by which entry, who could have had it, who was passed over and why. */
export function RoutingWhy({ episodeId }: { readonly episodeId: string }) {
  const routing = useCall('getEpisodeRouting', { params: { id: episodeId } });
  return (
    <Await query={routing} loading={<Loading rows={2} height={40} />}>
      {({ items }) =>
        items.length === 0 ? (
          <Text c="dimmed">Nothing is recorded: this handoff is older than the record, or was imported.</Text>
        ) : (
          <ol className={css.list} aria-label="What routing did">
            {[...items].reverse().map(entry => (
              <li key={entry.id} className={css.entry}>
                <Entry entry={entry} />
              </li>
            ))}
          </ol>
        )
      }
    </Await>
  );
}

function Entry({ entry }: { readonly entry: LedgerEntry }) {
  const { eligible, passedOver } = entry;
  const because = reasonFor(entry);
  const skipped = skippedOf(entry);
  return (
    <Stack gap={4}>
      <Text>
        <b>{titleOf(entry)}</b>{' '}
        <Text component="span" c="dimmed" size="xs">
          <When at={entry.at} />
          {BY_PEOPLE.includes(entry.kind) ? `, by ${entry.actor}` : ''}
        </Text>
      </Text>
      {because === '' ? null : <Text c="dimmed">{because}</Text>}
      {eligible.length === 0 ? null : (
        <Text>
          Could have had it:{' '}
          {listed(
            eligible.map(({ name }) => name),
            'and',
          )}
        </Text>
      )}
      {passedOver.length === 0 ? null : (
        <Passed
          title="Passed over"
          items={passedOver.map(({ userId, name, words }) => [userId, name, words])}
        />
      )}
      {skipped.length === 0 ? null : (
        <Passed
          title="Entries that gave it to nobody"
          items={skipped.map(({ id, label, words }) => [id, label, words])}
        />
      )}
    </Stack>
  );
}

function Passed(props: {
  readonly title: string;
  readonly items: readonly (readonly [id: string, name: string, words: string])[];
}) {
  return (
    <Box>
      <Text>{props.title}:</Text>
      <ul className={css.passed}>
        {props.items.map(([id, name, words]) => (
          <li key={id}>
            {name} <span className={css.words}>– {words}</span>
          </li>
        ))}
      </ul>
    </Box>
  );
}

/** What people do with a lead by hand. */
const BY_PEOPLE: readonly string[] = ['reassigned', 'handed_back', 'taken_over'];

/** What the title and the lists leave open: the entry is named in the title, the entries that failed in a list. */
function reasonFor(entry: LedgerEntry): string {
  const { why, skipped } = entry;
  if (why?.kind === 'given') return capital(outcomeWords(why.grant, 'short'));
  return entry.waiting !== null && skipped.length > 0 ? '' : becauseWords(entry, 'brief');
}

function titleOf({ kind, user, waiting, entry }: LedgerEntry): string {
  const name = user?.name ?? 'somebody';
  const by = entry === null ? '' : `, by “${entryWords(entry)}”`;
  switch (kind) {
    case 'assigned':
      return `Given to ${name}${by}`;
    case 'waiting':
      return `Given to nobody${waiting === null ? '' : `: ${waiting.label}`}`;
    case 'reassigned':
      return `Given to ${name} by hand`;
    case 'taken_over':
      return `Taken over by ${name}`;
    case 'handed_back':
      return `Handed back by ${name}`;
    case 'missed':
      return `Taken from ${name}: the time ran out`;
    default:
      return capital(kind.replaceAll('_', ' '));
  }
}
