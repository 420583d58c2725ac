import { createHash, randomUUID } from 'node:crypto';
import { type Call, EARLIEST } from '../core/call.ts';
import { type CompanyAsk, domainOfTraits, foldTraits, openCompanyBook } from '../core/company.ts';
import type { Happening } from '../core/event.ts';
import { earlier, later, parseInstant } from '../core/instant.ts';
import { type Intake, placeCalls } from '../core/intake.ts';
import { factFromTraits, type ProfileFact, textIn } from '../core/profile.ts';
import { normaliseText } from '../core/text.ts';
import { unreachable } from '../core/unreachable.ts';
import {
  addCompanyFacts,
  findCompanies,
  loadCompanyFacts,
  type NewCompanyFact,
  saveCompanies,
  wakeColleagues,
} from '../db/company.ts';
import type { Sql } from '../db/database.ts';
import {
  addContacts,
  addEvents,
  addFacts,
  addIdentities,
  addMessages,
  loadIdentities,
  lockHolders,
  lockIdentities,
  type NewEvent,
  type NewFact,
  seeEarlier,
} from '../db/intake.ts';
import { mergeContacts } from '../db/merge.ts';
import type { App } from './app.ts';
import { kindOfDomain } from './domains.ts';
import { groupBy } from './fold.ts';
import { ALL_KNOWN } from './history.ts';
import { type Change, noChange, type Settled, settle, settleLater } from './live.ts';
import { type Arrivals, classArrivals, classByNetwork } from './machine.ts';
import { activeAgreements } from './program.ts';
import type { Opens } from './standing.ts';

/**
 * How calls are taken in: when, as part of which import, and whether leads that qualify are handed over; `later` leaves
 * the evaluation to whoever settles the touched contacts.
 */
export interface IntakeMode {
  readonly now: number;
  readonly batchId: string | null;
  readonly opens: Opens | 'later';
}

/** What an intake did; `placed` holds the calls that were new, each with its contact. */
export type Taken = Settled & { readonly placed: readonly Placed[] };

/** Over how many advisory locks identities are spread: enough that two nodes rarely meet on one. */
const LOCK_BUCKETS = 1024;

/**
 * Takes calls in, in the caller's transaction: each message once; people and companies told apart; profiles, events and
 * scores saved; leads that qualify handed over. Returns whom it touched, and where each new message went.
 */
export async function takeIn(sql: Sql, app: App, calls: readonly Call[], mode: IntakeMode): Promise<Taken> {
  const [{ fresh, known }, agreements] = await Promise.all([
    openCalls(sql, calls, mode),
    mode.opens === 'later' ? [] : activeAgreements(sql, app.db),
  ]);
  if (fresh.length === 0) return { contactIds: [], given: [], placed: [] };
  const intake = placeCalls(
    fresh,
    {
      contacts: known.map(row => ({
        id: row.contact_id,
        createdAt: row.created_at,
        hasUser: row.has_user,
        hasEmail: row.has_email,
      })),
      identities: known.flatMap(({ kind, value, contact_id }) =>
        kind === 'user' || kind === 'anonymous' || kind === 'email'
          ? [{ kind, value, contactId: contact_id }]
          : [],
      ),
    },
    randomUUID,
  );
  const createdAt = new Map(known.map(row => [row.contact_id, row.created_at]));
  const seen = firstSights(intake.placed);
  const newcomers = seen.filter(({ id }) => !createdAt.has(id));
  const seenEarlier = seen.filter(({ id, seenAt }) => seenAt < (createdAt.get(id) ?? seenAt));
  await Promise.all([
    addContacts(sql, newcomers),
    seeEarlier(sql, seenEarlier),
    addIdentities(sql, intake.identities, mode.batchId),
  ]);
  await mergeContacts(sql, intake.merges, mode.now);
  const survivorOf = new Map(intake.merges.map(({ from, into }) => [from, into]));
  const companyOf = new Map(
    known.flatMap(({ contact_id: id, company_id: company }) =>
      company === null ? [] : [[survivorOf.get(id) ?? id, company]],
    ),
  );
  const linked = await linkCompanies(sql, intake.placed, { companyOf, now: mode.now });
  const facts = intake.placed.flatMap(item => factOfCall(item, linked.companyOfMessage));
  const evaluate = async () => {
    const arrivals = await classArrivals(sql, app, intake.placed, mode);
    const changes = changesOf(intake, facts, arrivals);
    const settled = await (mode.opens === 'later'
      ? settleLater(sql, changes)
      : settle(sql, app, { changes, opens: mode.opens, agreements }));
    await arrivals.tell();
    return settled;
  };
  const [, , settled] = await Promise.all([
    addFacts(sql, facts, mode.batchId),
    addEvents(sql, intake.placed.flatMap(eventOfCall), mode.batchId),
    evaluate(),
  ]);
  if (linked.changed.length > 0) await wakeColleagues(sql, linked.changed, settled.contactIds, mode.now);
  return { ...settled, placed: intake.placed };
}

/** Whom calls are of, each with when the first of them came. */
function firstSights(placed: Intake['placed']): readonly { readonly id: string; readonly seenAt: number }[] {
  const first = new Map<string, number>();
  for (const { call, contactId } of placed)
    first.set(contactId, Math.min(call.receivedAt, first.get(contactId) ?? call.receivedAt));
  return [...first].map(([id, seenAt]) => ({ id, seenAt }));
}

/**
 * The calls whose message was not known yet, each message once, in order; and who is known by what they name, locked until
 * the transaction ends.
 */
async function openCalls(sql: Sql, calls: readonly Call[], mode: IntakeMode) {
  const byId = new Map<string, Call>();
  for (const call of calls) if (!byId.has(call.messageId)) byId.set(call.messageId, call);
  const asked = identitiesAsked([...byId.values()]);
  const buckets = bucketsOf([...asked, ...companiesAsked([...byId.values()])]);
  let [added, , locked, known] = await Promise.all([
    addMessages(sql, [...byId.keys()].sort(), mode),
    lockIdentities(sql, buckets),
    lockHolders(sql, asked),
    loadIdentities(sql, asked),
  ]);
  // A contact joined to another while its lock was waited for: whom the identities lead to now is locked, too.
  while (known.some(row => !locked.has(row.contact_id)))
    [locked, known] = await Promise.all([lockHolders(sql, asked), loadIdentities(sql, asked)]);
  const fresh = [...byId.values()].filter(({ messageId }) => added.has(messageId));
  return { fresh: fresh.map(classByNetwork), known };
}

/** The names by which calls may find or make a company; two nodes must not make the same one. */
function companiesAsked(
  calls: readonly Call[],
): readonly { readonly kind: string; readonly value: string }[] {
  return calls.flatMap(call => {
    const domain = domainIn(call);
    const group = call.says.kind === 'group' ? [{ kind: 'group', value: call.says.groupId }] : [];
    return domain === null ? group : [...group, { kind: 'domain', value: domain }];
  });
}

/** The company's domain that a call tells of: that of a business address, or of a group that a server speaks of. */
function domainIn({ ids, says, trust }: Call): string | null {
  // A web page may say anything; only a server's word joins a company to a domain.
  if (says.kind === 'group') return trust === 'server' ? domainOfTraits(says.traits) : null;
  if (says.kind !== 'identify' && says.kind !== 'profile') return null;
  const domain = ids.email?.split('@').at(-1);
  return domain === undefined || kindOfDomain(domain) !== 'business' ? null : domain;
}

function identitiesAsked(
  calls: readonly Call[],
): readonly { readonly kind: string; readonly value: string }[] {
  const asked = new Map<string, { readonly kind: string; readonly value: string }>();
  const ask = (kind: string, value: string | null) => {
    if (value !== null) asked.set(`${kind}\u0000${value}`, { kind, value });
  };
  for (const { ids, says } of calls) {
    ask('user', ids.user);
    ask('anonymous', ids.anonymous);
    ask('email', ids.email);
    if (says.kind !== 'alias') continue;
    ask('anonymous', says.previousId);
    ask('user', says.previousId);
  }
  return [...asked.values()];
}

/** The advisory locks that these identities share. */
export function bucketsOf(
  asked: readonly { readonly kind: string; readonly value: string }[],
): readonly number[] {
  const buckets = asked.map(({ kind, value }) => {
    const hash = createHash('sha1').update(kind).update('\u0000').update(value).digest();
    return hash.readUInt32BE(0) % LOCK_BUCKETS;
  });
  return [...new Set(buckets)].sort((a, b) => a - b);
}

type Placed = { readonly call: Call; readonly contactId: string };

const modeOf = (call: Call) => (call.trust === 'public' ? 'fill' : 'set');

/** Links contacts to companies and stores what group calls say of them. */
async function linkCompanies(
  sql: Sql,
  placed: readonly Placed[],
  known: { readonly companyOf: ReadonlyMap<string, string>; readonly now: number },
): Promise<{ readonly companyOfMessage: ReadonlyMap<string, string>; readonly changed: readonly string[] }> {
  const asks = placed.flatMap(
    ({ call, contactId }): readonly { readonly call: Call; readonly ask: CompanyAsk }[] => {
      const domain = domainIn(call);
      if (call.says.kind === 'group')
        return [{ call, ask: { kind: 'group', contactId, groupId: call.says.groupId, domain } }];
      if (domain === null) return [];
      return [{ call, ask: { kind: 'domain', contactId, domain, mayName: call.trust === 'server' } }];
    },
  );
  if (asks.length === 0) return { companyOfMessage: new Map(), changed: [] };
  const rows = await findCompanies(sql, {
    domains: asks.flatMap(({ ask }) => ask.domain ?? []),
    groupIds: asks.flatMap(({ ask }) => (ask.kind === 'group' ? [ask.groupId] : [])),
    ids: [...new Set(known.companyOf.values())],
  });
  const book = openCompanyBook({
    companies: rows.map(({ id, domain, group_id }) => ({ id, domain, groupId: group_id })),
    companyOf: known.companyOf,
    newId: randomUUID,
  });
  const companyOfMessage = new Map(asks.map(({ call, ask }) => [call.messageId, book.place(ask)]));
  const facts = asks.flatMap(({ call }): NewCompanyFact[] => {
    const companyId = companyOfMessage.get(call.messageId);
    if (call.says.kind !== 'group' || companyId === undefined) return [];
    const { at, messageId, receivedAt: recordedAt } = call;
    return [{ companyId, at, messageId, mode: modeOf(call), traits: call.says.traits, recordedAt }];
  });
  const traits = new Map(rows.map(({ id, traits }) => [id, traits]));
  const save = (companies: readonly { id: string; domain: string | null; groupId: string | null }[]) =>
    saveCompanies(
      sql,
      companies.map(company => ({ ...company, traits: traits.get(company.id) ?? {} })),
      known.now,
    );
  const changed = book.changed();
  await save(changed);
  if (facts.length === 0) return { companyOfMessage, changed: [] };
  await addCompanyFacts(sql, facts);
  const told = [...new Set(facts.map(({ companyId }) => companyId))];
  const all = groupBy(await loadCompanyFacts(sql, told, ALL_KNOWN), fact => fact.company_id);
  for (const id of told) {
    const said = all.get(id) ?? [];
    traits.set(
      id,
      foldTraits(
        said.map(({ mode, traits: given }) => ({ mode: mode === 'fill' ? 'fill' : 'set', traits: given })),
      ),
    );
  }
  const byId = new Map(
    [...rows.map(row => ({ id: row.id, domain: row.domain, groupId: row.group_id })), ...changed].map(
      company => [company.id, company],
    ),
  );
  await save(told.flatMap(id => byId.get(id) ?? []));
  return { companyOfMessage, changed: told };
}

type StoredFact = NewFact & ProfileFact;

function factOfCall(
  { call, contactId }: Placed,
  companyOfMessage: ReadonlyMap<string, string>,
): readonly StoredFact[] {
  const { says, at, messageId, receivedAt: recordedAt } = call;
  const companyId = companyOfMessage.get(messageId) ?? null;
  if (says.kind === 'identify') {
    const fact = factFromTraits(says.traits, { at, messageId, mode: modeOf(call), kindOf: kindOfDomain });
    return [{ ...fact, contactId, companyId, createdAt: creationIn(call), recordedAt }];
  }
  if (says.kind === 'profile') {
    const { from, mode, traits, createdAt } = says;
    const fact = factFromTraits(traits, { at: from, messageId, mode, kindOf: kindOfDomain });
    return [{ ...fact, contactId, companyId, createdAt, recordedAt }];
  }
  if (says.kind !== 'group') return [];
  const said = { contact: {}, companyPart: {}, companyId, createdAt: null };
  return [{ ...said, at, messageId, mode: modeOf(call), contactId, recordedAt }];
}

/** Whether a contact must have been there when something was said of it; a row of a file alone says when it came. */
function wasThere({ says }: Call): boolean {
  return says.kind === 'event' || says.kind === 'identify' || says.kind === 'group';
}

/** When the contact came to be, as a call tells it: the creation given with a profile, or the event itself. */
function creationIn({ says, at, trust }: Call): number | null {
  switch (says.kind) {
    case 'event':
      return at;
    case 'identify': {
      // Every contact has a creation; a web page overwrites nothing.
      const given = trust === 'public' ? null : parseInstant(textIn(says.traits.createdAt) ?? '');
      return given !== null && given >= EARLIEST ? given : null;
    }
    case 'profile':
      return says.createdAt;
    case 'group':
    case 'alias':
      return null;
    default:
      return unreachable(says);
  }
}

function eventOfCall({ call, contactId }: Placed): readonly NewEvent[] {
  const { says, at, messageId, receivedAt: recordedAt } = call;
  if (says.kind !== 'event') return [];
  const { type, name, properties, context, machine } = says;
  return [
    {
      contactId,
      at,
      messageId,
      type,
      name,
      nameKey: normaliseText(name),
      properties,
      context,
      machine,
      recordedAt,
    },
  ];
}

function changesOf(
  { placed, created, merges }: Intake,
  facts: readonly StoredFact[],
  { messageIds: byMachines, recalled }: Arrivals,
): ReadonlyMap<string, Change> {
  const isNew = new Set(created.map(({ id }) => id));
  const isMerged = new Set(merges.map(({ into }) => into));
  const changes = new Map<string, Draft>();
  const draft = (id: string, now: number): Draft => {
    const known = changes.get(id);
    const made = known ?? {
      ...noChange(now),
      facts: [],
      events: [],
      mustRefold: isMerged.has(id) || recalled.has(id),
      isNew: isNew.has(id),
    };
    if (known === undefined) changes.set(id, made);
    made.now = Math.max(made.now, now);
    return made;
  };
  for (const { call, contactId } of placed) {
    const { says, at } = call;
    const change = draft(contactId, call.receivedAt);
    change.createdAt = [wasThere(call) ? at : null, creationIn(call)].reduce(earlier, change.createdAt);
    if (says.kind !== 'event' || says.machine !== null || byMachines.has(call.messageId)) continue;
    change.lastSeenAt = later(change.lastSeenAt, at);
    change.events.push({ at, name: says.name, properties: says.properties, context: says.context });
  }
  for (const fact of facts) draft(fact.contactId, fact.recordedAt).facts.push(fact);
  return changes;
}

/** A change while it is put together. */
type Draft = { -readonly [Key in keyof Omit<Change, 'facts' | 'events'>]: Change[Key] } & {
  readonly facts: ProfileFact[];
  readonly events: Happening[];
};
