import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import type { Sender } from '../../src/loop/delivery/delivery.ts';
import { diagnose } from '../../src/server/operation/doctor.ts';
import { startLoop } from '../../src/server/operation/loop.ts';
import { startRounds } from '../../src/server/operation/rounds.ts';
import { DRIVERS } from '../db/opened.ts';
import { AGREEMENT } from '../loop/agreement.ts';
import { addAgreement, addContact, addStanding, clear, DAY } from '../world/seed.ts';
import { clearPeople, type Started, startNode } from './started.ts';

describe.each(DRIVERS)('the clock of a node on $name', driver => {
  let db: Database;
  let node: Started;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clear(db);
    await clearPeople(db);
    await db.script('delete from worker');
    node = await startNode(db);
    await addAgreement(db, { body: AGREEMENT });
    await addStanding(db, { contactId: await addContact(db), total: 7 });
    await db.script(`update standing set next_change_at = '2026-01-01'`);
  });
  afterEach(() => node.close());

  const send: Sender = async () => ({ kind: 'sent' });
  const start = () =>
    startRounds(node.app, { in_app: send, email: send, slack: send, webhook: send }, () => {});
  const total = async () =>
    (await db.run<{ readonly total: number }>({ name: '', text: 'select total from standing' }, []))[0]
      ?.total;
  const look = async () => {
    const found = await diagnose({
      settings: node.app.settings,
      database: { kind: 'open', db },
      now: node.app.clock,
    });
    return found.checks.map(({ name, state, text }) => `${name} ${state}: ${text}`);
  };
  const failure = async () => {
    const text = `select error from worker where name = 'sweep'`;
    return (await db.run<{ readonly error: string | null }>({ name: '', text }, []))[0]?.error;
  };

  test.each([
    [40 * DAY, 'the clock of this node is 40 days ahead of that of the database'],
    [-45_000, 'the clock of this node is 45 s behind that of the database'],
  ])('that is %i ms off evaluates nobody, and says why, once', async (offMs, words) => {
    node.move(offMs);
    const rounds = await start();
    while (((await failure()) ?? null) === null) {
      await new Promise(resolve => setTimeout(resolve, 20));
      await rounds.report();
    }
    expect(await failure()).toContain(words);
    await rounds.stop();
    expect(await total()).toBe(7);
    expect(node.logged.filter(line => line.includes(words) && line.includes('"loop":"sweep"')).length).toBe(
      1,
    );
    expect((await look()).find(line => line.startsWith('clock'))).toMatch(/^clock wrong/);
  });

  test('that is right evaluates whoever is due, and a doctor sees a server at once', async () => {
    const rounds = await start();
    expect((await look()).filter(line => line.startsWith('workers'))).toEqual([]);
    await rounds.stop();
    expect(await total()).toBe(0);
  });

  test('that ran ahead leaves no server behind that seems to run', async () => {
    await db.script(
      `insert into worker (node, name, at, lag_ms) values ('gone', 'sweep', now() + interval '40 days', 0)`,
    );
    expect((await look()).join('\n')).toContain('no server is running');
  });

  test('is shown by the metrics', async () => {
    node.move(60_000);
    const { body } = await node.server.inject('/metrics');
    const shown = Number(/^baton_clock_ahead_seconds (.*)$/m.exec(body)?.[1]);
    expect(Math.round(shown / 10)).toBe(6);
  });

  test('a background step that fails in one way is logged once, until it works again', async () => {
    const outcomes = ['a', 'a', 'b', 'ok', 'b'];
    const loop = startLoop({ name: 'x', everyMs: 1, log: node.app.log }, async () => {
      const next = outcomes.shift();
      if (next !== undefined && next !== 'ok') throw new Error(next);
      return false;
    });
    while (outcomes.length > 0) await new Promise(resolve => setTimeout(resolve, 5));
    await loop.stop();
    const failures = node.logged.map(line => JSON.parse(line)).filter(line => line.loop === 'x');
    expect(failures.map(({ err }) => err.message)).toEqual(['a', 'b', 'b']);
  });
});
