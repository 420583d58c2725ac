import type { Sql } from '../../db/database.ts';
import { findRetries, loadContactsOf, takeRetries } from '../../db/handoff/waiting.ts';
import type { App } from '../app.ts';
import { noChanges } from '../contact/change.ts';
import { type Settled, settle } from './settle.ts';
import { settleIn, sweepContacts } from './sweep.ts';

/** How many waiting leads one sweep tries to give to somebody. */
const REROUTE_BATCH = 50;
/** When routing is tried again if an attempt leaves no better time behind, in ms. */
const AGAIN_MS = 15 * 60_000;

/** Tries to give episodes that wait for an owner to somebody, in the caller's transaction; others are left as they are. */
export async function rerouteEpisodes(
  sql: Sql,
  app: App,
  episodeIds: readonly string[],
  { now }: { readonly now: number },
): Promise<Settled> {
  const contactIds = await loadContactsOf(sql, episodeIds);
  return settle(sql, app, {
    changes: noChanges(contactIds, now),
    opens: 'onTime',
  });
}

/** Routes waiting leads again whose time has come, one bounded batch. */
export function sweepWaiting(app: App, now: number): Promise<Settled> {
  return sweepContacts(
    app,
    {
      name: 'waiting leads',
      find: but => findRetries(app.db, { now, limit: REROUTE_BATCH, but }),
      work: async (sql, ids) => {
        const taken = await takeRetries(sql, ids, { now, again: now + AGAIN_MS });
        return settleIn(sql, app, taken, now);
      },
    },
    now,
  );
}
