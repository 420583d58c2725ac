import { expect, test } from 'vitest';
import { readAgreement } from '../../../src/core/agreement/agreement.ts';

const BASE = { agreement: 1, name: 'x', scores: { fit: {} } };
const routing = (...entries: readonly object[]) => ({ routing: entries });
const hours = (more: object) => ({
  calendars: { work: { timezone: 'UTC', hours: { mon: ['09:00-10:00'] }, ...more } },
});

const TEAM_OR_OWNER = 'expected { owner: e-mail }, { team: name, by: round_robin } or companyOwner';

test.each([
  ['an entry that names nobody', routing({ id: 'a' }), [['routing[0].to', `${TEAM_OR_OWNER}, got nothing`]]],
  [
    'an entry that goes to nothing',
    routing({ id: 'a', to: {} }),
    [['routing[0].to', `${TEAM_OR_OWNER}, got a map`]],
  ],
  [
    'an owner without an address',
    routing({ id: 'a', to: { owner: '' } }),
    [['routing[0].to.owner', 'expected an e-mail address']],
  ],
  [
    'a way of sharing without a team',
    routing({ id: 'a', to: { by: 'weighted' } }),
    [['routing[0].to.team', 'expected text, got nothing']],
  ],
  [
    'a fallback before the end',
    routing({ fallback: 'a' }, { fallback: 'b' }),
    [['routing[0]', expect.stringContaining('the last entry')]],
  ],
  [
    'a calendar with no hours',
    hours({ hours: {} }),
    [['calendars.work.hours', 'expected at least one working hour in the week']],
  ],
  [
    'a calendar with empty days',
    hours({ hours: { mon: [], tue: [] } }),
    [['calendars.work.hours', 'expected at least one working hour in the week']],
  ],
  [
    'a calendar whose hours cannot be read',
    hours({ hours: { mon: ['17:00-17:00'], tue: 'all day', someday: ['09:00-10:00'] } }),
    [
      ['calendars.work.hours.mon[0]', expect.stringContaining('"17:00-17:00"')],
      ['calendars.work.hours.tue', 'expected a list such as ["09:00-17:30"], got the text "all day"'],
      ['calendars.work.hours.someday', 'expected a weekday or a range: mon, sat, mon-fri, sun-thu'],
    ],
  ],
  [
    'a time zone that does not exist',
    hours({ timezone: 'Mars/Base' }),
    [['calendars.work.timezone', expect.stringContaining('Europe/London')]],
  ],
  [
    'an entry after one that takes everything',
    routing({ id: 'a', to: { owner: 'a@b.co' } }, { id: 'b', to: { team: 'x' } }),
    null,
  ],
])('an agreement with %s', (_name, practice, expected) => {
  const { problems } = readAgreement({ ...BASE, ...practice });
  expect(problems?.map(({ path, message }) => [path, message]) ?? null).toEqual(expected);
});
