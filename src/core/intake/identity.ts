import type { Call, CallIds, Trust } from './call.ts';
import { openSightings, type Sighting, type Stretch } from './sighting.ts';

type IdentityKind = 'user' | 'anonymous' | 'email';

export interface Identity {
  readonly kind: IdentityKind;
  readonly value: string;
}

/** A contact as far as telling people apart needs it. */
export interface Someone {
  readonly id: string;
  readonly createdAt: number;
  readonly hasUser: boolean;
  readonly hasEmail: boolean;
  /** Whether a server named it by a user id or an address, rather than a web page alone. */
  readonly isEstablished: boolean;
}

/** An identity with the contact that holds it; a claim is one that only a public key has named. */
export type HeldIdentity = Identity & { readonly contactId: string; readonly isClaim: boolean };

/** Whether a contact is more than an anonymous visitor: it has a user id or an e-mail address. */
function isKnown(contact: Someone): boolean {
  return contact.hasUser || contact.hasEmail;
}

/** What the database knows of the identities that a batch of calls names. */
export interface Acquaintance {
  readonly contacts: readonly Someone[];
  readonly identities: readonly HeldIdentity[];
  /** Of each browser that calls name: all sightings over their time, the last before and the first after it. */
  readonly sightings: readonly Sighting[];
  /** User ids and addresses that have joined too many contacts, by `identityKey`: they join nobody, and other ids go before them. */
  readonly braked?: ReadonlySet<string>;
}

/**
 * Whether a server's word passes over what a public key said: that an established contact has this identity, too. Else a
 * web page could prepare what it may not do, such as a merge of two known contacts.
 */
export function isPassedOver(held: { readonly isClaim: boolean; readonly isEstablished: boolean }): boolean {
  return held.isClaim && held.isEstablished;
}

/** One contact's history joined to another's; one-way. */
interface Merge {
  readonly from: string;
  readonly into: string;
  readonly at: number;
  /** When the call that told so came. */
  readonly recordedAt: number;
  readonly because: string;
  /** What the call named that joined two known contacts; nothing where a visitor was identified. */
  readonly ids: readonly Identity[];
}

/** A sighting as it is stored: by the identity that was named, so that it follows that one. */
export interface NewSighting {
  readonly browser: string;
  readonly at: number;
  readonly by: Identity;
}

/** A call with the contact it belongs to, and whether it names that one by more than its browser. */
export interface PlacedCall {
  readonly call: Call;
  readonly contactId: string;
  readonly isNamed: boolean;
}

export interface Intake {
  /** Which contact each call belongs to, in the order of the calls. */
  readonly placed: readonly PlacedCall[];
  readonly created: readonly Someone[];
  /** Identities that are new, no longer claims, or moved to the contact that a server named. */
  readonly identities: readonly HeldIdentity[];
  readonly merges: readonly Merge[];
  /** What each join of two known contacts was made by, of those that are new too. */
  readonly joins: readonly (readonly Identity[])[];
  readonly sightings: readonly NewSighting[];
  /** What is stored of browsers and belongs to somebody else by the new sightings. */
  readonly stretches: readonly Stretch[];
}

/**
 * Decides which contact each call belongs to, who is new, and who turn out to be one person. The same e-mail address is
 * the same contact; an anonymous visitor joins the contact it is identified as. What a browser does belongs to the person
 * who said last who they are there. A public key never joins two known contacts, and what it claims never makes a server's
 * call do so later.
 */
export function placeCalls(calls: readonly Call[], known: Acquaintance, newId: () => string): Intake {
  const book = openBook(known, newId);
  const placed = calls.map((call, place) => {
    const moment = momentOf(call, place);
    return {
      call,
      moment,
      contactId: placeCall(withoutBraked(call, book), moment, book),
      isNamed: isNamed(call),
    };
  });
  const ownerOf = ({ call, moment, contactId, isNamed: named }: (typeof placed)[number]) =>
    named || call.ids.anonymous === null
      ? contactId
      : (book.ownerAt(call.ids.anonymous, moment) ?? contactId);
  const stored = new Map(
    known.identities.flatMap(({ kind, value, contactId }) =>
      kind === 'anonymous' ? [[value, contactId] as const] : [],
    ),
  );
  return {
    placed: placed.map(item => ({
      call: item.call,
      contactId: book.survivor(ownerOf(item)),
      isNamed: item.isNamed,
    })),
    joins: book.merges.flatMap(({ ids }) => (ids.length === 0 ? [] : [ids])),
    sightings: book.sighted,
    stretches: book.stretches({
      holderOf: browser => stored.get(browser) ?? null,
      survivor: book.survivor,
    }),
    created: book.created.flatMap(id => (book.survivor(id) === id ? (book.someone(id) ?? []) : [])),
    identities: book
      .changed()
      .map(identity => ({ ...identity, contactId: book.survivor(identity.contactId) })),
    // Who is new has nothing to move yet, and may be joined to another before it is stored.
    merges: book.merges.flatMap(merge =>
      book.created.includes(merge.from) ? [] : [{ ...merge, into: book.survivor(merge.into) }],
    ),
  };
}

/** Whether a call names its contact by more than the browser it came from. */
function isNamed({ ids }: Call): boolean {
  return ids.user !== null || ids.email !== null;
}

type Moment = Parameters<ReturnType<typeof openSightings>['ownerAt']>[1];

function momentOf({ at, receivedAt }: Call, place: number): Moment {
  return { at, place, isUntimed: at === receivedAt };
}

/** A call without its ids that join nobody any more, as long as another one is left. */
function withoutBraked(call: Call, { isBraked }: Book): Call {
  const { user, email, anonymous } = call.ids;
  const ids = {
    user: user !== null && isBraked({ kind: 'user', value: user }) ? null : user,
    email: email !== null && isBraked({ kind: 'email', value: email }) ? null : email,
    anonymous,
  };
  const isNobody = ids.user === null && ids.email === null && anonymous === null;
  return call.says.kind === 'alias' || isNobody ? call : { ...call, ids };
}

/** The user ids and the address by which a call joins known contacts. */
function joiningIds({ ids, says }: Call): readonly Identity[] {
  const users = [ids.user, says.kind === 'alias' ? says.previousId : null];
  return [
    ...users.flatMap((value): readonly Identity[] => (value === null ? [] : [{ kind: 'user', value }])),
    ...(ids.email === null ? [] : [{ kind: 'email' as const, value: ids.email }]),
  ];
}

interface Book extends Pick<ReturnType<typeof openSightings>, 'ownerAt' | 'stretches'> {
  /** Notes who said on a browser who they are; an event that says so once more is not noted. */
  readonly sight: (
    call: Call,
    moment: Moment,
    seen: { readonly browser: string; readonly contactId: string; readonly by: Identity },
  ) => void;
  readonly sighted: NewSighting[];
  readonly isBraked: (identity: Identity) => boolean;
  /** The contact that holds an identity, as far as the caller may rely on it. */
  readonly find: (identity: Identity, trust: Trust) => string | null;
  readonly someone: (id: string) => Someone | null;
  /** Gives an identity to a contact, unless another one holds it; a server makes it more than a claim. */
  readonly add: (identity: Identity, contactId: string, trust: Trust) => void;
  readonly create: (createdAt: number) => string;
  readonly merge: (merge: Merge) => void;
  readonly survivor: (id: string) => string;
  readonly created: string[];
  readonly changed: () => readonly HeldIdentity[];
  readonly merges: Merge[];
}

function openBook(known: Acquaintance, newId: () => string): Book {
  const held = new Map(known.identities.map(identity => [identityKey(identity), identity]));
  const people = new Map(known.contacts.map(contact => [contact.id, contact]));
  const mergedInto = new Map<string, string>();
  const created: string[] = [];
  const changed = new Set<string>();
  const merges: Merge[] = [];
  const sightings = openSightings(known.sightings);
  const sighted: NewSighting[] = [];
  const survivor = (id: string): string => {
    const next = mergedInto.get(id);
    return next === undefined ? id : survivor(next);
  };
  const someone = (id: string) => people.get(survivor(id)) ?? null;
  const find = (identity: Identity, trust: Trust) => {
    const holding = held.get(identityKey(identity));
    if (holding === undefined) return null;
    const isEstablished = someone(holding.contactId)?.isEstablished === true;
    const isPassed = trust === 'server' && isPassedOver({ isClaim: holding.isClaim, isEstablished });
    return isPassed ? null : survivor(holding.contactId);
  };
  return {
    ownerAt: sightings.ownerAt,
    stretches: sightings.stretches,
    sighted,
    isBraked: identity => known.braked?.has(identityKey(identity)) === true,
    sight: ({ says, at }, moment, { browser, contactId, by }) => {
      const last = sightings.saidBy(browser, moment);
      if (says.kind === 'event' && last !== null && survivor(last) === survivor(contactId)) return;
      sightings.add(browser, moment, contactId);
      sighted.push({ browser, at, by });
    },
    created,
    changed: () => [...changed].flatMap(name => held.get(name) ?? []),
    merges,
    survivor,
    someone,
    find,
    add: ({ kind, value }, contactId, trust) => {
      const name = identityKey({ kind, value });
      const before = held.get(name);
      const isClaim = trust === 'public' && kind !== 'anonymous';
      const isFree = before === undefined || (!isClaim && find({ kind, value }, trust) === null);
      const holderId = isFree ? contactId : survivor(before.contactId);
      if (!isFree && (isClaim || !before.isClaim || holderId !== survivor(contactId))) return;
      held.set(name, { kind, value, contactId: holderId, isClaim });
      changed.add(name);
      const holder = someone(holderId);
      if (holder === null) return;
      people.set(holder.id, {
        ...holder,
        hasUser: holder.hasUser || kind === 'user',
        hasEmail: holder.hasEmail || kind === 'email',
        isEstablished: holder.isEstablished || (kind !== 'anonymous' && !isClaim),
      });
    },
    create: createdAt => {
      const id = newId();
      people.set(id, { id, createdAt, hasUser: false, hasEmail: false, isEstablished: false });
      created.push(id);
      return id;
    },
    merge: merge => {
      const [from, into] = [someone(merge.from), someone(merge.into)];
      if (from === null || into === null || from.id === into.id) return;
      mergedInto.set(from.id, into.id);
      people.set(into.id, {
        id: into.id,
        createdAt: Math.min(from.createdAt, into.createdAt),
        hasUser: from.hasUser || into.hasUser,
        hasEmail: from.hasEmail || into.hasEmail,
        isEstablished: from.isEstablished || into.isEstablished,
      });
      merges.push(merge);
    },
  };
}

/** An identity as one text. */
export function identityKey({ kind, value }: Identity): string {
  return `${kind}\u0000${value}`;
}

function placeCall(call: Call, moment: Moment, book: Book): string {
  if (call.says.kind === 'alias') return placeAlias(call, call.says.previousId, moment, book);
  const { user, email, anonymous } = identitiesOf(call.ids);
  const find = (identity: Identity | null) => (identity === null ? null : book.find(identity, call.trust));
  const [byUser, byEmail] = [find(user), find(email)];
  const visitor = anonymous === null ? null : visitorOn(anonymous.value, call, moment, book);
  const main = byUser ?? byEmail ?? sameVisitor(call, visitor) ?? book.create(call.at);
  // Before this call counts for either, so that of two the one that a server knew already stays.
  if (byEmail !== null) join({ call, from: byEmail, into: main, because: 'the same e-mail address' }, book);
  if (email !== null && mayHoldEmail(call, { main, byUser }, book)) book.add(email, main, call.trust);
  if (user !== null) book.add(user, main, call.trust);
  if (anonymous !== null) book.add(anonymous, main, call.trust);
  if (visitor !== null && !isKnown(visitor))
    join({ call, from: visitor.id, into: main, because: 'an anonymous visitor was identified' }, book);
  const by = user ?? email;
  if (anonymous !== null && by !== null)
    book.sight(call, moment, { browser: anonymous.value, contactId: main, by });
  return book.survivor(main);
}

/** Who was on a browser when a call happened; null when nothing is known of it. */
function visitorOn(browser: string, call: Call, moment: Moment, book: Book): Someone | null {
  const id = book.ownerAt(browser, moment) ?? book.find({ kind: 'anonymous', value: browser }, call.trust);
  return id === null ? null : book.someone(id);
}

/** The visitor, unless it is known by another user id or address than the new ones of this call: browsers are shared. */
function sameVisitor({ ids }: Call, visitor: Someone | null): string | null {
  if (visitor === null) return null;
  const isOther = (ids.user !== null && visitor.hasUser) || (ids.email !== null && visitor.hasEmail);
  return isOther ? null : visitor.id;
}

function identitiesOf(ids: CallIds): Readonly<Record<IdentityKind, Identity | null>> {
  const identity = (kind: IdentityKind): Identity | null => {
    const value = ids[kind];
    return value === null ? null : { kind, value };
  };
  return { user: identity('user'), email: identity('email'), anonymous: identity('anonymous') };
}

/** A public key may name the address of somebody new, not add one to a contact that is known already. */
function mayHoldEmail(
  call: Call,
  found: { readonly main: string; readonly byUser: string | null },
  book: Book,
): boolean {
  const holder = book.someone(found.main);
  return call.trust === 'server' || found.byUser === null || holder === null || !isKnown(holder);
}

/**
 * A visitor who is told to be a user is identified as that user, as by a call with both; so on a shared browser nobody is
 * joined to who was there before. A product also renames its users; a web page may only speak of its visitor.
 */
function placeAlias(call: Call, previousId: string, moment: Moment, book: Book): string {
  const user: Identity = { kind: 'user', value: call.ids.user ?? '' };
  const kinds = call.trust === 'server' ? (['anonymous', 'user'] as const) : (['anonymous'] as const);
  const renamed = call.trust === 'server' ? book.find({ kind: 'user', value: previousId }, call.trust) : null;
  const visitor = visitorOn(previousId, call, moment, book);
  const isNobody = renamed === null && visitor === null;
  const main = book.find(user, call.trust) ?? renamed ?? sameAlias(call, visitor) ?? book.create(call.at);
  book.add(user, main, call.trust);
  if (isNobody) for (const kind of kinds) book.add({ kind, value: previousId }, main, call.trust);
  if (renamed !== null) join({ call, from: renamed, into: main, because: 'an alias call' }, book);
  if (visitor !== null && !isKnown(visitor))
    join({ call, from: visitor.id, into: main, because: 'an alias call' }, book);
  if (isNobody || visitor !== null)
    book.sight(call, moment, { browser: previousId, contactId: main, by: user });
  return book.survivor(main);
}

function sameAlias(call: Call, visitor: Someone | null): string | null {
  if (visitor === null || (call.trust === 'public' && isKnown(visitor))) return null;
  return sameVisitor(call, visitor);
}

/** How well a contact is known: by nothing, by what a web page claims, by what a server says. */
function rankOf(contact: Someone): number {
  if (contact.isEstablished) return 2;
  return isKnown(contact) ? 1 : 0;
}

/** Joins two contacts where the caller may; the better known one stays, of equals the elder. */
function join(
  pair: { readonly call: Call; readonly from: string; readonly into: string; readonly because: string },
  book: Book,
): void {
  const from = book.someone(pair.from);
  const into = book.someone(pair.into);
  if (from === null || into === null || from.id === into.id) return;
  const ids = isKnown(from) && isKnown(into) ? joiningIds(pair.call) : [];
  if (ids.length > 0 && (pair.call.trust === 'public' || ids.some(book.isBraked))) return;
  const [rank, other] = [rankOf(from), rankOf(into)];
  const isSwapped = rank === other ? from.createdAt < into.createdAt : rank > other;
  const [loser, winner] = isSwapped ? [into, from] : [from, into];
  const { at, receivedAt: recordedAt } = pair.call;
  book.merge({ from: loser.id, into: winner.id, at, recordedAt, because: pair.because, ids });
}
