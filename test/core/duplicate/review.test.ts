import { describe, expect, test } from 'vitest';
import { checkReopening, checkReview, checkUndo } from '../../../src/core/duplicate/review.ts';

const conflict = (message: string | null) =>
  message === null ? null : { kind: 'refused', as: 'conflict', path: '', message };

test.each([
  ['is open and both are there', 'open', null, [], null],
  ['was merged', 'merged', 'Ada', [], 'Ada has merged the two already'],
  ['was merged, and one of it with a third', 'merged', 'Ada', ['Ann'], 'Ada has merged the two already'],
  ['was joined by the intake', 'merged', null, [], 'somebody has merged the two already'],
  ['was kept apart', 'apart', 'Bo', [], 'Bo has kept the two apart already'],
  ['has one that is gone', 'open', null, ['Ann'], 'Ann was joined with another contact meanwhile'],
  ['has two that are gone', 'open', null, ['Ann', 'Ben'], 'Ann was joined with another contact meanwhile'],
  [
    'has a name of two lines',
    'open',
    null,
    ['Ann\nLee'],
    'Ann Lee was joined with another contact meanwhile',
  ],
] as const)('whether a person may decide on a pair that %s', (_name, state, decidedBy, gone, message) => {
  expect(checkReview({ state, decidedBy, gone })).toEqual(conflict(message));
});

test.each([
  ['apart', null],
  ['open', 'nobody has decided on the two yet'],
  ['merged', 'the two were merged; undo the merge to have both back'],
] as const)('whether a decision on a pair that is %s may be taken back', (state, message) => {
  expect(checkReopening(state)).toEqual(conflict(message));
});

describe('whether a merge can be undone', () => {
  const reviewed = { isReviewed: true, undone: null, joinedInto: null, movedOn: null };
  const movedOn = { label: 'Fit and intent', state: 'accepted', decidedBy: 'Bo' } as const;
  const UNTOLD = 'it cannot be told whose it is';

  test.each([
    ['that a person decided on', reviewed, null],
    [
      'that nobody decided on',
      { ...reviewed, isReviewed: false },
      'both had the same address or id; this merge cannot be undone',
    ],
    ['that was undone', { ...reviewed, undone: { by: 'Ada' } }, 'Ada has undone this merge already'],
    ['that somebody undid', { ...reviewed, undone: { by: null } }, 'somebody has undone this merge already'],
    [
      'of which the one that stayed was joined with another',
      { ...reviewed, joinedInto: 'Ann Old', movedOn },
      'the contact that stayed was itself joined with Ann Old since; undo that first',
    ],
    [
      'after which the one handoff that was left went on',
      { ...reviewed, movedOn },
      `both had an open handoff, and the one that was left (Fit and intent) is accepted by Bo since: ${UNTOLD}`,
    ],
    [
      'after which it ended without a decision',
      { ...reviewed, movedOn: { ...movedOn, state: 'lost', decidedBy: null } },
      `both had an open handoff, and the one that was left (Fit and intent) is lost since: ${UNTOLD}`,
    ],
  ] as const)('%s', (_name, merge, message) => {
    expect(checkUndo(merge)).toEqual(conflict(message));
  });

  test('what was decided first is said first', () => {
    const all = { isReviewed: false, undone: { by: 'Ada' }, joinedInto: 'Ann Old', movedOn };
    expect(checkUndo(all)?.message).toBe('Ada has undone this merge already');
    expect(checkUndo({ ...all, undone: null })?.message).toContain('cannot be undone');
  });
});
