import { describe, expect, test } from 'vitest';
import { readAnswer, replyWords } from '../../../src/core/qualification/answer.ts';
import { changeAnswers, type KeptAnswer, type SaidAnswer } from '../../../src/core/qualification/change.ts';
import { missingProblems, missingWords, unsatisfied } from '../../../src/core/qualification/missing.ts';
import { printQualification } from '../../../src/core/qualification/print.ts';
import { type QuestionType, questionsOf } from '../../../src/core/qualification/question.ts';

const OPTIONS = ['This year', 'Next year'];
const read = (type: QuestionType, raw: unknown) =>
  readAnswer({ type, options: type === 'choice' ? OPTIONS : [] }, raw);

describe('a value is read by the type of its question', () => {
  test.each<[QuestionType, unknown, unknown]>([
    ['yes_no', true, true],
    ['yes_no', ' No ', false],
    ['choice', 'this year', 'This year'],
    ['text', '  CFO\r\nsigns ', 'CFO\nsigns'],
    ['person', 'Ann\n Lee', 'Ann Lee'],
    ['number', 12.5, 12.5],
    ['number', '-3', -3],
    ['amount', { amount: 12_000, currency: 'eur' }, { amount: 12_000, currency: 'EUR' }],
    ['amount', { amount: '0.50', currency: 'GBP' }, { amount: 0.5, currency: 'GBP' }],
    ['amount', { amount: 5, currency: 'JPY' }, { amount: 5, currency: 'JPY' }],
    ['date', '2028-02-29', '2028-02-29'],
    ['date', '', null],
    ['text', '   ', null],
    ['yes_no', null, null],
  ])('%s %j', (type, raw, value) => {
    expect(read(type, raw)).toEqual({ value, fault: null });
  });

  test.each<[QuestionType, unknown, string]>([
    ['yes_no', 'perhaps', 'expected true or false, got "perhaps"'],
    ['choice', 'Never', 'expected one of This year, Next year, got "Never"'],
    ['choice', true, 'expected one of This year, Next year, got true'],
    ['text', 7, 'expected text, got the number 7'],
    ['text', 'x'.repeat(4001), 'expected at most 4000 characters'],
    ['person', 'x'.repeat(201), 'expected at most 200 characters'],
    ['number', '1e9999', 'expected a number such as 12 or 1.5, got "1e9999"'],
    ['number', false, 'expected a number such as 12 or 1.5, got false'],
    ['amount', 500, 'expected an amount and its currency, got the number 500'],
    ['amount', { amount: -1, currency: 'EUR' }, 'expected an amount of 0 or more'],
    ['amount', { amount: 1.5, currency: 'JPY' }, 'expected a whole amount: JPY has no decimals'],
    ['amount', { amount: 1.005, currency: 'USD' }, 'expected at most 2 decimals: more than USD has'],
    [
      'amount',
      { amount: 'lots', currency: 'EURO' },
      'expected an amount such as 12000, got "lots"; expected the code of a currency by ISO 4217, such as EUR or USD, got "EURO"',
    ],
    ['date', '2026-02-30', 'expected a date such as 2026-03-01, got "2026-02-30"'],
    ['date', '01.02.2026', 'expected a date such as 2026-03-01, got "01.02.2026"'],
    ['date', '0000-01-01', 'expected a date such as 2026-03-01, got "0000-01-01"'],
  ])('%s %j is refused', (type, raw, fault) => {
    expect(read(type, raw)).toEqual({ value: null, fault });
  });

  test('and said in words', () => {
    expect([true, 1_200, 'CFO', '2026-06-30', { amount: 9.5, currency: 'USD' }].map(replyWords)).toEqual([
      'Yes',
      '1,200',
      'CFO',
      '30 Jun 2026',
      '$9.50',
    ]);
  });
});

const SQL = { framework: 'bant', require: ['need', 'authority'] } as const;
const questions = questionsOf({ ...SQL, require: [...SQL.require] });
const ANN = { actor: 'Ann', userId: 'ann' };
const BOB = { actor: 'Bob', userId: 'bob' };
const kept = (question: string, more: Partial<KeptAnswer> = {}): KeptAnswer => ({
  ...{ question, label: question, value: 'old', isUnknown: false, note: null, at: 0, revision: 1 },
  ...ANN,
  ...more,
});

describe('what is missing', () => {
  test('unknown answers a question and does not satisfy it', () => {
    const answers = [kept('need', { value: null, isUnknown: true }), kept('authority'), kept('budget')];
    expect(unsatisfied(questions, answers).map(({ id }) => id)).toEqual(['need']);
    expect(missingProblems(unsatisfied(questions, [])).map(({ path }) => path)).toEqual([
      'qualification.authority',
      'qualification.need',
    ]);
    expect(missingWords(['Need', 'Authority'])).toBe('Need and Authority still to be found out');
  });

  test('is printed with the answers in the order of the questions, those no longer asked last', () => {
    const answers = [kept('gone'), kept('need'), kept('budget'), kept('timeline', { value: null })];
    const { answers: printed, missing } = printQualification(
      { ...SQL, require: [...SQL.require] },
      answers,
      [],
    );
    expect(printed.map(({ id }) => id)).toEqual(['budget', 'need', 'gone']);
    expect(missing).toEqual(['authority']);
  });
});

describe('an answer', () => {
  const change = (said: Record<string, SaidAnswer>, before: readonly KeptAnswer[], by = BOB) =>
    changeAnswers(questions, before, said, by);

  test.each<[string, SaidAnswer, Partial<KeptAnswer> | null, string]>([
    ['to a question that nobody answered', { value: 'new' }, null, 'saved'],
    ['to a question that nobody answered, by who saw another', { value: 'new', revision: 3 }, null, 'saved'],
    ['over one that was seen', { value: 'new', revision: 1 }, {}, 'saved'],
    ['over one of somebody else that was not seen', { value: 'new', revision: 0 }, {}, 'conflict'],
    ['over one of somebody else, by who does not say', { value: 'new' }, {}, 'conflict'],
    ['of unknown over one that was not seen', { unknown: true }, {}, 'conflict'],
    ['over one’s own', { value: 'new' }, BOB, 'saved'],
    ['that is the same', { value: ' old ' }, {}, 'same'],
    ['over one that was taken back', { value: 'new' }, { value: null }, 'saved'],
    [
      'over one that was seen and then taken back',
      { value: 'new', revision: 1 },
      { value: null, revision: 2 },
      'conflict',
    ],
    ['by another key', { value: 'new' }, { userId: null, actor: 'API key “CRM”' }, 'conflict'],
  ])('%s', (_name, said, before, expected) => {
    const done = change({ need: said }, before === null ? [] : [kept('need', before)]);
    const is = done.kind === 'done' ? (done.changes.length === 0 ? 'same' : 'saved') : done.kind;
    expect(is).toBe(expected);
  });

  test('that two people gave at once is told with both, and nothing is saved', () => {
    const done = change({ need: { value: 'mine', revision: 0 }, budget: { value: '10k' } }, [kept('need')]);
    expect(done).toMatchObject({
      kind: 'conflict',
      problems: [{ path: 'answers.need', message: 'Ann answered “old” meanwhile; yours is “mine”' }],
      conflicts: [{ id: 'need', theirs: { value: 'old', by: 'Ann', revision: 1 }, yours: { value: 'mine' } }],
    });
  });

  test('that is not one is refused with all that is wrong', () => {
    const done = change(
      { need: { value: 7 }, budget: {}, magic: { value: 'x' }, timeline: { value: 'x', unknown: true } },
      [],
    );
    expect(done).toEqual({
      kind: 'invalid',
      problems: [
        { path: 'answers.need', message: 'expected text, got the number 7' },
        { path: 'answers.budget', message: 'expected value or unknown: true' },
        {
          path: 'answers.magic',
          message: 'expected one of the questions (budget, authority, need, timeline)',
        },
        { path: 'answers.timeline', message: 'expected a value or unknown, got both' },
      ],
    });
  });

  test('keeps its note until another one is given', () => {
    const before = kept('need', { ...BOB, note: 'by phone' });
    const notes = [
      { value: 'new' },
      { unknown: true },
      { value: 'new', note: '' },
      { note: 'by mail' },
      { value: null },
    ];
    const done = notes.map(said => change({ need: said }, [before]));
    expect(done.map(each => (each.kind === 'done' ? each.changes[0]?.note : each.kind))).toEqual([
      'by phone',
      'by phone',
      null,
      'by mail',
      null,
    ]);
  });
});
