import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { findAgreement } from '../../src/loop/agreement/active.ts';
import { announceQueue, writeTogether } from '../../src/loop/app.ts';
import { onPromise, wakeCouriers } from '../../src/loop/delivery/outbox.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld, type World } from '../world/app.ts';
import { addAgreement, addUser, clear } from '../world/seed.ts';

describe.each(DRIVERS)('what is written together on $name', driver => {
  let db: Database;
  let world: World;
  let heard: string[];
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clear(db);
    const { app, ...rest } = makeWorld({ ...db }, { now: 0 });
    heard = [];
    const hub = { ...app.hub, publish: () => void heard.push('browsers') };
    world = { ...rest, app: { ...app, hub } };
    onPromise(app, () => void heard.push('couriers'));
  });

  const users = async () =>
    (await db.run<{ readonly id: string }>({ name: '', text: 'select id from app_user' }, [])).map(
      ({ id }) => id,
    );

  test('is announced after the commit, in the order in which it was done', async () => {
    const before = await writeTogether(world.app, async inside => {
      await inside.db.transaction(sql => addUser(sql, { name: 'ann' }));
      announceQueue(inside.hub);
      wakeCouriers(inside);
      inside.onCommit(() => void heard.push('memory'));
      return [...heard];
    });
    expect(before).toEqual([]);
    expect(heard).toEqual(['browsers', 'couriers', 'memory']);
    expect(await users()).toEqual(['ann']);
  });

  test('is not announced where it is rolled back', async () => {
    const work = writeTogether(world.app, async inside => {
      await inside.db.transaction(sql => addUser(sql, { name: 'ann' }));
      announceQueue(inside.hub);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect([heard, await users()]).toEqual([[], []]);
  });

  test.skipIf(driver.name === 'pglite')(
    'is announced once where a lost race has it written again',
    async () => {
      let runs = 0;
      await writeTogether(world.app, async inside => {
        runs += 1;
        await inside.db.transaction(sql => addUser(sql, { name: 'ann' }));
        announceQueue(inside.hub);
        if (runs === 1) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
      });
      expect([runs, heard, await users()]).toEqual([2, ['browsers'], ['ann']]);
    },
  );

  test('may be part of what is written together: the outermost commit counts', async () => {
    await writeTogether(world.app, async inside => {
      await writeTogether(inside, async deeper => {
        await deeper.db.transaction(sql => addUser(sql, { name: 'ann' }));
        announceQueue(deeper.hub);
        wakeCouriers(deeper);
      });
      expect(heard).toEqual([]);
    });
    expect(heard).toEqual(['browsers', 'couriers']);
  });

  test('finds what the process remembers of agreements', async () => {
    await addAgreement(db);
    const core = { id: 'core', version: 1 };
    const known = await findAgreement(world.app.db, world.app.db, core);
    const found = await writeTogether(world.app, ({ db: joined }) => findAgreement(joined, joined, core));
    expect(known).not.toBeNull();
    expect(found).toBe(known);
  });
});
