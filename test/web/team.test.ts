import { describe, expect, it } from 'vitest';
import type { AttendanceView, TeamMember } from '../../src/contract/api/team.ts';
import type { RoutingReason } from '../../src/core/routing/reason.ts';
import { waitingLabel } from '../../src/core/routing/waiting.ts';
import {
  backWords,
  daysOff,
  isOverloaded,
  loadNotes,
  offWords,
  sharesOf,
  standingOf,
} from '../../src/web/routing/teamwords.ts';
import { changesBody, missedWords, newChange } from '../../src/web/routing/whatifwords.ts';
import { becauseWords, exceptionWords, routedWords, skippedOf } from '../../src/web/routing/words.ts';

/** Noon of Wednesday 4 March 2026, by the clock of the machine, as the browser shows times. */
const NOW = new Date(2026, 2, 4, 12).getTime();
const local = (day: number, hour = 0) => new Date(2026, 2, day, hour).toISOString();

const AT_WORK: AttendanceView = { state: 'available', reason: null, words: '', until: null };

function member(given: Partial<TeamMember> = {}): TeamMember {
  return {
    userId: 'ben',
    name: 'Ben',
    weight: 1,
    active: true,
    capacity: { open: null, perDay: null },
    openLeads: 0,
    overdue: 0,
    hasHours: true,
    gotToday: 0,
    got30d: 0,
    attendance: AT_WORK,
    paused: false,
    timeOff: [],
    changeRefused: null,
    ...given,
  };
}

describe('what stands out of a team', () => {
  it('is somebody without working hours, who only seems to be at work', () => {
    expect(standingOf(member({ hasHours: false }), 0)).toEqual({ words: 'No hours set', color: 'gray' });
  });

  it.each<[number, readonly number[], boolean]>([
    [14, [3, 4], true],
    [8, [4, 4], true],
    [7, [4, 4], false],
    [4, [1, 1], false],
    [9, [], false],
  ])('%d open leads beside %j: %s', (open, others, isHeavy) => {
    expect(isOverloaded(open, others)).toBe(isHeavy);
  });
});

it('who may get a lead is shown with what they have and whether they are there', () => {
  const teams = [
    { members: [member({ openLeads: 1 }), member({ userId: 'ann', openLeads: 3, hasHours: false })] },
  ];
  expect([...loadNotes(teams, NOW)]).toEqual([
    ['ben', '1 open lead · At work'],
    ['ann', '3 open leads · No hours set'],
  ]);
});

describe('how a member stands', () => {
  const absent = (reason: AttendanceView['reason'], until: string | null = null): AttendanceView => ({
    state: reason === 'outside_hours' ? 'later' : 'absent',
    reason,
    words: '',
    until,
  });
  it.each<[AttendanceView, string]>([
    [AT_WORK, 'At work'],
    [absent('outside_hours', local(4, 14)), 'Starts 14:00'],
    [absent('outside_hours', local(5, 9)), 'Starts tomorrow 09:00'],
    [absent('outside_hours', local(9, 9)), 'Starts Mon 09:00'],
    [absent('paused'), 'Paused'],
    [absent('time_off', local(16)), 'On leave, back Mon 16 Mar'],
    [absent('time_off', local(16, 9)), 'On leave, back Mon 16 Mar, 09:00'],
    [absent('inactive'), 'Deactivated'],
    [absent('role'), 'Does not work leads'],
    [absent('open_capacity'), 'Full: 5 of 5 open'],
    [absent('day_capacity', local(5)), 'Full, next tomorrow 00:00'],
    [absent('day_capacity'), 'Full for today'],
  ])('%j reads %s', (attendance, words) => {
    const given = member({ attendance, openLeads: 5, capacity: { open: 5, perDay: null } });
    expect(standingOf(given, NOW).words).toBe(words);
  });

  it('names the weekday only within a week, so that no day is mistaken for the next of its name', () => {
    expect(backWords(Date.parse(local(10, 9)), NOW)).toBe('Tue 09:00');
    expect(backWords(Date.parse(local(11, 9)), NOW)).toBe('Wed 11 Mar, 09:00');
  });
});

describe('time off', () => {
  it('reads as days when it is whole days, and with times when it is not', () => {
    expect(offWords({ from: local(9), to: local(10) })).toBe('Mon 9 Mar');
    expect(offWords({ from: local(9), to: local(14) })).toBe('Mon 9 Mar to Fri 13 Mar');
    expect(offWords({ from: local(9, 13), to: local(9, 17) })).toBe('Mon 9 Mar 13:00 to Mon 9 Mar 17:00');
  });

  it.each([
    ['UTC', '2026-03-02', '2026-03-02', '2026-03-02T00:00:00.000Z', '2026-03-03T00:00:00.000Z'],
    // The clocks go forward on 29 March: the day has 23 hours.
    ['Europe/London', '2026-03-29', '2026-03-29', '2026-03-29T00:00:00.000Z', '2026-03-29T23:00:00.000Z'],
    ['America/New_York', '2026-03-02', '2026-03-04', '2026-03-02T05:00:00.000Z', '2026-03-05T05:00:00.000Z'],
    ['Pacific/Auckland', '2026-07-01', '2026-07-01', '2026-06-30T12:00:00.000Z', '2026-07-01T12:00:00.000Z'],
  ])('of whole days begins and ends at midnights of %s', (timezone, first, last, from, to) => {
    expect(daysOff({ first, last, timezone })).toEqual({ from, to });
  });
});

describe('the shares of a team', () => {
  it('split what all got by weight, and leave out people who are not active or do not work leads', () => {
    const shares = sharesOf([
      member({ userId: 'ann', weight: 2, got30d: 5 }),
      member({ userId: 'ben', weight: 1, got30d: 4 }),
      member({ userId: 'cy', weight: 7, got30d: 3, active: false }),
      member({
        userId: 'dee',
        weight: 3,
        got30d: 2,
        attendance: { state: 'absent', reason: 'role', words: '', until: null },
      }),
    ]);
    expect([...shares.keys()]).toEqual(['ann', 'ben']);
    expect(shares.get('ann')).toEqual({ got: 5, fair: 6, share: 2 / 3 });
    expect(shares.get('ben')).toEqual({ got: 4, fair: 3, share: 1 / 3 });
  });
});

describe('a what-if', () => {
  it('is asked once every change is complete', () => {
    const ben = { ...newChange(0), userId: 'ben' };
    expect(changesBody([newChange(0)], 'UTC')).toBeNull();
    expect(changesBody([ben], 'UTC')).toBeNull();
    expect(changesBody([{ ...ben, kind: 'weight', team: 'a', figure: 0 }], 'UTC')).toBeNull();
    expect(changesBody([{ ...ben, kind: 'open', team: null, figure: 3 }], 'UTC')).toBeNull();
  });

  it('sorts the changes into what the API takes', () => {
    const of = { userId: 'ben', team: 'core' };
    expect(
      changesBody(
        [
          { ...newChange(0), userId: 'ann', days: ['2026-03-02', '2026-03-03'] },
          { ...newChange(1), userId: 'cy', kind: 'paused' },
          { ...newChange(2), ...of, kind: 'weight', figure: '2.5' },
          { ...newChange(3), ...of, kind: 'open', figure: 4 },
          { ...newChange(4), ...of, kind: 'perDay', figure: 0.5 },
        ],
        'UTC',
      ),
    ).toEqual({
      off: [{ userId: 'ann', from: '2026-03-02T00:00:00.000Z', to: '2026-03-04T00:00:00.000Z' }],
      paused: ['cy'],
      weights: [{ team: 'core', userId: 'ben', weight: 2.5 }],
      capacities: [
        { team: 'core', userId: 'ben', open: 4 },
        { team: 'core', userId: 'ben', perDay: 0.5 },
      ],
    });
  });
});

describe('days off that none of the last leads falls on', () => {
  const of = { leads: 50, from: '2026-11-24T09:00:00.000Z', to: '2026-12-04T16:00:00.000Z' };
  const day = (date: string) => daysOff({ first: date, last: date, timezone: zone });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

  it('are named', () => {
    expect(missedWords(of, [day('2026-11-22')])).toBe('0 of the 50 leads fall on Sun 22 Nov');
    expect(missedWords({ ...of, leads: 1 }, [day('2026-12-08')])).toBe('The lead does not fall on Tue 8 Dec');
  });

  it('do not matter where a lead may fall on one', () => {
    expect(missedWords(of, [day('2026-11-22'), day('2026-11-26')])).toBeNull();
    expect(missedWords(of, [])).toBeNull();
  });
});

describe('why a lead went where it went', () => {
  const KNOWN = { entry: { id: 'known', label: 'known' }, lack: { kind: 'no_company_owner' } } as const;
  const why: RoutingReason = {
    kind: 'given',
    tried: [KNOWN],
    entry: { id: 'core', label: 'Core' },
    grant: { kind: 'turn', name: 'Ben', team: 'core', by: 'weighted', starts: null },
    isMissed: false,
  };
  const because = 'known: nobody owns the company yet; Core: Ben is next in team core';

  it('is told from the data', () => {
    expect(becauseWords({ why, because }, 'short')).toBe('Ben is next in team core');
    expect(becauseWords({ why: { kind: 'left' }, because: 'left the team' }, 'brief')).toBe('');
  });

  it('stands as it was stored where there is none', () => {
    expect(becauseWords({ why: null, because }, 'brief')).toBe(
      'Known: nobody owns the company yet; Core: Ben is next in team core',
    );
    const skipped = [{ id: 'known', label: 'known', reason: 'no_company_owner', words: 'nobody owns it' }];
    expect(skippedOf({ why: null, skipped })).toBe(skipped);
  });

  it('names the entries that gave it to nobody', () => {
    expect(skippedOf({ why, skipped: [] })).toEqual([
      { id: 'known', label: 'Known', words: 'nobody owns the company yet' },
    ]);
  });

  it('is left to the rest of the page while the lead waits', () => {
    const routed = { routedWhy: why, routedBecause: because };
    const owner = { id: 'ben', name: 'Ben' };
    expect(routedWords({ ...routed, owner, state: 'open' })).toBe('Ben is next in team core');
    expect(routedWords({ ...routed, owner: null, state: 'open' })).toBe('');
    expect(routedWords({ routedWhy: null, routedBecause: 'imported', owner, state: 'won' })).toBe('Imported');
  });

  it('is told of an exception by its data, else as a whole', () => {
    const label = waitingLabel('handed_back');
    const handed: RoutingReason = { kind: 'handed_back', by: 'Ben', note: 'no time' };
    const detail = 'Ben handed the lead back: no time';
    const of = { reason: { id: 'handed_back', label }, detail };
    expect(exceptionWords({ ...of, why: handed })).toBe('Ben handed the lead back: no time.');
    expect(exceptionWords({ ...of, why: null })).toBe(
      'Its owner handed it back, or let the time run out: Ben handed the lead back: no time.',
    );
  });
});
