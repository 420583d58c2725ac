import type { Opens } from '../../core/handoff/opening.ts';
import { DAY_MS } from '../../core/time/duration.ts';
import { hasImportSince } from '../../db/import/import.ts';
import { countScored, loadDue, loadStale } from '../../db/scoring/standing.ts';
import { activeAgreements } from '../agreement/active.ts';
import type { App } from '../app.ts';
import { noChanges } from '../contact/change.ts';
import { type Settled, settle } from './settle.ts';

/** How many contacts one sweep evaluates in a transaction: short enough that intake never waits long. */
const SWEEP_BATCH = 200;

/** Evaluates contacts whose score changes by the passing of time, one bounded batch; returns what it did. */
export async function sweepDue(app: App, now: number): Promise<Settled> {
  const ids = await loadDue(app.db, now, SWEEP_BATCH);
  return settleAll(app, ids, { now, opens: 'onTime' });
}

/**
 * How long contacts of a version are not gone through again once all were scored under it: that reads them all, 0.8 s for a
 * million. Only imports leave contacts to be scored later; without one of late it is done for safety alone.
 */
const STALE_EVERY_MS = 30_000;
const STALE_RARELY_MS = 600_000;
/** The longest that an import may take. */
const IMPORT_MS = DAY_MS;

/** A version of an agreement. */
interface Under {
  readonly agreementId: string;
  readonly version: number;
}

/** Whether all contacts were seen to be scored under a version so lately that it need not be looked at again. */
async function isScored({ db, memory }: App, { agreementId, version }: Under, now: number): Promise<boolean> {
  const last = memory.scored.get(agreementId);
  if (last?.version !== version || now <= last.at || now >= last.at + STALE_RARELY_MS) return false;
  return now < last.at + STALE_EVERY_MS || !(await hasImportSince(db, now - IMPORT_MS));
}

/** Evaluates contacts that were never scored under an active version, one bounded batch; it opens what was chosen at activation. */
export async function sweepStale(app: App, now: number): Promise<Settled> {
  for (const { id: agreementId, version } of await activeAgreements(app.db, app.db)) {
    const under = { agreementId, version };
    if (await isScored(app, under, now)) continue;
    const ids = await loadStale(app.db, under, SWEEP_BATCH);
    if (ids.length > 0) return settleAll(app, ids, { now, opens: 'onTime' });
    app.memory.scored.set(agreementId, { version, at: now });
  }
  return { contactIds: [], handoffs: [] };
}

/** How many contacts are scored under an active version; null once all are. Nothing is counted while the sweeps find none left. */
export async function findScoring(
  app: App,
  under: Under,
  now: number,
): Promise<{ readonly scored: number; readonly contacts: number } | null> {
  if (await isScored(app, under, now)) return null;
  const counts = await countScored(app.db, under);
  return counts.scored < counts.contacts ? counts : null;
}

/** Evaluates contacts that only time has passed for, in a transaction of their own. */
export async function settleAll(
  app: App,
  ids: readonly string[],
  mode: { readonly now: number; readonly opens: Opens },
): Promise<Settled> {
  if (ids.length === 0) return { contactIds: [], handoffs: [] };
  const changes = noChanges(ids, mode.now);
  return app.db.transaction(sql => settle(sql, app, { changes, opens: mode.opens }));
}
