import { describe, expect, test } from 'vitest';
import { valueAt } from '../../src/core/condition/reading.ts';
import { POOR_FIT } from '../../src/demo/story/campaign.ts';
import { HOUR, progress } from '../../src/demo/story/rhythm.ts';
import { drawStories } from '../../src/demo/story/story.ts';
import { compileTemplate, type Handoff, replayHandoffs, workAfter } from './handoff.ts';

const program = compileTemplate();

/** Accepted share of decided handoffs. */
function acceptance(handoffs: readonly Handoff[]): number {
  return handoffs.filter(({ sales }) => sales.decision === 'accept').length / handoffs.length;
}

describe.each([
  { seed: 1, now: Date.UTC(2026, 10, 24, 14, 30), day: 'a Tuesday afternoon' },
  { seed: 1, now: Date.UTC(2026, 10, 22, 4), day: 'a Sunday night' },
  { seed: 7, now: Date.UTC(2027, 5, 14, 9, 5), day: 'a Monday morning' },
])('the demo of seed $seed on $day, scored under the template', ({ seed, now }) => {
  const stories = drawStories({ seed, now });
  const handoffs = replayHandoffs(stories, program, now);
  const decided = handoffs.filter(({ decidedAt }) => decidedAt !== null);
  const open = handoffs.filter(({ decidedAt }) => decidedAt === null);

  test('hands over 400 to 600 of its 2,000 contacts, by every path', () => {
    const first = handoffs.filter(({ isAgain }) => !isAgain);
    expect(first.length).toBeGreaterThan(400);
    expect(first.length).toBeLessThan(600);
    for (const { id } of program.mql)
      expect(handoffs.filter(({ path }) => path === id).length, id).toBeGreaterThan(5);
  });

  test('hands some over a second time after recycling', () => {
    expect(handoffs.filter(({ isAgain }) => isAgain).length).toBeGreaterThan(3);
  });

  test('hands over at once who asks again, and nobody else before the wait of the rejection is over', () => {
    const waits = new Map(program.agreement.practice.reasons?.map(({ id, wait = 0 }) => [id, wait]));
    const early = handoffs.filter(({ story, isAgain, at }, index) => {
      const { decidedAt = null, sales } = handoffs[index - 1] ?? {};
      expect(isAgain && handoffs[index - 1]?.story !== story).toBe(false);
      return isAgain && at < (decidedAt ?? at) + (waits.get(sales?.reason ?? '') ?? 0);
    });
    expect(new Set(early.map(({ path }) => path))).toEqual(new Set(['hand_raiser']));
  });

  test('turns 13 to 30 in 100 contacts into accepted leads', () => {
    const accepted = decided.filter(({ sales }) => sales.decision === 'accept');
    expect(accepted.length / stories.length).toBeGreaterThan(0.13);
    expect(accepted.length / stories.length).toBeLessThan(0.3);
  });

  test('accepts under half at the beginning and gets into the target band late in the year', () => {
    const early = decided.filter(({ at }) => progress(at, now) < 0.35);
    const late = decided.filter(({ at }) => progress(at, now) > 0.7);
    expect(acceptance(early)).toBeGreaterThan(0.35);
    expect(acceptance(early)).toBeLessThan(0.56);
    expect(acceptance(late)).toBeGreaterThan(0.62);
    expect(acceptance(late)).toBeLessThan(0.79);
  });

  test('turns down most of what one campaign brings, and accepts more than half of the rest', () => {
    const isPoor = ({ story }: Handoff) =>
      story.calls.some(({ call }) => valueAt(call.traits, ['campaign']) === POOR_FIT);
    const poor = decided.filter(isPoor);
    expect(poor.length).toBeGreaterThan(15);
    expect(acceptance(poor)).toBeLessThan(0.4);
    expect(acceptance(decided.filter(handoff => !isPoor(handoff)))).toBeGreaterThan(0.5);
  });

  test('rejects for the reasons that sales teams report', () => {
    const reasons = decided.flatMap(({ sales }) => sales.reason ?? []);
    const share = (...ids: readonly string[]) =>
      reasons.filter(reason => ids.includes(reason)).length / reasons.length;
    const rough = (value: number, about: number) => expect(Math.abs(value - about)).toBeLessThan(0.09);
    rough(share('bad_timing'), 0.25);
    rough(share('unreachable'), 0.2);
    rough(share('not_interested', 'no_need'), 0.15);
    rough(share('wrong_fit'), 0.15);
    rough(share('no_budget'), 0.1);
    rough(share('no_authority'), 0.08);
  });

  test('leaves 15 to 25 leads open: some of the last hour, some overdue, some touched', () => {
    expect(open.length).toBeGreaterThanOrEqual(15);
    expect(open.length).toBeLessThanOrEqual(25);
    expect(open.filter(({ at }) => at > now - HOUR).length).toBeGreaterThanOrEqual(4);
    const isOverdue = ({ at, touchedAt }: Handoff) => touchedAt === null && workAfter(at, HOUR) < now;
    expect(open.filter(isOverdue).length).toBeGreaterThanOrEqual(3);
    expect(open.filter(({ touchedAt }) => touchedAt !== null).length).toBeGreaterThanOrEqual(4);
  });
});
