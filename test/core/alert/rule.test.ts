import { describe, expect, test } from 'vitest';
import { readAgreement } from '../../../src/core/agreement/agreement.ts';
import {
  type Alarms,
  afterSilence,
  alarmsRaised,
  isHeard,
  openAlarms,
  silenceBefore,
} from '../../../src/core/alert/rule.ts';
import type { Happening } from '../../../src/core/condition/event.ts';

const NOW = Date.parse('2026-03-02T10:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function alarmsOf(alerts: readonly object[]): Alarms {
  const { agreement, problems } = readAgreement({
    agreement: 1,
    name: 'Alerts',
    scores: { fit: {} },
    alerts,
  });
  if (problems !== null) throw new Error(JSON.stringify(problems));
  const alarms = openAlarms(agreement);
  if (alarms === null) throw new Error('no alert rules');
  return alarms;
}

const event = (name: string, at: number, properties: object = {}): Happening => ({
  at,
  name,
  properties,
  context: {},
});

const PRICING = { event: 'page', where: { path: { startsWith: '/pricing' } } };
const alarms = alarmsOf([
  { id: 'demo', label: 'Asked for a demo', on: { event: ['Demo Requested', 'Contact Requested'] } },
  { id: 'pricing', on: PRICING, when: { 'company.employees': { gte: 100 } } },
  { id: 'old', on: 'Video Watched', when: { 'contact.createdAt': { olderThan: '30d' } } },
  { id: 'back', on: PRICING, quietFor: '60d', to: 'team', via: ['webhook'], atMostEvery: '1d' },
]);

const raised = (
  events: readonly Happening[],
  more: { readonly company?: object; readonly createdAt?: number } = {},
) =>
  alarmsRaised(alarms, {
    events,
    profile: { contact: {}, company: { ...more.company } },
    createdAt: more.createdAt ?? NOW - HOUR,
    now: NOW,
  }).map(found => [found.alarm.id, found.events.length] as const);

describe('an alert rule', () => {
  test('speaks by default to the owner, by every way, once in four hours', () => {
    expect(alarms.list[0]).toMatchObject({
      to: 'owner',
      via: ['slack', 'email', 'in_app'],
      everyMs: 4 * HOUR,
    });
    expect(alarms.list[3]).toMatchObject({
      to: 'team',
      via: ['webhook'],
      everyMs: DAY,
      quietForMs: 60 * DAY,
    });
  });

  test.each([
    ['meets its events by name', [event('Demo Requested', NOW)], {}, [['demo', 1]]],
    ['compares names as text', [event('  DEMO requested ', NOW)], {}, [['demo', 1]]],
    [
      'counts all of a call',
      [event('Demo Requested', NOW), event('Contact Requested', NOW)],
      {},
      [['demo', 2]],
    ],
    ['passes over other events', [event('Login', NOW)], {}, []],
    ['looks at the properties', [event('page', NOW, { path: '/blog' })], { company: { employees: 500 } }, []],
    [
      'looks at the profile',
      [event('page', NOW, { path: '/pricing/eu' })],
      { company: { employees: 500 } },
      [
        ['pricing', 1],
        ['back', 1],
      ],
    ],
    ['needs its condition to hold', [event('page', NOW, { path: '/pricing' })], {}, [['back', 1]]],
    [
      'knows when the contact came to be',
      [event('Video Watched', NOW)],
      { createdAt: NOW - 31 * DAY },
      [['old', 1]],
    ],
    ['is not met by a new one', [event('Video Watched', NOW)], { createdAt: NOW - 29 * DAY }, []],
    ['passes over what happened more than a day ago', [event('Demo Requested', NOW - DAY - 1)], {}, []],
    ['hears what came a day late', [event('Demo Requested', NOW - DAY)], {}, [['demo', 1]]],
  ])('%s', (_name, events, more, expected) => {
    expect(raised(events, more)).toEqual(expected);
  });

  test('is not asked about events of other names', () => {
    expect(isHeard(alarms, 'Page')).toBe(true);
    expect(isHeard(alarms, 'Login')).toBe(false);
  });

  test.each([
    ['that nobody hears', { via: [] }, 'alerts[0].via', 'expected at least 1 entries'],
    [
      'for nobody',
      { to: 'nobody' },
      'alerts[0].to',
      'expected owner, team or channel, got the text "nobody"',
    ],
    ['that speaks all the time', { atMostEvery: '0h' }, 'alerts[0].atMostEvery', 'expected a duration'],
    [
      'that listens to nothing',
      { on: { event: [] } },
      'alerts[0].on.event',
      'expected at least one event name',
    ],
  ])('%s is refused', (_name, more, path, message) => {
    const alerts = [{ id: 'a', on: 'Demo Requested', ...more }];
    const { problems } = readAgreement({ agreement: 1, name: 'Odd', scores: { fit: {} }, alerts });
    expect(problems?.map(problem => problem.path)).toEqual([path]);
    expect(problems?.[0]?.message).toContain(message);
  });

  test('is there only where the agreement has one', () => {
    const { agreement } = readAgreement({ agreement: 1, name: 'None', scores: { fit: {} } });
    expect(agreement === null ? undefined : openAlarms(agreement)).toBeNull();
  });
});

describe('silence before an event', () => {
  test.each([
    ['of somebody new does not exist', [NOW], null],
    ['of somebody new on a first visit does not exist', [NOW - 30 * MINUTE, NOW], null],
    ['is counted from the last event before', [NOW - 90 * DAY, NOW], 90 * DAY],
    [
      'is not ended by what was done on the way',
      [NOW - 90 * DAY, NOW - 30 * MINUTE, NOW],
      90 * DAY - 30 * MINUTE,
    ],
    ['is ended by a visit before', [NOW - 90 * DAY, NOW - 2 * HOUR, NOW], 2 * HOUR],
    ['does not look at what came later', [NOW - 90 * DAY, NOW, NOW + DAY], 90 * DAY],
  ])('%s', (_name, times, expected) => {
    expect(silenceBefore(times, NOW)).toBe(expected);
  });
});

describe('a rule for silent contacts', () => {
  const found = (past: readonly Happening[], events: readonly Happening[]) => {
    const [call] = alarmsRaised(alarms, {
      events,
      profile: { contact: {}, company: {} },
      createdAt: 0,
      now: NOW,
    });
    return call === undefined ? null : afterSilence(call, { past, alarms }).map(({ at }) => at);
  };
  const page = (at: number) => event('page', at, { path: '/pricing' });

  test('speaks of the first event after the silence', () => {
    expect(found([event('Login', NOW - 61 * DAY), page(NOW)], [page(NOW)])).toEqual([NOW]);
  });

  test('speaks when the visit began on another page', () => {
    const home = event('page', NOW - 5 * MINUTE, { path: '/' });
    expect(found([event('Login', NOW - 61 * DAY), home, page(NOW)], [page(NOW)])).toEqual([NOW]);
  });

  test('speaks once of a visit', () => {
    const [first, second] = [page(NOW - 5 * MINUTE), page(NOW)];
    const before = event('Login', NOW - 61 * DAY);
    expect(found([before, first, second], [second])).toEqual([]);
    expect(found([before, first, second], [first, second])).toEqual([first.at]);
  });

  test('is silent about the new, and about those who were here lately', () => {
    expect(found([page(NOW)], [page(NOW)])).toEqual([]);
    expect(found([event('Login', NOW - 59 * DAY), page(NOW)], [page(NOW)])).toEqual([]);
  });
});
