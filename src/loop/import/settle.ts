import type { Opens } from '../../core/handoff/opening.ts';
import type { App } from '../app.ts';
import { noChanges } from '../contact/change.ts';
import { settle } from '../evaluation/settle.ts';

/** How many contacts one transaction evaluates. */
const SETTLE_BATCH = 500;

/** Computes the scores of contacts as of now, a bounded number in each transaction. */
export async function settleContacts(
  app: App,
  ids: readonly string[],
  how: { readonly opens: Opens; readonly report?: (done: number, total: number) => void },
): Promise<void> {
  for (let start = 0; start < ids.length; start += SETTLE_BATCH) {
    const some = ids.slice(start, start + SETTLE_BATCH);
    const now = app.clock();
    const changes = noChanges(some, now);
    await app.db.transaction(sql => settle(sql, app, { changes, opens: how.opens }));
    how.report?.(start + some.length, ids.length);
  }
}
