import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { createView, deleteView, listViews } from '../../src/server/api/view.ts';
import type { Caller } from '../../src/server/handler/handler.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld, person, type World } from '../world/app.ts';
import { addUser, clear } from '../world/seed.ts';

describe.each(DRIVERS)('saved views on $name', driver => {
  let db: Database;
  let world: World;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clear(db);
    world = makeWorld(db, { now: Date.parse('2026-03-02T10:00:00Z') });
    await addUser(db, { name: 'Bob Ray' });
    await addUser(db, { name: 'Ann Lee' });
  });

  const none = { params: undefined, query: undefined, body: undefined };
  const keep = (
    name: string,
    query: string,
    by: Caller = person('bob'),
    page: 'queue' | 'contacts' = 'queue',
  ) => createView(world.as(by), { ...none, body: { page, name, query } });
  const list = async (by: Caller = person('bob'), page?: 'queue' | 'contacts') => {
    const { items } = await listViews(world.as(by), { ...none, query: { page } });
    return items.map(({ page: of, name, query }) => `${of} ${name}: ${query}`);
  };

  test('are each person’s own, by page and name, and one of the same name is replaced', async () => {
    await keep('Late', 'overdue=yes');
    await keep('big', 'grade=A1');
    await keep('Late', 'stage=mql', person('bob'), 'contacts');
    await keep('Hers', 'grade=B', person('ann'));
    await keep('LATE', 'overdue=yes&owner=me');
    expect(await list()).toEqual([
      'contacts Late: stage=mql',
      'queue big: grade=A1',
      'queue LATE: overdue=yes&owner=me',
    ]);
    expect(await list(person('bob'), 'contacts')).toEqual(['contacts Late: stage=mql']);
    expect(await list(person('ann'))).toEqual(['queue Hers: grade=B']);
  });

  test('are deleted by their person alone', async () => {
    const { id } = await keep('Late', 'overdue=yes');
    const drop = (by: Caller) => deleteView(world.as(by), { ...none, params: { id } });
    await expect(drop(person('ann'))).rejects.toMatchObject({ code: 'notFound' });
    expect(await drop(person('bob'))).toEqual({ ok: true });
    await expect(drop(person('bob'))).rejects.toMatchObject({ code: 'notFound' });
    expect(await list()).toEqual([]);
  });

  test('are bounded, and are not for keys', async () => {
    for (let n = 0; n < 100; n++) await keep(`view ${n}`, '');
    await expect(keep('one more', '')).rejects.toMatchObject({ code: 'conflict' });
    await keep('VIEW 7', 'grade=A');
    const key: Caller = { id: null, name: 'a key', role: 'admin' };
    await expect(list(key)).rejects.toMatchObject({ code: 'conflict' });
    await expect(keep('a', '', key)).rejects.toMatchObject({ code: 'conflict' });
  });
});
