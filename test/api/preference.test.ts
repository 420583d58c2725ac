import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { preferenceForm } from '../../src/contract/api/preference.ts';
import { alertPayload } from '../../src/core/alert/message.ts';
import type { Database } from '../../src/db/database.ts';
import { sweepGathered } from '../../src/loop/alert/bulletin.ts';
import { notify } from '../../src/loop/alert/notify.ts';
import { listAlerts } from '../../src/server/api/alert.ts';
import { getPreference, savePreference, testPreference } from '../../src/server/api/preference.ts';
import type { Caller } from '../../src/server/handler/handler.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld, person, type World } from '../world/app.ts';
import { PAYLOAD } from '../world/post.ts';
import { addAlert, addUser, clear } from '../world/seed.ts';

const NOW = Date.parse('2026-03-15T23:00:00Z');
const ALL = ['in_app', 'email', 'slack'] as const;
const FORM = {
  timezone: 'Europe/Berlin',
  quietHours: { from: '20:00', to: '07:30', days: ['fri', 'mon'] },
  channels: {
    leads: ['in_app', 'slack'],
    signals: [],
    exceptions: ['in_app'],
    team: ['email'],
    reviews: ['in_app', 'email'],
  },
  digest: { every: 'daily', at: '08:00' },
  bulletin: { every: 'off' },
};

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  let world: World;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clear(db);
    await db.script('delete from held_message; delete from preference; delete from availability');
    world = makeWorld(db, { now: NOW, environment: { SMTP_URL: 'smtp://mail.acme.example' } });
    await addUser(db, { name: 'Bob Ray' });
    await addUser(db, { name: 'Mia Fox', role: 'manager' });
    await addUser(db, { name: 'Ada Moss', role: 'admin' });
  });

  const none = { params: undefined, query: undefined, body: undefined };
  const get = (caller: Caller = person('bob')) => getPreference(world.as(caller), none);
  const save = (form: object, caller: Caller = person('bob')) =>
    savePreference(world.as(caller), { ...none, body: preferenceForm.parse(form) });
  const rows = async (table: string) => {
    const found = await db.run<{ channel: string; recipient: string; payload: unknown }>(
      { name: '', text: `select * from ${table} order by channel` },
      [],
    );
    return found;
  };

  describe('how somebody wants to be told', () => {
    test('is every way at once until they say otherwise', async () => {
      expect(await get()).toEqual({
        timezone: 'UTC',
        timezoneFrom: 'default',
        quietHours: null,
        channels: {
          leads: ALL,
          signals: ALL,
          exceptions: ALL,
          team: ['email'],
          reviews: ['in_app', 'email'],
        },
        digest: { every: 'off', at: '09:00' },
        bulletin: { every: 'off', at: '08:30' },
        available: ['in_app', 'email'],
        topics: ['leads', 'signals', 'exceptions', 'team', 'reviews'],
        bookingUrl: null,
      });
      expect((await get(person('mia', 'manager'))).bulletin).toEqual({ every: 'daily', at: '08:30' });
    });

    test('is kept as they say it', async () => {
      const saved = await save(FORM);
      expect(saved).toMatchObject({
        timezone: 'Europe/Berlin',
        timezoneFrom: 'own',
        quietHours: { from: '20:00', to: '07:30', days: ['mon', 'fri'] },
        channels: FORM.channels,
        digest: { every: 'daily', at: '08:00' },
      });
      expect(await get()).toEqual(saved);
      expect((await get(person('mia', 'manager'))).timezone).toBe('UTC');
    });

    test('takes the zone of their working hours where they name none', async () => {
      await db.script(`insert into availability (user_id, timezone) values ('bob', 'Asia/Tokyo')`);
      expect(await get()).toMatchObject({ timezone: 'Asia/Tokyo', timezoneFrom: 'availability' });
      expect(await save({ ...FORM, timezone: null })).toMatchObject({ timezoneFrom: 'availability' });
    });

    test('is asked of people, not of keys', async () => {
      const key: Caller = { id: null, name: 'a key', role: 'admin' };
      await expect(get(key)).rejects.toMatchObject({ code: 'conflict' });
      await expect(save(FORM, key)).rejects.toMatchObject({ code: 'conflict' });
    });

    test('holds for the next message', async () => {
      await save({ ...FORM, quietHours: { from: '20:00', to: '07:30' } });
      const payload = { ...PAYLOAD, episodeId: null, contactId: null, dueAt: null };
      await db.transaction(sql =>
        notify(sql, world.app, [{ payload, to: ['bob'], at: NOW, label: 'New lead' }]),
      );
      expect((await rows('outbox')).map(({ channel }) => channel)).toEqual(['in_app']);
      await save({
        ...FORM,
        quietHours: { from: '20:00', to: '07:30' },
        channels: { ...FORM.channels, leads: ALL },
      });
      await db.transaction(sql =>
        notify(sql, world.app, [{ payload, to: ['bob'], at: NOW, label: 'New lead' }]),
      );
      expect((await rows('held_message')).map(({ channel }) => channel)).toEqual(['email']);
      // Without quiet hours nothing is held any longer.
      await save({ ...FORM, quietHours: null, digest: { every: 'off' } });
      expect(await sweepGathered(world.app, NOW)).toBe(1);
      expect((await rows('outbox')).map(({ channel }) => channel)).toEqual(['email', 'in_app', 'in_app']);
    });
  });

  test.each([
    ['an unknown zone', { timezone: 'Mars/Base' }, 'timezone'],
    ['quiet hours of no length', { quietHours: { from: '20:00', to: '20:00' } }, 'quietHours.to'],
    [
      'quiet hours that are not a time of day',
      { quietHours: { from: '24:00', to: '07:00' } },
      'quietHours.from',
    ],
    ['quiet hours on no day', { quietHours: { from: '20:00', to: '07:00', days: [] } }, 'quietHours.days'],
    [
      'quiet hours on a day that does not exist',
      { quietHours: { from: '20:00', to: '07:00', days: ['x'] } },
      'quietHours.days.0',
    ],
    ['a way that does not exist', { channels: { ...FORM.channels, team: ['fax'] } }, 'channels.team.0'],
    ['a way named twice', { channels: { ...FORM.channels, team: ['email', 'email'] } }, 'channels.team'],
    ['new leads out of the app', { channels: { ...FORM.channels, leads: ['email'] } }, 'channels.leads'],
    ['a digest at a time that is not valid', { digest: { every: 'daily', at: '9' } }, 'digest.at'],
    ['a digest never heard of', { digest: { every: 'weekly' } }, 'digest.every'],
  ])('%s is refused', (_name, more, path) => {
    const { error } = preferenceForm.safeParse({ ...FORM, ...more });
    expect(error?.issues.map(issue => issue.path.join('.'))).toEqual([path]);
  });

  describe('a test message', () => {
    const send = (channels: readonly ('in_app' | 'email' | 'slack')[]) =>
      testPreference(world.as(person('bob')), { ...none, body: { channels: [...channels] } });

    test('leaves at once over the ways that are set up, whatever the hour; the others are named', async () => {
      await save({ ...FORM, quietHours: { from: '20:00', to: '07:30' } });
      expect(await send(['slack', 'email', 'in_app'])).toEqual({
        sent: ['in_app', 'email'],
        deliveries: [
          { channel: 'in_app', id: expect.any(String) },
          { channel: 'email', id: expect.any(String) },
        ],
        missing: [
          { channel: 'slack', because: 'Slack is not set up (SLACK_BOT_TOKEN or SLACK_WEBHOOK_URL)' },
        ],
      });
      const sent = await rows('outbox');
      expect(sent.map(({ channel, recipient }) => `${channel} ${recipient}`)).toEqual([
        'email bob@acme.example',
        'in_app bob',
      ]);
      expect(sent.map(({ payload }) => alertPayload.parse(payload).occasion)).toEqual([
        'Test message',
        'Test message',
      ]);
    });
  });

  describe('the alerts of others', () => {
    const ask = (caller: Caller, query: object = {}) =>
      listAlerts(world.as(caller), { ...none, query: { unread: false, limit: 50, scope: 'team', ...query } });

    beforeEach(async () => {
      await addUser(db, { name: 'Eve Sun' });
      await db.script(`insert into team (name, label, manager_id) values ('sales', 'Sales', 'mia'), ('other', 'Other', null);
        insert into team_member (team, user_id, weight, pass) values ('sales', 'bob', 1, 0), ('other', 'eve', 1, 0)`);
      for (const userId of ['bob', 'eve', 'mia']) {
        await addAlert(db, { userId, at: NOW, text: `to ${userId}` });
        await addAlert(db, { userId, at: NOW + 1, text: `to ${userId} later` });
      }
    });

    test('are shown to the manager of their team, each with its person', async () => {
      const { items } = await ask(person('mia', 'manager'));
      expect(items.map(({ text, to }) => [text, to])).toEqual([
        ['to bob later', { id: 'bob', name: 'Bob Ray' }],
        ['to bob', { id: 'bob', name: 'Bob Ray' }],
      ]);
    });

    test('are all shown to an admin, and to a manager who leads no team, page by page', async () => {
      expect((await ask(person('ada', 'admin'))).items).toHaveLength(6);
      await db.script('update team set manager_id = null');
      const first = await ask(person('mia', 'manager'), { limit: 4 });
      const second = await ask(person('mia', 'manager'), { limit: 4, cursor: first.nextCursor ?? '' });
      expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(6);
      expect(second.nextCursor).toBeNull();
    });

    test('are not shown to a rep', async () => {
      await expect(ask(person('bob'))).rejects.toMatchObject({ code: 'forbidden' });
    });
  });
});
