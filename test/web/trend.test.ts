import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  axisOf,
  chartRows,
  qualifiedSpans,
  type Step,
  stepIndexAt,
  stepIndexNear,
  stepWords,
  timeTicks,
} from '../../src/web/contact/trendwords.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 2, 1);
const iso = (day: number) => new Date(START + day * DAY).toISOString();

const step = (day: number, total: number | null, more: Partial<Step> = {}): Step => ({
  at: iso(day),
  applies: total !== null,
  scores: total === null ? {} : { fit: total },
  total,
  grade: null,
  qualifies: null,
  kind: 'event',
  why: '',
  lines: [],
  ...more,
});

describe('the points of the chart', () => {
  it('reach to the end of the range at the last score', () => {
    expect(chartRows({ steps: [step(0, 10), step(3, 40)], to: iso(10) })).toEqual([
      { at: START, total: 10, scores: { fit: 10 } },
      { at: START + 3 * DAY, total: 40, scores: { fit: 40 } },
      { at: START + 10 * DAY, total: 40, scores: { fit: 40 } },
    ]);
  });

  it('hold a score until the instant at which it stops applying', () => {
    const rows = chartRows({ steps: [step(0, 10), step(2, null), step(5, 20)], to: iso(6) });
    expect(rows.map(({ at, total }) => [(at - START) / DAY, total])).toEqual([
      [0, 10],
      [2, 10],
      [2, null],
      [5, 20],
      [6, 20],
    ]);
  });

  it('do not exist without a step', () => {
    expect(chartRows({ steps: [], to: iso(1) })).toEqual([]);
  });
});

describe('the shaded spans', () => {
  it('run from step to step while any path holds, and to the end when it still does', () => {
    const steps = [
      step(0, 10),
      step(1, 80, { qualifies: 'score' }),
      step(2, 90, { qualifies: 'demo' }),
      step(4, 20),
      step(6, 80, { qualifies: 'score' }),
    ];
    const days = qualifiedSpans({ steps, to: iso(9) }).map(({ from, to }) =>
      [from, to].map(at => (at - START) / DAY),
    );
    expect(days).toEqual([
      [1, 4],
      [6, 9],
    ]);
  });
});

describe('the step that holds', () => {
  const sorted = fc
    .uniqueArray(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 60 })
    .map(days => days.sort((a, b) => a - b).map(day => step(day, day)));

  it('is the last one not after the instant, and the first one before all', () => {
    fc.assert(
      fc.property(sorted, fc.integer({ min: -10, max: 310 }), (steps, day) => {
        const at = START + day * DAY;
        const slow = steps.findLastIndex(other => Date.parse(other.at) <= at);
        expect(stepIndexAt(steps, at)).toBe(Math.max(0, slow));
      }),
    );
  });
});

describe('the step that a pointer means', () => {
  const steps = [step(0, 10), step(10, 50), step(11, 49), step(12, 48), step(30, 20)];

  it.each([
    ['on a large step', 10, 1],
    ['just before a large step', 8.5, 1],
    ['just after it, on a small one', 11.5, 1],
    ['beyond its reach, on a small one', 13.5, 3],
    ['where none is near', 20, 3],
    ['at the first step', 0, 0],
    ['before all', -5, 0],
    ['behind all', 40, 4],
  ])('%s, day %d: step %d', (_where, day, index) => {
    expect(stepIndexNear(steps, { at: START + day * DAY, reach: 2 * DAY })).toBe(index);
  });
});

describe('the vertical axis', () => {
  it.each([
    [[], [0, 1]],
    [[0], [0, 1]],
    [
      [5, 12],
      [0, 5, 10, 15],
    ],
    [
      [-3, 67],
      [-20, 0, 20, 40, 60, 80],
    ],
    [
      [-40, -7],
      [-40, -30, -20, -10, 0],
    ],
    [[133], [0, 50, 100, 150]],
  ])('of %j has the ticks %j', (values, ticks) => {
    expect(axisOf(values).ticks).toEqual(ticks);
  });

  it('holds every value and zero, with two to eight ticks from end to end', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -200_000, max: 200_000 }), { maxLength: 20 }), values => {
        const { low, high, ticks } = axisOf(values);
        for (const value of [0, ...values]) {
          expect(value).toBeGreaterThanOrEqual(low);
          expect(value).toBeLessThanOrEqual(high);
        }
        expect([ticks[0], ticks.at(-1)]).toEqual([low, high]);
        expect(ticks.length).toBeGreaterThan(1);
        expect(ticks.length).toBeLessThan(9);
        expect(ticks).toContain(0);
      }),
    );
  });
});

describe('the time axis', () => {
  it('marks midnights inside the range, in order, at most nine', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 1, max: 9_000 }), (day, days) => {
        const from = day * DAY + 12_345;
        const to = from + days * DAY;
        const ticks = timeTicks(from, to);
        expect(ticks.length).toBeGreaterThan(0);
        expect(ticks.length).toBeLessThan(10);
        for (const at of ticks) {
          expect(new Date(at).getHours()).toBe(0);
          expect(at).toBeGreaterThan(from);
          expect(at).toBeLessThan(to);
        }
        expect([...ticks].sort((a, b) => a - b)).toEqual(ticks);
      }),
    );
  });

  it('has none where no midnight lies between', () => {
    const noon = new Date(2026, 2, 1, 12).getTime();
    expect(timeTicks(noon, noon + 60_000)).toEqual([]);
  });
});

describe('a step in words', () => {
  it('says when, how much, by how much more, whether it qualifies, and why', () => {
    const next = step(3, 67, { qualifies: 'score', why: 'Pricing page visit +8' });
    expect(stepWords(next, step(0, 59))).toMatch(
      /^4 Mar 2026, .+: total 67, \+8; qualifies; Pricing page visit \+8$/,
    );
  });

  it('leaves out what is not there', () => {
    expect(stepWords(step(0, 59), undefined)).toMatch(/: total 59$/);
    expect(stepWords(step(0, 59), step(0, null))).toMatch(/: total 59$/);
    expect(stepWords(step(0, null), step(0, 59))).toMatch(/: not scored$/);
  });
});
