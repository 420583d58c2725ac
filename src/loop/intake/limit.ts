import { type Bucket, type CallRate, drawCalls, subscriberOf } from '../../core/intake/limit.ts';
import type { App } from '../app.ts';

/**
 * What a public key takes from one address: an office of thousands behind one address stays far below it, and a batch of the
 * largest size fits in at once.
 */
export const ADDRESS_RATE: CallRate = { burst: 5_000, perSecond: 50 };
/** What a node takes by one public key from all addresses: a busy site on a busy day, and less than the intake can do. */
export const KEY_RATE: CallRate = { burst: 50_000, perSecond: 1_000 };
/** How many buckets a node keeps, those used last: a caller with more addresses than that still has one key. */
const MAX_BUCKETS = 20_000;

/** That a caller sends too much: by which count, and in how many milliseconds it may send this. */
interface Throttled {
  readonly by: 'address' | 'key';
  readonly waitMs: number;
}

/**
 * Counts calls by a public key against what it and its address may send on this node; null when they may be taken. Calls that
 * are turned away count for nothing.
 */
export function countAgainst(
  { clock, memory: { buckets } }: Pick<App, 'clock' | 'memory'>,
  of: { readonly keyId: string; readonly address: string; readonly calls: number },
): Throttled | null {
  const now = clock();
  const calls = Math.max(1, of.calls);
  const names = { address: `${of.keyId} ${subscriberOf(of.address)}`, key: of.keyId };
  const byAddress = drawCalls(ADDRESS_RATE, { bucket: buckets.get(names.address), calls, now });
  if (byAddress.waitMs > 0) return { by: 'address', waitMs: byAddress.waitMs };
  const byKey = drawCalls(KEY_RATE, { bucket: buckets.get(names.key), calls, now });
  if (byKey.waitMs > 0) return { by: 'key', waitMs: byKey.waitMs };
  keep(buckets, names.address, byAddress.bucket);
  keep(buckets, names.key, byKey.bucket);
  return null;
}

function keep(buckets: Map<string, Bucket>, name: string, bucket: Bucket): void {
  buckets.delete(name);
  buckets.set(name, bucket);
  const [oldest] = buckets.keys();
  if (buckets.size > MAX_BUCKETS && oldest !== undefined) buckets.delete(oldest);
}
