import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { takeApart } from '../../src/loop/duplicate/joined.ts';
import { closeByHand } from '../../src/loop/followup/exception.ts';
import { DRIVERS } from '../db/opened.ts';
import { begin, type Story } from './story.ts';

const PEOPLE = [1, 2, 3, 4, 5, 6, 7, 8];
const address = (n: number) => `p${n}@firm${n}.example`;
const identify = (userId: string, n: number) => ({ type: 'identify', userId, traits: { email: address(n) } });
const BY = { actor: 'Mia', now: Date.parse('2026-03-02T11:00:00Z') };

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db);
    story.at('2026-03-02T10:00:00Z');
    await story.call(
      PEOPLE.flatMap(n => [
        { ...identify(`u${n}`, n), traits: { email: address(n), title: 'VP', firstName: `P${n}` } },
        { type: 'track', event: 'Demo Requested', userId: `u${n}` },
      ]),
    );
    story.at('2026-03-02T10:30:00Z');
  });
  const people = () => story.count('contact where merged_into is null');
  const exceptions = () =>
    story.query(
      { id: 'uuid', detail: 'text', owner_id: 'text?' },
      `select id, detail, owner_id from exception where reason = 'joins_too_many' and closed_at is null`,
    );

  test('an id joins a handful of known contacts, and none beyond, and what it joined can be taken apart', async () => {
    const before = await Promise.all(PEOPLE.map(n => story.see(`u${n}`)));
    for (const n of PEOPLE) await story.call(identify('release-7', n));
    expect(await people()).toBe(PEOPLE.length - 5);
    const [trouble] = await exceptions();
    expect(trouble).toMatchObject({ owner_id: 'mia', detail: expect.stringContaining('"release-7"') });
    story.at('2026-03-02T11:00:00Z');
    expect(await takeApart(story.app, trouble?.id ?? '', BY)).toEqual({ parted: 5, kept: [] });
    expect(await people()).toBe(PEOPLE.length);
    for (const n of PEOPLE) {
      const [was, is] = [before[n - 1], await story.see(`u${n}`)];
      expect(is).toMatchObject({ name: `P${n}`, contact: { email: address(n) }, events: 1, stage: 'mql' });
      expect(is.episodes.map(({ id, state }) => [id, state])).toEqual(
        was?.episodes.map(({ id, state }) => [id, state]),
      );
    }
    // As long as somebody looks into it, it joins nobody, however long ago the last join was.
    story.at('2026-03-03T10:00:00Z');
    for (const n of PEOPLE) await story.call(identify('release-7', n));
    expect(await people()).toBe(PEOPLE.length);
    await closeByHand(story.app, trouble?.id ?? '', { note: 'mended' }, BY);
    await story.call(identify('release-7', 2));
    expect(await people()).toBe(PEOPLE.length - 1);
  });

  test('in one batch it joins none at all, and what comes with its other ids is kept', async () => {
    await story.call(
      PEOPLE.map(n => ({ ...identify('release-8', n), traits: { email: address(n), title: `T${n}` } })),
    );
    expect(await people()).toBe(PEOPLE.length);
    expect((await story.see('u3')).contact).toMatchObject({ title: 'T3' });
    expect(await exceptions()).toHaveLength(1);
  });

  test('an address that many user ids share joins none of them either', async () => {
    await story.call(
      PEOPLE.map(n => ({ type: 'identify', userId: `u${n}`, traits: { email: 'front.desk@firm.example' } })),
    );
    expect(await people()).toBeGreaterThanOrEqual(PEOPLE.length);
    expect(await exceptions()).toHaveLength(1);
  });

  test('a person with a few accounts is one person', async () => {
    for (const n of [1, 2, 3, 4]) await story.call(identify('mine', n));
    expect(await people()).toBe(PEOPLE.length - 3);
    expect(await exceptions()).toEqual([]);
  });
});
