import { entry } from '../../core/contact/journal.ts';
import { checkActivity } from '../../core/decision/decision.ts';
import { addActivity as saveActivity } from '../../db/decision/episode.ts';
import { addJournal } from '../../db/journal.ts';
import type { Doing } from '../actor.ts';
import { type App, announceContacts, announceQueue } from '../app.ts';
import { aboutEpisode, episodeFacts, mustLoad } from '../decision/episode.ts';
import { allowed } from '../error.ts';

/** Logs an activity; the first one that reaches the person is the first touch. */
export async function logActivity(
  app: App,
  id: string,
  said: { readonly kind: string; readonly note: string | null; readonly at: number },
  by: Doing,
): Promise<void> {
  const contactId = await app.db.transaction(async sql => {
    const loaded = await mustLoad(sql, id, by);
    allowed(checkActivity(episodeFacts(loaded), { at: said.at, now: by.now }));
    await saveActivity(sql, {
      id: app.newId(),
      episodeId: id,
      contactId: loaded.contact_id,
      actor: by.actor,
      ...said,
    });
    const particulars = { activity: said.kind, note: said.note };
    await addJournal(sql, [entry('activity', particulars, { ...aboutEpisode(loaded, by), at: said.at })]);
    return loaded.contact_id;
  });
  announceQueue(app.hub);
  announceContacts(app.hub, [contactId]);
}
