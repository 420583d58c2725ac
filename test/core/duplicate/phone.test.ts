import { expect, test } from 'vitest';
import { phoneDigits } from '../../../src/core/duplicate/phone.ts';
import { likenessOfPhones } from '../../../src/core/duplicate/phonenumber.ts';

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

const phone = (text: string, country: string | null = null) => {
  const digits = phoneDigits(text);
  if (digits === null) throw new Error(`not a number: ${text}`);
  return { digits, text, country };
};

test.each([
  ['+47 917 31 642', null, '917 31 642', 'NO', 'same'],
  ['+65 9173 1642', null, '9173 1642', 'SG', 'same'],
  ['917 31 642', 'NO', '91731642', 'NO', 'same'],
  ['917 31 642', 'NO', '9173 1642', 'SG', null],
  ['+47 917 31 642', null, '+65 9173 1642', null, null],
  ['+47 917 31 642', null, '9173 1642', 'SG', null],
  ['+47 917 31 642', null, '917 31 642', null, 'digits'],
  ['917 31 642', null, '9173 1642', null, 'digits'],
  ['+44 (0)20 7946 0018', null, '020 7946 0018', null, 'same'],
  ['0044 20 7946 0018', null, '020 7946 0018', 'GB', 'same'],
  ['+44 20 7946 0018', null, '020 7946 0018', 'US', 'same'],
  ['+1 415 867 5309', 'DE', '(415) 867-5309', 'US', 'same'],
  ['+354 581 2345', null, '581 2345', 'IS', 'same'],
  ['+354 581 2345', null, '5812345', null, 'digits'],
  ['+47 917 31 642', null, '173 1642', null, null],
  ['+33 6 12 34 56 79', null, '06 12 34 56 79', 'FR', 'same'],
] as const)('%s (%s) and %s (%s) are %s', (one, oneCountry, other, otherCountry, expected) => {
  expect(likenessOfPhones(phone(one, oneCountry), phone(other, otherCountry))).toBe(expected);
  expect(likenessOfPhones(phone(other, otherCountry), phone(one, oneCountry))).toBe(expected);
});
