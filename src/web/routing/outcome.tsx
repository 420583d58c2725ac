import { SimpleGrid, Text } from '@mantine/core';
import type { AssignmentView, WhatIf } from '../../contract/api/team.ts';
import { counted, signed, whole } from '../../core/text/number.ts';
import { Card } from '../kit/card.tsx';
import { dayWords, momentWords } from '../words/time.ts';
import { Reasons } from './ledger.tsx';
import css from './team.module.css';
import { missedWords, type Off } from './whatifwords.ts';

/** What would come of it: who would get the lead, or how the last leads would be shared out; `off` is who is off when. */
export function WhatIfOutcome({ of, off }: { readonly of: WhatIf; readonly off: readonly Off[] }) {
  if (of.kind === 'last') return <SharesOutcome of={of} off={off} />;
  const isSame = of.now.owner?.id === of.then.owner?.id;
  return (
    <Card title={isSame ? 'It makes no difference to this lead' : 'Somebody else would get this lead'}>
      <Text c="dimmed" mb="sm">
        If it came {momentWords(Date.parse(of.at))}.
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
        <AssignmentCard title="As things are" of={of.now} />
        <AssignmentCard title="With the changes" of={of.then} />
      </SimpleGrid>
    </Card>
  );
}

function AssignmentCard({ title, of }: { readonly title: string; readonly of: AssignmentView }) {
  return (
    <div>
      <Text size="xs" fw={600} c="dimmed">
        {title}
      </Text>
      <Text fw={650} size="md">
        {of.owner?.name ?? 'Nobody: it waits'}
      </Text>
      <Reasons of={of} />
      {of.retryAt === null ? null : (
        <Text size="xs" c="dimmed">
          Routing tries again {momentWords(Date.parse(of.retryAt))}.
        </Text>
      )}
    </div>
  );
}

function SharesOutcome(props: {
  readonly of: Extract<WhatIf, { kind: 'last' }>;
  readonly off: readonly Off[];
}) {
  const { of, off } = props;
  const { leads, from, to, now, then } = of;
  const ids = [...new Set([...now.members, ...then.members].map(({ id }) => id))];
  const rows = ids.map(id => ({
    id,
    name: [...now.members, ...then.members].find(member => member.id === id)?.name ?? '',
    now: now.members.find(member => member.id === id)?.leads ?? 0,
    then: then.members.find(member => member.id === id)?.leads ?? 0,
  }));
  const waiting = { id: 'waiting', name: 'Would wait', now: now.waiting, then: then.waiting };
  const most = Math.max(1, waiting.now, waiting.then, ...rows.flatMap(row => [row.now, row.then]));
  if (leads === 0)
    return (
      <Card title="No lead was routed yet">
        <Text c="dimmed">Once routing has given leads out, they can be given out again here.</Text>
      </Card>
    );
  const isSame = [...rows, waiting].every(row => row.now === row.then);
  return (
    <Card
      title={
        leads === 1 ? 'The last lead, given out again' : `The last ${whole(leads)} leads, given out again`
      }
    >
      <Text c="dimmed" mb="sm">
        {from === null || to === null
          ? 'Each at its own weekday and hour.'
          : `As if they came between ${dayWords(Date.parse(from))} and ${dayWords(Date.parse(to))}, each at its own weekday and hour.`}{' '}
        The grey bar is as things are, the green one with the changes.
      </Text>
      {isSame ? (
        <Text fw={600} c="var(--baton-soon)" mb="sm">
          {sameWords(of, off)}
        </Text>
      ) : null}
      <ul className={css.rows} aria-label="Leads by person">
        {[...rows.sort((a, b) => b.now - a.now || b.then - a.then), waiting].map(row => (
          <Pair key={row.id} row={row} most={most} isSame={isSame} />
        ))}
      </ul>
    </Card>
  );
}

function sameWords(of: Extract<WhatIf, { kind: 'last' }>, off: readonly Off[]): string {
  const missed = missedWords(of, off);
  if (missed !== null) return `${missed}. Ask about more leads, or about other days.`;
  if (off.length === 0) return 'Everybody would get as many as they get now.';
  return 'Everybody would get as many as they get now: few or none of these leads fall on the days asked about.';
}

function Pair(props: {
  readonly row: { readonly name: string; readonly now: number; readonly then: number };
  readonly most: number;
  /** Whether one sentence for all people says that nothing changes. */
  readonly isSame: boolean;
}) {
  const { row, most, isSame } = props;
  const difference = row.then - row.now;
  const words = difference === 0 ? 'no change' : signed(difference);
  return (
    <li
      className={css.pair}
      aria-label={`${row.name}: ${counted(row.now, 'lead')} as things are, ${whole(row.then)} with the changes`}
    >
      <div aria-hidden="true">
        <Text fw={600} lineClamp={1}>
          {row.name}
        </Text>
        {isSame ? null : (
          <Text size="xs" c="dimmed" className="figure">
            {words}
          </Text>
        )}
      </div>
      <div aria-hidden="true">
        <Bar value={row.now} most={most} />
        <Bar value={row.then} most={most} isThen />
      </div>
    </li>
  );
}

function Bar({
  value,
  most,
  isThen = false,
}: {
  readonly value: number;
  readonly most: number;
  readonly isThen?: boolean;
}) {
  return (
    <div className={css.bar}>
      <div className={css.track}>
        <div
          className={css.thin}
          data-then={isThen}
          style={{ width: `${(value / most) * 100}%`, visibility: value === 0 ? 'hidden' : 'visible' }}
        />
      </div>
      <Text size="xs" w={44} ta="right" fw={isThen ? 650 : 400} className="figure">
        {whole(value)}
      </Text>
    </div>
  );
}
