import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDocument } from '../../src/contract/file/document.ts';
import { agreementSchema } from '../../src/contract/file/jsonschema.ts';
import { readAgreement } from '../../src/core/agreement/agreement.ts';
import { agreement } from '../core/arbitrary/agreement.ts';
import { ROOT, readText } from './tree.ts';

const isValid = new Ajv2020({ allErrors: true, strict: false, validateFormats: false }).compile(
  agreementSchema(),
);

test('docs/agreement.schema.json is what the code makes', async () => {
  await expect(
    `${JSON.stringify(agreementSchema(), null, 2)}\n`,
    'docs/agreement.schema.json is out of date; refresh it with "npm run schema:agreement"',
  ).toMatchFileSnapshot(`${ROOT}docs/agreement.schema.json`);
});

test.each([
  'templates/b2b-saas.yaml',
  'examples/bpic2012/agreement.yaml',
  'examples/x-education/agreement.yaml',
])('%s fits the schema', path => {
  const { value } = readDocument(readText(path));
  expect(isValid(value), JSON.stringify(isValid.errors, null, 2)).toBe(true);
});

test('whatever the reader accepts fits the schema', () => {
  fc.assert(
    fc.property(agreement, raw => {
      fc.pre(readAgreement(raw).problems === null);
      expect(isValid(raw), JSON.stringify(isValid.errors?.[0])).toBe(true);
    }),
    { numRuns: 300 },
  );
});

const core = { agreement: 1, name: 'Core', scores: { fit: {} } };
const rule = { id: 'r', score: 'fit' };
const withRule = (keys: object) => ({ ...core, rules: [{ ...rule, ...keys }] });
const withWhen = (when: unknown) => withRule({ points: 1, when });

describe('accepted by the reader and by the schema', () => {
  test.each<[string, object]>([
    ['an agreement of one score', core],
    ['an empty condition', withWhen({})],
    ['conditions in conditions', withWhen({ all: [{ not: { 'contact.a.b': 1 } }, { any: [] }] })],
    [
      'every test',
      withWhen({ 'contact.a': { in: [1, 'b', true], gte: '2026-01-01', hasWord: ['vp', 3], within: '2w' } }),
    ],
    [
      'a pattern',
      withRule({
        points: 2,
        pattern: { within: '7d', all: ['a', { on: 'b', times: 2 }] },
        decay: { lose: '25', every: '1d' },
      }),
    ],
    [
      'a quiet rule',
      withRule({
        points: -2,
        quiet: '30d',
        of: { event: ['a', 'b'], where: { context: 1, 'context.ip': 2 } },
      }),
    ],
    ['cases of no points', withRule({ cases: [{ when: {}, points: 0 }] })],
    [
      'working hours',
      {
        ...core,
        calendars: { office: { timezone: 'UTC', hours: { 'Mon - fri': ['09:00-12:00', '13:00-24:00'] } } },
      },
    ],
    [
      'routing',
      {
        ...core,
        routing: [{ id: 'a', when: { total: { gt: 3 } }, to: 'companyOwner' }, { fallback: 'queue' }],
      },
    ],
    ['an SLA', { ...core, sla: [{ id: 'a', firstTouch: '1h', decision: '5bd', remind: ['50%', 80] }] }],
  ])('%s', (_, raw) => {
    expect(readAgreement(raw).problems).toBeNull();
    expect(isValid(raw), JSON.stringify(isValid.errors, null, 2)).toBe(true);
  });
});

describe('refused by the reader and by the schema', () => {
  test.each<[string, unknown]>([
    ['a list', []],
    ['another version of the format', { ...core, agreement: 2 }],
    ['a blank name', { ...core, name: ' ' }],
    ['no scores', { ...core, scores: {} }],
    ['an unknown key', { ...core, rule: [] }],
    ['an id with a capital', { ...core, scores: { Fit: {} } }],
    ['a rule without points', withRule({ when: {} })],
    ['a rule of no points', withRule({ points: 0, when: {} })],
    ['a rule of half a point', withRule({ points: 0.5, when: {} })],
    ['a rule of too many points', withRule({ points: 1001, when: {} })],
    ['a rule without evidence', withRule({ points: 1 })],
    ['a rule of two kinds of evidence', withRule({ points: 1, on: 'a', quiet: '1d' })],
    ['a limit of a pattern', withRule({ points: 1, pattern: { within: '1d', all: ['a'] }, limit: 2 })],
    ['a window of a trait', withRule({ points: 1, when: {}, window: '1d' })],
    ['points beside cases', withRule({ points: 1, cases: [{ when: {}, points: 1 }] })],
    ['a limit over 200', withRule({ points: 1, on: 'a', limit: 201 })],
    ['a duration without a unit', withRule({ points: 1, on: 'a', window: '30' })],
    ['a duration of nothing', withRule({ points: 1, on: 'a', window: '0d' })],
    ['two decays in one', withRule({ points: 1, on: 'a', decay: { linear: '1d', halfLife: '1d' } })],
    ['a decay of 101 %', withRule({ points: 1, on: 'a', decay: { lose: '101%', every: '1d' } })],
    ['an event without a name', withRule({ points: 1, on: '' })],
    ['a pattern of nothing', withRule({ points: 1, pattern: { within: '1d', all: [] } })],
    ['an unknown prefix', withWhen({ 'lead.title': 'VP' })],
    ['a prefix alone', withWhen({ contact: 'VP' })],
    ['a blank part of a field', withWhen({ 'contact. .a': 'VP' })],
    ['a score in a rule', withWhen({ 'score.fit': { gt: 1 } })],
    ['an unknown test', withWhen({ 'contact.a': { like: 'VP' } })],
    ['no test', withWhen({ 'contact.a': {} })],
    ['an operand of null', withWhen({ 'contact.a': null })],
    ['a blank operand', withWhen({ 'contact.a': '' })],
    ['an empty list of operands', withWhen({ 'contact.a': [] })],
    ['more than text', withWhen({ 'contact.a': { gt: 'many' } })],
    ['exists: yes', withWhen({ 'contact.a': { exists: 'yes' } })],
    ['all beside any', withWhen({ all: [], any: [] })],
    ['a field beside all', withWhen({ all: [], 'contact.a': 1 })],
    ['a path without when and did', { ...core, mql: [{ id: 'a' }] }],
    ['a mark of two letters', { ...core, grades: { fit: { AA: 1 } } }],
    ['a grade without marks', { ...core, grades: { fit: {} } }],
    ['a reason that routes nowhere', { ...core, reasons: [{ id: 'a', then: 'route' }] }],
    ['a reason without a consequence', { ...core, reasons: [{ id: 'a' }] }],
    ['a target over 1', { ...core, targets: { floor: 1.5 } }],
    [
      'a day that does not exist',
      { ...core, calendars: { a: { timezone: 'UTC', hours: { monday: ['09:00-10:00'] } } } },
    ],
    [
      'an hour that is not valid',
      { ...core, calendars: { a: { timezone: 'UTC', hours: { mon: ['9-10'] } } } },
    ],
    ['a route to nobody', { ...core, routing: [{ id: 'a', to: {} }] }],
    ['an SLA without a decision', { ...core, sla: [{ id: 'a', firstTouch: '1h' }] }],
    ['a step of nothing', { ...core, nurture: [{ id: 'a', steps: [{}] }] }],
  ])('%s', (_, raw) => {
    expect(readAgreement(raw).problems).not.toBeNull();
    expect(isValid(raw)).toBe(false);
  });
});
