import { eventName, eventProperties, eventTime, isMarkedMachine } from '../condition/event.ts';
import { isObject, valueAt } from '../condition/reading.ts';
import type { Bag } from '../contact/bag.ts';
import { emailDomain, normaliseEmail } from '../contact/email.ts';
import { counted } from '../text/number.ts';
import { DAY_MS } from '../time/duration.ts';
import { isKept } from '../time/instant.ts';
import { readMoment } from '../time/moment.ts';
import { machineReason } from './bot.ts';
import type { MailBook } from './mail.ts';
import { type IntakeRules, yearsBefore } from './setting.ts';

/** How far a caller is to be believed: a server key may overwrite; a public key may only add. */
export type Trust = 'server' | 'public';

/** The identifiers by which a call names its contact. */
export interface CallIds {
  readonly user: string | null;
  readonly anonymous: string | null;
  readonly email: string | null;
}

/** A Segment call that can be used. `at` is when it happened, corrected for the client's clock; epoch ms. */
export interface Call {
  readonly messageId: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly trust: Trust;
  readonly ids: CallIds;
  readonly says: CallContent;
}

type CallContent =
  | {
      readonly kind: 'event';
      readonly type: string;
      readonly name: string;
      readonly properties: unknown;
      readonly context: Bag;
      readonly machine: string | null;
    }
  | { readonly kind: 'identify'; readonly traits: Bag }
  | {
      /** A row of a file: traits that hold from a time on, or (null) from the beginning; `replace` is the whole profile. */
      readonly kind: 'profile';
      readonly traits: Bag;
      readonly from: number | null;
      readonly createdAt: number | null;
      readonly mode: 'set' | 'replace';
    }
  | { readonly kind: 'group'; readonly groupId: string; readonly traits: Bag }
  | { readonly kind: 'alias'; readonly previousId: string };

/** Why a call that parses cannot be used, with a pointer to each offending value. */
interface CallRefusal {
  readonly reason: string;
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

const TYPES = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const;

/** The longest identifier that is kept; longer ones are mistakes, and an index cannot hold them. */
const MAX_ID_LENGTH = 255;
/** The longest event name that is kept. */
const MAX_NAME_LENGTH = 200;

/**
 * How far back a call by a public key may date itself, in milliseconds: longer than a browser keeps calls that it could not
 * send, and too short to make a contact look old.
 */
const MAX_CLAIMED_AGE_MS = 7 * DAY_MS;
/** What the ids of messages by a public key begin with: a stranger who guesses the id of a server's call must not stop it. */
const CLAIMED_ID = 'public:';

/**
 * Reads one call of the Segment spec. `sentAt` of its batch stands in where the call has none, and `messageId` must be
 * given for a call without one. With `rules`, those of the workspace hold, such as how far back a call may lie.
 *
 * @example readCall({ type: 'track', userId: 'u1', event: 'Demo Requested' }, { receivedAt, trust: 'server', messageId })
 */
export function readCall(
  said: unknown,
  given: {
    readonly receivedAt: number;
    readonly trust: Trust;
    readonly messageId: string;
    readonly sentAt?: unknown;
    readonly rules?: Pick<IntakeRules, 'oldestYears' | 'mails'>;
  },
): { readonly call: Call; readonly refusal: null } | { readonly call: null; readonly refusal: CallRefusal } {
  const raw = isStorable(said) ? said : storable(said);
  const problems: { path: string; message: string }[] = [];
  const add = (path: string, message: string) => problems.push({ path, message });
  if (!isObject(raw)) return refuse([{ path: '', message: 'expected an object' }]);
  const type = TYPES.find(known => known === raw.type);
  if (type === undefined) add('type', `expected one of ${TYPES.join(', ')}`);
  const ids = {
    user: readId(raw.userId, 'userId', add),
    anonymous: readId(raw.anonymousId, 'anonymousId', add),
    email: type === 'identify' ? readEmail(valueAt(raw, ['traits', 'email'])) : null,
  };
  if (type === 'alias' && ids.user === null)
    add('userId', 'expected the id that the visitor is known by from now on');
  if (ids.user === null && ids.anonymous === null && ids.email === null)
    add('userId', 'expected userId or anonymousId');
  const at = readTime(raw, given, add);
  const messageId = readMessageId(raw, given, add);
  const says = type === undefined ? null : readContent(raw, { type, mails: given.rules?.mails }, add);
  if (says === null || problems.length > 0) return refuse(problems);
  return {
    call: { messageId, at, receivedAt: given.receivedAt, trust: given.trust, ids, says },
    refusal: null,
  };
}

function refuse(problems: CallRefusal['problems']): { readonly call: null; readonly refusal: CallRefusal } {
  const [first] = problems;
  const reason =
    first === undefined ? 'cannot be used' : `${first.path === '' ? 'call' : first.path}: ${first.message}`;
  return { call: null, refusal: { reason, problems } };
}

type Add = (path: string, message: string) => void;

function readId(raw: unknown, path: string, add: Add): string | null {
  if (raw === undefined || raw === null) return null;
  const id = typeof raw === 'number' ? String(raw) : typeof raw === 'string' ? raw.trim() : null;
  if (id === null) add(path, 'expected text');
  else if (id.length > MAX_ID_LENGTH)
    add(path, `expected at most ${MAX_ID_LENGTH} characters, got ${id.length}`);
  return id === '' ? null : id;
}

function readMessageId(
  raw: Bag,
  given: { readonly trust: Trust; readonly messageId: string },
  add: Add,
): string {
  const said = readId(raw.messageId, 'messageId', add);
  if (said === null) return given.messageId;
  return given.trust === 'public' ? `${CLAIMED_ID}${said}` : said;
}

function readEmail(raw: unknown): string | null {
  if (typeof raw !== 'string' || raw.length > MAX_ID_LENGTH) return null;
  return emailDomain(raw) === null ? null : normaliseEmail(raw);
}

function readTime(
  raw: Bag,
  given: {
    readonly receivedAt: number;
    readonly trust: Trust;
    readonly sentAt?: unknown;
    readonly rules?: Pick<IntakeRules, 'oldestYears'>;
  },
  add: Add,
): number {
  const instant = (value: unknown, path: string) => {
    if (value === undefined || value === null) return null;
    const { at, expected } = readMoment(value);
    if (expected !== null) add(path, expected);
    return at;
  };
  // Some clients name the time by what Segment calls it once it has corrected it.
  const own = raw.timestamp === undefined || raw.timestamp === null ? 'originalTimestamp' : 'timestamp';
  const times = {
    timestamp: instant(raw[own], own),
    sentAt: instant(raw.sentAt ?? given.sentAt, 'sentAt'),
    receivedAt: given.receivedAt,
  };
  const at = eventTime(times) ?? given.receivedAt;
  const years = given.rules?.oldestYears;
  if (!isKept(at)) add(own, 'expected a time after the year 1 by the clock of its sender');
  else if (years !== undefined && at < yearsBefore(given.receivedAt, years))
    add(own, `the time lies more than ${counted(years, 'year')} back, which the workspace does not believe`);
  return given.trust === 'public' ? Math.max(at, given.receivedAt - MAX_CLAIMED_AGE_MS) : at;
}

/** Half of a character of two halves, which no encoding can write. */
const HALF = /\p{Cs}/u;

/** Whether a database can hold a value as it is: no text has a NUL character or half a character, no number is beyond all. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'string') return !value.includes('\u0000') && !HALF.test(value);
  if (Array.isArray(value)) return value.every(isStorable);
  return !isObject(value) || Object.entries(value).every(entry => entry.every(isStorable));
}

/** What of a value a database can hold, so that what it finds again is what was scored; JSON has no number like 1e999. */
function storable(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(storable);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [storableText(key), storable(item)]));
}

function storableText(text: string): string {
  return text.replaceAll('\u0000', '').replace(/\p{Cs}/gu, '\ufffd');
}

function readContent(
  raw: Bag,
  { type, mails }: { readonly type: (typeof TYPES)[number]; readonly mails: MailBook | undefined },
  add: Add,
): CallContent | null {
  const traits = isObject(raw.traits) ? raw.traits : {};
  if (raw.traits !== undefined && raw.traits !== null && !isObject(raw.traits))
    add('traits', 'expected an object');
  switch (type) {
    case 'identify':
      return { kind: 'identify', traits };
    case 'group': {
      const groupId = readId(raw.groupId, 'groupId', add);
      if (groupId === null) add('groupId', 'expected the id of the company');
      return groupId === null ? null : { kind: 'group', groupId, traits };
    }
    case 'alias': {
      const previousId = readId(raw.previousId, 'previousId', add);
      if (previousId === null) add('previousId', 'expected the id that the visitor had before');
      return previousId === null ? null : { kind: 'alias', previousId };
    }
    default: {
      const name = eventName(raw);
      if (name === null) add('event', 'expected the name of the event');
      else if (name.length > MAX_NAME_LENGTH) add('event', `expected at most ${MAX_NAME_LENGTH} characters`);
      const context = isObject(raw.context) ? raw.context : {};
      if (name === null) return null;
      const properties = eventProperties(raw);
      const machine = isMarkedMachine(raw)
        ? 'marked by the sender'
        : machineReason({ name, properties, context }, mails);
      return { kind: 'event', type, name, properties, context, machine };
    }
  }
}
