import { isDeeper, isObject, MAX_NESTING } from '../condition/reading.ts';

/** The largest single call, from the Segment spec. */
export const MAX_CALL_BYTES = 32 * 1024;

/**
 * What is wrong with the size of a call; null when it may be taken in. Depth comes first: nothing may walk through a call
 * by recursion before that.
 *
 * @example callFault({ type: 'track' }) // null
 */
export function callFault(call: unknown): string | null {
  if (isDeeper(call, MAX_NESTING)) return `expected at most ${MAX_NESTING} levels, got more`;
  return sizeOf(call) > MAX_CALL_BYTES ? `expected at most ${MAX_CALL_BYTES} bytes a call` : null;
}

/**
 * The bytes of a value as JSON without spaces.
 *
 * @example sizeOf(['ä']) // 6
 */
export function sizeOf(value: unknown): number {
  const text = JSON.stringify(value);
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    // A character beyond 16 bits is two units and four bytes; any other from 0x800 on is one unit and three bytes.
    if (unit >= 0x80) bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

/** What stands where a write key stood. */
const KEY_MARK = '[write key]';

/** A call as it may be kept and shown: without `writeKey`, wherever it stands, and without the secret that came with it. */
export function withoutKey(call: unknown, secret: string): unknown {
  if (typeof call === 'string') return secret === '' ? call : call.replaceAll(secret, KEY_MARK);
  if (Array.isArray(call)) return call.map(item => withoutKey(item, secret));
  if (!isObject(call)) return call;
  return Object.fromEntries(
    Object.entries(call).flatMap(([name, value]) =>
      /^write_?key$/i.test(name) ? [] : [[name, withoutKey(value, secret)]],
    ),
  );
}

/** How many calls may come: `burst` at once, and `perSecond` more each second. */
export interface CallRate {
  readonly burst: number;
  readonly perSecond: number;
}

/** What is left of a rate, and since when. */
export interface Bucket {
  readonly left: number;
  readonly at: number;
}

/**
 * Takes calls out of a bucket (by default a full one): what is left, and in how many milliseconds there will be enough; 0
 * when there is enough now. A bucket that has not enough is left as it is. A clock that runs back adds nothing.
 *
 * @example drawCalls({ burst: 10, perSecond: 2 }, { bucket: { left: 1, at: 0 }, calls: 3, now: 0 }).waitMs // 1000
 */
export function drawCalls(
  rate: CallRate,
  {
    bucket,
    calls,
    now,
  }: { readonly bucket?: Bucket | undefined; readonly calls: number; readonly now: number },
): { readonly bucket: Bucket; readonly waitMs: number } {
  const { left: before, at } = bucket ?? { left: rate.burst, at: now };
  const left = Math.min(rate.burst, before + (Math.max(0, now - at) * rate.perSecond) / 1000);
  const missing = calls - left;
  if (missing > 0) return { bucket: { left, at: now }, waitMs: Math.ceil((missing * 1000) / rate.perSecond) };
  return { bucket: { left: left - calls, at: now }, waitMs: 0 };
}

/** How many parts of an IPv6 address name the network that one subscriber gets: the first 64 bits. */
const SUBSCRIBER_PARTS = 4;

/**
 * The network by which a caller is counted: an IPv4 address itself, also when written as an IPv6 one, and of an IPv6
 * address the first 64 bits, as one subscriber has all the others.
 *
 * @example subscriberOf('2001:db8::7') // '2001:db8:0:0'
 */
export function subscriberOf(address: string): string {
  const text = address
    .toLowerCase()
    .replace(/%.*$/, '')
    .replace(/^::ffff:(?=\d+\.)/, '');
  if (!text.includes(':')) return text;
  const [head = '', tail] = text.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  return [...first, ...Array.from({ length: gap }, () => '0'), ...last]
    .slice(0, SUBSCRIBER_PARTS)
    .map(part => part.replace(/^0+(?=.)/, ''))
    .join(':');
}
