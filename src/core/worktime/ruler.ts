import { z } from 'zod';
import { DAY_MS } from '../time/duration.ts';
import { formatInstant, instant } from '../time/instant.ts';
import { dateAt, instantAt, weekdayOf } from '../time/zone.ts';
import { type WorkCalendar, workingMsBetween } from './calendar.ts';

/**
 * Why a stretch of a clock did not count: between the hours of one day (`break`) or of two (`night`), on days without
 * hours (`weekend` where a Saturday or Sunday is among them, else `closed`), on a holiday, or because the clock was paused.
 */
const uncounted = z.enum(['break', 'night', 'weekend', 'closed', 'holiday', 'paused']);
export type Uncounted = z.infer<typeof uncounted>;

/** A stretch of a clock, from one instant up to the next. */
export const rulerStretch = z.object({
  from: instant,
  to: instant,
  countedMs: z.number().describe('all of it, none, or a part where long spans are drawn by days'),
  why: uncounted.nullable().describe('why nothing of it counted; null where something did'),
  reason: z.string().nullable().describe('why the clock was paused'),
});
export type RulerStretch = z.infer<typeof rulerStretch>;

/** A time in which a clock stood still. */
export interface ClockPause {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly countedMs: number;
  readonly why: Uncounted | null;
  readonly reason: string | null;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** A ruler is read on a phone: what would have more pieces is drawn by days, and then by several days each. */
const MOST_PIECES = 48;
/** Pauses that keep a piece of their own among days. */
const MOST_PAUSES = 8;
const MOST_BUCKETS = MOST_PIECES - 2 * MOST_PAUSES;
/** How many days are looked at one stretch of hours at a time. */
const FINE_DAYS = 31;
/** How far hours are looked for beyond the ends, to know what a closed stretch is part of. */
const MARGIN_DAYS = 9;

/**
 * Cuts a clock into the stretches that counted and those that did not, in order and without a gap, at most 48. The
 * milliseconds that counted add up to the working time between `from` and `to` less that of the pauses. Beyond a month,
 * or where there would be more, a stretch is a day or several, with the part of it that counted. Of pauses that overlap
 * the earlier gives the reason.
 *
 * @example rulerOf(null, { from: 0, to: 5, pauses: [{ from: 1, to: 5, reason: 'Waits' }] })[1]?.why // 'paused'
 */
export function rulerOf(
  calendar: WorkCalendar | null,
  { from, to, pauses }: Span & { readonly pauses: readonly ClockPause[] },
): readonly RulerStretch[] {
  const still = joined(pauses, { from, to });
  const days = (to - from) / DAY_MS;
  const fine = days > FINE_DAYS ? null : merged(paused(cut(calendar, { from, to }), still));
  const pieces =
    fine !== null && fine.length <= MOST_PIECES ? fine : byDays(calendar, { from, to, pauses: still });
  return pieces.map(piece => ({ ...piece, from: formatInstant(piece.from), to: formatInstant(piece.to) }));
}

/** Pauses inside a span, in order and apart. */
function joined(pauses: readonly ClockPause[], { from, to }: Span): readonly ClockPause[] {
  const apart: ClockPause[] = [];
  for (const pause of [...pauses].sort((a, b) => a.from - b.from)) {
    const begins = Math.max(pause.from, apart.at(-1)?.to ?? from, from);
    const ends = Math.min(pause.to, to);
    if (begins < ends) apart.push({ from: begins, to: ends, reason: pause.reason });
  }
  return apart;
}

/** The hours of a span and what lies between them, without pauses. */
function cut(calendar: WorkCalendar | null, span: Span): readonly Piece[] {
  const { from, to } = span;
  if (from >= to) return [];
  if (calendar === null) return [{ ...span, countedMs: to - from, why: null, reason: null }];
  const first = Math.floor(from / DAY_MS) - MARGIN_DAYS;
  const last = Math.floor(to / DAY_MS) + MARGIN_DAYS;
  const pieces: Piece[] = [];
  let closed = { from: first * DAY_MS, after: dateAt(calendar.timezone, first * DAY_MS) };
  for (let index = first; index <= last; index++) {
    for (const { open, close, date } of calendar.dayAt(index).stretches) {
      pieces.push(...between(calendar, { ...closed, to: open, before: date }));
      pieces.push({ from: open, to: close, countedMs: close - open, why: null, reason: null });
      closed = { from: close, after: date };
    }
  }
  const end = (last + 1) * DAY_MS;
  pieces.push(...between(calendar, { ...closed, to: end, before: dateAt(calendar.timezone, end) }));
  return pieces.flatMap(piece => within(piece, span));
}

/** The part of a piece, all or nothing of which counted, that lies inside a span. */
function within(piece: Piece, span: Span): readonly Piece[] {
  const from = Math.max(piece.from, span.from);
  const to = Math.min(piece.to, span.to);
  return from < to ? [{ ...piece, from, to, countedMs: piece.why === null ? to - from : 0 }] : [];
}

/** A time without work, from the hours of the date `after` to those of the date `before`, by what closes it. */
function between(
  calendar: WorkCalendar,
  gap: Span & { readonly after: number; readonly before: number },
): readonly Piece[] {
  const { from, to, after, before } = gap;
  if (from >= to) return [];
  const groups: { why: Uncounted; readonly date: number }[] = [];
  for (let date = after + 1; date < before; date++) {
    const why = closureWords(calendar, date);
    const last = groups.at(-1);
    if (why === null) continue;
    if (last === undefined || (last.why === 'holiday') !== (why === 'holiday')) groups.push({ why, date });
    else if (why === 'weekend') last.why = why;
  }
  if (groups.length === 0)
    return [{ from, to, countedMs: 0, why: after === before ? 'break' : 'night', reason: null }];
  // The night before closed days and the one after them are theirs.
  const starts = groups.map(({ date }, index) =>
    index === 0 ? from : instantAt(calendar.timezone, { date, minute: 0 }),
  );
  return groups.map(({ why }, index) => ({
    from: starts[index] ?? from,
    to: starts[index + 1] ?? to,
    countedMs: 0,
    why,
    reason: null,
  }));
}

function closureWords(calendar: WorkCalendar, date: number): Uncounted | null {
  const closure = calendar.closureOn(date);
  if (closure !== 'weekday') return closure;
  return weekdayOf(date) >= 5 ? 'weekend' : 'closed';
}

/** Lays pauses over pieces: nothing in them counts. */
function paused(pieces: readonly Piece[], pauses: readonly ClockPause[]): readonly Piece[] {
  const bare = pieces.flatMap(piece => {
    const parts: Piece[] = [];
    let at = piece.from;
    for (const { from, to } of pauses) {
      if (to <= piece.from || from >= piece.to) continue;
      parts.push(...within(piece, { from: at, to: from }));
      at = to;
    }
    return [...parts, ...within(piece, { from: at, to: piece.to })];
  });
  const still = pauses.map((pause): Piece => ({ ...pause, countedMs: 0, why: 'paused' }));
  return [...bare, ...still].sort((a, b) => a.from - b.from);
}

/** Joins neighbours that say the same. */
function merged(pieces: readonly Piece[]): readonly Piece[] {
  const joint: Piece[] = [];
  for (const piece of pieces) {
    const last = joint.at(-1);
    const isSame = last?.why === piece.why && last.reason === piece.reason && last.to === piece.from;
    if (last === undefined || !isSame) joint.push(piece);
    else joint[joint.length - 1] = { ...last, to: piece.to, countedMs: last.countedMs + piece.countedMs };
  }
  return joint;
}

/** A long clock by local days, several each where there are many; pauses keep their pieces where they are few. */
function byDays(
  calendar: WorkCalendar | null,
  { from, to, pauses }: Span & { readonly pauses: readonly ClockPause[] },
): readonly Piece[] {
  const timezone = calendar?.timezone ?? 'UTC';
  const first = dateAt(timezone, from);
  const step = Math.max(1, Math.ceil((dateAt(timezone, to) - first + 1) / MOST_BUCKETS));
  const own = pauses.length <= MOST_PAUSES ? pauses : [];
  const pieces = own.map((pause): Piece => ({ ...pause, countedMs: 0, why: 'paused' }));
  let at = from;
  for (let date = first + step; at < to; date += step) {
    const end = Math.min(to, Math.max(at, instantAt(timezone, { date, minute: 0 })));
    for (const part of without({ from: at, to: end }, own)) {
      const lost = pauses
        .flatMap(pause => within({ ...pause, countedMs: 0, why: 'paused' }, part))
        .reduce((sum, pause) => sum + workingMsBetween(calendar, pause.from, pause.to), 0);
      const countedMs = workingMsBetween(calendar, part.from, part.to) - lost;
      const why = countedMs > 0 ? null : lost > 0 ? 'paused' : mostOf(calendar, part);
      pieces.push({ ...part, countedMs, why, reason: null });
    }
    at = end;
  }
  return joinedUncounted(pieces.sort((a, b) => a.from - b.from));
}

/** What is left of a span without pauses. */
function without(span: Span, pauses: readonly ClockPause[]): readonly Span[] {
  const parts: Span[] = [];
  let at = span.from;
  for (const { from, to } of pauses) {
    if (to <= at || from >= span.to) continue;
    if (at < from) parts.push({ from: at, to: from });
    at = to;
  }
  if (at < span.to) parts.push({ from: at, to: span.to });
  return parts;
}

/** What closes most of a span in which nothing counts. */
function mostOf(calendar: WorkCalendar | null, { from, to }: Span): Uncounted {
  const lengths = new Map<Uncounted, number>();
  for (const piece of cut(calendar, { from, to: Math.min(to, from + FINE_DAYS * DAY_MS) }))
    if (piece.why !== null) lengths.set(piece.why, (lengths.get(piece.why) ?? 0) + piece.to - piece.from);
  const [longest] = [...lengths].sort((a, b) => b[1] - a[1]);
  return longest?.[0] ?? 'closed';
}

/** Joins neighbours of which nothing counted for one reason. */
function joinedUncounted(pieces: readonly Piece[]): readonly Piece[] {
  const joint: Piece[] = [];
  for (const piece of pieces) {
    const last = joint.at(-1);
    const isSame = piece.why !== null && last?.why === piece.why && last.reason === piece.reason;
    if (last === undefined || !isSame) joint.push(piece);
    else joint[joint.length - 1] = { ...last, to: piece.to };
  }
  return joint;
}
