import type { Happening } from '../../core/condition/event.ts';
import type { KindOfDomain } from '../../core/contact/email.ts';
import { factFromTraits, type ProfileFact } from '../../core/contact/profile.ts';
import type { Opens } from '../../core/handoff/opening.ts';
import type { Call } from '../../core/intake/call.ts';
import { type Intake, placeCalls } from '../../core/intake/identity.ts';
import { normaliseText } from '../../core/text/normalise.ts';
import { earlier, isKept, later } from '../../core/time/instant.ts';
import { readMoment } from '../../core/time/moment.ts';
import { unreachable } from '../../core/unreachable.ts';
import { wakeColleagues } from '../../db/contact/company.ts';
import type { Sql } from '../../db/database.ts';
import { mergeContacts } from '../../db/duplicate/merge.ts';
import {
  addContacts,
  addEvents,
  addFacts,
  addIdentities,
  type NewEvent,
  type NewFact,
  seeEarlier,
} from '../../db/intake/intake.ts';
import { activeAgreements } from '../agreement/active.ts';
import type { App } from '../app.ts';
import { type Change, noChange } from '../contact/change.ts';
import { linkCompanies, modeOf } from '../contact/company.ts';
import { openCalls } from '../contact/identity.ts';
import { type Settled, settle, settleLater } from '../evaluation/settle.ts';
import { type Arrivals, classArrivals, classByNetwork } from './bot.ts';
import { loadIntakeRules } from './setting.ts';

/**
 * How calls are taken in: when, as part of which import, and whether leads that qualify are handed over;
 * `later` leaves the evaluation to the caller, which settles the touched contacts.
 */
interface IntakeMode {
  readonly now: number;
  readonly batchId: string | null;
  readonly opens: Opens | 'later';
}

/** What an intake did; `placed` holds the calls that were new, each with its contact. */
type Taken = Settled & { readonly placed: readonly Placed[] };

/**
 * Takes calls in, in the caller's transaction: each message once; people and companies told apart; profiles,
 * events and scores saved; leads that qualify handed over. Returns the contacts it touched, and where each
 * new message went.
 */
export async function takeIn(sql: Sql, app: App, calls: readonly Call[], mode: IntakeMode): Promise<Taken> {
  const { kindOf, mails } = await loadIntakeRules(sql, app);
  const [{ fresh, known }, agreements] = await Promise.all([
    openCalls(sql, calls, { ...mode, kindOf }),
    mode.opens === 'later' ? [] : activeAgreements(sql, app.db),
  ]);
  if (fresh.length === 0) return { contactIds: [], handoffs: [], placed: [] };
  const intake = placeCalls(
    fresh.map(call => classByNetwork(call, mails)),
    {
      contacts: known.map(row => ({
        id: row.contact_id,
        createdAt: row.created_at,
        hasUser: row.has_user,
        hasEmail: row.has_email,
        isEstablished: row.established,
      })),
      identities: known.flatMap(({ kind, value, contact_id, claimed }) =>
        kind === 'user' || kind === 'anonymous' || kind === 'email'
          ? [{ kind, value, contactId: contact_id, isClaim: claimed }]
          : [],
      ),
    },
    app.newId,
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
  const linked = await linkCompanies(sql, intake.placed, {
    companyOf,
    now: mode.now,
    newId: app.newId,
    kindOf,
  });
  const facts = intake.placed.flatMap(item => factOfCall(item, { ...linked, kindOf }));
  const evaluate = async () => {
    const arrivals = await classArrivals(sql, app, intake.placed, { ...mode, mails });
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

/** The contacts that calls are of, each with when the first of its calls came. */
function firstSights(placed: Intake['placed']): readonly { readonly id: string; readonly seenAt: number }[] {
  const first = new Map<string, number>();
  for (const { call, contactId } of placed)
    first.set(contactId, Math.min(call.receivedAt, first.get(contactId) ?? call.receivedAt));
  return [...first].map(([id, seenAt]) => ({ id, seenAt }));
}

type Placed = { readonly call: Call; readonly contactId: string };

type StoredFact = NewFact & ProfileFact;

function factOfCall(
  { call, contactId }: Placed,
  {
    companyOfMessage,
    kindOf,
  }: { readonly companyOfMessage: ReadonlyMap<string, string>; readonly kindOf: KindOfDomain },
): readonly StoredFact[] {
  const { says, at, messageId, receivedAt: recordedAt } = call;
  const companyId = companyOfMessage.get(messageId) ?? null;
  if (says.kind === 'identify') {
    const fact = factFromTraits(says.traits, { at, messageId, mode: modeOf(call), kindOf });
    return [{ ...fact, contactId, companyId, createdAt: creationIn(call), recordedAt }];
  }
  if (says.kind === 'profile') {
    const { from, mode, traits, createdAt } = says;
    const fact = factFromTraits(traits, { at: from, messageId, mode, kindOf });
    return [{ ...fact, contactId, companyId, createdAt, recordedAt }];
  }
  if (says.kind !== 'group') return [];
  // What a web page says of a company is the contact's own view of it: it links nobody, and nobody else shares it.
  const companyPart = call.trust === 'public' ? says.traits : {};
  const said = { contact: {}, companyPart, companyId, createdAt: null };
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
      const { at: created } = readMoment(says.traits.createdAt);
      return trust === 'public' || created === null || !isKept(created) ? null : created;
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
