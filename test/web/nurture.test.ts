import { describe, expect, it } from 'vitest';
import { stepStateWords, trackStepWords } from '../../src/web/nurture/words.ts';

const DAY = 24 * 60 * 60_000;
const at = '2026-12-30T12:00:00.000Z';

describe('a step of a track', () => {
  it.each([
    [{ kind: 'email', state: 'done', at, waitMs: 0 }, 'done'],
    [{ kind: 'wait', state: 'done', at, waitMs: DAY }, 'over'],
    [{ kind: 'email', state: 'refused', at, waitMs: 0 }, 'not done'],
    [{ kind: 'email', state: 'next', at, waitMs: DAY }, 'next, on 30 Dec 2026'],
    [{ kind: 'webhook', state: 'later', at: null, waitMs: 3 * DAY }, '3 days after the one before'],
    [{ kind: 'email', state: 'never', at: null, waitMs: DAY }, 'not any more'],
  ] as const)('%o says %s', (step, words) => {
    expect(stepStateWords(step)).toBe(words);
  });

  it('begins its line with what it does', () => {
    expect(trackStepWords({ kind: 'email', name: 'customer_story' })).toBe('Mail “customer story”');
    expect(trackStepWords({ kind: 'wait', name: null })).toBe('Pause');
  });
});
