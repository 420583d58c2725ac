import { describe, expect, test } from 'vitest';
import { readAgreement } from '../../../src/core/agreement/agreement.ts';
import { dueTimes, openDesk } from '../../../src/core/handoff/desk.ts';
import { compile } from '../../../src/core/scoring/program.ts';
import { makeSubject, scoreAt } from '../../../src/core/scoring/score.ts';

const NOW = Date.parse('2026-03-06T17:00:00Z'); // a Friday
const HOUR = 3_600_000;

function deskOf(practice: object) {
  const { agreement, problems } = readAgreement({
    agreement: 1,
    name: 'Desk',
    scores: { fit: {}, intent: {} },
    rules: [
      { id: 'size', score: 'fit', points: 20, when: { 'company.employees': { gte: 100 } } },
      { id: 'vp', score: 'intent', points: 50, when: { 'contact.title': 'VP' } },
    ],
    ...practice,
  });
  if (problems !== null) throw new Error(JSON.stringify(problems));
  return openDesk(compile(agreement));
}

function leadOf(
  desk: ReturnType<typeof deskOf>,
  profile: { readonly contact?: object; readonly company?: object },
) {
  const history = Array.from({ length: desk.program.slots }, () => []);
  const subject = makeSubject(desk.program, {
    profile: { contact: profile.contact ?? {}, company: profile.company ?? {} },
    history,
    createdAt: NOW - HOUR,
  });
  const score = scoreAt(desk.program, subject, NOW);
  if (!score.applies) throw new Error('the agreement does not apply');
  return { subject, score, at: NOW };
}

describe('when a lead is due', () => {
  const desk = deskOf({
    calendars: { business: { timezone: 'Europe/London', hours: { 'mon-fri': ['09:00-17:30'] } } },
    sla: [
      {
        id: 'hot',
        when: { 'score.intent': { gte: 40 } },
        firstTouch: '1h',
        decision: '2bd',
        calendar: 'business',
      },
      { id: 'rest', when: { total: { gte: 20 } }, firstTouch: '4h', decision: '5d', calendar: 'always' },
    ],
  });

  test.each([
    [
      'working time goes over the weekend',
      { contact: { title: 'VP' } },
      ['2026-03-09T09:30:00.000Z', '2026-03-10T17:00:00.000Z'],
    ],
    [
      'always is the clock on the wall',
      { company: { employees: 100 } },
      ['2026-03-06T21:00:00.000Z', '2026-03-11T17:00:00.000Z'],
    ],
  ] as const)('%s', (_name, profile, expected) => {
    const { firstTouchDueAt, decisionDueAt } = dueTimes(desk, leadOf(desk, profile));
    expect([firstTouchDueAt, decisionDueAt].map(at => new Date(at ?? 0).toISOString())).toEqual(expected);
  });

  test('without an entry that holds nothing is promised', () => {
    expect(dueTimes(desk, leadOf(desk, {}))).toMatchObject({ firstTouchDueAt: null, decisionDueAt: null });
  });
});
