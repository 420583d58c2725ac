import { emailFacts, type KindOfDomain } from './email.ts';
import { eventName, eventProperties, eventTime, isMarkedMachine } from './event.ts';
import type { History } from './evidence.ts';
import { parseInstant } from './instant.ts';
import type { Program } from './program.ts';
import { isObject } from './reading.ts';
import { historyUntil, makeSubject, type Profile, type Subject } from './score.ts';

/** All that is known of one contact: its profile versions and the times of its events by slot. Epoch ms. */
export interface Facts {
  readonly id: string;
  /** The earliest creation time given with a profile; null while none was given. */
  createdAt: number | null;
  firstEventAt: number | null;
  lastEventAt: number | null;
  readonly versions: ProfileVersion[];
  readonly times: number[][];
  readonly messageIds: Set<string>;
}

/** A whole profile from `at` on; `at` null is from the beginning. */
export interface ProfileVersion extends Profile {
  readonly at: number | null;
}

/** Facts of many contacts, in order of first appearance. */
export interface FactBook {
  readonly program: Program;
  readonly kindOf: KindOfDomain;
  readonly byId: Map<string, Facts>;
}

/** An empty book for one program; `kindOf` decides the kind of each e-mail domain. */
export function makeFactBook(program: Program, kindOf: KindOfDomain): FactBook {
  return { program, kindOf, byId: new Map() };
}

/**
 * Adds a line of a contacts file to the book. Returns what is wrong with the line, or null when it was taken.
 *
 * @example addContactLine(book, { id: 'c1', createdAt: '2026-01-02T03:04:05Z', contact: {}, company: {} }) // null
 */
export function addContactLine(book: FactBook, line: unknown): string | null {
  if (!isObject(line))
    return 'expected an object such as {"id":"c1","createdAt":"2026-01-02T03:04:05Z","contact":{}}';
  const { id, createdAt: createdAtText, at: atText } = line;
  if (typeof id !== 'string' || id.trim() === '') return 'id: expected non-blank text';
  const createdAt = instantIn(createdAtText);
  if (createdAt === null) return 'createdAt: expected an RFC 3339 date-time or date';
  const at = instantIn(atText);
  if (at === null && atText !== undefined && atText !== null)
    return 'at: expected an RFC 3339 date-time or date';
  for (const key of ['contact', 'company']) {
    const part = line[key];
    if (part !== undefined && part !== null && !isObject(part)) return `${key}: expected an object`;
  }
  const facts = factsOf(book, id);
  facts.createdAt = facts.createdAt === null ? createdAt : Math.min(facts.createdAt, createdAt);
  const version = {
    at,
    contact: withEmailFacts(line.contact, book.kindOf),
    company: line.company ?? {},
  };
  const known = facts.versions.findIndex(other => other.at === at);
  if (known === -1) facts.versions.push(version);
  else facts.versions[known] = version;
  return null;
}

/**
 * A profile's contact part with what its e-mail address says; derived values always win over given ones.
 *
 * @example withEmailFacts({ email: 'a@b.co' }, () => 'business') // { email: 'a@b.co', emailDomain: 'b.co', … }
 */
export function withEmailFacts(contact: unknown, kindOf: KindOfDomain): Readonly<Record<string, unknown>> {
  const { emailDomain: _domain, emailKind: _kind, ...given } = isObject(contact) ? contact : {};
  return { ...given, ...emailFacts(given.email, kindOf) };
}

function factsOf(book: FactBook, id: string): Facts {
  const known = book.byId.get(id);
  if (known !== undefined) return known;
  const times = Array.from({ length: book.program.slots }, (): number[] => []);
  const facts: Facts = {
    id,
    createdAt: null,
    firstEventAt: null,
    lastEventAt: null,
    versions: [],
    times,
    messageIds: new Set(),
  };
  book.byId.set(id, facts);
  return facts;
}

/** What became of an event line: taken, passed over with good reason, or wrong. */
export type EventOutcome =
  | { readonly kind: 'taken' | 'repeated' | 'notAnEvent' | 'unknownContact' }
  | { readonly kind: 'wrong'; readonly message: string };

/**
 * Adds a line of an events file (a Segment call) to the contact it belongs to. The contact must be known already.
 */
export function addEventLine(book: FactBook, line: unknown): EventOutcome {
  if (!isObject(line)) return wrong('expected an object in the shape of a Segment call');
  const { type, messageId } = line;
  if (typeof type !== 'string') return wrong('type: expected track, page, screen or another call type');
  const name = eventName(line);
  if (name === null && type === 'track') return wrong('event: expected the name of a track call');
  if (name === null) return { kind: 'notAnEvent' };
  if (typeof messageId !== 'string' || messageId === '') return wrong('messageId: expected non-blank text');
  const id = line.userId ?? line.anonymousId;
  if (typeof id !== 'string' || id.trim() === '') return wrong('userId: expected non-blank text');
  const times = timesIn(line);
  if (typeof times === 'string') return wrong(times);
  const at = eventTime(times);
  if (at === null) return wrong('timestamp: expected an RFC 3339 date-time');
  const facts = book.byId.get(id);
  if (facts === undefined) return { kind: 'unknownContact' };
  if (facts.messageIds.has(messageId)) return { kind: 'repeated' };
  facts.messageIds.add(messageId);
  facts.firstEventAt = Math.min(at, facts.firstEventAt ?? at);
  facts.lastEventAt = Math.max(at, facts.lastEventAt ?? at);
  if (isMarkedMachine(line)) return { kind: 'taken' };
  const event = { at, name, properties: eventProperties(line), context: line.context };
  for (const slot of book.program.slotsOf(event)) facts.times[slot]?.push(at);
  return { kind: 'taken' };
}

function wrong(message: string): EventOutcome {
  return { kind: 'wrong', message };
}

type CallTimes = Parameters<typeof eventTime>[0];

function timesIn(line: Readonly<Record<string, unknown>>): CallTimes | string {
  const times = { timestamp: null, sentAt: null, receivedAt: null } satisfies Record<string, null>;
  const read: Record<keyof CallTimes, number | null> = times;
  for (const key of ['timestamp', 'sentAt', 'receivedAt'] as const) {
    const raw = line[key];
    if (raw === undefined || raw === null) continue;
    read[key] = instantIn(raw);
    if (read[key] === null) return `${key}: expected an RFC 3339 date-time`;
  }
  return read;
}

function instantIn(raw: unknown): number | null {
  return typeof raw === 'string' ? parseInstant(raw) : null;
}

/** Sorts the times of every contact; to be called once, after the last line and before the first score. */
export function closeFactBook(book: FactBook): void {
  for (const facts of book.byId.values()) {
    for (const times of facts.times) times.sort((a, b) => a - b);
    facts.versions.sort((a, b) => (a.at ?? Number.NEGATIVE_INFINITY) - (b.at ?? Number.NEGATIVE_INFINITY));
    facts.messageIds.clear();
  }
}

/** The profile in force at `t`; empty before the first version. Versions are ascending by time. */
export function profileAt(versions: readonly ProfileVersion[], t: number): Profile {
  for (let index = versions.length - 1; index >= 0; index--) {
    const version = versions[index];
    if (version !== undefined && (version.at === null || version.at <= t)) return version;
  }
  return { contact: {}, company: {} };
}

/** The subject to score at `t`: what is known of the facts up to that time, and nothing later. */
export function subjectAt(program: Program, facts: Facts, t: number): Subject {
  const { firstEventAt, versions, times } = facts;
  const known = firstEventAt !== null && firstEventAt <= t ? firstEventAt : Number.POSITIVE_INFINITY;
  const createdAt = Math.min(facts.createdAt ?? known, known);
  const history: History = historyUntil(times, t);
  return makeSubject(program, { profile: profileAt(versions, t), history, createdAt });
}
