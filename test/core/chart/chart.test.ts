import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Drawing } from '../../../src/core/chart/drawing.ts';
import { scaleOf } from '../../../src/core/chart/scale.ts';
import { svgOf } from '../../../src/core/chart/svg.ts';
import { trendOf } from '../../../src/core/chart/trend.ts';

const PERIODS = ['Jan', 'Feb', 'Mar', 'Apr'] as const;
const HOSTILE = '<script>alert("1")</script> & co';

const DRAWINGS: Readonly<Record<string, Drawing>> = {
  trend: trendOf({
    title: 'Acceptance fell from 71% to 48%, below the floor, since version 3',
    unit: 'share',
    periods: PERIODS,
    band: [0.65, 0.75],
    limits: [{ value: 0.5, text: 'Floor 50%' }],
    marks: [{ place: 1.6, text: 'Version 3' }],
    lines: [
      {
        label: 'Accepted',
        ink: 'first',
        points: [
          { value: 0.71, low: 0.62, high: 0.79, hint: 'Jan: 71%' },
          { value: null, hint: 'Feb: no cases' },
          { value: 0.5, low: 0.2, high: 0.8, isSmall: true, hint: 'Mar: 50%' },
          { value: 0.48, low: 0.4, high: 0.56, hint: 'Apr: 48%' },
        ],
      },
    ],
  }),
};

describe('drawings', () => {
  test.for(Object.entries(DRAWINGS))('%s looks as it did', async ([name, drawing]) => {
    await expect(`${svgOf(drawing)}\n`).toMatchFileSnapshot(`../golden/chart-${name}.svg`);
  });

  test.for(Object.entries(DRAWINGS))('every place of %s lies within it', ([, { shapes, width, height }]) => {
    const places = shapes.flatMap(shape =>
      shape.kind === 'line' ? shape.points : [[shape.x, shape.y] as const],
    );
    for (const [x, y] of places) {
      expect(x).toBeGreaterThanOrEqual(-4);
      expect(x).toBeLessThanOrEqual(width);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(height);
    }
  });

  test('what a stranger typed is text', () => {
    const marks = [{ place: 1, text: HOSTILE }];
    const svg = svgOf(trendOf({ title: HOSTILE, unit: 'count', periods: [HOSTILE], lines: [], marks }));
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;script&gt;');
  });

  test('nothing to draw is an empty frame', () => {
    const svg = svgOf(trendOf({ title: 'Nothing', unit: 'count', periods: [], lines: [] }));
    expect(svg).not.toMatch(/NaN|Infinity/);
  });
});

describe('the upright axis', () => {
  test.for([
    ['count', 0, ['0', '1']],
    ['count', 3, ['0', '1', '2', '3']],
    ['count', 37, ['0', '10', '20', '30', '40']],
    ['count', 4_900, ['0', '1,000', '2,000', '3,000', '4,000', '5,000']],
    ['share', 0.2, ['0%', '25%', '50%', '75%', '100%']],
  ] as const)('of %s up to %d', ([unit, greatest, words]) => {
    const scale = scaleOf(unit, greatest);
    expect(scale.ticks.map(scale.words)).toEqual(words);
  });

  test('holds every value in at most six marks', () => {
    const value = fc.double({ min: 0, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(value, greatest => {
        const scale = scaleOf('count', greatest);
        expect(scale.end).toBeGreaterThanOrEqual(greatest);
        expect(scale.ticks.length).toBeLessThanOrEqual(6 + 1);
      }),
    );
  });
});
