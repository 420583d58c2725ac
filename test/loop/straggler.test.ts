import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { sweepBulletins, sweepGathered } from '../../src/loop/alert/bulletin.ts';
import type { App } from '../../src/loop/app.ts';
import { sweepDuplicates } from '../../src/loop/duplicate/sweep.ts';
import { sweepWaiting } from '../../src/loop/evaluation/reroute.ts';
import { sweepDue, sweepStale } from '../../src/loop/evaluation/sweep.ts';
import { sweepOverdue } from '../../src/loop/exception/exception.ts';
import { sweepStragglers } from '../../src/loop/exception/straggler.ts';
import { sweepLeavers } from '../../src/loop/followup/leaver.ts';
import { findBreaches } from '../../src/loop/report/conservation.ts';
import { inHalves } from '../../src/loop/sweep.ts';
import { DRIVERS } from '../db/opened.ts';
import { begin, type Story } from './story.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-03-02T10:00:00Z');
/** When the points of a visit are over. */
const OVER = START + 10 * 86_400_000;

/** A failure of PostgreSQL, by its code. */
const failure = (code: string) => Object.assign(new Error(`failed with ${code}`), { code });

describe('work in halves', () => {
  const run = (bad: readonly number[]) => {
    const calls: (readonly number[])[] = [];
    const work = async (items: readonly number[]) => {
      calls.push(items);
      if (items.some(item => bad.includes(item))) throw failure('P0001');
      return items;
    };
    return { calls, work };
  };

  test('leaves out what fails alone, and asks little for it', async () => {
    const items = Array.from({ length: 200 }, (_, index) => index);
    const { calls, work } = run([0, 133, 199]);
    const bad: number[] = [];
    const done = await inHalves(items, work, item => bad.push(item));
    expect(bad).toEqual([0, 133, 199]);
    expect(done.flat()).toEqual(items.filter(item => !bad.includes(item)));
    expect(calls.length).toBeLessThan(50);
  });

  test('does nothing for nothing, and all together when nothing fails', async () => {
    const { calls, work } = run([]);
    expect(await inHalves([], work, () => {})).toEqual([]);
    expect(await inHalves([1, 2, 3], work, () => {})).toEqual([[1, 2, 3]]);
    expect(calls).toEqual([[1, 2, 3]]);
  });

  test.each(['57P01', '08006', 'ECONNREFUSED', '40P01', '55P03', '57014', '53300'])(
    'does not look for an item to blame for %s',
    async code => {
      let tries = 0;
      const work = async () => {
        tries += 1;
        throw failure(code);
      };
      await expect(inHalves([1, 2, 3, 4], work, () => {})).rejects.toThrow(code);
      expect(tries).toBe(1);
    },
  );
});

describe.each(DRIVERS)('a contact that cannot be worked on, on $name', driver => {
  let db: Database;
  let story: Story;
  let logged: { readonly msg: string; readonly id?: string }[];
  let app: App;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await heal();
    story = await begin(db);
    story.at('2026-03-02T10:00:00Z');
    logged = [];
    const log = pino({ level: 'warn' }, { write: line => void logged.push(JSON.parse(line)) });
    app = { ...story.app, log };
  });

  /** From now on every write of a table about some contacts fails. */
  const poison = async (table: string, ids: readonly string[], column = 'contact_id') => {
    const list = ids.map(id => `'${id}'`).join(', ');
    await db.script(`create or replace function refuse_poison() returns trigger language plpgsql as $$
        begin
          if new.${column}::text in (${list}) then raise exception 'poisoned'; end if;
          return new;
        end $$;
      create trigger poison before insert or update on ${table} for each row execute function refuse_poison()`);
  };
  const heal = () => db.script('drop function if exists refuse_poison() cascade');
  const visitors = async (count: number) => {
    await story.call(Array.from({ length: count }, (_, index) => ({ type: 'page', userId: `v${index}` })));
    const rows = await story.query(
      { contact_id: 'uuid' },
      `select contact_id from contact_identity where value ~ '^v[0-9]+$' order by substr(value, 2)::int`,
    );
    return rows.map(row => row.contact_id);
  };
  const totals = async () =>
    (await story.query({ total: 'int4?' }, 'select total from standing order by total')).map(
      ({ total }) => total,
    );
  const exceptions = () =>
    story.query(
      {
        detail: 'text',
        contact_id: 'uuid?',
        owner_id: 'text?',
        retry_at: 'timestamptz?',
        closed_at: 'timestamptz?',
      },
      `select detail, contact_id, owner_id, retry_at, closed_at from exception where kind = 'breach' order by opened_at`,
    );

  test('is set aside by the sweep, while the others go on and a person is told once', async () => {
    const [bad = ''] = await visitors(30);
    await poison('standing', [bad]);
    const settled = await sweepDue(app, OVER);
    expect(settled.contactIds.length).toBe(29);
    expect(await totals()).toEqual([...Array(29).fill(0), 10]);
    await sweepStragglers(app, OVER);
    expect(await exceptions()).toMatchObject([
      {
        detail: 'due contacts: poisoned',
        contact_id: bad,
        owner_id: 'mia',
        retry_at: OVER + MINUTE,
        closed_at: null,
      },
    ]);
    const again = [
      await sweepDue(app, OVER + 1),
      await sweepDue(app, OVER + MINUTE),
      await sweepDue(app, OVER + 2 * MINUTE),
    ];
    expect(again.flatMap(({ contactIds }) => contactIds)).toEqual([]);
    await sweepStragglers(app, OVER + 2 * MINUTE);
    // The delay grows: one minute, then two.
    expect(await exceptions()).toMatchObject([{ retry_at: OVER + 3 * MINUTE }]);
    expect(logged.map(({ msg, id }) => [msg, id])).toEqual([
      ['set aside, to be tried again later; the others go on', bad],
    ]);
    // Somebody looks after it: it does not count as lost as well.
    expect(await findBreaches(db, OVER + 60 * MINUTE)).toEqual([]);
  });

  test('is tried again, and its exception closes by itself once it goes well', async () => {
    const [bad = ''] = await visitors(3);
    await poison('standing', [bad]);
    await sweepDue(app, OVER);
    await sweepStragglers(app, OVER);
    await heal();
    expect((await sweepDue(app, OVER + 1)).contactIds).toEqual([]);
    expect((await sweepDue(app, OVER + MINUTE)).contactIds).toEqual([bad]);
    await sweepStragglers(app, OVER + MINUTE);
    expect(await exceptions()).toMatchObject([{ closed_at: OVER + MINUTE }]);
    expect(await totals()).toEqual([0, 0, 0]);
    expect(app.memory.stragglers.size).toBe(0);
  });

  test('is evaluated at its next event, and after a restart its exception closes by itself', async () => {
    const [bad = ''] = await visitors(2);
    await poison('standing', [bad]);
    await sweepDue(app, OVER);
    await sweepStragglers(app, OVER);
    await heal();
    story.at(new Date(OVER + 2).toISOString());
    await story.call({ type: 'page', userId: 'v0' });
    expect((await story.see('v0')).total).toBe(10);
    const restarted = { ...app, memory: { ...app.memory, stragglers: new Map() } };
    await sweepDue(restarted, OVER + 5 * MINUTE);
    await sweepStragglers(restarted, OVER + 5 * MINUTE);
    expect(await exceptions()).toMatchObject([{ closed_at: null }]);
    await sweepStragglers(restarted, OVER + 12 * MINUTE);
    expect(await exceptions()).toMatchObject([{ closed_at: OVER + 12 * MINUTE }]);
  });

  test('many of them hold nobody up, whatever their order', async () => {
    const ids = await visitors(60);
    const bad = ids.filter((_, index) => index % 3 === 0);
    await poison('standing', bad);
    for (let round = 0; round < 3; round++) await sweepDue(app, OVER + round);
    expect((await totals()).filter(total => total === 0).length).toBe(40);
    await sweepStragglers(app, OVER + 3);
    expect((await exceptions()).length).toBe(bad.length);
  });

  test('does not stop the scoring of everybody under a new agreement', async () => {
    const [bad = ''] = await visitors(5);
    await db.script('delete from standing');
    await poison('standing', [bad]);
    expect((await sweepStale(app, START)).contactIds.length).toBe(4);
    expect((await sweepStale(app, START + 1)).contactIds).toEqual([]);
    await heal();
    expect((await sweepStale(app, START + MINUTE)).contactIds).toEqual([bad]);
  });

  test('does not stop the search for duplicates', async () => {
    const person = (userId: string) => ({
      type: 'identify',
      userId,
      traits: { name: `Ann ${userId}`, phone: '+44 20 7946 0018' },
    });
    await story.call(['a', 'b', 'c'].map(person));
    const bad = (await story.see('a')).id;
    await db.script(
      'delete from contact_key; insert into likeness_queue select id from contact on conflict do nothing',
    );
    await poison('contact_key', [bad]);
    expect((await sweepDuplicates(app, START)).contactIds.length).toBe(2);
    await heal();
    expect((await sweepDuplicates(app, START + MINUTE)).contactIds).toEqual([bad]);
  });

  const leads = async () => {
    const people = ['a', 'b', 'c'];
    await story.call(
      people.flatMap(userId => [
        { type: 'identify', userId, traits: { title: 'VP', email: `${userId}@${userId}.example` } },
        { type: 'track', event: 'Demo Requested', userId },
      ]),
    );
    return Promise.all(people.map(async who => (await story.see(who)).id));
  };

  test('does not keep the leads of people who left with them, nor others from being routed again', async () => {
    const [bad = ''] = await leads();
    await db.script(`update app_user set active = false where id in ('ann', 'bob')`);
    await poison('episode', [bad]);
    await sweepLeavers(app, START);
    const owned = await story.query(
      { contact_id: 'uuid' },
      'select contact_id from episode where owner_id is not null',
    );
    expect(owned.map(row => row.contact_id)).toEqual([bad]);
    await db.script(`update app_user set active = true; update exception set retry_at = opened_at`);
    const others = await story.query(
      { contact_id: 'uuid' },
      'select contact_id from episode where owner_id is null',
    );
    const worse = others[0]?.contact_id ?? '';
    await heal();
    await poison('episode', [worse]);
    await sweepWaiting(app, START + 1);
    const waiting = await story.query(
      { contact_id: 'uuid' },
      'select contact_id from episode where owner_id is null',
    );
    expect(waiting.map(row => row.contact_id)).toEqual([worse]);
  });

  test('is not looked for while the database is away', async () => {
    await visitors(4);
    let tries = 0;
    const away = {
      ...app,
      db: {
        ...db,
        transaction: () => {
          tries += 1;
          return Promise.reject(failure('57P01'));
        },
      },
    };
    await expect(sweepDue(away, OVER)).rejects.toThrow('57P01');
    expect([tries, app.memory.stragglers.size]).toEqual([1, 0]);
  });

  test('a person of whom messages cannot be made holds up nobody else', async () => {
    await db.script(
      `insert into app_user (id, name, email, role) values ('max', 'Max', 'max@acme.example', 'manager')`,
    );
    await poison('preference', ['max'], 'user_id');
    expect(await sweepBulletins(app, START)).toBe(1);
    expect(await sweepBulletins(app, START + 1)).toBe(0);
    await heal();
    expect(await sweepBulletins(app, START + MINUTE)).toBe(1);
    await db.script(`insert into held_message (id, user_id, channel, created_at, due_at, label, payload)
      select gen_random_uuid(), id, 'email', now(), '2026-03-01', 'x', '{"broken": true}' from app_user`);
    expect(await sweepGathered(app, START)).toBe(4);
    expect(logged.filter(({ id }) => id === 'max').length).toBe(1);
  });

  test('an exception of which people cannot be told holds up no other', async () => {
    const [bad = ''] = await leads();
    await db.script(`delete from exception; insert into exception (id, kind, reason, subject, detail, particulars, contact_id, opened_at, due_at)
      select gen_random_uuid(), 'breach', 'x', id::text, '', '{}', id, '2026-03-01', '2026-03-01' from contact`);
    await poison('exception', [bad]);
    expect(await sweepOverdue(app, START)).toBe(2);
    expect(await sweepOverdue(app, START + 1)).toBe(0);
  });
});
