import { z } from 'zod';
import { ACCESS_PATH, LINK_KINDS } from '../access/link.ts';
import { grounds, groundsWords } from '../scoring/ground.ts';
import { sourceName } from '../text/name.ts';
import { cut, manyLines, oneLine } from '../text/safe.ts';
import { momentWords, timeWords } from '../time/zone.ts';
import { unreachable } from '../unreachable.ts';

/**
 * What an alert is about: a lead was handed over; waits for an owner; did something notable, qualified or not; may not be
 * what it seemed; something waits for a person; a lead may be lost; a lead was given to somebody else; a clock of a lead runs
 * out; what gathered; calls cannot be used; or a review is due.
 */
export const ALERT_KINDS = [
  'handoff',
  'waiting',
  'early',
  'flag',
  'exception',
  'breach',
  'reassigned',
  'clock',
  'bulletin',
  'rejected',
  'review',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** What an alert tells: kept in the outbox as data and put into words when it is sent. Times in epoch ms. */
export const alertPayload = z.object({
  kind: z.enum(ALERT_KINDS),
  episodeId: z.string().nullable(),
  /** Null where it is about no contact, as for a breach or a bulletin; then `lead` is null too. */
  contactId: z.string().nullable(),
  lead: z
    .object({
      name: z.string(),
      title: z.string().nullable(),
      company: z.string().nullable(),
      email: z.string().nullable(),
    })
    .nullable(),
  /** Why, in one sentence that says when by dates of UTC. */
  sentence: z.string(),
  /** What the sentence rests on: each reader gets its dates in their own zone. */
  grounds: grounds.optional(),
  /** The score at the handoff, where the lead was handed over before. */
  handedOver: z.object({ total: z.number(), grade: z.string().nullable() }).optional(),
  /** The heaviest lines of the breakdown. */
  lines: z.array(z.object({ label: z.string(), points: z.number(), count: z.number().optional() })),
  total: z.number().nullable(),
  grade: z.string().nullable(),
  pathLabel: z.string(),
  ownerName: z.string().nullable(),
  dueAt: z.number().nullable(),
  dueKind: z.enum(['firstTouch', 'decision']).nullable(),
  source: z.string().nullable(),
  /** The in-app alert that says the same. */
  alertId: z.string().nullable(),
  /** What happened, in a few words that take the place of the usual title: "Asked for a demo", "Possible duplicate". */
  occasion: z.string().optional(),
  /** What somebody who means to buy did lately, newest first. */
  recent: z.array(z.object({ label: z.string(), at: z.number() })).optional(),
  /** What to do now; without it the usual step of the kind. */
  nextStep: z.string().optional(),
  /** How many of the same kind were held back since then. */
  grouped: z.object({ count: z.number(), since: z.number() }).optional(),
  /** The time zone of the reader: an IANA name. */
  zone: z.string().optional(),
  /** The messages of a bulletin. */
  items: z
    .array(
      z.object({
        title: z.string(),
        text: z.string(),
        contactId: z.string().nullable(),
        at: z.number().nullable(),
      }),
    )
    .optional(),
  /** The review to open. */
  review: z.object({ kind: z.string(), key: z.string() }).optional(),
  /** What a mail says in the place of the usual words: a part of an HTML page, whose texts are escaped, and plain text. */
  page: z.object({ html: z.string(), text: z.string() }).optional(),
  /** The exception to open. */
  exceptionId: z.string().optional(),
  /** The link that lets its reader in, by its id: the mail alone carries its token. */
  accessLink: z.object({ id: z.string(), kind: z.enum(LINK_KINDS) }).optional(),
});
export type AlertPayload = z.infer<typeof alertPayload>;

/** An alert before anybody has it. */
export type AlertBody = Omit<AlertPayload, 'alertId'>;

/**
 * An alert that is about no score: an exception, a breach, a bulletin.
 *
 * @example plainAlert({ kind: 'breach', occasion: 'A lead may be lost', sentence: 'Two leads have no owner.' }).total // null
 */
export function plainAlert(
  given: Pick<AlertBody, 'kind' | 'occasion' | 'sentence'> & Partial<AlertBody>,
): AlertBody {
  return {
    episodeId: null,
    contactId: null,
    lead: null,
    lines: [],
    total: null,
    grade: null,
    pathLabel: '',
    ownerName: null,
    dueAt: null,
    dueKind: null,
    source: null,
    ...given,
  };
}

/** The ways in which a message leaves. */
export const CHANNELS = ['email', 'slack', 'in_app', 'webhook'] as const;
export type Channel = (typeof CHANNELS)[number];

/** A link of a message, safe to escape into any medium. */
interface MessageLink {
  readonly label: string;
  readonly url: string;
}

/** An alert in words, safe to escape into any medium: every text is one line. */
export interface Message {
  readonly title: string;
  readonly who: string;
  readonly sentence: string;
  readonly lines: readonly string[];
  /** What was done lately, newest first, each with its time. */
  readonly recent: readonly string[];
  /** Short facts with their names: score, owner, source. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly due: { readonly label: string; readonly at: number; readonly words: string } | null;
  readonly next: string | null;
  /** The messages of a bulletin, each with its page. */
  readonly items: readonly { readonly title: string; readonly text: string; readonly url: string | null }[];
  /** What a mail says in the place of sentence, facts and items. */
  readonly page: { readonly html: string; readonly text: string } | null;
  /** The page to open; also the first of `links`. */
  readonly link: string;
  readonly links: readonly MessageLink[];
}

/** The longest name or company that is shown; longer ones are mistakes or mischief. */
const MAX_NAME = 80;
/** RFC 5322 allows 998 characters a line; mail clients show some 70. */
const MAX_SUBJECT = 150;
/** How many lines of the breakdown a message shows: what can be taken in at a glance. */
const MAX_LINES = 5;
/** How many recent things it names. */
const MAX_RECENT = 5;
/** How many messages of a bulletin are told one by one: what somebody reads, and what fits into a Slack message. */
export const MAX_ITEMS = 30;

/**
 * The subject of an alert: what happened, who, how strong.
 *
 * @example subjectOf(payload) // 'New lead: Ann Lee, Acme (A1, 87 points)'
 */
export function subjectOf(payload: AlertPayload): string {
  const score = scoreWords(payload);
  const end = score === null ? '' : ` (${score})`;
  return `${cut(titleOf(payload), MAX_SUBJECT - end.length)}${end}`;
}

/** Puts an alert into words; `baseUrl` is the public address of the app. */
export function messageOf(payload: AlertPayload, baseUrl: string): Message {
  const { lead, zone = 'UTC' } = payload;
  const who = [lead?.title, lead?.company, lead?.email].flatMap(part =>
    part === null || part === undefined ? [] : [oneLine(part, MAX_NAME)],
  );
  const links = linksOf(payload, baseUrl);
  return {
    title: titleOf(payload),
    who: who.filter(part => part !== '').join(', '),
    sentence: [oneLine(sentenceIn(payload), 1000), groupedWords(payload)]
      .filter(part => part !== '')
      .join(' '),
    lines: payload.lines.slice(0, MAX_LINES).map(lineWords),
    recent: (payload.recent ?? [])
      .slice(0, MAX_RECENT)
      .map(({ label, at }) => `${oneLine(label, MAX_NAME)}, ${momentWords(at, zone)}`),
    facts: factsOf(payload),
    due: dueOf(payload),
    next: nextStepOf(payload),
    items: itemsOf(payload, baseUrl),
    page: payload.page ?? null,
    link: links[0].url,
    links,
  };
}

function itemsOf({ items = [] }: AlertPayload, baseUrl: string): Message['items'] {
  const told = items.slice(0, MAX_ITEMS).map(({ title, text, contactId }) => ({
    title: oneLine(title, MAX_SUBJECT),
    text: oneLine(text, 300),
    url: contactId === null ? null : linkTo(baseUrl, contactId),
  }));
  const more = items.length - told.length;
  return more === 0
    ? told
    : [...told, { title: `And ${more} more`, text: 'They are in the app.', url: null }];
}

function factsOf(payload: AlertPayload): Message['facts'] {
  const { kind, ownerName, pathLabel, source } = payload;
  const isOwned = kind === 'handoff' || kind === 'waiting' || kind === 'reassigned' || kind === 'clock';
  const facts: readonly (readonly [string, string | null])[] = [
    ['Score', scoreWords(payload)],
    ['Reason', pathLabel],
    ['Owner', ownerName ?? (isOwned ? 'nobody yet' : null)],
    ['Source', source === null ? null : sourceName(source)],
  ];
  return facts.flatMap(([name, value]) => {
    const words = value === null ? '' : oneLine(value, MAX_NAME);
    return words === '' ? [] : [[name, words] as const];
  });
}

function dueOf({ kind, dueAt, dueKind, zone = 'UTC' }: AlertPayload): Message['due'] {
  if (dueAt === null) return null;
  const isOwnClock = kind === 'exception' || kind === 'breach';
  const label = isOwnClock ? 'Due' : dueKind === 'decision' ? 'Decision due' : 'First touch due';
  return { label, at: dueAt, words: timeWords(dueAt, zone) };
}

function sentenceIn({ grounds: known, sentence, zone = 'UTC' }: AlertPayload): string {
  return known === undefined ? sentence : groundsWords(known, { kind: 'dated', zone });
}

function groupedWords({ grouped, zone = 'UTC' }: AlertPayload): string {
  if (grouped === undefined || grouped.count < 1) return '';
  return `And ${grouped.count} more since ${momentWords(grouped.since, zone)}.`;
}

/** Says an alert in one line for places that show no more, such as the list in the app. */
export function lineOf(payload: AlertPayload): string {
  const company = companyIn(payload);
  const score = scoreWords(payload);
  const strength = score === null ? '' : ` (${score})`;
  const head =
    payload.lead === null
      ? (payload.occasion ?? 'Baton')
      : `${nameIn(payload.lead)}${company === '' ? '' : `, ${company}`}`;
  const sentence = [oneLine(sentenceIn(payload), 500), groupedWords(payload)].filter(part => part !== '');
  return `${oneLine(head, 2 * MAX_NAME + 2)}${strength}: ${manyLines(sentence.join(' '), 600)}`;
}

function titleOf(payload: AlertPayload): string {
  const { lead, occasion, kind } = payload;
  const company = companyIn(payload);
  const whose = lead === null ? '' : company === '' ? nameIn(lead) : `${nameIn(lead)}, ${company}`;
  const what = occasion === undefined ? '' : oneLine(occasion, MAX_NAME);
  const title = what === '' ? usualTitle(kind) : what;
  return whose === '' ? title : `${title}: ${whose}`;
}

function usualTitle(kind: AlertKind): string {
  switch (kind) {
    case 'handoff':
      return 'New lead';
    case 'waiting':
      return 'Nobody owns this lead';
    case 'early':
      return 'Early signal';
    case 'flag':
      return 'Look at this lead again';
    case 'exception':
      return 'Something waits for you';
    case 'breach':
      return 'A lead may be lost';
    case 'reassigned':
      return 'A lead was given to you';
    case 'clock':
      return 'Time runs out';
    case 'bulletin':
      return 'What gathered';
    case 'rejected':
      return 'Calls cannot be used';
    case 'review':
      return 'A review is due';
    default:
      return unreachable(kind);
  }
}

function nextStepOf({ kind, nextStep, ownerName }: AlertPayload): string | null {
  const own = nextStep === undefined ? '' : oneLine(nextStep, 200);
  if (own !== '') return own;
  switch (kind) {
    case 'handoff':
    case 'reassigned':
      return 'Reach out before the first touch is due; then accept the lead, or reject it with a reason.';
    case 'waiting':
      return 'Take the lead, or give it to somebody.';
    case 'early':
      return ownerName === null
        ? 'Not handed over yet: see whether it is worth a call now.'
        : 'Reach out while it is fresh.';
    case 'flag':
      return 'See whether a person stands behind it before you go on.';
    case 'clock':
      return 'Reach out, and log what came of it.';
    case 'exception':
    case 'breach':
      return 'Open it and decide what becomes of it.';
    case 'rejected':
      return 'Look at the calls and mend the client that sends them; corrected ones can be taken in.';
    case 'bulletin':
    case 'review':
      return null;
    default:
      return unreachable(kind);
  }
}

function companyIn({ lead }: AlertPayload): string {
  const company = lead?.company ?? null;
  return company === null ? '' : oneLine(company, MAX_NAME);
}

function nameIn(lead: NonNullable<AlertPayload['lead']>): string {
  const name = oneLine(lead.name, MAX_NAME);
  return name === '' ? 'Somebody without a name' : name;
}

function scoreWords({ total, grade, handedOver: before }: AlertPayload): string | null {
  if (total === null) return null;
  const points = `${figure(total)} ${Math.abs(total) === 1 ? 'point' : 'points'}`;
  const now = grade === null ? points : `${oneLine(grade, 20)}, ${points}`;
  if (before === undefined || (before.total === total && before.grade === grade)) return now;
  return `${now}; ${[before.grade, figure(before.total)].filter(part => part !== null).join(', ')} at the handoff`;
}

function lineWords({ label, points, count }: AlertPayload['lines'][number]): string {
  const often = count === undefined || count < 2 ? '' : `, ${count} times`;
  return `${points < 0 ? figure(points) : `+${points}`} ${oneLine(label, 200)}${often}`;
}

function figure(value: number): string {
  return value < 0 ? `−${-value}` : String(value);
}

/** The page of the rejected calls. */
export const REJECTED_PAGE = '/exceptions?show=rejected';

/** The page of a review. @example reviewPath({ kind: 'monthly', key: '2026-10' }) // '/reviews/monthly/2026-10' */
export function reviewPath({ kind, key }: { readonly kind: string; readonly key: string }): string {
  return `/reviews/${encodeURIComponent(kind)}/${encodeURIComponent(key)}`;
}

/** The page of a contact. @example linkTo('https://baton.acme.com/', 'c1') // 'https://baton.acme.com/contacts/c1' */
export function linkTo(baseUrl: string, contactId: string): string {
  return `${trimmed(baseUrl)}/contacts/${encodeURIComponent(contactId)}`;
}

function trimmed(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, '');
}

/**
 * Where a message leads. Accepting needs a click in the app: programs that follow the links of a mail must accept nothing.
 */
function linksOf(payload: AlertPayload, baseUrl: string): readonly [MessageLink, ...MessageLink[]] {
  const { kind, contactId, episodeId, accessLink, review } = payload;
  if (accessLink !== undefined)
    return [{ label: 'Choose a password', url: `${trimmed(baseUrl)}${ACCESS_PATH}` }];
  if (review !== undefined)
    return [{ label: 'Open the review', url: `${trimmed(baseUrl)}${reviewPath(review)}` }];
  const open = contactId === null ? [] : [{ label: 'Open the lead', url: linkTo(baseUrl, contactId) }];
  if (kind === 'exception' || kind === 'breach') {
    return [{ label: 'Open the exceptions', url: `${trimmed(baseUrl)}/exceptions` }, ...open];
  }
  if (kind === 'rejected')
    return [{ label: 'Open the rejected calls', url: `${trimmed(baseUrl)}${REJECTED_PAGE}` }];
  const [lead] = open;
  if (lead === undefined) return [{ label: 'Open Baton', url: `${trimmed(baseUrl)}/` }];
  // A lead that went to somebody else says so in its occasion: there is nothing to accept for its former owner.
  const isTheirs = kind === 'handoff' || (kind === 'reassigned' && payload.occasion === undefined);
  if (episodeId === null || !isTheirs) return [lead];
  const url = `${lead.url}?do=accept&episode=${encodeURIComponent(episodeId)}`;
  return [lead, { label: 'Accept the lead', url }];
}
