import { describe, expect, test } from 'vitest';
import {
  type Attempts,
  addAttempt,
  networkOf,
  takeBackAttempt,
  waitOf,
} from '../../../src/core/access/attempt.ts';

const MINUTE = 60_000;
const NONE: Attempts = { failures: 0, refusedUntil: null, overAt: 0 };

/** Fails as often as asked at once, and then each time the wait is over; returns what counts and the waits. */
function fail(times: number, start = NONE) {
  let [now, attempts] = [1_000_000, start];
  const waits: number[] = [];
  for (let n = 0; n < times; n++) {
    now += waitOf(attempts, now);
    attempts = addAttempt('account', attempts, now);
    waits.push(waitOf(attempts, now) / MINUTE);
  }
  return { attempts, waits, now };
}

describe('failed attempts', () => {
  test('cost nothing nine times, then a wait that doubles up to a quarter of an hour', () => {
    expect(fail(16).waits).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 15, 15, 15]);
  });

  test('of an account are ten before it must wait, of an address a hundred', () => {
    let attempts = NONE;
    for (let n = 0; n < 99; n++) attempts = addAttempt('address', attempts, 1_000_000);
    expect(waitOf(attempts, 1_000_000)).toBe(0);
    expect(waitOf(addAttempt('address', attempts, 1_000_000), 1_000_000)).toBe(MINUTE);
  });

  test('count together for a quarter of an hour from the first one', () => {
    const { attempts, now } = fail(9);
    const late = addAttempt('account', attempts, now + 15 * MINUTE);
    expect(late).toEqual({ failures: 1, refusedUntil: null, overAt: now + 30 * MINUTE });
    expect(addAttempt('account', attempts, now + 15 * MINUTE - 1).failures).toBe(10);
  });

  test('still count a quarter of an hour after the wait, so that waiting it out gains one attempt', () => {
    const { attempts, now } = fail(12);
    const afterWait = now + waitOf(attempts, now);
    expect(addAttempt('account', attempts, afterWait).failures).toBe(13);
    expect(addAttempt('account', attempts, afterWait + 15 * MINUTE).failures).toBe(1);
  });

  test('give back the one that succeeded, with the wait that it began', () => {
    const { attempts, now } = fail(10);
    const back = takeBackAttempt('account', attempts);
    expect(back).toMatchObject({ failures: 9, refusedUntil: null });
    expect(waitOf(back, now)).toBe(0);
    expect(takeBackAttempt('account', fail(11).attempts).refusedUntil).not.toBeNull();
    expect(takeBackAttempt('account', NONE).failures).toBe(0);
  });
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['192.0.2.7:50123', '192.0.2.7'],
  ['[2001:db8::1]:50123', '2001:db8:0:0'],
  ['unknown', 'unknown'],
  ['', ''],
  ['::1', '0:0:0:0'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['2001:DB8:0:0:9:8:7:6', '2001:db8:0:0'],
  ['2001:0db8:0000:0001:ffff::', '2001:db8:0:1'],
  ['1::2:3:4:5:6:7', '1:0:2:3'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('%s is counted as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
