import { describe, expect, test } from 'vitest';
import type { Allowance } from '../../../src/core/routing/allowance.ts';
import {
  allowanceAfter,
  checkRemoval,
  stepsBetween,
  teamWarnings,
} from '../../../src/core/routing/membership.ts';
import { EMPTY_ROTA, rotaOf, stepRota } from '../../../src/core/routing/rota.ts';
import { hours, member, NOW, person } from './desk.ts';

describe('what a change of members does to the turns', () => {
  const joined = (userId: string, weight = 1) => ({ kind: 'joined', userId, weight }) as const;
  const rota = rotaOf([joined('ann', 2), joined('bo')]);

  test.each([
    [
      'new members join',
      EMPTY_ROTA,
      [{ userId: 'ann' }, { userId: 'bo', weight: 3 }],
      [joined('ann'), joined('bo', 3)],
    ],
    ['who stays with nothing said moves nothing', rota, [{ userId: 'ann' }, { userId: 'bo' }], []],
    [
      'who stays with the same weight moves nothing',
      rota,
      [
        { userId: 'bo', weight: 1 },
        { userId: 'ann', weight: 2 },
      ],
      [],
    ],
    [
      'another weight is weighed',
      rota,
      [{ userId: 'ann', weight: 1 }, { userId: 'bo' }],
      [{ kind: 'weighed', userId: 'ann', weight: 1 }],
    ],
    [
      'who is left out leaves, before anybody joins',
      rota,
      [{ userId: 'cy' }, { userId: 'ann' }],
      [{ kind: 'left', userId: 'bo' }, joined('cy')],
    ],
    [
      'an emptied team is left by all',
      rota,
      [],
      [
        { kind: 'left', userId: 'ann' },
        { kind: 'left', userId: 'bo' },
      ],
    ],
  ] as const)('%s', (_name, before, wanted, expected) => {
    const steps = stepsBetween(before, wanted);
    expect(steps).toEqual(expected);
    const after = steps.reduce(stepRota, before);
    expect(after.places.map(({ userId }) => userId)).toEqual(wanted.map(({ userId }) => userId).sort());
    expect(stepsBetween(after, wanted)).toEqual([]);
  });

  test('who stays keeps their place, and who joins starts level', () => {
    const busy = stepRota(rota, {
      kind: 'assigned',
      userId: 'ann',
      by: 'weighted',
      available: ['ann', 'bo'],
    });
    const after = stepsBetween(busy, [{ userId: 'ann' }, { userId: 'cy' }]).reduce(stepRota, busy);
    expect(after.places.find(({ userId }) => userId === 'ann')).toEqual(
      busy.places.find(({ userId }) => userId === 'ann'),
    );
    expect(after.places.find(({ userId }) => userId === 'cy')?.pass).toBe(busy.turn);
  });
});

describe('what is left of the day after the leads per day changed', () => {
  const TODAY = Math.floor(NOW / 86_400_000);
  const left = (tokens: number, day = TODAY): Allowance => ({ tokens, day });

  test.each([
    ['a first limit begins an untouched day', null, 3, null, null],
    ['a limit taken away leaves none', 3, null, left(1), null],
    ['an untouched day stays untouched', 3, 5, null, null],
    ['the same limit changes nothing, not even the day', 3, 3, left(1, TODAY - 2), left(1, TODAY - 2)],
    ['a higher one adds to what is left', 3, 5, left(1), left(3)],
    ['a lower one counts what was given today', 5, 3, left(3), left(1)],
    ['a lower one than was given leaves nothing', 5, 1, left(2), left(0)],
    ['what is left is never more than the new limit', 5, 2, left(8), left(2)],
    ['a fraction allows for one lead at most', 0.5, 0.25, left(1), left(0.75)],
    ['a new day has filled up before the change counts', 3, 4, left(0, TODAY - 1), left(4)],
  ] as const)('%s', (_name, before, perDay, kept, expected) => {
    expect(allowanceAfter({ before, perDay, kept }, NOW)).toEqual(expected);
  });

  test('a day off adds nothing', () => {
    // NOW is a Friday.
    const schedule = hours({ mon: ['09:00-17:30'] });
    const kept = left(0, TODAY - 1);
    expect(allowanceAfter({ before: 3, perDay: 4, kept, schedule }, NOW)).toEqual(left(1));
  });
});

describe('what people should know of a team', () => {
  const there = member(person('ann'));
  const gone = member(person('bo', { isActive: false }));
  const viewer = member(person('cy', { mayWork: false }));
  const paused = member(person('di', { isPaused: true }));
  const asleep = member(person('ed', { schedule: hours({ mon: ['09:00-10:00'] }) }));
  const full = member(person('flo'), { mostOpen: 2, open: 2 });

  test.each([
    ['somebody is there', [gone, there], null],
    ['somebody starts later', [asleep], null],
    ['it is empty', [], 'Nobody is in this team'],
    ['nobody may sign in', [gone], 'Nobody in this team is an active user'],
    ['nobody may work leads', [gone, viewer], 'Nobody in this team is an active user who may work leads'],
    ['all are away', [gone, paused], 'Nobody in this team can be given a lead now'],
    ['all have enough', [full], 'Nobody in this team can be given a lead now'],
  ] as const)('%s', (_name, members, words) => {
    const after = ': routing passes it over, and its leads wait in the fallback queue';
    expect(teamWarnings(members, { isGiven: false, now: NOW })).toEqual(words === null ? [] : [`${words}.`]);
    expect(teamWarnings(members, { isGiven: true, now: NOW })).toEqual(
      words === null ? [] : [`${words}${after}.`],
    );
  });
});

test.each([
  ['a team that nothing needs', false, 0, null],
  ['one that an agreement names', true, 0, 'the active agreement names team sales'],
  ['one that an agreement names and leads wait in', true, 2, 'the active agreement names team sales'],
  ['one that leads wait in', false, 2, '2 leads wait in the queue of team sales'],
])('whether a team may be deleted: %s', (_name, isNamed, waiting, message) => {
  const expected = message === null ? null : { kind: 'refused', as: 'conflict', path: '', message };
  expect(checkRemoval({ name: 'sales', isNamed, waiting })).toEqual(expected);
});
