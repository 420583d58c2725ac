import { expect, test } from 'vitest';
import { readAgreementFile } from '../../../src/contract/file/agreement.ts';
import { pipelineOf } from '../../../src/core/opportunity/pipeline.ts';
import { questionsOf } from '../../../src/core/qualification/question.ts';

const BASE = 'agreement: 1\nname: x\nscores: { fit: {} }\n';
const read = (sql: string) => readAgreementFile(`${BASE}sql: ${sql}\n`);

test.each([
  ['an unknown framework', '{ framework: spin }', ['sql.framework']],
  ['no framework', '{ require: [need] }', ['sql.framework']],
  ['a framework without questions of its own', '{ framework: custom }', ['sql']],
  [
    'two questions of one id',
    '{ framework: bant, questions: [{ id: a, label: A, type: text }, { id: a, label: B, type: text }] }',
    ['sql.questions[1].id'],
  ],
  [
    'a question that the framework has',
    '{ framework: bant, questions: [{ id: need, label: Need, type: text }] }',
    ['sql.questions[0].id'],
  ],
  [
    'a choice without options',
    '{ framework: bant, questions: [{ id: a, label: A, type: choice }] }',
    ['sql.questions[0]'],
  ],
  [
    'a choice of one',
    '{ framework: bant, questions: [{ id: a, label: A, type: choice, options: [only] }] }',
    ['sql.questions[0].options'],
  ],
  [
    'options that stand twice',
    '{ framework: bant, questions: [{ id: a, label: A, type: choice, options: [High, Low, high] }] }',
    ['sql.questions[0].options[2]'],
  ],
  [
    'options beside another type',
    '{ framework: bant, questions: [{ id: a, label: A, type: yes_no, options: [Yes, No] }] }',
    ['sql.questions[0].options'],
  ],
  [
    'an unknown type and a blank label',
    '{ framework: bant, questions: [{ id: a, label: " ", type: rating }] }',
    ['sql.questions[0].label', 'sql.questions[0].type'],
  ],
  [
    'a share above one, and two stages of one id',
    '{ framework: bant, pipeline: [{ id: a, probability: 1.2 }, { id: a, probability: 0.5 }] }',
    ['sql.pipeline[0].probability', 'sql.pipeline[1].id'],
  ],
  ['an empty pipeline', '{ framework: bant, pipeline: [] }', ['sql.pipeline']],
  [
    'a pipeline of ends alone',
    '{ framework: bant, pipeline: [{ id: won, probability: 1 }, { id: lost, probability: 0 }] }',
    ['sql.pipeline'],
  ],
])('%s is refused at its place', (_name, sql, paths) => {
  expect((read(sql).problems ?? []).map(({ path }) => path).sort()).toEqual(paths);
});

test('questions are those of the framework, the own ones, and what is required beside them', () => {
  const { agreement, warnings } = read(
    '{ framework: bant, require: [need, next_step, tender], questions: [{ id: tender, label: Formal tender, type: yes_no }, { id: spend, label: Spend, type: amount, required: true }] }',
  );
  const sql = agreement?.practice.sql;
  if (sql === undefined) throw new Error('no questions were read');
  expect(questionsOf(sql).map(({ id, type, isRequired }) => [id, type, isRequired])).toEqual([
    ['budget', 'text', false],
    ['authority', 'text', false],
    ['need', 'text', true],
    ['timeline', 'text', false],
    ['tender', 'yes_no', true],
    ['spend', 'amount', true],
    ['next_step', 'text', true],
  ]);
  expect(warnings.map(({ path }) => path)).toEqual(['sql.require[1]']);
});

test('a pipeline is what is named, in order; won and lost are its ends, not its stages', () => {
  const sql = read(
    '{ framework: bant, pipeline: [{ id: first_talk, probability: 0.1 }, { id: trial, label: On trial, probability: 60% }, { id: won, probability: 1 }] }',
  ).agreement?.practice.sql;
  expect(pipelineOf(sql)).toEqual([
    { id: 'first_talk', label: 'First talk', probability: 0.1 },
    { id: 'trial', label: 'On trial', probability: 0.6 },
  ]);
});
