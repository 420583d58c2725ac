import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { Database } from '../../src/db/database.ts';
import { handlers } from '../../src/server/api/handlers.ts';
import { DRIVERS } from '../db/opened.ts';
import { begin, type Story } from '../loop/story.ts';
import { makeWorld, person } from '../world/app.ts';

const NOW = Date.parse('2026-03-02T11:00:00Z');
const ANN = {
  type: 'identify',
  userId: 'u1',
  traits: { email: 'lee@acme.com', name: 'Ann Lee', title: 'CTO', company: { industry: 'Software' } },
};

describe.each(DRIVERS)('fields of a contact, corrected by hand, on $name', driver => {
  let db: Database;
  let story: Story;
  let id: string;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db);
    story.at('2026-03-02T10:00:00Z');
    await story.call([ANN, { type: 'track', userId: 'u1', event: 'Demo Requested' }]);
    await story.reassign('u1', 'bob');
    id = (await story.see('u1')).id;
  });

  type Role = 'admin' | 'marketing' | 'manager' | 'rep';
  // Of what is said at one instant no call is the later one.
  let said = 0;
  const correct = (body: object, who = 'bob', role: Role = 'rep') =>
    handlers.updateContact(makeWorld(db, { now: NOW + said++ }).as(person(who, role)), {
      params: { id },
      query: undefined,
      body: api.updateContact.body.parse(body),
    });
  const get = (who = 'bob', role: Role = 'rep') =>
    handlers.getContact(makeWorld(db, { now: NOW }).as(person(who, role)), {
      params: { id },
      query: undefined,
      body: undefined,
    });

  test('are taken in with what follows from them, kept in the journal, and taken away by null', async () => {
    expect(await correct({ title: 'Student', phone: '+44 20 7946 0018' })).toEqual({ id });
    const found = await get();
    expect(found).toMatchObject({ title: 'Student', email: 'lee@acme.com' });
    expect(found.contact).toMatchObject({ title: 'Student', phone: '+44 20 7946 0018' });
    expect(found.episodes[0]).toMatchObject({ phone: '+44 20 7946 0018' });
    await correct({ phone: null, title: 'Student' });
    expect((await get()).contact).not.toHaveProperty('phone');
    const { items } = await handlers.listTimeline(makeWorld(db, { now: NOW }).as(person('bob')), {
      params: { id },
      query: { limit: 50 },
      body: undefined,
    });
    const told = items.filter(({ title }) => title === 'Corrected by hand').map(({ detail }) => detail);
    expect(told.sort()).toEqual([
      'Phone: +44 20 7946 0018 → unknown',
      'Title: CTO → Student\nPhone: unknown → +44 20 7946 0018',
    ]);
  });

  test('are the owner’s, the managers’, marketing’s and the admins’ to correct', async () => {
    for (const [who, role] of [
      ['bob', 'rep'],
      ['mia', 'manager'],
      ['mark', 'marketing'],
      ['ada', 'admin'],
    ] as const)
      expect((await get(who, role)).correctRefused).toBeNull();
    expect((await get('ann', 'rep')).correctRefused).toContain('belongs to');
    await expect(correct({ title: 'CFO' }, 'ann')).rejects.toMatchObject({ code: 'forbidden' });
    expect((await get()).title).toBe('CTO');
  });

  test.each([{}, { title: '' }, { title: 'x'.repeat(201) }, { email: 'a@b.example' }])(
    'are refused as %j',
    body => {
      expect(api.updateContact.body.safeParse(body).success).toBe(false);
    },
  );

  test('are read part by part of the timeline', async () => {
    const kinds = async (show?: 'events' | 'work' | 'alerts') => {
      const { items } = await handlers.listTimeline(makeWorld(db, { now: NOW }).as(person('bob')), {
        params: { id },
        query: { limit: 50, ...(show === undefined ? {} : { show }) },
        body: undefined,
      });
      return [...new Set(items.map(({ kind }) => kind))].sort();
    };
    expect(await kinds()).toEqual(['event', 'handoff']);
    expect(await kinds('events')).toEqual(['event']);
    expect(await kinds('work')).toEqual(['handoff']);
    expect(await kinds('alerts')).toEqual([]);
  });
});
