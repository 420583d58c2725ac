import { Anchor, Select, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { Link, useSearchParams } from 'react-router';
import type { BoardFigures, BoardMember } from '../../contract/api/board.ts';
import { whole } from '../../core/text/number.ts';
import type { CallOutput } from '../client/client.ts';
import { useCall } from '../client/query.ts';
import { useMay } from '../client/session.tsx';
import { Card, PageHead } from '../kit/card.tsx';
import { Denied } from '../kit/denied.tsx';
import { Icon } from '../kit/icon.tsx';
import { Await, Empty, Loading } from '../kit/state.tsx';
import { HERE } from '../kit/zone.tsx';
import { Meter } from '../routing/meter.tsx';
import { dayWords } from '../words/time.ts';
import css from './board.module.css';
import { DecidedLeads } from './decided.tsx';
import { BoardLeads } from './leads.tsx';
import { byNeed, type Decision, daysIn, decidedLink, isFull, loadWords } from './words.ts';

type Board = CallOutput<'getBoard'>;

/** How often the board is asked for again though nothing happened: leads become late by themselves. In ms. */
const AGAIN_MS = 60_000;

/** Who is late, who has too much, what is due within the hour and what goes cold, with the leads themselves. */
export function BoardPage() {
  useDocumentTitle('Board · Baton');
  const [params, setParams] = useSearchParams();
  const may = useMay();
  const days = daysIn(params.get('days'));
  const board = useCall(
    'getBoard',
    { query: { days, zone: HERE } },
    { enabled: may('getBoard'), keep: true, againMs: () => AGAIN_MS },
  );
  const set = (given: Readonly<Record<string, string | null>>) =>
    setParams(
      before => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(given)) {
          if (value === null) next.delete(name);
          else next.set(name, value);
        }
        return next;
      },
      { replace: true },
    );
  if (!may('getBoard')) return <Denied needs="getBoard" what="boards" />;
  return (
    <>
      <PageHead title="Board" side={<TeamChoice board={board.data} params={params} onSet={set} />} />
      <Await query={board} loading={<Loading rows={8} height={52} />}>
        {answer => (
          <Boards board={answer} team={params.get('team')} days={days} params={params} onSet={set} />
        )}
      </Await>
    </>
  );
}

function TeamChoice(props: {
  readonly board: Board | undefined;
  readonly params: URLSearchParams;
  readonly onSet: (given: Readonly<Record<string, string | null>>) => void;
}) {
  const teams = props.board?.teams ?? [];
  if (teams.length < 2) return null;
  return (
    <Select
      aria-label="Team"
      placeholder="All teams"
      size="sm"
      w={180}
      clearable
      value={props.params.get('team')}
      data={teams.map(({ name, label, isOwn }) => ({
        value: name,
        label: isOwn ? `${label} (yours)` : label,
      }))}
      onChange={team => props.onSet({ team, owner: null })}
    />
  );
}

function Boards(props: {
  readonly board: Board;
  readonly team: string | null;
  readonly days: number;
  readonly params: URLSearchParams;
  readonly onSet: (given: Readonly<Record<string, string | null>>) => void;
}) {
  const { board, team, params, onSet } = props;
  const members = board.members.filter(member => team === null || member.teams.includes(team)).sort(byNeed);
  const chosen = board.teams.find(({ name }) => name === team);
  const figures = chosen ?? board.total;
  if (board.members.length === 0 && board.total.open + board.total.cold === 0)
    return (
      <Empty icon="board" title="Nobody works leads yet">
        Put people into{' '}
        <Anchor component={Link} to="/team">
          teams
        </Anchor>
        . From then on their leads, what is late and how full they are stands here.
      </Empty>
    );
  return (
    <Stack gap="md">
      <Totals figures={figures} team={team} />
      <Card
        title="People"
        side={
          <Text size="xs" c="dimmed">
            Week from {dayWords(Date.parse(board.week.from))}, {board.week.zone}
          </Text>
        }
      >
        <People members={members} params={params} />
      </Card>
      {team === null && board.teams.length > 1 ? (
        <Card title="Teams">
          <Teams teams={board.teams} params={params} />
        </Card>
      ) : null}
      <BoardLeads days={props.days} team={team} figures={figures} params={params} onSet={onSet} />
      <DecidedLeads
        board={board}
        params={params}
        onClose={() => onSet({ decided: null, person: null, in: null })}
      />
    </Stack>
  );
}

/** The figures over what the page shows, each the number of leads that its link opens. */
function Totals({
  figures,
  team,
}: {
  readonly figures: BoardFigures & { readonly waiting: number };
  readonly team: string | null;
}) {
  const of = team === null ? '' : `&team=${encodeURIComponent(team)}`;
  return (
    <div className={css.totals}>
      <Total
        words="Late"
        value={figures.late}
        icon="warning"
        tone="bad"
        to={`/queue?show=all&overdue=yes${of}`}
      />
      <Total
        words="Due within the hour"
        value={figures.soon}
        icon="clock"
        tone="soon"
        to={`/queue?show=all&due=hour${of}`}
      />
      <Total
        words="Nobody’s"
        value={figures.waiting}
        icon="person"
        tone="plain"
        to={`/queue?show=unassigned${of}`}
      />
      <Total words="Open" value={figures.open} icon="queue" tone="plain" to={`/queue?show=all${of}`} />
    </div>
  );
}

function Total(props: {
  readonly words: string;
  readonly value: number;
  readonly icon: 'warning' | 'clock' | 'person' | 'queue';
  readonly tone: 'bad' | 'soon' | 'plain';
  readonly to: string;
}) {
  const { words, value, icon, tone, to } = props;
  return (
    <Link to={to} className={css.total} data-tone={value === 0 ? 'plain' : tone}>
      <span className={css.figure}>{whole(value)}</span>
      <span className={css.sign}>
        <Icon name={icon} size={13} /> {words}
      </span>
    </Link>
  );
}

const HEADS = [
  'Open',
  'Within the hour',
  'Late',
  'Accepted this week',
  'Rejected this week',
  'Going cold',
  'Load',
];

function Head({ first }: { readonly first: string }) {
  return (
    <Table.Thead>
      <Table.Tr>
        {[first, ...HEADS].map(head => (
          <Table.Th key={head}>{head}</Table.Th>
        ))}
      </Table.Tr>
    </Table.Thead>
  );
}

interface Shown {
  /** What the address has chosen, which a link to what was decided keeps. */
  readonly params: URLSearchParams;
}

function People({ members, params }: Shown & { readonly members: readonly BoardMember[] }) {
  if (members.length === 0) return <Text c="dimmed">Nobody is in this team.</Text>;
  return (
    <Table className={css.table ?? ''} verticalSpacing={6}>
      <Head first="Person" />
      <Table.Tbody>
        {members.map(member => (
          <Table.Tr key={member.userId} data-member={member.userId}>
            <Table.Td className={css.name ?? ''}>
              <Text fw={600}>{member.name}</Text>
              {member.away === '' ? null : (
                <Text size="xs" c="dimmed">
                  {member.away}
                </Text>
              )}
              {member.snoozed === 0 ? null : (
                <Text size="xs" c="dimmed">
                  {whole(member.snoozed)} snoozed
                </Text>
              )}
            </Table.Td>
            <Figures
              of={member}
              queue={`/queue?show=all&owner=${encodeURIComponent(member.userId)}`}
              cold={`/board?list=cold&owner=${encodeURIComponent(member.userId)}`}
              decided={decision => decidedLink(params, { decision, person: member.userId, team: null })}
            />
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Teams({ teams, params }: Shown & { readonly teams: Board['teams'] }) {
  return (
    <Table className={css.table ?? ''} verticalSpacing={6}>
      <Head first="Team" />
      <Table.Tbody>
        {teams.map(team => (
          <Table.Tr key={team.name}>
            <Table.Td className={css.name ?? ''}>
              <Anchor component={Link} to={`/board?team=${encodeURIComponent(team.name)}`} fw={600}>
                {team.label}
              </Anchor>
              {team.waiting === 0 ? null : (
                <Text size="xs" c="dimmed">
                  {whole(team.waiting)} without an owner
                </Text>
              )}
            </Table.Td>
            <Figures
              of={team}
              queue={`/queue?show=all&team=${encodeURIComponent(team.name)}`}
              cold={`/board?list=cold&team=${encodeURIComponent(team.name)}`}
              decided={decision => decidedLink(params, { decision, person: null, team: team.name })}
            />
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Figures({
  of,
  queue,
  cold,
  decided,
}: {
  readonly of: BoardFigures;
  readonly queue: string;
  readonly cold: string;
  readonly decided: (decision: Decision) => string;
}) {
  return (
    <>
      <Figure words="open" value={of.open} to={queue} />
      <Figure words="within the hour" value={of.soon} to={`${queue}&due=hour`} icon="clock" tone="soon" />
      <Figure words="late" value={of.late} to={`${queue}&overdue=yes`} icon="warning" tone="bad" />
      <Figure words="accepted this week" value={of.accepted} to={decided('accepted')} />
      <Figure words="rejected this week" value={of.rejected} to={decided('rejected')} />
      <Figure words="going cold" value={of.cold} to={cold} icon="cold" tone="soon" />
      <Table.Td className={css.load ?? ''}>
        <Text component="span" size="xs" c="dimmed" className={css.label ?? ''}>
          Load
        </Text>
        {of.capacity === null ? (
          <Text component="span" size="sm" className={css.link ?? ''}>
            {loadWords(of)}
          </Text>
        ) : (
          <Meter
            value={of.load}
            max={of.capacity}
            words={loadWords(of)}
            tone={isFull(of) ? 'soon' : 'good'}
            title="Undecided leads of any kind, against how many are taken at once"
          />
        )}
      </Table.Td>
    </>
  );
}

/** One figure; a link to its leads where there are any, with a sign beside it where somebody must look. */
function Figure(props: {
  readonly words: string;
  readonly value: number;
  readonly to: string;
  readonly icon?: 'clock' | 'warning' | 'cold';
  readonly tone?: 'soon' | 'bad';
}) {
  const { words, value, to, icon, tone } = props;
  const label = <span className={css.label}> {words}</span>;
  if (value === 0)
    return (
      <Table.Td data-zero="">
        <Text component="span" c="dimmed" className={css.link ?? ''}>
          0{label}
        </Text>
      </Table.Td>
    );
  return (
    <Table.Td>
      <Anchor component={Link} to={to} className={css.link ?? ''} data-tone={tone}>
        {icon === undefined ? null : <Icon name={icon} size={13} />} {whole(value)}
        {label}
        <VisuallyHidden> leads</VisuallyHidden>
      </Anchor>
    </Table.Td>
  );
}
