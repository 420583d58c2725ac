import { expect, test } from 'vitest';
import { phoneDigits } from '../../../src/core/duplicate/phone.ts';

test.each([
  '4.47912E+11',
  '4,47912E+11',
  '4.47912e11',
  '4.47912E 11',
  '+4.47912E+11',
  '447912000000',
  '447912000000.0',
  '#########',
  '#NAME?',
  'ask me',
  '000-000-0000',
  '12345',
])('"%s" is not a phone number', text => {
  expect(phoneDigits(text)).toBeNull();
});

test.each([
  ['447911234598.0', '447911234598'],
  ['+49 800 000 00 10', '498000000010'],
  ['+44 (0)20 7946 0018 ext. 5', '442079460018'],
])('"%s" is the number %s', (text, digits) => {
  expect(phoneDigits(text)).toBe(digits);
});
