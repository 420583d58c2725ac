import { groupBy } from '../../core/contact/group.ts';
import { effectsOf, NO_EFFECTS } from '../../core/report/decisive.ts';
import { printedScore } from '../../core/scoring/print.ts';
import { LAST_INSTANT } from '../../core/time/instant.ts';
import type { Sql } from '../../db/database.ts';
import { findUnweighed, loadUnweighed, saveEffects, type UnweighedRow } from '../../db/report/decisive.ts';
import { agreementOf } from '../agreement/active.ts';
import type { App } from '../app.ts';
import { loadPasts, scoredAt } from '../scoring/past.ts';
import { sweepBatch } from '../sweep.ts';

/** How many episodes one transaction works out: it reads the whole past of their contacts. */
const BATCH = 50;
/** How often it is looked for episodes from before it was kept, in ms; there are none but after an upgrade. */
export const WEIGH_EVERY_MS = 60_000;

/**
 * Works out, in one bounded batch, which rules fired and which were decisive for episodes from before that was kept; returns
 * how many. The points are those of the frozen breakdown. What paths ask beside scores is asked as of the handoff, of what is
 * stored now: what came late, or was joined since, counts as if it had been known.
 */
export async function sweepUnweighed(app: App, now: number): Promise<number> {
  const batch = {
    name: 'decisive rules',
    isOfContacts: false,
    find: (but: readonly string[]) => findUnweighed(app.db, { limit: BATCH, but }),
    work: (sql: Sql, ids: readonly string[]) => weigh(sql, app, ids),
  };
  return (await sweepBatch(app, batch, now)).reduce((sum, count) => sum + count, 0);
}

async function weigh(sql: Sql, app: App, ids: readonly string[]): Promise<number> {
  const versions = groupBy(await loadUnweighed(sql, ids), row => `${row.version} ${row.agreement_id}`);
  const effects = [];
  for (const rows of versions.values()) effects.push(...(await weighVersion(sql, app, rows)));
  return (await saveEffects(sql, effects)).length;
}

/** Works out the rules of episodes under one version of one agreement. */
async function weighVersion(sql: Sql, app: App, rows: readonly UnweighedRow[]) {
  const [first] = rows;
  if (first === undefined) return [];
  const { program } = await agreementOf(sql, app.db, { id: first.agreement_id, version: first.version });
  const handoffs = rows.map(row => {
    const score = printedScore.parse(row.breakdown);
    if (!('lines' in score)) return { row, frozen: null };
    const { lines, qualifies } = score;
    return { row, frozen: { lines, qualifies: row.disqualifier === null ? qualifies : null } };
  });
  const asked = handoffs.flatMap(({ row, frozen }) =>
    (frozen?.qualifies ?? null) === null ? [] : [row.contact_id],
  );
  const pasts = await loadPasts(sql, [...new Set(asked)], { program, knownAt: LAST_INSTANT });
  return handoffs.map(({ row: { id, contact_id: contactId, handed_off_at: t }, frozen }) => {
    if (frozen === null) return { id, ...NO_EFFECTS };
    const past = pasts.get(contactId);
    const subject = past === undefined ? null : scoredAt(program, past, t);
    return { id, ...effectsOf(program, frozen, { subject, t }) };
  });
}
