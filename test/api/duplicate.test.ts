import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { rightOf } from '../../src/contract/access.ts';
import { type DuplicateDetail, duplicateDetail, duplicates } from '../../src/contract/api/duplicate.ts';
import type { Database } from '../../src/db/database.ts';
import { sweepDuplicates } from '../../src/loop/duplicate/sweep.ts';
import {
  getDuplicate,
  keepDuplicateApart,
  listDuplicates,
  mergeDuplicate,
  proposeDuplicate,
  reopenDuplicate,
  undoMerge,
} from '../../src/server/api/duplicate.ts';
import { mustMay } from '../../src/server/handler/actor.ts';
import type { Request } from '../../src/server/handler/handler.ts';
import { DRIVERS } from '../db/opened.ts';
import { begin, type Story } from '../loop/story.ts';
import { person } from '../world/app.ts';

const NOW = '2026-03-02T10:00:00.000Z';
const NOBODY = '00000000-0000-4000-8000-000000000000';
const identify = (userId: string, traits: object, more: object = {}) => ({
  type: 'identify',
  userId,
  traits,
  ...more,
});
const ANN = { email: 'ann.lee@acme.com', name: 'Ann Lee', title: 'VP', phone: '+44 20 7946 0018' };
const TAGGED = {
  email: 'ann.lee+trial@acme.com',
  name: 'Ann Lee',
  title: 'Clerk',
  company: { name: 'Acme' },
};

describe.each(DRIVERS)('possible duplicates on $name', ({ open }) => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db);
    story.at(NOW);
    await story.call([identify('u1', ANN), { type: 'track', event: 'Demo Requested', userId: 'u1' }]);
    await story.call(identify('u2', TAGGED, { timestamp: '2026-03-01T10:00:00Z' }));
    while ((await sweepDuplicates(story.app, Date.parse(NOW))).contactIds.length > 0);
  });

  const as = (name = 'mia'): Request => ({
    app: story.app,
    now: Date.parse(NOW),
    caller: person(name, 'manager'),
    headers: new Headers(),
    address: '127.0.0.1',
    setHeader: () => {},
  });
  type Query = Parameters<typeof listDuplicates>[1]['query'];
  const list = async (query: Partial<Query> = {}) => {
    const given = {
      params: undefined,
      query: { limit: 50, state: 'open' as const, ...query },
      body: undefined,
    };
    return duplicates.listDuplicates.output.parse(await listDuplicates(as(), given));
  };
  const byId = (id: string) => ({ params: { id }, query: undefined });
  const get = async (id: string) =>
    duplicateDetail.parse(await getDuplicate(as(), { ...byId(id), body: undefined }));
  const merge = (id: string, into: string, who?: string) =>
    mergeDuplicate(as(who), { ...byId(id), body: { into } });
  const apart = (id: string, note?: string) =>
    keepDuplicateApart(as(), { ...byId(id), body: note === undefined ? {} : { note } });
  const only = async () => {
    const [found] = (await list()).items;
    if (found === undefined) throw new Error('nothing is up for review');
    return found;
  };
  const sideOf = ({ a, b }: Pick<DuplicateDetail, 'a' | 'b'>, email: string) => (a.email === email ? a : b);

  test('are listed side by side, with the score, why, and which to keep', async () => {
    const { items, counts, nextCursor } = await list();
    expect({ counts, nextCursor }).toEqual({ counts: { open: 1, merged: 0, apart: 0 }, nextCursor: null });
    const [found] = items;
    if (found === undefined) throw new Error('nothing is up for review');
    expect(found).toMatchObject({
      score: 0.99,
      state: 'open',
      merge: null,
      reasons: [
        {
          kind: 'email',
          text: 'same address but for a plus-tag: ann.lee@acme.com and ann.lee+trial@acme.com',
        },
        { kind: 'name_company', text: 'same name and company: Ann Lee, Acme' },
      ],
    });
    const worked = sideOf(found, ANN.email);
    expect(found.suggestedInto).toBe(worked.id);
    expect(worked).toMatchObject({
      phone: ANN.phone,
      stage: 'mql',
      total: 60,
      owner: { id: 'ann', name: 'ann' },
      openEpisode: { state: 'open', owner: { id: 'ann' }, waitingFor: null },
    });
    expect(sideOf(found, TAGGED.email)).toMatchObject({ stage: 'lead', owner: null, openEpisode: null });
    expect((await list({ contact: worked.id })).items).toHaveLength(1);
    expect((await list({ contact: NOBODY })).counts).toEqual({ open: 0, merged: 0, apart: 0 });
    await expect(list({ contact: 'u1' })).rejects.toMatchObject({ status: 404 });
  });

  test('are compared field by field, with what was said last kept', async () => {
    const { fields, a } = await get((await only()).id);
    const isA = a.email === ANN.email;
    const [ann, tagged] = isA ? (['a', 'b'] as const) : (['b', 'a'] as const);
    const told = new Map(fields.map(({ field, ...rest }) => [field, rest]));
    expect(told.get('contact.title')).toEqual({
      [ann]: 'VP',
      [tagged]: 'Clerk',
      differs: true,
      kept: 'VP',
      keptOf: ann,
    });
    expect(told.get('company.name')).toEqual({
      [ann]: null,
      [tagged]: 'Acme',
      differs: true,
      kept: 'Acme',
      keptOf: tagged,
    });
    expect(told.get('contact.name')).toMatchObject({ differs: false, keptOf: 'both' });
    expect(fields.map(({ field }) => field)).not.toContain('contact.emailKind');
  });

  test('page after page, the surest first, and once decided the latest first', async () => {
    for (let n = 0; n < 4; n++)
      await story.call([
        identify(`p${n}`, { name: `Person ${'abcd'[n]}xyz`, phone: `+1 415 867 530${n}` }),
        identify(`q${n}`, { email: `q${n}@else${n}.com`, phone: `415 867 530${n}` }),
      ]);
    while ((await sweepDuplicates(story.app, Date.parse(NOW))).contactIds.length > 0);
    const first = await list({ limit: 2 });
    const second = await list({ limit: 2, cursor: first.nextCursor ?? '' });
    const third = await list({ limit: 2, cursor: second.nextCursor ?? '' });
    expect([first, second, third].map(({ items }) => items.length)).toEqual([2, 2, 1]);
    expect(third.nextCursor).toBeNull();
    const all = [first, second, third].flatMap(({ items }) => items);
    expect(all.map(({ score }) => score)).toEqual([0.99, 0.75, 0.75, 0.75, 0.75]);
    for (const { id } of all) await apart(id);
    const decided = await list({ state: 'apart', limit: 3 });
    const rest = await list({ state: 'apart', limit: 3, cursor: decided.nextCursor ?? '' });
    expect(new Set([...decided.items, ...rest.items].map(({ id }) => id)).size).toBe(5);
    expect(rest.counts).toEqual({ open: 0, merged: 0, apart: 5 });
    await expect(list({ cursor: 'nonsense' })).rejects.toMatchObject({ status: 400 });
  });

  test('are merged into the one that stays, shown so, and both come back when that is undone', async () => {
    const { id, suggestedInto, a, b } = await only();
    const before = await get(id);
    const merged = duplicateDetail.parse(await merge(id, suggestedInto.toUpperCase()));
    expect(merged).toMatchObject({
      state: 'merged',
      decidedBy: 'mia',
      decidedAt: NOW,
      merge: { intoId: suggestedInto, undoRefused: null },
    });
    expect(merged.fields).toEqual(before.fields);
    expect((await list({ state: 'merged' })).items.map(({ merge: shown }) => shown)).toEqual([merged.merge]);
    expect((await list()).items).toEqual([]);
    const undone = await undoMerge(as(), { ...byId(merged.merge?.id ?? ''), body: undefined });
    expect(undone).toEqual({ ...before, state: 'open' });
    expect([undone.a.id, undone.b.id]).toEqual([a.id, b.id]);
  });

  test('that were decided already are refused, with who did', async () => {
    const { id, a } = await only();
    await merge(id, a.id, 'bob');
    await expect(merge(id, a.id)).rejects.toMatchObject({
      status: 409,
      message: 'bob has merged the two already',
    });
    await expect(apart(id)).rejects.toMatchObject({ status: 409 });
    await expect(reopenDuplicate(as(), { ...byId(id), body: undefined })).rejects.toMatchObject({
      status: 409,
      message: 'the two were merged; undo the merge to have both back',
    });
    const { merge: shown } = await get(id);
    const undo = () => undoMerge(as(), { ...byId(shown?.id ?? ''), body: undefined });
    await undo();
    await expect(undo()).rejects.toMatchObject({ status: 409, message: 'mia has undone this merge already' });
  });

  test('are kept apart with a note, and put up for review again', async () => {
    const { id } = await only();
    expect(await apart(id, ' sisters ')).toMatchObject({ state: 'apart', decidedBy: 'mia', note: 'sisters' });
    const again = await reopenDuplicate(as(), { ...byId(id), body: undefined });
    expect(again).toMatchObject({ state: 'open', decidedBy: null, note: null });
  });

  test('of which one was joined with a third meanwhile are refused and listed no more', async () => {
    const { id, a, b } = await only();
    await story.call(identify('old', { name: 'Ann Old', createdAt: '2025-01-01' }));
    await story.call(identify('old', { email: TAGGED.email }));
    await expect(merge(id, a.id)).rejects.toMatchObject({
      status: 409,
      message: 'Ann Lee was joined with another contact meanwhile',
    });
    expect((await list({ contact: a.id })).items.concat((await list({ contact: b.id })).items)).toEqual([]);
  });

  describe('put up by a person', () => {
    const propose = (contactIds: readonly [string, string], because = 'They share a desk', who = 'bob') =>
      proposeDuplicate(as(who), {
        params: undefined,
        query: undefined,
        body: duplicates.proposeDuplicate.body.parse({ contactIds, because }),
      });
    const idOf = async (who: string) => (await story.see(who)).id;
    beforeEach(() => story.call(identify('u3', { email: 'zoe@far.example', name: 'Zoe Far' })));

    test('two contacts wait for review with who says so and why, once, whatever their order', async () => {
      const [zoe, ann] = [await idOf('u3'), await idOf('u1')];
      const { id } = await propose([zoe, ann], '  They share\n a desk ');
      expect(await propose([ann, zoe], 'Again', 'mia')).toEqual({ id });
      const pair = await get(id);
      expect([pair.a.id, pair.b.id].sort()).toEqual([ann, zoe].sort());
      expect(pair.reasons).toEqual([{ kind: 'said', text: 'bob: They share a desk' }]);
      expect((await list()).items.map(item => item.id)).toContain(id);
      await merge(id, ann);
      expect(await idOf('u3')).toBe(ann);
    });

    test('one contact, unknown ones, and those that people have kept apart are refused', async () => {
      const [zoe, ann] = [await idOf('u3'), await idOf('u1')];
      await expect(propose([ann, ann])).rejects.toMatchObject({
        status: 422,
        problems: [{ path: 'contactIds' }],
      });
      await expect(propose([ann, NOBODY])).rejects.toMatchObject({ status: 404 });
      const { id } = await propose([ann, zoe]);
      await apart(id);
      await expect(propose([zoe, ann])).rejects.toMatchObject({ status: 409 });
      await reopenDuplicate(as(), { ...byId(id), body: undefined });
      expect(await propose([zoe, ann])).toEqual({ id });
      expect(() =>
        duplicates.proposeDuplicate.body.parse({ contactIds: [ann, zoe], because: ' ' }),
      ).toThrow();
    });
  });

  test('that nobody knows are not found, and a stranger cannot be the survivor', async () => {
    const { id } = await only();
    for (const unknown of [NOBODY, 'x', '%'])
      for (const ask of [() => get(unknown), () => merge(unknown, NOBODY), () => apart(unknown)])
        await expect(ask()).rejects.toMatchObject({ status: 404 });
    await expect(undoMerge(as(), { ...byId(NOBODY), body: undefined })).rejects.toMatchObject({
      status: 404,
    });
    await expect(merge(id, NOBODY)).rejects.toMatchObject({ status: 422, problems: [{ path: 'into' }] });
  });
});

test('reps see possible duplicates, put some up for review and decide on none; marketing decides where the workspace lets it', () => {
  const { listDuplicates: _list, getDuplicate: _get, proposeDuplicate: proposed, ...decided } = duplicates;
  expect(rightOf(proposed.access, 'rep')).toBe('all');
  for (const name of ['listDuplicates', 'getDuplicate'] as const)
    for (const who of [person('bob', 'rep'), person('mark', 'marketing')])
      expect(mustMay(who, name)).toEqual({ scope: 'all', permission: null });
  for (const { access } of Object.values(decided)) {
    expect(rightOf(access, 'rep')).toBeNull();
    expect(rightOf(access, 'marketing')).toEqual({ permission: 'reviewDuplicates' });
  }
});
