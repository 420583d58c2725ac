import { describe, expect, test } from 'vitest';
import { readAgreement } from '../../../src/core/agreement/agreement.ts';
import { EPISODE_STATES, type EpisodeState } from '../../../src/core/contact/episode.ts';
import {
  accept,
  applyOutcome,
  checkActivity,
  type EpisodeFacts,
  reject,
  reopen,
} from '../../../src/core/decision/decision.ts';

const DAY = 86_400_000;
const NOW = 100 * DAY;

const { agreement } = readAgreement({
  agreement: 1,
  name: 'Decisions',
  scores: { fit: {} },
  rules: [{ id: 'r', score: 'fit', points: 1, when: { all: [] } }],
  nurture: [{ id: 'later', label: 'Later', steps: [{ wait: '1d', email: 'x' }] }],
  reasons: [
    { id: 'timing', label: 'Not now', then: 'recycle', wait: '90d', nurture: 'later' },
    { id: 'busy', label: 'Busy', then: 'recycle' },
    { id: 'misfit', label: 'Cannot serve', then: 'disqualify', note: 'required' },
    { id: 'double', label: 'Same person', then: 'merge' },
    { id: 'customer', label: 'Customer', then: 'route', route: 'success' },
  ],
});
if (agreement === null) throw new Error('the agreement of this test is not valid');
const ours = agreement;

function episode(state: EpisodeState, more: Partial<EpisodeFacts> = {}): EpisodeFacts {
  return {
    state,
    handedOffAt: NOW - DAY,
    firstTouchAt: null,
    decidedAt: null,
    reason: null,
    hasSuccessor: false,
    ...more,
  };
}

describe('accepting', () => {
  test.each(EPISODE_STATES)('a lead that is %s', state => {
    const result = accept(episode(state), { note: 'ok', now: NOW });
    if (state !== 'open') {
      expect(result).toMatchObject({ kind: 'refused', as: 'conflict' });
      return;
    }
    expect(result).toMatchObject({
      kind: 'done',
      state: 'accepted',
      stage: 'sql',
      decision: 'accepted',
      decidedAt: NOW,
      endedAt: null,
      note: 'ok',
    });
  });
});

describe('rejecting', () => {
  const said = (reason: string | null, note: string | null = null) => ({ reason, note, now: NOW });

  test.each(EPISODE_STATES.filter(state => state !== 'open'))('a lead that is %s is refused', state => {
    expect(reject(episode(state), ours, said('busy'))).toMatchObject({ kind: 'refused', as: 'conflict' });
  });

  test.each([
    ['timing', 'recycled', 'nurture', NOW + 90 * DAY],
    ['busy', 'recycled', 'nurture', NOW],
    ['double', 'disqualified', 'disqualified', null],
    ['customer', 'recycled', 'nurture', NOW],
  ] as const)('for %s makes it %s', (reason, state, stage, requalifyAt) => {
    expect(reject(episode('open'), ours, said(reason))).toMatchObject({
      kind: 'done',
      state,
      stage,
      requalifyAt,
      decision: 'rejected',
      decidedAt: NOW,
      endedAt: NOW,
      reason,
    });
  });

  test.each([[null], [''], ['other'], ['__proto__']])('for %j, which is not a reason, is refused', reason => {
    const refused = reject(episode('open'), ours, said(reason));
    expect(refused).toMatchObject({ kind: 'refused', as: 'invalid', path: 'reason' });
    expect(refused).toMatchObject({
      message: expect.stringContaining('timing, busy, misfit, double, customer'),
    });
  });

  test('without the note that a reason asks for is refused', () => {
    for (const note of [null, '', '  '])
      expect(reject(episode('open'), ours, said('misfit', note))).toMatchObject({
        as: 'invalid',
        path: 'note',
      });
    expect(reject(episode('open'), ours, said('misfit', 'too small'))).toMatchObject({
      kind: 'done',
      note: 'too small',
    });
  });
});

describe('reopening', () => {
  test.each(EPISODE_STATES)('a lead that is %s', state => {
    const can = state === 'accepted' || state === 'recycled' || state === 'disqualified';
    const result = reopen(episode(state, { decidedAt: NOW - 1 }));
    if (!can) expect(result).toMatchObject({ kind: 'refused', as: 'conflict' });
    else
      expect(result).toMatchObject({
        kind: 'done',
        state: 'open',
        stage: 'mql',
        decision: null,
        decidedAt: null,
        endedAt: null,
        requalifyAt: null,
      });
    const followed = episode(state, { decidedAt: NOW - 1, hasSuccessor: true });
    expect(reopen(followed)).toMatchObject({ kind: 'refused', as: 'conflict' });
    // One that a disqualifier closed, or the double of another: nobody decided, there is nothing to take back.
    expect(reopen(episode(state))).toMatchObject({ kind: 'refused', as: 'conflict' });
  });
});

test.each([
  [NOW + 1, 'at'],
  [NOW - DAY - 1, 'at'],
  [NOW, null],
  [NOW - DAY, null],
])('an activity at %d', (at, path) => {
  expect(checkActivity(episode('open'), { at, now: NOW })?.path ?? null).toBe(path);
});

describe('an outcome from another system', () => {
  const moves: Readonly<Record<string, Partial<Record<EpisodeState, EpisodeState>>>> = {
    accepted: { open: 'accepted' },
    rejected: { open: 'recycled' },
    recycled: { open: 'recycled' },
    opportunity: { open: 'opportunity', accepted: 'opportunity' },
    won: { open: 'won', accepted: 'won', opportunity: 'won' },
    lost: { open: 'lost', accepted: 'lost', opportunity: 'lost' },
  };
  const types = ['accepted', 'rejected', 'recycled', 'opportunity', 'won', 'lost'] as const;
  test.each(types.flatMap(type => EPISODE_STATES.map(state => [type, state] as const)))(
    '%s of a lead that is %s',
    (type, state) => {
      expect(applyOutcome(state, type)?.state ?? null).toBe(moves[type]?.[state] ?? null);
    },
  );
});
