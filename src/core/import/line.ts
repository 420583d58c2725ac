import { eventTime } from '../condition/event.ts';
import { parseNumber } from '../condition/reading.ts';
import { addressIn } from '../contact/email.ts';
import { nameOf, quote } from '../problem.ts';
import { isKept, parseInstant } from '../time/instant.ts';
import type { Root, Slot } from './mapping.ts';

/**
 * The contact that a line is about: at least one of the two is there; `email` is valid, trimmed and
 * lower-cased.
 */
interface LineContact {
  readonly contactId: string | null;
  readonly email: string | null;
}

/** A profile as a file tells it: what is absent is left as it is. Times are epoch milliseconds. */
export interface ContactLine extends LineContact {
  readonly kind: 'contact';
  readonly createdAt: number | null;
  /** From when the profile holds, for lines that are later versions. */
  readonly at: number | null;
  readonly contact: Readonly<Record<string, unknown>>;
  readonly company: Readonly<Record<string, unknown>>;
}

/** An event as a file tells it; `messageId` is null where the file has none. */
export interface EventLine extends LineContact {
  readonly kind: 'event';
  readonly anonymousId: string | null;
  readonly messageId: string | null;
  readonly name: string;
  readonly at: number;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly context: Readonly<Record<string, unknown>>;
  readonly machine: boolean;
}

/** What another system can say became of a lead. */
export const OUTCOME_TYPES = [
  'handoff',
  'touch',
  'accepted',
  'rejected',
  'recycled',
  'opportunity',
  'won',
  'lost',
] as const;

export type OutcomeType = (typeof OUTCOME_TYPES)[number];

/** One step of a lead's history in another system. */
export interface OutcomeLine extends LineContact {
  readonly kind: 'outcome';
  readonly type: OutcomeType;
  readonly at: number;
  readonly owner: string | null;
  readonly reason: string | null;
  readonly amount: number | null;
  /** Three capital letters. */
  readonly currency: string | null;
  readonly source: string | null;
  readonly campaign: string | null;
  readonly note: string | null;
}

/** What one row of a file is; `passed` rows are well formed but not for import. */
export type ImportLine =
  | ContactLine
  | EventLine
  | OutcomeLine
  | { readonly kind: 'passed'; readonly reason: string }
  | { readonly kind: 'problem'; readonly reason: string };

/** The longest id, e-mail or event name, in characters: they are index keys, and PostgreSQL bounds those to 2,704 bytes. */
const MAX_KEY = 512;

/** The values of one row by their place, before they are read. */
interface RowValues {
  readonly slots: Readonly<Partial<Record<Slot, unknown>>>;
  readonly roots: Readonly<Partial<Record<Root, Readonly<Record<string, unknown>>>>>;
}

/** Makes the line a row's values describe, or the problem with every fault found among them. */
export function contactLine(values: RowValues & { readonly at?: unknown }): ImportLine {
  const faults: string[] = [];
  const who = readContact(values.slots, faults);
  const createdAt = readTime('createdAt', values.slots.createdAt, faults);
  const at = readTime('at', values.at, faults);
  if (faults.length > 0) return problem(faults);
  const { email } = values.slots;
  const contact = { ...(isNothing(email) ? {} : { email }), ...values.roots.contact };
  return { kind: 'contact', ...who, createdAt, at, contact, company: values.roots.company ?? {} };
}

/** What an event in the shape of a Segment call carries beyond the columns of a CSV file. */
interface CallExtras {
  readonly anonymousId: unknown;
  readonly sentAt: unknown;
  readonly receivedAt: unknown;
  readonly machine: boolean;
}

/**
 * Makes the event a row's values describe, or the problem with every fault found among them.
 * A Segment call must bring its own `messageId` and may know its visitor by `anonymousId` alone.
 */
export function eventLine(values: RowValues & { readonly call?: CallExtras }): ImportLine {
  const { slots, call } = values;
  const faults: string[] = [];
  const anonymousId = readKey('anonymousId', call?.anonymousId, faults);
  const who = anonymousId === null || isNamed(slots) ? readContact(slots, faults) : NOBODY;
  const name = readKey('event', slots.event, faults);
  if (isNothing(slots.event)) faults.push('no event name');
  const messageId = readKey('messageId', slots.messageId, faults);
  if (call !== undefined && isNothing(slots.messageId)) faults.push('no messageId');
  const times = {
    timestamp: readTime('timestamp', slots.timestamp, faults),
    sentAt: readTime('sentAt', call?.sentAt, faults),
    receivedAt: readTime('receivedAt', call?.receivedAt, faults),
  };
  const at = eventTime(times);
  if (isNothing(slots.timestamp) && at === null) faults.push('no timestamp');
  if (faults.length > 0 || name === null || at === null) return problem(faults);
  const { properties = {}, context = {} } = values.roots;
  return {
    kind: 'event',
    ...who,
    anonymousId,
    messageId,
    name,
    at,
    properties,
    context,
    machine: call?.machine ?? false,
  };
}

const NOBODY: LineContact = { contactId: null, email: null };

function isNamed(slots: RowValues['slots']): boolean {
  return !isNothing(slots.id) || !isNothing(slots.email);
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** Makes the outcome a row's values describe, or the problem with every fault found among them. */
export function outcomeLine(values: RowValues): ImportLine {
  const { slots } = values;
  const faults: string[] = [];
  const who = readContact(slots, faults);
  const type = readType(slots.type, faults);
  const at = readTime('at', slots.at, faults);
  if (isNothing(slots.at)) faults.push('no time (`at`)');
  const rest = {
    owner: readText('owner', slots.owner, faults),
    reason: readText('reason', slots.reason, faults),
    amount: readAmount(slots.amount, faults),
    currency: readCurrency(slots.currency, faults),
    source: readText('source', slots.source, faults),
    campaign: readText('campaign', slots.campaign, faults),
    note: readText('note', slots.note, faults),
  };
  if (faults.length > 0 || type === null || at === null) return problem(faults);
  return { kind: 'outcome', ...who, type, at, ...rest };
}

/** A row that cannot be used, with all its faults in one reason. */
export function problem(faults: string | readonly string[]): ImportLine {
  return { kind: 'problem', reason: typeof faults === 'string' ? faults : faults.join('; ') };
}

/**
 * Reads which contact a row is about. An unusable e-mail beside an id is not a fault: it stays in the profile
 * as written and only cannot identify.
 */
function readContact(slots: RowValues['slots'], faults: string[]): LineContact {
  const contactId = readKey('id', slots.id, faults);
  const written = readKey('email', slots.email, faults);
  const email = written === null ? null : addressIn(written);
  if (!isNamed(slots)) faults.push('no id and no e-mail');
  else if (contactId === null && email === null && written !== null) {
    faults.push(`no id, and ${quote(written)} is not an e-mail address`);
  }
  return { contactId, email };
}

/** Reads text that will be an index key. */
function readKey(name: string, value: unknown, faults: string[]): string | null {
  const text = readText(name, value, faults);
  if (text === null || text.length <= MAX_KEY) return text;
  faults.push(`${name} has ${text.length} characters; at most ${MAX_KEY} are allowed`);
  return null;
}

function readText(name: string, value: unknown, faults: string[]): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value.trim() === '' ? null : value.trim();
  if (typeof value === 'number') return String(value);
  faults.push(`${name}: expected text, got ${nameOf(value)}`);
  return null;
}

/** Reads an instant that can be stored; a fault says what is wrong with it. */
function readTime(name: string, value: unknown, faults: string[]): number | null {
  if (isNothing(value)) return null;
  const at = typeof value === 'string' ? parseInstant(value) : null;
  if (at !== null && isKept(at)) return at;
  const expected = 'an RFC 3339 date-time such as 2026-03-01T10:00:00Z, or a date such as 2026-03-01';
  faults.push(`${name}: ${wrongTime(value)}; expected ${expected}`);
  return null;
}

const DATE_TIME = /^(\d{4}-\d{2}-\d{2})(?:[Tt ]\d{2}:\d{2}(:\d{2})?(?:\.\d+)?\s*([Zz]|[+-]\d{2}:?\d{2})?)?$/;

function wrongTime(value: unknown): string {
  if (typeof value !== 'string') return `${nameOf(value)} is not a time`;
  const text = quote(value.trim());
  if (parseInstant(value) !== null) return `${text} lies before the year 1 or after 9999`;
  const [, date, seconds, zone] = DATE_TIME.exec(value.trim()) ?? [];
  if (date === undefined) return `${text} is not a time`;
  if (parseInstant(date) === null) return `${text} names a day that does not exist`;
  if (zone === undefined) return `${text} has no time zone`;
  return seconds === undefined
    ? `${text} has no seconds`
    : `${text} is not written as RFC 3339 does, or names a time that does not exist`;
}

function readType(value: unknown, faults: string[]): OutcomeType | null {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
  const type = OUTCOME_TYPES.find(candidate => candidate === text) ?? null;
  if (type === null) {
    faults.push(`type: expected one of ${OUTCOME_TYPES.join(', ')}, got ${nameOf(value)}`);
  }
  return type;
}

function readAmount(value: unknown, faults: string[]): number | null {
  if (isNothing(value)) return null;
  const amount = typeof value === 'string' ? parseNumber(value) : value;
  if (typeof amount === 'number' && Number.isFinite(amount) && amount >= 0) return amount;
  faults.push(
    `amount: expected a number such as 1250.50, not below 0 and without separators or signs, got ${nameOf(value)}`,
  );
  return null;
}

function readCurrency(value: unknown, faults: string[]): string | null {
  if (isNothing(value)) return null;
  const code = typeof value === 'string' ? value.trim().toUpperCase() : '';
  if (/^[A-Z]{3}$/.test(code)) return code;
  faults.push(`currency: expected three letters such as EUR, got ${nameOf(value)}`);
  return null;
}
