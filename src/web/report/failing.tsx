import { Stack, Text } from '@mantine/core';
import { counted, percentWords, whole } from '../../core/text/number.ts';
import { type CallOutput, fileAddress } from '../client/client.ts';
import { useCall } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { Await, Empty, Loading } from '../kit/state.tsx';
import { countCell, Definitions, Grid, type OpenLeads, rateCell, SaveFile, type ViewProps } from './grid.tsx';
import { GROUP_WORDS, GroupBy, useGroup } from './groupby.tsx';
import { narrowed } from './leads.ts';

const SPLITS = ['source', 'campaign', 'segment', 'owner', 'path'] as const;
/** The most columns and rules that are read at a glance. */
const COLUMNS = 8;
const RULES = 20;

/** Why leads fail: the reasons of sales, where the leads came from, and which rules made them qualify. */
export function FailingView({ query, onLeads }: ViewProps) {
  const [split, choose] = useGroup(SPLITS, 'source');
  const crossed = { ...query, by: 'reason', and: split } as const;
  const rejections = useCall('getRejections', { query: crossed }, { keep: true });
  return (
    <Await query={rejections} loading={<Loading rows={3} height={180} />}>
      {data =>
        data.by === 'rule' || data.total.rejected === 0 ? (
          <Empty icon="report" title="Sales rejected nothing in this period">
            Choose a longer period, or come back when leads have been decided.
          </Empty>
        ) : (
          <Stack gap="md">
            <Card
              title={titleOf(data.rows)}
              side={<SaveFile href={fileAddress('getRejectionsFile', { query: crossed })} />}
            >
              <Text c="dimmed" mb="xs">
                {counted(data.total.rejected, 'rejected lead')}, by reason and{' '}
                {GROUP_WORDS[split].toLowerCase()}. Each figure opens its leads; the darker, the more of the
                leads of its row.
              </Text>
              <GroupBy label="Split by" groups={SPLITS} value={split} onChange={choose} mb="xs" />
              <Heat of={data} onLeads={onLeads} />
            </Card>
            <Rules query={query} onLeads={onLeads} />
            <Definitions of={data.definitions} />
          </Stack>
        )
      }
    </Await>
  );
}

type ByReason = Exclude<CallOutput<'getRejections'>, { readonly by: 'rule' }>;

function titleOf(rows: ByReason['rows']): string {
  const [first] = rows;
  if (first === undefined) return 'Why leads fail';
  return `Most often rejected for “${first.label}”: ${percentWords(first.share.value)} of ${whole(first.share.of)}`;
}

function Heat({ of, onLeads }: { readonly of: ByReason; readonly onLeads: OpenLeads }) {
  const shown = of.total.cells.slice(0, COLUMNS);
  const rest = of.total.cells.length - shown.length;
  return (
    <>
      <Grid
        label={`Rejected leads, by ${of.by}`}
        first="Reason"
        columns={['Rejected', ...shown.map(({ label }) => label)]}
        rows={of.rows.map(row => ({
          key: row.key,
          label: row.label,
          cells: [
            { ...countCell(row.rejected, row.leads), note: percentWords(row.share.value) },
            ...shown.map(({ key }) => {
              const cell = row.cells.find(other => other.key === key);
              return cell === undefined
                ? { words: '–' }
                : { ...countCell(cell.rejected, cell.leads), heat: cell.share.value ?? 0 };
            }),
          ],
        }))}
        total={[
          countCell(of.total.rejected, of.total.leads),
          ...shown.map(({ rejected, leads }) => countCell(rejected, leads)),
        ]}
        onLeads={onLeads}
      />
      {rest === 0 ? null : (
        <Text size="xs" c="dimmed">
          {counted(rest, 'smaller one')} not shown; the file has all.
        </Text>
      )}
    </>
  );
}

function Rules({ query, onLeads }: ViewProps) {
  const asked = { ...query, by: 'rule' } as const;
  const rules = useCall('getRejections', { query: asked }, { keep: true });
  return (
    <Await query={rules} loading={<Loading rows={3} height={120} />}>
      {data =>
        data.by !== 'rule' || data.rows.length === 0 ? null : (
          <Card
            title="Which rules made them qualify"
            side={<SaveFile href={fileAddress('getRejectionsFile', { query: asked })} />}
          >
            <Text c="dimmed" mb="xs">
              A rule decided a lead that would not have qualified without its points. Compare how often leads
              with a rule are rejected with how often the others are.
            </Text>
            <Grid
              label="Decided leads, by rule"
              first="Rule"
              columns={[
                'Rejected',
                'Of which decided by it',
                'Accepted',
                'Accepted, decided by it',
                'Rejected with it',
                'Without it',
              ]}
              rows={data.rows.slice(0, RULES).map(({ key, label, leads, rejected, accepted, ...row }) => ({
                key,
                label,
                cells: [
                  countCell(rejected.fired, narrowed(leads, { outcome: 'rejected' })),
                  countCell(rejected.decisive, narrowed(leads, { outcome: 'rejected', decisive: 'yes' })),
                  countCell(accepted.fired, narrowed(leads, { outcome: 'accepted' })),
                  countCell(accepted.decisive, narrowed(leads, { outcome: 'accepted', decisive: 'yes' })),
                  rateCell(row.rejectionRate, 'lead'),
                  rateCell(row.restRate, 'lead'),
                ],
              }))}
              onLeads={onLeads}
            />
            {data.rows.length <= RULES ? null : (
              <Text size="xs" c="dimmed">
                {counted(data.rows.length - RULES, 'rule')} of fewer leads not shown; the file has all.
              </Text>
            )}
          </Card>
        )
      }
    </Await>
  );
}
