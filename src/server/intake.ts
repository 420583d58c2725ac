import { createHash, randomUUID } from 'node:crypto';
import type { Call } from '../core/call.ts';
import { type CompanyAsk, domainOfTraits, foldTraits, openCompanyBook } from '../core/company.ts';
import { parseInstant } from '../core/instant.ts';
import { placeCalls } from '../core/intake.ts';
import { factFromTraits, type ProfileFact, textIn } from '../core/profile.ts';
import { normaliseText } from '../core/text.ts';
import { unreachable } from '../core/unreachable.ts';
import {
  addCompanyFacts,
  loadCompanies,
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
  lockIdentities,
  type NewEvent,
  type NewFact,
} from '../db/intake.ts';
import { mergeContacts } from '../db/merge.ts';
import type { App } from './app.ts';
import { kindOfDomain } from './domains.ts';
import { type Change, type Opens, type Settled, settle, settleLater } from './live.ts';

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
  const fresh = await keepNew(sql, calls, mode);
  if (fresh.length === 0) return { contactIds: [], given: [], placed: [] };
  const asked = identitiesAsked(fresh);
  await lockIdentities(sql, bucketsOf(asked));
  const known = await loadIdentities(sql, asked);
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
  await addContacts(sql, intake.created, mode.now);
  await addIdentities(sql, intake.identities);
  for (const merge of intake.merges) await mergeContacts(sql, merge, mode.now);
  const companyOf = new Map(
    known.flatMap(row => (row.company_id === null ? [] : [[row.contact_id, row.company_id]])),
  );
  const linked = await linkCompanies(sql, intake.placed, { companyOf, now: mode.now });
  const facts = intake.placed.flatMap(item => factOfCall(item, linked.companyOfMessage));
  await addFacts(sql, facts, mode.batchId);
  await addEvents(sql, intake.placed.flatMap(eventOfCall), mode.batchId);
  const changes = changesOf(intake.placed, facts, new Set(intake.merges.map(({ into }) => into)));
  const settled =
    mode.opens === 'later'
      ? await settleLater(sql, changes)
      : await settle(sql, app, { changes, opens: mode.opens });
  if (linked.changed.length > 0) await wakeColleagues(sql, linked.changed, settled.contactIds, mode.now);
  return { ...settled, placed: intake.placed };
}

/** The calls whose message was not known yet, each message once, in order. */
async function keepNew(sql: Sql, calls: readonly Call[], by: IntakeMode): Promise<readonly Call[]> {
  const byId = new Map<string, Call>();
  for (const call of calls) if (!byId.has(call.messageId)) byId.set(call.messageId, call);
  const added = await addMessages(sql, [...byId.keys()].sort(), by);
  return [...byId.values()].filter(({ messageId }) => added.has(messageId));
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

function bucketsOf(asked: readonly { readonly kind: string; readonly value: string }[]): readonly number[] {
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
      if (call.says.kind === 'group') {
        // A web page may say anything; only a server's word joins a company to a domain.
        const domain = call.trust === 'server' ? domainOfTraits(call.says.traits) : null;
        return [{ call, ask: { kind: 'group', contactId, groupId: call.says.groupId, domain } }];
      }
      const domain = call.ids.email?.split('@').at(-1);
      const isProfile = call.says.kind === 'identify' || call.says.kind === 'profile';
      if (!isProfile || domain === undefined || kindOfDomain(domain) !== 'business') return [];
      return [{ call, ask: { kind: 'domain', contactId, domain } }];
    },
  );
  if (asks.length === 0) return { companyOfMessage: new Map(), changed: [] };
  const rows = await loadCompanies(sql, {
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
    return [
      { companyId, at: call.at, messageId: call.messageId, mode: modeOf(call), traits: call.says.traits },
    ];
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
  await addCompanyFacts(sql, facts, known.now);
  const told = [...new Set(facts.map(({ companyId }) => companyId))];
  const all = await loadCompanyFacts(sql, told, known.now);
  for (const id of told) {
    const said = all.filter(fact => fact.company_id === id);
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

/** When the contact came to be, as a call tells it: the creation given with a profile, or the event itself. */
function creationIn({ says, at }: Call): number | null {
  switch (says.kind) {
    case 'event':
      return at;
    case 'identify':
      return parseInstant(textIn(says.traits.createdAt) ?? '');
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
  placed: readonly Placed[],
  facts: readonly StoredFact[],
  merged: ReadonlySet<string>,
): ReadonlyMap<string, Change> {
  const changes = new Map<string, Change>();
  const add = (id: string, next: Partial<Change> & Pick<Change, 'earliestAt' | 'now'>) => {
    const known = changes.get(id);
    changes.set(id, {
      facts: [...(known?.facts ?? []), ...(next.facts ?? [])],
      mustRefold: merged.has(id),
      earliestAt: Math.min(known?.earliestAt ?? next.earliestAt, next.earliestAt),
      createdAt: least(known?.createdAt ?? null, next.createdAt ?? null),
      lastSeenAt: most(known?.lastSeenAt ?? null, next.lastSeenAt ?? null),
      now: Math.max(known?.now ?? next.now, next.now),
    });
  };
  for (const { call, contactId } of placed) {
    const isPerson = call.says.kind === 'event' && call.says.machine === null;
    add(contactId, {
      earliestAt: call.at,
      createdAt: creationIn(call),
      lastSeenAt: isPerson ? call.at : null,
      now: call.receivedAt,
    });
  }
  for (const fact of facts)
    add(fact.contactId, {
      earliestAt: fact.at ?? Number.NEGATIVE_INFINITY,
      facts: [fact],
      now: fact.recordedAt,
    });
  return changes;
}

function least(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function most(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
