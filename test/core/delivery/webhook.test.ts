import { expect, test } from 'vitest';
import { checkResend, TEST_TYPE } from '../../../src/core/delivery/webhook.ts';

const OFF = {
  kind: 'refused',
  as: 'conflict',
  path: '',
  message: 'the webhook is switched off or was deleted; switch it on first',
};

test.each([
  ['a message to people', false, null, null],
  ['an event to a webhook that is on', false, 'lead.accepted', null],
  ['a test of one that is on', false, TEST_TYPE, null],
  ['an event to one that is off', true, 'lead.accepted', OFF],
  ['a test of one that is off', true, TEST_TYPE, null],
])('whether a message may be sent again: %s', (_name, isHookOff, type, expected) => {
  expect(checkResend({ isHookOff, type })).toEqual(expected);
});
