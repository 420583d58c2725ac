import { expect, test } from 'vitest';
import { readAgreement } from '../../../src/core/agreement/agreement.ts';
import { unreadableNumbers, unreadablePhones } from '../../../src/core/explanation/unreadable.ts';
import { compile } from '../../../src/core/scoring/program.ts';

const { agreement } = readAgreement({
  agreement: 1,
  name: 'Sizes',
  scores: { fit: {} },
  rules: [
    { id: 'large', score: 'fit', points: 5, when: { 'company.employees': { gte: 200 } } },
    { id: 'rich', score: 'fit', points: 5, when: { not: { 'company.revenue': { lt: '1000' } } } },
    { id: 'named', score: 'fit', points: 5, when: { 'company.name': 'Acme', 'company.founded': 1999 } },
    { id: 'late', score: 'fit', points: 5, when: { 'company.endsAt': { gt: '2026-01-01' } } },
  ],
});
if (agreement === null) throw new Error('no agreement');
const program = compile(agreement);
const texts = (company: unknown) =>
  unreadableNumbers(program, { contact: {}, company }).map(({ text }) => text);

test('values that are compared as numbers and are none are named', () => {
  expect(texts({ employees: 'many', revenue: { usd: 5 }, name: 'x', founded: 'x', endsAt: 'x' })).toEqual([
    'company employees is “many”: not a number',
    'company revenue is “…”: not a number',
  ]);
});

test.each([
  [{}],
  [{ employees: '201-500' }],
  [{ employees: ' ' }],
  [{ employees: ['many', '1k'] }],
  [{ employees: 5 }],
])('nothing is said of %j', company => {
  expect(texts(company)).toEqual([]);
});

test.each([
  ['4.47912E+11', ['phone is “4.47912E+11”: not a phone number']],
  ['ask me', ['phone is “ask me”: not a phone number']],
  ['+44 20 7946 0018', []],
  [undefined, []],
])('of the phone number %s is said %j', (phone, expected) => {
  expect(unreadablePhones({ contact: { phone }, company: {} }).map(({ text }) => text)).toEqual(expected);
});
