import { Stack } from '@mantine/core';
import { moneyWords } from '../../core/text/currency.ts';
import { whole } from '../../core/text/number.ts';
import { type CallOutput, fileAddress } from '../client/client.ts';
import { useCall } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { Await, Loading } from '../kit/state.tsx';
import { When } from '../kit/when.tsx';
import { lengthWords } from '../words/time.ts';
import {
  type Cell,
  countCell,
  Definitions,
  Grid,
  type GridRow,
  NothingHandedOver,
  rateCell,
  SaveFile,
  type ViewProps,
} from './grid.tsx';
import { GROUP_WORDS, GroupBy, useGroup } from './groupby.tsx';
import { narrowed } from './leads.ts';

/** What came of the leads of each source and its campaigns. */
export function SourcesView({ query, onLeads }: ViewProps) {
  const sources = useCall('getSources', { query }, { keep: true });
  return (
    <Await query={sources} loading={<Loading rows={3} height={180} />}>
      {data =>
        data.total.handedOff === 0 ? (
          <NothingHandedOver />
        ) : (
          <Stack gap="md">
            <Card
              title="By source and campaign"
              side={<SaveFile href={fileAddress('getSourcesFile', { query })} />}
            >
              <Grid
                label="Sources"
                first="Source"
                columns={[
                  'Handed off',
                  'Acceptance',
                  'Accepted in time',
                  'SQLs',
                  'Won',
                  'Value won',
                  'First touch, half',
                ]}
                rows={data.rows.flatMap(rowsOf)}
                total={sourceCells(data.total)}
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

type Source = CallOutput<'getSources'>['rows'][number];

function rowsOf(source: Source): readonly GridRow[] {
  const campaigns = source.children.map(campaign => ({
    key: `${source.key} ${campaign.key}`,
    label: `– ${campaign.label}`,
    cells: sourceCells(campaign),
  }));
  // A source of one campaign says the same twice.
  return [
    { key: source.key, label: source.label, cells: sourceCells(source) },
    ...(campaigns.length > 1 ? campaigns : []),
  ];
}

function sourceCells(of: Omit<Source, 'children' | 'key' | 'label'>): readonly Cell[] {
  const { leads, value } = of;
  const amounts = Object.entries(value).map(([currency, amount]) => moneyWords({ amount, currency }));
  return [
    countCell(of.handedOff, leads),
    rateCell(of.acceptanceRate, 'decision', narrowed(leads, { outcome: 'accepted' })),
    rateCell(of.windowRate, 'lead'),
    { words: whole(of.sql) },
    countCell(of.won, narrowed(leads, { won: 'yes' })),
    { words: amounts.length === 0 ? '–' : amounts.join(', ') },
    { words: of.medianFirstTouchMs === null ? '–' : lengthWords(of.medianFirstTouchMs) },
  ];
}

const GROUPS = ['month', 'source', 'segment', 'owner', 'grade', 'path', 'version'] as const;
/** How far leads come: SQL, opportunity and won within 90 days of the handoff, and won ever. */
export function ConversionView({ query: range, onLeads }: ViewProps) {
  const [group, choose] = useGroup(GROUPS, 'month');
  const query = { ...range, by: group };
  const conversion = useCall('getConversion', { query }, { keep: true });
  return (
    <Await query={conversion} loading={<Loading rows={3} height={180} />}>
      {data =>
        data.total.handedOff === 0 ? (
          <NothingHandedOver />
        ) : (
          <Stack gap="md">
            <Card
              title="How far leads come within 90 days of their handoff"
              side={<SaveFile href={fileAddress('getConversionFile', { query })} />}
            >
              <GroupBy label="Group by" groups={GROUPS} value={group} onChange={choose} mb="xs" />
              <Grid
                label="Conversion"
                first={GROUP_WORDS[group]}
                columns={['Handed off', 'SQL', 'Opportunity', 'Won', 'Won ever']}
                rows={data.rows.map(row => ({ key: row.key, label: row.label, cells: reachCells(row) }))}
                total={reachCells(data.total)}
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

function reachCells(
  of: Pick<CallOutput<'getConversion'>['rows'][number], 'handedOff' | 'leads' | 'reached'>,
) {
  const { handedOff, leads, reached } = of;
  const within = (rate: typeof reached.sql.d90): Cell =>
    rate.value === null && rate.maturesAt !== null && rate.maturesAt !== undefined && handedOff > 0
      ? {
          words: '–',
          note: (
            <>
              due <When at={rate.maturesAt} />
            </>
          ),
        }
      : rateCell(rate, 'lead');
  return [
    countCell(handedOff, leads),
    within(reached.sql.d90),
    within(reached.opportunity.d90),
    within(reached.won.d90),
    rateCell(reached.won.ever, 'lead', narrowed(leads, { won: 'yes' })),
  ];
}
