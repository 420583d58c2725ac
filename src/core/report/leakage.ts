import { z } from 'zod';
import { reasonLabel } from '../exception/exception.ts';
import { csvLine } from '../text/csv.ts';
import { periodsOf, type Range } from './period.ts';

/** What the rows of the report may be grouped by. */
export const GROUPS = ['month', 'source', 'owner', 'segment', 'campaign'] as const;
export type LeakageGroup = (typeof GROUPS)[number];

/** The steps of a lead after it qualified, in order. */
export const STEPS = ['handedOff', 'owned', 'touched', 'decided'] as const;
type LeakageStep = (typeof STEPS)[number];

/** Why a lead did not take a step, or has not yet. */
export const LEAKAGE_REASONS = [
  'closed',
  'sent',
  'unassigned',
  'missing_data',
  'duplicate',
  'no_exception',
  'owner_left',
  'touched_late',
  'decided_late_touch',
  'untouched',
  'ended_untouched',
  'due',
  'undecided',
  'ended',
] as const;
type LeakageReason = (typeof LEAKAGE_REASONS)[number];

/** A lead was lost before a step, or may still take it. */
const stop = z.object({
  outcome: z.enum(['lost', 'pending']),
  step: z.enum(STEPS),
  reason: z.enum(LEAKAGE_REASONS),
  /** The disqualifier that the reason speaks of, or the reason of an exception; null where there is none. */
  about: z.string().nullable(),
});
export type Stop = z.infer<typeof stop>;

/** What became of a lead: it stopped before a step, or it came through all of them. */
export const fate = z.discriminatedUnion('outcome', [stop, z.object({ outcome: z.literal('decided') })]);
type Fate = z.infer<typeof fate>;

/** How many leads of a period or group had a fate. */
export type FateCount = Fate & { readonly key: string; readonly count: number };

/** How many leads there are of one reason, which `label` says in words. */
export const reasonCount = z.object({ id: z.string(), label: z.string(), count: z.number() });
type ReasonCount = z.infer<typeof reasonCount>;

/** What came of one step. */
const stepRow = z.object({
  id: z.enum(['qualified', ...STEPS]),
  label: z.string(),
  /** How many leads came this far. */
  count: z.number(),
  /** How many of those that came to the step before were lost here. */
  lost: z.number(),
  /** How many of those that came to the step before may still take this one in time. */
  pending: z.number(),
  /** lost / count of the step before; null where that is 0, and for the first step. */
  lossRate: z.number().nullable(),
  /** Why leads were lost here, most first. */
  reasons: z.array(reasonCount),
  /** What those that are pending wait for, most first. */
  waiting: z.array(reasonCount),
});
type StepRow = z.infer<typeof stepRow>;

/** One period, source, owner, segment or campaign: how many leads came how far. */
const groupRow = z.object({
  /** `2026-03` for a month; a name for the other groupings. */
  key: z.string(),
  qualified: z.number(),
  handedOff: z.number(),
  owned: z.number(),
  touched: z.number(),
  decided: z.number(),
  lost: z.number(),
  pending: z.number(),
});
type GroupRow = z.infer<typeof groupRow>;

/**
 * Where leads leaked between qualifying and a decision. Every lead is counted once: lost at a step, still pending before
 * one, or decided; so `qualified` is always the lost and pending of all steps and the decided together.
 */
export const funnel = z.object({ rows: z.array(groupRow), total: groupRow, steps: z.array(stepRow) });
type Funnel = z.infer<typeof funnel>;

const STEP_LABELS: Readonly<Record<'qualified' | LeakageStep, string>> = {
  qualified: 'Qualified',
  handedOff: 'Handed off to sales',
  owned: 'Owned by somebody',
  touched: 'Touched in time',
  decided: 'Decided',
};

const REASON_LABELS: Readonly<Record<LeakageReason, string>> = {
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
 * Puts a reason into words; the disqualifier it is about is named as `names` has it.
 *
 * @example leakageLabel({ reason: 'closed', about: 'rival' }, new Map([['rival', 'Competitor']])) // 'Closed by a disqualifier: Competitor'
 */
export function leakageLabel(
  { reason, about }: Pick<Stop, 'reason' | 'about'>,
  names: ReadonlyMap<string, string>,
): string {
  const label = REASON_LABELS[reason];
  // The kind says it all.
  if (about === null || reason === 'missing_data' || reason === 'duplicate') return label;
  const words =
    reason === 'unassigned' ? reasonLabel(about) : (names.get(about) ?? about.replaceAll('_', ' '));
  return `${label}: ${words}`;
}

/**
 * The id of a reason with what it is about, as the report gives it.
 *
 * @example leakageReasonId({ reason: 'closed', about: 'rival' }) // 'closed:rival'
 */
export function leakageReasonId({ reason, about }: Pick<Stop, 'reason' | 'about'>): string {
  return about === null ? reason : `${reason}:${about}`;
}

/**
 * Reads the reason out of an id that the report gave; null for an unknown one.
 *
 * @example leakageReasonOf('closed:rival') // 'closed'
 */
export function leakageReasonOf(id: string): LeakageReason | null {
  return LEAKAGE_REASONS.find(reason => id === reason || id.startsWith(`${reason}:`)) ?? null;
}

/**
 * Shapes counted fates into the funnel. `names` says how the disqualifiers that reasons are about are called.
 *
 * @example shapeLeakage([], { names: new Map(), keys: ['2026-03'] }).rows[0]?.qualified // 0
 */
export function shapeLeakage(
  counts: readonly FateCount[],
  given: { readonly names: ReadonlyMap<string, string>; readonly keys: readonly string[] },
): Funnel {
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

function rowOf(key: string, counts: readonly FateCount[]): GroupRow {
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

function stepsOf(counts: readonly FateCount[], names: ReadonlyMap<string, string>): StepRow[] {
  const qualified = sum(counts, () => true);
  const first: StepRow = {
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
  const rest = STEPS.map((id): StepRow => {
    const here = (outcome: Stop['outcome']) =>
      counts.flatMap(count => (count.outcome === outcome && count.step === id ? [count] : []));
    const [lost, pending] = [here('lost'), here('pending')];
    const row: StepRow = {
      id,
      label: STEP_LABELS[id],
      count: reached(counts, id),
      lost: sum(lost, () => true),
      pending: sum(pending, () => true),
      lossRate: before === 0 ? null : sum(lost, () => true) / before,
      reasons: countReasons(lost, names),
      waiting: countReasons(pending, names),
    };
    before = row.count;
    return row;
  });
  return [first, ...rest];
}

function countReasons(
  stops: readonly (Stop & { readonly count: number })[],
  names: ReadonlyMap<string, string>,
): ReasonCount[] {
  const byId = new Map<string, ReasonCount>();
  for (const { count, ...reason } of stops) {
    const id = leakageReasonId(reason);
    const known = byId.get(id);
    byId.set(id, { id, label: leakageLabel(reason, names), count: (known?.count ?? 0) + count });
  }
  return [...byId.values()].sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1));
}

/**
 * The keys that a report by month shows, in order: every month that the range touches.
 *
 * @example leakageKeys('month', { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 1, 1) }) // ['2026-01']
 */
export function leakageKeys(by: LeakageGroup, range: Range): readonly string[] {
  return by === 'month' ? periodsOf('month', range, 'UTC').map(({ key }) => key) : [];
}

/**
 * Writes the report as CSV: the rows with their counts, then why leads were lost or wait at each step. No cell is read
 * as a formula by a spreadsheet.
 *
 * @example leakageCsv(shapeLeakage([], { names: new Map(), keys: [] }), 'month').split('\r\n').length // 5
 */
export function leakageCsv({ rows, total, steps }: Funnel, by: string): string {
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
