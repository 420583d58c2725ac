import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptanceOf } from '../../src/core/report/acceptance.ts';
import type { ScoreLine } from '../../src/core/scoring/print.ts';
import { judge } from '../../src/web/report/band.ts';
import {
  type Breakdown,
  clampWords,
  groupLines,
  heaviest,
  scoreSentence,
} from '../../src/web/score/words.ts';

const line = (rule: string | null, points: number, more: Partial<ScoreLine> = {}): ScoreLine => ({
  rule,
  label: rule ?? 'clamp',
  score: 'intent',
  points,
  ...more,
});

const breakdown = (scores: Record<string, number>, lines: readonly ScoreLine[]): Breakdown => ({
  id: 'c1',
  at: '2026-03-01T00:00:00.000Z',
  scores,
  total: Object.values(scores).reduce((sum, points) => sum + points, 0),
  lines: [...lines],
  grade: null,
  disqualified: [],
  qualifies: null,
  nextChangeAt: null,
});

describe('a clamp line', () => {
  const visit = line('visit', 30, { group: 'web' });
  const pricing = line('pricing', 17, { group: 'web' });
  const demo = line('demo', 60);
  const webCap = line(null, -7, { group: 'web' });
  const scoreCap = line(null, -20);
  const lines = [demo, visit, pricing, webCap, scoreCap];

  it('of a group speaks of the rules in the group', () => {
    expect(clampWords(webCap, lines)).toBe(
      'The lines above it add up to 47; the agreement counts at most 40.',
    );
  });

  it('of a score speaks of everything above it, its groups after their own caps', () => {
    expect(clampWords(scoreCap, lines)).toBe(
      'The lines above it add up to 100; the agreement counts at most 80.',
    );
  });

  it('that lifts says so', () => {
    const floor = line(null, 15);
    expect(clampWords(floor, [line('quiet', -10), floor])).toBe(
      'The lines above it add up to −10; the agreement counts at least 5.',
    );
  });
});

describe('the lines on screen', () => {
  const anyLine = fc.record({
    rule: fc.option(fc.constantFrom('a', 'b', 'c')),
    score: fc.constantFrom('fit', 'intent'),
    points: fc.integer({ min: -1000, max: 1000 }),
  });

  it('are all there once, under the score they belong to', () => {
    fc.assert(
      fc.property(fc.array(anyLine), raw => {
        const lines = raw.map(({ rule, score, points }) => line(rule, points, { score }));
        const groups = groupLines({ scores: { fit: 0, intent: 0 }, lines });
        expect(groups.flatMap(group => group.lines).length).toBe(lines.length);
        for (const group of groups)
          expect(group.lines.every(({ score }) => score === group.score)).toBe(true);
      }),
    );
  });

  it('puts the heaviest first, clamps left out', () => {
    const lines = [line('a', 5), line(null, -50), line('b', -20), line('c', 12)];
    expect(heaviest(lines, 2).map(({ rule }) => rule)).toEqual(['b', 'c']);
  });

  it('become one sentence', () => {
    const score = breakdown({ fit: 30, intent: -5 }, [line('Quiet for 30 days', -15), line('Pricing', 10)]);
    expect(scoreSentence(score, id => id.toUpperCase())).toBe(
      'FIT 30 and INTENT −5 make 25, most of all Quiet for 30 days (−15) and Pricing (+10).',
    );
    expect(scoreSentence(breakdown({ fit: 0 }, []), id => id)).toBe('fit 0 makes 0.');
  });
});

describe('an acceptance rate against the targets', () => {
  const targets = {
    acceptance: [0.65, 0.75] satisfies [number, number],
    floor: 0.5,
    ceiling: 0.8,
    minSample: 10,
  };
  const row = (accepted: number, rejected: number) =>
    acceptanceOf(
      { handedOff: accepted + rejected, accepted, rejected, elsewhere: 0, inWindow: 0, windowOver: 0 },
      { minSample: 10 },
    );

  it.each([
    ['70 of 100', row(70, 30), 'within', /^Within the band of 65% to 75%/],
    ['65 of 100', row(65, 35), 'within', /^Within/],
    ['60 of 100', row(60, 40), 'below', /^Below the band of 65% to 75%: sales rejects more than agreed/],
    ['40 of 100', row(40, 60), 'below', /^Below the floor of 50%/],
    ['78 of 100', row(78, 22), 'above', /^Above the band/],
    ['90 of 100', row(90, 10), 'above', /^Above the ceiling of 80%/],
    ['5 of 6', row(5, 1), 'small', /6 decisions, 10 needed/],
    ['none', row(0, 0), 'none', /Nothing was decided/],
  ])('%s', (_name, of, kind, expected) => {
    const verdict = judge(of, targets);
    expect(verdict.kind).toBe(kind);
    expect(verdict.words).toMatch(expected);
  });
});
