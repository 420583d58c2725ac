import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { reasonIn } from '../../src/core/routing/reason.ts';
import type { Database } from '../../src/db/database.ts';
import { activateAgreement } from '../../src/loop/agreement/activate.ts';
import { handLeadBack } from '../../src/loop/followup/ownership.ts';
import { DRIVERS } from '../db/opened.ts';
import { AGREEMENT } from './agreement.ts';
import { begin, type Story } from './story.ts';

const BY = { actor: 'Meg', userId: 'meg' };

/** The agreement of these tests: leads go by country, customers to their own team, rivals nowhere. */
const BY_COUNTRY = {
  ...AGREEMENT,
  disqualify: [
    { id: 'rival', label: 'Works for a rival', when: { 'contact.emailDomain': 'rival.com' } },
    { id: 'customer', label: 'Existing customer', when: { 'company.customer': true }, route: 'success' },
  ],
  routing: [
    { id: 'uk', label: 'UK', when: { 'contact.country': 'UK' }, to: { team: 'sales', by: 'round_robin' } },
    { fallback: 'queue' },
  ],
};

const known = (user: string, traits: object = {}) => ({
  type: 'identify',
  userId: user,
  traits: { email: `${user}@${user}.com`, title: 'VP', name: `Person ${user}`, country: 'UK', ...traits },
});
const demo = (user: string) => ({ type: 'track', userId: user, event: 'Demo Requested' });

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db, { agreement: BY_COUNTRY });
    story.at('2026-03-02T10:00:00Z');
  });

  const exceptions = () =>
    story.query(
      {
        kind: 'text',
        reason: 'text',
        particulars: 'jsonb',
        owner_id: 'text?',
        due_at: 'timestamptz',
        retry_at: 'timestamptz?',
        closed_at: 'timestamptz?',
        resolution: 'text?',
      },
      'select kind, reason, particulars, owner_id, due_at, retry_at, closed_at, resolution from exception order by closed_at, id',
    );
  const setActive = (id: string, active: boolean) =>
    story.query({}, 'update app_user set active = $2 where id = $1', id, active);

  test('a lead whose country is not known waits with what is missing, and is routed the moment it is told', async () => {
    const { at, call, see } = story;
    await call([known('u1', { country: '' }), demo('u1')]);
    expect((await see('u1')).episodes).toMatchObject([
      { state: 'open', owner: null, waitingFor: 'something must be known of the lead first' },
    ]);
    expect(await exceptions()).toMatchObject([
      {
        kind: 'missing_data',
        particulars: { missing: ['contact.country'] },
        owner_id: 'mia',
        due_at: Date.parse('2026-03-02T10:30:00Z'),
        closed_at: null,
      },
    ]);
    at('2026-03-02T10:05:00Z');
    await call({ type: 'identify', userId: 'u1', traits: { country: 'UK' } });
    expect((await see('u1')).episodes).toMatchObject([{ owner: 'ann', waitingFor: null }]);
    expect(await exceptions()).toMatchObject([
      { closed_at: Date.parse('2026-03-02T10:05:00Z'), resolution: 'routing found an owner' },
    ]);
  });

  test('other software is told who has a lead that waited, and of the person when the lead is accepted', async () => {
    const { at, call, accept } = story;
    await db.script(`insert into webhook (id, url, description, event_types, secret, allow_private, created_at, created_by)
      values (gen_random_uuid(), 'https://other.example/hook', '', '{}', 'whsec_x', false, now(), 'a test')`);
    await call([known('u1', { country: '' }), demo('u1')]);
    at('2026-03-02T10:05:00Z');
    await call({ type: 'identify', userId: 'u1', traits: { country: 'UK' } });
    at('2026-03-02T10:06:00Z');
    await accept('u1');
    const told = await story.query(
      { event_type: 'text', payload: 'jsonb' },
      `select event_type, payload from outbox where channel = 'webhook' and event_type in ('lead.reassigned', 'lead.accepted')
       order by created_at, id`,
    );
    const lead = {
      contact: { name: 'Person u1', title: 'VP', email: 'u1@u1.com' },
      total: expect.any(Number),
    };
    expect(told).toMatchObject([
      { event_type: 'lead.reassigned', payload: { data: { ...lead, by: 'routing', owner: 'ann' } } },
      { event_type: 'lead.accepted', payload: { data: { ...lead, by: 'Ann', stage: 'sql' } } },
    ]);
  });

  test('a contact that nobody can reach is not given to anybody before an address is known', async () => {
    const { at, call, see } = story;
    const visitor = { anonymousId: 'a1', userId: undefined };
    await call([
      { type: 'identify', ...visitor, traits: { title: 'VP', country: 'UK' } },
      { ...demo('u1'), ...visitor },
    ]);
    expect(await exceptions()).toMatchObject([
      { kind: 'missing_data', particulars: { missing: ['contact.email', 'contact.phone'] } },
    ]);
    at('2026-03-02T10:10:00Z');
    await call({ type: 'identify', ...visitor, traits: { email: 'ann@acme.com' } });
    expect((await see('a1')).episodes).toMatchObject([{ owner: 'ann' }]);
  });

  test.each([
    [{ email: 'nonsense' }, 'the e-mail is not a valid address; no phone number and no user id is known'],
    [{ phone: 'ask me' }, 'the phone number is not valid; no e-mail address and no user id is known'],
    [
      { email: 'ann@acme', phone: '000-000-0000' },
      'the e-mail is not a valid address; the phone number is not valid; no user id is known',
    ],
  ])('an address or a number that is not valid reaches nobody: %j', async (traits, why) => {
    const { at, call, see } = story;
    const visitor = { anonymousId: 'a1', userId: undefined };
    await call([
      { type: 'identify', ...visitor, traits: { title: 'VP', country: 'UK', ...traits } },
      { ...demo('u1'), ...visitor },
    ]);
    expect((await see('a1')).episodes).toMatchObject([{ owner: null }]);
    expect(await exceptions()).toMatchObject([
      { kind: 'missing_data', particulars: { missing: ['contact.email', 'contact.phone'] } },
    ]);
    const [row] = await story.query(
      { detail: 'text', particulars: 'jsonb' },
      'select detail, particulars from exception',
    );
    expect(row?.detail).toBe(`Nobody could reach them: ${why}.`);
    expect(reasonIn(row?.particulars)).toMatchObject({ kind: 'unreachable' });
    at('2026-03-02T10:10:00Z');
    await call({ type: 'identify', ...visitor, traits: { phone: '+44 20 7946 0018' } });
    expect((await see('a1')).episodes).toMatchObject([{ owner: 'ann' }]);
  });

  test('a lead that nobody is there for is given out by itself when somebody is back', async () => {
    const { at, call, see, tick, query } = story;
    for (const id of ['ann', 'bob'])
      await query(
        {},
        `insert into time_off (id, user_id, starts_at, ends_at, created_by, created_at)
         values (gen_random_uuid(), $1, '2026-03-01T00:00:00Z', '2026-03-03T09:00:00Z', 'Meg', '2026-03-01T00:00:00Z')`,
        id,
      );
    await call([known('u1'), demo('u1')]);
    expect((await see('u1')).episodes).toMatchObject([
      { owner: null, waitingFor: 'nobody in the team is available' },
    ]);
    expect(await exceptions()).toMatchObject([
      { kind: 'unassigned', reason: 'team_absent', retry_at: Date.parse('2026-03-03T09:00:00Z') },
    ]);
    at('2026-03-02T12:00:00Z');
    await tick();
    expect((await see('u1')).episodes).toMatchObject([{ owner: null }]);
    at('2026-03-03T09:00:00Z');
    await tick();
    expect((await see('u1')).episodes).toMatchObject([
      { owner: 'ann', alertsTo: expect.arrayContaining(['ann']) },
    ]);
  });

  test('an exception that somebody looked after who left is somebody else’s', async () => {
    const { at, call, tick, query } = story;
    await call([known('u1', { country: '' }), demo('u1')]);
    await query(
      {},
      `insert into app_user (id, name, email, role) values ('mo', 'Mo', 'mo@acme.example', 'manager')`,
    );
    await setActive('mia', false);
    await query({}, 'update exception set retry_at = opened_at');
    at('2026-03-02T10:01:00Z');
    await tick();
    expect(await exceptions()).toMatchObject([{ owner_id: 'mo', closed_at: null }]);
  });

  test('an exception that is overdue is told of once', async () => {
    const { at, call, tick, count } = story;
    await call([known('u1', { country: '' }), demo('u1')]);
    const before = await count('alert');
    at('2026-03-02T10:30:00Z');
    await tick();
    expect(await count('alert')).toBe(before + 1);
    at('2026-03-02T12:00:00Z');
    await tick();
    expect(await count('alert')).toBe(before + 1);
  });

  test('a customer goes to the team of the disqualifier and is not an MQL; a rival is closed once and comes back when it no longer is one', async () => {
    const { at, call, see, query } = story;
    await query({}, `insert into team (name, label) values ('success', 'Customer success')`);
    await query({}, `insert into team_member (team, user_id, weight, pass) values ('success', 'bob', 1, 0)`);
    await call([
      known('u1'),
      { type: 'group', userId: 'u1', groupId: 'g1', traits: { customer: true } },
      demo('u1'),
    ]);
    const customer = await see('u1');
    expect(customer).toMatchObject({ stage: 'lead', owner: 'bob', qualifies: null });
    expect(customer.episodes).toMatchObject([{ state: 'open', owner: 'bob', team: 'success' }]);
    await call([known('u2', { email: 'spy@rival.com' }), demo('u2')]);
    expect(await see('u2')).toMatchObject({ stage: 'disqualified', episodes: [{ state: 'disqualified' }] });
    at('2026-03-02T11:00:00Z');
    await call(demo('u2'));
    expect((await see('u2')).episodes).toHaveLength(1);
    at('2026-03-03T11:00:00Z');
    await call(known('u2', { email: 'honest@acme.com' }));
    const honest = await see('u2');
    expect(honest.stage).toBe('mql');
    expect(honest.episodes.map(({ state }) => state)).toEqual(['disqualified', 'open']);
  });

  test('who opts out while waiting for an owner is closed with the reason', async () => {
    const { at, call, see } = story;
    await call([known('u1', { country: '' }), demo('u1')]);
    at('2026-03-02T10:20:00Z');
    await call(known('u1', { email: 'ann@rival.com', country: '' }));
    expect(await see('u1')).toMatchObject({
      stage: 'disqualified',
      episodes: [{ state: 'disqualified', isTaskDone: true }],
    });
    expect(await exceptions()).toMatchObject([{ resolution: 'disqualified meanwhile' }]);
  });

  test('a lead that is disqualified while a rep works it stays theirs, with a flag that goes when the reason does', async () => {
    const { at, call, see, query } = story;
    const flags = async () =>
      (await query({ flag: 'text?' }, 'select flag from episode')).map(({ flag }) => flag);
    await call([known('u1'), demo('u1')]);
    at('2026-03-02T10:20:00Z');
    const group = (customer: boolean) => ({
      type: 'group',
      userId: 'u1',
      groupId: 'g',
      traits: { customer },
    });
    await call(group(true));
    expect(await flags()).toEqual(['Disqualified since the handoff: Existing customer']);
    const [episode] = (await see('u1')).episodes;
    expect(episode).toMatchObject({ state: 'open', owner: 'ann', alertsTo: ['ann', 'ann'] });
    at('2026-03-02T10:30:00Z');
    await call(group(false));
    expect(await flags()).toEqual([null]);
  });

  test('leads of somebody who left go to others at once; one that sales works waits for a manager', async () => {
    const { at, call, see, tick, accept } = story;
    await call([known('u1'), demo('u1')]);
    await call([known('u2'), demo('u2')]);
    await call([known('u3'), demo('u3')]);
    expect([await see('u1'), await see('u2'), await see('u3')].map(({ owner }) => owner)).toEqual([
      'ann',
      'bob',
      'ann',
    ]);
    await accept('u3');
    await setActive('ann', false);
    at('2026-03-02T10:01:00Z');
    await tick();
    expect(await see('u1')).toMatchObject({ owner: 'bob', episodes: [{ owner: 'bob', state: 'open' }] });
    expect(await see('u3')).toMatchObject({ owner: null, episodes: [{ owner: null, state: 'accepted' }] });
    expect(await exceptions()).toMatchObject([
      { reason: 'owner_left', resolution: 'routing found an owner' },
      { reason: 'owner_left', owner_id: 'mia', closed_at: null, retry_at: null },
    ]);
  });

  test('leads of somebody who may no longer work leads go to others, and the words say why', async () => {
    const { at, call, see, tick, accept, query } = story;
    await call([known('u1'), demo('u1')]);
    await call([known('u2'), demo('u2')]);
    await call([known('u3'), demo('u3')]);
    await accept('u3');
    await query({}, `update app_user set role = 'marketing' where id = 'ann'`);
    at('2026-03-02T10:01:00Z');
    await tick();
    expect(await see('u1')).toMatchObject({ owner: 'bob', episodes: [{ owner: 'bob', state: 'open' }] });
    expect(await see('u3')).toMatchObject({
      owner: null,
      episodes: [{ owner: null, waitingFor: 'its owner is no longer active, or may no longer work leads' }],
    });
    const left = await query(
      { because: 'text', particulars: 'jsonb' },
      `select because, particulars from routing_ledger where kind = 'owner_left'`,
    );
    const cause = { kind: 'owner_left', owner: 'ann', cause: 'role' };
    expect(left.map(({ particulars }) => reasonIn(particulars))).toMatchObject([cause, cause]);
    expect(left.map(({ because }) => because)).toEqual([
      'ann may no longer work leads',
      'ann may no longer work leads',
    ]);
    expect(await see('u2')).toMatchObject({ owner: 'bob' });
  });

  test('an exception of somebody who may no longer work leads is somebody else’s', async () => {
    const { at, call, tick, query } = story;
    await call([known('u1', { country: '' }), demo('u1')]);
    await query(
      {},
      `insert into app_user (id, name, email, role) values ('mo', 'Mo', 'mo@acme.example', 'manager')`,
    );
    await query({}, `update app_user set role = 'marketing' where id = 'mia'`);
    await query({}, 'update exception set retry_at = opened_at');
    at('2026-03-02T10:01:00Z');
    await tick();
    expect(await exceptions()).toMatchObject([{ owner_id: 'mo', closed_at: null }]);
  });

  test('a lead that is handed back goes to somebody else, and to nobody when only they are left', async () => {
    const { app, at, call, see } = story;
    await call([known('u1'), demo('u1')]);
    const [episode] = (await see('u1')).episodes;
    expect(episode?.owner).toBe('ann');
    at('2026-03-02T10:05:00Z');
    const now = Date.parse('2026-03-02T10:05:00Z');
    await handLeadBack(app, episode?.id ?? '', { note: 'speaks French' }, { ...BY, now });
    expect((await see('u1')).episodes).toMatchObject([{ owner: 'bob' }]);
    await handLeadBack(app, episode?.id ?? '', { note: null }, { ...BY, now: now + 1000 });
    expect((await see('u1')).episodes).toMatchObject([{ owner: null }]);
    expect((await exceptions()).filter(({ closed_at: at }) => at === null)).toHaveLength(1);
    await expect(handLeadBack(app, episode?.id ?? '', { note: null }, { ...BY, now })).rejects.toThrow(
      'nobody owns',
    );
  });

  test('a rejection that names a team sends the lead there, with an episode of its own', async () => {
    const reasons = [{ id: 'customer', label: 'Already a customer', then: 'route', route: 'success' }];
    story = await begin(db, { agreement: { ...BY_COUNTRY, reasons } });
    const { at, call, see, query, reject } = story;
    at('2026-03-02T10:00:00Z');
    await query({}, `insert into team (name, label) values ('success', 'Customer success')`);
    await query({}, `insert into team_member (team, user_id, weight, pass) values ('success', 'bob', 1, 0)`);
    await call([known('u1'), demo('u1')]);
    at('2026-03-02T10:30:00Z');
    await reject('u1', 'customer');
    const { episodes, owner } = await see('u1');
    expect(owner).toBe('bob');
    expect(episodes).toMatchObject([
      { state: 'recycled', reason: 'customer', owner: 'ann' },
      { state: 'open', owner: 'bob', team: 'success' },
    ]);
  });

  test('a new version hands over the contacts it makes qualify only where that was chosen', async () => {
    const { at, call, see, tick } = story;
    await call(known('u1'));
    expect((await see('u1')).episodes).toEqual([]);
    const lower = { ...BY_COUNTRY, mql: [{ id: 'low', when: { total: { gte: 20 } } }] };
    const lowest = { ...BY_COUNTRY, mql: [{ id: 'lowest', when: { total: { gte: 10 } } }] };
    at('2026-03-02T11:00:00Z');
    const now = Date.parse('2026-03-02T11:00:00Z');
    await activateAgreement(db, JSON.stringify(lower), { actor: 'Meg', now });
    await tick();
    expect(await see('u1')).toMatchObject({ qualifies: 'low', episodes: [] });
    await call(known('u2', { title: 'Clerk', industry: 'Nothing' }));
    await activateAgreement(db, JSON.stringify(lowest), { actor: 'Meg', now, handsOver: true });
    await tick();
    // What the first version was not to hand over stays where it was until something happens.
    expect(await see('u1')).toMatchObject({ qualifies: 'lowest', episodes: [] });
    at('2026-03-02T12:00:00Z');
    await call({ type: 'page', userId: 'u1', properties: { path: '/' } });
    expect((await see('u1')).episodes).toMatchObject([{ path: 'lowest', state: 'open' }]);
  });
});
