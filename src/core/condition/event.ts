import { nameOf, type Report } from '../problem.ts';
import { normaliseText } from '../text/normalise.ts';
import { type Condition, parseCondition } from './condition.ts';
import { compileCondition, makeFieldTable, readFields } from './predicate.ts';
import { isObject, valueAt } from './reading.ts';

/** What an event must be: one of these names, and `where` over its properties and context. */
export interface EventMatch {
  readonly names: readonly string[];
  readonly where: Condition | null;
}

/** Something a contact did, as scoring sees it. `at` is epoch milliseconds. */
export interface Happening {
  readonly at: number;
  readonly name: string;
  readonly properties: unknown;
  readonly context: unknown;
}

/**
 * Parses an event match: a name, or `{ event, where }`. Reports what is wrong; what is unreadable matches nothing.
 *
 * @example parseEventMatch('Demo Requested', report) // { names: ['demo requested'], where: null }
 */
export function parseEventMatch(raw: unknown, report: Report): EventMatch {
  if (typeof raw === 'string') return { names: names(raw, report), where: null };
  if (!isObject(raw)) {
    report.add(`expected an event name or { event, where }, got ${nameOf(raw)}`);
    return { names: [], where: null };
  }
  for (const key of Object.keys(raw)) {
    if (key !== 'event' && key !== 'where') report.add('unknown key; expected event or where', key);
  }
  const where = Object.hasOwn(raw, 'where') ? parseCondition(raw.where, 'event', report.at('where')) : null;
  return { names: names(raw.event, report.at('event')), where };
}

function names(raw: unknown, report: Report): readonly string[] {
  const list = Array.isArray(raw) ? raw : [raw];
  if (list.length === 0) report.add('expected at least one event name');
  return list.flatMap((item, index) => {
    if (typeof item === 'string' && item.trim() !== '') return [normaliseText(item)];
    (Array.isArray(raw) ? report.at(index) : report).add(`expected an event name, got ${nameOf(item)}`);
    return [];
  });
}

/**
 * Names a Segment call as an event: a track's `event`, `page` or `screen`; null when it is not an event or
 * has no name.
 *
 * @example eventName({ type: 'track', event: ' Demo Requested ' }) // 'Demo Requested'
 */
export function eventName(call: { readonly type?: unknown; readonly event?: unknown }): string | null {
  if (call.type === 'page' || call.type === 'screen') return call.type;
  if (call.type !== 'track' || typeof call.event !== 'string') return null;
  const name = call.event.trim();
  return name === '' ? null : name;
}

/** The properties of a Segment call; the name of a page or screen is one of them unless it has its own. */
export function eventProperties(call: {
  readonly type?: unknown;
  readonly name?: unknown;
  readonly properties?: unknown;
}): unknown {
  const properties = isObject(call.properties) ? call.properties : {};
  if (call.type === 'track' || call.name === undefined) return properties;
  return { name: call.name, ...properties };
}

/**
 * When a call happened, in epoch milliseconds: its timestamp corrected for the client's clock
 * (`receivedAt − (sentAt − timestamp)`, the Segment spec's formula), never later than it was received.
 *
 * @example eventTime({ timestamp: 100, sentAt: 150, receivedAt: 1000 }) // 950
 */
export function eventTime(times: {
  readonly timestamp: number | null;
  readonly sentAt: number | null;
  readonly receivedAt: number | null;
}): number | null {
  const { timestamp, sentAt, receivedAt } = times;
  if (timestamp === null || receivedAt === null) return timestamp ?? receivedAt;
  const corrected = sentAt === null ? timestamp : receivedAt - (sentAt - timestamp);
  return Math.min(corrected, receivedAt);
}

/** Finds which of a fixed list of matches an event meets. */
export type Matcher = (event: Happening) => readonly number[];

const NONE: readonly number[] = [];

/** Compiles matches (null matches every event) into one matcher that returns their numbers in ascending order. */
export function compileMatches(matches: readonly (EventMatch | null)[]): Matcher {
  const everyEvent = matches.flatMap((match, number) => (match === null ? [number] : []));
  const byName = new Map<
    string,
    { readonly number: number; readonly holds: (event: Happening) => boolean }[]
  >();
  matches.forEach((match, number) => {
    if (match === null) return;
    const holds = compileWhere(match.where);
    for (const name of new Set(match.names)) {
      const entries = byName.get(name) ?? [];
      entries.push({ number, holds });
      byName.set(name, entries);
    }
  });
  return event => {
    const entries = byName.get(event.name) ?? byName.get(normaliseText(event.name));
    if (entries === undefined) return everyEvent.length === 0 ? NONE : everyEvent;
    const met = [...everyEvent];
    for (const entry of entries) if (entry.holds(event)) met.push(entry.number);
    return met.length > 1 ? met.sort((a, b) => a - b) : met;
  };
}

function compileWhere(where: Condition | null): (event: Happening) => boolean {
  if (where === null) return () => true;
  const table = makeFieldTable();
  const holds = compileCondition(where, table);
  return event => holds(readFields(table, { property: event.properties, context: event.context }), event.at);
}

/** Whether a call carries the mark of machine traffic, as event files write it. */
export function isMarkedMachine(call: unknown): boolean {
  return valueAt(call, ['machine']) === true;
}
