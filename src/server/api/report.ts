import type { Report } from '../../contract/api/report.ts';
import {
  fillMonths,
  lastYear,
  type Range,
  type ReportCount,
  sumCounts,
  tellApart,
  withRates,
} from '../../core/report/acceptance.ts';
import { DAY_MS } from '../../core/time/duration.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { Database, Sql } from '../../db/database.ts';
import {
  type CountRow,
  countByColumn,
  countByMonth,
  countByOwner,
  countByPath,
} from '../../db/report/report.ts';
import { activeAgreements } from '../../loop/agreement/active.ts';
import { AppError } from '../../loop/error.ts';
import type { Handler } from '../handler/handler.ts';
import { readInstant } from '../handler/query.ts';

/** The longest range of a report in milliseconds, 50 years: more months than anyone can read. */
const MAX_RANGE_MS = 50 * 366 * DAY_MS;

/**
 * Answers with the handoffs of a range and what sales decided on them. Both reports give the same rows: they differ in
 * the rate that is looked at. Without a range: the current month and the eleven before it.
 */
export const getReport: Handler<'getReport'> = async ({ app, now }, { query }) => {
  const range = readRange(query, now);
  const [counts, targets] = await Promise.all([countBy(app.db, query.by, range), loadTargets(app.db)]);
  return {
    from: formatInstant(range.from),
    to: formatInstant(range.to),
    timezone: 'UTC',
    rows: counts.map(withRates),
    total: withRates(sumCounts(counts)),
    targets,
  };
};

type By = Parameters<Handler<'getReport'>>[1]['query']['by'];

/** Reads the range of a report; refuses one that ends before it begins, or that nobody could read. */
export function readRange(
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  now: number,
): Range {
  const from = readInstant(query, 'from');
  const to = readInstant(query, 'to');
  const usual = lastYear(to === null ? now : to - 1);
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

async function countBy(sql: Sql, by: By, range: Range): Promise<readonly ReportCount[]> {
  switch (by) {
    case 'month':
      return fillMonths(
        (await countByMonth(sql, range)).map(row => toCount(row.key, row)),
        range,
      );
    case 'owner':
      return named(await countByOwner(sql, range), 'Nobody');
    case 'source':
    case 'segment':
    case 'campaign': {
      const rows = await countByColumn(sql, range, by);
      return rows.map(row => toCount(row.key ?? (row.is_rest ? 'All others' : 'Unknown'), row));
    }
    case 'path':
      return named(await countByPath(sql, range), '');
    default:
      return unreachable(by);
  }
}

type NamedRow = CountRow & { readonly name: string | null; readonly mark: string | null };

function named(rows: readonly NamedRow[], nobody: string): readonly ReportCount[] {
  const names = tellApart(rows.map(({ name, mark }) => ({ name: name ?? nobody, mark: mark ?? '' })));
  return rows.map((row, index) => toCount(names[index] ?? nobody, row));
}

function toCount(key: string, row: CountRow): ReportCount {
  return {
    key,
    handedOff: row.handed_off,
    accepted: row.accepted,
    rejected: row.rejected,
    open: row.open,
  };
}

/** The targets of the first active agreement; nothing is aimed at without one. */
async function loadTargets(db: Database): Promise<Report['targets']> {
  const [leading] = await activeAgreements(db, db);
  const targets = leading?.program.agreement.practice.targets;
  return {
    acceptance: targets?.acceptance ?? null,
    floor: targets?.floor ?? null,
    ceiling: targets?.ceiling ?? null,
    minSample: targets?.minSample ?? null,
  };
}
