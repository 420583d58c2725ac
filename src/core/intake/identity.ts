import type { Call, CallIds } from './call.ts';

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
}

/** Whether a contact is more than an anonymous visitor: it has a user id or an e-mail address. */
function isKnown(contact: Someone): boolean {
  return contact.hasUser || contact.hasEmail;
}

/** What the database knows of the identities that a batch of calls names. */
export interface Acquaintance {
  readonly contacts: readonly Someone[];
  readonly identities: readonly (Identity & { readonly contactId: string })[];
}

/** One contact's history joined to another's; one-way. */
interface Merge {
  readonly from: string;
  readonly into: string;
  readonly at: number;
  /** When the call that told so came. */
  readonly recordedAt: number;
  readonly because: string;
}

export interface Intake {
  /** Which contact each call belongs to, in the order of the calls. */
  readonly placed: readonly { readonly call: Call; readonly contactId: string }[];
  readonly created: readonly Someone[];
  readonly identities: readonly (Identity & { readonly contactId: string })[];
  readonly merges: readonly Merge[];
}

/**
 * Decides which contact each call belongs to, who is new, and who turn out to be one person. The same e-mail address is
 * the same contact; an anonymous visitor joins the contact it is identified as. A public key never joins two known
 * contacts.
 */
export function placeCalls(calls: readonly Call[], known: Acquaintance, newId: () => string): Intake {
  const book = openBook(known, newId);
  const placed = calls.map(call => ({ call, contactId: placeCall(call, book) }));
  return {
    placed: placed.map(({ call, contactId }) => ({ call, contactId: book.survivor(contactId) })),
    created: book.created.flatMap(id => (book.survivor(id) === id ? (book.someone(id) ?? []) : [])),
    identities: book.added.map(identity => ({ ...identity, contactId: book.survivor(identity.contactId) })),
    // Who is new has nothing to move yet, and may be joined to another before it is stored.
    merges: book.merges.flatMap(merge =>
      book.created.includes(merge.from) ? [] : [{ ...merge, into: book.survivor(merge.into) }],
    ),
  };
}

interface Book {
  readonly find: (identity: Identity) => string | null;
  readonly someone: (id: string) => Someone | null;
  readonly add: (identity: Identity, contactId: string) => void;
  readonly create: (createdAt: number) => string;
  readonly merge: (merge: Merge) => void;
  readonly survivor: (id: string) => string;
  readonly created: string[];
  readonly added: (Identity & { readonly contactId: string })[];
  readonly merges: Merge[];
}

function openBook(known: Acquaintance, newId: () => string): Book {
  const owners = new Map(known.identities.map(identity => [nameOf(identity), identity.contactId]));
  const people = new Map(known.contacts.map(contact => [contact.id, contact]));
  const mergedInto = new Map<string, string>();
  const created: string[] = [];
  const added: Book['added'] = [];
  const merges: Merge[] = [];
  const survivor = (id: string): string => {
    const next = mergedInto.get(id);
    return next === undefined ? id : survivor(next);
  };
  const someone = (id: string) => people.get(survivor(id)) ?? null;
  return {
    created,
    added,
    merges,
    survivor,
    someone,
    find: identity => {
      const owner = owners.get(nameOf(identity));
      return owner === undefined ? null : survivor(owner);
    },
    add: (identity, contactId) => {
      if (owners.has(nameOf(identity))) return;
      owners.set(nameOf(identity), contactId);
      added.push({ kind: identity.kind, value: identity.value, contactId });
      const holder = someone(contactId);
      if (holder === null) return;
      people.set(holder.id, {
        ...holder,
        hasUser: holder.hasUser || identity.kind === 'user',
        hasEmail: holder.hasEmail || identity.kind === 'email',
      });
    },
    create: createdAt => {
      const id = newId();
      people.set(id, { id, createdAt, hasUser: false, hasEmail: false });
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
      });
      merges.push(merge);
    },
  };
}

function nameOf({ kind, value }: Identity): string {
  return `${kind}\u0000${value}`;
}

function placeCall(call: Call, book: Book): string {
  if (call.says.kind === 'alias') return placeAlias(call, call.says.previousId, book);
  const { user, email, anonymous } = identitiesOf(call.ids);
  const find = (identity: Identity | null) => (identity === null ? null : book.find(identity));
  const [byUser, byEmail, byAnonymous] = [find(user), find(email), find(anonymous)];
  const visitor = byAnonymous === null ? null : book.someone(byAnonymous);
  const main = byUser ?? byEmail ?? sameVisitor(call, visitor) ?? book.create(call.at);
  if (user !== null) book.add(user, main);
  if (email !== null && byEmail === null && mayHoldEmail(call, { main, byUser }, book)) book.add(email, main);
  if (anonymous !== null) book.add(anonymous, main);
  if (byEmail !== null) join({ call, from: byEmail, into: main, because: 'the same e-mail address' }, book);
  if (visitor !== null && !isKnown(visitor))
    join({ call, from: visitor.id, into: main, because: 'an anonymous visitor was identified' }, book);
  return book.survivor(main);
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

function placeAlias(call: Call, previousId: string, book: Book): string {
  const user: Identity = { kind: 'user', value: call.ids.user ?? '' };
  // A product renames its users too; a web page may only speak of its visitor.
  const kinds = call.trust === 'server' ? (['anonymous', 'user'] as const) : (['anonymous'] as const);
  const previous = kinds.map((kind): Identity => ({ kind, value: previousId }));
  const holders = previous.flatMap(identity => book.find(identity) ?? []);
  const main = book.find(user) ?? holders.find(id => mayRename(call, id, book)) ?? book.create(call.at);
  book.add(user, main);
  if (holders.length === 0) for (const identity of previous) book.add(identity, main);
  for (const from of holders) join({ call, from, into: main, because: 'an alias call' }, book);
  return book.survivor(main);
}

function mayRename(call: Call, contactId: string, book: Book): boolean {
  const holder = book.someone(contactId);
  return call.trust === 'server' || holder === null || !isKnown(holder);
}

/** Joins two contacts where the caller may; of two known ones the elder stays, else the known one. */
function join(
  pair: { readonly call: Call; readonly from: string; readonly into: string; readonly because: string },
  book: Book,
): void {
  const from = book.someone(pair.from);
  const into = book.someone(pair.into);
  if (from === null || into === null || from.id === into.id) return;
  if (isKnown(from) && isKnown(into) && pair.call.trust === 'public') return;
  const isSwapped = isKnown(from) === isKnown(into) ? from.createdAt < into.createdAt : isKnown(from);
  const [loser, winner] = isSwapped ? [into, from] : [from, into];
  const { at, receivedAt: recordedAt } = pair.call;
  book.merge({ from: loser.id, into: winner.id, at, recordedAt, because: pair.because });
}
