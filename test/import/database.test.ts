import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NO_MAPPING } from '../../src/core/import/mapping.ts';
import type { Database } from '../../src/db/database.ts';
import { activateAgreement } from '../../src/loop/agreement/activate.ts';
import { kindOfDomain } from '../../src/loop/contact/domains.ts';
import { sweepDue, sweepStale } from '../../src/loop/evaluation/sweep.ts';
import { undoImport } from '../../src/loop/import/undo.ts';
import { takeIn } from '../../src/loop/intake/intake.ts';
import { sweepUnweighed } from '../../src/loop/report/decisive.ts';
import { scoreOfContact } from '../../src/loop/scoring/asof.ts';
import { subjectScore } from '../core/subject.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld, type World } from '../world/app.ts';
import { empty } from '../world/empty.ts';
import { addUser, DAY, HOUR } from '../world/seed.ts';
import { importLines } from './imported.ts';

const NOW = Date.UTC(2026, 2, 15, 10);
const AGREEMENT = {
  agreement: 1,
  name: 'Core',
  scores: { fit: {}, intent: { max: 80 } },
  rules: [
    { id: 'vp', score: 'fit', points: 20, when: { 'contact.title': { hasWord: 'VP' } } },
    { id: 'big', score: 'fit', points: 15, when: { 'company.employees': { gte: 200 } } },
    { id: 'business', score: 'fit', points: 5, when: { 'contact.emailKind': 'business' } },
    {
      id: 'pricing',
      score: 'intent',
      points: 10,
      on: 'Pricing Viewed',
      window: '60d',
      decay: { halfLife: '7d' },
    },
    { id: 'quiet', score: 'intent', points: -5, quiet: '14d' },
  ],
  mql: [{ id: 'demo', label: 'Asked for a demo', did: { on: 'Demo Requested' } }],
  reasons: [
    { id: 'no_budget', label: 'No budget', then: 'recycle', wait: '90d' },
    { id: 'rival', label: 'Competitor', then: 'disqualify' },
  ],
};

/** Every table that an import writes, as text; what tells only when something was computed is left out. */
const TABLES = {
  contact:
    'id, created_at, last_seen_at, email, name, title, company_name, contact, company_part, merged_into',
  contact_identity: 'kind, value, contact_id',
  profile_fact: 'contact_id, at, mode, contact, company_part, company_id, created_at',
  event: 'contact_id, at, message_id, name, properties',
  message: 'id',
  standing:
    'contact_id, version, stage, stage_since, scores, total, qualifies, first_mql_at, owner_id, next_change_at',
  episode:
    'id, contact_id, state, path, total, qualified_at, handed_off_at, owner_id, owner_name, source, campaign, content, fired, decisive, first_touch_at, decision, decided_at, reason, note, requalify_at, amount, currency, ended_at, imported',
  activity: 'episode_id, contact_id, kind, at, actor, note',
  journal: 'kind, contact_id, episode_id, at, actor',
  alert: 'user_id, text',
  outbox: 'channel, recipient',
} as const;

async function photograph(db: Database): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const shots = Object.entries(TABLES).map(async ([table, columns]) => {
    const text = `select ${columns} from ${table} order by (select row_to_json(r)::text from (select ${columns}) r)`;
    return [table, await db.run({ name: '', text }, [])] as const;
  });
  return Object.fromEntries(await Promise.all(shots));
}

const at = (day: number, hour = 0) => new Date(Date.UTC(2026, 0, 1) + day * DAY + hour * HOUR).toISOString();

const person = (id: string, more: object = {}) => ({
  id,
  createdAt: at(0),
  contact: { email: `${id}@${id}.example`, title: 'VP Sales' },
  company: { name: `${id} Ltd`, employees: 250 },
  ...more,
});

const event = (id: string, name: string, day: number) => ({
  messageId: `${id}-${name}-${day}`,
  userId: id,
  type: 'track',
  event: name,
  timestamp: at(day),
});

/** A call of a server about a user, without what it says. */
function callOf(messageId: string, user: string, now: number) {
  const ids = { user, anonymous: null, email: null };
  return { messageId, at: now, receivedAt: now, trust: 'server' as const, ids };
}

/** Two people of one switchboard, and two with one placeholder of an address. */
const STRANGERS = `id,email,phone,name,title
,,+44 20 7946 0001,Ann Lee,VP
,,+44 20 7946 0001,Bob Ray,VP
a,desk@us.example,,Ada Alder,VP
b,desk@us.example,,Ben Birch,VP
`;

describe.each(DRIVERS)('an import on $name', ({ open }) => {
  let db: Database;
  let world: World;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await empty(db, [
      'app_user',
      'agreement',
      'company',
      'contact',
      'contact_key',
      'event',
      'message',
      'journal',
      'outbox',
      'import_batch',
    ]);
    world = makeWorld(db, { now: NOW });
    await activateAgreement(db, JSON.stringify(AGREEMENT), { actor: 'a test', now: NOW });
  });

  const rows = <Row>(text: string) => db.run<Row>({ name: '', text }, []);
  const idOf = async (user: string) =>
    (await rows<{ id: string }>(`select contact_id as id from contact_identity where value = '${user}'`))[0]
      ?.id ?? '';
  const standing = async (user: string) =>
    (
      await rows<Record<string, unknown>>(`select * from standing where contact_id = '${await idOf(user)}'`)
    )[0];
  const episodes = () => rows<Record<string, unknown>>('select * from episode order by handed_off_at');

  test('keeps people apart who share a phone or, on demand, an address, and reads the file again without a change', async () => {
    const mapping = { ...NO_MAPPING, shared: ['desk@us.example'] };
    expect(await importLines(world.app, 'contacts', STRANGERS, { mapping })).toMatchObject({ taken: 4 });
    const before = await rows('select name, email from contact order by name');
    expect(before).toEqual([
      { name: 'Ada Alder', email: 'desk@us.example' },
      { name: 'Ann Lee', email: null },
      { name: 'Ben Birch', email: 'desk@us.example' },
      { name: 'Bob Ray', email: null },
    ]);
    expect(await importLines(world.app, 'contacts', STRANGERS, { mapping })).toMatchObject({ taken: 0 });
    expect(await rows('select name, email from contact order by name')).toEqual(before);
    expect(await standing('phone:+442079460001 ann lee')).toMatchObject({ total: 20 });
  });

  test('scores as the files alone do, at any time, in whatever order the lines come', async () => {
    const contacts = [
      person('a'),
      person('b', { contact: { email: 'b@gmail.com' } }),
      { id: 'b', createdAt: at(0), at: at(20), contact: { email: 'b@b.example', title: 'VP' }, company: {} },
      { id: 'b', createdAt: at(0), at: at(40), contact: { title: 'Clerk' }, company: { employees: 900 } },
      person('c', { createdAt: at(30) }),
    ];
    const events = ['a', 'b', 'c'].flatMap(id =>
      [3, 8, 25, 41].map(day => event(id, 'Pricing Viewed', day)).concat(event(id, 'Demo Requested', 33)),
    );
    await importLines(world.app, 'events', [...events].reverse(), { batchSize: 4 });
    await importLines(world.app, 'contacts', [...contacts].reverse(), { batchSize: 2 });
    for (const day of [4, 10, 21, 35, 45, 73]) {
      const time = Date.parse(at(day));
      const expected = subjectScore({
        agreement: AGREEMENT,
        contacts,
        events,
        at: time,
        kindOf: kindOfDomain,
      });
      for (const [index, id] of ['a', 'b', 'c'].entries()) {
        const asked = { contactId: await idOf(id), at: time, knownAt: NOW, agreementId: null, version: null };
        expect({ ...(await scoreOfContact(db, asked)), id }).toEqual(expected[index]);
      }
    }
    const now = subjectScore({ agreement: AGREEMENT, contacts, events, at: NOW, kindOf: kindOfDomain });
    for (const [index, id] of ['a', 'b', 'c'].entries())
      expect(await standing(id)).toMatchObject({ version: 1, total: Reflect.get(now[index] ?? {}, 'total') });
  });

  test('of the same files again changes nothing, in one piece or in many', async () => {
    const files = [
      [
        'contacts',
        [
          person('a'),
          { id: 'a', at: at(9), contact: { title: 'CEO' } },
          person('b'),
          person('b', { contact: { title: 'CFO' } }),
        ],
      ],
      [
        'events',
        [event('a', 'Demo Requested', 3), event('b', 'Pricing Viewed', 5), event('x', 'Pricing Viewed', 5)],
      ],
      [
        'outcomes',
        [
          { contactId: 'a', type: 'handoff', at: at(4) },
          { contactId: 'a', type: 'touch', at: at(5), owner: 'Zoe' },
          { contactId: 'a', type: 'won', at: at(9), amount: 10, currency: 'EUR' },
          { contactId: 'a', type: 'lost', at: at(8) },
          { contactId: 'a stranger', type: 'won', at: at(8) },
        ],
      ],
    ] as const;
    for (const [kind, lines] of files) await importLines(world.app, kind, lines);
    const before = await photograph(db);
    expect(before.episode).toHaveLength(2);
    for (const batchSize of [2_000, 1]) {
      world.setNow(world.now() + DAY);
      for (const [kind, lines] of files) {
        const again = await importLines(world.app, kind, lines, { batchSize });
        expect([kind, again.taken]).toEqual([kind, 0]);
        expect(again.refused).toEqual(
          kind === 'outcomes' ? ['5: no contact has the id "a stranger"; import the contacts first'] : [],
        );
      }
      const after = await photograph(db);
      expect({ ...after, standing: [] }).toEqual({ ...before, standing: [] });
    }
    expect(await rows('select id from import_batch')).toHaveLength(3);
  });

  test('of an older value after a newer one takes the value back, and the last row of a file wins', async () => {
    const titled = (title: string) => [{ id: 'a', contact: { title } }];
    const title = async () => (await rows<{ title: string }>('select title from contact'))[0]?.title;
    for (const [lines, expected, taken] of [
      [titled('VP'), 'VP', 1],
      [titled('CEO'), 'CEO', 1],
      [titled('VP'), 'VP', 1],
      [titled('VP'), 'VP', 0],
      [[...titled('CTO'), ...titled('CFO')], 'CFO', 2],
      [[...titled('CTO'), ...titled('CFO')], 'CFO', 0],
      [[...titled('CFO'), ...titled('CTO')], 'CTO', 1],
    ] as const) {
      world.setNow(world.now() + HOUR);
      expect((await importLines(world.app, 'contacts', lines)).taken).toBe(taken);
      expect(await title()).toBe(expected);
    }
  });

  test('of a blank cell leaves the value, and a first profile holds from the beginning', async () => {
    await importLines(world.app, 'contacts', 'id,title,city,createdAt\na,VP,Pune,2026-01-01\n');
    world.setNow(NOW + DAY);
    await importLines(world.app, 'contacts', 'id,title,city\na,,Thane\n');
    const asked = { contactId: await idOf('a'), knownAt: NOW + DAY, agreementId: null, version: null };
    expect(await scoreOfContact(db, { ...asked, at: Date.UTC(2026, 0, 2) })).toMatchObject({ total: 20 });
    const [contact] = await rows<{ contact: object }>('select contact from contact');
    expect(contact?.contact).toEqual({ title: 'VP', city: 'Thane' });
  });

  test('opens no episode, then or by a sweep, unless told to hand over now', async () => {
    await importLines(world.app, 'contacts', [person('a'), person('b')]);
    const events = [event('a', 'Demo Requested', 3), event('b', 'Pricing Viewed', 3)];
    await importLines(world.app, 'events', events);
    for (const later of [0, HOUR, 30 * DAY]) {
      await sweepStale(world.app, NOW + later);
      await sweepDue(world.app, NOW + later);
    }
    expect(await episodes()).toEqual([]);
    const more = [event('b', 'Demo Requested', 4)];
    await importLines(world.app, 'events', more, { opensNow: true });
    expect(await episodes()).toMatchObject([
      { contact_id: await idOf('b'), qualified_at: Date.parse(at(4)), handed_off_at: NOW, imported: false },
    ]);
  });

  test('of an old rejection hands nothing over again by the passing of time; a new call does', async () => {
    await importLines(world.app, 'contacts', [person('a')]);
    const visits = [30, 70, 72].map(day => event('a', 'Pricing Viewed', day));
    await importLines(world.app, 'events', [event('a', 'Demo Requested', 3), ...visits]);
    await importLines(world.app, 'outcomes', [
      { contactId: 'a', type: 'handoff', at: at(4) },
      { contactId: 'a', type: 'rejected', at: at(5), reason: 'too early' },
    ]);
    for (const later of [HOUR, 8 * DAY, 70 * DAY]) {
      await sweepStale(world.app, NOW + later);
      await sweepDue(world.app, NOW + later);
    }
    expect(await episodes()).toHaveLength(1);
    world.setNow(NOW + 71 * DAY);
    const call = callOf('m9', 'a', world.now());
    const visit = { type: 'track', name: 'Pricing Viewed', properties: {}, context: {}, machine: null };
    await db.transaction(sql =>
      takeIn(sql, world.app, [{ ...call, says: { kind: 'event', ...visit } }], {
        now: world.now(),
        batchId: null,
        opens: 'onCall',
      }),
    );
    expect((await episodes()).map(({ state }) => state)).toEqual(['recycled', 'open']);
  });

  test('refuses what has yet to happen', async () => {
    const contacts = await importLines(world.app, 'contacts', [person('a', { at: at(400) })]);
    const events = await importLines(world.app, 'events', [event('a', 'Pricing Viewed', 400)]);
    expect([contacts, events].map(({ taken, refused }) => [taken, refused])).toEqual([
      [0, ['1: at: 2027-02-05T00:00:00.000Z lies in the future']],
      [0, ['1: timestamp: 2027-02-05T00:00:00.000Z lies in the future']],
    ]);
    expect(await rows('select id from import_batch')).toEqual([]);
  });

  test('of outcomes gives episodes with the score of that time, owners, stages and a timeline, and tells nobody', async () => {
    await addUser(db, { name: 'Zoe Ray', email: 'Zoe@acme.example' });
    await importLines(world.app, 'contacts', [person('a'), person('b'), person('c'), person('d')]);
    await importLines(world.app, 'events', [
      event('a', 'Demo Requested', 3),
      event('a', 'Pricing Viewed', 3),
    ]);
    const done = await importLines(world.app, 'outcomes', [
      { contactId: 'a', type: 'handoff', at: at(4), source: 'Fair', campaign: 'Spring', content: 'Stand' },
      { contactId: 'a', type: 'touch', at: at(5), owner: 'ZOE@acme.example', note: 'called' },
      { email: 'A@a.example', type: 'accepted', at: at(6) },
      { contactId: 'b', type: 'handoff', at: at(4, 1), owner: 'max@old.example' },
      { contactId: 'b', type: 'rejected', at: at(5), reason: 'competitor' },
      { contactId: 'c', type: 'won', at: at(8), amount: '12.5', currency: 'eur' },
      { contactId: 'd', type: 'handoff', at: at(2) },
    ]);
    expect(done).toMatchObject({ taken: 7, refused: [] });
    const [d, a, b, c] = await episodes();
    expect(a).toMatchObject({
      state: 'accepted',
      path: 'demo',
      path_label: 'Asked for a demo',
      total: 49,
      qualified_at: Date.parse(at(3)),
      handed_off_at: Date.parse(at(4)),
      owner_id: 'zoe',
      owner_name: null,
      source: 'Fair',
      campaign: 'Spring',
      content: 'Stand',
      fired: ['vp', 'big', 'business', 'pricing'],
      decisive: [],
      first_touch_at: Date.parse(at(5)),
      decision: 'accepted',
      decided_at: Date.parse(at(6)),
      imported: true,
      note: 'called',
      first_touch_due_at: null,
      decided_by: 'Zoe Ray',
    });
    expect(b).toMatchObject({
      state: 'disqualified',
      decision: 'rejected',
      reason: 'rival',
      reason_label: 'Competitor',
      path: 'imported',
      owner_id: null,
      owner_name: 'max@old.example',
      ended_at: Date.parse(at(5)),
      waiting_for: null,
    });
    expect(c).toMatchObject({ state: 'won', decision: 'accepted', amount: 12.5, currency: 'EUR', total: 40 });
    expect(d).toMatchObject({ state: 'open', waiting_for: 'imported without an owner' });
    const stages = await Promise.all(['a', 'b', 'c', 'd'].map(async id => (await standing(id))?.stage));
    expect(stages).toEqual(['sql', 'disqualified', 'customer', 'mql']);
    expect(await standing('a')).toMatchObject({ owner_id: 'zoe', first_mql_at: Date.parse(at(3)) });
    expect(
      await rows(`select kind from journal where contact_id = '${await idOf('a')}' order by at, id`),
    ).toEqual(['handoff', 'activity', 'accepted'].map(kind => ({ kind })));
    expect([...(await rows('select id from alert')), ...(await rows('select id from outbox'))]).toEqual([]);
    const lines = await rows<{ points: number; total: number }>(
      `select total, (select sum((line ->> 'points')::int)::int from jsonb_array_elements(breakdown::jsonb -> 'lines') line) as points
       from episode where jsonb_array_length(breakdown::jsonb -> 'lines') > 0`,
    );
    expect(lines.every(({ points, total }) => points === total)).toBe(true);
  });

  test('of outcomes goes on with what an earlier file began, and says why a move is forbidden', async () => {
    await importLines(world.app, 'contacts', [person('a')]);
    await importLines(world.app, 'outcomes', [{ contactId: 'a', type: 'handoff', at: at(4) }]);
    const next = [
      { contactId: 'a', type: 'rejected', at: at(5), reason: 'Too small', note: 'maybe later' },
      { contactId: 'a', type: 'accepted', at: at(4, 12) },
    ];
    const first = await importLines(world.app, 'outcomes', next);
    expect(first).toMatchObject({
      taken: 1,
      refused: ['1: rejected: the lead handed over on 2026-01-05T00:00:00.000Z is accepted already'],
    });
    expect((await importLines(world.app, 'outcomes', next)).refused).toEqual(first.refused);
    expect(await episodes()).toMatchObject([{ state: 'accepted' }]);
  });

  test('needs an agreement for outcomes only', async () => {
    await db.script('delete from agreement_version; delete from agreement');
    await importLines(world.app, 'contacts', [person('a')]);
    await expect(
      importLines(world.app, 'outcomes', [{ contactId: 'a', type: 'won', at: at(4) }]),
    ).rejects.toThrow(/no agreement is active/);
  });

  describe('taken back', () => {
    const live = (messageId: string, user: string, traits: Readonly<Record<string, unknown>>) =>
      db.transaction(sql =>
        takeIn(
          sql,
          world.app,
          [{ ...callOf(messageId, user, world.now()), says: { kind: 'identify', traits } }],
          {
            now: world.now(),
            batchId: null,
            opens: 'onCall',
          },
        ),
      );

    test('leaves everything as if it had never been, whatever was there before', async () => {
      await live('m1', 'a', { title: 'Clerk', createdAt: at(20) });
      await importLines(world.app, 'outcomes', [
        { contactId: 'a', type: 'handoff', at: at(50), owner: 'Max' },
      ]);
      const before = await photograph(db);
      const batches = [
        await importLines(world.app, 'contacts', [person('a'), person('b'), person('c')]),
        await importLines(world.app, 'events', [
          event('a', 'Demo Requested', 3),
          event('b', 'Demo Requested', 3),
        ]),
        await importLines(world.app, 'outcomes', [
          { contactId: 'a', type: 'accepted', at: at(51), owner: 'Zoe' },
          { contactId: 'a', type: 'won', at: at(52), amount: 7, currency: 'EUR' },
          { contactId: 'b', type: 'handoff', at: at(4) },
          { contactId: 'b', type: 'touch', at: at(5) },
        ]),
      ];
      expect((await episodes()).map(({ state }) => state)).toEqual(['open', 'won']);
      expect(batches.map(({ taken }) => taken)).toEqual([3, 2, 4]);
      for (const { batchId } of batches.reverse()) {
        expect(await undoImport(world.app, batchId)).toMatchObject({ episodesKept: 0 });
      }
      expect(await photograph(db)).toEqual(before);
    });

    test('takes a column that is younger than the import for no change', async () => {
      await live('m1', 'a', { title: 'Clerk', createdAt: at(20) });
      await importLines(world.app, 'outcomes', [{ contactId: 'a', type: 'handoff', at: at(50) }]);
      const before = await photograph(db);
      const { batchId } = await importLines(world.app, 'outcomes', [
        { contactId: 'a', type: 'accepted', at: at(51) },
      ]);
      await db.script(`update import_change set before = before - 'segment', after = after - 'segment'`);
      expect(await undoImport(world.app, batchId)).toMatchObject({ episodesKept: 0 });
      expect(await photograph(db)).toEqual(before);
    });

    test('takes it for no change that decisive rules are worked out meanwhile, which gives what they were', async () => {
      await live('m1', 'a', { title: 'VP', createdAt: at(20) });
      await importLines(world.app, 'outcomes', [{ contactId: 'a', type: 'handoff', at: at(50) }]);
      const before = await photograph(db);
      await db.script('update episode set fired = null, decisive = null');
      const { batchId } = await importLines(world.app, 'outcomes', [
        { contactId: 'a', type: 'accepted', at: at(51) },
      ]);
      expect(await sweepUnweighed(world.app, NOW)).toBe(1);
      expect(await undoImport(world.app, batchId)).toMatchObject({ episodesKept: 0 });
      expect(await photograph(db)).toEqual(before);
    });

    test('can be imported again', async () => {
      const events = [event('a', 'Demo Requested', 3)];
      const { batchId } = await importLines(world.app, 'events', events);
      expect(await undoImport(world.app, batchId)).toMatchObject({ contactsRemoved: 1, contactsChanged: 0 });
      expect((await importLines(world.app, 'events', events)).taken).toBe(1);
    });

    test('leaves episodes alone that somebody has worked on since', async () => {
      await importLines(world.app, 'contacts', [person('a'), person('b')]);
      const { batchId } = await importLines(world.app, 'outcomes', [
        { contactId: 'a', type: 'handoff', at: at(4) },
        { contactId: 'b', type: 'handoff', at: at(4) },
      ]);
      await importLines(world.app, 'outcomes', [{ contactId: 'a', type: 'accepted', at: at(5) }]);
      expect(await undoImport(world.app, batchId)).toMatchObject({ episodesKept: 1 });
      expect(await episodes()).toMatchObject([{ contact_id: await idOf('a'), state: 'accepted' }]);
    });

    test('is refused twice, and for what was never imported', async () => {
      const { batchId } = await importLines(world.app, 'contacts', [person('a')]);
      await undoImport(world.app, batchId);
      await expect(undoImport(world.app, batchId)).rejects.toThrow(/taken back already/);
      await expect(undoImport(world.app, 'last')).rejects.toThrow(/there is no import last/);
    });
  });
});
