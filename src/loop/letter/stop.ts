import { entry } from '../../core/contact/journal.ts';
import type { Sql } from '../../db/database.ts';
import { addJournal } from '../../db/journal.ts';
import { addNews, addStops, type NewStop } from '../../db/letter/stop.ts';
import type { App } from '../app.ts';

/** Why no letter goes to a contact any more, as it becomes known. Epoch ms. */
interface Stopped extends Omit<NewStop, 'id' | 'kind'> {
  readonly letterId?: string | null;
}

/** Notes that somebody wants no mail, in the caller's transaction: for the contact and its address. Known, it changes nothing. */
export function addOptOut(sql: Sql, app: App, stop: Stopped): Promise<void> {
  return addAll(sql, app, [{ ...stop, kind: 'opted_out' }]);
}

/** Notes that mail to an address came back, in the caller's transaction: no more goes there. Known, it changes nothing. */
export function addBounce(sql: Sql, app: App, stop: Stopped): Promise<void> {
  return addAll(sql, app, [{ ...stop, kind: 'bounced' }]);
}

/** Notes several of these at once: what is new is in the journal, and news for tracks. */
export async function addAll(
  sql: Sql,
  app: App,
  stops: readonly (Stopped & Pick<NewStop, 'kind'>)[],
): Promise<void> {
  if (stops.length === 0) return;
  const made = stops.map(stop => ({ ...stop, id: app.newId() }));
  const added = await addStops(sql, made);
  const fresh = made.filter(({ id }) => added.has(id));
  await addJournal(
    sql,
    fresh.map(({ kind, contactId, address, detail, at, by }) =>
      entry(kind === 'opted_out' ? 'opted_out' : 'mail_bounced', { address, detail }, { contactId, at, by }),
    ),
  );
  await addNews(
    sql,
    fresh.map(({ kind, contactId, letterId = null, at }) => ({
      contactId,
      letterId,
      kind,
      because: null,
      at,
    })),
  );
}
