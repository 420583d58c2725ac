import { Anchor, Group, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link, useSearchParams } from 'react-router';
import type { LedgerEntry, TeamView } from '../../contract/api/team.ts';
import { counted, listed } from '../../core/text/number.ts';
import { call } from '../client/client.ts';
import { usePages } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { More } from '../kit/more.tsx';
import { Empty, Failed, Loading } from '../kit/state.tsx';
import { When } from '../kit/when.tsx';
import css from './team.module.css';
import { becauseWords, skippedOf } from './words.ts';

/** Up to so many teams stand side by side; more are chosen from a list. */
const SIDE_BY_SIDE = 4;

/** What routing did in a team: who got which lead and why, and who was passed over. */
export function Ledger({ teams }: { readonly teams: readonly TeamView[] }) {
  const [params, setParams] = useSearchParams();
  const isNarrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const chosen = teams.find(({ name }) => name === params.get('team')) ?? teams[0];
  if (chosen === undefined)
    return (
      <Empty icon="team" title="No teams yet">
        Once a team gets leads, this page shows who got which one and why.
      </Empty>
    );
  const choose = (name: string | null) =>
    setParams({ show: 'ledger', team: name ?? chosen.name }, { replace: true });
  const data = teams.map(({ name, label }) => ({ value: name, label }));
  return (
    <Card
      title="Who got which lead, and why"
      side={
        teams.length === 1 ? null : teams.length <= SIDE_BY_SIDE && !isNarrow ? (
          <SegmentedControl size="xs" aria-label="Team" value={chosen.name} data={data} onChange={choose} />
        ) : (
          <Select
            size="xs"
            aria-label="Team"
            allowDeselect={false}
            value={chosen.name}
            data={data}
            onChange={choose}
          />
        )
      }
    >
      <Entries key={chosen.name} team={chosen} />
    </Card>
  );
}

function Entries({ team }: { readonly team: TeamView }) {
  const params = { name: team.name };
  const pages = usePages({
    key: ['getTeamLedger', { params }],
    load: (cursor, signal) => call('getTeamLedger', { params, query: { cursor } }, signal),
  });
  if (pages.error !== null && pages.items.length === 0)
    return <Failed error={pages.error} retry={() => void pages.refetch()} />;
  if (pages.first === undefined) return <Loading />;
  if (pages.items.length === 0)
    return (
      <Empty icon="team" title={`${team.label} has not been given a lead yet`}>
        The next one appears here, with the person who got it and why.
      </Empty>
    );
  return (
    <>
      <ul className={css.rows} aria-label={`Ledger of ${team.label}`}>
        {pages.items.map(entry => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ul>
      <More pages={pages} size="xs" mt="sm" />
    </>
  );
}

function Entry({ entry }: { readonly entry: LedgerEntry }) {
  return (
    <li className={css.entry}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="sm">
        <Text fw={600} component="div" style={{ minWidth: 0 }}>
          <Title entry={entry} />
        </Text>
        <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          <When at={entry.at} />
        </Text>
      </Group>
      <Reasons of={entry} />
      {BY_ROUTING.includes(entry.kind) || entry.actor === '' || entry.actor === entry.user?.name ? null : (
        <Text size="xs" c="dimmed">
          By {entry.actor}
        </Text>
      )}
    </li>
  );
}

/** What routing does by itself, so that naming who did it says nothing. */
const BY_ROUTING: readonly string[] = ['assigned', 'waiting'];

function Title({ entry }: { readonly entry: LedgerEntry }) {
  const { kind, contact } = entry;
  const user = entry.user?.name ?? 'Somebody';
  const lead =
    contact === null ? (
      'a lead'
    ) : (
      <Anchor component={Link} to={`/contacts/${contact.id}`} inherit underline="always">
        {contact.name}
      </Anchor>
    );
  switch (kind) {
    case 'assigned':
    case 'reassigned':
      return (
        <>
          {user} {entry.kind === 'reassigned' && entry.actor === user ? 'took' : 'got'} {lead}
        </>
      );
    case 'taken_over':
      return (
        <>
          {user} took {lead} over
        </>
      );
    case 'handed_back':
      return (
        <>
          {user} handed {lead} back
        </>
      );
    case 'missed':
      return (
        <>
          {lead} was taken from {user}
        </>
      );
    case 'waiting':
      return <>{lead} waits for an owner</>;
    case 'joined':
      return `${user} joined the team`;
    case 'left':
      return `${user} left the team`;
    case 'weighed':
      return `The weight of ${user} changed`;
    default:
      return <>{user}</>;
  }
}

/** Why a lead went where it went: the reason, who else could have had it, who was passed over, which entries failed. */
export function Reasons({
  of,
}: {
  readonly of: Pick<LedgerEntry, 'because' | 'why' | 'waiting' | 'eligible' | 'passedOver' | 'skipped'>;
}) {
  const { waiting, eligible, passedOver } = of;
  const because = becauseWords(of, 'brief');
  return (
    <Stack gap={2} mt={2}>
      {because === '' ? null : (
        <Text {...(waiting === null ? {} : { c: 'var(--baton-soon)' })}>{because}</Text>
      )}
      {eligible.length === 0 ? null : (
        <Text size="xs" c="dimmed">
          {counted(eligible.length, 'person', 'people')} could have had it:{' '}
          {listed(
            eligible.map(({ name }) => name),
            'and',
          )}
        </Text>
      )}
      {passedOver.length === 0 ? null : (
        <Text size="xs" c="dimmed">
          Passed over: {passedOver.map(({ name, words }) => `${name} (${words})`).join(', ')}
        </Text>
      )}
      {skippedOf(of).map(({ id, label, words }) => (
        <Text key={`${id} ${label}`} size="xs" c="dimmed">
          “{label}” gave it to nobody: {words}
        </Text>
      ))}
    </Stack>
  );
}
