import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database, Sql } from '../../src/db/database.ts';
import { DRIVERS } from '../db/opened.ts';
import { begin, type Story } from './story.ts';

type Raw = Readonly<Record<string, unknown>>;

/** A database that counts the statements run in its transactions. */
function counting(db: Database): { readonly db: Database; readonly count: () => number } {
  let count = 0;
  return {
    count: () => count,
    db: {
      ...db,
      transaction: work =>
        db.transaction((sql: Sql) =>
          work({
            run: (statement, params) => {
              count += 1;
              return sql.run(statement, params);
            },
          }),
        ),
    },
  };
}

/** Visitors who look round, are identified (and so joined), belong to companies and ask for a demo. */
function visitors(prefix: string, count: number): { readonly before: Raw[]; readonly calls: Raw[] } {
  const all = Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  return {
    before: all.flatMap((id): Raw[] => [
      { type: 'identify', userId: `u-${id}`, traits: { title: 'VP', email: `${id}@firm${id}.com` } },
      { type: 'page', anonymousId: `a-${id}` },
    ]),
    calls: all.flatMap((id): Raw[] => [
      { type: 'page', anonymousId: `a-${id}`, properties: { path: '/' } },
      { type: 'identify', userId: `u-${id}`, anonymousId: `a-${id}`, traits: { phone: '1' } },
      { type: 'group', userId: `u-${id}`, groupId: `g-${id}`, traits: { industry: 'Software' } },
      { type: 'track', userId: `u-${id}`, event: 'Demo Requested' },
      { type: 'page', anonymousId: `new-${id}` },
    ]),
  };
}

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());

  test('taking calls in costs the same number of statements however many there are', async () => {
    const counted = counting(db);
    const story = await begin(counted.db);
    story.at('2026-03-02T10:00:00Z');
    const cost = async (prefix: string, size: number) => {
      const { before, calls } = visitors(prefix, size);
      await story.call(before);
      const start = counted.count();
      await story.call(calls);
      return counted.count() - start;
    };
    const [one, many] = [await cost('x', 2), await cost('y', 60)];
    expect(many).toBe(one);
    // A merge, a company, what its id stood for, a handoff with its rota and clocks, likenesses, alerts, hooks, what answers
    // the lead and who wants no answer, tracks and dates that a handoff ends, all in one batch.
    expect(one).toBeLessThanOrEqual(71);
    expect(await story.count('episode')).toBe(62);
    const { calls } = visitors('y', 60);
    const start = counted.count();
    await story.call(calls.filter(({ type }) => type === 'page').map(call => ({ ...call })));
    expect(counted.count() - start).toBeLessThanOrEqual(16);
  });

  test('two people of one company who come together get one rep', async () => {
    const story = await begin(db, {
      agreement: {
        ...(await import('./agreement.ts')).AGREEMENT,
        routing: [
          { id: 'known', when: { all: [] }, to: 'companyOwner' },
          { id: 'all', when: { all: [] }, to: { team: 'sales', by: 'round_robin' } },
          { fallback: 'queue' },
        ],
      },
    });
    story.at('2026-03-02T10:00:00Z');
    await story.call(
      ['p1', 'p2', 'p3'].flatMap(id => [
        { type: 'identify', userId: id, traits: { title: 'VP', email: `${id}@acme.com` } },
        { type: 'track', userId: id, event: 'Demo Requested' },
      ]),
    );
    const owners = await Promise.all(['p1', 'p2', 'p3'].map(async id => (await story.see(id)).owner));
    expect(new Set(owners).size).toBe(1);
  });

  test('hostile text in every place is kept and breaks nothing', async () => {
    const story = await begin(db);
    story.at('2026-03-02T10:00:00Z');
    const texts = [
      '\u0000',
      'a\u0000b',
      '\ud800',
      'x\udfff',
      '\\u0000',
      "'; drop table contact; --",
      '🚀',
      '\u202e',
      '__proto__',
      '{"a":1}',
    ];
    await story.call(
      texts.flatMap((text, index): Raw[] => [
        {
          type: 'identify',
          userId: `h${index}${text}`,
          anonymousId: `${text}a${index}`,
          traits: {
            name: `n${text}`,
            title: text,
            email: `${text}@x.co`,
            [`k${text}`]: { [`${text}d`]: [text] },
            company: { name: text },
            createdAt: index % 2 === 0 ? '0000-01-01' : text,
          },
        },
        {
          type: 'track',
          userId: `h${index}${text}`,
          event: `e${text}`,
          properties: { p: text },
          context: { c: text },
        },
        {
          type: 'group',
          userId: `h${index}${text}`,
          groupId: `g${text}`,
          traits: { website: text, name: text },
        },
        {
          type: 'group',
          userId: `h${index}${text}`,
          groupId: 'long',
          traits: { website: `${'a.'.repeat(5000)}com` },
        },
        { type: 'alias', userId: `h${index}${text}`, previousId: `p${text}${index}` },
      ]),
    );
    expect(await story.count('event')).toBe(texts.length);
    expect(await story.see('h0')).toMatchObject({ name: 'n' });
  });

  test('in whatever order and batches calls arrive, the same is known in the end', async () => {
    const times = Array.from({ length: 6 }, (_, day) => `2026-03-0${day + 1}T10:00:00Z`);
    const timestamp = fc.constantFrom(...times);
    const somebody = fc.constantFrom<Raw>(
      { userId: 'u' },
      { anonymousId: 'a' },
      { userId: 'u', anonymousId: 'a' },
    );
    const call: fc.Arbitrary<Raw> = fc
      .record({
        timestamp,
        who: somebody,
        says: fc.oneof(
          fc.constant<Raw>({ type: 'page' }),
          fc.constant<Raw>({ type: 'track', event: 'Demo Requested' }),
          fc
            .record(
              {
                title: fc.constantFrom('VP', 'Clerk', null),
                // Not of a company: which one a group names may depend on who was known first, as companies never merge.
                email: fc.constantFrom('ann@gmail.com', 'ann@hotmail.com'),
              },
              { requiredKeys: [] },
            )
            .map((traits): Raw => ({ type: 'identify', traits, userId: 'u' })),
          fc
            .record({ industry: fc.constantFrom('Software', 'Retail') })
            .map((traits): Raw => ({ type: 'group', groupId: 'g', traits })),
        ),
      })
      .map(({ timestamp: at, who, says }) => ({ ...who, ...says, timestamp: at }));
    const known = async (story: Story) => {
      await story.tick();
      const {
        id: _id,
        nextChangeAt: _next,
        episodes: _episodes,
        owner: _owner,
        stage: _stage,
        ...rest
      } = await story.see('u');
      return rest;
    };
    await fc.assert(
      fc.asyncProperty(
        fc
          .array(call, { minLength: 2, maxLength: 8 })
          .map(calls => [
            { type: 'identify', userId: 'u', anonymousId: 'a', timestamp: times[0], traits: {} },
            ...calls,
          ])
          .map(calls => calls.map((one, index): Raw => ({ ...one, messageId: `m${index}` })))
          .chain(calls =>
            fc.tuple(
              fc.constant(calls),
              fc.shuffledSubarray(calls, { minLength: calls.length, maxLength: calls.length }),
            ),
          ),
        async ([calls, shuffled]) => {
          const straight = await begin(db);
          straight.at('2026-03-07T10:00:00Z');
          await straight.call(calls);
          const expected = await known(straight);
          const mixed = await begin(db);
          mixed.at('2026-03-07T10:00:00Z');
          for (const one of shuffled) await mixed.call(one);
          expect(await known(mixed)).toEqual(expected);
        },
      ),
      { numRuns: 15 },
    );
  });
});
