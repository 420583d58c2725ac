import { bagOf } from '../../core/contact/bag.ts';
import { entry } from '../../core/contact/journal.ts';
import { checkAllowing, checkStopping, optedOutField, type StopKind } from '../../core/letter/consent.ts';
import { checkCorrecting } from '../../core/routing/remit.ts';
import { lockContacts } from '../../db/contact/profile.ts';
import type { Sql } from '../../db/database.ts';
import { listHeldLeads } from '../../db/decision/episode.ts';
import { addJournal } from '../../db/journal.ts';
import { loadLetterAddressees } from '../../db/letter/letter.ts';
import { endStops } from '../../db/letter/stop.ts';
import { type Doing, doneBy } from '../actor.ts';
import { type App, announceContacts } from '../app.ts';
import { mustFindContact } from '../contact/contact.ts';
import { allowed } from '../error.ts';
import { heldLead, loadRemit } from '../routing/remit.ts';
import { addOptOut } from './stop.ts';

/** Stops mail to a contact by hand, as it told somebody that it wants none; returns its id. Refused where it is stopped. */
export function stopLetters(
  app: App,
  contactId: string,
  said: { readonly note: string | null },
  by: Doing,
): Promise<string> {
  return change(app, contactId, async (sql, { id, email, ...found }) => {
    allowed(checkStopping(found));
    const { actor, now: at } = by;
    await addOptOut(sql, app, { contactId: id, address: email, at, by: actor, detail: said.note });
  });
}

/**
 * Takes back by hand what keeps mail from a contact, with the reason; returns its id. Refused where nothing of the kind does,
 * and to people who may not work on the contact.
 */
export function allowLetters(
  app: App,
  contactId: string,
  said: { readonly kind: StopKind; readonly note: string },
  by: Doing,
): Promise<string> {
  return change(app, contactId, async (sql, { id, email, ...found }) => {
    const { kind, note } = said;
    const held = await listHeldLeads(sql, id);
    allowed(checkCorrecting(held.map(heldLead), await loadRemit(sql, by)));
    allowed(checkAllowing(kind, found));
    await endStops(sql, { contactId: id, kind, at: by.now, by: by.actor });
    const particulars = { address: email, detail: note };
    const about = { ...doneBy(by), contactId: id };
    await addJournal(sql, [
      entry(kind === 'opted_out' ? 'mail_wanted' : 'bounce_taken_back', particulars, about),
    ]);
  });
}

/** What keeps mail from a contact. */
interface Found {
  readonly id: string;
  readonly email: string | null;
  readonly isOptedOut: boolean;
  readonly isBounced: boolean;
  readonly field: string | null;
}

async function change(
  app: App,
  contactId: string,
  work: (sql: Sql, found: Found) => Promise<void>,
): Promise<string> {
  const id = await app.db.transaction(async sql => {
    const found = await mustFindContact(sql, contactId);
    await lockContacts(sql, [found.id]);
    // Standings say nothing of what a contact wants.
    const [row] = await loadLetterAddressees(sql, [found.id], '');
    await work(sql, {
      id: found.id,
      email: row?.email ?? null,
      isOptedOut: row?.is_opted_out === true,
      isBounced: row?.is_bounced === true,
      field: optedOutField(bagOf(row?.contact)),
    });
    return found.id;
  });
  announceContacts(app.hub, [id]);
  return id;
}
