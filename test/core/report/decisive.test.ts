import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effectsOf } from '../../../src/core/report/decisive.ts';
import { compile } from '../../../src/core/scoring/program.ts';
import { scoreAt } from '../../../src/core/scoring/score.ts';
import { kindOf, question } from '../arbitrary.ts';
import { subjectsFrom } from '../known.ts';
import { list, object, text } from '../reference/json.ts';
import { referenceScore } from '../reference/reference.ts';
import { agreementOf } from '../subject.ts';

const NOON = '2026-03-01T12:00:00Z';
const T = Date.parse(NOON);

/** What the rules did for one contact at noon, who asked for a demo an hour before. */
function effects(agreement: object, contact: object = {}) {
  const program = compile(
    agreementOf({ agreement: 1, name: 'A', scores: { fit: {}, intent: {} }, ...agreement }),
  );
  const demo = {
    messageId: 'm',
    userId: 'c',
    type: 'track',
    event: 'Demo',
    timestamp: '2026-03-01T11:00:00Z',
  };
  const told = {
    contacts: [{ id: 'c', createdAt: '2026-01-01T00:00:00Z', contact }],
    events: [demo],
    kindOf,
  };
  const subject = subjectsFrom(program, told, T).get('c');
  if (subject === undefined) throw new Error('the contact is not known');
  const score = scoreAt(program, subject, T);
  if (!score.applies) throw new Error('the contact is not scored');
  return effectsOf(program, score, { subject, t: T });
}

const ALWAYS = { when: { all: [] } };
const rule = (id: string, points: number, more: object = ALWAYS) => ({ id, score: 'fit', points, ...more });
const intent = { ...ALWAYS, score: 'intent' };
const at50 = { id: 'score', when: { total: { gte: 50 } } };

describe('the decisive rules', () => {
  test.each([
    ['one path: 60 of 50', { rules: [rule('a', 30), rule('b', 25), rule('c', 5)], mql: [at50] }, 'a b'],
    [
      'two paths: without a the intent is enough, without b nothing is',
      {
        rules: [rule('a', 30), rule('b', 25, intent)],
        mql: [at50, { id: 'hot', when: { 'score.intent': { gte: 25 } } }],
      },
      'b',
    ],
    [
      'a cap that one rule alone still reaches',
      {
        scores: { fit: { max: 20 } },
        rules: [rule('a', 20), rule('b', 20)],
        mql: [{ id: 'p', when: { total: { gte: 20 } } }],
      },
      '',
    ],
    [
      'a cap that hides how much a rule gave: 30 + 25 is cut to 50, 30 is too little, 25 too',
      { scores: { fit: { max: 50 } }, rules: [rule('a', 30), rule('b', 25)], mql: [at50] },
      'a b',
    ],
    [
      'the cap of a group, applied anew: 15 and 30 make 20, and so does 30 alone',
      {
        groups: { web: { score: 'fit', max: 20 } },
        rules: [
          rule('a', 15, { ...ALWAYS, group: 'web' }),
          rule('b', 30, { ...ALWAYS, group: 'web' }),
          rule('d', 30),
        ],
        mql: [at50],
      },
      'b d',
    ],
    [
      'a floor that lifts the score when a rule is gone',
      {
        scores: { fit: { min: 30 } },
        rules: [rule('a', 40)],
        mql: [{ id: 'p', when: { total: { gte: 30 } } }],
      },
      '',
    ],
    [
      'negative points are not missed',
      { rules: [rule('a', 60), rule('b', -15)], mql: [{ id: 'p', when: { total: { gte: 40 } } }] },
      'a',
    ],
    [
      'negative points that keep a lead below an upper bound are',
      {
        rules: [rule('a', 48), rule('b', 12), rule('n', -12)],
        mql: [{ id: 'p', when: { total: { gte: 30, lt: 50 } } }],
      },
      'a n',
    ],
    [
      'any of: what is not about scores holds as it did',
      {
        rules: [rule('a', 60)],
        mql: [{ id: 'p', when: { any: [{ total: { gte: 50 } }, { 'contact.title': 'VP' }] } }],
      },
      '',
    ],
    [
      'any of: it does not hold where it did not',
      {
        rules: [rule('a', 60)],
        mql: [{ id: 'p', when: { any: [{ total: { gte: 50 } }, { 'contact.title': 'CEO' }] } }],
      },
      'a',
    ],
    [
      'a path that asks for the event of a rule holds without its points',
      { rules: [rule('demo', 60, { on: 'Demo' })], mql: [at50, { id: 'hand_raiser', did: { on: 'Demo' } }] },
      '',
    ],
    [
      'a path that asks for the event and for points needs both',
      { rules: [rule('demo', 60, { on: 'Demo' })], mql: [{ ...at50, did: { on: 'Demo' } }] },
      'demo',
    ],
    ['who did not qualify has none', { rules: [rule('a', 49)], mql: [at50] }, ''],
    [
      'who is disqualified has none',
      {
        rules: [rule('a', 60)],
        mql: [at50],
        disqualify: [{ id: 'vp', when: { 'contact.title': 'VP' } }],
      },
      '',
    ],
  ])('%s', (_name, agreement, decisive) => {
    expect(effects(agreement, { title: 'VP' }).decisive.join(' ')).toBe(decisive);
  });

  test('fired are the rules with a line, in the order of the agreement', () => {
    const rules = [rule('small', 5), rule('no', 70, { when: { 'contact.title': 'VP' } }), rule('big', 50)];
    expect(effects({ rules, mql: [at50] })).toEqual({ fired: ['small', 'big'], decisive: ['big'] });
  });

  test('are those without which the reference finds no path', () => {
    let found = 0;
    fc.assert(
      fc.property(question, ({ agreement, ...asked }) => {
        const program = compile(agreementOf(agreement));
        const subjects = subjectsFrom(program, { ...asked, kindOf }, asked.at);
        const ask = (rules: readonly unknown[]) =>
          referenceScore({ ...asked, kindOf, agreement: { ...agreement, rules: [...rules] } }).map(object);
        const rules = list(agreement.rules);
        for (const answer of ask(rules)) {
          const subject = subjects.get(text(answer.id));
          if (subject === undefined) throw new Error(`no subject ${text(answer.id)}`);
          const score = scoreAt(program, subject, asked.at);
          if (!score.applies) continue;
          const fired = rules.filter(one =>
            list(answer.lines).some(line => object(line).rule === object(one).id),
          );
          const decisive = fired.filter(
            one =>
              answer.qualifies !== null &&
              ask(rules.filter(other => other !== one)).find(({ id }) => id === answer.id)?.qualifies ===
                null,
          );
          found += decisive.length;
          const ids = (some: readonly unknown[]) => some.map(one => text(object(one).id));
          expect(effectsOf(program, score, { subject, t: asked.at })).toEqual({
            fired: ids(fired),
            decisive: ids(decisive),
          });
        }
      }),
      { numRuns: Number(process.env.BATON_PROPERTY_RUNS ?? '800') },
    );
    // It would prove nothing if nothing were ever decisive.
    expect(found).toBeGreaterThan(10);
  });
});
