import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { forgetAttempts, loadAttempts, saveAttempts } from '../../../src/db/access/attempt.ts';
import type { Database } from '../../../src/db/database.ts';
import { forgiveAccount, tryToEnter } from '../../../src/loop/access/attempt.ts';
import { AppError } from '../../../src/loop/error.ts';
import { DRIVERS } from '../../db/opened.ts';
import { makeWorld, type World } from '../../world/app.ts';
import { empty } from '../../world/empty.ts';

const START = Date.UTC(2026, 2, 2, 9);
const MINUTE = 60_000;
const ADA = 'ada@example.com';

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  let world: World;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await empty(db, ['attempt']);
    world = makeWorld(db, { now: START });
  });

  interface Try {
    readonly email?: string;
    readonly from?: string;
    readonly isRight?: boolean;
    readonly on?: World;
  }
  /** Tries to get in; returns what came of it, or the words of a refusal to look at it. */
  const enter = async ({ email = ADA, from = '192.0.2.1', isRight = false, on = world }: Try = {}) => {
    try {
      return await tryToEnter(on.app, { address: from, email }, async () => {
        if (!isRight) throw new Error('wrong');
        return 'in';
      });
    } catch (error) {
      return error instanceof AppError ? `${error.message} ${error.retryAfter}` : 'wrong';
    }
  };
  const times = async (count: number, of: (n: number) => Try = () => ({})) => {
    const answers: string[] = [];
    for (let n = 0; n < count; n++) answers.push(await enter(of(n)));
    return answers;
  };
  const wrong = (count: number) => Array.from({ length: count }, () => 'wrong');
  const ACCOUNT = 'Too many attempts for this account have failed. Try again in 1 minute. 60';
  const ADDRESS = 'Too many attempts from this address have failed. Try again in 1 minute. 60';

  test('ten failures make an account wait, from whatever address, on every node, the right try too', async () => {
    const other = makeWorld(db, { now: START });
    const tries = await times(10, n => ({ from: `192.0.2.${n}`, on: n % 2 === 0 ? world : other }));
    expect(tries).toEqual(wrong(10));
    expect(await enter({ isRight: true, from: '198.51.100.1', on: other })).toBe(ACCOUNT);
    other.setNow(START + MINUTE);
    expect(await enter({ isRight: true, on: other })).toBe('in');
  });

  test('an account is one in whatever case it is written, and others go on', async () => {
    await times(10, n => ({ email: n % 2 === 0 ? 'ADA@example.com' : ADA }));
    expect(await enter()).toBe(ACCOUNT);
    expect(await enter({ email: 'bob@example.com', isRight: true })).toBe('in');
  });

  test('each further failure doubles the wait', async () => {
    await times(10);
    const waits: string[] = [];
    let now = START;
    for (const minutes of [1, 2, 4, 8, 15]) {
      waits.push(await enter());
      now += minutes * MINUTE;
      world.setNow(now);
      expect(await enter()).toBe('wrong');
    }
    expect(waits.map(words => words.replace(/^.* in /, ''))).toEqual([
      '1 minute. 60',
      '2 minutes. 120',
      '4 minutes. 240',
      '8 minutes. 480',
      '15 minutes. 900',
    ]);
  });

  test('fifty tries at once are ten that are looked at', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => enter({ from: `192.0.2.${n}` })));
    expect(answers.filter(answer => answer === 'wrong')).toHaveLength(10);
    expect(answers.filter(answer => answer === ACCOUNT)).toHaveLength(40);
  });

  test('a success clears the account, and costs the address nothing', async () => {
    await times(9);
    expect(await enter({ isRight: true })).toBe('in');
    expect(await times(9)).toEqual(wrong(9));
    const office = await times(150, n => ({
      email: `a${n}@example.com`,
      isRight: true,
      from: '203.0.113.9',
    }));
    expect(new Set(office)).toEqual(new Set(['in']));
    const together = Array.from({ length: 60 }, (_, n) =>
      enter({ email: `b${n}@example.com`, isRight: true }),
    );
    expect(new Set(await Promise.all(together))).toEqual(new Set(['in']));
  });

  test('a hundred failures make an address wait, whatever the accounts; its neighbours go on', async () => {
    const tries = await times(101, n => ({ email: `a${n}@example.com`, from: '2001:db8::1' }));
    expect(tries).toEqual([...wrong(100), ADDRESS]);
    expect(await enter({ from: '2001:db8::ffff', isRight: true })).toBe(ADDRESS);
    expect(await enter({ from: '2001:db8:0:1::1', isRight: true })).toBe('in');
  });

  test('an account is forgiven with a new password', async () => {
    await times(10);
    await db.transaction(sql => forgiveAccount(sql, 'Ada@Example.com'));
    expect(await enter({ isRight: true })).toBe('in');
  });

  test('nothing of what was typed is kept; what is over is forgotten, and of too many those with the fewest', async () => {
    await enter({ email: 'secret@example.com' });
    const rows = () => db.run<{ subject: string }>({ name: '', text: 'select * from attempt' }, []);
    expect(JSON.stringify(await rows())).not.toMatch(/secret|192\.0/);
    expect(await rows()).toHaveLength(2);
    await forgetAttempts(db, { now: START + 16 * MINUTE, most: 10 });
    expect(await rows()).toEqual([]);
    const subjects = ['a', 'b', 'c'].map(name => createHash('sha256').update(name).digest('hex'));
    await loadAttempts(db, { subjects, now: START });
    const kept = subjects.map((subject, n) => ({
      subject,
      failures: n === 1 ? 9 : 1,
      refused_until: null,
      over_at: START + (n + 1) * MINUTE,
    }));
    await saveAttempts(db, kept);
    await forgetAttempts(db, { now: START, most: 2 });
    expect((await rows()).map(({ subject }) => subject).sort()).toEqual([...subjects.slice(1)].sort());
  });
});
