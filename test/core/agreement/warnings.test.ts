import { expect, test } from 'vitest';
import { readAgreementFile } from '../../../src/contract/file/agreement.ts';

const BASE = 'agreement: 1\nname: x\nscores: { fit: {} }\n';
const hours = (written: string) => `calendars: { work: { timezone: UTC, hours: ${written} } }`;
const ADD_UP = 'the hours of several keys add up, none replaces another';

test.each([
  [
    'routing that ends without a fallback',
    'routing:\n  - { id: a, to: { team: x } }',
    [['routing', 5, expect.stringContaining('expected { fallback: team } as the last entry')]],
  ],
  ['routing that ends in one', 'routing: [{ id: a, to: { team: x } }, { fallback: queue }]', []],
  ['routing of nothing', 'routing: []', []],
  [
    'hours of one day that overlap',
    hours('{ mon: ["11:00-13:00", "09:00-12:00"] }'),
    [['calendars.work.hours', 4, `09:00-12:00 and 11:00-13:00 overlap on mon; ${ADD_UP}`]],
  ],
  [
    'a day beside a range that holds it',
    hours('{ mon-tue: ["09:00-17:00"], mon: ["10:00-12:00"], Tue: ["10:00-12:00"] }'),
    [['calendars.work.hours', 4, `09:00-17:00 and 10:00-12:00 overlap on mon, tue; ${ADD_UP}`]],
  ],
  [
    'a disqualifier on an address that cannot be read',
    'disqualify:\n  - { id: a, when: { any: [{ contact.emailKind: [disposable, invalid] }] } }',
    [
      [
        'disqualify[0].when.any[0].contact.emailKind',
        5,
        expect.stringContaining('for a comma in its address'),
      ],
    ],
  ],
  ['one on throw-away addresses', 'disqualify: [{ id: a, when: { contact.emailKind: disposable } }]', []],
  [
    'one on what is no such address',
    'disqualify: [{ id: a, when: { not: { contact.emailKind: invalid } } }]',
    [],
  ],
  ['hours that only touch', hours('{ mon: ["09:00-12:00", "12:00-17:00"], tue: ["12:00-13:00"] }'), []],
])('an agreement with %s is read, and said to be in doubt where it is', (_name, practice, expected) => {
  const { problems, warnings } = readAgreementFile(`${BASE}${practice}\n`);
  expect(problems).toBeNull();
  expect(warnings.map(({ path, line, message }) => [path, line, message])).toEqual(expected);
});

test('a doubt is told beside what is wrong', () => {
  const { problems, warnings } = readAgreementFile(
    `${BASE}rules: 3\nrouting: [{ id: a, to: companyOwner }, 7]\n`,
  );
  expect(problems?.map(({ path }) => path)).toEqual(['rules', 'routing[1]']);
  expect(warnings.map(({ path }) => path)).toEqual(['routing']);
});
