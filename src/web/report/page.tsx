import '@mantine/charts/styles.layer.css';
import '@mantine/dates/styles.layer.css';
import { Group, SegmentedControl, SimpleGrid, Stack, Tabs, Text } from '@mantine/core';
import { MonthPickerInput } from '@mantine/dates';
import { useDocumentTitle } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { AcceptanceReport, AcceptanceRow } from '../../contract/report/report.ts';
import { trendFinding } from '../../core/report/finding.ts';
import { useCall } from '../client/query.ts';
import { Card, PageHead } from '../kit/card.tsx';
import { PickerName } from '../kit/pickername.tsx';
import { Await, Loading } from '../kit/state.tsx';
import { monthKey, monthStart, monthWords } from '../words/time.ts';
import { Drill, type Figure } from './drill.tsx';
import { FailingView } from './failing.tsx';
import { Definitions, NothingHandedOver, type ViewProps } from './grid.tsx';
import { HealthView } from './health.tsx';
import { Kpis } from './kpi.tsx';
import { narrowed } from './leads.ts';
import { LeakageView } from './leakage.tsx';
import { type HandoffOutcome, MonthTable } from './monthtable.tsx';
import { ConversionView, SourcesView } from './outcome.tsx';
import { RateChart } from './ratechart.tsx';
import { SpeedView } from './speed.tsx';
import { VolumeChart } from './volumechart.tsx';

/** The months a report covers, both in it, as `YYYY-MM` of the report's time zone (UTC). */
interface Range {
  readonly from: string;
  readonly to: string;
}

const VIEWS = [
  { view: 'acceptance', label: 'What sales accepts' },
  { view: 'failing', label: 'Why leads fail' },
  { view: 'sources', label: 'Sources' },
  { view: 'conversion', label: 'How far leads come' },
  { view: 'speed', label: 'How fast' },
  { view: 'health', label: 'Whether scores work' },
  { view: 'leakage', label: 'Where leads leak' },
] as const;
type View = (typeof VIEWS)[number]['view'];

/** Whether the agreement works: what sales accepts against what both teams agreed on, and where leads leak. */
export function ReportPage() {
  useDocumentTitle('Report · Baton');
  const [params, setParams] = useSearchParams();
  const range = readRange(params);
  const view = VIEWS.find(known => known.view === params.get('view'))?.view ?? 'acceptance';
  const query = { from: isoStart(range.from), to: isoStart(range.to, 1) };
  const set = (values: Readonly<Record<string, string>>) =>
    setParams(old => new URLSearchParams({ ...Object.fromEntries(old), ...values }), { replace: true });
  return (
    <>
      <PageHead title="Report" side={<RangePicker range={range} onChange={next => set({ ...next })} />} />
      <Tabs value={view} onChange={next => set({ view: next ?? 'acceptance', by: '' })} mb="md">
        <Tabs.List>
          {VIEWS.map(entry => (
            <Tabs.Tab key={entry.view} value={entry.view}>
              {entry.label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {view === 'acceptance' ? (
        <Acceptance range={range} query={query} />
      ) : (
        <OtherView view={view} query={query} />
      )}
    </>
  );
}

/** A report of figures in rows, each of which opens its leads. */
function OtherView(props: {
  readonly view: Exclude<View, 'acceptance'>;
  readonly query: ViewProps['query'];
}) {
  const { view, query } = props;
  const [figure, setFigure] = useState<Figure | null>(null);
  const asked = {
    query,
    onLeads: (title: string, leads: string) => setFigure({ title, leads }),
  };
  const shown = {
    failing: () => <FailingView {...asked} />,
    sources: () => <SourcesView {...asked} />,
    conversion: () => <ConversionView {...asked} />,
    speed: () => <SpeedView {...asked} />,
    health: () => <HealthView {...asked} />,
    leakage: () => <LeakageView {...query} />,
  } satisfies Readonly<Record<typeof view, () => ReactNode>>;
  return (
    <>
      {shown[view]()}
      <Drill figure={figure} onClose={() => setFigure(null)} />
    </>
  );
}

function Acceptance(props: {
  readonly range: Range;
  readonly query: { readonly from: string; readonly to: string };
}) {
  const { range, query } = props;
  const acceptance = useCall('getAcceptance', { query }, { keep: true });
  const [figure, setFigure] = useState<Figure | null>(null);

  const pickRow =
    (report: AcceptanceReport) => (row: AcceptanceRow | null, outcome: HandoffOutcome | undefined) => {
      const of = row === null ? rangeWords(range) : monthWords(row.key);
      const title = `${outcome === undefined ? 'Handed over' : OUTCOME_WORDS[outcome]}, ${of}`;
      const { leads } = row ?? report.total;
      setFigure({ title, leads: outcome === undefined ? leads : narrowed(leads, { outcome }) });
    };
  return (
    <>
      <Await query={acceptance} loading={<Loading rows={4} height={140} />}>
        {report => (
          <Stack gap="md">
            <Kpis report={report} onPick={outcome => pickRow(report)(null, outcome)} />
            {report.total.handedOff === 0 ? (
              <NothingHandedOver />
            ) : (
              <Charts report={report} onPick={pickRow(report)} />
            )}
          </Stack>
        )}
      </Await>
      <Drill figure={figure} onClose={() => setFigure(null)} />
    </>
  );
}

const OUTCOME_WORDS: Readonly<Record<HandoffOutcome, string>> = {
  accepted: 'Accepted',
  rejected: 'Rejected',
  open: 'Open',
};

function Charts(props: {
  readonly report: AcceptanceReport;
  readonly onPick: (row: AcceptanceRow | null, outcome: HandoffOutcome | undefined) => void;
}) {
  const { report, onPick } = props;
  return (
    <>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <Card title={findingOf(report, 'acceptanceRate')}>
          <Text c="dimmed">Sales acceptance rate by month of handoff</Text>
          <RateChart
            report={report}
            rate="acceptanceRate"
            label="Acceptance rate"
            onPick={row => onPick(row, 'accepted')}
          />
        </Card>
        <Card title={findingOf(report, 'windowRate')}>
          <Text c="dimmed">Accepted in time by month of handoff</Text>
          <RateChart
            report={report}
            rate="windowRate"
            label="Accepted in time"
            onPick={row => onPick(row, 'accepted')}
          />
        </Card>
      </SimpleGrid>
      <Card title="What became of the leads handed over">
        <VolumeChart report={report} onPick={onPick} />
      </Card>
      <Card title="Figures by month">
        <MonthTable report={report} onPick={onPick} />
      </Card>
      <Definitions of={report.definitions} />
    </>
  );
}

const RATE_NAMES = { acceptanceRate: 'Acceptance', windowRate: 'Accepted in time' } as const;

/** What a chart of a rate by month says, in a sentence. */
function findingOf({ rows, marks, targets }: AcceptanceReport, rate: keyof typeof RATE_NAMES): string {
  const { acceptance, floor, ceiling, minSample } = targets;
  // The agreed band is one of the acceptance rate alone.
  const band =
    rate === 'acceptanceRate'
      ? { acceptance: acceptance ?? undefined, floor: floor ?? undefined, ceiling: ceiling ?? undefined }
      : {};
  return trendFinding({
    name: RATE_NAMES[rate],
    periods: rows.map(row => ({
      from: monthStart(row.key) ?? 0,
      label: monthWords(row.key),
      rate: row[rate],
    })),
    marks,
    targets: { ...band, minSample },
  });
}

const SPANS = ['3', '6', '12'] as const;

function RangePicker({
  range,
  onChange,
}: {
  readonly range: Range;
  readonly onChange: (range: Range) => void;
}) {
  const [begun, setBegun] = useState<[string | null, string | null] | null>(null);
  const preset = SPANS.find(months => isSame(lastMonths(Number(months)), range));
  return (
    <Group gap="xs">
      <SegmentedControl
        size="xs"
        aria-label="Period"
        value={preset ?? ''}
        data={SPANS.map(months => ({ value: months, label: `${months} months` }))}
        onChange={months => onChange(lastMonths(Number(months)))}
      />
      <PickerName name="From month to month">
        {named => (
          <MonthPickerInput
            type="range"
            size="xs"
            w={190}
            {...named}
            valueFormat="MMM YYYY"
            maxDate={`${monthKey(Date.now())}-01`}
            value={begun ?? [`${range.from}-01`, `${range.to}-01`]}
            onChange={([from, to]) => {
              setBegun(to === null ? [from, to] : null);
              if (from !== null && to !== null) onChange({ from: from.slice(0, 7), to: to.slice(0, 7) });
            }}
          />
        )}
      </PickerName>
    </Group>
  );
}

function readRange(params: URLSearchParams): Range {
  const [from, to] = [params.get('from') ?? '', params.get('to') ?? ''];
  const isGiven = monthStart(from) !== null && monthStart(to) !== null && from <= to;
  return isGiven ? { from, to } : lastMonths(12);
}

function lastMonths(count: number): Range {
  const to = monthKey(Date.now());
  return { from: monthKey(monthStart(to, 1 - count) ?? 0), to };
}

function isSame(a: Range, b: Range): boolean {
  return a.from === b.from && a.to === b.to;
}

function isoStart(month: string, move = 0): string {
  return new Date(monthStart(month, move) ?? 0).toISOString();
}

function rangeWords({ from, to }: Range): string {
  return from === to ? monthWords(from) : `${monthWords(from)} to ${monthWords(to)}`;
}
