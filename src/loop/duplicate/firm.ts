import { bagOf } from '../../core/contact/bag.ts';
import { domainOfTraits, foldTraits, openCompanyBook } from '../../core/contact/company.ts';
import type { KindOfDomain } from '../../core/contact/email.ts';
import { entry } from '../../core/contact/journal.ts';
import { LAST_INSTANT } from '../../core/time/instant.ts';
import {
  findCompanies,
  findGroupCompany,
  loadCompanyFacts,
  saveCompanies,
  wakeColleagues,
} from '../../db/contact/company.ts';
import { lockContacts } from '../../db/contact/profile.ts';
import type { Sql } from '../../db/database.ts';
import { listGrouped, relinkFacts, withdrawCompanyFacts } from '../../db/duplicate/firm.ts';
import { lockIdentities } from '../../db/intake/intake.ts';
import { addJournal } from '../../db/journal.ts';
import type { Doing } from '../actor.ts';
import { type App, announceContacts, announceQueue } from '../app.ts';
import { noChange } from '../contact/change.ts';
import { companyOfRow } from '../contact/company.ts';
import { bucketsOf } from '../contact/identity.ts';
import { settle } from '../evaluation/settle.ts';
import { loadIntakeRules } from '../intake/setting.ts';

/** How many contacts one transaction gives back. */
const BATCH = 200;

/** A group id, and since when what it linked is taken apart, in epoch ms. */
interface Group {
  readonly groupId: string;
  readonly since: number;
}

/**
 * Takes apart what a group id has linked: each contact is of the company of its own address again, or of the domain that was
 * told with it, or of none; what was said of the company is the contact's own view of one. What led to it before stays.
 * In transactions of some contacts each, so that one that breaks off is gone on with; returns how many changed company.
 */
export async function partGroup(app: App, group: Group, by: Doing): Promise<number> {
  await app.db.transaction(sql => withdraw(sql, group, by));
  let parted = 0;
  let after: string | null = null;
  do {
    const start: string | null = after;
    const done: Some = await app.db.transaction(sql => partSome(sql, app, { ...group, after: start }, by));
    announceContacts(app.hub, done.contactIds);
    parted += done.parted;
    after = done.last;
  } while (after !== null);
  await app.db.transaction(sql => freeId(sql, group, by));
  announceQueue(app.hub);
  return parted;
}

type Row = Awaited<ReturnType<typeof listGrouped>>[number];

function domainOf({ domain, traits }: Row, kindOf: KindOfDomain): string | null {
  const told = domain ?? domainOfTraits(bagOf(traits));
  return told !== null && kindOf(told) === 'business' ? told : null;
}

interface Some {
  readonly parted: number;
  /** The last contact looked at; null when there are no more. */
  readonly last: string | null;
  readonly contactIds: readonly string[];
}

async function partSome(
  sql: Sql,
  app: App,
  group: Group & { readonly after: string | null },
  by: Doing,
): Promise<Some> {
  const nothing = { parted: 0, last: null, contactIds: [] };
  const { kindOf } = await loadIntakeRules(sql, app);
  const company = await findGroupCompany(sql, group.groupId);
  if (company === null) return nothing;
  const from = { companyId: company.id, since: group.since };
  const rows = await listGrouped(sql, from, { after: group.after, limit: BATCH });
  if (rows.length === 0) return nothing;
  const linked = rows.filter(({ traits }) => traits !== null);
  const domains = linked.flatMap(row => domainOf(row, kindOf) ?? []);
  // As an intake does: names first, then contacts, then companies.
  const names = domains.map(value => ({ kind: 'domain', value }));
  await lockIdentities(sql, bucketsOf([...names, { kind: 'group', value: group.groupId }]));
  await lockContacts(
    sql,
    rows.map(({ id }) => id),
  );
  const known = await findCompanies(sql, { domains, groupIds: [group.groupId], ids: [] });
  const book = openCompanyBook({
    companies: known.map(companyOfRow),
    companyOf: new Map(),
    newId: app.newId,
  });
  const targets = linked.map(row => {
    const domain = domainOf(row, kindOf);
    const companyId = domain === null ? null : book.place({ kind: 'domain', contactId: row.id, domain });
    return { contactId: row.id, companyId };
  });
  const traits = new Map(known.map(row => [row.id, row.traits]));
  const changed = book.changed();
  await saveCompanies(
    sql,
    changed.map(one => ({ ...one, traits: traits.get(one.id) ?? {} })),
    by.now,
  );
  await relinkFacts(sql, targets, from, by.now);
  const left = targets.filter(({ companyId }) => companyId !== company.id);
  await addJournal(
    sql,
    left.map(({ contactId }) =>
      entry('company_parted', { group: group.groupId }, { contactId, at: by.now, by: by.actor }),
    ),
  );
  const changes = new Map(rows.map(({ id }) => [id, { ...noChange(by.now), mustRefold: true }]));
  const { contactIds } = await settle(sql, app, { changes, opens: 'onTime' });
  const last = rows.length < BATCH ? null : (rows.at(-1)?.id ?? null);
  return { parted: left.length, last, contactIds };
}

/** Takes back what was said of the company meanwhile; colleagues are evaluated anew, too. */
async function withdraw(sql: Sql, { groupId, since }: Group, by: Doing): Promise<void> {
  const [row] = await findCompanies(sql, { domains: [], groupIds: [groupId], ids: [] });
  if (row === undefined) return;
  await withdrawCompanyFacts(sql, { companyId: row.id, since }, by.now);
  const facts = await loadCompanyFacts(sql, [row.id], LAST_INSTANT);
  const traits = foldTraits(facts.map(fact => fact.traits));
  await saveCompanies(sql, [{ ...companyOfRow(row), traits }], by.now);
  await wakeColleagues(sql, [row.id], [], by.now);
}

/** Where nothing was said of the company before, the id stands for none. */
async function freeId(sql: Sql, { groupId }: Group, by: Doing): Promise<void> {
  const [row] = await findCompanies(sql, { domains: [], groupIds: [groupId], ids: [] });
  if (row === undefined || (await loadCompanyFacts(sql, [row.id], LAST_INSTANT)).length > 0) return;
  await saveCompanies(sql, [{ ...companyOfRow(row), groupId: null, traits: row.traits }], by.now);
}
