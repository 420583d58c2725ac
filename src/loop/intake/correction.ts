import { type Bag, bagOf } from '../../core/contact/bag.ts';
import { correctCompany } from '../../core/contact/company.ts';
import { normaliseEmail } from '../../core/contact/email.ts';
import { groupBy } from '../../core/contact/group.ts';
import { entry } from '../../core/contact/journal.ts';
import { setBag, textIn } from '../../core/contact/profile.ts';
import { isSameCompany } from '../../core/duplicate/word.ts';
import { type Call, readCall } from '../../core/intake/call.ts';
import { type Refused, refuse } from '../../core/problem.ts';
import { checkCorrecting } from '../../core/routing/remit.ts';
import { isPlaceholderAddress } from '../../core/text/placeholder.ts';
import { saveCompanies } from '../../db/contact/company.ts';
import { type CorrectedRow, findCompanyNamed, loadCorrected } from '../../db/contact/correction.ts';
import { lockContacts } from '../../db/contact/profile.ts';
import type { Sql } from '../../db/database.ts';
import { listHeldLeadsOf } from '../../db/decision/episode.ts';
import { addIdentities, lockIdentities } from '../../db/intake/intake.ts';
import { addJournal } from '../../db/journal.ts';
import { type Doing, doneBy } from '../actor.ts';
import type { App } from '../app.ts';
import { mustFindContact } from '../contact/contact.ts';
import { bucketsOf, loadRelied } from '../contact/identity.ts';
import { allowed } from '../error.ts';
import { announce } from '../evaluation/announce.ts';
import type { Settled } from '../evaluation/settle.ts';
import { heldLead, loadRemit } from '../routing/remit.ts';
import { takeIn } from './intake.ts';

/** What a person says of contacts by the names of their fields, `company` being its name; null takes a value away. */
type Values = Readonly<Record<string, string | null>>;

/**
 * Corrects fields of a contact by hand, null taking a value away; returns the contact's id. It is taken in as a server's call
 * is, so that score and routing follow at once. Refused to people who may not work on the contact, where it has no
 * identity by which a call could find it, and an address that another contact has.
 */
export async function correctContact(
  app: App,
  contactId: string,
  values: Values,
  by: Doing,
): Promise<string> {
  const settled = await app.db.transaction(async sql => {
    const { id } = await mustFindContact(sql, contactId);
    const done = await correctAll(sql, app, { ids: [id], values }, by);
    allowed(done.refusals.get(id) ?? null);
    return done.settled;
  });
  announce(app.hub, settled);
  return contactId;
}

/** Corrects the same fields of many contacts in one transaction; returns why some are left as they are, by their ids. */
export async function correctContacts(
  app: App,
  wanted: { readonly ids: readonly string[]; readonly values: Values },
  by: Doing,
): Promise<ReadonlyMap<string, Refused>> {
  const { settled, refusals } = await app.db.transaction(sql => correctAll(sql, app, wanted, by));
  announce(app.hub, settled);
  return refusals;
}

const JOINED = 'It was joined to another contact, or is not there.';

async function correctAll(
  sql: Sql,
  app: App,
  { ids, values }: { readonly ids: readonly string[]; readonly values: Values },
  by: Doing,
): Promise<{ readonly settled: Settled; readonly refusals: ReadonlyMap<string, Refused> }> {
  const [rows, held, remit] = await Promise.all([
    loadCorrected(sql, ids),
    listHeldLeadsOf(sql, ids),
    loadRemit(sql, by),
  ]);
  const leads = groupBy(held, lead => lead.contact_id);
  const refusals = new Map(ids.map(id => [id, refuse('conflict', JOINED)]));
  const company = companyNamed(sql, app, values.company ?? null, by.now);
  const corrections: Correction[] = [];
  for (const row of rows) {
    refusals.delete(row.id);
    const refusal = checkCorrecting((leads.get(row.id) ?? []).map(heldLead), remit);
    const correction = refusal ?? (await correctionOf(row, values, company));
    if ('kind' in correction) refusals.set(row.id, correction);
    else if (correction.fields.length > 0) corrections.push(correction);
  }
  const calls: Call[] = [];
  const companies = new Map<string, string>();
  for (const correction of corrections) {
    const messageId = `by-hand-${app.newId()}`;
    const { call, refusal } = readCall(saidOf(correction), {
      receivedAt: by.now,
      trust: 'server',
      messageId,
    });
    const problem =
      refusal === null
        ? await giveAddress(sql, correction)
        : refuse('invalid', refusal.reason, refusal.problems[0]?.path);
    if (call === null || problem !== null) {
      if (problem !== null) refusals.set(correction.row.id, problem);
      continue;
    }
    calls.push(call);
    if (correction.companyId !== null) companies.set(messageId, correction.companyId);
  }
  const settled = await takeIn(sql, app, calls, {
    now: by.now,
    batchId: null,
    opens: 'onCall',
    companies,
    isReplayed: true,
  });
  await addJournal(
    sql,
    corrections.flatMap(({ row, fields }) =>
      refusals.has(row.id) ? [] : [entry('corrected', { fields }, { ...doneBy(by), contactId: row.id })],
    ),
  );
  return { settled, refusals };
}

/** What is said of one contact, and what it changes. */
interface Correction {
  readonly row: CorrectedRow;
  readonly fields: readonly {
    readonly field: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
  readonly traits: Bag;
  /** The address that is new, in its normal form; null where it stays. */
  readonly email: string | null;
  /** The company that the contact is of from then on; null where that stays. */
  readonly companyId: string | null;
}

type NamedCompany = ReturnType<typeof companyNamed>;

async function correctionOf(
  row: CorrectedRow,
  values: Values,
  named: NamedCompany,
): Promise<Correction | Refused> {
  const contact = bagOf(row.contact);
  const { company, email, ...others } = values;
  const plain = Object.entries(others).filter(([name, value]) => (contact[name] ?? null) !== value);
  const fields = plain.map(([field, after]) => ({ field, before: shownIn(contact[field]), after }));
  const before = textIn(contact.email);
  const isMoved =
    typeof email === 'string' && (before === null || normaliseEmail(email) !== normaliseEmail(before));
  if (isMoved && isPlaceholderAddress(email))
    return refuse('invalid', 'expected the address of a person', 'email');
  if (isMoved) fields.push({ field: 'email', before, after: email });
  const traits: Bag = { ...Object.fromEntries(plain), ...(isMoved ? { email } : {}) };
  const told = { row, fields, traits, email: isMoved ? normaliseEmail(email) : null, companyId: null };
  const shown = companyShown(row);
  if (company === undefined || company === shown) return told;
  const own = bagOf(row.company_part);
  const shared = row.company_id === null ? null : bagOf(row.company_traits);
  const isByAddress = row.company_domain !== null && row.company_domain === contact.emailDomain;
  const change = correctCompany(company, { own, shared, isByAddress }, isSameCompany);
  if ('kind' in change) return change;
  const companyId =
    company === null || (shared !== null && !change.isOther)
      ? null
      : await (shared === null ? named.find() : named.findOrMake());
  return {
    ...told,
    fields: [...fields, { field: 'company', before: shown, after: company }],
    traits: { ...traits, company: change.said },
    companyId,
  };
}

/** The name of a contact's company, as far as anybody said one. */
function companyShown(row: CorrectedRow): string | null {
  return textIn(setBag(bagOf(row.company_part), bagOf(row.company_traits)).name);
}

/** The company of a name, looked up and made at most once. */
function companyNamed(sql: Sql, app: App, name: string | null, now: number) {
  let found: Promise<string | null> | null = null;
  const find = () => {
    found ??= name === null ? Promise.resolve(null) : findCompanyNamed(sql, name);
    return found;
  };
  const make = async () => {
    const id = app.newId();
    await saveCompanies(sql, [{ id, domain: null, groupId: null, claimedDomain: null, traits: {} }], now);
    found = Promise.resolve(id);
    return id;
  };
  return { find, findOrMake: async () => (await find()) ?? make() };
}

/**
 * What a server would say of the contact. Its browser is named only where nothing else is known: somebody else may use it by
 * now. The address that is shown stays: an identity may be an older one.
 */
function saidOf({ row, traits, email }: Correction): Bag {
  const { user_id: userId, email_id: emailId } = row;
  const shown = textIn(bagOf(row.contact).email) ?? emailId;
  const isClaimed = row.unverified.includes('contact.email');
  const isNamed = userId === null || (Object.hasOwn(traits, 'company') && !isClaimed);
  const hasAddress = emailId !== null || email !== null;
  return {
    type: 'identify',
    ...(userId === null ? {} : { userId }),
    ...(userId === null && !hasAddress ? { anonymousId: row.anonymous_id } : {}),
    traits: { ...(isNamed && emailId !== null ? { email: shown } : {}), ...traits },
  };
}

/**
 * Makes a new address one that the contact is known by, beside its older ones, so that a call finds it by that; refused where
 * another contact has it.
 */
async function giveAddress(sql: Sql, { row, email }: Correction): Promise<Refused | null> {
  if (email === null) return null;
  const asked = { kind: 'email', value: email };
  const others = [
    { kind: 'user', value: row.user_id },
    { kind: 'anonymous', value: row.anonymous_id },
    { kind: 'domain', value: email.slice(email.lastIndexOf('@') + 1) },
  ].flatMap(({ kind, value }) => (value === null ? [] : [{ kind, value }]));
  // All that the call asks for, at once and in the order of everybody who locks several.
  await lockIdentities(sql, bucketsOf([asked, ...others]));
  const [holder] = await loadRelied(sql, [asked]);
  if (holder !== undefined && holder.contact_id !== row.id)
    return refuse('conflict', 'Another contact has this e-mail address.', 'email');
  if (!(await lockContacts(sql, [row.id]))) return refuse('conflict', JOINED);
  await addIdentities(sql, [{ ...asked, contactId: row.id, isClaim: false }], [], null);
  return null;
}

function shownIn(value: unknown): string | null {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
}
