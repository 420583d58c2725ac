import { FILTERS, type Frame, frameOf, type Population, type Traits } from '../../core/report/frame.ts';
import { type Range, readEdge, usualRange } from '../../core/report/period.ts';
import { DAY_MS } from '../../core/time/duration.ts';
import type { App } from '../../loop/app.ts';
import { AppError } from '../../loop/error.ts';
import { loadTerms, type Terms } from '../../loop/report/terms.ts';

/** The longest range of a report in milliseconds, 50 years: more months than anyone can read. */
const MAX_RANGE_MS = 50 * 366 * DAY_MS;

type Given = {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly at?: string | undefined;
};

/**
 * Reads the range of a report in its zone; refuses one that ends before it begins, or that nobody could read. Without one
 * it is the twelve whole months before this one, and this one.
 */
export function readRange(query: Given, zone: string, now: number): Range {
  const edge = (name: 'from' | 'to') => (query[name] === undefined ? null : readEdge(query[name], zone));
  const [from, to] = [edge('from'), edge('to')];
  const usual = usualRange(to === null ? now : to - 1, zone);
  const range = { from: from ?? usual.from, to: to ?? Math.max(usual.to, from ?? usual.to) };
  const problem =
    range.to < range.from
      ? 'the range ends before it begins'
      : range.to - range.from > MAX_RANGE_MS
        ? 'the range is longer than 50 years'
        : null;
  if (problem === null) return range;
  throw new AppError('malformed', problem, { problems: [{ path: 'query.to', message: problem }] });
}

/** Which leads are asked for, as the contract reads a query. */
type PopulationQuery = Given & {
  readonly imported: 'include' | 'exclude' | 'only';
} & { readonly [Name in (typeof FILTERS)[number]]?: readonly string[] | undefined };

/** Reads what a population is narrowed down to, and as of when (null for now) it is asked for. */
export function readFilters(
  query: PopulationQuery,
  zone: string,
): Pick<Population, 'imported' | 'filters'> & { readonly at: number | null } {
  return {
    at: query.at === undefined ? null : readEdge(query.at, zone),
    imported: query.imported === 'include' ? null : query.imported === 'only',
    filters: Object.fromEntries(FILTERS.map(name => [name, query[name]])),
  };
}

/** Reads what a list of leads or a report on rejections asks of leads beside what all reports may. */
export function readTraits(query: {
  readonly reason?: readonly string[] | undefined;
  readonly rule?: readonly string[] | undefined;
  readonly decisive?: 'yes' | undefined;
}): Traits {
  return {
    reasons: query.reason ?? null,
    rules: query.rule ?? null,
    isDecisive: query.decisive === 'yes',
  };
}

/** Reads which leads a report counts and how it groups them, with the terms it goes by. */
export async function readFrame(
  app: App,
  query: PopulationQuery & { readonly by: string },
  now: number,
): Promise<{ readonly frame: Frame; readonly terms: Terms }> {
  const terms = await loadTerms(app.db, query.agreement);
  const { zone } = terms;
  const { at, ...filters } = readFilters(query, zone);
  const population = { range: readRange(query, zone, now), at: Math.min(at ?? now, now), ...filters };
  return { frame: frameOf(population, { by: query.by, zone, isAsOf: at !== null }), terms };
}
