import type { Database } from '../db/database.ts';
import { loadDue, loadStale } from '../db/live.ts';
import type { App } from './app.ts';
import { retrying } from './batch.ts';
import { noChange, type Settled, settle } from './live.ts';
import { activeAgreements } from './program.ts';
import type { Opens } from './standing.ts';

/** How many contacts one sweep evaluates in a transaction: short enough that intake never waits long. */
const SWEEP_BATCH = 200;

/** Evaluates contacts whose score changes by the passing of time, one bounded batch; returns what it did. */
export async function sweepDue(app: App, now: number): Promise<Settled> {
  const ids = await loadDue(app.db, now, SWEEP_BATCH);
  return settleAll(app, ids, { now, opens: 'onTime' });
}

/** How long contacts of a version are not gone through again once all were scored under it: that reads them all, 0.2 s for 300,000. */
const STALE_EVERY_MS = 30_000;

/** When all contacts were last seen to be scored under a version, by agreement. */
const cleanSince = new WeakMap<Database, Map<string, { readonly version: number; readonly at: number }>>();

/** Evaluates contacts that were never scored under an active version, one bounded batch; that alone opens no episode. */
export async function sweepStale(app: App, now: number): Promise<Settled> {
  const clean =
    cleanSince.get(app.db) ?? new Map<string, { readonly version: number; readonly at: number }>();
  cleanSince.set(app.db, clean);
  for (const { id: agreementId, version } of await activeAgreements(app.db, app.db)) {
    const last = clean.get(agreementId);
    if (last?.version === version && now > last.at && now < last.at + STALE_EVERY_MS) continue;
    const ids = await loadStale(app.db, { agreementId, version }, SWEEP_BATCH);
    if (ids.length > 0) return settleAll(app, ids, { now, opens: 'never' });
    clean.set(agreementId, { version, at: now });
  }
  return { contactIds: [], given: [] };
}

async function settleAll(
  app: App,
  ids: readonly string[],
  mode: { readonly now: number; readonly opens: Opens },
): Promise<Settled> {
  if (ids.length === 0) return { contactIds: [], given: [] };
  const changes = new Map(ids.map(id => [id, noChange(mode.now)]));
  return retrying(() => app.db.transaction(sql => settle(sql, app, { changes, opens: mode.opens })));
}
