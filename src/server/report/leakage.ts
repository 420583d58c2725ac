import type { Leakage as Answer } from '../../contract/report/leakage.ts';
import {
  type FateCount,
  type LeakageGroup,
  leakageCsv,
  leakageKeys,
  shapeLeakage,
} from '../../core/report/leakage.ts';
import { tellApart } from '../../core/report/name.ts';
import type { Range } from '../../core/report/period.ts';
import { formatInstant } from '../../core/time/instant.ts';
import type { Database, Sql } from '../../db/database.ts';
import { countFates, countLeftAlone, measureLeads } from '../../db/report/leakage.ts';
import { activeAgreements } from '../../loop/agreement/active.ts';
import type { Handler } from '../handler/handler.ts';
import { readRange } from './read.ts';

/** Answers with where the leads of a range leaked between qualifying and a decision, why, and how long the way took. */
export const getLeakage: Handler<'getLeakage'> = async ({ app, now }, { query }) => {
  const range = readRange(query, 'UTC', now);
  const [funnel, durations, leftAlone] = await Promise.all([
    loadLeakage(app.db, range, { by: query.by, now }),
    loadDurations(app.db, range),
    countLeftAlone(app.db),
  ]);
  return {
    from: formatInstant(range.from),
    to: formatInstant(range.to),
    timezone: 'UTC',
    ...funnel,
    durations,
    leftAlone: leftAlone.map(({ reason, count }) => ({ id: reason, label: capital(reason), count })),
  };
};

/** Answers with the rows and reasons of the same report as a file for spreadsheets. */
export const getLeakageFile: Handler<'getLeakageFile'> = async ({ app, now }, { query }) => {
  const { by } = query;
  const report = await loadLeakage(app.db, readRange(query, 'UTC', now), { by, now });
  return { name: `leakage-by-${by}.csv`, text: leakageCsv(report, by) };
};

async function loadLeakage(
  db: Database,
  range: Range,
  { by, now }: { readonly by: LeakageGroup; readonly now: number },
) {
  const [rows, names] = [await countFates(db, range, { by, now }), await loadNames(db)];
  return shapeLeakage(countsOf(rows, by), { names, keys: leakageKeys(by, range) });
}

function countsOf(rows: Awaited<ReturnType<typeof countFates>>, by: LeakageGroup): readonly FateCount[] {
  const nobody = by === 'owner' ? 'Nobody' : 'Unknown';
  const groups = new Map<string, { readonly name: string; readonly mark: string }>();
  const groupOf = ({ month, key, mark, is_rest: isRest }: (typeof rows)[number]) =>
    JSON.stringify([month, key, mark, isRest]);
  for (const row of rows) {
    const name = row.month ?? row.key ?? (row.is_rest ? 'All others' : nobody);
    groups.set(groupOf(row), { name, mark: row.mark ?? '' });
  }
  // A group by owner may hold two people of one name.
  const told = tellApart([...groups.values()]);
  const names = new Map([...groups.keys()].map((group, index) => [group, told[index] ?? nobody]));
  return rows.map(row => ({ ...row.fate, key: names.get(groupOf(row)) ?? nobody, count: row.count }));
}

/** What the agreements call their disqualifiers. */
async function loadNames(db: Database): Promise<ReadonlyMap<string, string>> {
  const active = await activeAgreements(db, db);
  return new Map(
    active.flatMap(({ program }) =>
      program.agreement.disqualify.map(({ id, label }) => [id, label ?? id] as const),
    ),
  );
}

async function loadDurations(sql: Sql, range: Range): Promise<Answer['durations']> {
  const row = await measureLeads(sql, range);
  return [
    {
      id: 'handedOff',
      label: 'From qualifying to the handoff',
      count: row?.handed_off ?? 0,
      medianMs: row?.handed_off_median ?? null,
      p90Ms: row?.handed_off_p90 ?? null,
    },
    {
      id: 'owned',
      label: 'From the handoff to an owner',
      count: row?.owned ?? 0,
      medianMs: row?.owned_median ?? null,
      p90Ms: row?.owned_p90 ?? null,
    },
    {
      id: 'touched',
      label: 'From an owner to the first touch',
      count: row?.touched ?? 0,
      medianMs: row?.touched_median ?? null,
      p90Ms: row?.touched_p90 ?? null,
    },
  ];
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
