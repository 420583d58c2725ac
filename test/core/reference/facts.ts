import { type Event, eventsOf } from './event.ts';
import { at, type Json, object, text } from './json.ts';
import { instantThere, printed } from './time.ts';
import { isMissing } from './value.ts';

/** What is known of one contact at an instant; `createdAt` in epoch milliseconds. */
export type Facts = {
  readonly createdAt: number;
  readonly contact: Json;
  readonly company: Json;
  /** Not machine-made, none later than the instant. */
  readonly evidence: readonly Event[];
  readonly kindOf: KindOf;
};

/** Says which kind of mail domain a domain is. */
export type KindOf = (domain: string) => 'business' | 'free' | 'disposable';

/** Where the facts come from: the lines of the two files, and the kind of every mail domain. */
export type Source = {
  readonly contacts: readonly Json[];
  readonly events: readonly Json[];
  readonly kindOf: KindOf;
};

/** The ids of the contacts, in order of first appearance. */
export function contactIds(contacts: readonly Json[]): readonly string[] {
  return [...new Set(contacts.map(line => text(line.id)))];
}

/** What is known of a contact at `t`, epoch milliseconds: nothing that happens later. */
export function factsAt(id: string, { contacts, events, kindOf }: Source, t: number): Facts {
  const lines = contacts.filter(line => line.id === id);
  const known = eventsOf(id, events).filter(event => event.time <= t);
  let version: Json = {};
  let since = Number.NEGATIVE_INFINITY;
  for (const line of lines) {
    const from = (line.at ?? undefined) === undefined ? Number.NEGATIVE_INFINITY : instantThere(line.at);
    if (from > t || from < since) continue;
    version = line;
    since = from;
  }
  return {
    createdAt: Math.min(
      ...lines.map(line => instantThere(line.createdAt)),
      ...known.map(event => event.time),
    ),
    contact: object(version.contact),
    company: object(version.company),
    evidence: known.filter(event => !event.machine),
    kindOf,
  };
}

/** The value of a profile field such as `contact.emailDomain` or `company.size`. */
export function profileField(facts: Facts, name: string): unknown {
  if (name === 'contact.createdAt') return printed(facts.createdAt);
  if (name === 'contact.emailDomain') return emailDomain(facts);
  if (name === 'contact.emailKind') return emailKind(facts);
  if (name.startsWith('contact.')) return at(facts.contact, name.slice('contact.'.length));
  if (name.startsWith('company.')) return at(facts.company, name.slice('company.'.length));
  throw new RangeError(`unknown field ${name}`);
}

const validEmail = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;

function emailDomain(facts: Facts): string | undefined {
  const email = at(facts.contact, 'email');
  if (typeof email !== 'string') return undefined;
  const written = email.trim().toLowerCase();
  return validEmail.test(written) ? written.slice(written.indexOf('@') + 1) : undefined;
}

function emailKind(facts: Facts): string | undefined {
  if (isMissing(at(facts.contact, 'email'))) return undefined;
  const domain = emailDomain(facts);
  return domain === undefined ? 'invalid' : facts.kindOf(domain);
}
