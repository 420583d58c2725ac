import { expect, test } from 'vitest';
import { nextDue } from '../../../src/core/followup/due.ts';

test.each([
  ['the first touch, before there was one', [null, 5, 9], { kind: 'firstTouch', at: 5 }],
  [
    'the first touch, even when it is overdue longer than the decision',
    [null, 9, 5],
    { kind: 'firstTouch', at: 9 },
  ],
  ['nothing, when the first touch has no clock, even where the decision has one', [null, null, 9], null],
  ['the decision, once there was a first touch', [4, 5, 9], { kind: 'decision', at: 9 }],
  ['the decision, when the first touch came late', [7, 5, 9], { kind: 'decision', at: 9 }],
  [
    'the decision, when the first touch came at the beginning of time',
    [0, 5, 9],
    { kind: 'decision', at: 9 },
  ],
  ['the decision, when only that has a clock', [4, null, 9], { kind: 'decision', at: 9 }],
  ['nothing, when the decision has no clock', [4, 5, null], null],
  ['something due at the beginning of time', [null, 0, null], { kind: 'firstTouch', at: 0 }],
  ['nothing, when nothing has a clock', [null, null, null], null],
] as const)('due next is %s', (_, [firstTouchAt, firstTouchDueAt, decisionDueAt], due) => {
  expect(nextDue({ firstTouchAt, firstTouchDueAt, decisionDueAt })).toEqual(due);
});
