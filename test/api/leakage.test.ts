import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { makeKey } from '../../src/loop/access/key.ts';
import { getAcceptance } from '../../src/server/report/acceptance.ts';
import { getLeakage } from '../../src/server/report/leakage.ts';
import { DRIVERS } from '../db/opened.ts';
import { clearPeople, startNode } from '../http/started.ts';
import { makeWorld, person, type World } from '../world/app.ts';
import { asked } from '../world/asked.ts';
import {
  addAgreement,
  addContact,
  addEpisode,
  addStanding,
  addUser,
  clear,
  DAY,
  HOUR,
} from '../world/seed.ts';

const NOW = Date.UTC(2026, 2, 15, 10);
const BODY = {
  agreement: 1,
  name: 'Core',
  scores: { fit: {} },
  disqualify: [
    { id: 'rival', label: 'Competitor', when: { 'contact.emailDomain': 'rival.com' } },
    { id: 'customer', label: 'Existing customer', when: { 'company.customer': true }, route: 'cs' },
  ],
};

describe.each(DRIVERS)('the leakage report on $name', ({ open }) => {
  let db: Database;
  let world: World;
  let contactId: string;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clear(db);
    await addAgreement(db, { body: BODY });
    for (const name of ['Ann', 'Bob']) await addUser(db, { name });
    contactId = await addContact(db);
    world = makeWorld(db, { now: NOW });
  });

  type Query = Partial<Parameters<typeof getLeakage>[1]['query']>;
  const report = (query: Query = {}) =>
    getLeakage(world.as(person('ann')), {
      params: undefined,
      query: { from: '2026-03-01', to: '2026-04-01', by: 'month', ...query },
      body: undefined,
    });
  const at = Date.UTC(2026, 2, 10);
  /** A lead that is over, unless said otherwise: only one may be open. */
  const lead = (given: Partial<Parameters<typeof addEpisode>[1]> = {}) =>
    addEpisode(db, { contactId, handedOffAt: at, ownerId: 'ann', ...given });
  const another = async () => {
    contactId = await addContact(db);
  };
  const waits = (
    episodeId: string,
    kind: string,
    given: { readonly dueAt: number; readonly closedAt?: number },
  ) =>
    db.run(
      {
        name: '',
        text: `insert into exception (id, kind, reason, subject, detail, particulars, episode_id, opened_at, due_at, closed_at)
        values (gen_random_uuid(), $1, 'team_absent', $2, '', '{}', $3, $4, $5, $6)`,
      },
      [
        kind,
        `episode ${episodeId}`,
        episodeId,
        new Date(at).toISOString(),
        new Date(given.dueAt).toISOString(),
        given.closedAt === undefined ? null : new Date(given.closedAt).toISOString(),
      ],
    );

  /** Each with the step at which it stopped, whether it was lost, and why. */
  const FATES: readonly (readonly [string, Partial<Parameters<typeof addEpisode>[1]>, string])[] = [
    ['decided in time', { decision: 'accepted', firstTouchAt: at, firstTouchDueAt: at + HOUR }, 'done'],
    ['won without a recorded decision', { state: 'won', firstTouchAt: at }, 'done'],
    ['without clocks', { decision: 'rejected', endedAt: at + DAY, firstTouchAt: at + DAY }, 'done'],
    ['with time left for the first touch', { firstTouchDueAt: NOW + 1 }, 'touched pending due'],
    ['whose first touch is due by now', { firstTouchDueAt: NOW }, 'touched lost untouched'],
    [
      'touched too late',
      { firstTouchAt: at + 2 * HOUR, firstTouchDueAt: at + HOUR },
      'touched lost touched_late',
    ],
    [
      'touched too late, then decided',
      { decision: 'accepted', firstTouchAt: at + 2 * HOUR, firstTouchDueAt: at + HOUR },
      'touched lost decided_late_touch',
    ],
    [
      'touched, with time left to decide',
      { firstTouchAt: at, decisionDueAt: NOW + 1 },
      'decided pending due',
    ],
    ['touched, and not decided in time', { firstTouchAt: at, decisionDueAt: NOW }, 'decided lost undecided'],
    ['joined with another', { state: 'recycled', endedAt: at }, 'touched lost ended_untouched'],
    [
      'joined with another once touched',
      { state: 'recycled', endedAt: at, firstTouchAt: at },
      'decided lost ended',
    ],
    ['without an owner and without a reason', { ownerId: null }, 'owned lost no_exception'],
  ];

  test.each(FATES)('puts a lead %s into its place', async (_, given, expected) => {
    await lead(given);
    const { steps, total } = await report();
    const found = steps.flatMap(step => [
      ...step.reasons.map(({ id }) => `${step.id} lost ${id}`),
      ...step.waiting.map(({ id }) => `${step.id} pending ${id}`),
    ]);
    expect(found).toEqual(expected === 'done' ? [] : [expected]);
    expect([total.qualified, total.decided]).toEqual([1, expected === 'done' ? 1 : 0]);
  });

  test('tells why leads wait, in time and beyond it, and whose owner left', async () => {
    const id = await lead({ ownerId: null, waitingFor: 'x' });
    await waits(id, 'missing_data', { dueAt: NOW + 1 });
    await another();
    await waits(await lead({ ownerId: null, waitingFor: 'x' }), 'unassigned', { dueAt: NOW });
    await another();
    await lead({ ownerId: 'bob' });
    await db.script(`update app_user set active = false where id = 'bob'`);
    const owned = (await report()).steps.find(step => step.id === 'owned');
    expect(owned?.waiting.map(reason => [reason.id, reason.count])).toEqual([
      ['missing_data:team_absent', 1],
    ]);
    expect(owned?.reasons.map(reason => [reason.id, reason.count])).toEqual([
      ['owner_left', 1],
      ['unassigned:team_absent', 1],
    ]);
    expect(owned).toMatchObject({ count: 0, lost: 2, pending: 1, lossRate: 2 / 3 });
  });

  test('an owner who may not work leads is as good as none', async () => {
    await lead({ ownerId: 'bob' });
    await db.script(`update app_user set role = 'marketing' where id = 'bob'`);
    const owned = (await report()).steps.find(step => step.id === 'owned');
    expect(owned?.reasons).toMatchObject([
      { id: 'owner_left', label: 'Its owner may no longer work leads', count: 1 },
    ]);
  });

  test('lists the leads that a disqualifier closed or sent elsewhere, by its label; other reports leave them out', async () => {
    const closed = await lead({ state: 'disqualified', ownerId: null });
    await another();
    const sent = await lead();
    await db.run({ name: '', text: 'update episode set disqualifier = $2 where id = $1' }, [closed, 'rival']);
    await db.run({ name: '', text: 'update episode set disqualifier = $2 where id = $1' }, [
      sent,
      'customer',
    ]);
    await another();
    await lead({ decision: 'accepted', firstTouchAt: at });
    const { steps, total } = await report();
    expect(steps[1]).toMatchObject({ id: 'handedOff', count: 1, lost: 2 });
    expect(steps[1]?.reasons.map(({ label }) => label)).toEqual([
      'Closed by a disqualifier: Competitor',
      'Sent to another team: Existing customer',
    ]);
    expect(total).toMatchObject({ qualified: 3, handedOff: 1, decided: 1, lost: 2, pending: 0 });
    for (const by of ['month', 'owner', 'source', 'path'] as const) {
      const acceptance = await getAcceptance(world.as(person('ann')), {
        params: undefined,
        query: asked('getAcceptance', { from: '2026-03-01', to: '2026-04-01', by }),
        body: undefined,
      });
      expect(acceptance.total).toMatchObject({ handedOff: 1, accepted: 1, elsewhere: 2 });
    }
  });

  test('groups by month, source, owner, segment and campaign; imported handoffs are in none', async () => {
    await lead({ decision: 'accepted', firstTouchAt: at, source: 'Ads', segment: 'SMB', campaign: 'Spring' });
    await another();
    await lead({ decision: 'accepted', firstTouchAt: at, source: ' ', handedOffAt: at - 20 * DAY });
    await another();
    await addUser(db, { name: 'Bob', id: 'bob2', email: 'other@acme.example' });
    await lead({ ownerId: 'bob', decision: 'rejected', endedAt: at, firstTouchAt: at, source: 'Ads' });
    await lead({ ownerId: 'bob2', decision: 'rejected', endedAt: at, firstTouchAt: at, source: 'Ads' });
    const imported = await lead({ decision: 'accepted', endedAt: at });
    await db.run({ name: '', text: 'update episode set imported = true where id = $1' }, [imported]);
    const keys = async (by: NonNullable<Query['by']>) =>
      (await report({ from: '2026-01-01', by })).rows.map(({ key, qualified }) => [key, qualified]);
    expect(await keys('month')).toEqual([
      ['2026-01', 0],
      ['2026-02', 1],
      ['2026-03', 3],
    ]);
    expect(await keys('source')).toEqual([
      ['Ads', 3],
      ['Unknown', 1],
    ]);
    expect(await keys('owner')).toEqual([
      ['Ann', 2],
      ['Bob (bob@acme.example)', 1],
      ['Bob (other@acme.example)', 1],
    ]);
    expect(await keys('segment')).toEqual([
      ['Unknown', 3],
      ['SMB', 1],
    ]);
    expect(await keys('campaign')).toEqual([
      ['Unknown', 3],
      ['Spring', 1],
    ]);
  });

  test('measures how long the parts of the way take', async () => {
    const id = await lead({ decision: 'accepted', firstTouchAt: at + 3 * HOUR });
    await db.run({ name: '', text: 'update episode set qualified_at = $2 where id = $1' }, [
      id,
      new Date(at - 2000).toISOString(),
    ]);
    await another();
    const held = await lead({ decision: 'accepted', firstTouchAt: at + 3 * HOUR });
    await waits(held, 'unassigned', { dueAt: NOW, closedAt: at + 2 * HOUR });
    await another();
    await lead({ ownerId: null, waitingFor: 'x' });
    const { durations } = await report();
    expect(durations).toEqual([
      { id: 'handedOff', label: expect.any(String), count: 3, medianMs: 0, p90Ms: 2000 },
      { id: 'owned', label: expect.any(String), count: 2, medianMs: 0, p90Ms: 2 * HOUR },
      { id: 'touched', label: expect.any(String), count: 2, medianMs: HOUR, p90Ms: 3 * HOUR },
    ]);
  });

  test('counts who was left alone on purpose', async () => {
    for (const reason of ['imported history', 'imported history', 'a new version of the agreement']) {
      await addStanding(db, { contactId });
      await db.run({ name: '', text: 'update standing set left_alone = $2 where contact_id = $1' }, [
        contactId,
        reason,
      ]);
      await another();
    }
    expect((await report()).leftAlone).toEqual([
      { id: 'imported history', label: 'Imported history', count: 2 },
      { id: 'a new version of the agreement', label: 'A new version of the agreement', count: 1 },
    ]);
  });

  test('of nothing is empty', async () => {
    const { rows, total, durations, leftAlone } = await report();
    expect([rows.length, total.qualified, leftAlone]).toEqual([1, 0, []]);
    expect(durations.every(({ count, medianMs }) => count === 0 && medianMs === null)).toBe(true);
  });

  test('comes as a file too, for anybody who is signed in, with no formula in it', async () => {
    await clearPeople(db);
    await addUser(db, { name: 'Ann' });
    await lead({ decision: 'accepted', firstTouchAt: at, source: '=cmd|x' });
    const node = await startNode(db, { handlers: { getLeakage } });
    try {
      const { secret } = await makeKey(
        node.app,
        { name: 'k', kind: 'api', role: 'rep' },
        { actor: 'a test', now: 0 },
      );
      const headers = { authorization: `Bearer ${secret}` };
      const get = (query: string, given: object = headers) =>
        node.server.inject({ method: 'GET', url: `/api/reports/leakage${query}`, headers: { ...given } });
      const file = await get('.csv?by=source&from=2026-03-01&to=2026-04-01');
      expect([file.statusCode, file.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
      expect(file.headers['content-disposition']).toBe('attachment; filename="leakage-by-source.csv"');
      expect(file.body).toContain(`"'=cmd|x","1","1","1","1","1","0","0"\r\n`);
      expect((await get('?by=source')).json()).toMatchObject({ timezone: 'UTC' });
      expect((await get('.csv', {})).statusCode).toBe(401);
      expect((await get('.csv?by=campaign')).body).toContain('"campaign","qualified"');
      expect((await get('.csv?by=colour')).statusCode).toBe(400);
      for (const where of ['', '.csv']) {
        const refused = await get(`${where}?from=x&to=2026-02-30&by=zzz`);
        expect(refused.statusCode).toBe(400);
        expect(refused.json().errors).toEqual([
          { path: 'query.from', message: expect.stringContaining('expected an RFC 3339 date-time') },
          { path: 'query.to', message: expect.stringContaining('expected an RFC 3339 date-time') },
          { path: 'query.by', message: expect.stringContaining('"campaign"') },
        ]);
      }
      expect((await get('.csv?from=2026-04-01&to=2026-03-01')).statusCode).toBe(400);
    } finally {
      await node.close();
    }
  });
});
