import type { z } from 'zod';
import { formatInstant } from '../time/instant.ts';
import type { rowHead } from './answer.ts';
import { hourOfWeekWords, periodWords } from './label.ts';
import { tellApart } from './name.ts';
import { type Period, type PeriodSpan, periodsOf, type Range, SPANS } from './period.ts';

/** What a report may be narrowed down to; a lead without a value is `unknown`. */
export const FILTERS = [
  'agreement',
  'source',
  'campaign',
  'content',
  'segment',
  'owner',
  'team',
  'path',
  'grade',
  'version',
] as const;
type FilterName = (typeof FILTERS)[number];

/** For each filter the values of which any will do; all leads where it is missing. */
export type Filters = { readonly [Name in FilterName]?: readonly string[] | undefined };

/** What the rows of most reports may be grouped by. */
export const DIMENSIONS = [
  ...SPANS,
  'source',
  'campaign',
  'segment',
  'owner',
  'team',
  'path',
  'grade',
  'version',
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** What the SLA report may be grouped by beside these: the entry under which leads are due, the hour of the week of the handoff. */
export const SLA_DIMENSIONS = [...DIMENSIONS, 'entry', 'hour'] as const;

/** The key of leads without a value, in rows and in filters. */
export const UNKNOWN = 'unknown';

/** What a report counts: the leads handed over in a range, as far as the filters let them through. */
export interface Population {
  readonly range: Range;
  /** The instant as of which it is asked, epoch ms; whatever is later has not happened. */
  readonly at: number;
  /** Only imported ones, only live ones, or (null) both. */
  readonly imported: boolean | null;
  readonly filters: Filters;
  /** What else a report may ask of its leads. */
  readonly traits?: Traits | undefined;
}

/** Why leads were rejected and which rules spoke for them. */
export interface Traits {
  /** Rejected for one of these; null: for any, or not at all. */
  readonly reasons: readonly string[] | null;
  /** One of these rules has a line in the frozen breakdown; null: any or none. */
  readonly rules: readonly string[] | null;
  /** Only leads for which one of these rules (any, where none is named) was decisive. */
  readonly isDecisive: boolean;
}

/** A population in groups. */
export interface Frame extends Population {
  /** One of `DIMENSIONS`, or what a report adds to them. */
  readonly by: string;
  /** The months, weeks or quarters of the range; null where it is grouped otherwise. */
  readonly periods: readonly Period[] | null;
  readonly zone: string;
  /** Whether somebody asked for a past instant, which the lists of leads then must ask for, too. */
  readonly isAsOf: boolean;
}

/** Puts a population into groups by time or by what leads have. */
export function frameOf(
  population: Population,
  of: { readonly by: string; readonly zone: string; readonly isAsOf: boolean },
): Frame {
  const span = spanOf(of.by);
  return {
    ...population,
    ...of,
    periods: span === null ? null : periodsOf(span, population.range, of.zone),
  };
}

function spanOf(by: string): PeriodSpan | null {
  return SPANS.find(span => span === by) ?? null;
}

/** A group as the database counted it: the number of its period, from 1, or what its leads have; null without a value. */
export interface LeadGroup {
  readonly key: string | null;
  readonly label: string | null;
}

/** How a row of a report is named, and which leads it counts. */
export type RowHead = z.infer<typeof rowHead>;

/**
 * The rows of a report. Those of time come in their order, also those without leads, of which `make` gets null; others by
 * size, then by key.
 */
export function rowsOf<Counted extends LeadGroup, Row>(
  frame: Frame,
  groups: readonly Counted[],
  of: {
    readonly size: (group: Counted) => number;
    readonly make: (group: Counted | null, period: Period | null) => Row;
    /** What else tells the leads of a row, by its key. */
    readonly which?: (key: string) => Readonly<Record<string, string>>;
  },
): readonly (RowHead & Row)[] {
  const which = of.which ?? (() => ({}));
  const span = spanOf(frame.by);
  if (span !== null && frame.periods !== null) {
    const known = new Map(groups.map(group => [group.key, group]));
    return frame.periods.map((period, index) => ({
      key: period.key,
      label: periodWords(span, period, frame.zone),
      leads: leadsOf(frame, { range: period, which: which(period.key) }),
      ...of.make(known.get(String(index + 1)) ?? null, period),
    }));
  }
  const keyed = groups.map(group => ({ group, key: group.key ?? UNKNOWN, size: of.size(group) }));
  const isInOrder = frame.by === 'hour';
  keyed.sort((a, b) => (isInOrder ? 0 : b.size - a.size) || (a.key < b.key ? -1 : 1));
  const labels = tellApart(
    keyed.map(({ group, key }) => ({
      name:
        group.key === null ? nobodyOf(frame.by) : (group.label ?? (isInOrder ? hourOfWeekWords(key) : key)),
      mark: key,
    })),
  );
  return keyed.map(({ group, key }, index) => ({
    key,
    label: labels[index] ?? key,
    leads: leadsOf(frame, { filters: { [frame.by]: [key] }, which: which(key) }),
    ...of.make(group, null),
  }));
}

function nobodyOf(by: string): string {
  return by === 'owner' ? 'Nobody' : by === 'team' ? 'No team' : 'Unknown';
}

/**
 * The query of `/api/episodes` that lists the leads of a report, or those of them within a range or with a value.
 *
 * @example leadsOf({ range: { from: 0, to: 1 }, at: 1, imported: null, isAsOf: false, filters: { source: ['ads'] } }) // 'from=1970-01-01T00%3A00%3A00.000Z&to=1970-01-01T00%3A00%3A00.001Z&elsewhere=exclude&source=ads'
 */
export function leadsOf(
  frame: Population & Pick<Frame, 'isAsOf'>,
  only: {
    readonly range?: Range;
    readonly filters?: Filters;
    readonly which?: Readonly<Record<string, string>>;
  } = {},
): string {
  const { from, to } = only.range ?? frame.range;
  const filters = { ...frame.filters, ...only.filters };
  const which = Object.entries(only.which ?? {});
  const traits = traitPairs(frame.traits).filter(([name]) => which.every(([own]) => own !== name));
  const pairs: (readonly [string, string])[] = [
    ['from', formatInstant(from)],
    ['to', formatInstant(to)],
    ['elsewhere', 'exclude'],
    ...(frame.isAsOf ? [['at', formatInstant(frame.at)] as const] : []),
    ...(frame.imported === null ? [] : [['imported', frame.imported ? 'only' : 'exclude'] as const]),
    ...FILTERS.flatMap(name => (filters[name] ?? []).map(value => [name, value] as const)),
    ...traits,
    ...which,
  ];
  return pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
}

function traitPairs(traits: Traits | undefined): readonly (readonly [string, string])[] {
  if (traits === undefined) return [];
  const { reasons, rules, isDecisive } = traits;
  return [
    ...(reasons ?? []).map(value => ['reason', value] as const),
    ...(rules ?? []).map(value => ['rule', value] as const),
    ...(isDecisive ? [['decisive', 'yes'] as const] : []),
  ];
}
