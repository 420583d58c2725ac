import { expect, test } from 'vitest';
import { checkHandback, checkMove } from '../../../src/core/followup/ownership.ts';

const refused = (as: 'conflict', message: string) => ({
  kind: 'refused',
  as,
  path: '',
  message,
});
const ann = { id: 'ann', name: 'Ann' };
const over = (state: string) => refused('conflict', `the lead is ${state}; there is nothing to work on`);
const shut = (state: string) =>
  refused('conflict', `the lead is ${state}; only an open one can be handed back`);

test.each([
  ['open, to somebody', 'open', null, 'bo', null],
  ['open, to somebody else', 'open', ann, 'bo', null],
  ['accepted, to somebody else', 'accepted', ann, 'bo', null],
  ['an opportunity, to somebody else', 'opportunity', ann, 'bo', null],
  ['open, to its owner', 'open', ann, 'ann', refused('conflict', 'Ann has the lead already')],
  ['won', 'won', ann, 'bo', over('won')],
  ['lost', 'lost', ann, 'bo', over('lost')],
  ['recycled, even to its owner', 'recycled', ann, 'ann', over('recycled')],
  ['disqualified', 'disqualified', null, 'bo', over('disqualified')],
] as const)('whether a lead may be given to somebody: %s', (_name, state, owner, toId, expected) => {
  expect(checkMove({ state, owner }, toId)).toEqual(expected);
});

const UNOWNED = refused('conflict', 'nobody owns the lead; it cannot be handed back');

test.each([
  ['one that is open', 'open', 'ann', null],
  ['one that nobody owns', 'open', null, UNOWNED],
  ['one that is accepted', 'accepted', 'ann', shut('accepted')],
  ['one that is recycled', 'recycled', 'ann', shut('recycled')],
] as const)('whether a lead may be handed back: %s', (_name, state, ownerId, expected) => {
  expect(checkHandback({ state, ownerId })).toEqual(expected);
});
