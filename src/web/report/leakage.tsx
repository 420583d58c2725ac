import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import type { Leakage } from '../../contract/report/leakage.ts';
import { capital } from '../../core/condition/words.ts';
import { GROUPS, type LeakageGroup } from '../../core/report/leakage.ts';
import { sourceName } from '../../core/text/name.ts';
import { counted, whole } from '../../core/text/number.ts';
import { fileAddress } from '../client/client.ts';
import { useCall } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { Icon } from '../kit/icon.tsx';
import { Await, Empty, Loading } from '../kit/state.tsx';
import { lengthWords, monthWords } from '../words/time.ts';
import { Funnel } from './funnel.tsx';
import { GROUP_WORDS, GroupBy } from './groupby.tsx';
import css from './leakage.module.css';
import { DECIDED_WORDS, lossesOf } from './leakagewords.ts';

/** Where leads leak between qualifying and a decision, and why; `from` and `to` (not in it) as RFC 3339. */
export function LeakageView({ from, to }: { readonly from: string; readonly to: string }) {
  const [by, setBy] = useState<LeakageGroup>('month');
  const query = { from, to, by };
  const leakage = useCall('getLeakage', { query }, { keep: true });
  return (
    <Await query={leakage} loading={<Loading rows={3} height={180} />}>
      {data => (
        <Stack gap="md">
          {data.total.qualified === 0 ? (
            <Empty icon="report" title="No lead qualified in this period">
              Choose a longer period, or come back when leads have qualified.
            </Empty>
          ) : (
            <>
              <Card title="From qualifying to a decision" side={<Verdict of={data} />}>
                <Funnel steps={data.steps} />
              </Card>
              <Card title="How long it takes">
                <Durations durations={data.durations} />
              </Card>
              <Card
                title={`By ${GROUP_WORDS[by].toLowerCase()}`}
                side={
                  <Group gap="xs">
                    <GroupBy label="Group by" groups={GROUPS} value={by} onChange={setBy} />
                    <Button
                      component="a"
                      href={fileAddress('getLeakageFile', { query })}
                      download
                      size="xs"
                      variant="default"
                      leftSection={<Icon name="download" size={14} />}
                    >
                      CSV
                    </Button>
                  </Group>
                }
              >
                <LeakageTable leakage={data} by={by} />
              </Card>
            </>
          )}
          <LeftAlone leftAlone={data.leftAlone} />
        </Stack>
      )}
    </Await>
  );
}

/** The whole period in a few words. */
function Verdict({ of }: { readonly of: Leakage }) {
  const { lost, late } = lossesOf(of.steps);
  return (
    <Text fw={600} c={lost === 0 ? 'var(--baton-good)' : 'var(--baton-bad)'}>
      {lost === 0
        ? 'No lead was lost'
        : `${counted(lost, 'lead')} of ${whole(of.total.qualified)} lost on the way`}
      {late === 0 ? null : (
        <Text component="span" c="dimmed">
          , {whole(late)} decided after a late touch
        </Text>
      )}
    </Text>
  );
}

function Durations({ durations }: { readonly durations: Leakage['durations'] }) {
  return (
    <div className={css.durations}>
      {durations.map(({ id, label, count, medianMs, p90Ms }) => (
        <div key={id}>
          <Text c="dimmed" fw={600}>
            {capital(label)}
          </Text>
          <div className={css.value}>{medianMs === null ? '–' : capital(lengthWords(medianMs))}</div>
          <Text size="xs" c="dimmed">
            {p90Ms === null
              ? 'No lead came that far.'
              : `The middle of ${counted(count, 'lead')}. Nine of ten took ${p90Ms < 60_000 ? '' : 'at most '}${lengthWords(p90Ms)}.`}
          </Text>
        </div>
      ))}
    </div>
  );
}

const COLUMNS = [
  ['qualified', 'Qualified'],
  ['handedOff', 'Handed over'],
  ['owned', 'Owned'],
  ['touched', 'Touched in time'],
  ['decided', DECIDED_WORDS],
  ['lost', 'Late, elsewhere or lost'],
  ['pending', 'On its way'],
] as const satisfies readonly (readonly [keyof Leakage['total'], string])[];

function LeakageTable({ leakage, by }: { readonly leakage: Leakage; readonly by: LeakageGroup }) {
  const rows = by === 'month' ? [...leakage.rows].reverse() : leakage.rows;
  const cells = (row: Leakage['total']) =>
    COLUMNS.map(([column]) => (
      <Table.Td key={column} ta="right" className="figure" {...(row[column] === 0 ? { c: 'dimmed' } : {})}>
        {whole(row[column])}
      </Table.Td>
    ));
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table aria-label={`Leakage by ${GROUP_WORDS[by].toLowerCase()}`} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{GROUP_WORDS[by]}</Table.Th>
            {COLUMNS.map(([column, label]) => (
              <Table.Th key={column} ta="right">
                {label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(row => (
            <Table.Tr key={row.key}>
              <Table.Th scope="row" {...(by === 'source' || by === 'campaign' ? { title: row.key } : {})}>
                {by === 'month'
                  ? monthWords(row.key)
                  : by === 'source' || by === 'campaign'
                    ? sourceName(row.key)
                    : row.key}
              </Table.Th>
              {cells(row)}
            </Table.Tr>
          ))}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr className={css.total}>
            <Table.Th scope="row">Whole period</Table.Th>
            {cells(leakage.total)}
          </Table.Tr>
        </Table.Tfoot>
      </Table>
    </Table.ScrollContainer>
  );
}

/** Who qualifies now and was not handed over on purpose. */
function LeftAlone({ leftAlone }: { readonly leftAlone: Leakage['leftAlone'] }) {
  if (leftAlone.length === 0) return null;
  return (
    <Card title="Left alone on purpose">
      <Text c="dimmed" mb={6}>
        These contacts qualify now and were not handed over. They are in no figure above.
      </Text>
      <ul className={css.reasons}>
        {leftAlone.map(({ id, label, count }) => (
          <li key={id}>
            <b>{whole(count)}</b> {label}
          </li>
        ))}
      </ul>
    </Card>
  );
}
