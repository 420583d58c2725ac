/** What became of the leads of one period or group, counted by the decision on them. */
export interface ReportCount {
  /** `2026-03` for a month; a name for the other groupings. */
  readonly key: string;
  readonly handedOff: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Handed over and not decided. */
  readonly open: number;
}

/** A count with its rates: shares from 0 to 1, null where there is nothing to divide by. */
interface ReportLine extends ReportCount {
  readonly acceptanceRate: number | null;
  readonly conversionRate: number | null;
}

/** From `from` up to, not including, `to`; epoch milliseconds. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Adds the rates to a count. The acceptance rate is accepted / (accepted + rejected): the share of the decided leads
 * that sales took. The conversion rate is accepted / handed over: the share of all leads that became sales qualified.
 *
 * @example withRates({ key: '2026-03', handedOff: 10, accepted: 6, rejected: 2, open: 2 }).acceptanceRate // 0.75
 * @example withRates({ key: '2026-03', handedOff: 10, accepted: 6, rejected: 2, open: 2 }).conversionRate // 0.6
 */
export function withRates(count: ReportCount): ReportLine {
  const { accepted, rejected, handedOff } = count;
  return {
    ...count,
    acceptanceRate: share(accepted, accepted + rejected),
    conversionRate: share(accepted, handedOff),
  };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/**
 * The counts of all rows together; the rates come from the sums, not from the rates of the rows.
 *
 * @example sumCounts([]).handedOff // 0
 */
export function sumCounts(counts: readonly ReportCount[]): ReportCount {
  const sum = (of: (count: ReportCount) => number) => counts.reduce((total, count) => total + of(count), 0);
  return {
    key: 'total',
    handedOff: sum(count => count.handedOff),
    accepted: sum(count => count.accepted),
    rejected: sum(count => count.rejected),
    open: sum(count => count.open),
  };
}

/**
 * One count for every month that the range touches, in order; months without leads have zeros.
 *
 * @example fillMonths([], { from: Date.UTC(2026, 0, 15), to: Date.UTC(2026, 1, 1) }).map(({ key }) => key) // ['2026-01']
 */
export function fillMonths(counts: readonly ReportCount[], range: Range): readonly ReportCount[] {
  const known = new Map(counts.map(count => [count.key, count]));
  return monthsOf(range).map(
    key => known.get(key) ?? { key, handedOff: 0, accepted: 0, rejected: 0, open: 0 },
  );
}

/**
 * The months (UTC) that a range touches. An empty range touches none.
 *
 * @example monthsOf({ from: Date.UTC(2025, 11, 31), to: Date.UTC(2026, 0, 2) }) // ['2025-12', '2026-01']
 */
export function monthsOf({ from, to }: Range): readonly string[] {
  if (to <= from) return [];
  const first = monthIndex(from);
  return Array.from({ length: monthIndex(to - 1) - first + 1 }, (_, step) => monthKey(first + step));
}

/** How many months in the past the default range reaches, the current one included. */
const DEFAULT_MONTHS = 12;

/**
 * The current month and the eleven before it, whole (UTC).
 *
 * @example formatInstant(lastYear(Date.UTC(2026, 2, 15)).from) // '2025-04-01T00:00:00.000Z'
 */
export function lastYear(now: number): Range {
  const current = monthIndex(now);
  return { from: monthStart(current - DEFAULT_MONTHS + 1), to: monthStart(current + 1) };
}

/** Months since the year 0, for counting with. */
function monthIndex(at: number): number {
  const date = new Date(at);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function monthStart(index: number): number {
  return Date.UTC(Math.floor(index / 12), index % 12, 1);
}

function monthKey(index: number): string {
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}

/**
 * Names that tell people apart: one that several bear gets its mark added.
 *
 * @example tellApart([{ name: 'Ann', mark: 'a@x.co' }, { name: 'Ann', mark: 'b@x.co' }]) // ['Ann (a@x.co)', 'Ann (b@x.co)']
 */
export function tellApart(
  named: readonly { readonly name: string; readonly mark: string }[],
): readonly string[] {
  const times = new Map<string, number>();
  for (const { name } of named) times.set(name, (times.get(name) ?? 0) + 1);
  return named.map(({ name, mark }) => ((times.get(name) ?? 0) > 1 ? `${name} (${mark})` : name));
}
