import type { TemplateText } from '../../contract/file/template.ts';
import type { Agreement } from '../../core/agreement/agreement.ts';
import { fromAddressOf } from '../../core/letter/outreach.ts';
import { isUuid } from '../../core/text/uuid.ts';
import { loadUser } from '../../db/access/user.ts';
import type { Sql } from '../../db/database.ts';
import { loadBookings } from '../../db/letter/letter.ts';
import { enqueueTestLetter, findLetterContact } from '../../db/letter/preview.ts';
import type { Doing } from '../actor.ts';
import { findAgreement } from '../agreement/active.ts';
import type { App } from '../app.ts';
import { AppError, notFound } from '../error.ts';
import { companyMailbox, type LetterMail, letterMail } from './content.ts';
import { TEST_TOKEN, unsubscribeAddress } from './unsubscribe.ts';

/** A version of an agreement, and a contact to fill its templates in for; null for one seen lately. */
interface Asked {
  readonly agreementId: string;
  readonly version: number;
  readonly contactId: string | null;
}

/** A template as a contact would get it now. */
interface Preview {
  readonly template: string;
  readonly mail: LetterMail | null;
  readonly problem: string | null;
}

/** Somebody made up, for a Baton that knows nobody with an address yet. */
const SAMPLE = {
  id: null,
  name: 'Sam Sample',
  email: 'sam@example.com',
  contact: { firstName: 'Sam', lastName: 'Sample' },
  company_part: { name: 'Sample Ltd' },
  company_name: 'Sample Ltd',
  company_traits: {},
  owner_id: null,
};

/** What must be set up before letters leave, in words; nothing where they do. */
export function missingForLetters({ settings }: Pick<App, 'settings'>): readonly string[] {
  return [
    ...(settings.SMTP_URL === undefined ? ['no mail server is set up (SMTP_URL)'] : []),
    ...(settings.BATON_URL === undefined ? ['no public address is set up (BATON_URL)'] : []),
  ];
}

/** Fills in the templates of a version for a contact, each in the name that its entry says. */
export async function previewTemplates(app: App, asked: Asked) {
  const { templates, contact, ...rest } = await loadPreview(app, asked);
  return {
    contact,
    letters: Object.entries(templates).map(([id, text]) => fill(app, { id, text, contact, ...rest })),
  };
}

/** Sends the doer a template, filled in for a contact; returns the message. Its link stops nothing. */
export async function sendTestLetter(
  app: App,
  asked: Asked & { readonly template: string },
  { userId = null, now }: Doing,
): Promise<{ readonly deliveryId: string; readonly to: string }> {
  const user = userId === null ? null : await loadUser(app.db, userId);
  if (user === null) throw new AppError('conflict', 'An API key has no mailbox; sign in as a person.');
  const { templates, ...rest } = await loadPreview(app, asked);
  const id = asked.template;
  const text = Object.hasOwn(templates, id) ? templates[id] : undefined;
  if (text === undefined) throw notFound({ kind: 'template', id });
  const { mail, problem } = fill(app, { id, text, ...rest });
  if (mail === null) throw new AppError('conflict', `The template cannot be filled in: ${problem ?? ''}`);
  const deliveryId = app.newId();
  const subject = `Test: ${mail.subject}`;
  await app.db.transaction(sql =>
    enqueueTestLetter(sql, {
      id: deliveryId,
      recipient: user.email,
      subject,
      content: { kind: 'letter', test: { ...mail, subject } },
      now,
    }),
  );
  for (const wake of app.memory.wakers) wake();
  return { deliveryId, to: user.email };
}

async function loadPreview(app: App, { agreementId, version, contactId }: Asked) {
  const found = await findAgreement(app.db, app.db, { id: agreementId, version });
  if (found === null) throw notFound({ kind: 'agreement version', id: `${agreementId} ${version}` });
  const contact = await mustFindContact(app.db, contactId);
  const [owner] = contact.owner_id === null ? [] : await loadBookings(app.db, [contact.owner_id]);
  const { agreement } = found.program;
  return { agreement, templates: agreement.practice.templates ?? {}, contact, owner: owner ?? null };
}

async function mustFindContact(sql: Sql, id: string | null) {
  const isAsked = id !== null;
  const row = isAsked && !isUuid(id) ? null : await findLetterContact(sql, id);
  if (row === null && isAsked) throw notFound({ kind: 'contact', id });
  return row ?? SAMPLE;
}

function fill(
  app: App,
  of: {
    readonly id: string;
    readonly text: TemplateText;
    readonly agreement: Agreement;
    readonly contact: Awaited<ReturnType<typeof mustFindContact>>;
    readonly owner: {
      readonly name: string;
      readonly email: string;
      readonly booking_url: string | null;
    } | null;
  },
): Preview {
  const { owner, contact } = of;
  const { mail, problem } = letterMail({
    template: of.text,
    to: { ...contact, email: contact.email ?? SAMPLE.email },
    owner: owner === null ? null : { name: owner.name, email: owner.email, bookingUrl: owner.booking_url },
    fromAddress: fromAddressOf(of.agreement, of.id),
    company: companyMailbox(app.settings),
    unsubscribeUrl: unsubscribeAddress(app.settings.BATON_URL ?? 'https://baton.example', TEST_TOKEN),
  });
  return { template: of.id, mail, problem };
}
