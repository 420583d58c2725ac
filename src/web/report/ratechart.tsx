import { LineChart } from '@mantine/charts';
import { Box, Group, Paper, Text } from '@mantine/core';
import type { AcceptanceReport, AcceptanceRow } from '../../contract/report/report.ts';
import { counted, percentWords } from '../../core/text/number.ts';
import { monthWords } from '../words/time.ts';
import css from './chart.module.css';

/** One month of a rate: null where nothing was counted. */
interface Point {
  readonly key: string;
  readonly month: string;
  readonly rate: number | null;
  readonly words: string;
  readonly isSmall: boolean;
}

/** Which rate of a report's rows a chart shows. */
type RateName = 'acceptanceRate' | 'windowRate';

/** A rate by month as a line, with the agreed band shaded and its floor and ceiling dashed where it has them. */
export function RateChart(props: {
  readonly report: AcceptanceReport;
  readonly rate: RateName;
  readonly label: string;
  readonly onPick: (row: AcceptanceRow) => void;
}) {
  const { report, rate, label, onPick } = props;
  const points = report.rows.map((row): Point => makePoint(row, rate));
  const { acceptance, floor, ceiling } = report.targets;
  const isBanded = rate === 'acceptanceRate';
  const pick = (key: unknown) => {
    const row = report.rows.find(other => other.key === key);
    if (row !== undefined) onPick(row);
  };
  return (
    <Box>
      <LineChart
        h={260}
        data={points.map(point => ({ ...point, rate: point.rate === null ? null : point.rate * 100 }))}
        dataKey="month"
        series={[{ name: 'rate', label, color: 'pine.6' }]}
        curveType="linear"
        connectNulls={false}
        gridAxis="x"
        tickLine="none"
        lineChartProps={{ margin: { top: 8, right: 12 } }}
        yAxisProps={{ domain: [0, 100], ticks: [0, 25, 50, 75, 100], width: 44 }}
        xAxisProps={{ interval: 'preserveStartEnd', minTickGap: 12 }}
        valueFormatter={value => `${Math.round(value)}%`}
        referenceAreas={
          isBanded && acceptance !== null
            ? [{ y1: acceptance[0] * 100, y2: acceptance[1] * 100, color: 'pine.4', fillOpacity: 0.18 }]
            : []
        }
        referenceLines={[
          ...(isBanded && floor !== null ? [edge(floor, `Floor ${percentWords(floor)}`)] : []),
          ...(isBanded && ceiling !== null ? [edge(ceiling, `Ceiling ${percentWords(ceiling)}`)] : []),
        ]}
        lineProps={{
          dot: dot => <Dot {...dot} point={points[dot.index]} onPick={pick} />,
          activeDot: false,
        }}
        tooltipProps={{ content: ({ label: month }) => <Tip point={points.find(p => p.month === month)} /> }}
      />
      <Legend report={report} isBanded={isBanded} />
    </Box>
  );
}

function edge(share: number, value: string) {
  const label = { value, position: 'insideBottomRight', fill: 'var(--baton-soon)', fontSize: 12 } as const;
  return { y: share * 100, color: 'amber.6', label, strokeDasharray: '4 4' };
}

function makePoint(row: AcceptanceRow, rate: RateName): Point {
  const { value, n, of, enough } = row[rate];
  const words =
    rate === 'acceptanceRate'
      ? `${n} of ${counted(of, 'decision')} accepted`
      : `${n} of ${counted(of, 'lead')} accepted in time`;
  return {
    key: row.key,
    month: monthWords(row.key),
    rate: value,
    words,
    isSmall: !enough,
  };
}

function Dot(props: {
  readonly cx?: number | undefined;
  readonly cy?: number | undefined;
  readonly point: Point | undefined;
  readonly onPick: (key: string) => void;
}) {
  const { cx, cy, point, onPick } = props;
  if (cx === undefined || cy === undefined || point === undefined || point.rate === null) return null;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the same figure is a button in the table below the chart
    <circle
      className={css.dot}
      cx={cx}
      cy={cy}
      r={5}
      data-small={point.isSmall}
      onClick={() => onPick(point.key)}
    />
  );
}

function Tip({ point }: { readonly point: Point | undefined }) {
  if (point === undefined) return null;
  return (
    <Paper withBorder shadow="sm" p="xs" bg="var(--baton-surface)">
      <Text fw={600}>
        {point.month}: {percentWords(point.rate)}
      </Text>
      <Text size="xs" c="dimmed">
        {point.words}
      </Text>
      {point.isSmall ? (
        <Text size="xs" c="dimmed">
          Small sample
        </Text>
      ) : null}
    </Paper>
  );
}

function Legend({ report, isBanded }: { readonly report: AcceptanceReport; readonly isBanded: boolean }) {
  const { acceptance, minSample } = report.targets;
  return (
    <Group gap="md" mt={4} ml={44}>
      {isBanded && acceptance !== null ? (
        <Text size="xs" c="dimmed">
          <span className={css.band} /> agreed band {percentWords(acceptance[0])} to{' '}
          {percentWords(acceptance[1])}
        </Text>
      ) : null}
      <Text size="xs" c="dimmed">
        <span className={css.hollow} /> fewer than {minSample} {isBanded ? 'decisions' : 'leads'}
      </Text>
    </Group>
  );
}
