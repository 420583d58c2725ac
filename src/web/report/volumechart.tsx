import { BarChart } from '@mantine/charts';
import type { AcceptanceReport, AcceptanceRow } from '../../contract/report/report.ts';
import { whole } from '../../core/text/number.ts';
import { monthWords } from '../words/time.ts';
import type { HandoffOutcome } from './monthtable.tsx';

const SERIES = [
  { name: 'accepted', label: 'Accepted', color: 'pine.6' },
  { name: 'rejected', label: 'Rejected', color: 'brick.4' },
  { name: 'open', label: 'Open', color: 'gray.4' },
] as const satisfies readonly {
  readonly name: HandoffOutcome;
  readonly label: string;
  readonly color: string;
}[];

/** What became of each month's handoffs, stacked; a bar opens the leads it counts. */
export function VolumeChart(props: {
  readonly report: AcceptanceReport;
  readonly onPick: (row: AcceptanceRow, outcome: HandoffOutcome) => void;
}) {
  const { report, onPick } = props;
  return (
    <BarChart
      h={240}
      data={report.rows.map(row => ({ ...row, month: monthWords(row.key) }))}
      dataKey="month"
      type="stacked"
      series={[...SERIES]}
      tickLine="none"
      barChartProps={{ margin: { top: 8 } }}
      withLegend
      legendProps={{ itemSorter: null, verticalAlign: 'bottom', height: 36 }}
      maxBarWidth={44}
      yAxisProps={{ allowDecimals: false, width: 44 }}
      xAxisProps={{ interval: 'preserveStartEnd', minTickGap: 12 }}
      valueFormatter={whole}
      barProps={series => ({
        cursor: 'pointer',
        onClick: (_bar, index) => {
          const row = report.rows[index];
          const outcome = SERIES.find(({ name }) => name === series.name)?.name;
          if (row !== undefined && outcome !== undefined) onPick(row, outcome);
        },
      })}
    />
  );
}
