import { normaliseEmail } from '../../core/contact/email.ts';
import { entry } from '../../core/contact/journal.ts';
import { readCall } from '../../core/intake/call.ts';
import { findContactByEmail } from '../../db/contact/contact.ts';
import { addJournal } from '../../db/journal.ts';
import { type Doing, doneBy } from '../actor.ts';
import { type App, announceContacts } from '../app.ts';
import { AppError } from '../error.ts';
import { takeIn } from './intake.ts';

/** What a person writes of a contact that they add. */
interface WantedContact {
  readonly email: string;
  readonly name?: string | undefined;
  readonly title?: string | undefined;
  readonly company?: string | undefined;
  readonly phone?: string | undefined;
  readonly country?: string | undefined;
  readonly source?: string | undefined;
}

/**
 * Adds a contact that a person has written down, as if their own server had told of it, and returns its id: it is scored, and
 * handed over if it qualifies. Refuses an address that a contact has already, and one that cannot be used.
 */
export async function addByHand(app: App, wanted: WantedContact, by: Doing): Promise<string> {
  const { email, company, ...rest } = wanted;
  const id = await app.db.transaction(async sql => {
    const address = normaliseEmail(email);
    if (address !== null && (await findContactByEmail(sql, address)) !== null) throw addressIsKnown();
    const given = Object.entries(rest).filter(([, value]) => value !== undefined && value !== '');
    const traits = {
      ...Object.fromEntries(given),
      email,
      ...(company === undefined || company === '' ? {} : { company: { name: company } }),
    };
    const messageId = `by-hand-${app.newId()}`;
    const said = { type: 'identify', traits, timestamp: new Date(by.now).toISOString() };
    const { call, refusal } = readCall(said, { receivedAt: by.now, trust: 'server', messageId });
    if (refusal !== null) throw new AppError('invalid', refusal.reason, { problems: refusal.problems });
    const { placed } = await takeIn(sql, app, [call], {
      now: by.now,
      batchId: null,
      opens: 'onCall',
      isReplayed: true,
    });
    const [contactId] = placed.map(item => item.contactId);
    if (contactId === undefined) throw new AppError('invalid', 'The address cannot be used.');
    await addJournal(sql, [entry('contact_added', {}, { ...doneBy(by), contactId })]);
    return contactId;
  });
  announceContacts(app.hub, [id]);
  return id;
}

function addressIsKnown(): AppError {
  const message = 'There is a contact with this e-mail address already.';
  return new AppError('conflict', message, { problems: [{ path: 'email', message }] });
}
