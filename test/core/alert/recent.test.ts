import { describe, expect, test } from 'vitest';
import { deedsInWords, raisedInWords } from '../../../src/core/alert/recent.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('what raised an alert, in words', () => {
  const done = (name: string, properties: object = {}) => ({ at: 9, name, properties, context: {} });
  const pricing = { title: 'Pricing', path: '/pricing' };

  test.each([
    ['the thing done', done('Demo Requested', { plan: 'Team' }), null, 'Demo Requested.'],
    ['a page by its title', done('page', pricing), null, 'Viewed “Pricing”.'],
    ['a screen, however it is written', done(' Screen ', pricing), null, 'Opened the screen “Pricing”.'],
    ['a thing that only sounds like a page', done('Page Viewed', pricing), null, 'Page Viewed.'],
    ['what the rule is called, where nothing was done', null, null, 'Back again.'],
    [
      'how long the silence was',
      done('page', pricing),
      95 * DAY,
      'Back after 95 days of silence: Viewed “Pricing”.',
    ],
    ['whole days of it', done('Login'), 2 * DAY - 1, 'Back after 1 day of silence: Login.'],
    ['a silence of less than a day', done('Login'), DAY - 1, 'Back after a silence: Login.'],
    ['the rule after a silence', null, DAY, 'Back after 1 day of silence: Back again.'],
    ['a name of several lines in one', done('Demo\nRequested'), null, 'Demo Requested.'],
  ])('%s', (_name, last, silentMs, words) => {
    expect(raisedInWords({ last, label: 'Back again', silentMs })).toBe(words);
  });
});

test('what somebody did lately is said once each, with how often, the last first', () => {
  const deed = (at: number, name: string) => ({ at, type: 'track', name, properties: {}, context: {} });
  const deeds = [deed(1, 'Login'), deed(4, 'Demo Requested'), deed(7, 'Login'), deed(2, 'Sign Up')];
  expect(deedsInWords(deeds, 2)).toEqual([
    { label: 'Login (2 times)', at: 7 },
    { label: 'Demo Requested', at: 4 },
  ]);
  expect(deedsInWords([], 3)).toEqual([]);
});
