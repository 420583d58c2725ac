import { isFollowed, isSameMail, isSending, linkOf, MAIL_BOOK, type MailBook } from './mail.ts';

/** An event as far as the pace of its contact needs it. `at` is epoch ms. */
export interface Stroke {
  readonly id: number;
  readonly at: number;
  /** The name as names compare. */
  readonly nameKey: string;
  readonly properties: unknown;
  readonly context: unknown;
  /** Why it counts as machine-made; null for a person's. */
  readonly machine: string | null;
  /** Whether somebody has said what it is: then it stays that. */
  readonly isSettled: boolean;
}

/** An event that a machine made after all, and why. */
interface Found {
  readonly id: number;
  readonly reason: string;
}

/** How soon after sending nobody has yet read a mail, in ms: what looks through mail does so at once. */
const OPENED_WITHIN_MS = 5_000;
const CLICKED_WITHIN_MS = 10_000;
/** How long a burst is looked at, in ms, and how much nobody does in it: four links of a mail, twelve pages. */
const BURST_MS = 3_000;
const LINKS = 4;
const PAGES = 12;

/** From how many pages within which time on, in ms, a burst may be under way of which others see the rest. */
export const PAGES_IN_SIGHT = { count: PAGES / 3, withinMs: BURST_MS } as const;

/** How far around an event others can speak of it, in ms: sending, delivery and what lies between within a minute. */
export const REACH_MS = 60_000;

export const OPENED_AT_ONCE = 'a mail scanner: opened within seconds of sending';
export const CLICKED_AT_ONCE = 'a link scanner: clicked within seconds of sending';
export const OPENED_BEFORE = 'a mail scanner: opened before the mail was delivered';
export const CLICKED_BEFORE = 'a link scanner: clicked before the mail was delivered';
export const LINKS_AT_ONCE = 'impossible pace: four or more links within three seconds';
export const PAGES_AT_ONCE = 'impossible pace: twelve or more pages within three seconds';

/**
 * Which events of one contact a machine made, as their pace tells: mails opened or clicked within seconds of sending,
 * four different links within three seconds, twelve pages within three seconds. Those that are machine-made already, or
 * of which somebody said what they are, are left as they are. The order of the events does not matter.
 *
 * @example classifyBurst([]) // []
 */
export function classifyBurst(strokes: readonly Stroke[], mails: MailBook = MAIL_BOOK): readonly Found[] {
  const events = [...strokes].sort((a, b) => a.at - b.at || a.id - b.id);
  const reasons = new Map<number, string>();
  for (const { id, reason } of [...atOnce(events, mails), ...manyLinks(events, mails), ...manyPages(events)])
    if (!reasons.has(id)) reasons.set(id, reason);
  return events.flatMap(({ id, machine, isSettled }) => {
    const reason = reasons.get(id);
    return reason === undefined || machine !== null || isSettled ? [] : [{ id, reason }];
  });
}

function atOnce(events: readonly Stroke[], { kindOf }: MailBook): readonly Found[] {
  const sent = events.filter(({ nameKey }) => isSending(kindOf(nameKey)));
  if (sent.length === 0) return [];
  return events.flatMap(event => {
    const part = kindOf(event.nameKey);
    if (!isFollowed(part)) return [];
    const own = sent.filter(one => isSameMail(one, event));
    const withinMs = part === 'opened' ? OPENED_WITHIN_MS : CLICKED_WITHIN_MS;
    const isOpened = part === 'opened';
    if (own.some(({ at }) => at <= event.at && event.at < at + withinMs))
      return [{ id: event.id, reason: isOpened ? OPENED_AT_ONCE : CLICKED_AT_ONCE }];
    const delivered = own.filter(({ at, nameKey }) => at > event.at && kindOf(nameKey) === 'delivered');
    const isBefore = own.some(
      ({ at }) => at <= event.at && delivered.some(later => later.at - at <= REACH_MS),
    );
    if (!isBefore) return [];
    return [{ id: event.id, reason: isOpened ? OPENED_BEFORE : CLICKED_BEFORE }];
  });
}

function manyLinks(events: readonly Stroke[], { kindOf }: MailBook): readonly Found[] {
  const clicks = events.filter(event => kindOf(event.nameKey) === 'clicked' && linkOf(event) !== null);
  const isMany = (burst: readonly Stroke[]) => new Set(burst.map(linkOf)).size >= LINKS;
  return burstsOf(clicks, isMany).map(({ id }) => ({ id, reason: LINKS_AT_ONCE }));
}

function manyPages(events: readonly Stroke[]): readonly Found[] {
  const pages = events.filter(({ nameKey }) => nameKey === 'page');
  return burstsOf(pages, burst => burst.length >= PAGES).map(({ id }) => ({ id, reason: PAGES_AT_ONCE }));
}

/** The events that lie in some span of three seconds that holds too many; they come in order of time. */
function burstsOf(
  events: readonly Stroke[],
  isMany: (burst: readonly Stroke[]) => boolean,
): readonly Stroke[] {
  const found = new Set<Stroke>();
  let start = 0;
  events.forEach((event, end) => {
    while ((events[start]?.at ?? event.at) <= event.at - BURST_MS) start += 1;
    const burst = events.slice(start, end + 1);
    if (isMany(burst)) for (const one of burst) found.add(one);
  });
  return [...found];
}
