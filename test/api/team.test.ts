import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TeamView } from '../../src/contract/api/team.ts';
import type { Role } from '../../src/contract/role.ts';
import type { Database } from '../../src/db/database.ts';
import { addLedger } from '../../src/db/routing/ledger.ts';
import { makeKey } from '../../src/loop/access/key.ts';
import { getEpisodeRouting, getTeamLedger } from '../../src/server/api/ledger.ts';
import { DRIVERS } from '../db/opened.ts';
import { clearPeople, type Started, startNode } from '../http/started.ts';
import { addAgreement, addContact, addEpisode, addUser, clear } from '../world/seed.ts';

const DAY = 86_400_000;
/** A Friday. */
const NOW = Date.parse('2026-03-06T12:00:00Z');
/** How what the manager's key does is signed. */
const BY = 'API key “manager”';

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  let node: Started;
  let keys: Record<Role, string>;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clearPeople(db);
    await clear(db);
    node = await startNode(db, { handlers: { getTeamLedger, getEpisodeRouting } });
    node.move(NOW - node.app.clock());
    const made = await Promise.all(
      (['admin', 'marketing', 'manager', 'rep'] as const).map(async role => {
        const { secret } = await makeKey(
          node.app,
          { name: role, kind: 'api', role },
          { actor: 'a test', now: NOW },
        );
        return [role, secret] as const;
      }),
    );
    keys = { admin: '', marketing: '', manager: '', rep: '', ...Object.fromEntries(made) };
    for (const id of ['bob', 'eve', 'kim'])
      await addUser(db, { id, name: id[0]?.toUpperCase() + id.slice(1) });
  });
  afterEach(() => node.close());

  const call = async (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    payload?: object,
    role: Role = 'manager',
  ) => {
    const answer = await node.server.inject({
      method,
      url,
      headers: { authorization: `Bearer ${keys[role]}` },
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: answer.statusCode, body: answer.json() };
  };
  const save = (members: readonly object[], more: object = {}) =>
    call('PUT', '/api/teams/sales', { label: 'Sales', members, ...more });
  const teams = async (): Promise<{ items: TeamView[]; unknownTeams: string[] }> =>
    (await call('GET', '/api/teams')).body;
  const query = <Row>(text: string, ...params: readonly unknown[]) => db.run<Row>({ name: '', text }, params);
  const paths = ({ body }: { body: { errors: readonly { path: string }[] } }) =>
    body.errors.map(({ path }) => path);

  describe('a team', () => {
    test('is made, changed and listed with its members and who can be given a lead', async () => {
      const made = await save(
        [{ userId: 'eve', weight: 2, capacity: { open: 5, perDay: 0.5 } }, { userId: 'bob' }],
        {
          managerId: 'kim',
          slackChannel: '#sales',
        },
      );
      const there = { state: 'available', reason: null, words: '', until: null };
      const idle = {
        active: true,
        openLeads: 0,
        overdue: 0,
        hasHours: false,
        gotToday: 0,
        got30d: 0,
        attendance: there,
        paused: false,
        timeOff: [],
        changeRefused: null,
      };
      expect(made).toEqual({
        status: 200,
        body: {
          name: 'sales',
          label: 'Sales',
          manager: { id: 'kim', name: 'Kim' },
          slackChannel: '#sales',
          waiting: 0,
          inUse: false,
          members: [
            { userId: 'bob', name: 'Bob', weight: 1, capacity: { open: null, perDay: null }, ...idle },
            { userId: 'eve', name: 'Eve', weight: 2, capacity: { open: 5, perDay: 0.5 }, ...idle },
          ],
          warnings: [],
          changeRefused: null,
        },
      });
      expect((await teams()).items).toEqual([made.body]);
    });

    test('keeps what a change leaves out, and lets go of what it sets to null', async () => {
      await save([{ userId: 'bob', weight: 3, capacity: { open: 4, perDay: 2 } }], { managerId: 'kim' });
      const same = await save([{ userId: 'bob' }]);
      expect(same.body).toMatchObject({
        manager: { id: 'kim' },
        members: [{ weight: 3, capacity: { open: 4, perDay: 2 } }],
      });
      const freed = await save([{ userId: 'bob', capacity: { open: null } }], { managerId: null });
      expect(freed.body).toMatchObject({ manager: null, members: [{ capacity: { open: null, perDay: 2 } }] });
    });

    test('may be empty, and says so', async () => {
      const emptied = await save([]);
      expect(emptied.body).toMatchObject({ members: [], warnings: ['Nobody is in this team.'] });
      await addAgreement(db, {
        body: {
          agreement: 1,
          name: 'core',
          scores: { fit: {} },
          disqualify: [{ id: 'customer', when: { 'company.customer': true }, route: 'success' }],
          routing: [{ id: 'all', to: { team: 'sales' } }, { fallback: 'queue' }],
        },
      });
      const { items, unknownTeams } = await teams();
      expect(unknownTeams).toEqual(['queue', 'success']);
      expect(items).toMatchObject([
        {
          inUse: true,
          warnings: [
            'Nobody is in this team: routing passes it over, and its leads wait in the fallback queue.',
          ],
        },
      ]);
    });

    test('takes a new member in level, and keeps the place of who stays', async () => {
      await save([{ userId: 'bob' }, { userId: 'eve' }]);
      await query('update team set turn = 41');
      await query("update team_member set pass = 41.5 where user_id = 'bob'");
      await save([{ userId: 'bob', weight: 3 }, { userId: 'kim' }]);
      const rows = await query<{ user_id: string; pass: number }>(
        'select user_id, pass from team_member order by 1',
      );
      expect(rows).toEqual([
        { user_id: 'bob', pass: 41.5 },
        { user_id: 'kim', pass: 41 },
      ]);
      const { body } = await call('GET', '/api/teams/sales/ledger', undefined, 'rep');
      expect(body.items.map(({ kind, user, actor }: never) => [kind, user, actor])).toEqual([
        ['joined', { id: 'kim', name: 'Kim' }, BY],
        ['weighed', { id: 'bob', name: 'Bob' }, BY],
        ['left', { id: 'eve', name: 'Eve' }, BY],
        ['joined', { id: 'eve', name: 'Eve' }, BY],
        ['joined', { id: 'bob', name: 'Bob' }, BY],
      ]);
    });

    test.each([
      ['nobody of that id', [{ userId: 'nobody' }], ['members[0].userId']],
      ['somebody named twice', [{ userId: 'bob' }, { userId: 'bob' }], ['members[1].userId']],
      ['a weight of zero', [{ userId: 'bob', weight: 0 }], ['members[0].weight']],
      ['a negative weight', [{ userId: 'bob', weight: -1 }], ['members[0].weight']],
      ['a weight too small to take turns by', [{ userId: 'bob', weight: 1e-300 }], ['members[0].weight']],
      ['a weight too large', [{ userId: 'bob', weight: 101 }], ['members[0].weight']],
      ['room for no lead', [{ userId: 'bob', capacity: { open: 0 } }], ['members[0].capacity.open']],
      [
        'less than no lead a day',
        [{ userId: 'bob', capacity: { perDay: -0.5 } }],
        ['members[0].capacity.perDay'],
      ],
      ['half an open lead', [{ userId: 'bob', capacity: { open: 0.5 } }], ['members[0].capacity.open']],
    ])('with %s is refused by its path, and nothing changes', async (_name, members, expected) => {
      const refused = await save(members);
      expect(refused.status).toBe(422);
      expect(paths(refused)).toEqual(expected);
      expect((await teams()).items).toEqual([]);
    });

    test('is refused with everything that is wrong at once, strangers too', async () => {
      const refused = await save(
        [
          { userId: 'nobody', weight: 0 },
          { userId: 'bob', capacity: { open: 0 } },
          { userId: 'bob' },
          { userId: '' },
        ],
        { managerId: 'no-one', label: ' ' },
      );
      expect(refused.status).toBe(422);
      expect(refused.body.errors).toEqual([
        { path: 'label', message: expect.any(String) },
        { path: 'members[0].weight', message: 'expected a number from 0.01 to 100' },
        { path: 'members[1].capacity.open', message: 'expected a whole number above 0' },
        { path: 'members[3].userId', message: expect.any(String) },
        { path: 'managerId', message: 'expected an active user with the role admin, manager or rep' },
        { path: 'members[0].userId', message: 'expected an active user with the role admin, manager or rep' },
        { path: 'members[2].userId', message: 'this person is named twice' },
      ]);
      expect(refused.body.detail).toContain(
        'managerId: expected an active user with the role admin, manager or rep',
      );
      for (const body of [[], { members: {} }, { members: [null, 1], managerId: 5 }])
        expect((await call('PUT', '/api/teams/sales', body)).status).toBe(422);
    });

    test('with an unknown manager is refused in words about the manager', async () => {
      const refused = await save([{ userId: 'bob' }], { managerId: 'nobody' });
      expect(refused.body.detail).toBe(
        'managerId: expected an active user with the role admin, manager or rep',
      );
    });

    test('keeps a member who was switched off, but takes nobody in who is', async () => {
      await save([{ userId: 'bob' }, { userId: 'eve' }]);
      await query("update app_user set active = false where id in ('eve', 'kim')");
      const kept = await save([{ userId: 'bob' }, { userId: 'eve' }]);
      expect(kept.body.members[1]).toMatchObject({
        active: false,
        attendance: { state: 'absent', reason: 'inactive' },
      });
      expect(paths(await save([{ userId: 'eve', weight: 0 }]))).toEqual(['members[0].weight']);
      expect(paths(await save([{ userId: 'kim' }]))).toEqual(['members[0].userId']);
      expect(paths(await save([], { managerId: 'kim' }))).toEqual(['managerId']);
    });

    test('keeps a member who may no longer work leads, but takes nobody in who may not', async () => {
      await save([{ userId: 'bob' }]);
      await query("update app_user set role = 'marketing' where id in ('bob', 'kim')");
      const kept = await save([{ userId: 'bob' }]);
      expect(kept.body).toMatchObject({
        members: [
          {
            active: true,
            attendance: { state: 'absent', reason: 'role', words: 'not allowed to work leads' },
          },
        ],
        warnings: ['Nobody in this team is an active user who may work leads.'],
      });
      const refused = await save([{ userId: 'kim' }]);
      const message = 'expected an active user with the role admin, manager or rep';
      expect([refused.status, refused.body.errors]).toEqual([422, [{ path: 'members[0].userId', message }]]);
      expect(paths(await save([], { managerId: 'kim' }))).toEqual(['managerId']);
    });

    test('is for managers and admins to change', async () => {
      expect((await call('PUT', '/api/teams/sales', { label: 'S', members: [] }, 'rep')).status).toBe(403);
      expect((await call('DELETE', '/api/teams/sales', undefined, 'marketing')).status).toBe(403);
      expect((await call('POST', '/api/teams/what-if', { last: 1 }, 'rep')).status).toBe(403);
    });

    test('goes unless it is named or leads wait there, and its ledger stays', async () => {
      await save([{ userId: 'bob' }]);
      const body = { agreement: 1, name: 'a', scores: { fit: {} }, routing: [{ fallback: 'sales' }] };
      await addAgreement(db, { id: 'named', body });
      expect((await call('DELETE', '/api/teams/sales')).status).toBe(409);
      await query('update agreement set active_version = null');
      const contactId = await addContact(db);
      const episode = await addEpisode(db, {
        contactId,
        handedOffAt: NOW,
        agreementId: 'named',
        team: 'sales',
        waitingFor: 'x',
        ownerId: null,
      });
      expect((await call('DELETE', '/api/teams/sales')).status).toBe(409);
      await query("update episode set owner_id = 'bob' where id = $1", episode);
      expect(await call('DELETE', '/api/teams/sales')).toEqual({ status: 200, body: { ok: true } });
      expect((await call('DELETE', '/api/teams/sales')).status).toBe(404);
      const { body: ledger } = await call('GET', '/api/teams/sales/ledger');
      expect(ledger.items).toMatchObject([
        { kind: 'left', why: { kind: 'left' } },
        { kind: 'joined', why: { kind: 'joined' } },
      ]);
      expect(ledger.items).toHaveLength(2);
    });

    test('writes what was changed, and who did it, into the journal', async () => {
      await save([{ userId: 'bob' }]);
      const rows = await query<{ actor: string; particulars: unknown }>(
        "select actor, particulars from journal where kind = 'team_changed'",
      );
      expect(rows).toMatchObject([
        { actor: BY, particulars: { team: 'sales', members: [{ userId: 'bob' }] } },
      ]);
    });
  });

  describe('when people work', () => {
    const OFFICE = { 'mon-fri': ['09:00-12:30', '13:30-17:30'] };
    const put = (body: object, id = 'bob', role: Role = 'manager') =>
      call(
        'PUT',
        `/api/users/${id}/availability`,
        { timezone: 'Europe/London', hours: OFFICE, ...body },
        role,
      );

    test('nothing said means always at work', async () => {
      expect((await call('GET', '/api/users/bob/availability', undefined, 'rep')).body).toEqual({
        userId: 'bob',
        name: 'Bob',
        timezone: 'UTC',
        hours: null,
        holidays: [],
        open: [],
        paused: false,
        pausedAt: null,
        pausedNote: null,
        timeOff: [],
        attendance: { state: 'available', reason: null, words: '', until: null },
        changeRefused: 'Only Bob or an admin can change this.',
      });
    });

    test('hours, holidays and a pause are kept and count at once', async () => {
      const set = await put({ holidays: ['2026-03-06'] });
      expect(set).toMatchObject({
        status: 200,
        body: {
          hours: OFFICE,
          attendance: {
            state: 'later',
            reason: 'outside_hours',
            words: 'starts Mon 9 Mar, 09:00 Europe/London',
            until: '2026-03-09T09:00:00.000Z',
          },
        },
      });
      const paused = await put({ paused: true, pausedNote: 'Quarter end' });
      expect(paused.body).toMatchObject({
        holidays: [],
        paused: true,
        pausedAt: '2026-03-06T12:00:00.000Z',
        pausedNote: 'Quarter end',
        attendance: { state: 'absent', reason: 'paused' },
      });
      node.move(DAY);
      expect((await put({ paused: true })).body.pausedAt).toBe('2026-03-06T12:00:00.000Z');
      expect((await put({ pausedNote: 'no more' })).body).toMatchObject({
        paused: false,
        pausedAt: null,
        pausedNote: null,
      });
    });

    test('hours of single dates replace those of the weekday, holiday or not', async () => {
      const holidays = ['2026-03-06'];
      const today = [{ date: '2026-03-06', hours: ['10:00-14:00'] }];
      expect((await put({ holidays, open: today })).body).toMatchObject({
        holidays,
        open: today,
        attendance: { state: 'available' },
      });
      const saturday = [{ date: '2026-03-07', hours: ['10:00-11:00', '22:00-02:00'] }];
      expect((await put({ holidays, open: saturday })).body).toMatchObject({
        open: saturday,
        attendance: { state: 'later', words: 'starts Sat 7 Mar, 10:00 Europe/London' },
      });
      expect((await put({ hours: null, open: saturday })).body).toMatchObject({
        attendance: { state: 'available' },
      });
      expect((await call('GET', '/api/users/bob/availability', undefined)).body.open).toEqual(saturday);
      expect((await put({ holidays })).body).toMatchObject({ open: [], attendance: { state: 'later' } });
    });

    test.each([
      ['an unknown zone', { timezone: 'Mars/Base' }, ['timezone']],
      ['no hours at all', { hours: {} }, ['hours']],
      ['a day without hours only', { hours: { mon: [] } }, ['hours']],
      ['hours that end when they start', { hours: { mon: ['09:00-09:00'] } }, ['hours.mon[0]']],
      ['no weekday', { hours: { someday: ['09:00-17:00'] } }, ['hours.someday']],
      ['no date', { holidays: ['2026-02-30'] }, ['holidays[0]']],
      ['no date to open', { open: [{ date: '2026-02-30', hours: ['10:00-14:00'] }] }, ['open[0].date']],
      ['a date that is opened for no time', { open: [{ date: '2026-03-07', hours: [] }] }, ['open[0].hours']],
      [
        'a date that is opened twice',
        { open: ['10:00-14:00', '15:00-16:00'].map(span => ({ date: '2026-03-07', hours: [span] })) },
        ['open[1].date'],
      ],
    ])('%s is refused by its path', async (_name, body, expected) => {
      const refused = await put(body);
      expect(refused.status).toBe(422);
      expect(paths(refused)).toEqual(expected);
    });

    test('time off is added, shown and taken back', async () => {
      await save([{ userId: 'bob' }]);
      const off = { from: '2026-03-06T00:00:00Z', to: '2026-03-09T00:00:00Z', note: 'Skiing' };
      const added = await call('POST', '/api/users/bob/time-off', off);
      const shown = {
        ...off,
        id: added.body.id,
        userId: 'bob',
        from: '2026-03-06T00:00:00.000Z',
        to: '2026-03-09T00:00:00.000Z',
        createdBy: BY,
      };
      expect(added).toEqual({ status: 200, body: shown });
      const [sales] = (await teams()).items;
      expect(sales).toMatchObject({
        warnings: ['Nobody in this team can be given a lead now.'],
        members: [
          {
            timeOff: [shown],
            attendance: {
              state: 'absent',
              reason: 'time_off',
              words: 'on time off, back Mon 9 Mar, 00:00 UTC',
              until: '2026-03-09T00:00:00.000Z',
            },
          },
        ],
      });
      expect((await call('DELETE', `/api/time-off/${added.body.id}`)).status).toBe(200);
      expect((await call('DELETE', `/api/time-off/${added.body.id}`)).status).toBe(404);
      expect((await call('DELETE', '/api/time-off/none')).status).toBe(404);
      expect((await call('GET', '/api/users/bob/availability')).body.timeOff).toEqual([]);
      const rows = await query<{ n: number }>(
        "select count(*) as n from journal where kind = 'availability_changed'",
      );
      expect(rows[0]?.n).toBe(2);
    });

    test.each([
      ['ends before it starts', { from: '2026-03-09T00:00:00Z', to: '2026-03-08T00:00:00Z' }],
      ['lasts no time', { from: '2026-03-09T00:00:00Z', to: '2026-03-09T00:00:00Z' }],
      ['is over', { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' }],
      ['ends at something other than a time', { from: '2026-03-07T00:00:00Z', to: 'Tuesday' }],
      ['never ends', { from: '2026-03-07T00:00:00Z', to: '2036-03-07T00:00:00Z' }],
    ])('time off that %s is refused', async (_name, body) => {
      const refused = await call('POST', '/api/users/bob/time-off', body);
      expect([refused.status, ...paths(refused)]).toEqual([422, 'to']);
    });

    test('time off with two times that are not valid is refused for both', async () => {
      const body = { from: 'garbage', to: 'rubbish', note: 'x'.repeat(201) };
      const refused = await call('POST', '/api/users/bob/time-off', body);
      expect([refused.status, paths(refused)]).toEqual([422, ['from', 'to', 'note']]);
      expect(refused.body.detail).toContain('to: expected an RFC 3339 date-time');
    });

    test('is for oneself and for managers to say', async () => {
      expect((await put({}, 'bob', 'rep')).status).toBe(403);
      expect((await put({}, 'bob', 'marketing')).status).toBe(403);
      expect((await put({}, 'nobody')).status).toBe(404);
      const later = { from: '2026-03-09T00:00:00Z', to: '2026-03-10T00:00:00Z' };
      expect((await call('POST', '/api/users/bob/time-off', later, 'rep')).status).toBe(403);
      expect((await call('POST', '/api/users/nobody/time-off', later)).status).toBe(404);
      expect((await call('GET', '/api/users/nobody/availability')).status).toBe(404);
    });
  });

  describe('what routing did', () => {
    const given = (userId: string, at: number, more: object = {}) => ({
      at,
      kind: 'assigned',
      team: 'sales',
      userId,
      episodeId: null,
      contactId: null,
      agreementId: 'core',
      entry: 'all',
      because: 'All: is next in team sales',
      particulars: {
        entryLabel: 'All',
        by: 'weighted',
        available: ['bob', 'eve'],
        passedOver: [],
        skipped: [],
        waiting: null,
      },
      actor: 'routing',
      ...more,
    });

    test('is counted by member, today and in a month, and listed page by page', async () => {
      await save([{ userId: 'bob' }, { userId: 'eve' }]);
      await addLedger(db, [
        given('bob', NOW - 40 * DAY),
        given('bob', NOW - 2 * DAY),
        given('bob', NOW - 3_600_000),
        given('eve', NOW - 1),
      ]);
      expect((await teams()).items[0]?.members).toMatchObject([
        { userId: 'bob', gotToday: 1, got30d: 2 },
        { userId: 'eve', gotToday: 1, got30d: 1 },
      ]);
      const seen: { readonly id: string; readonly at: string }[] = [];
      let cursor = '';
      for (let page = 0; page < 10; page++) {
        const { body } = await call('GET', `/api/teams/sales/ledger?limit=2${cursor}`);
        seen.push(...body.items);
        if (body.nextCursor === null) break;
        cursor = `&cursor=${body.nextCursor}`;
      }
      expect(new Set(seen.map(({ id }) => id)).size).toBe(6);
      expect(seen.map(({ at }) => at)).toEqual(
        seen
          .map(({ at }) => at)
          .sort()
          .reverse(),
      );
      expect((await call('GET', '/api/teams/sales/ledger?cursor=nonsense')).status).toBe(400);
    });

    test('is told of an episode with who was eligible and who was passed over', async () => {
      await addAgreement(db);
      const contactId = await addContact(db, { name: 'Ann Lee' });
      const episodeId = await addEpisode(db, { contactId, handedOffAt: NOW });
      const passedOver = [
        { userId: 'kim', name: 'Kim', reason: 'time_off', words: 'on time off', until: NOW + DAY },
      ];
      await addLedger(db, [
        given('bob', NOW, {
          episodeId,
          contactId,
          particulars: { entryLabel: 'All', available: ['bob', 'gone'], passedOver },
        }),
        given('eve', NOW, {
          episodeId,
          contactId,
          kind: 'reassigned',
          entry: null,
          because: 'Mia gave it to Eve',
          particulars: {},
        }),
      ]);
      const { body } = await call('GET', `/api/episodes/${episodeId}/routing`, undefined, 'rep');
      expect(body.items).toMatchObject([
        {
          kind: 'assigned',
          user: { id: 'bob', name: 'Bob' },
          contact: { id: contactId, name: 'Ann Lee' },
          entry: { id: 'all', label: 'All' },
          because: 'All: is next in team sales',
          why: null,
          eligible: [
            { id: 'bob', name: 'Bob' },
            { id: 'gone', name: 'Somebody who left' },
          ],
          passedOver: [{ name: 'Kim', until: '2026-03-07T12:00:00.000Z' }],
        },
        { kind: 'reassigned', user: { id: 'eve' }, entry: null, why: null, eligible: [], passedOver: [] },
      ]);
      expect((await call('GET', `/api/episodes/${randomUUID()}/routing`)).status).toBe(404);
    });

    test('is given out again as if things were otherwise, and nothing is written', async () => {
      await save([{ userId: 'bob' }, { userId: 'eve' }]);
      await addLedger(
        db,
        Array.from({ length: 8 }, (_, index) => given('bob', NOW - 7 * DAY + index * 6 * 3_600_000)),
      );
      const before = await query('select * from team_member order by user_id');
      const { status, body } = await call('POST', '/api/teams/what-if', {
        last: 8,
        off: [{ userId: 'bob', from: '2026-03-06T00:00:00Z', to: '2026-03-07T12:00:00Z' }],
      });
      expect([status, body]).toEqual([
        200,
        {
          kind: 'last',
          leads: 8,
          from: '2026-03-06T12:00:00.000Z',
          to: '2026-03-08T06:00:00.000Z',
          now: {
            waiting: 0,
            members: [
              { id: 'bob', name: 'Bob', leads: 4 },
              { id: 'eve', name: 'Eve', leads: 4 },
            ],
          },
          then: {
            waiting: 0,
            members: [
              { id: 'bob', name: 'Bob', leads: 2 },
              { id: 'eve', name: 'Eve', leads: 6 },
            ],
          },
        },
      ]);
      expect(await query('select * from team_member order by user_id')).toEqual(before);
    });

    test('is foretold for a contact', async () => {
      await save([{ userId: 'bob' }, { userId: 'eve' }]);
      await addAgreement(db, {
        id: `foretold-${driver.name}`,
        body: {
          agreement: 1,
          name: 'core',
          scores: { fit: {} },
          routing: [{ id: 'all', label: 'All', to: { team: 'sales' } }],
        },
      });
      const contactId = await addContact(db, { createdAt: NOW - DAY });
      const { status, body } = await call('POST', '/api/teams/what-if', { contactId, paused: ['bob'] });
      expect([status, body]).toMatchObject([
        200,
        {
          kind: 'contact',
          at: '2026-03-06T12:00:00.000Z',
          now: { owner: { id: 'bob' }, because: 'All: Bob is next in team sales', passedOver: [] },
          then: {
            owner: { id: 'eve', name: 'Eve' },
            team: 'sales',
            entry: { id: 'all', label: 'All' },
            why: { kind: 'given', tried: [], grant: { kind: 'turn', name: 'Eve', team: 'sales' } },
            eligible: [{ id: 'eve', name: 'Eve' }],
            passedOver: [{ userId: 'bob', reason: 'paused', words: 'paused' }],
            waiting: null,
          },
        },
      ]);
      const all = await call('POST', '/api/teams/what-if', { contactId, paused: ['bob', 'eve'] });
      expect(all.body.then).toMatchObject({
        owner: null,
        waiting: { reason: 'team_absent', label: 'nobody in the team is available' },
        why: {
          kind: 'waiting',
          reason: 'team_absent',
          tried: [
            { entry: { id: 'all' }, lack: { who: [{ name: 'Bob', reason: 'paused' }, { name: 'Eve' }] } },
          ],
        },
        retryAt: '2026-03-06T12:15:00.000Z',
      });
      expect((await call('POST', '/api/teams/what-if', { contactId: randomUUID() })).status).toBe(404);
    });

    test.each([
      ['neither a contact nor a number', {}, ['contactId']],
      ['both', { last: 3, contactId: 'x' }, ['contactId']],
      [
        'somebody who is not there',
        { last: 1, paused: ['nobody'], off: [{ userId: 'no', from: '2026-03-06', to: '2026-03-07' }] },
        ['off[0].userId', 'paused[0]'],
      ],
      [
        'time that runs backwards',
        { last: 1, off: [{ userId: 'bob', from: '2026-03-08', to: '2026-03-07' }] },
        ['off[0].to'],
      ],
      [
        'a weight of zero',
        { last: 1, weights: [{ team: 'sales', userId: 'bob', weight: 0 }] },
        ['weights[0].weight', 'weights[0].team'],
      ],
      [
        'everything at once',
        {
          off: [
            { userId: 'no', from: 'garbage', to: 'rubbish' },
            { userId: 'bob', from: '2026-03-08', to: '2026-03-07', until: 'then' },
          ],
          paused: ['nobody'],
          weights: [{ team: 'sales', userId: 'no', weight: 0 }],
          at: 'soon',
        },
        [
          'off[0].from',
          'off[0].to',
          'off[1].until',
          'off[1].to',
          'weights[0].weight',
          'at',
          'contactId',
          'off[0].userId',
          'paused[0]',
          'weights[0].team',
          'weights[0].userId',
        ],
      ],
    ])('what if is refused for %s', async (_name, body, expected) => {
      const refused = await call('POST', '/api/teams/what-if', body);
      expect([refused.status, paths(refused)]).toEqual([422, expected]);
    });

    test('what if tells a team that is not there from a person who is not in it', async () => {
      const weights = [
        { team: 'zzz', userId: 'bob', weight: 1 },
        { team: 'sales', userId: 'kim', weight: 1 },
        { team: 'sales', userId: 'bob', weight: 1 },
      ];
      const ask = async (given: object) =>
        (await call('POST', '/api/teams/what-if', { last: 1, ...given })).body.errors;
      const [first] = weights;
      expect(await ask({ weights: [first] })).toEqual([
        { path: 'weights[0].team', message: 'unknown team "zzz"; there is none' },
      ]);
      await save([{ userId: 'bob' }]);
      await call('PUT', '/api/teams/dach', { label: 'DACH', members: [] });
      expect(await ask({ weights })).toEqual([
        { path: 'weights[0].team', message: 'unknown team "zzz"; expected one of dach, sales' },
        { path: 'weights[1].userId', message: 'this person is not in team sales' },
      ]);
      expect(await ask({ capacities: [{ team: 'sales', userId: 'no', open: 1 }] })).toEqual([
        { path: 'capacities[0].userId', message: 'nobody here has this id' },
      ]);
    });
  });
});
