import { bagOf } from '../../core/contact/bag.ts';
import { entry } from '../../core/contact/journal.ts';
import { readCall } from '../../core/intake/call.ts';
import { checkCorrecting } from '../../core/routing/remit.ts';
import { listIdentityRows } from '../../db/contact/contact.ts';
import { listHeldLeads } from '../../db/decision/episode.ts';
import { addJournal } from '../../db/journal.ts';
import { type Doing, doneBy } from '../actor.ts';
import type { App } from '../app.ts';
import { mustFindContact } from '../contact/contact.ts';
import { AppError, allowed } from '../error.ts';
import { announce } from '../evaluation/announce.ts';
import { heldLead, loadRemit } from '../routing/remit.ts';
import { takeIn } from './intake.ts';

/** The most identifiers that are read of a contact: a call needs one of each kind, and any will do. */
const MAX_IDENTITIES = 20;

/**
 * Corrects fields of a contact by hand, null taking a value away; returns the contact's id. It is taken in as a server's call
 * is, so that score and routing follow at once. Refused to people who may not work on the contact, and where it has no
 * identity by which a call could find it.
 */
export async function correctContact(
  app: App,
  contactId: string,
  values: Readonly<Record<string, string | null>>,
  by: Doing,
): Promise<string> {
  const settled = await app.db.transaction(async sql => {
    const row = await mustFindContact(sql, contactId);
    const leads = (await listHeldLeads(sql, row.id)).map(heldLead);
    allowed(checkCorrecting(leads, await loadRemit(sql, by)));
    const known = bagOf(row.contact);
    const changed = Object.entries(values).filter(([name, value]) => (known[name] ?? null) !== value);
    if (changed.length === 0) return { contactIds: [row.id], handoffs: [] };
    const identities = await listIdentityRows(sql, row.id, MAX_IDENTITIES);
    const idOf = (kind: string) => identities.find(identity => identity.kind === kind)?.value;
    const email = idOf('email');
    const said = {
      type: 'identify',
      userId: idOf('user'),
      anonymousId: idOf('anonymous'),
      // The address that is shown stays: an identity may be an older one.
      traits: {
        ...(email === undefined ? {} : { email: known.email ?? email }),
        ...Object.fromEntries(changed),
      },
    };
    const messageId = `by-hand-${app.newId()}`;
    const { call, refusal } = readCall(said, { receivedAt: by.now, trust: 'server', messageId });
    if (refusal !== null) throw new AppError('invalid', refusal.reason, { problems: [...refusal.problems] });
    const taken = await takeIn(sql, app, [call], { now: by.now, batchId: null, opens: 'onCall' });
    const fields = changed.map(([field, after]) => ({ field, before: textOf(known[field]), after }));
    await addJournal(sql, [entry('corrected', { fields }, { ...doneBy(by), contactId: row.id })]);
    return taken;
  });
  announce(app.hub, settled);
  return contactId;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
}
