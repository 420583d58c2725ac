import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { updateUser } from '../../src/server/access/user.ts';
import { getEpisode } from '../../src/server/api/episode.ts';
import { takeException } from '../../src/server/api/exception.ts';
import { handBackEpisode, reassignEpisode, takeEpisode } from '../../src/server/api/ownership.ts';
import type { Caller, Request } from '../../src/server/handler/handler.ts';
import { DRIVERS } from '../db/opened.ts';
import { AGREEMENT } from '../loop/agreement.ts';
import { begin, type Story } from '../loop/story.ts';
import { addUser } from '../world/seed.ts';

const NOW = Date.parse('2026-03-02T10:00:00Z');
const TO_SALES = {
  ...AGREEMENT,
  routing: [{ id: 'all', to: { team: 'sales', by: 'round_robin' } }, { fallback: 'queue' }],
};
const ANN: Caller = { id: 'ann', name: 'ann', role: 'rep' };
const BOB: Caller = { id: 'bob', name: 'bob', role: 'rep' };
const MIA: Caller = { id: 'mia', name: 'mia', role: 'manager' };
const ADA: Caller = { id: 'ada', name: 'ada', role: 'admin' };
const KEY: Caller = { id: null, name: 'a key', role: 'rep' };
const EXPECTED = 'expected an active user with the role admin, manager or rep';

const ask = (id: string) => [
  { type: 'identify', userId: id, traits: { email: `${id}@${id}.com`, title: 'VP', name: id } },
  { type: 'track', userId: id, event: 'Demo Requested' },
];

describe.each(DRIVERS)('owners on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin({ ...db }, { agreement: TO_SALES });
    story.at('2026-03-02T10:00:00Z');
    await addUser(db, { id: 'mark', name: 'mark', role: 'marketing' });
    await addUser(db, { id: 'ada', name: 'ada', role: 'admin' });
  });

  const as = (caller: Caller, now = NOW): Request => ({
    app: story.app,
    now,
    caller,
    headers: new Headers(),
    address: '127.0.0.1',
    setHeader: () => {},
  });
  const on = (id: string) => ({ params: { id }, query: undefined });
  /** A lead of ann, whose turn is the first. */
  const leadOfAnn = async () => {
    await story.call(ask('u1'));
    const [episode] = (await story.see('u1')).episodes;
    expect(episode?.owner).toBe('ann');
    return episode?.id ?? '';
  };
  const owner = async (who = 'u1') => (await story.see(who)).episodes.at(-1)?.owner;
  const told = async () => [await story.count('routing_ledger'), await story.count('alert')];
  const setRole = (id: string, role: string) =>
    story.query({}, 'update app_user set role = $2 where id = $1', id, role);

  describe('somebody who may not work leads', () => {
    test('is given none by a colleague', async () => {
      const id = await leadOfAnn();
      await expect(reassignEpisode(as(MIA), { ...on(id), body: { ownerId: 'mark' } })).rejects.toMatchObject({
        code: 'invalid',
        message: `ownerId: ${EXPECTED}`,
        problems: [{ path: 'ownerId', message: EXPECTED }],
      });
      expect(await owner()).toBe('ann');
    });

    test('deals with no exception', async () => {
      await setRole('ann', 'marketing');
      await setRole('bob', 'marketing');
      await story.call(ask('u1'));
      const [row] = await story.query({ id: 'uuid' }, 'select id from exception');
      const taken = takeException(as(MIA), { ...on(row?.id ?? ''), body: { ownerId: 'mark' } });
      await expect(taken).rejects.toMatchObject({
        code: 'invalid',
        problems: [{ path: 'ownerId', message: EXPECTED }],
      });
    });

    test('is waited for, and given what waits once they may', async () => {
      await setRole('ann', 'marketing');
      await setRole('bob', 'marketing');
      await story.call(ask('u1'));
      expect((await story.see('u1')).episodes).toMatchObject([
        { owner: null, waitingFor: 'the team has no active member who may work leads' },
      ]);
      story.at('2026-03-02T10:01:00Z');
      await story.tick();
      expect(await owner()).toBeNull();
      await updateUser(as(ADA, NOW + 60_000), { ...on('bob'), body: { role: 'rep' } });
      await story.tick();
      expect(await owner()).toBe('bob');
    });
  });

  describe('a lead', () => {
    test('is handed back by its owner, a manager, an admin or a key, and by no other rep', async () => {
      const id = await leadOfAnn();
      const back = (caller: Caller) => handBackEpisode(as(caller), { ...on(id), body: {} });
      const before = await told();
      await expect(back(BOB)).rejects.toMatchObject({
        code: 'forbidden',
        message: 'Only its owner, a manager or an admin may hand the lead back.',
      });
      expect(await owner()).toBe('ann');
      expect(await told()).toEqual(before);
      for (const caller of [ANN, MIA, ADA, KEY]) {
        await story.query({}, "delete from routing_ledger where kind = 'handed_back'");
        await story.query({}, "update episode set owner_id = 'ann', waiting_for = null");
        expect(await back(caller), caller.name).toMatchObject({ owner: { id: 'bob' } });
      }
    });

    test('is not given to the person who has it already', async () => {
      const id = await leadOfAnn();
      const before = await told();
      const given = reassignEpisode(as(MIA), { ...on(id), body: { ownerId: 'ann' } });
      await expect(given).rejects.toMatchObject({ code: 'conflict', message: 'ann has the lead already' });
      const taken = takeEpisode(as(ANN), { ...on(id), body: {} });
      await expect(taken).rejects.toMatchObject({ code: 'conflict', message: 'ann has the lead already' });
      expect(await told()).toEqual(before);
      expect(await takeEpisode(as(BOB), { ...on(id), body: {} })).toMatchObject({ owner: { id: 'bob' } });
    });

    test('says as data how it came to its owner; what was recorded before says it in words alone', async () => {
      const id = await leadOfAnn();
      const routed = async () => {
        const { routedWhy, routedBecause } = await getEpisode(as(MIA), { ...on(id), body: undefined });
        return [routedWhy, routedBecause];
      };
      const [why, because] = await routed();
      expect(why).toMatchObject({ kind: 'given', grant: { kind: 'turn', name: 'ann' } });
      await reassignEpisode(as(MIA), { ...on(id), body: { ownerId: 'bob', note: 'he knows them' } });
      expect(await routed()).toEqual([
        { kind: 'reassigned', by: MIA.name, to: 'bob', note: 'he knows them' },
        because,
      ]);
      await story.query({}, "update routing_ledger set particulars = particulars - 'why'");
      expect(await routed()).toEqual([null, because]);
    });
  });
});
