import { holds } from './condition.ts';
import { type Event, matches } from './event.ts';
import { type Facts, profileField } from './facts.ts';
import { isObject, type Json, list, number, object, text } from './json.ts';
import { durationMs } from './time.ts';

/** What a rule contributes at an instant; `points` are rounded and may be 0. */
export type Contribution = {
  readonly points: number;
  readonly label: string;
  readonly count?: number;
  readonly lastAt?: number;
};

/** What a rule contributes at `t`, epoch milliseconds. */
export function contribution(rule: Json, facts: Facts, t: number): Contribution {
  const subject = { field: (name: string): unknown => profileField(facts, name), t };
  const label = text(rule.label ?? rule.id);
  if (!holds(rule.when, subject)) return { points: 0, label };
  if (rule.cases !== undefined) {
    const first = list(rule.cases)
      .map(object)
      .find(one => holds(one.when, subject));
    if (first === undefined) return { points: 0, label };
    return { points: number(first.points), label: text(first.label ?? label) };
  }
  const points = number(rule.points);
  if (rule.on !== undefined) return { label, ...occurrences(rule, facts, t) };
  if (rule.pattern !== undefined) return { label, ...pattern(rule, facts, t) };
  if (rule.quiet !== undefined)
    return { label, points: t - quietSince(rule, facts) >= durationMs(rule.quiet) ? points : 0 };
  return { label, points };
}

type Evidence = { readonly points: number; readonly count?: number; readonly lastAt?: number };

function occurrences(rule: Json, facts: Facts, t: number): Evidence {
  const limit = rule.limit === undefined ? Number.POSITIVE_INFINITY : number(rule.limit);
  const counted = facts.evidence
    .filter(event => matches(rule.on, event) && t - event.time < windowMs(rule))
    .sort((one, other) => other.time - one.time)
    .slice(0, limit);
  const [last] = counted;
  if (last === undefined) return { points: 0 };
  let sum = 0;
  for (const event of counted) sum += remaining(rule.decay, t - event.time);
  return { points: roundedOnce(number(rule.points) * sum), count: counted.length, lastAt: last.time };
}

function pattern(rule: Json, facts: Facts, t: number): Evidence {
  const lastAt = lastCompletion(rule, facts);
  if (lastAt === undefined || t - lastAt >= windowMs(rule)) return { points: 0 };
  return {
    points: roundedOnce(number(rule.points) * remaining(rule.decay, t - lastAt)),
    count: 1,
    lastAt,
  };
}

/** The latest instant at which a rule's pattern completes, epoch milliseconds. */
export function lastCompletion(rule: Json, facts: Facts): number | undefined {
  const wanted = object(rule.pattern);
  const within = durationMs(wanted.within);
  const items = list(wanted.all).map(item =>
    isObject(item) && item.on !== undefined
      ? { on: item.on, times: item.times === undefined ? 1 : number(item.times) }
      : { on: item, times: 1 },
  );
  let latest: number | undefined;
  for (const event of facts.evidence) {
    if (!items.some(item => matches(item.on, event))) continue;
    const complete = items.every(item => {
      const inTime = facts.evidence.filter(
        other => matches(item.on, other) && event.time - within < other.time && other.time <= event.time,
      );
      return inTime.length >= item.times;
    });
    if (complete && (latest === undefined || event.time > latest)) latest = event.time;
  }
  return latest;
}

/** The instant from which a quiet rule counts, epoch milliseconds. */
export function quietSince(rule: Json, facts: Facts): number {
  let last = facts.createdAt;
  for (const event of facts.evidence) {
    if (rule.of !== undefined && !matches(rule.of, event)) continue;
    if (event.time > last) last = event.time;
  }
  return last;
}

/** Tells whether enough happened for a path's or disqualifier's `did` at `t`, epoch milliseconds. */
export function didHolds(did: Json, facts: Facts, t: number): boolean {
  const within = did.within === undefined ? Number.POSITIVE_INFINITY : durationMs(did.within);
  const found = facts.evidence.filter(event => matches(did.on, event) && t - event.time < within);
  return found.length >= (did.times === undefined ? 1 : number(did.times));
}

/** The events that one of a rule's matches names. */
export function matched(match: unknown, facts: Facts): readonly Event[] {
  return facts.evidence.filter(event => matches(match, event));
}

function windowMs(rule: Json): number {
  return rule.window === undefined ? Number.POSITIVE_INFINITY : durationMs(rule.window);
}

/**
 * The share of an occurrence's points left at an age in milliseconds.
 *
 * @example remaining({ halfLife: '1d' }, 86_400_000) // 0.5
 */
export function remaining(decay: unknown, ageMs: number): number {
  const how = object(decay);
  if (how.halfLife !== undefined) return 2 ** (-ageMs / durationMs(how.halfLife));
  if (how.linear !== undefined) return Math.max(0, 1 - ageMs / durationMs(how.linear));
  if (how.lose !== undefined) {
    const steps = Math.floor(ageMs / durationMs(how.every));
    return Math.max(0, 100 - percent(how.lose) * steps) / 100;
  }
  return 1;
}

/** A percentage written `25%` or `25`. */
export function percent(written: unknown): number {
  return typeof written === 'number' ? written : Number(text(written).replace('%', ''));
}

/**
 * The nearest integer; halves, and what is less than 1e-9 short of one, go away from zero.
 *
 * @example roundedOnce(-2.5) // -3
 */
export function roundedOnce(value: number): number {
  const size = Math.abs(value);
  const whole = Math.floor(size);
  const rounded = 0.5 - (size - whole) < 1e-9 ? whole + 1 : whole;
  if (rounded === 0) return 0;
  return value < 0 ? -rounded : rounded;
}
