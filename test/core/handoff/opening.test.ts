import { describe, expect, test } from 'vitest';
import { readAgreement } from '../../../src/core/agreement/agreement.ts';
import { EPISODE_STATES } from '../../../src/core/contact/episode.ts';
import {
  afterHandoff,
  type LastEpisode,
  mayOpen,
  openingOf,
  whyLeftAlone,
} from '../../../src/core/handoff/opening.ts';
import { compile } from '../../../src/core/scoring/program.ts';
import { makeSubject, scoreAt } from '../../../src/core/scoring/score.ts';

const DAY = 86_400_000;
const NOW = 100 * DAY;
const BORN = 10 * DAY;

/** An episode that ended thirty days ago by a decision, or was opened then. */
function episode(state: LastEpisode['state'], more: Partial<LastEpisode> = {}): LastEpisode {
  const at = NOW - 30 * DAY;
  return { state, endedAt: at, decidedAt: at, requalifyAt: null, disqualifier: null, ...more };
}

const seen = (lastSeenAt: number | null) => ({ createdAt: BORN, lastSeenAt });
const ALLOWED = {
  isAllowed: true,
  isWaivable: false,
  notBefore: null,
  since: BORN,
  recycledAt: null,
  isClosed: false,
};
const FORBIDDEN = { ...ALLOWED, isAllowed: false, since: NOW };

describe('who may get a new episode', () => {
  const ENDED = NOW - 30 * DAY;
  const DOOR = { ...ALLOWED, since: ENDED, isClosed: true };
  const AGAIN = { ...ALLOWED, since: ENDED, recycledAt: ENDED };

  test.each([
    ['a contact that never had one', null, NOW, ALLOWED],
    ['not one with an open episode', episode('open', { endedAt: null, decidedAt: null }), NOW, FORBIDDEN],
    ['not one that sales has accepted', episode('accepted', { endedAt: null }), NOW, FORBIDDEN],
    ['not one with an opportunity', episode('opportunity', { endedAt: null }), NOW, FORBIDDEN],
    ['not a customer, whatever it does', episode('won'), NOW, FORBIDDEN],
    ['not one that sales has disqualified', episode('disqualified'), NOW, FORBIDDEN],
    [
      'not one that sales has disqualified after a disqualifier had sent it to a team',
      episode('disqualified', { disqualifier: 'customer' }),
      NOW,
      FORBIDDEN,
    ],
    [
      'one that a disqualifier has closed, which may hold no longer',
      episode('disqualified', { disqualifier: 'competitor', decidedAt: null }),
      null,
      DOOR,
    ],
    [
      'not one that was closed without a disqualifier, as the double of another',
      episode('disqualified', { decidedAt: null }),
      NOW,
      FORBIDDEN,
    ],
    ['a recycled one that did something since', episode('recycled'), ENDED + 1, AGAIN],
    [
      'not a recycled one seen last at the decision',
      episode('recycled'),
      ENDED,
      { ...AGAIN, isAllowed: false },
    ],
    ['not a recycled one that was never seen', episode('recycled'), null, { ...AGAIN, isAllowed: false }],
    ['a lost one that did something since', episode('lost'), NOW, AGAIN],
    [
      'one whose episode an import ended without a decision, from the end on',
      episode('lost', { decidedAt: null }),
      NOW,
      AGAIN,
    ],
    [
      'a recycled one while the wait runs only by a path that overrides it',
      episode('recycled', { requalifyAt: NOW + 1 }),
      NOW,
      { ...AGAIN, isAllowed: false, isWaivable: true, notBefore: NOW + 1 },
    ],
    [
      'not a recycled one while the wait runs that did nothing since',
      episode('recycled', { requalifyAt: NOW + 1 }),
      ENDED,
      { ...AGAIN, isAllowed: false, notBefore: NOW + 1 },
    ],
    [
      'one that another team was done with, after a rest',
      episode('handled', { disqualifier: 'customer', requalifyAt: NOW }),
      NOW,
      { ...AGAIN, since: NOW },
    ],
    [
      'a recycled one at the end of the wait, for a crossing since then',
      episode('recycled', { requalifyAt: NOW }),
      ENDED + 1,
      { ...AGAIN, since: NOW },
    ],
    [
      'not at the end of the wait where nothing happened',
      episode('recycled', { requalifyAt: NOW }),
      ENDED,
      { ...AGAIN, since: NOW, isAllowed: false },
    ],
  ] as const)('%s', (_name, last, lastSeenAt, expected) => {
    expect(mayOpen(last, seen(lastSeenAt), NOW)).toEqual(expected);
  });

  test.each(EPISODE_STATES)('nobody whose episode is %s and has no end gets a second one', state => {
    expect(mayOpen(episode(state, { endedAt: null }), seen(NOW), NOW).isAllowed).toBe(false);
  });
});

describe('the episode that a score asks for', () => {
  const { agreement, problems } = readAgreement({
    agreement: 1,
    name: 'Openings',
    scores: { fit: {} },
    rules: [{ id: 'size', score: 'fit', points: 20, when: { 'company.employees': { gte: 100 } } }],
    disqualify: [
      { id: 'rival', label: 'A rival', when: { 'contact.rival': true } },
      { id: 'press', label: 'The press', when: { 'contact.press': true } },
      { id: 'customer', label: 'A customer', when: { 'contact.customer': true }, route: 'success' },
    ],
    mql: [{ id: 'big', when: { 'score.fit': { gte: 20 } } }],
  });
  if (agreement === null) throw new Error(JSON.stringify(problems));
  const program = compile(agreement);

  function opening(contact: object, permission: ReturnType<typeof mayOpen>, employees = 100) {
    const history = Array.from({ length: program.slots }, () => []);
    const profile = { contact, company: { employees } };
    const subject = makeSubject(program, { profile, history, createdAt: BORN });
    const score = scoreAt(program, subject, NOW);
    if (!score.applies) throw new Error('the agreement does not apply');
    const found = openingOf(program, { subject, score, now: NOW }, permission);
    return found === null ? null : { ...found, disqualifier: found.disqualifier?.id ?? null };
  }

  const may = { ...ALLOWED, since: 50 * DAY, recycledAt: 49 * DAY };
  const closed = { ...ALLOWED, since: 50 * DAY, isClosed: true };
  const big = { path: 'big', disqualifier: null, since: 50 * DAY, recycledAt: 49 * DAY };
  const held = (disqualifier: string) => ({ path: 'big', disqualifier, since: NOW, recycledAt: null });

  test.each([
    ['the path by which it qualifies', {}, may, 100, big],
    ['none where it may get none', {}, { ...may, isAllowed: false }, 100, null],
    ['none where no path holds', {}, may, 99, null],
    ['none where no path would hold, whatever disqualifies it', { rival: true }, may, 99, null],
    ['one to be closed, for what disqualifies it', { rival: true }, may, 100, held('rival')],
    ['one to be closed for the first of two reasons', { rival: true, press: true }, may, 100, held('rival')],
    ['one for the team of a disqualifier that names one', { customer: true }, may, 100, held('customer')],
    [
      'one for the team, though another disqualifier stands before it',
      { rival: true, customer: true },
      may,
      100,
      held('customer'),
    ],
    ['none where the last was closed already', { rival: true }, closed, 100, null],
    ['one for a team, though the last was closed', { customer: true }, closed, 100, held('customer')],
    ['the path, where what closed the last holds no longer', {}, closed, 100, { ...big, recycledAt: null }],
    ['none by another path while a wait runs', {}, { ...may, isAllowed: false, isWaivable: true }, 100, null],
  ] as const)('is %s', (_name, contact, permission, employees, expected) => {
    expect(opening(contact, permission, employees)).toEqual(expected);
  });
});

describe('a path that overrides the wait', () => {
  const { agreement } = readAgreement({
    agreement: 1,
    name: 'Waits',
    scores: { fit: {} },
    rules: [{ id: 'size', score: 'fit', points: 20, when: { 'company.employees': { gte: 100 } } }],
    disqualify: [{ id: 'customer', when: { 'contact.customer': true }, route: 'success' }],
    mql: [
      { id: 'big', when: { 'score.fit': { gte: 20 } } },
      { id: 'hand', did: { on: 'Demo Requested', within: '7d' }, overrides: 'wait' },
    ],
  });
  if (agreement === null) throw new Error('the agreement of this test is not valid');
  const program = compile(agreement);
  const DECIDED = NOW - 2 * DAY;
  const last = episode('recycled', { decidedAt: DECIDED, endedAt: DECIDED, requalifyAt: NOW + DAY });

  function opening(demoAt: number, contact: object, until = NOW + DAY) {
    const history = Array.from({ length: program.slots }, () => [demoAt]);
    const subject = makeSubject(program, {
      profile: { contact, company: { employees: 100 } },
      history,
      createdAt: BORN,
    });
    const score = scoreAt(program, subject, NOW);
    if (!score.applies) throw new Error('the agreement does not apply');
    const may = mayOpen({ ...last, requalifyAt: until }, seen(NOW), NOW);
    const found = openingOf(program, { subject, score, now: NOW }, may);
    return found === null ? null : [found.path, found.disqualifier?.id ?? null];
  }

  test.each([
    [
      'opens by what was asked since the decision, though another path comes first',
      NOW - DAY,
      {},
      NOW + DAY,
      ['hand', null],
    ],
    ['opens nothing by what was asked before', DECIDED - 1, {}, NOW + DAY, null],
    ['opens nothing by what was asked at that very instant', DECIDED, {}, NOW + DAY, null],
    ['opens nothing by what was asked too long ago', NOW - 8 * DAY, {}, NOW + DAY, null],
    [
      'sends a lead to the team of a disqualifier',
      NOW - DAY,
      { customer: true },
      NOW + DAY,
      ['hand', 'customer'],
    ],
    ['is not needed once the wait is over', DECIDED - 1, {}, NOW, ['big', null]],
  ] as const)('%s', (_name, demoAt, contact, until, expected) => {
    expect(opening(demoAt, contact, until)).toEqual(expected);
  });
});

describe('a contact that qualifies', () => {
  const HISTORY = 'imported history';
  const VERSION = 'a new version of the agreement';
  const under = (version: number, leftAlone: string | null = null) => ({ version, leftAlone });

  test.each([
    ['is handed over by a call of its own', 'onCall', null, false, null],
    ['is handed over by a call, though it was left alone', 'onCall', under(2, HISTORY), false, null],
    ['is left alone by an import', 'never', under(2), true, HISTORY],
    ['is left alone by time, if it was never evaluated', 'onTime', null, true, HISTORY],
    ['is left alone by time, if it counts as never evaluated', 'onTime', under(0), true, HISTORY],
    ['is handed over by time under the same version', 'onTime', under(2), false, null],
    ['stays left alone under the same version', 'onTime', under(2, VERSION), true, VERSION],
    ['is left alone by a new version', 'onTime', under(1), false, VERSION],
    ['is handed over by a new version that hands over', 'onTime', under(1), true, null],
    ['stays left alone by a new version that hands over', 'onTime', under(1, HISTORY), true, HISTORY],
  ] as const)('%s', (_name, opens, evaluated, handsOver, expected) => {
    expect(whyLeftAlone(opens, evaluated, { version: 2, handsOver })).toBe(expected);
  });
});

describe('where a contact stands after a handoff', () => {
  const place = {
    contactId: 'c1',
    stage: 'lead',
    stageSince: 1,
    firstMqlAt: null,
    ownerId: null,
    evaluatedAt: NOW,
  };

  test.each([
    ['as before, if there was none', null, {}],
    [
      'as an MQL with its owner, first since it qualified',
      { kind: 'mql', ownerId: 'ann', qualifiedAt: 7 },
      { stage: 'mql', stageSince: NOW, firstMqlAt: 7, ownerId: 'ann' },
    ],
    [
      'as an MQL without an owner, if it waits',
      { kind: 'mql', ownerId: null, qualifiedAt: 7 },
      { stage: 'mql', stageSince: NOW, firstMqlAt: 7 },
    ],
    [
      'as before, but owned, if it was sent to a team',
      { kind: 'routed', ownerId: 'bo', qualifiedAt: 7 },
      { ownerId: 'bo' },
    ],
    [
      'as disqualified, if it was closed',
      { kind: 'closed', ownerId: null, qualifiedAt: 7 },
      { stage: 'disqualified', stageSince: NOW },
    ],
  ] as const)('%s', (_name, handoff, changed) => {
    expect(afterHandoff(place, handoff)).toEqual({ ...place, ...changed });
  });

  test('a later handoff keeps the first time and, where it has none of its own, the owner', () => {
    const known = { ...place, firstMqlAt: 3, ownerId: 'cy' };
    expect(afterHandoff(known, { kind: 'mql', ownerId: null, qualifiedAt: 7 })).toMatchObject({
      firstMqlAt: 3,
      ownerId: 'cy',
    });
    expect(afterHandoff(known, { kind: 'routed', ownerId: null, qualifiedAt: 7 })).toEqual(known);
  });
});
