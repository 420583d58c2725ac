import { text } from './json.ts';

const secondMs = 1000;
const unitMs: ReadonlyMap<string, number> = new Map([
  ['s', secondMs],
  ['m', 60 * secondMs],
  ['h', 3600 * secondMs],
  ['d', 24 * 3600 * secondMs],
  ['w', 7 * 24 * 3600 * secondMs],
]);

/** A duration such as `15m` in milliseconds; anything else is refused. */
export function durationMs(value: unknown): number {
  const written = text(value);
  const unit = unitMs.get(written.slice(-1));
  const amount = Number(written.slice(0, -1));
  if (unit === undefined || !Number.isInteger(amount) || amount <= 0)
    throw new RangeError(`not a duration: ${written}`);
  return amount * unit;
}

const date = '(\\d{4})-(\\d{2})-(\\d{2})';
const clock = '(\\d{2}):(\\d{2}):(\\d{2})(?:\\.(\\d+))?';
const zone = '(?:z|([+-])(\\d{2}):(\\d{2}))';
const dateOnly = new RegExp(`^${date}$`);
const dateTime = new RegExp(`^${date}t${clock}${zone}$`);

/** An RFC 3339 date-time or a date (midnight UTC) in epoch milliseconds; undefined when unreadable or impossible. */
export function instant(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const written = value.trim().toLowerCase();
  const parts = dateOnly.exec(written) ?? dateTime.exec(written);
  if (parts === null) return undefined;
  const part = (index: number): number => Number(parts[index] ?? '0');
  const [year, month, day] = [part(1), part(2), part(3)];
  const [hour, minute, second] = [part(4), part(5), part(6)];
  const [zoneHour, zoneMinute] = [part(9), part(10)];
  if (hour > 23 || minute > 59 || second > 59 || zoneHour > 23 || zoneMinute > 59) return undefined;
  const midnight = new Date(0);
  midnight.setUTCFullYear(year, month - 1, day);
  // A day that its month does not have rolls over into another month.
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return undefined;
  const ms = Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3));
  const sinceMidnight = ((hour * 60 + minute) * 60 + second) * secondMs + ms;
  const offset = (zoneHour * 60 + zoneMinute) * 60 * secondMs * (parts[8] === '-' ? -1 : 1);
  return midnight.getTime() + sinceMidnight - offset;
}

/** The same, for a place where an instant must stand; anything else is refused. */
export function instantThere(value: unknown): number {
  const read = instant(value);
  if (read === undefined) throw new RangeError(`not an instant: ${JSON.stringify(value)}`);
  return read;
}

/** Epoch milliseconds as they are printed. */
export function printed(ms: number): string {
  return new Date(ms).toISOString();
}
