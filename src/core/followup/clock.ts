import type { WorkSpan } from '../agreement/practice.ts';
import { addWorkSpan, type WorkCalendar, workingMsBetween } from '../worktime/calendar.ts';

/** What is to be done with a handoff by a time: reach the person, and decide. */
export const CLOCK_KINDS = ['firstTouch', 'decision'] as const;
export type ClockKind = (typeof CLOCK_KINDS)[number];

/** How a clock stands; the last two are for ever. */
export const CLOCK_STATES = ['running', 'paused', 'kept', 'missed'] as const;
export type ClockState = (typeof CLOCK_STATES)[number];

/** Time that does not count on a clock: up to, not including, `until`. Epoch ms. */
export interface Rest {
  readonly from: number;
  readonly until: number;
  /** Why it was paused; null for the time between a stop and its being taken back. */
  readonly reason: string | null;
}

/** What is known of a clock; instants in epoch ms. */
export interface ClockFacts {
  readonly kind: ClockKind;
  readonly startedAt: number;
  /** As it stands: what rested has moved it. While a pause lasts it is that of its end. */
  readonly dueAt: number;
  readonly stoppedAt: number | null;
  /** Whether it was found missed before: that is for ever, whatever is said later of earlier times. */
  readonly wasMissed: boolean;
  /** In order of time, none within another. */
  readonly rests: readonly Rest[];
  /** Null counts around the clock. */
  readonly calendar: WorkCalendar | null;
  /** The shares of the time at which the owner is reminded, in percent. */
  readonly remind: readonly number[];
  /** After how much more time than was given the lead goes to somebody else; null if never. */
  readonly reassignAfter: WorkSpan | null;
}

/** A clock as people see it. Instants in epoch ms, spans in ms of working time. */
export interface Clock {
  readonly kind: ClockKind;
  readonly startedAt: number;
  readonly dueAt: number;
  readonly state: ClockState;
  readonly stoppedAt: number | null;
  /** By how much it is missed; null while it is not. */
  readonly lateMs: number | null;
  readonly workedMs: number;
  readonly totalMs: number;
  readonly reminders: readonly number[];
  readonly pausedUntil: number | null;
  readonly pauseReason: string | null;
}

/** Something that a clock has happen at an instant, epoch ms. */
export type Tick =
  | { readonly what: 'remind'; readonly share: number; readonly at: number }
  | { readonly what: 'missed'; readonly at: number }
  | { readonly what: 'reroute'; readonly at: number };

const MINUTE_MS = 60_000;

/**
 * Tells how a clock stands at an instant, from what is known of it: a clock that has not stopped when it is due is missed,
 * once and for ever.
 *
 * @example clockAt({ kind: 'firstTouch', startedAt: 0, dueAt: 9, stoppedAt: 4, wasMissed: false, rests: [], calendar: null, remind: [], reassignAfter: null }, 20).state // 'kept'
 */
export function clockAt(facts: ClockFacts, now: number): Clock {
  const { kind, startedAt, dueAt, stoppedAt, calendar } = facts;
  const end = stoppedAt ?? now;
  const isMissed = isMissedBy(facts, now);
  const pause = stoppedAt === null && !isMissed ? pauseAt(facts, now) : null;
  return {
    kind,
    startedAt,
    dueAt,
    state: isMissed ? 'missed' : stoppedAt !== null ? 'kept' : pause === null ? 'running' : 'paused',
    stoppedAt,
    lateMs: isMissed ? Math.max(0, workingMsBetween(calendar, dueAt, end)) : null,
    workedMs: workedBy(facts, Math.max(startedAt, end)),
    totalMs: totalOf(facts),
    reminders: remindersOf(facts).map(({ at }) => at),
    pausedUntil: pause?.until ?? null,
    pauseReason: pause?.reason ?? null,
  };
}

/** Whether a clock is missed at an instant: what stops it at the very time that it is due is in time. */
function isMissedBy({ dueAt, stoppedAt, wasMissed }: ClockFacts, now: number): boolean {
  return wasMissed || (stoppedAt === null ? now >= dueAt : stoppedAt > dueAt);
}

/** The pause that lasts at an instant; null while a clock is not paused. */
export function pauseAt({ rests }: Pick<ClockFacts, 'rests'>, at: number): Rest | null {
  return rests.find(({ from, until, reason }) => reason !== null && from <= at && at < until) ?? null;
}

/**
 * What a clock has happen, in order of time: reminders, that it is missed, and that the lead goes to somebody else. What
 * cannot happen any more is left out: nothing is said of a clock that has stopped, but that it was missed.
 *
 * @example ticksOf({ kind: 'decision', startedAt: 0, dueAt: 600_000, stoppedAt: null, wasMissed: false, rests: [], calendar: null, remind: [50], reassignAfter: null }).map(({ at }) => at) // [300_000, 600_000]
 */
export function ticksOf(facts: ClockFacts): readonly Tick[] {
  const { dueAt, stoppedAt, wasMissed, calendar, reassignAfter } = facts;
  const isRunning = stoppedAt === null;
  const ticks: Tick[] = isRunning ? [...remindersOf(facts)] : [];
  if (isRunning || stoppedAt > dueAt || wasMissed) ticks.push({ what: 'missed', at: dueAt });
  if (reassignAfter !== null && isRunning)
    ticks.push({ what: 'reroute', at: addWorkSpan(calendar, dueAt, reassignAfter) });
  return ticks.sort((a, b) => a.at - b.at);
}

/** The reminders of a clock: those that fall within the minute of the handoff or after it stopped are not sent. */
function remindersOf(facts: ClockFacts): readonly Extract<Tick, { readonly what: 'remind' }>[] {
  const { startedAt, stoppedAt } = facts;
  const total = totalOf(facts);
  const minuteOf = (at: number) => Math.floor(at / MINUTE_MS);
  return [...new Set(facts.remind)]
    .map(share => ({
      what: 'remind' as const,
      share,
      at: whenWorked(facts, Math.round((share * total) / 100)),
    }))
    .filter(({ at }) => minuteOf(at) !== minuteOf(startedAt) && at <= (stoppedAt ?? at))
    .sort((a, b) => a.at - b.at);
}

/** The working time that a clock was given; rests have moved its end and not changed it. */
function totalOf(facts: ClockFacts): number {
  return workedBy(facts, facts.dueAt);
}

/** The stretches of time, up to an instant, in which a clock counts. */
function runsOf({ startedAt, rests }: ClockFacts, until: number) {
  const runs: { readonly from: number; readonly to: number }[] = [];
  let from = startedAt;
  for (const rest of rests) {
    if (rest.from >= until) break;
    runs.push({ from, to: Math.max(from, rest.from) });
    from = Math.max(from, rest.until);
  }
  return [...runs, { from, to: until }].filter(run => run.from <= run.to);
}

/**
 * The working time that a clock has counted by an instant, in ms.
 *
 * @example workedBy({ kind: 'decision', startedAt: 0, dueAt: 90, stoppedAt: null, wasMissed: false, rests: [{ from: 10, until: 50, reason: 'away' }], calendar: null, remind: [], reassignAfter: null }, 60) // 20
 */
export function workedBy(facts: ClockFacts, at: number): number {
  return runsOf(facts, at).reduce((sum, { from, to }) => sum + workingMsBetween(facts.calendar, from, to), 0);
}

/** The first instant by which a clock has counted so much working time. */
function whenWorked(facts: ClockFacts, ms: number): number {
  let left = ms;
  for (const { from, to } of runsOf(facts, Number.POSITIVE_INFINITY)) {
    const at = addTime(facts, from, left);
    if (at <= to) return at;
    left -= workingMsBetween(facts.calendar, from, to);
  }
  return facts.dueAt;
}

function addTime({ calendar }: Pick<ClockFacts, 'calendar'>, from: number, ms: number): number {
  return addWorkSpan(calendar, from, { kind: 'time', ms });
}

/**
 * When a clock is due that rests for a while: so much working time after the end as was left at the beginning.
 *
 * @example dueAfterRest({ dueAt: 90, calendar: null }, { from: 10, until: 50 }) // 130
 */
export function dueAfterRest(
  facts: Pick<ClockFacts, 'dueAt' | 'calendar'>,
  { from, until }: Pick<Rest, 'from' | 'until'>,
): number {
  return addTime(facts, until, workingMsBetween(facts.calendar, from, facts.dueAt));
}

/**
 * When a clock is due whose pause ends at another time than was said.
 *
 * @example dueAfterResume({ dueAt: 130, calendar: null }, { until: 50, now: 20 }) // 100
 */
export function dueAfterResume(
  { dueAt, calendar }: Pick<ClockFacts, 'dueAt' | 'calendar'>,
  { until, now }: { readonly until: number; readonly now: number },
): number {
  return addTime({ calendar }, now, workingMsBetween(calendar, until, dueAt));
}
