import type { Call, CallIds } from './call.ts';

export type IdentityKind = 'user' | 'anonymous' | 'email';

export interface Identity {
  readonly kind: IdentityKind;
  readonly value: string;
}

/** A contact as far as telling people apart needs it. Known: it has a user id or an e-mail address. */
export interface Someone {
  readonly id: string;
  readonly createdAt: number;
  readonly isKnown: boolean;
}

/** What the database knows of the identities that a batch of calls names. */
export interface Acquaintance {
  readonly contacts: readonly Someone[];
  readonly identities: readonly (Identity & { readonly contactId: string })[];
}

/** One contact's history joined to another's; one-way. */
export interface Merge {
  readonly from: string;
  readonly into: string;
  readonly at: number;
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
    created: book.created.filter(({ id }) => book.survivor(id) === id),
    identities: book.added.map(identity => ({ ...identity, contactId: book.survivor(identity.contactId) })),
    merges: book.merges.filter(({ from }) => !book.created.some(({ id }) => id === from)),
  };
}

interface Book {
  readonly find: (identity: Identity) => string | null;
  readonly someone: (id: string) => Someone | null;
  readonly add: (identity: Identity, contactId: string) => void;
  readonly create: (createdAt: number) => string;
  readonly merge: (merge: Merge) => void;
  readonly survivor: (id: string) => string;
  readonly created: Someone[];
  readonly added: (Identity & { readonly contactId: string })[];
  readonly merges: Merge[];
}

function openBook(known: Acquaintance, newId: () => string): Book {
  const owners = new Map(known.identities.map(identity => [nameOf(identity), identity.contactId]));
  const people = new Map(known.contacts.map(contact => [contact.id, contact]));
  const mergedInto = new Map<string, string>();
  const created: Someone[] = [];
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
      if (holder !== null && identity.kind !== 'anonymous')
        people.set(holder.id, { ...holder, isKnown: true });
    },
    create: createdAt => {
      const contact = { id: newId(), createdAt, isKnown: false };
      people.set(contact.id, contact);
      created.push(contact);
      return contact.id;
    },
    merge: merge => {
      const [from, into] = [someone(merge.from), someone(merge.into)];
      if (from === null || into === null || from.id === into.id) return;
      mergedInto.set(from.id, into.id);
      people.set(into.id, {
        id: into.id,
        createdAt: Math.min(from.createdAt, into.createdAt),
        isKnown: from.isKnown || into.isKnown,
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
  const [byUser, byEmail, byAnonymous] = [user, email, anonymous].map(identity =>
    identity === null ? null : book.find(identity),
  );
  const main = byUser ?? byEmail ?? byAnonymous ?? book.create(call.at);
  if (user !== null) book.add(user, main);
  if (email !== null && byEmail === null && mayHoldEmail(call, main, byUser ?? null, book))
    book.add(email, main);
  if (anonymous !== null) book.add(anonymous, main);
  if (byEmail !== null && byEmail !== undefined)
    join({ call, from: byEmail, into: main, because: 'the same e-mail address' }, book);
  if (byAnonymous !== null && byAnonymous !== undefined && book.someone(byAnonymous)?.isKnown === false) {
    join({ call, from: byAnonymous, into: main, because: 'an anonymous visitor was identified' }, book);
  }
  return book.survivor(main);
}

function identitiesOf(ids: CallIds): Readonly<Record<IdentityKind, Identity | null>> {
  const identity = (kind: IdentityKind): Identity | null => {
    const value = ids[kind];
    return value === null ? null : { kind, value };
  };
  return { user: identity('user'), email: identity('email'), anonymous: identity('anonymous') };
}

/** A public key may name the address of somebody new, not add one to a contact that is known already. */
function mayHoldEmail(call: Call, main: string, byUser: string | null, book: Book): boolean {
  return call.trust === 'server' || byUser === null || book.someone(main)?.isKnown !== true;
}

function placeAlias(call: Call, previousId: string, book: Book): string {
  const user: Identity = { kind: 'user', value: call.ids.user ?? '' };
  const previous =
    book.find({ kind: 'anonymous', value: previousId }) ?? book.find({ kind: 'user', value: previousId });
  const main = book.find(user) ?? previous ?? book.create(call.at);
  book.add(user, main);
  if (previous === null) book.add({ kind: 'anonymous', value: previousId }, main);
  else join({ call, from: previous, into: main, because: 'an alias call' }, book);
  return book.survivor(main);
}

/** Joins two contacts where the caller may; of two known ones the elder stays, else the known one. */
function join(
  pair: { readonly call: Call; readonly from: string; readonly into: string; readonly because: string },
  book: Book,
): void {
  const from = book.someone(pair.from);
  const into = book.someone(pair.into);
  if (from === null || into === null || from.id === into.id) return;
  const areBothKnown = from.isKnown && into.isKnown;
  if (areBothKnown && pair.call.trust === 'public') return;
  const isSwapped = from.isKnown === into.isKnown ? from.createdAt < into.createdAt : from.isKnown;
  const [loser, winner] = isSwapped ? [into, from] : [from, into];
  book.merge({ from: loser.id, into: winner.id, at: pair.call.at, because: pair.because });
}
