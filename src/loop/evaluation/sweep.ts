import { DAY_MS } from '../../core/time/duration.ts';
import type { Sql } from '../../db/database.ts';
import { hasImportSince } from '../../db/import/import.ts';
import { countScored, loadDue, loadStale } from '../../db/scoring/standing.ts';
import { activeAgreements } from '../agreement/active.ts';
import type { App } from '../app.ts';
import { noChanges } from '../contact/change.ts';
import { sweepBatch } from '../sweep.ts';
import { type Settled, settle } from './settle.ts';

/** How many contacts one sweep evaluates in a transaction: short enough that intake never waits long. */
const SWEEP_BATCH = 200;

/** Evaluates contacts whose score changes by the passing of time, one bounded batch; returns what it did. */
export function sweepDue(app: App, now: number): Promise<Settled> {
  return sweepContacts(
    app,
    {
      name: 'due contacts',
      find: but => loadDue(app.db, { now, limit: SWEEP_BATCH, but }),
      work: (sql, ids) => settleIn(sql, app, ids, now),
    },
    now,
  );
}

/** Work on contacts that only time has passed for. */
interface ContactBatch {
  readonly name: string;
  readonly find: (but: readonly string[]) => Promise<readonly string[]>;
  readonly work: (sql: Sql, ids: readonly string[]) => Promise<Settled>;
}

/** Does one batch of work on contacts; returns what was done to all of them. */
export async function sweepContacts(app: App, batch: ContactBatch, now: number): Promise<Settled> {
  const done = await sweepBatch(app, { ...batch, isOfContacts: true }, now);
  return {
    contactIds: done.flatMap(({ contactIds }) => contactIds),
    handoffs: done.flatMap(({ handoffs }) => handoffs),
  };
}

/** Evaluates contacts that only time has passed for, in the caller's transaction. */
export function settleIn(sql: Sql, app: App, ids: readonly string[], now: number): Promise<Settled> {
  return settle(sql, app, { changes: noChanges(ids, now), opens: 'onTime' });
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

/** By how much a clock that has evaluated a contact may have been ahead of this one, in ms; doctors warn from 2 s on. */
const AHEAD_MS = 60_000;

/**
 * Evaluates contacts that were never scored under an active version, or were by a clock that ran ahead, one bounded batch; it
 * opens what was chosen at activation.
 */
export async function sweepStale(app: App, now: number): Promise<Settled> {
  for (const { id: agreementId, version } of await activeAgreements(app.db, app.db)) {
    const under = { agreementId, version };
    if (await isScored(app, under, now)) continue;
    let isLeft = false;
    const settled = await sweepContacts(
      app,
      {
        name: 'stale contacts',
        find: async but => {
          const ids = await loadStale(app.db, under, { until: now + AHEAD_MS, limit: SWEEP_BATCH, but });
          isLeft = ids.length + but.length > 0;
          return ids;
        },
        work: (sql, ids) => settleIn(sql, app, ids, now),
      },
      now,
    );
    if (!isLeft) app.memory.scored.set(agreementId, { version, at: now });
    if (settled.contactIds.length > 0) return settled;
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
