import { entry } from '../../core/contact/journal.ts';
import { checkSnooze } from '../../core/followup/snooze.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { dropSnooze, saveSnooze } from '../../db/followup/snooze.ts';
import { addJournal } from '../../db/journal.ts';
import type { Doing } from '../actor.ts';
import { type App, announceContacts, announceQueue } from '../app.ts';
import { aboutEpisode, mustLoad } from '../decision/episode.ts';
import { episodeStateOf } from '../decision/state.ts';
import { allowed } from '../error.ts';

/** Hides a lead from the queue of its owner until a time (epoch ms); its clocks run on. Refusals are thrown as AppErrors. */
export async function snoozeLead(
  app: App,
  id: string,
  said: { readonly until: number; readonly note: string | null },
  by: Doing,
): Promise<void> {
  const contactId = await app.db.transaction(async sql => {
    const loaded = await mustLoad(sql, id, by);
    const { owner_id: ownerId } = loaded;
    const lead = { state: episodeStateOf(loaded.state), ownerId };
    allowed(checkSnooze(lead, { until: said.until, now: by.now }));
    if (ownerId !== null)
      await saveSnooze(sql, { ...said, episodeId: loaded.id, ownerId, now: by.now, actor: by.actor });
    const particulars = { until: formatInstant(said.until), note: said.note };
    await addJournal(sql, [entry('snoozed', particulars, aboutEpisode(loaded, by))]);
    return loaded.contact_id;
  });
  announceQueue(app.hub);
  announceContacts(app.hub, [contactId]);
}

/** Brings a lead back into the queue of its owner; nothing is written where it is there already. */
export async function wakeLead(app: App, id: string, by: Doing): Promise<void> {
  const contactId = await app.db.transaction(async sql => {
    const loaded = await mustLoad(sql, id, by);
    const until = await dropSnooze(sql, loaded.id);
    if (until !== null && until > by.now)
      await addJournal(sql, [entry('unsnoozed', {}, aboutEpisode(loaded, by))]);
    return loaded.contact_id;
  });
  announceQueue(app.hub);
  announceContacts(app.hub, [contactId]);
}
