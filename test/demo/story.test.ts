import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { valueAt } from '../../src/core/condition/reading.ts';
import { makeChance } from '../../src/demo/story/chance.ts';
import { plainLetters } from '../../src/demo/story/name.ts';
import { DAY, HOUR, workBefore, YEAR } from '../../src/demo/story/rhythm.ts';
import { drawStories, type Story } from '../../src/demo/story/story.ts';
import { KIND_OF, workAfter } from './handoff.ts';

const NOW = Date.UTC(2026, 10, 24, 14, 30);
const stories = drawStories({ seed: 1, now: NOW });
const calls = stories.flatMap(story => story.calls);

function share(of: (story: Story) => boolean): number {
  return stories.filter(of).length / stories.length;
}

function emailOf(story: Story): string | null {
  const identify = story.calls.find(({ call }) => call.type === 'identify');
  const email = valueAt(identify?.call.traits, ['email']);
  return typeof email === 'string' ? email : null;
}

describe('a demo', () => {
  test('is the same for the same seed and time', () => {
    expect(drawStories({ seed: 1, now: NOW })).toEqual(stories);
  });

  test('differs for another seed', () => {
    const other = drawStories({ seed: 2, now: NOW });
    const emails = new Set(stories.map(emailOf));
    expect(other.filter(story => !emails.has(emailOf(story))).length).toBeGreaterThan(1_500);
  });

  test('has as many stories as asked for, a year long, in the order in which they start', () => {
    expect(stories).toHaveLength(2_000);
    expect(drawStories({ seed: 1, now: NOW, count: 10 })).toHaveLength(10);
    const starts = stories.map(story => story.startsAt);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(starts[0]).toBeGreaterThan(NOW - YEAR - 60 * DAY);
    expect(starts[0]).toBeLessThan(NOW - YEAR + 14 * DAY);
  });

  test('may be larger than there are short names for its companies', () => {
    const many = drawStories({ seed: 1, now: NOW, count: 8_000 });
    const emails = many.flatMap(story => emailOf(story) ?? []);
    expect([many.length, new Set(emails).size]).toEqual([8_000, emails.length]);
  });

  test('tells calls in the order of their receipt, none received or dated after now, whatever the seed and time', () => {
    const seed = fc.integer({ min: 0, max: 2 ** 53 - 1 });
    const now = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2030, 0, 1) });
    fc.assert(
      fc.property(seed, now, (seed, now) => {
        for (const story of drawStories({ seed, now, count: 60 })) {
          const times = story.calls.map(({ at }) => at);
          expect(times.length).toBeGreaterThan(0);
          expect(times).toEqual([...times].sort((a, b) => a - b));
          expect(times.at(-1)).toBeLessThanOrEqual(now);
          expect(story.startsAt).toBe(times[0]);
          for (const { at, call } of story.calls) expect(Date.parse(call.timestamp)).toBeLessThanOrEqual(at);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('gives every call a message id of its own, someone it belongs to, and what its type needs', () => {
    expect(new Set(calls.map(({ call }) => call.messageId)).size).toBe(calls.length);
    expect(calls.filter(({ call }) => call.userId === undefined && call.anonymousId === undefined)).toEqual(
      [],
    );
    expect(calls.filter(({ call }) => call.type === 'track' && call.event === undefined)).toEqual([]);
    expect(calls.filter(({ call }) => call.type === 'group' && call.groupId === undefined)).toEqual([]);
    expect(Math.max(...calls.map(({ call }) => JSON.stringify(call).length))).toBeLessThan(32_000);
    expect(calls.length).toBeGreaterThan(20_000);
    expect(calls.length).toBeLessThan(32_000);
  });

  test('has nobody without a mailbox but crawlers and those just looking, and no mailbox twice', () => {
    const emails = stories.flatMap(story => emailOf(story) ?? []);
    expect(new Set(emails).size).toBe(emails.length);
    expect(emails.length).toBeGreaterThan(1_900);
  });

  test('uses no address that could be somebody’s: reserved domains, or a name the provider gives to nobody', () => {
    const suspicious = stories.flatMap(story => {
      const email = emailOf(story);
      const isSafe =
        email === null || /@[a-z0-9-]+\.example$|_.*@gmail\.com$|@(mailinator|yopmail)\.com$/.test(email);
      return isSafe ? [] : [email];
    });
    expect(suspicious).toEqual([]);
    expect(
      stories.flatMap(story => emailOf(story) ?? []).filter(email => !/^[a-z0-9._]+@/.test(email)),
    ).toEqual([]);
  });

  test.each([
    ['organic', 0.24, 0.38],
    ['paid_search', 0.13, 0.23],
    ['paid_social', 0.05, 0.13],
    ['webinar', 0.08, 0.17],
    ['partner', 0.05, 0.13],
    ['outbound', 0.09, 0.18],
    ['event', 0.06, 0.14],
  ])('brings a believable share of leads by %s', (source, low, high) => {
    expect(share(story => story.source === source)).toBeGreaterThan(low);
    expect(share(story => story.source === source)).toBeLessThan(high);
  });

  test.each([
    ['student', 0.01, 0.04],
    ['customer', 0.01, 0.06],
    ['job_seeker', 0.004, 0.025],
    ['competitor', 0.003, 0.02],
    ['throwaway', 0.003, 0.02],
    ['junk', 0.001, 0.015],
    ['duplicate', 0.003, 0.02],
    ['crawler', 0.0005, 0.01],
  ])('has some %s leads, but few', (persona, low, high) => {
    expect(share(story => story.persona === persona)).toBeGreaterThan(low);
    expect(share(story => story.persona === persona)).toBeLessThan(high);
  });

  test('has about one free mailbox in ten and a few throw-away ones', () => {
    const kindOf = (story: Story) => KIND_OF(emailOf(story)?.split('@')[1] ?? '');
    expect(share(story => kindOf(story) === 'free')).toBeGreaterThan(0.06);
    expect(share(story => kindOf(story) === 'free')).toBeLessThan(0.15);
    expect(share(story => kindOf(story) === 'disposable')).toBeGreaterThan(0.003);
  });

  test('grows over the year and rests at the weekend', () => {
    const isLate = (at: number) => at > NOW - YEAR / 2;
    expect(share(story => isLate(story.startsAt))).toBeGreaterThan(0.55);
    const weekend = calls.filter(({ at }) => [0, 6].includes(new Date(at).getUTCDay())).length;
    expect(weekend / calls.length).toBeLessThan(0.15);
  });

  test('starts many stories before the person is known, and joins the visits to the person later', () => {
    const joined = stories.filter(story => {
      const first = story.calls[0]?.call;
      const identify = story.calls.find(
        ({ call }) => call.type === 'identify' && call.anonymousId !== undefined,
      );
      return first?.userId === undefined && first?.anonymousId === identify?.call.anonymousId;
    });
    expect(joined.length).toBeGreaterThan(800);
  });

  test('brings several people of one company', () => {
    const people = new Map<string, Set<string>>();
    for (const { call } of calls) {
      if (call.groupId === undefined || call.userId === undefined) continue;
      people.set(call.groupId, (people.get(call.groupId) ?? new Set()).add(call.userId));
    }
    expect([...people.values()].filter(users => users.size > 1).length).toBeGreaterThan(150);
  });

  test('gives a rejection its reason and note, and an acceptance its answers', () => {
    for (const { sales, again } of stories) {
      for (const { decision, reason, note, answers, then } of [sales, again]) {
        const isRejected = decision === 'reject';
        expect([reason !== null, note !== null, answers === null]).toEqual([
          isRejected,
          isRejected,
          isRejected,
        ]);
        if (then !== null) expect([isRejected, then.amount > 0]).toEqual([false, true]);
        if (then !== null) expect(then.closedAfterMs).toBeGreaterThan(then.opportunityAfterMs);
      }
    }
  });
});

describe('the pieces', () => {
  test('chance stays in its bounds and follows its weights', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), (seed, stream) => {
        const chance = makeChance(seed, stream);
        const draws = Array.from({ length: 400 }, () => chance.whole(1, 6));
        expect([...new Set(draws)].sort()).toEqual([1, 2, 3, 4, 5, 6]);
        expect(
          chance.weighted([
            ['never', 0],
            ['always', 1],
          ]),
        ).toBe('always');
      }),
    );
    const chance = makeChance(5, 5);
    const normals = Array.from({ length: 20_000 }, () => chance.normal());
    expect(normals.reduce((sum, x) => sum + x, 0) / normals.length).toBeCloseTo(0, 1);
    expect(normals.reduce((sum, x) => sum + x * x, 0) / normals.length).toBeCloseTo(1, 1);
  });

  test.each([
    ['Grażyna', 'grazyna'],
    ['Østergren', 'ostergren'],
    ['Łukasz Weiß', 'lukaszweiss'],
    ["O'Brien", 'obrien'],
    ['Hautecœur', 'hautecoeur'],
  ])('%s is written %s in an address', (name, plain) => {
    expect(plainLetters(name)).toBe(plain);
  });

  test('working time back over a weekend ends on the Friday', () => {
    expect(workBefore(Date.UTC(2026, 2, 2, 10), 2 * HOUR)).toBe(Date.UTC(2026, 1, 27, 16, 30));
  });

  test('working time back and forth comes to the same instant', () => {
    const at = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) });
    const workMs = fc.integer({ min: 1, max: 20 * 24 * HOUR });
    fc.assert(
      fc.property(at, workMs, (at, workMs) => {
        const before = workBefore(at, workMs);
        expect(workAfter(before, workMs)).toBeLessThanOrEqual(at);
        expect(workBefore(workAfter(before, workMs), workMs)).toBe(before);
      }),
    );
  });
});
