import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeOf, widthsOf } from '../../src/web/followup/rulerscale.ts';
import { clockSentence, stretchWords } from '../../src/web/followup/rulerwords.ts';

const HOUR = 3_600_000;
const iso = (at: number) => new Date(at).toISOString();

/** Stretches one after the other, counted or not, from 1970 on. */
const stretches = fc
  .array(fc.record({ lasts: fc.integer({ min: 1, max: 1e9 }), isCounted: fc.boolean() }), {
    minLength: 1,
    maxLength: 48,
  })
  .map(parts => {
    let at = 0;
    return parts.map(({ lasts, isCounted }) => {
      const from = at;
      at += lasts;
      return { from: iso(from), to: iso(at), countedMs: isCounted ? lasts : 0 };
    });
  });

describe('the scale of a ruler', () => {
  it('fills the bar, and gives what counted more than half of it', () => {
    fc.assert(
      fc.property(stretches, drawn => {
        const widths = widthsOf(drawn);
        const sum = (of: readonly number[]) => of.reduce((total, width) => total + width, 0);
        expect(sum(widths)).toBeCloseTo(100);
        const counted = widths.filter((_, index) => (drawn[index]?.countedMs ?? 0) > 0);
        if (counted.length > 0) expect(sum(counted)).toBeGreaterThanOrEqual(54.99);
      }),
    );
  });

  it('places instants in their order, and none outside', () => {
    fc.assert(
      fc.property(stretches, fc.double({ min: 0, max: 1, noNaN: true }), (drawn, share) => {
        const end = Date.parse(drawn.at(-1)?.to ?? '');
        const at = Math.round(share * end);
        const place = placeOf(drawn, at) ?? Number.NaN;
        expect(place).toBeGreaterThanOrEqual(0);
        expect(place).toBeLessThanOrEqual(100.001);
        expect(placeOf(drawn, Math.min(end, at + 1)) ?? Number.NaN).toBeGreaterThanOrEqual(place - 1e-6);
        expect(placeOf(drawn, end + 1)).toBeNull();
      }),
    );
  });
});

describe('the words of a ruler', () => {
  const base = { from: '2026-03-27T17:30:00Z', to: '2026-03-30T08:00:00Z', countedMs: 0, reason: null };

  it.each([
    [{ ...base, why: 'weekend' }, 'Fri 27 Mar, 17:30 to Mon 30 Mar, 09:00: not counted, weekend'],
    [
      { ...base, why: 'paused', reason: 'Back on Monday' },
      'Fri 27 Mar, 17:30 to Mon 30 Mar, 09:00: not counted, paused (Back on Monday)',
    ],
    [
      { ...base, to: '2026-03-27T19:30:00Z', countedMs: 2 * HOUR, why: null },
      'Fri 27 Mar, 17:30 to 19:30: 2 h counted',
    ],
  ] as const)('%j', (stretch, words) => {
    expect(stretchWords(stretch, 'Europe/London')).toBe(words);
  });

  it.each([
    [null, 0, 'First touch: 1 h counted so far, due Thu 1 Jan, 02:00.'],
    [null, 3, 'First touch: 1 h counted so far, was due Thu 1 Jan, 02:00.'],
    [1, 9, 'First touch: 1 h counted, done Thu 1 Jan, 01:00, before it was due Thu 1 Jan, 02:00.'],
    [3, 9, 'First touch: 1 h counted, done Thu 1 Jan, 03:00, after it was due Thu 1 Jan, 02:00.'],
  ])('stopped at hour %j, seen at hour %d: %s', (stopped, now, words) => {
    const stoppedAt = stopped === null ? null : stopped * HOUR;
    const clock = {
      kind: 'firstTouch',
      countedMs: HOUR,
      dueAt: 2 * HOUR,
      stoppedAt,
      timezone: 'UTC',
    } as const;
    expect(clockSentence(clock, now * HOUR)).toBe(words);
  });
});
