import { Stack, Text } from '@mantine/core';
import { HEALTH_GROUPS } from '../../core/report/health.ts';
import { counted, figure, percentWords } from '../../core/text/number.ts';
import { type CallOutput, fileAddress } from '../client/client.ts';
import { useCall } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { Await, Loading } from '../kit/state.tsx';
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

/** Whether the score tells the leads that sales accepts from those it rejects. */
export function HealthView({ query: range, onLeads }: ViewProps) {
  const [group, choose] = useGroup(HEALTH_GROUPS, 'grade');
  const query = { ...range, by: group };
  const health = useCall('getScoreHealth', { query }, { keep: true });
  return (
    <Await query={health} loading={<Loading rows={3} height={180} />}>
      {data =>
        data.total.handedOff === 0 ? (
          <NothingHandedOver />
        ) : (
          <Stack gap="md">
            <Card
              title={aucTitle(data)}
              side={<SaveFile href={fileAddress('getScoreHealthFile', { query })} />}
            >
              <Text c="dimmed" mb="xs">
                {aucWords(data)}
              </Text>
              <GroupBy label="Group by" groups={HEALTH_GROUPS} value={group} onChange={choose} mb="xs" />
              <Grid
                label="Scores"
                first={GROUP_WORDS[group]}
                columns={['Handed off', 'Acceptance', 'Won', 'Mean score']}
                rows={data.rows.map(row => ({ key: row.key, label: row.label, cells: cellsOf(row) }))}
                total={cellsOf(data.total)}
                onLeads={onLeads}
              />
            </Card>
            <Definitions of={data.definitions} />
          </Stack>
        )
      }
    </Await>
  );
}

type Health = CallOutput<'getScoreHealth'>;

function cellsOf(of: Omit<Health['rows'][number], 'key' | 'label'>): readonly Cell[] {
  return [
    countCell(of.handedOff, of.leads),
    rateCell(of.acceptanceRate, 'decision', narrowed(of.leads, { outcome: 'accepted' })),
    rateCell(of.wonRate, 'lead', narrowed(of.leads, { won: 'yes' })),
    { words: of.meanTotal === null ? '–' : figure(Math.round(of.meanTotal * 10) / 10) },
  ];
}

function aucTitle({ total: { auc } }: Health): string {
  if (auc.value === null || auc.low === null || auc.high === null)
    return 'Too few decisions to judge the score';
  if (auc.low > 0.5) return 'The score tells accepted leads from rejected ones';
  return auc.high < 0.5
    ? 'The score points the wrong way'
    : 'The score does not clearly tell accepted leads from rejected ones';
}

function aucWords({ total: { auc } }: Health): string {
  if (auc.value === null || auc.low === null || auc.high === null)
    return 'It needs leads that were accepted and leads that were rejected.';
  const range = `${percentWords(auc.low)} to ${percentWords(auc.high)}`;
  return `Of an accepted and a rejected lead the accepted one had the higher score in ${percentWords(auc.value)} of all pairs (with 95 % certainty ${range}, of ${counted(auc.n, 'decision')}); a coin would reach 50 %.`;
}
