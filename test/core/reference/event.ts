import { holds } from './condition.ts';
import { at, isObject, type Json, list, object, text } from './json.ts';
import { instantThere } from './time.ts';
import { comparable } from './value.ts';

/** One event of one contact; `time` in epoch milliseconds, `name` as it compares. */
export type Event = {
  readonly messageId: string;
  readonly name: string;
  readonly time: number;
  readonly properties: Json;
  readonly context: Json;
  readonly machine: boolean;
};

/** The events of one contact among event lines: each message once, machine-made ones included. */
export function eventsOf(userId: string, lines: readonly Json[]): readonly Event[] {
  const found: Event[] = [];
  for (const line of lines) {
    const { type } = line;
    if (line.userId !== userId) continue;
    if (type !== 'track' && type !== 'page' && type !== 'screen') continue;
    const messageId = text(line.messageId);
    if (found.some(event => event.messageId === messageId)) continue;
    found.push({
      messageId,
      name: comparable(type === 'track' ? text(line.event) : type),
      time: timeOf(line),
      properties: type === 'track' ? object(line.properties) : named(line),
      context: object(line.context),
      machine: line.machine === true,
    });
  }
  return found;
}

function named(line: Json): Json {
  const properties = object(line.properties);
  if (Object.hasOwn(properties, 'name') || !Object.hasOwn(line, 'name')) return properties;
  return { ...properties, name: line.name };
}

/** An event's time: its timestamp corrected for the client's clock and never later than its receipt; without a timestamp, its receipt. */
function timeOf(line: Json): number {
  const timestamp = timeThere(line.timestamp);
  const receivedAt = timeThere(line.receivedAt);
  const sentAt = timeThere(line.sentAt);
  if (timestamp === undefined) return instantThere(line.receivedAt);
  if (receivedAt === undefined) return timestamp;
  return Math.min(receivedAt, sentAt === undefined ? timestamp : receivedAt - (sentAt - timestamp));
}

function timeThere(written: unknown): number | undefined {
  return written === undefined || written === null ? undefined : instantThere(written);
}

/** Tells whether an event is the one an EventMatch names. */
export function matches(match: unknown, event: Event): boolean {
  if (!isObject(match)) return comparable(text(match)) === event.name;
  const names = Array.isArray(match.event) ? list(match.event) : [match.event];
  if (!names.some(name => comparable(text(name)) === event.name)) return false;
  const field = (name: string): unknown =>
    name.startsWith('context.')
      ? at(event.context, name.slice('context.'.length))
      : at(event.properties, name);
  return holds(match.where, { field, t: event.time });
}
