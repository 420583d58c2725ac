import { entry } from '../../core/contact/journal.ts';
import { checkActivity } from '../../core/decision/decision.ts';
import { type ActivityOutcome, checkOutcome, isTouch } from '../../core/followup/touch.ts';
import { addActivity as saveActivity } from '../../db/decision/episode.ts';
import { dropSnoozeOver } from '../../db/followup/snooze.ts';
import { addJournal } from '../../db/journal.ts';
import type { Doing } from '../actor.ts';
import { type App, announceContacts, announceQueue } from '../app.ts';
import { aboutEpisode, episodeFacts, mustLoad } from '../decision/episode.ts';
import { allowed } from '../error.ts';

/**
 * Logs an activity; the first touch stops the clock of the first touch. What an API key logs was done by a person, unless it
 * says that a program did it of itself: by the owner of the lead, as other software noted it down.
 */
export async function logActivity(
  app: App,
  id: string,
  said: {
    readonly kind: string;
    readonly note: string | null;
    readonly at: number;
    readonly outcome?: ActivityOutcome | null;
    readonly automated?: boolean;
  },
  by: Doing,
): Promise<void> {
  const contactId = await app.db.transaction(async sql => {
    const loaded = await mustLoad(sql, id, by);
    const { kind, outcome = null, automated = false } = said;
    allowed(checkActivity(episodeFacts(loaded), { at: said.at, now: by.now }));
    allowed(checkOutcome({ kind, outcome }));
    await saveActivity(sql, {
      id: app.newId(),
      episodeId: id,
      contactId: loaded.contact_id,
      actor: by.actor,
      kind,
      at: said.at,
      note: said.note,
      outcome,
      automated,
      userId: automated ? null : (by.userId ?? loaded.owner_id),
      isTouch: isTouch({ kind, automated }),
    });
    await dropSnoozeOver(sql, id, by.now);
    const particulars = { activity: kind, note: said.note, outcome, automated };
    await addJournal(sql, [entry('activity', particulars, { ...aboutEpisode(loaded, by), at: said.at })]);
    return loaded.contact_id;
  });
  announceQueue(app.hub);
  announceContacts(app.hub, [contactId]);
}
