import {
  eventName,
  eventProperties,
  eventTime,
  type Happening,
  isMarkedMachine,
} from '../condition/event.ts';
import { isObject, valueAt } from '../condition/reading.ts';
import { emailFacts, type KindOfDomain } from '../contact/email.ts';
import type { Profile, ProfileVersion } from '../contact/profile.ts';
import { kindNaming } from '../contact/provider.ts';
import { FIRST_INSTANT, isOnWire, parseInstant } from '../time/instant.ts';

/** A line of a contacts file: one version of a contact's profile. Epoch ms. */
interface ContactLine {
  readonly id: string;
  readonly createdAt: number;
  readonly version: ProfileVersion;
}

/** What a line says, or what is wrong with it. */
type ContactReading =
  | { readonly kind: 'contact'; readonly contact: ContactLine }
  | { readonly kind: 'wrong'; readonly message: string };

/** Reads a line of a contacts file. */
export function readContactLine(line: unknown): ContactReading {
  if (!isObject(line))
    return wrong('expected an object such as {"id":"c1","createdAt":"2026-01-02T03:04:05Z","contact":{}}');
  const { id, at: atGiven, contact, company } = line;
  if (typeof id !== 'string' || id.trim() === '') return wrong('id: expected non-blank text');
  const createdAt = instantIn(line.createdAt);
  if (createdAt === null) return wrong('createdAt: expected an RFC 3339 date-time or date');
  if (!isOnWire(createdAt)) return wrong(`createdAt: ${beyondWire(createdAt)}`);
  const isAlways = atGiven === undefined || atGiven === null;
  const at = isAlways ? null : instantIn(atGiven);
  if (at === null && !isAlways) return wrong('at: expected an RFC 3339 date-time or date');
  if (at !== null && !isOnWire(at)) return wrong(`at: ${beyondWire(at)}`);
  if (!isPart(contact)) return wrong('contact: expected an object');
  if (!isPart(company)) return wrong('company: expected an object');
  return { kind: 'contact', contact: { id, createdAt, version: { at, contact, company } } };
}

function isPart(value: unknown): boolean {
  return value === undefined || value === null || isObject(value);
}

/**
 * The versions of a contact's profile, ascending by time, out of those of its lines in the order of the file: of two that
 * begin at the same instant the later line counts. `kindOf` decides the kind of each e-mail domain.
 */
export function orderVersions(
  lines: readonly ProfileVersion[],
  kindOf: KindOfDomain,
): readonly ProfileVersion[] {
  const byStart = new Map(lines.map(version => [version.at, version]));
  return [...byStart.values()]
    .sort((a, b) => (a.at ?? Number.NEGATIVE_INFINITY) - (b.at ?? Number.NEGATIVE_INFINITY))
    .map(({ at, contact, company }) => ({
      at,
      contact: withEmailFacts(contact, kindNaming(kindOf, valueAt(company, ['name']))),
      company: company ?? {},
    }));
}

/**
 * A profile's contact part with what its e-mail address says; derived values always win over given ones.
 *
 * @example withEmailFacts({ email: 'a@b.co' }, () => 'business') // { email: 'a@b.co', emailDomain: 'b.co', … }
 */
export function withEmailFacts(contact: unknown, kindOf: KindOfDomain): Readonly<Record<string, unknown>> {
  if (!isObject(contact)) return {};
  const facts = emailFacts(contact.email, kindOf);
  if (contact.emailDomain === undefined && contact.emailKind === undefined) return { ...contact, ...facts };
  const { emailDomain: _domain, emailKind: _kind, ...given } = contact;
  return { ...given, ...facts };
}

/** The profile in force at `t`; empty before the first version. Versions are ascending by time. */
export function profileAt(versions: readonly ProfileVersion[], t: number): Profile {
  for (let index = versions.length - 1; index >= 0; index--) {
    const version = versions[index];
    if (version !== undefined && (version.at === null || version.at <= t)) return version;
  }
  return { contact: {}, company: {} };
}

/** A line of an events file that is an event: whose, the id it counts once by, and whether a machine made it. */
interface EventLine {
  readonly contactId: string;
  readonly messageId: string;
  readonly isMachine: boolean;
  readonly event: Happening;
}

/** What a line says: an event, a call that is not an event (an identify, say), or what is wrong with it. */
export type EventReading =
  | { readonly kind: 'event'; readonly line: EventLine }
  | { readonly kind: 'notAnEvent' }
  | { readonly kind: 'wrong'; readonly message: string };

/** Reads a line of an events file, a Segment call. */
export function readEventLine(line: unknown): EventReading {
  if (!isObject(line)) return wrong('expected an object in the shape of a Segment call');
  const { type, messageId } = line;
  if (typeof type !== 'string') return wrong('type: expected track, page, screen or another call type');
  const name = eventName(line);
  if (name === null && type === 'track') return wrong('event: expected the name of a track call');
  if (name === null) return { kind: 'notAnEvent' };
  if (typeof messageId !== 'string' || messageId === '') return wrong('messageId: expected non-blank text');
  const contactId = line.userId ?? line.anonymousId;
  if (typeof contactId !== 'string' || contactId.trim() === '')
    return wrong('userId: expected non-blank text');
  const timestamp = timeIn(line.timestamp);
  if (timestamp === UNREADABLE) return wrong('timestamp: expected an RFC 3339 date-time');
  const sentAt = timeIn(line.sentAt);
  if (sentAt === UNREADABLE) return wrong('sentAt: expected an RFC 3339 date-time');
  const receivedAt = timeIn(line.receivedAt);
  if (receivedAt === UNREADABLE) return wrong('receivedAt: expected an RFC 3339 date-time');
  const at = eventTime({ timestamp, sentAt, receivedAt });
  if (at === null) return wrong('timestamp: expected an RFC 3339 date-time');
  if (!isOnWire(at)) return wrong(`${timestamp === null ? 'receivedAt' : 'timestamp'}: ${beyondWire(at)}`);
  const event = { at, name, properties: eventProperties(line), context: line.context };
  return { kind: 'event', line: { contactId, messageId, isMachine: isMarkedMachine(line), event } };
}

function wrong(message: string): { readonly kind: 'wrong'; readonly message: string } {
  return { kind: 'wrong', message };
}

const UNREADABLE = Number.POSITIVE_INFINITY;

/** A time that may be left out, which gives null. */
function timeIn(raw: unknown): number | null {
  return raw === undefined || raw === null ? null : (instantIn(raw) ?? UNREADABLE);
}

function instantIn(raw: unknown): number | null {
  return typeof raw === 'string' ? parseInstant(raw) : null;
}

function beyondWire(at: number): string {
  return `lies ${at < FIRST_INSTANT ? 'before 1970' : 'after 9999'}; expected a time from 1970 to 9999`;
}
