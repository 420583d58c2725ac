import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { Database } from '../../src/db/database.ts';
import { listTimeline } from '../../src/server/api/timeline.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld, person, type World } from '../world/app.ts';
import { addContact, addEntry, addEvent, clear } from '../world/seed.ts';

const NOW = Date.UTC(2026, 2, 15, 10);

describe.each(DRIVERS)('a timeline on $name', ({ open }) => {
  let db: Database;
  let world: World;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clear(db);
    world = makeWorld(db, { now: NOW });
  });

  const timeline = (id: string, query: { readonly limit?: number; readonly cursor?: string } = {}) =>
    listTimeline(world.as(person('bob')), {
      params: { id },
      query: { limit: 50, ...query },
      body: undefined,
    });

  test('tells events and what they led to, newest first, in words', async () => {
    const id = await addContact(db);
    await addEvent(db, {
      contactId: id,
      at: NOW - 3,
      type: 'page',
      name: 'page',
      properties: { title: 'Pricing', path: '/pricing' },
    });
    await addEvent(db, { contactId: id, at: NOW - 2, properties: { plan: 'Pro' } });
    await addEntry(db, {
      contactId: id,
      at: NOW - 2,
      kind: 'handoff',
      particulars: { owner: 'Bob Ray', sentence: 'Asked for a demo.' },
      actor: 'routing',
    });
    await addEvent(db, { contactId: id, at: NOW - 1, name: 'Email Link Clicked', machine: 'link scanner' });
    await addEntry(db, { contactId: await addContact(db), at: NOW, kind: 'merged' });
    const page = await timeline(id);
    expect(api.listTimeline.output.parse(page)).toEqual(page);
    expect(
      page.items.map(({ kind, title, detail, actor, machine }) => [kind, title, detail, actor, machine]),
    ).toEqual([
      ['event', 'Email Link Clicked', 'Made by a machine (link scanner), so it does not score', null, true],
      ['handoff', 'Handed over to Bob Ray', 'Asked for a demo.', 'routing', false],
      ['event', 'Demo Requested', 'plan: Pro', null, false],
      ['event', 'Viewed “Pricing”', '/pricing', null, false],
    ]);
  });

  test('pages through everything once, also where much happened at the same time', async () => {
    const id = await addContact(db);
    for (let index = 0; index < 12; index++) {
      await addEvent(db, { contactId: id, at: NOW - (index % 3), name: `event ${index}` });
      await addEntry(db, { contactId: id, at: NOW - (index % 3), kind: `entry ${index}` });
    }
    const whole = (await timeline(id)).items.map(item => item.id);
    expect(new Set(whole).size).toBe(24);
    for (const limit of [1, 5, 23, 24]) {
      const paged: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await timeline(id, { limit, ...(cursor === undefined ? {} : { cursor }) });
        paged.push(...page.items.map(item => item.id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(paged).toEqual(whole);
    }
    await expect(timeline(id, { cursor: 'x' })).rejects.toMatchObject({ status: 400 });
  });

  test('of a contact that was joined to another is that of the other', async () => {
    const survivor = await addContact(db);
    const gone = await addContact(db, { mergedInto: survivor });
    await addEvent(db, { contactId: survivor, at: NOW });
    expect((await timeline(gone)).items).toHaveLength(1);
  });

  test.each([randomUUID(), 'c1', '', '\u0000'])('is not there for %j', async id => {
    await expect(timeline(id)).rejects.toMatchObject({ status: 404 });
  });
});
