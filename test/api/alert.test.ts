import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { listAlerts, markAlertsRead } from '../../src/server/api/alert.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld, person, type World } from '../world/app.ts';
import {
  addAgreement,
  addAlert,
  addContact,
  addEpisode,
  addStanding,
  addUser,
  clear,
} from '../world/seed.ts';

const NOW = Date.UTC(2026, 2, 15, 10);

describe.each(DRIVERS)('alerts in the app on $name', ({ open }) => {
  let db: Database;
  let world: World;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());

  const ask = (
    query: { readonly unread?: boolean; readonly limit?: number; readonly cursor?: string } = {},
  ) =>
    listAlerts(world.as(person('bob')), {
      params: undefined,
      query: { unread: false, limit: 50, scope: 'mine', ...query },
      body: undefined,
    });
  const read = (ids?: string[]) =>
    markAlertsRead(world.as(person('bob')), {
      params: undefined,
      query: undefined,
      body: ids === undefined ? {} : { ids },
    });
  beforeEach(async () => {
    await clear(db);
    world = makeWorld(db, { now: NOW });
    await addUser(db, { name: 'Bob Ray' });
    await addUser(db, { name: 'Ann Lee' });
  });

  test('are those of the person signed in, newest first, with the number unread', async () => {
    for (let index = 0; index < 5; index++)
      await addAlert(db, { userId: 'bob', at: NOW + index, text: `t${index}` });
    await addAlert(db, { userId: 'bob', at: NOW, text: 'read', readAt: NOW });
    await addAlert(db, { userId: 'ann', at: NOW, text: 'of Ann' });
    const first = await ask({ limit: 4 });
    const second = await ask({ limit: 4, cursor: first.nextCursor ?? '' });
    expect(first.unread).toBe(5);
    expect([...first.items, ...second.items]).toHaveLength(6);
    expect(first.items.map(({ text }) => text)).toEqual(['t4', 't3', 't2', 't1']);
    expect((await ask({ unread: true })).items).toHaveLength(5);
    const key = world.as({ id: null, name: 'a key', role: 'admin' });
    const query = { unread: false, limit: 50, scope: 'mine' } as const;
    expect(await listAlerts(key, { params: undefined, query, body: undefined })).toEqual({
      items: [],
      nextCursor: null,
      unread: 0,
    });
  });

  test('show the score at the handoff and as it is now, for oneself and as an admin', async () => {
    await addAgreement(db);
    const contactId = await addContact(db);
    await addStanding(db, { contactId, total: 100, grade: 'A2' });
    const episodeId = await addEpisode(db, { contactId, handedOffAt: NOW, total: 74, ownerId: 'bob' });
    await addAlert(db, { userId: 'bob', at: NOW, episodeId });
    await addAlert(db, { userId: 'bob', at: NOW - 1 });
    const query = { unread: false, limit: 50, scope: 'team' } as const;
    const admin = world.as(person('ann', 'admin'));
    for (const { items } of [
      await ask(),
      await listAlerts(admin, { params: undefined, query, body: undefined }),
    ])
      expect(items.map(({ score }) => score)).toEqual([
        { then: { total: 74, grade: 'A1' }, now: { total: 100, grade: 'A2' } },
        undefined,
      ]);
  });

  test('are marked as read one by one or all, and never those of others', async () => {
    const mine = await addAlert(db, { userId: 'bob', at: NOW });
    await addAlert(db, { userId: 'bob', at: NOW });
    const other = await addAlert(db, { userId: 'ann', at: NOW });
    await read([mine, other, 'nonsense']);
    expect((await ask()).unread).toBe(1);
    expect((await ask()).items.find(({ id }) => id === mine)?.readAt).toBe('2026-03-15T10:00:00.000Z');
    await read([]);
    expect((await ask()).unread).toBe(1);
    await read();
    expect((await ask()).unread).toBe(0);
    const ofAnn = await listAlerts(world.as(person('ann')), {
      params: undefined,
      query: { unread: true, limit: 50, scope: 'mine' },
      body: undefined,
    });
    expect(ofAnn.unread).toBe(1);
  });
});
