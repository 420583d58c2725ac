import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_NESTING } from '../../../src/core/condition/reading.ts';
import {
  type Bucket,
  callFault,
  drawCalls,
  MAX_CALL_BYTES,
  sizeOf,
  subscriberOf,
  withoutKey,
} from '../../../src/core/intake/limit.ts';

const nested = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);

describe('the size of a call', () => {
  test('is bounded in depth and in bytes', () => {
    expect(callFault({ type: 'track' })).toBeNull();
    expect(callFault(nested(MAX_NESTING))).toBeNull();
    expect(callFault(nested(MAX_NESTING + 1))).toMatch(/levels/);
    expect(callFault(nested(200_000))).toMatch(/levels/);
    expect(callFault({ a: 'ä'.repeat(MAX_CALL_BYTES / 2) })).toMatch(/bytes/);
  });
});

test('bytes are those of UTF-8', () => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      expect(sizeOf(value)).toBe(Buffer.byteLength(JSON.stringify(value)));
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(sizeOf(text)).toBe(Buffer.byteLength(JSON.stringify(text)));
    }),
  );
});

test('a call is kept without its write key, wherever that stands', () => {
  const call = {
    userId: 'u',
    writeKey: 's3cret-0001',
    context: { write_key: 7, WriteKey: { a: 1 }, page: { url: 'https://a.b/?k=s3cret-0001' } },
    list: [{ writeKey: 'other' }, 's3cret-0001'],
    n: null,
  };
  expect(withoutKey(call, 's3cret-0001')).toEqual({
    userId: 'u',
    context: { page: { url: 'https://a.b/?k=[write key]' } },
    list: [{}, '[write key]'],
    n: null,
  });
  expect(withoutKey('x', '')).toBe('x');
});

describe('a rate of calls', () => {
  const RATE = { burst: 100, perSecond: 10 };

  test('lets so many through at once, and names the time after which the next may come', () => {
    const first = drawCalls(RATE, { calls: 100, now: 0 });
    expect(first.waitMs).toBe(0);
    const second = drawCalls(RATE, { bucket: first.bucket, calls: 5, now: 100 });
    expect(second).toEqual({ bucket: { left: 1, at: 100 }, waitMs: 400 });
    expect(drawCalls(RATE, { bucket: second.bucket, calls: 5, now: 500 }).waitMs).toBe(0);
    expect(drawCalls(RATE, { bucket: first.bucket, calls: 1, now: -9_000 }).waitMs).toBe(100);
  });

  test('never lets more through than the burst and what time has added, whatever the pace', () => {
    const step = fc.record({
      calls: fc.integer({ min: 1, max: 60 }),
      ms: fc.integer({ min: 0, max: 4_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), steps => {
        let [now, passed]: readonly [number, number] = [0, 0];
        let bucket: Bucket | undefined;
        for (const { calls, ms } of steps) {
          now += ms;
          const drawn = drawCalls(RATE, { bucket, calls, now });
          bucket = drawn.bucket;
          if (drawn.waitMs === 0) passed += calls;
          else expect(drawCalls(RATE, { bucket, calls, now: now + drawn.waitMs }).waitMs).toBe(0);
          expect(passed).toBeLessThanOrEqual(RATE.burst + (now * RATE.perSecond) / 1000 + 1e-6);
        }
      }),
    );
  });
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:0DB8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::7', '2001:db8:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::1', '0:0:0:0'],
])('%s is counted as %s', (address, network) => {
  expect(subscriberOf(address)).toBe(network);
});
