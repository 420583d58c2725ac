import { expect, test } from 'vitest';
import { readAgreementFile } from '../../../src/contract/file/agreement.ts';
import { compile } from '../../../src/core/scoring/program.ts';
import { scoresFrom } from '../known.ts';

const FILE = `agreement: 1
name: Territories by postal code
scores: { fit: { label: Fit } }
rules:
  - { id: boston, score: fit, points: 10, when: { company.postalCode: [02139, 02140] } }
  - { id: boston_prefix, score: fit, points: 20, when: { company.postalCode: { startsWith: 02 } } }
  - { id: nc, score: fit, points: 40, when: { company.postalCode: { startsWith: 27 } } }
  - { id: sku, score: fit, points: 5, when: { company.plan: 1E5 } }
  - { id: german, score: fit, points: 3, when: { contact.phone: { startsWith: +49 } } }
  - { id: version, score: fit, points: 1, when: { company.version: { contains: 1.10 } } }
  - { id: bond, score: fit, points: 100, on: { event: login, where: { code: { in: [007] } } } }
  - { id: large, score: fit, points: 200, when: { company.employees: { gte: 0200 } } }
  - { id: id, score: fit, points: 300, when: { company.id: 12345678901234567891 } }
  - { id: old, score: fit, points: 400, when: { company.size: 1_000 } }
`;
const { agreement, warnings, problems } = readAgreementFile(FILE);

test('digits that a number would lose are named with their line', () => {
  expect(problems).toBeNull();
  expect(warnings.map(({ line, message }) => `${line}: ${message}`)).toEqual([
    '5: YAML reads 02139 as the number 2139; it is compared as written here, and everywhere if it is quoted: "02139"',
    '5: YAML reads 02140 as the number 2140; it is compared as written here, and everywhere if it is quoted: "02140"',
    '6: YAML reads 02 as the number 2; it is compared as written here, and everywhere if it is quoted: "02"',
    '8: 1E5 is the number 100000 in YAML; quote it if text is meant: "1E5"',
    '9: YAML reads +49 as the number 49; it is compared as written here, and everywhere if it is quoted: "+49"',
    '11: YAML reads 007 as the number 7; it is compared as written here, and everywhere if it is quoted: "007"',
    '12: YAML reads 0200 as the number 200; write 200 if that is meant',
    '13: YAML reads 12345678901234567891 as the number 12345678901234567000; it is compared as written here, and everywhere if it is quoted: "12345678901234567891"',
    '14: 1_000 is text in YAML 1.2; write 1000 if a number is meant, or quote it',
  ]);
});

test.each([
  [{ postalCode: '02139' }, {}, 30],
  [{ postalCode: '02999' }, {}, 20],
  [{ postalCode: '2139' }, {}, 0],
  [{ postalCode: '21390' }, {}, 0],
  [{ postalCode: '27601' }, {}, 40],
  [{ postalCode: 27601 }, {}, 40],
  [{ plan: '100000' }, {}, 5],
  [{ plan: '1E5' }, {}, 5],
  [{ version: 'v1.10.2' }, {}, 1],
  [{ version: 'v1.1.2' }, {}, 0],
  [{ employees: 200 }, {}, 200],
  [{ id: '12345678901234567891' }, {}, 300],
  [{ id: '12345678901234567000' }, {}, 0],
  [{}, { phone: '+49 30 1234' }, 3],
])('company %j, contact %j score %d', (company, contact, total) => {
  if (agreement === null) throw new Error('no agreement');
  const at = Date.UTC(2026, 1, 1);
  const line = { id: 'a', createdAt: '2026-01-01T00:00:00Z', contact, company };
  const scores = scoresFrom(compile(agreement), { contacts: [line], events: [], kindOf: () => 'business' });
  expect(scores.get('a')?.(at).score).toMatchObject({ total });
});
