import { describe, expect, test } from 'vitest';
import { readAgreement } from '../../../src/core/agreement/agreement.ts';
import { EPISODE_STATES, type EpisodeState } from '../../../src/core/contact/episode.ts';
import {
  accept,
  applyOutcome,
  checkActivity,
  type EpisodeFacts,
} from '../../../src/core/decision/decision.ts';
import { MOST_UNTIL_MS, reject } from '../../../src/core/decision/rejection.ts';
import { checkRequalify, finish, REST_MS, reopen, UNDO_MS } from '../../../src/core/decision/reopening.ts';
import { takenWords } from '../../../src/core/decision/taken.ts';

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
    { id: 'unreached', label: 'Not reached', then: 'recycle', wait: '30d', attempts: 5, sameOwner: true },
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
    reasonLabel: null,
    decision: null,
    decidedBy: null,
    isForOthers: false,
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
  const said = (reason: string | null, note: string | null = null, more: object = {}) => ({
    reason,
    note,
    now: NOW,
    until: null,
    hasDouble: reason === 'double',
    owner: 'Ann',
    touches: 0,
    ...more,
  });

  test.each(EPISODE_STATES.filter(state => state !== 'open'))('a lead that is %s is refused', state => {
    expect(reject(episode(state), ours, said('busy'))).toMatchObject([{ kind: 'refused', as: 'conflict' }]);
  });

  test.each([
    ['timing', 'recycled', 'nurture', NOW + 90 * DAY],
    ['busy', 'recycled', 'nurture', NOW],
    ['double', 'disqualified', 'lead', null],
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
    expect(refused).toMatchObject([{ kind: 'refused', as: 'invalid', path: 'reason' }]);
    expect(refused).toMatchObject([
      { message: expect.stringContaining('timing, busy, misfit, double, customer') },
    ]);
  });

  test('without the note that a reason asks for is refused', () => {
    for (const note of [null, '', '  '])
      expect(reject(episode('open'), ours, said('misfit', note))).toMatchObject([
        { as: 'invalid', path: 'note' },
      ]);
    expect(reject(episode('open'), ours, said('misfit', 'too small'))).toMatchObject({
      kind: 'done',
      note: 'too small',
    });
  });

  test.each([
    ['before so many touches', 'unreached', { touches: 4 }, 'reason', /Ann: 4 of 5 touches logged/],
    ['without the other contact', 'double', { hasDouble: false }, 'mergeWith', /which contact is the same/],
    [
      'with another contact for a reason that merges none',
      'busy',
      { hasDouble: true },
      'mergeWith',
      /merges no/,
    ],
    ['until now', 'timing', { until: NOW }, 'until', /in the future/],
    ['until a day too far', 'timing', { until: NOW + MOST_UNTIL_MS + 1 }, 'until', /within two years/],
    ['until a date, for good', 'misfit', { until: NOW + 1 }, 'until', /recycle the lead/],
    ['until a date, for a team', 'customer', { until: NOW + 1 }, 'until', /recycle the lead/],
  ] as const)('%s is refused', (_name, reason, more, path, message) => {
    const refused = reject(episode('open'), ours, said(reason, 'noted', more));
    expect(refused).toMatchObject([{ as: 'invalid', path, message: expect.stringMatching(message) }]);
  });

  test('says everything that is wrong at once', () => {
    const more = { until: NOW - 1, hasDouble: true };
    const refused = reject(episode('open'), ours, said('unreached', null, more));
    expect(refused).toMatchObject([{ path: 'reason' }, { path: 'mergeWith' }, { path: 'until' }]);
  });

  test('a date takes the place of the wait, and wakes the owner then', () => {
    const until = NOW + MOST_UNTIL_MS;
    const done = reject(episode('open'), ours, said('timing', null, { until }));
    expect(done).toMatchObject({ kind: 'done', requalifyAt: until, wakeAt: until });
    expect(reject(episode('open'), ours, said('timing'))).not.toHaveProperty('wakeAt');
  });

  test.each([
    ['timing', true],
    ['customer', true],
    ['misfit', false],
    ['unreached', false],
  ] as const)('%s keeps the next handoff from who rejected it: %s', (reason, isKeptFrom) => {
    expect(reject(episode('open'), ours, said(reason, 'noted', { touches: 5 }))).toMatchObject({
      isKeptFrom,
    });
  });
});

describe('what the loser of a race hears', () => {
  const rejected = { decision: 'rejected', decidedBy: 'Ann', reasonLabel: 'Bad timing' } as const;
  test.each([
    [2000, 'Ann rejected it 2 seconds ago: Bad timing; only an open one can be accepted'],
    [0, 'Ann rejected it just now: Bad timing; only an open one can be accepted'],
    [3 * 3_600_000 + 5, 'Ann rejected it 3 hours ago: Bad timing; only an open one can be accepted'],
    [2 * DAY, 'Ann rejected it before: Bad timing; only an open one can be accepted'],
  ])('%d ms later', (ago, words) => {
    const taken = episode('recycled', { ...rejected, decidedAt: NOW - ago });
    expect(takenWords(taken, NOW, 'accepted')).toBe(words);
    expect(accept(taken, { note: null, now: NOW })).toMatchObject({ message: words });
  });

  test('is the state alone where nobody decided', () => {
    const words = 'the lead is disqualified already; only an open one can be rejected';
    expect(takenWords(episode('disqualified'), NOW, 'rejected')).toBe(words);
  });
});

describe('being done with a lead for another team', () => {
  const routed = (state: EpisodeState) => episode(state, { isForOthers: true });

  test('is no decision, and leaves the stage alone', () => {
    expect(finish(routed('open'), { note: 'called', now: NOW })).toMatchObject({
      state: 'handled',
      stage: null,
      decision: null,
      decidedAt: NOW,
      endedAt: NOW,
      requalifyAt: NOW + REST_MS,
      note: 'called',
    });
    const done = episode('handled', { isForOthers: true, decidedAt: NOW - 1 });
    expect(reopen(done, { now: NOW, isManager: false })).toMatchObject({ state: 'open', stage: null });
  });

  test('is refused for a lead of sales, and for one that is over', () => {
    expect(finish(episode('open'), { note: null, now: NOW })).toMatchObject({ as: 'conflict' });
    for (const state of EPISODE_STATES.filter(other => other !== 'open'))
      expect(finish(routed(state), { note: null, now: NOW })).toMatchObject({ as: 'conflict' });
  });
});

test.each(EPISODE_STATES)('a new handoff by hand after one that is %s', state => {
  const can = state === 'recycled' || state === 'lost' || state === 'handled';
  expect(checkRequalify(episode(state)) === null).toBe(can);
  expect(checkRequalify(episode(state, { hasSuccessor: true }))).toMatchObject({ as: 'conflict' });
});

describe('reopening', () => {
  test.each(EPISODE_STATES)('a lead that is %s', state => {
    const can = ['accepted', 'recycled', 'disqualified', 'handled'].includes(state);
    const by = { now: NOW, isManager: false };
    const result = reopen(episode(state, { decidedAt: NOW - 1 }), by);
    if (!can) expect(result).toMatchObject({ kind: 'refused', as: 'conflict' });
    else
      expect(result).toMatchObject({
        kind: 'done',
        state: 'open',
        stage: state === 'handled' ? null : 'mql',
        decision: null,
        decidedAt: null,
        endedAt: null,
        requalifyAt: null,
      });
    const followed = episode(state, { decidedAt: NOW - 1, hasSuccessor: true });
    expect(reopen(followed, by)).toMatchObject({ kind: 'refused', as: 'conflict' });
    // One that a disqualifier closed, or the double of another: nobody decided, there is nothing to take back.
    expect(reopen(episode(state), by)).toMatchObject({ kind: 'refused', as: 'conflict' });
  });

  test.each([
    [false, UNDO_MS, true],
    [false, UNDO_MS + 1, false],
    [true, 900 * DAY, true],
  ] as const)('by a manager: %s, after %d ms', (isManager, ago, can) => {
    const result = reopen(episode('recycled', { decidedAt: NOW - ago }), { now: NOW, isManager });
    expect(result).toMatchObject(can ? { kind: 'done' } : { kind: 'refused', as: 'forbidden' });
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
