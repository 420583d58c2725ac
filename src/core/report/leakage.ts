import { reasonLabel } from '../exception/exception.ts';
import { csvLine } from '../text/csv.ts';
import { monthsOf, type Range } from './acceptance.ts';

/** What the rows of the report may be grouped by. */
export const GROUPS = ['month', 'source', 'owner', 'segment', 'campaign'] as const;
export type LeakageGroup = (typeof GROUPS)[number];

/** The steps of a lead after it qualified, in order. */
export const STEPS = ['handedOff', 'owned', 'touched', 'decided'] as const;
type LeakageStep = (typeof STEPS)[number];

/**
 * What became of leads: they were `lost` before a step, or may still take it (`pending`), for a reason; or they came
 * through (`decided`, with the step and reason of no meaning).
 */
interface Fate {
  readonly step: LeakageStep;
  readonly outcome: 'lost' | 'pending' | 'decided';
  /** An id such as `touched_late`, or one with what it is about: `closed:competitor`. */
  readonly reason: string;
}

/** How many leads of a period or group had a fate. */
export type FateCount = Fate & { readonly key: string; readonly count: number };

interface LeakageReason {
  readonly id: string;
  readonly label: string;
  readonly count: number;
}

/** What came of one step. */
interface LeakageStepRow {
  readonly id: 'qualified' | LeakageStep;
  readonly label: string;
  readonly count: number;
  readonly lost: number;
  readonly pending: number;
  /** lost / count of the step before; null where that is 0. */
  readonly lossRate: number | null;
  readonly reasons: readonly LeakageReason[];
  readonly waiting: readonly LeakageReason[];
}

/** How many leads of one period or group came how far. */
interface LeakageRow {
  readonly key: string;
  readonly qualified: number;
  readonly handedOff: number;
  readonly owned: number;
  readonly touched: number;
  readonly decided: number;
  readonly lost: number;
  readonly pending: number;
}

/** Where leads leaked between qualifying and a decision. */
export interface Leakage {
  readonly rows: readonly LeakageRow[];
  readonly total: LeakageRow;
  readonly steps: readonly LeakageStepRow[];
}

const STEP_LABELS: Readonly<Record<'qualified' | LeakageStep, string>> = {
  qualified: 'Qualified',
  handedOff: 'Handed off to sales',
  owned: 'Owned by somebody',
  touched: 'Touched in time',
  decided: 'Decided',
};

const REASON_LABELS: Readonly<Record<string, string>> = {
  closed: 'Closed by a disqualifier',
  sent: 'Sent to another team',
  unassigned: 'Nobody could take it',
  missing_data: 'Waits for missing data',
  duplicate: 'Held as a possible duplicate',
  no_exception: 'Waits without a reason',
  owner_left: 'Its owner may no longer work leads',
  touched_late: 'Touched too late',
  decided_late_touch: 'Touched too late, then decided',
  untouched: 'Not touched, and overdue',
  ended_untouched: 'Ended without a touch',
  due: 'Its time is not over',
  undecided: 'No decision, and overdue',
  ended: 'Ended without a decision',
};

/**
 * Puts a reason into words; what it is about is named as `names` has it.
 *
 * @example leakageLabel('closed:competitor', new Map([['competitor', 'Competitor']])) // 'Closed by a disqualifier: Competitor'
 */
export function leakageLabel(reason: string, names: ReadonlyMap<string, string>): string {
  const [id = '', ...rest] = reason.split(':');
  const about = rest.join(':');
  const label = REASON_LABELS[id] ?? id;
  // The kind says it all.
  if (about === '' || id === 'missing_data' || id === 'duplicate') return label;
  return `${label}: ${id === 'unassigned' ? reasonLabel(about) : (names.get(about) ?? about.replaceAll('_', ' '))}`;
}

/**
 * Shapes counted fates into the funnel. Every lead is in exactly one place: the qualified ones are always the lost and
 * pending of all steps and the decided together. `names` puts what reasons are about into words.
 *
 * @example shapeLeakage([], { names: new Map(), keys: ['2026-03'] }).rows[0]?.qualified // 0
 */
export function shapeLeakage(
  counts: readonly FateCount[],
  given: { readonly names: ReadonlyMap<string, string>; readonly keys: readonly string[] },
): Leakage {
  const keys = [...new Set([...given.keys, ...counts.map(({ key }) => key)])];
  return {
    rows: keys.map(key =>
      rowOf(
        key,
        counts.filter(count => count.key === key),
      ),
    ),
    total: rowOf('total', counts),
    steps: stepsOf(counts, given.names),
  };
}

function sum(counts: readonly FateCount[], holds: (count: FateCount) => boolean): number {
  return counts.reduce((total, count) => (holds(count) ? total + count.count : total), 0);
}

/** How many leads came to a step: those that stopped only later, or never. */
function reached(counts: readonly FateCount[], step: LeakageStep): number {
  const place = STEPS.indexOf(step);
  return sum(counts, count => count.outcome === 'decided' || STEPS.indexOf(count.step) > place);
}

function rowOf(key: string, counts: readonly FateCount[]): LeakageRow {
  return {
    key,
    qualified: sum(counts, () => true),
    handedOff: reached(counts, 'handedOff'),
    owned: reached(counts, 'owned'),
    touched: reached(counts, 'touched'),
    decided: reached(counts, 'decided'),
    lost: sum(counts, ({ outcome }) => outcome === 'lost'),
    pending: sum(counts, ({ outcome }) => outcome === 'pending'),
  };
}

function stepsOf(
  counts: readonly FateCount[],
  names: ReadonlyMap<string, string>,
): readonly LeakageStepRow[] {
  const qualified = sum(counts, () => true);
  const first: LeakageStepRow = {
    id: 'qualified',
    label: STEP_LABELS.qualified,
    count: qualified,
    lost: 0,
    pending: 0,
    lossRate: null,
    reasons: [],
    waiting: [],
  };
  let before = qualified;
  const rest = STEPS.map((id): LeakageStepRow => {
    const here = counts.filter(({ step, outcome }) => step === id && outcome !== 'decided');
    const lost = sum(here, ({ outcome }) => outcome === 'lost');
    const row: LeakageStepRow = {
      id,
      label: STEP_LABELS[id],
      count: reached(counts, id),
      lost,
      pending: sum(here, ({ outcome }) => outcome === 'pending'),
      lossRate: before === 0 ? null : lost / before,
      reasons: reasonsOf(
        here.filter(({ outcome }) => outcome === 'lost'),
        names,
      ),
      waiting: reasonsOf(
        here.filter(({ outcome }) => outcome === 'pending'),
        names,
      ),
    };
    before = row.count;
    return row;
  });
  return [first, ...rest];
}

function reasonsOf(
  counts: readonly FateCount[],
  names: ReadonlyMap<string, string>,
): readonly LeakageReason[] {
  const byReason = new Map<string, number>();
  for (const { reason, count } of counts) byReason.set(reason, (byReason.get(reason) ?? 0) + count);
  return [...byReason]
    .map(([id, count]) => ({ id, label: leakageLabel(id, names), count }))
    .sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1));
}

/**
 * The keys that a report by month shows, in order: every month that the range touches.
 *
 * @example leakageKeys('month', { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 1, 1) }) // ['2026-01']
 */
export function leakageKeys(by: LeakageGroup, range: Range): readonly string[] {
  return by === 'month' ? monthsOf(range) : [];
}

/**
 * Writes the report as CSV: the rows with their counts, then why leads were lost or wait at each step. No cell is read
 * as a formula by a spreadsheet.
 *
 * @example leakageCsv(shapeLeakage([], { names: new Map(), keys: [] }), 'month').split('\r\n').length // 5
 */
export function leakageCsv({ rows, total, steps }: Leakage, by: string): string {
  return [
    csvLine([by, 'qualified', 'handed off', 'owned', 'touched in time', 'decided', 'lost', 'pending']),
    ...[...rows, total].map(row =>
      csvLine([
        row.key,
        row.qualified,
        row.handedOff,
        row.owned,
        row.touched,
        row.decided,
        row.lost,
        row.pending,
      ]),
    ),
    csvLine([]),
    csvLine(['step', 'outcome', 'reason', 'leads']),
    ...steps.flatMap(step => [
      ...step.reasons.map(({ label, count }) => csvLine([step.label, 'lost', label, count])),
      ...step.waiting.map(({ label, count }) => csvLine([step.label, 'pending', label, count])),
    ]),
    '',
  ].join('');
}
