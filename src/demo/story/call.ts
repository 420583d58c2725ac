import { formatInstant } from '../../core/time/instant.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { Chance, Filled } from './chance.ts';
import type { Move } from './diary.ts';
import {
  groupPayload,
  identifyPayload,
  type Payload,
  pagePayload,
  type SegmentCall,
  type Visitor,
} from './payload.ts';
import { HOUR } from './rhythm.ts';
import { PAGES } from './site.ts';

/** A call and when it is received, in epoch milliseconds. */
export interface TimedCall {
  readonly at: number;
  readonly call: SegmentCall;
}

/** Who writes calls: a visitor under an id. */
interface Writer extends Visitor {
  readonly id: string;
  readonly chance: Chance;
}

/** Writes moves as calls in the order in which they are received, none after `now`. */
export function writeCalls(moves: readonly Move[], writer: Writer, now: number): readonly TimedCall[] {
  const pen = makePen(writer);
  for (const move of moves.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)) writeMove(pen, move);
  return pen.calls.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
}

interface Device {
  readonly anonymousId: string;
  readonly context: SegmentCall['context'];
}

/** What is remembered from one move to the next. */
interface Pen {
  readonly writer: Writer;
  readonly calls: TimedCall[];
  readonly userId: string;
  readonly desk: Device;
  /** A second device of the same person; null when there is none, or when it has signed in already. */
  phone: Device | null;
  current: Device;
  isKnown: boolean;
  isGrouped: boolean;
  /** How long a call from the browser is on its way. */
  readonly latencyMs: number;
}

const BROWSERS: Filled<string> = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
];
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
const CRAWLERS: Filled<string> = [
  'Mozilla/5.0 (compatible; QuillSpider/2.1; +https://quillspider.example/about)',
  'Mozilla/5.0 (compatible; ThornBot/2.1; +https://thornbot.example/bot.html)',
  'python-requests/2.32.4',
];
const LINK_SCANNER =
  'Mozilla/5.0 (compatible; MailGateway-LinkScanner/1.4; +https://mailgateway.example/bot)';

/** How many people also visit with a phone before they sign in there. */
const WITH_PHONE = 0.12;

/** How many product events reach the intake hours late. */
const LATE = 0.02;

function makePen(writer: Writer): Pen {
  const { chance, person, company } = writer;
  const { locale, timezone } = company.place;
  const device = (userAgent: string) => ({
    anonymousId: drawUuid(chance),
    context: { userAgent, locale, timezone },
  });
  const desk = device(chance.pick(person.persona === 'crawler' ? CRAWLERS : BROWSERS));
  return {
    writer,
    calls: [],
    userId: `fh-${writer.id}`,
    desk,
    phone: chance.happens(WITH_PHONE) ? device(PHONE) : null,
    current: desk,
    isKnown: false,
    isGrouped: false,
    latencyMs: chance.whole(90, 900),
  };
}

function writeMove(pen: Pen, move: Move): void {
  switch (move.kind) {
    case 'page':
      writePage(pen, move);
      break;
    case 'identify':
      writeIdentify(pen, move.at, move.from);
      break;
    case 'track':
      writeTrack(pen, move);
      break;
    case 'delivery':
      if (pen.writer.company.scansMail) scanLinks(pen, move.at);
      break;
    default:
      unreachable(move);
  }
}

function writeTrack(pen: Pen, { at, event, properties }: Extract<Move, { kind: 'track' }>): void {
  const payload: Payload = { type: 'track', event, properties };
  if (SERVER_EVENTS.has(event)) fromServer(pen, at, payload);
  else fromBrowser(pen, at, payload);
}

/** What mail, product and sales tools report, not the browser. */
const SERVER_EVENTS: ReadonlySet<string> = new Set([
  'Email Clicked',
  'Unsubscribed',
  'Feature Used',
  'Integration Connected',
  'Webinar Attended',
  'Badge Scanned',
  'Partner Referral',
]);

function writePage(pen: Pen, move: Extract<Move, { kind: 'page' }>): void {
  const isFirstOfAll = pen.calls.length === 0;
  if (move.isFirst)
    pen.current = pen.isKnown && pen.writer.chance.happens(0.5) ? (pen.phone ?? pen.desk) : pen.desk;
  fromBrowser(pen, move.at, pagePayload(move, { isFound: isFirstOfAll && pen.writer.source === 'organic' }));
  if (pen.current !== pen.phone) return;
  // The first visit by phone starts as a stranger's; signing in there joins the two.
  pen.phone = null;
  writeIdentify(pen, move.at + 25_000, 'browser');
}

function writeIdentify(pen: Pen, at: number, from: 'browser' | 'server'): void {
  const payload = identifyPayload(pen.writer);
  if (from === 'browser') pen.isKnown = true;
  if (from === 'browser') fromBrowser(pen, at, payload);
  else fromServer(pen, at, payload);
  const group = pen.isGrouped ? null : groupPayload(pen.writer);
  if (group !== null) fromServer(pen, at + 100, group);
  pen.isGrouped = true;
}

/** A mail gateway opens every link of a newsletter within a second. */
function scanLinks(pen: Pen, at: number): void {
  (['blog', 'resources', 'webinars', 'pricing'] as const).forEach((page, index) => {
    const properties = { campaign: 'newsletter', link: PAGES[page].path };
    const context = { userAgent: LINK_SCANNER };
    fromServer(pen, at + 150 * index, { type: 'track', event: 'Email Clicked', properties, context });
  });
}

function fromBrowser(pen: Pen, at: number, payload: Payload): void {
  const { anonymousId, context } = pen.current;
  // A page on a new device carries no user id until the person signs in there.
  const isSignedIn = pen.isKnown && (pen.current !== pen.phone || payload.type === 'identify');
  const call = {
    messageId: nextMessageId(pen),
    ...payload,
    ...(isSignedIn ? { userId: pen.userId } : null),
    anonymousId,
    timestamp: formatInstant(at),
    sentAt: formatInstant(at + 40),
    context: payload.context === undefined ? context : { ...context, ...payload.context },
  };
  pen.calls.push({ at: at + pen.latencyMs, call });
}

function fromServer(pen: Pen, at: number, payload: Payload): void {
  const isLate = payload.event === 'Feature Used' && pen.writer.chance.happens(LATE);
  const delayMs = isLate ? pen.writer.chance.whole(1, 6) * HOUR : 1_200;
  const call = {
    messageId: nextMessageId(pen),
    ...payload,
    userId: pen.userId,
    timestamp: formatInstant(at),
    context: payload.context ?? NO_CONTEXT,
  };
  pen.calls.push({ at: at + delayMs, call });
}

const NO_CONTEXT = {};

function nextMessageId(pen: Pen): string {
  return `demo-${pen.writer.id}-${pen.calls.length + 1}`;
}

/** A random UUID of version 4, as the browser client makes one for each visitor. */
function drawUuid(chance: Chance): string {
  const hex = (bits: number) =>
    Math.floor(chance.unit() * 2 ** bits)
      .toString(16)
      .padStart(bits / 4, '0');
  return `${hex(32)}-${hex(16)}-4${hex(12)}-${chance.pick(['8', '9', 'a', 'b'])}${hex(12)}-${hex(24)}${hex(24)}`;
}
