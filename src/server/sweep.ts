import { loadDue, loadStale } from '../db/live.ts';
import type { App } from './app.ts';
import { retrying } from './batch.ts';
import { noChange, type Opens, type Settled, settle } from './live.ts';
import { activeAgreements } from './program.ts';

/** How many contacts one sweep evaluates in a transaction: short enough that intake never waits long. */
const SWEEP_BATCH = 200;

/** Evaluates contacts whose score changes by the passing of time, one bounded batch; returns what it did. */
export async function sweepDue(app: App, now: number): Promise<Settled> {
  const ids = await loadDue(app.db, now, SWEEP_BATCH);
  return settleAll(app, ids, { now, opens: 'onTime' });
}

/** Evaluates contacts that were never scored under an active version, one bounded batch; that alone opens no episode. */
export async function sweepStale(app: App, now: number): Promise<Settled> {
  const active = await activeAgreements(app.db, app.db);
  for (const under of active) {
    const ids = await loadStale(app.db, { agreementId: under.id, version: under.version }, SWEEP_BATCH);
    if (ids.length > 0) return settleAll(app, ids, { now, opens: 'never' });
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
