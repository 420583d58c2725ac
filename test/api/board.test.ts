import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { boards } from '../../src/contract/api/board.ts';
import type { Database } from '../../src/db/database.ts';
import { getBoard, listColdLeads, listDecidedLeads, listQueue } from '../../src/server/api/queue.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld, person, type World } from '../world/app.ts';
import {
  addActivity,
  addAgreement,
  addContact,
  addEpisode,
  addUser,
  clear,
  DAY,
  HOUR,
} from '../world/seed.ts';

/** A Wednesday morning in London. */
const NOW = Date.UTC(2026, 2, 11, 10);
const OWNERS = ['ann', 'bob', 'cat', null] as const;
const TEAMS = ['sales', 'field', null] as const;

/** A lead as the test made it, to be counted anew without any SQL. */
interface Made {
  readonly owner: string | null;
  readonly team: string | null;
  readonly due: number | null;
  readonly isForSales: boolean;
  readonly decision: 'accepted' | 'rejected' | null;
  readonly decidedAt: number | null;
  readonly loggedAt: number | null;
}

describe.each(DRIVERS)('the board on $name', ({ open }) => {
  let db: Database;
  let world: World;
  let made: Made[];
  beforeAll(async () => {
    db = await open();
    await clear(db);
    await addAgreement(db);
    for (const name of ['Ann', 'Bob', 'Cat', 'Dee']) await addUser(db, { name });
    await addUser(db, { name: 'Mia', role: 'manager' });
    world = makeWorld(db, { now: NOW });
    for (const team of ['sales', 'field'])
      await run(
        `insert into team (name, label, manager_id) values ($1, $1, $2)`,
        team,
        team === 'sales' ? 'mia' : null,
      );
    for (const [team, user, bound] of [
      ['sales', 'ann', 2],
      ['field', 'ann', 4],
      ['sales', 'bob', 5],
      ['field', 'dee', null],
    ])
      await run(
        `insert into team_member (team, user_id, weight, pass, capacity_open) values ($1, $2, 1, 0, $3)`,
        team,
        user,
        bound,
      );
    made = [];
    // Every combination of owner, team, part and state, with times on both sides of each bound.
    const dues = [null, NOW - 1, NOW, NOW + HOUR - 1, NOW + HOUR];
    const decisions: readonly (readonly ['accepted' | 'rejected', number])[] = [
      ['accepted', Date.UTC(2026, 2, 9)],
      ['accepted', Date.UTC(2026, 2, 9) - 1],
      ['rejected', NOW - DAY],
      ['rejected', NOW - 5 * DAY],
    ];
    for (const owner of OWNERS)
      for (const team of TEAMS)
        for (const isForSales of [true, false]) {
          for (const due of dues) await lead({ owner, team, due, isForSales });
          for (const [decision, decidedAt] of decisions)
            await lead({ owner, team, isForSales, decision, decidedAt });
          for (const loggedAt of [null, NOW - 7 * DAY - 1, NOW - 7 * DAY])
            await lead({
              owner,
              team,
              isForSales,
              decision: 'accepted',
              decidedAt: NOW - 30 * DAY,
              loggedAt,
            });
        }
  }, 60_000);
  afterAll(() => db.close());

  const run = (text: string, ...values: readonly unknown[]) => db.run({ name: '', text }, values);
  const lead = async (given: Partial<Made> & Pick<Made, 'owner' | 'team'>) => {
    const one = { due: null, isForSales: true, decision: null, decidedAt: null, loggedAt: null, ...given };
    const contactId = await addContact(db, { name: `Lead ${made.length}` });
    const id = await addEpisode(db, {
      contactId,
      handedOffAt: NOW - 40 * DAY,
      ownerId: one.owner,
      team: one.team,
      firstTouchDueAt: one.due,
      decision: one.decision,
      decidedAt: one.decidedAt,
    });
    if (!one.isForSales) await run(`update episode set disqualifier = 'customer' where id = $1`, id);
    if (one.loggedAt !== null) await addActivity(db, { episodeId: id, contactId, at: one.loggedAt });
    made.push(one);
    return id;
  };
  const board = async (
    query: Partial<Parameters<typeof getBoard>[1]['query']> = {},
    who = person('mia', 'manager'),
  ) =>
    boards.getBoard.output.parse(
      await getBoard(world.as(who), {
        params: undefined,
        query: { days: 7, zone: 'Europe/London', ...query },
        body: undefined,
      }),
    );
  /** The slow count: each figure anew over all leads. */
  const count = (mine: (one: Made) => boolean) => {
    const n = (test: (one: Made) => boolean) => made.filter(one => mine(one) && test(one)).length;
    const isOpen = (one: Made) => one.isForSales && one.decision === null;
    const since = (one: Made) =>
      one.isForSales && one.decidedAt !== null && one.decidedAt >= Date.UTC(2026, 2, 9);
    return {
      open: n(isOpen),
      soon: n(one => isOpen(one) && one.due !== null && one.due >= NOW && one.due < NOW + HOUR),
      late: n(one => isOpen(one) && one.due !== null && one.due < NOW),
      accepted: n(one => since(one) && one.decision === 'accepted'),
      rejected: n(one => since(one) && one.decision === 'rejected'),
      cold: n(
        one =>
          one.isForSales &&
          one.decision === 'accepted' &&
          Math.max(one.decidedAt ?? 0, one.loggedAt ?? 0) < NOW - 7 * DAY,
      ),
      load: n(one => one.decision === null),
    };
  };

  test('counts per member, team and in all what a slow count finds', async () => {
    const { members, teams, total, week } = await board();
    expect(members.map(({ userId }) => userId)).toEqual(['ann', 'bob', 'cat', 'dee']);
    for (const member of members) expect(member).toMatchObject(count(({ owner }) => owner === member.userId));
    for (const team of teams) expect(team).toMatchObject(count(one => one.team === team.name));
    expect(total).toMatchObject(count(() => true));
    expect(total.late).toBeGreaterThan(0);
    expect(week).toEqual({ from: '2026-03-09T00:00:00.000Z', zone: 'Europe/London' });
  });

  test('says how much somebody takes over all teams, and of a team only where all its members have a bound', async () => {
    const { members, teams } = await board();
    expect(members.map(({ name, capacity, teams: places }) => [name, capacity, places])).toEqual([
      ['Ann', 4, ['field', 'sales']],
      ['Bob', 5, ['sales']],
      ['Cat', null, []],
      ['Dee', null, ['field']],
    ]);
    expect(teams.map(({ name, capacity, isOwn }) => [name, capacity, isOwn])).toEqual([
      ['field', null, false],
      ['sales', 9, true],
    ]);
  });

  test.each([
    ['open', {}],
    ['soon', { due: 'hour' }],
    ['late', { overdue: 'yes' }],
  ] as const)('each figure of %s is how many leads its link opens', async (figure, narrowed) => {
    const listed = async (of: { readonly owner?: string; readonly team?: string }) =>
      (
        await listQueue(world.as(person('mia', 'manager')), {
          params: undefined,
          query: { limit: 200, part: 'sales', sort: 'due', ...narrowed, ...of },
          body: undefined,
        })
      ).items.length;
    const { members, teams, total } = await board();
    for (const member of members) expect(member[figure]).toBe(await listed({ owner: member.userId }));
    for (const team of teams) expect(team[figure]).toBe(await listed({ team: team.name }));
    expect(total[figure]).toBe(await listed({}));
    expect(total.waiting).toBe(
      await listed({ owner: 'none' }).then(n => (figure === 'open' ? n : total.waiting)),
    );
  });

  test('names the leads behind what was decided this week, of everybody, of one person, of nobody, and of a team', async () => {
    const decided = async (query: Partial<Parameters<typeof listDecidedLeads>[1]['query']>) => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const { items, nextCursor } = await listDecidedLeads(world.as(person('ann')), {
          params: undefined,
          query: {
            limit: 2,
            from: '2026-03-09T00:00:00Z',
            decision: 'accepted',
            ...query,
            ...(cursor === undefined ? {} : { cursor }),
          },
          body: undefined,
        });
        seen.push(...items.map(({ id }) => id));
        cursor = nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(new Set(seen).size).toBe(seen.length);
      return seen.length;
    };
    const { members, teams, total } = await board();
    expect(total.accepted).toBeGreaterThan(2);
    for (const decision of ['accepted', 'rejected'] as const) {
      expect(await decided({ decision })).toBe(total[decision]);
      expect(await decided({ decision, owner: 'me' })).toBe(members[0]?.[decision]);
      expect(await decided({ decision, owner: 'none' })).toBe(count(({ owner }) => owner === null)[decision]);
      expect(await decided({ decision, team: 'sales' })).toBe(teams[1]?.[decision]);
    }
  });

  describe('leads that go cold', () => {
    const cold = (query: Partial<Parameters<typeof listColdLeads>[1]['query']> = {}, who = person('ann')) =>
      listColdLeads(world.as(who), {
        params: undefined,
        query: { limit: 50, days: 7, ...query },
        body: undefined,
      });

    test('are as many as the board says, of everybody, of one person, of nobody, and of a team', async () => {
      const { members, teams, total } = await board();
      expect((await cold()).count).toBe(total.cold);
      expect((await cold({ owner: 'me' })).count).toBe(members[0]?.cold);
      expect((await cold({ owner: 'none' })).count).toBe(count(({ owner }) => owner === null).cold);
      expect((await cold({ team: 'sales' })).count).toBe(teams[1]?.cold);
      expect((await cold({ days: 365 })).count).toBe(0);
    });

    test('come page by page, the longest first, each once', async () => {
      const seen: { readonly id: string; readonly lastAt: string }[] = [];
      let cursor: string | undefined;
      do {
        const page = await cold({ limit: 7, ...(cursor === undefined ? {} : { cursor }) });
        seen.push(...page.items);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(new Set(seen.map(({ id }) => id)).size).toBe((await cold()).count);
      expect(seen.map(({ lastAt }) => lastAt)).toEqual(seen.map(({ lastAt }) => lastAt).sort());
      expect(new Set(seen.map(({ lastAt }) => lastAt)).size).toBe(2);
    });

    test('say what was last logged, and for how much they are', async () => {
      const id = await lead({
        owner: 'dee',
        team: null,
        decision: 'accepted',
        decidedAt: NOW - 30 * DAY,
        loggedAt: NOW - 9 * DAY,
      });
      await run(`update episode set amount = 12000, currency = 'EUR' where id = $1`, id);
      const { items } = await cold({ owner: 'dee' });
      expect(items).toMatchObject([
        {
          id,
          lastAt: '2026-03-02T10:00:00.000Z',
          lastKind: 'call',
          amount: 12000,
          currency: 'EUR',
          state: 'accepted',
        },
      ]);
      await run(`delete from activity where episode_id = $1`, id);
      expect((await cold({ owner: 'dee' })).items).toMatchObject([
        { lastKind: null, lastAt: '2026-02-09T10:00:00.000Z' },
      ]);
      await run(`delete from episode where id = $1`, id);
      made.pop();
    });
  });
});
