import { z } from 'zod';
import { capital, nameWords, profileFieldWords } from '../condition/words.ts';
import { listed } from '../text/number.ts';
import { unreachable } from '../unreachable.ts';
import { type Grant, grant, type Lack, type Length, lack, outcomeWords, teamOf } from './outcome.ts';
import { WAITING_REASONS, type WaitingReason, waitingLabel } from './waiting.ts';

/** An entry of the routing list; its id stands for a label that it lacks. The id is null for a team asked beside the list. */
const entry = z.object({ id: z.string().nullable(), label: z.string() });
type Entry = z.infer<typeof entry>;

/** The entries that held and gave the lead to nobody, in the order in which they were asked. */
const triedEntry = z.object({ entry, lack });
export type Tried = z.infer<typeof triedEntry>;
const tried = z.array(triedEntry);

const contactPoint = z.enum(['missing', 'invalid']);
const byHand = { by: z.string(), note: z.string().nullable() };

/** Why a lead went where it went, or what changed a team's turns. */
export const routingReason = z.discriminatedUnion('kind', [
  /** With `isMissed` the lead had an open episode after all: only the turn was taken. */
  z.object({ kind: z.literal('given'), tried, entry, grant, isMissed: z.boolean() }),
  /** `team` is that in whose queue it waits where one was asked beside the list, `missing` are dotted fields. */
  z.object({
    kind: z.literal('waiting'),
    tried,
    team: z.string().nullable(),
    reason: z.enum(WAITING_REASONS),
    missing: z.array(z.string()),
  }),
  /** Held before anybody was asked: nobody could reach the lead. */
  z.object({ kind: z.literal('unreachable'), email: contactPoint, phone: contactPoint }),
  /** Held before anybody was asked: it may be the same person as a contact of this name. */
  z.object({ kind: z.literal('alike'), name: z.string(), because: z.string().nullable() }),
  z.object({ kind: z.literal('reassigned'), to: z.string(), ...byHand }),
  z.object({ kind: z.literal('taken_over'), ...byHand }),
  z.object({ kind: z.literal('handed_back'), ...byHand }),
  z.object({
    kind: z.literal('owner_left'),
    owner: z.string(),
    contact: z.string(),
    cause: z.enum(['inactive', 'role']),
  }),
  /** A clock ran out, and nobody did anything for a while after that. */
  z.object({ kind: z.literal('missed'), owner: z.string(), clock: z.enum(['firstTouch', 'decision']) }),
  z.object({ kind: z.literal('joined') }),
  z.object({ kind: z.literal('left') }),
  z.object({ kind: z.literal('weighed') }),
]);
export type RoutingReason = z.infer<typeof routingReason>;

/** Why a lead that was routed has no owner. */
export type WaitingCause = Extract<RoutingReason, { kind: 'waiting' | 'unreachable' | 'alike' }>;

const holder = z.object({ why: routingReason });

/**
 * The reason that stored particulars hold as `why`; null where they hold none, as those from before reasons were data.
 *
 * @example reasonIn({ why: { kind: 'left' } }) // { kind: 'left' }
 */
export function reasonIn(particulars: unknown): RoutingReason | null {
  return holder.safeParse(particulars).data?.why ?? null;
}

/** What a lead without an owner waits for. @example waitingReasonFor({ kind: 'alike', name: 'Ann', because: null }) // 'possible_duplicate' */
export function waitingReasonFor(of: WaitingCause): WaitingReason {
  if (of.kind === 'waiting') return of.reason;
  return of.kind === 'unreachable' ? 'missing_data' : 'possible_duplicate';
}

/**
 * Why a lead went where it went. `full` names every entry of the routing list by its label; `short` leaves
 * out labels that say nothing and what does not count as an obstacle; `brief` is for a page that shows
 * elsewhere what happened and which entries gave the lead to nobody, and may be empty.
 *
 * @example reasonWords({ kind: 'taken_over', by: 'Ann', note: 'we met' }, 'full') // 'Ann took the lead over: we met'
 * @example reasonWords({ kind: 'taken_over', by: 'Ann', note: 'we met' }, 'brief') // 'We met'
 */
export function reasonWords(of: RoutingReason, style: Length | 'brief'): string {
  switch (style) {
    case 'full':
      return fullWords(of);
    case 'short':
      return capital(shortWords(of));
    default:
      return capital(briefWords(of));
  }
}

/**
 * What is known of why a lead waits, as exceptions and messages tell it.
 *
 * @example detailWords({ kind: 'alike', name: 'Ann Lee', because: null }) // 'May be the same person as Ann Lee'
 */
export function detailWords(of: RoutingReason): string {
  switch (of.kind) {
    case 'waiting':
    case 'unreachable':
    case 'alike':
      return causeWords(of, 'full');
    case 'owner_left':
      return `${of.owner} owned ${of.contact}`;
    default:
      return fullWords(of);
  }
}

function fullWords(of: RoutingReason): string {
  switch (of.kind) {
    case 'given': {
      const missed = of.isMissed ? ['the lead had an open episode already'] : [];
      return [...triedWords(of.tried, 'full'), clauseWords(of.entry, of.grant, 'full'), ...missed].join('; ');
    }
    case 'waiting': {
      const queue = of.team === null ? 'fallback queue' : `queue of team ${of.team}`;
      return [...triedWords(of.tried, 'full'), `${queue}: ${waitingLabel(of.reason)}`].join('; ');
    }
    case 'unreachable':
    case 'alike':
      return `held: ${waitingLabel(waitingReasonFor(of))}`;
    case 'reassigned':
      return noted(`${of.by} gave the lead to ${of.to}`, of.note);
    case 'taken_over':
      return noted(`${of.by} took the lead over`, of.note);
    case 'handed_back':
      return noted(`${of.by} handed the lead back`, of.note);
    case 'owner_left':
      return `${of.owner} ${of.cause === 'role' ? 'may no longer work leads' : 'is no longer active'}`;
    case 'missed':
      return `${of.owner} let the time for the ${of.clock === 'firstTouch' ? 'first touch' : 'decision'} run out`;
    case 'joined':
      return 'joined the team, level with everybody';
    case 'left':
      return 'left the team';
    case 'weighed':
      return 'takes another share from now on';
    default:
      return unreachable(of);
  }
}

function noted(words: string, note: string | null): string {
  return note === null ? words : `${words}: ${note}`;
}

function shortWords(of: RoutingReason): string {
  switch (of.kind) {
    case 'given':
      return [...triedWords(of.tried, 'short'), clauseWords(of.entry, of.grant, 'short')].join('; ');
    case 'waiting':
    case 'unreachable':
    case 'alike':
      return causeWords(of, 'short');
    case 'owner_left':
      return `its owner ${fullWords(of)}`;
    default:
      return fullWords(of);
  }
}

function briefWords(of: RoutingReason): string {
  switch (of.kind) {
    case 'given':
      return clauseWords(of.entry, of.grant, 'short');
    case 'waiting':
      if (of.tried.some(isObstacle)) return waitingLabel(of.reason);
      return causeWords(of, of.reason === 'missing_data' ? 'full' : 'short');
    case 'reassigned':
    case 'taken_over':
    case 'handed_back':
      return of.note ?? '';
    case 'joined':
      return 'level with everybody';
    case 'left':
      return '';
    default:
      return shortWords(of);
  }
}

function causeWords(of: WaitingCause, length: Length): string {
  switch (of.kind) {
    case 'waiting':
      return waitWords(of, length);
    case 'unreachable':
      return unreachableWords(of);
    case 'alike':
      return noted(`May be the same person as ${of.name}`, of.because);
    default:
      return unreachable(of);
  }
}

function waitWords(of: Extract<RoutingReason, { kind: 'waiting' }>, length: Length): string {
  switch (of.reason) {
    case 'no_routing':
      return 'The agreement says nowhere who gets a lead.';
    case 'no_entry_matched':
      return 'No entry of the routing list holds for this lead.';
    case 'missing_data':
      return missingWords(of.missing);
    default: {
      const words = triedWords(of.tried, length);
      return words.length === 0 ? waitingLabel(of.reason) : words.join('; ');
    }
  }
}

/** What is called otherwise where it is missing: nobody misses the employees of a company. */
const MISSING_WORDS: Readonly<Record<string, string>> = { 'company employees': 'company size' };

/** That fields are missing, in a sentence; the word that all have in common is said once. */
function missingWords(fields: readonly string[]): string {
  const words = fields.map(profileFieldWords).map(word => MISSING_WORDS[word] ?? word);
  const isOfCompany = words.every(word => word.startsWith(OF_COMPANY));
  const names = isOfCompany ? words.map(word => word.slice(OF_COMPANY.length)) : words;
  const what = `${isOfCompany ? OF_COMPANY : ''}${listed(names, 'and')}`;
  return `${capital(what)} ${words.length === 1 ? 'is' : 'are'} missing`;
}

const OF_COMPANY = 'company ';

function unreachableWords({ email, phone }: Extract<RoutingReason, { kind: 'unreachable' }>): string {
  const wrong = [
    ...(email === 'invalid' ? ['the e-mail is not a valid address'] : []),
    ...(phone === 'invalid' ? ['the phone number is not valid'] : []),
  ];
  const unknown = [
    ...(email === 'missing' ? ['no e-mail address'] : []),
    ...(phone === 'missing' ? ['no phone number'] : []),
    'no user id',
  ];
  return `Nobody could reach them: ${[...wrong, `${listed(unknown, 'and')} is known`].join('; ')}.`;
}

/** Whether what stood in an entry's way says something about the lead: that nobody owns its company yet does not. */
export function isObstacle({ lack: of }: Pick<Tried, 'lack'>): boolean {
  return of.kind !== 'no_company_owner';
}

/**
 * What stood in the way of entries. A company that nobody owns yet is not an obstacle; full words name it
 * where nothing else stood in the way.
 */
function triedWords(entries: readonly Tried[], length: Length): readonly string[] {
  const telling = entries.filter(isObstacle);
  const words = (telling.length === 0 && length === 'full' ? entries : telling).map(
    ({ entry: by, lack: of }) => clauseWords(by, of, length),
  );
  return length === 'full' ? words : [...new Set(words)];
}

/** An entry and what came of it; in short without a label that is an id, or the name of the team told of. */
function clauseWords(by: Entry, of: Grant | Lack, length: Length): string {
  const words = outcomeWords(of, length);
  if (length === 'short' && (by.id === null || by.id === by.label || isName(by.label, teamOf(of))))
    return words;
  return `${by.label}: ${words}`;
}

function isName(label: string, team: string | null): boolean {
  if (team === null) return false;
  const [name, called] = [nameWords(team), nameWords(label)];
  return called === name || called === `team ${name}`;
}

/**
 * An entry of the routing list as pages call it; one without a label by its id, read as words.
 *
 * @example entryWords({ id: 'north_america', label: 'north_america' }) // 'North america'
 */
export function entryWords({ id, label }: Entry): string {
  return capital(label === id ? nameWords(label) : label);
}
