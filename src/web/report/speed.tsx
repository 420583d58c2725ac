import { Stack, Text } from '@mantine/core';
import { type CallOutput, fileAddress } from '../client/client.ts';
import { useCall } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { Await, Loading } from '../kit/state.tsx';
import { lengthWords } from '../words/time.ts';
import {
  type Cell,
  countCell,
  Definitions,
  Grid,
  NothingHandedOver,
  rateCell,
  SaveFile,
  type ViewProps,
} from './grid.tsx';
import { GROUP_WORDS, GroupBy, useGroup } from './groupby.tsx';
import { narrowed } from './leads.ts';

const GROUPS = ['month', 'owner', 'team', 'source', 'grade'] as const;
/** How fast sales is: times to the first touch and the decision, and whether the promised ones were kept. */
export function SpeedView({ query: range, onLeads }: ViewProps) {
  const [group, choose] = useGroup(GROUPS, 'owner');
  const query = { ...range, by: group };
  const velocity = useCall('getVelocity', { query }, { keep: true });
  const sla = useCall('getSla', { query }, { keep: true });
  return (
    <Stack gap="md">
      <GroupBy label="Group by" groups={GROUPS} value={group} onChange={choose} />
      <Await query={velocity} loading={<Loading rows={3} height={180} />}>
        {data => (
          <Card title={touchTitle(data)} side={<SaveFile href={fileAddress('getVelocityFile', { query })} />}>
            {data.total.spans.firstTouch.calendar.n === 0 ? (
              <NothingHandedOver />
            ) : (
              <Grid
                label="Times, half of the leads"
                first={GROUP_WORDS[group]}
                columns={[
                  'First touch, working time',
                  'by the clock',
                  'Decision, working time',
                  'Decision, by the clock',
                  'Opportunity',
                  'Won',
                ]}
                rows={data.rows.map(({ key, label, spans }) => ({ key, label, cells: timesOf(spans) }))}
                total={timesOf(data.total.spans)}
                onLeads={onLeads}
              />
            )}
          </Card>
        )}
      </Await>
      <Await query={sla} loading={<Loading rows={3} height={180} />}>
        {data => (
          <>
            <Card
              title="Clocks kept and missed"
              side={<SaveFile href={fileAddress('getSlaFile', { query })} />}
            >
              <Grid
                label="Clocks"
                first={GROUP_WORDS[group]}
                columns={[
                  'First touch kept',
                  'missed',
                  'half late by',
                  'Decision kept',
                  'Decision missed',
                  'Decision half late by',
                ]}
                rows={data.rows.map(({ key, label, leads, clocks }) => ({
                  key,
                  label,
                  cells: clocksOf(clocks, leads),
                }))}
                total={clocksOf(data.total.clocks, data.total.leads)}
                onLeads={onLeads}
              />
            </Card>
            <Definitions of={[...(velocity.data?.definitions ?? []), ...data.definitions].filter(isFirst)} />
          </>
        )}
      </Await>
      <Text size="xs" c="dimmed">
        A dash: it has not happened to half of the leads yet.
      </Text>
    </Stack>
  );
}

function isFirst(
  { id }: { readonly id: string },
  index: number,
  all: readonly { readonly id: string }[],
): boolean {
  return all.findIndex(other => other.id === id) === index;
}

function touchTitle({ total }: CallOutput<'getVelocity'>): string {
  const half = total.spans.firstTouch.working.medianMs;
  return half === null
    ? 'How long it takes'
    : `Half of the leads are touched within ${lengthWords(half)} of working time`;
}

type Spans = CallOutput<'getVelocity'>['rows'][number]['spans'];

function timesOf({ firstTouch, decision, opportunity, won }: Spans): readonly Cell[] {
  return [
    firstTouch.working,
    firstTouch.calendar,
    decision.working,
    decision.calendar,
    opportunity.calendar,
    won.calendar,
  ].map(({ medianMs, p90Ms, n }) => ({
    words: medianMs === null ? '–' : lengthWords(medianMs),
    note: n === 0 ? 'no leads' : p90Ms === null ? undefined : `nine of ten: ${lengthWords(p90Ms)}`,
  }));
}

type Clocks = CallOutput<'getSla'>['rows'][number]['clocks'];

function clocksOf({ firstTouch, decision }: Clocks, leads: string): readonly Cell[] {
  const cellsOf = (clock: Clocks['decision'], name: 'firstTouch' | 'decision'): readonly Cell[] => [
    rateCell(clock.keptRate, 'clock', narrowed(leads, { [name]: 'kept' })),
    countCell(clock.missed, narrowed(leads, { [name]: 'missed' })),
    { words: clock.lateMedianMs === null ? '–' : lengthWords(clock.lateMedianMs) },
  ];
  return [...cellsOf(firstTouch, 'firstTouch'), ...cellsOf(decision, 'decision')];
}
