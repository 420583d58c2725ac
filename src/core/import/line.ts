import { eventTime } from '../condition/event.ts';
import { parseNumber } from '../condition/reading.ts';
import { addressIn } from '../contact/email.ts';
import { nameOf, quote } from '../problem.ts';
import { isPlaceholder } from '../text/placeholder.ts';
import { type DateForm, NO_FORM, readDate } from './date.ts';
import { addressesIn, phoneId } from './person.ts';
import type { Root, Slot } from './target.ts';

/**
 * The contact that a line is about: at least one of the two is there; `email` is valid, trimmed and
 * lower-cased.
 */
interface LineContact {
  readonly contactId: string | null;
  readonly email: string | null;
  /** What was made of the row beyond its words; missing where nothing was. */
  readonly notes?: readonly RowNote[];
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

/**
 * What people should know of a row that is taken: it is shorter than the header, has an id that stands for a missing one,
 * several addresses, is known by its phone number alone, has an address that cannot be used, an address that others share,
 * or a phone number that a spreadsheet destroyed.
 */
export const ROW_NOTES = [
  'short',
  'standInId',
  'severalAddresses',
  'byPhone',
  'unusableAddress',
  'sharedAddress',
  'destroyedPhone',
] as const;
export type RowNote = (typeof ROW_NOTES)[number];

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
  readonly content: string | null;
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
  /** How the times of some slots are written, and those of the others. */
  readonly forms?: Readonly<Partial<Record<Slot, DateForm>>>;
  readonly form: DateForm;
}

/** What a file as a whole says of the people in it. */
interface Crowd {
  /** Addresses that say of nobody who it is, in small letters. */
  readonly shared: ReadonlySet<string>;
  /** By an address that stands on rows of different people, why they are refused. */
  readonly disputed: ReadonlyMap<string, string>;
}

/** Makes the line a row's values describe, or the problem with every fault found among them. */
export function contactLine(values: RowValues & { readonly at?: unknown }, crowd: Crowd): ImportLine {
  const faults: string[] = [];
  const { slots, roots, form, forms } = values;
  const written = { ...(isNothing(slots.email) ? {} : { email: slots.email }), ...roots.contact };
  const { email, contact, notes } = readAddresses(written, crowd.shared);
  const { id: contactId, standIn } = readId('id', slots.id, faults);
  readKey('email', slots.email, faults);
  const phone = phoneId(contact);
  const isKnown = contactId !== null || email !== null;
  if (!isKnown && phone.id === null && faults.length === 0)
    faults.push(strangerWords(written, { ...phone, standIn }));
  const dispute = email === null ? undefined : crowd.disputed.get(email);
  if (dispute !== undefined) faults.push(dispute);
  const createdAt = readTime('createdAt', slots.createdAt, forms?.createdAt ?? form, faults);
  const at = readTime('at', values.at, form, faults);
  if (faults.length > 0) return problem(faults);
  if (standIn !== null) notes.push('standInId');
  if (!isKnown) notes.push('byPhone');
  if (phone.destroyed !== null) notes.push('destroyedPhone');
  const company = roots.company ?? {};
  const who = { contactId: isKnown ? contactId : phone.id, email };
  return {
    kind: 'contact',
    ...who,
    createdAt,
    at,
    contact,
    company,
    ...(notes.length === 0 ? {} : { notes }),
  };
}

/** Which address a contact is known by, and its profile with the further ones in a place of their own. */
function readAddresses(written: Readonly<Record<string, unknown>>, shared: ReadonlySet<string>) {
  const notes: RowNote[] = [];
  const usable = (value: unknown) => (typeof value === 'string' ? addressesIn(value) : []);
  const [first, ...others] = usable(written.email);
  const further = usable(written.otherEmail);
  const isFirstUsable = first !== undefined && addressIn(first) !== null;
  const stand = isFirstUsable ? undefined : further.find(address => addressIn(address) !== null);
  const address = stand ?? first;
  const rest = [...others, ...further].filter(other => other !== address);
  if (others.length > 0 || (isFirstUsable && further.length > 0)) notes.push('severalAddresses');
  const { otherEmail: _, ...plain } = written;
  const contact = {
    ...plain,
    ...(address === undefined ? {} : { email: address }),
    ...(rest.length === 0 ? {} : { otherEmail: rest.join('; ') }),
  };
  const email = address === undefined ? null : addressIn(address);
  if (address !== undefined && email === null) notes.push('unusableAddress');
  const isShared = email !== null && shared.has(email);
  if (isShared) notes.push('sharedAddress');
  return { email: isShared ? null : email, contact, notes };
}

/** Why nobody can be told by a row. */
function strangerWords(
  contact: Readonly<Record<string, unknown>>,
  { standIn, destroyed }: { readonly standIn: string | null; readonly destroyed: string | null },
): string {
  const { email } = contact;
  const isUnusable = typeof email === 'string' && addressIn(email) === null;
  const words = isNothing(email)
    ? `${noIdWords(standIn)} and no e-mail`
    : isUnusable
      ? `${noIdWords(standIn)}, and ${quote(email)} is not an e-mail address`
      : `${noIdWords(standIn)}, and the address is shared by several people`;
  if (destroyed === null) return words;
  return `${words}; the phone number ${quote(destroyed)} was destroyed by a spreadsheet, which took it for a number`;
}

function noIdWords(standIn: string | null): string {
  return standIn === null ? 'no id' : `no id (${quote(standIn)} stands for a missing one)`;
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
  const visitor = readId('anonymousId', call?.anonymousId, faults);
  const anonymousId = visitor.id;
  const who = anonymousId === null || isNamed(slots) ? readContact(slots, visitor, faults) : NOBODY;
  const name = readKey('event', slots.event, faults);
  if (isNothing(slots.event)) faults.push('no event name');
  const message = readId('messageId', slots.messageId, faults);
  if (call !== undefined && isNothing(slots.messageId)) faults.push('no messageId');
  // An id that all calls of a broken client share would stop every one but the first.
  if (call !== undefined && message.standIn !== null)
    faults.push(`no messageId (${quote(message.standIn)} stands for a missing one)`);
  const times = {
    timestamp: readTime('timestamp', slots.timestamp, values.forms?.timestamp ?? values.form, faults),
    sentAt: readTime('sentAt', call?.sentAt, NO_FORM, faults),
    receivedAt: readTime('receivedAt', call?.receivedAt, NO_FORM, faults),
  };
  const at = eventTime(times);
  if (isNothing(slots.timestamp) && at === null) faults.push('no timestamp');
  if (faults.length > 0 || name === null || at === null) return problem(faults);
  const { properties = {}, context = {} } = values.roots;
  return {
    kind: 'event',
    ...who,
    anonymousId,
    messageId: message.id,
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
  const who = readContact(slots, { id: null, standIn: null }, faults);
  const type = readType(slots.type, faults);
  const at = readTime('at', slots.at, values.forms?.at ?? values.form, faults);
  if (isNothing(slots.at)) faults.push('no time (`at`)');
  const rest = {
    owner: readText('owner', slots.owner, faults),
    reason: readText('reason', slots.reason, faults),
    amount: readAmount(slots.amount, faults),
    currency: readCurrency(slots.currency, faults),
    source: readText('source', slots.source, faults),
    campaign: readText('campaign', slots.campaign, faults),
    content: readText('content', slots.content, faults),
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
 * Reads which contact a row is about, who may be known as a `visitor`, too. An unusable e-mail beside an id is not a fault: it
 * stays in the profile as written and only cannot identify.
 */
function readContact(slots: RowValues['slots'], visitor: ReadId, faults: string[]): LineContact {
  const { id: contactId, standIn } = readId('id', slots.id, faults);
  const written = readKey('email', slots.email, faults);
  const email = written === null ? null : addressIn(written);
  if (contactId === null && email === null && visitor.id === null) {
    const none = noIdWords(standIn ?? visitor.standIn);
    if (written !== null) faults.push(`${none}, and ${quote(written)} is not an e-mail address`);
    else if (standIn !== null || isNothing(slots.id)) faults.push(`${none} and no e-mail`);
  }
  return {
    contactId,
    email,
    ...(standIn === null && visitor.standIn === null ? {} : { notes: ['standInId'] }),
  };
}

interface ReadId {
  readonly id: string | null;
  /** What was written in the place of an id that its sender did not have. */
  readonly standIn: string | null;
}

/** Reads an id; one that stands for a missing one names nobody. */
function readId(name: string, value: unknown, faults: string[]): ReadId {
  const text = readKey(name, value, faults);
  return text === null || !isPlaceholder(text) ? { id: text, standIn: null } : { id: null, standIn: text };
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
function readTime(name: string, value: unknown, form: DateForm, faults: string[]): number | null {
  if (isNothing(value)) return null;
  if (typeof value !== 'string' && typeof value !== 'number') {
    faults.push(`${name}: ${nameOf(value)} is not a time`);
    return null;
  }
  const { at, fault } = readDate(String(value), form);
  if (fault !== null) faults.push(`${name}: ${fault}`);
  return at;
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
