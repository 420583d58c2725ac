import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { timelineItem } from '../../src/contract/api/contact.ts';
import { failure } from '../../src/contract/failure.ts';
import type { Database } from '../../src/db/database.ts';
import { makeKey } from '../../src/loop/access/key.ts';
import { changePermissions } from '../../src/loop/access/permission.ts';
import { undoImport } from '../../src/loop/import/undo.ts';
import { classEvent, listTimeline } from '../../src/server/api/timeline.ts';
import { DRIVERS } from '../db/opened.ts';
import { clearPeople, startNode } from '../http/started.ts';
import { importLines } from '../import/imported.ts';
import { person } from '../world/app.ts';
import { classOf } from './classing.ts';
import { begin, type Seen, type Story } from './story.ts';

const u1 = { userId: 'u1' };
const vp = { type: 'identify', ...u1, traits: { title: 'VP' } };
const demo = { type: 'track', event: 'Demo Requested', ...u1 };
const page = { type: 'page', ...u1 };
const BOT = { userAgent: 'ThornBot/1.0' };

/** Somebody without what people were told of the handoffs. */
const untold = (seen: Seen) => ({
  ...seen,
  episodes: seen.episodes.map(({ alertsTo: _alerts, promised: _promised, ...rest }) => rest),
});

describe.each(DRIVERS)('the class of an event on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db);
  });

  const timeline = async (id: string) => {
    const request = {
      app: story.app,
      now: story.app.clock(),
      caller: person('bob'),
      headers: new Headers(),
      address: '127.0.0.1',
      setHeader: () => {},
    };
    const input = { params: { id }, query: { limit: 50 }, body: undefined };
    return (await listTimeline(request, input)).items;
  };
  const journal = () =>
    story.query(
      { kind: 'text', episode_id: 'uuid?', actor: 'text', particulars: 'jsonb' },
      `select kind, episode_id, actor, particulars from journal where kind in ('reclassed', 'kept_open') order by id`,
    );

  test('takes the points away when a machine made it after all; the open handoff stays, and the journal says so', async () => {
    const { at, call, see, tick } = story;
    at('2026-03-02T10:00:00Z');
    await call([vp, demo]);
    const before = await see('u1');
    expect(before).toMatchObject({ total: 60, stage: 'mql', qualifies: 'hand_raiser' });
    at('2026-03-03T10:00:00Z');
    await classOf(story)('Demo Requested', true, 'the <b>scanner</b> of their mail\nserver');
    await tick();
    const after = await see('u1');
    expect(after).toMatchObject({ total: 20, stage: 'mql', qualifies: null, owner: before.owner });
    expect(untold(after).episodes).toEqual(untold(before).episodes);
    expect(await journal()).toMatchObject([
      {
        kind: 'reclassed',
        actor: 'Ann',
        particulars: { event: 'Demo Requested', machine: true, was: null },
      },
      { kind: 'kept_open', episode_id: before.episodes[0]?.id, actor: 'Ann' },
    ]);
    const items = await timeline(after.id);
    expect(items.map(({ kind, title, detail }) => [kind, title, detail])).toEqual(
      expect.arrayContaining([
        ['class', '“Demo Requested” counts as made by a machine', 'the <b>scanner</b> of their mail\nserver'],
        [
          'handoff',
          'The lead no longer qualifies; the handoff stays open',
          '“Demo Requested” was classed as made by a machine (the <b>scanner</b> of their mail server)',
        ],
      ]),
    );
    expect(items.find(({ kind }) => kind === 'event')).toMatchObject({
      machine: true,
      machineReason: 'classed by Ann: the <b>scanner</b> of their mail server',
      eventId: expect.stringMatching(/^\d+$/),
    });
  });

  test('gives the points back when a person made it after all, without a second handoff', async () => {
    const { at, call, see, tick } = story;
    at('2026-03-02T10:00:00Z');
    await call([vp, demo]);
    const before = await see('u1');
    for (const machine of [true, false, true, false]) await classOf(story)('Demo Requested', machine);
    await tick();
    expect(untold(await see('u1'))).toEqual(untold(before));
    expect(await story.count('event_class')).toBe(4);
    expect((await timeline(before.id)).filter(({ machine }) => machine)).toEqual([]);
  });

  test('hands over the lead that it qualifies, with the crossing at the time of the event', async () => {
    const { at, call, see } = story;
    at('2026-03-02T10:00:00Z');
    await call([vp, { ...demo, context: BOT }]);
    expect(await see('u1')).toMatchObject({ total: 20, episodes: [] });
    at('2026-03-04T10:00:00Z');
    const settled = await classOf(story)('Demo Requested', false);
    expect(settled.handoffs).toHaveLength(1);
    const ann = await see('u1');
    expect(ann).toMatchObject({ total: 60, stage: 'mql' });
    expect(ann.episodes).toMatchObject([
      { qualifiedAt: '2026-03-02T10:00:00.000Z', handedOffAt: '2026-03-04T10:00:00.000Z' },
    ]);
    expect((await journal()).map(({ kind }) => kind)).toEqual(['reclassed']);
  });

  test('moves the last sight of a person with it, so that a machine never brings a recycled lead back', async () => {
    const { at, call, see, reject, tick } = story;
    const seen = async () =>
      (await story.query({ at: 'timestamptz?' }, 'select last_seen_at as at from contact'))[0]?.at;
    at('2026-03-02T10:00:00Z');
    await call([vp, demo]);
    at('2026-03-03T10:00:00Z');
    await reject('u1', 'busy');
    await call({ ...page, context: BOT });
    at('2026-03-04T10:00:00Z');
    await tick();
    expect((await see('u1')).episodes).toHaveLength(1);
    expect(await seen()).toBe(Date.parse('2026-03-02T10:00:00Z'));
    await classOf(story)('page', false);
    expect(await seen()).toBe(Date.parse('2026-03-03T10:00:00Z'));
    await classOf(story)('page', true);
    expect(await seen()).toBe(Date.parse('2026-03-02T10:00:00Z'));
  });

  test('is a machine’s for the reason it had, where that a person made it is taken back without a note', async () => {
    const { call, see } = story;
    const reason = 'user agent of a program: ThornBot/1.0';
    await call([vp, { ...demo, context: BOT }, demo]);
    const { id } = await see('u1');
    const reasons = async () =>
      (await timeline(id)).flatMap(item => (item.kind === 'event' ? [item.machineReason] : [])).sort();
    expect(await reasons()).toEqual([null, reason].sort());
    await classOf(story)('Demo Requested', false);
    expect(await reasons()).toEqual([null, null]);
    await classOf(story)('Demo Requested', true);
    expect(await reasons()).toEqual(['classed by Ann', reason]);
    await classOf(story)('Demo Requested', false);
    await classOf(story)('Demo Requested', true, 'their scanner');
    expect(await reasons()).toEqual(['classed by Ann: their scanner', 'classed by Ann: their scanner']);
    const kept = await story.query(
      { was: 'text?', machine: 'text?' },
      'select was, machine from event_class order by id desc limit 4',
    );
    expect(kept.filter(row => row.was === reason)).toHaveLength(1);
    expect(kept.filter(row => row.machine !== null)).toHaveLength(2);
  });

  test('is left alone where it is that already, and where there is no such event', async () => {
    const { call } = story;
    await call([vp, page, { ...demo, context: BOT }]);
    for (const [name, machine] of [
      ['page', false],
      ['Demo Requested', true],
      ['No Such', true],
    ] as const)
      expect(await classOf(story)(name, machine)).toEqual({ contactIds: [], handoffs: [] });
    expect(await journal()).toEqual([]);
    expect(await story.count('event where classed_at is not null')).toBe(0);
  });

  test('goes with its event when an import is taken back', async () => {
    const { at, app, call, see, count } = story;
    at('2026-03-02T10:00:00Z');
    await call([vp, page]);
    const past = { messageId: 'past', timestamp: '2026-03-01T10:00:00Z' };
    const { batchId, taken } = await importLines(app, 'events', [{ ...page, ...past }]);
    expect(taken).toBe(1);
    await classOf(story)('page', true);
    expect([(await see('u1')).total, await count('event_class')]).toEqual([20, 2]);
    await undoImport(app, batchId);
    expect(await see('u1')).toMatchObject({ total: 20, events: 1 });
    expect(await count('event_class')).toBe(1);
    await classOf(story)('page', false);
    expect(await see('u1')).toMatchObject({ total: 30, createdAt: '2026-03-02T10:00:00.000Z' });
  });

  test('is set over the API by marketing once it is allowed to, once for a key, for an event of that contact', async () => {
    const { call, see } = story;
    await clearPeople(db);
    const node = await startNode(db, { handlers: { classEvent } });
    story.at(new Date(node.app.clock()).toISOString());
    try {
      await call([vp, page, { type: 'page', anonymousId: 'a1' }]);
      const { secret } = await makeKey(
        node.app,
        { name: 'Ops', kind: 'api', role: 'marketing' },
        { actor: 'a test', now: 0 },
      );
      const headers = { authorization: `Bearer ${secret}` };
      const [ann, other] = [(await see('u1')).id, (await see('a1')).id];
      const eventId = (await timeline(ann)).find(({ kind }) => kind === 'event')?.eventId;
      const post = (contactId: string, event: string, payload: object, more: object = {}) =>
        node.server.inject({
          method: 'POST',
          url: `/api/contacts/${contactId}/events/${encodeURIComponent(event)}/class`,
          headers: { ...headers, ...more },
          payload,
        });
      expect((await post(ann, `${eventId}`, { machine: true })).statusCode).toBe(403);
      const permissions = { reviewDuplicates: false, classEvents: true, replayCalls: false };
      await changePermissions(node.app, permissions, { actor: 'a test', now: 0 });
      const keyed = { 'idempotency-key': 'k1' };
      const first = await post(ann, `${eventId}`, { machine: true, note: ' bot ' }, keyed);
      expect(first.statusCode).toBe(200);
      expect(timelineItem.parse(first.json())).toMatchObject({
        eventId,
        machine: true,
        machineReason: 'classed by API key “Ops”: bot',
      });
      await post(ann, `${eventId}`, { machine: false });
      expect((await post(ann, `${eventId}`, { machine: true, note: ' bot ' }, keyed)).json()).toEqual(
        first.json(),
      );
      expect(await see('u1')).toMatchObject({ total: 30 });
      expect(await story.count('event_class')).toBe(2);
      for (const [contactId, event] of [
        [other, `${eventId}`],
        [randomUUID(), `${eventId}`],
        ['x', `${eventId}`],
        [ann, '999999'],
        [ann, '9'.repeat(40)],
        [ann, '-1'],
        [ann, "1' or true"],
      ] as const) {
        const refused = await post(contactId, event, { machine: true });
        expect([event, refused.statusCode]).toEqual([event, 404]);
      }
      for (const payload of [
        {},
        { machine: 'yes' },
        { machine: true, why: 'x' },
        { machine: true, note: 1 },
      ]) {
        const refused = await post(ann, `${eventId}`, payload);
        expect([payload, refused.statusCode]).toEqual([payload, 422]);
        expect(failure.parse(refused.json()).errors.length).toBeGreaterThan(0);
      }
      await call({ ...vp, anonymousId: 'a1' });
      const moved = (await timeline(ann)).filter(({ kind }) => kind === 'event').map(item => item.eventId);
      for (const event of moved)
        expect((await post(other, `${event}`, { machine: true })).statusCode).toBe(200);
      expect(await see('u1')).toMatchObject({ total: 20, events: 2 });
    } finally {
      await node.close();
    }
  });
});
