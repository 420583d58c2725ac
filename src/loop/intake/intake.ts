import type { Happening } from '../../core/condition/event.ts';
import type { KindOfDomain } from '../../core/contact/email.ts';
import { factFromTraits, type ProfileFact } from '../../core/contact/profile.ts';
import type { Opens } from '../../core/handoff/opening.ts';
import type { Call } from '../../core/intake/call.ts';
import type { Intake, PlacedCall } from '../../core/intake/identity.ts';
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
import { asideFact, withNewAsides } from './aside.ts';
import { type Arrivals, classArrivals, classByNetwork } from './bot.ts';
import { raiseBraked, undoable } from './brake.ts';
import { brakeGroups } from './firm.ts';
import { loadIntakeRules } from './setting.ts';
import { followSightings, placeSeen, sightingsOf } from './sighting.ts';

/**
 * How calls are taken in: when, as part of which import, and whether leads that qualify are handed over;
 * `later` leaves the evaluation to the caller, which settles the touched contacts.
 */
interface IntakeMode {
  readonly now: number;
  readonly batchId: string | null;
  readonly opens: Opens | 'later';
  /** By message: the company that a person says its contact is of, whatever its address says. */
  readonly companies?: ReadonlyMap<string, string>;
  /** Whether a person takes them in, now or again: then no letter answers what a lead did not do just now. */
  readonly isReplayed?: boolean;
}

/** What an intake did; `placed` holds the calls that were new, each with its contact. */
type Taken = Settled & { readonly placed: readonly PlacedCall[] };

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
  const seen = await placeSeen(
    sql,
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
      sightings: known.flatMap(({ kind, value: browser, contact_id: contactId, seen_at: at }) =>
        kind === 'sighting' && at !== null ? [{ browser, at, contactId }] : [],
      ),
    },
    app.newId,
  );
  const { intake } = seen;
  const createdAt = new Map(known.map(row => [row.contact_id, row.created_at]));
  const sights = firstSights(intake);
  const newcomers = sights.filter(({ id }) => !createdAt.has(id));
  const seenEarlier = sights.filter(({ id, seenAt }) => seenAt < (createdAt.get(id) ?? seenAt));
  await Promise.all([
    addContacts(sql, newcomers),
    seeEarlier(sql, seenEarlier),
    addIdentities(sql, intake.identities, sightingsOf(seen), mode.batchId),
  ]);
  await mergeContacts(sql, await undoable(sql, app, intake.merges), mode.now);
  await raiseBraked(sql, app, seen.braked, mode.now);
  const recordedAt = fresh.reduce((last, { receivedAt }) => Math.max(last, receivedAt), 0);
  const moved = await followSightings(sql, app, intake, { recordedAt });
  const survivorOf = new Map(intake.merges.map(({ from, into }) => [from, into]));
  const companyOf = new Map(
    known.flatMap(({ contact_id: id, company_id: company }) =>
      company === null ? [] : [[survivorOf.get(id) ?? id, company]],
    ),
  );
  const told = await withNewAsides(sql, intake.placed, kindOf);
  const placed = await brakeGroups(sql, app, told, { now: mode.now, kindOf });
  const linked = await linkCompanies(sql, placed, {
    companyOf,
    now: mode.now,
    newId: app.newId,
    kindOf,
  });
  const companyOfMessage = new Map([...linked.companyOfMessage, ...(mode.companies ?? [])]);
  const facts = placed.flatMap(item => factsOfCall(item, { companyOfMessage, kindOf }));
  const evaluate = async () => {
    const arrivals = await classArrivals(sql, app, intake.placed, { ...mode, mails });
    const changes = changesOf(intake, facts, { arrivals, moved: moved.contactIds, recordedAt });
    const settled = await (mode.opens === 'later'
      ? settleLater(sql, app, changes)
      : settle(sql, app, {
          changes,
          opens: mode.opens,
          agreements,
          isReplayed: mode.isReplayed === true,
        }));
    await arrivals.tell();
    await moved.tell();
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
function firstSights({
  placed,
}: Pick<Intake, 'placed'>): readonly { readonly id: string; readonly seenAt: number }[] {
  const first = new Map<string, number>();
  for (const { call, contactId } of placed)
    first.set(contactId, Math.min(call.receivedAt, first.get(contactId) ?? call.receivedAt));
  return [...first].map(([id, seenAt]) => ({ id, seenAt }));
}

type StoredFact = NewFact & ProfileFact;

/** What is known of companies and mailboxes while calls are made facts. */
interface Telling {
  readonly companyOfMessage: ReadonlyMap<string, string>;
  readonly kindOf: KindOfDomain;
}

/** What a call says of its contact, and what it tells by the way. */
function factsOfCall(placed: PlacedCall, by: Telling): readonly StoredFact[] {
  const { call, contactId, isNamed } = placed;
  const { companyOfMessage, kindOf } = by;
  const own = factOfCall(placed, by);
  const aside = asideFact(call, kindOf);
  if (aside === null) return own;
  const companyId = own.length > 0 ? null : (companyOfMessage.get(call.messageId) ?? null);
  const browser = isNamed ? null : call.ids.anonymous;
  return [...own, { ...aside, contactId, companyId, createdAt: null, recordedAt: call.receivedAt, browser }];
}

function factOfCall(
  { call, contactId, isNamed }: PlacedCall,
  { companyOfMessage, kindOf }: Telling,
): readonly StoredFact[] {
  const { says, at, messageId, receivedAt: recordedAt } = call;
  const companyId = companyOfMessage.get(messageId) ?? null;
  const browser = isNamed ? null : call.ids.anonymous;
  if (says.kind === 'identify') {
    const fact = factFromTraits(says.traits, { at, messageId, mode: modeOf(call), kindOf });
    return [{ ...fact, contactId, companyId, createdAt: creationIn(call), recordedAt, browser }];
  }
  if (says.kind === 'profile') {
    const { from, mode, traits, createdAt } = says;
    const fact = factFromTraits(traits, { at: from, messageId, mode, kindOf });
    return [{ ...fact, contactId, companyId, createdAt, recordedAt, browser }];
  }
  if (says.kind !== 'group') return [];
  // What a web page says of a company, or anybody of one without an id, is the contact's own view of it: it links nobody,
  // and nobody else shares it.
  const companyPart = call.trust === 'public' || says.groupId === null ? says.traits : {};
  const said = { contact: {}, companyPart, companyId, createdAt: null };
  return [{ ...said, at, messageId, mode: modeOf(call), contactId, recordedAt, browser }];
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

function eventOfCall({ call, contactId, isNamed }: PlacedCall): readonly NewEvent[] {
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
      browser: call.ids.anonymous,
      isNamed,
    },
  ];
}

function changesOf(
  { placed, created, merges }: Intake,
  facts: readonly StoredFact[],
  more: {
    readonly arrivals: Arrivals;
    /** The contacts between which stored rows moved, by what was said last at `recordedAt`. */
    readonly moved: readonly string[];
    readonly recordedAt: number;
  },
): ReadonlyMap<string, Change> {
  const isNew = new Set(created.map(({ id }) => id));
  const { messageIds: byMachines, recalled } = more.arrivals;
  const isMixed = new Set([...merges.map(({ into }) => into), ...more.moved]);
  const changes = new Map<string, Draft>();
  const draft = (id: string, now: number): Draft => {
    const known = changes.get(id);
    const made = known ?? {
      ...noChange(now),
      facts: [],
      events: [],
      mustRefold: isMixed.has(id) || recalled.has(id),
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
  for (const id of more.moved) draft(id, more.recordedAt);
  for (const fact of facts) draft(fact.contactId, fact.recordedAt).facts.push(fact);
  return changes;
}

/** A change while it is put together. */
type Draft = { -readonly [Key in keyof Omit<Change, 'facts' | 'events'>]: Change[Key] } & {
  readonly facts: ProfileFact[];
  readonly events: Happening[];
};
