import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LAST_INSTANT } from '../../src/core/time/instant.ts';
import type { Database } from '../../src/db/database.ts';
import { takeApart } from '../../src/loop/duplicate/joined.ts';
import { closeByHand } from '../../src/loop/followup/exception.ts';
import { scoreOfContact } from '../../src/loop/scoring/asof.ts';
import { DRIVERS } from '../db/opened.ts';
import { begin, type Story } from './story.ts';

const FIRMS = ['Nordwind', 'Alpha Foods', 'Blue Harbour', 'Kepler Bikes', 'Studio 54', 'Studio 55'];
const PEOPLE = FIRMS.map((name, n) => ({ userId: `u${n}`, name, email: `p@firm${n}.example` }));
const BY = { actor: 'Mia', now: Date.parse('2026-03-02T12:00:00Z') };

const identify = ({ userId, email }: { readonly userId: string; readonly email: string }) => ({
  type: 'identify',
  userId,
  traits: { email },
});
const group = (userId: string, traits: object, groupId = 'prod') => ({
  type: 'group',
  userId,
  groupId,
  traits,
});

describe.each(DRIVERS)('group ids that stand for different companies on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db);
    story.at('2026-03-02T10:00:00Z');
    await story.call(PEOPLE.map(identify));
    story.at('2026-03-02T10:30:00Z');
  });
  const companies = async () =>
    (
      await story.query(
        { company_id: 'uuid?', company_name: 'text?' },
        `select company_id, company_name from contact where merged_into is null order by email`,
      )
    ).map(row => ({ id: row.company_id, name: row.company_name }));
  const ids = async () => new Set((await companies()).map(({ id }) => id));
  const exceptions = () =>
    story.query(
      { id: 'uuid', detail: 'text' },
      `select id, detail from exception where reason = 'joins_companies' and closed_at is null`,
    );

  test('link no third company, and what they linked is taken apart', async () => {
    const before = await companies();
    for (const [n, { userId, name }] of PEOPLE.entries()) {
      story.at(`2026-03-02T10:3${n}:00Z`);
      await story.call(group(userId, { name, employees: 7 }));
    }
    expect((await companies()).map(({ id }) => id)).toEqual([
      before[0]?.id,
      before[0]?.id,
      ...before.slice(2).map(({ id }) => id),
    ]);
    const [trouble, ...others] = await exceptions();
    expect(others).toEqual([]);
    expect(trouble?.detail).toContain('"prod"');
    expect(trouble?.detail).toContain('"Nordwind" (firm0.example), "Alpha Foods" (firm1.example)');
    expect(await takeApart(story.app, trouble?.id ?? '', BY)).toEqual({ parted: 1, kept: [] });
    expect(await companies()).toEqual(before.map(({ id }, n) => ({ id, name: FIRMS[n] })));
    expect(
      await story.query({ n: 'int8' }, 'select count(*) as n from company where group_id is not null'),
    ).toEqual([{ n: 0 }]);
    expect(await takeApart(story.app, trouble?.id ?? '', BY)).toEqual({ parted: 0, kept: [] });
    // As long as somebody looks into it, it links nobody, however long ago the last call was.
    story.at('2026-04-02T10:00:00Z');
    for (const { userId, name } of PEOPLE) await story.call(group(userId, { name }));
    expect((await ids()).size).toBe(FIRMS.length);
    await closeByHand(story.app, trouble?.id ?? '', { note: 'mended' }, BY);
    await story.call(group('u3', { name: 'Kepler Bikes' }));
    await story.call(group('u3', { name: 'Kepler Cycling' }));
    expect(await exceptions()).toEqual([]);
    expect((await companies())[3]).toEqual({ id: before[3]?.id, name: 'Kepler Cycling' });
  });

  test('link nobody at all in one batch, and what is said stays the own view of each', async () => {
    const before = await companies();
    await story.call(PEOPLE.map(({ userId, name }) => group(userId, { name })));
    expect(await companies()).toEqual(before.map(({ id }, n) => ({ id, name: FIRMS[n] })));
    expect(await exceptions()).toHaveLength(1);
  });

  test('put people without a business address into no company again', async () => {
    await story.call([
      { type: 'identify', userId: 'f1', traits: { email: 'ann@gmail.com' } },
      { type: 'identify', userId: 'f2', traits: { email: 'bob@gmail.com' } },
    ]);
    await story.call(group('f1', { name: 'Ann Bakery' }));
    await story.call(group('f2', { name: 'Bob Tyres', domain: 'tyres.example' }));
    // Who comes by the address alone, while its company is the one of the id.
    await story.call(group('u0', { name: 'Carla Books' }));
    const [trouble] = await exceptions();
    expect(await takeApart(story.app, trouble?.id ?? '', BY)).toEqual({ parted: 2, kept: [] });
    const rows = await story.query(
      { email: 'text?', company_name: 'text?', domain: 'text?' },
      `select c.email, c.company_name, o.domain from contact c left join company o on o.id = c.company_id
       where c.email like '%gmail.com' order by c.email`,
    );
    expect(rows).toEqual([
      { email: 'ann@gmail.com', company_name: 'Ann Bakery', domain: null },
      { email: 'bob@gmail.com', company_name: 'Bob Tyres', domain: 'tyres.example' },
    ]);
  });

  test('leave a company alone that the id stood for long before', async () => {
    story.at('2026-01-02T10:00:00Z');
    await story.call(group('u0', { name: 'Nordwind', industry: 'Energy' }));
    const before = await companies();
    story.at('2026-03-02T10:30:00Z');
    for (const { userId, name } of PEOPLE.slice(1)) await story.call(group(userId, { name }));
    const [trouble] = await exceptions();
    expect((await companies())[1]?.id).toBe(before[0]?.id);
    expect(await takeApart(story.app, trouble?.id ?? '', BY)).toEqual({ parted: 2, kept: [] });
    expect((await companies())[0]).toEqual(before[0]);
    expect((await companies()).slice(1).map(({ name }) => name)).toEqual(FIRMS.slice(1));
    expect(
      await story.query(
        { group_id: 'text?', traits: 'jsonb' },
        'select group_id, traits from company where group_id is not null',
      ),
    ).toEqual([{ group_id: 'prod', traits: { name: 'Nordwind', industry: 'Energy' } }]);
  });

  test('are those of one firm that is renamed, spells its name in many ways, or has people everywhere', async () => {
    const people = [1, 2, 3, 4, 5, 6].map(n => `w${n}`);
    await story.call(people.map(userId => identify({ userId, email: `${userId}@one.example` })));
    for (const userId of people) await story.call(group(userId, { name: `Department ${userId}` }, 'one'));
    const spellings = [
      'Acme',
      'ACME Inc.',
      'Acme Incorporated',
      'Acme, Europe',
      'acme.com',
      'Globex',
      'Globex Ltd',
    ];
    for (const [n, name] of spellings.entries()) await story.call(group(`visitor${n}`, { name }, 'two'));
    for (const { userId } of PEOPLE.slice(0, 5)) await story.call(group(userId, {}, 'three'));
    expect(await exceptions()).toEqual([]);
  });

  test('leave the past as it was known', async () => {
    await story.call(group('u0', { name: 'Nordwind' }));
    await story.call(group('u1', { name: 'Alpha Foods', industry: 'Software' }));
    await story.call(group('u2', { name: 'Blue Harbour' }));
    const scores = async (knownAt: number) =>
      Promise.all(
        ['u0', 'u1'].map(async who => {
          const contactId = (await story.see(who)).id;
          const at = { contactId, at: BY.now + 60_000, knownAt, agreementId: null, version: null };
          const printed = await scoreOfContact(db, at);
          return printed === null || 'applies' in printed ? null : printed.total;
        }),
      );
    const before = await scores(BY.now - 1);
    expect(before[0]).toBe(before[1]);
    expect(before[0]).toBeGreaterThanOrEqual(20);
    const [trouble] = await exceptions();
    await takeApart(story.app, trouble?.id ?? '', BY);
    await story.tick();
    expect(await scores(BY.now - 1)).toEqual(before);
    expect(await scores(LAST_INSTANT)).toEqual([(before[0] ?? 0) - 20, before[1]]);
    expect([(await story.see('u0')).total, (await story.see('u1')).total]).toEqual(
      await scores(LAST_INSTANT),
    );
    const told = await story.query(
      { actor: 'text' },
      `select actor from journal where kind = 'company_parted'`,
    );
    expect(told).toEqual([{ actor: 'Mia' }]);
  });
});
