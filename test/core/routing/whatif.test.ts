import { describe, expect, test } from 'vitest';
import type { RoutingTeam } from '../../../src/core/routing/pick.ts';
import { route } from '../../../src/core/routing/route.ts';
import {
  comeAgain,
  type GivenLead,
  giveAgain,
  type Supposition,
  suppose,
} from '../../../src/core/routing/whatif.ts';
import { deskOf, hours, leadOf, member, person, staff, team } from './desk.ts';

const NOTHING: Supposition = { off: [], paused: [], weights: [], capacities: [] };
const HOUR = 3_600_000;
const MONDAY = Date.parse('2026-03-02T10:00:00Z');
const OFFICE = hours({ 'mon-fri': ['09:00-17:30'] });

const crew = (): RoutingTeam =>
  team('t', ...['ann', 'ben', 'cleo'].map(id => member(person(id, { schedule: OFFICE }))));

/** Leads of one team, one an hour in working time from Monday on. */
const week = (days: number, team = 't'): readonly GivenLead[] =>
  Array.from({ length: days * 6 }, (_, index) => ({
    at: MONDAY + Math.floor(index / 6) * 24 * HOUR + (index % 6) * HOUR,
    team,
    by: 'weighted' as const,
    userId: 'ann',
  }));

describe('what if', () => {
  test('Ben is off on Monday: the lead he would get goes to the next, who is named, and nothing else changes', () => {
    const desk = deskOf({ routing: [{ id: 'all', label: 'All', to: { team: 't', by: 'weighted' } }] });
    const now = staff([team('t', member(person('ben')), member(person('cleo')))]);
    const then = suppose(now, {
      ...NOTHING,
      off: [{ userId: 'ben', from: MONDAY - HOUR, to: MONDAY + HOUR }],
    });
    const lead = leadOf(desk, {}, MONDAY);
    expect(route(desk, lead, now).owner?.id).toBe('ben');
    expect(route(desk, lead, then)).toMatchObject({
      owner: { id: 'cleo' },
      passedOver: [{ userId: 'ben', reason: 'time_off' }],
    });
    expect(route(desk, leadOf(desk, {}, MONDAY + HOUR), then).owner?.id).toBe('ben');
  });

  test('the last leads come again: shares as they would be, the same every time', () => {
    const leads = week(5);
    const now = giveAgain(staff([crew()]), leads);
    expect(Object.fromEntries(now.leads)).toEqual({ ann: 10, ben: 10, cleo: 10 });
    const off = { ...NOTHING, off: [{ userId: 'ben', from: MONDAY - HOUR, to: MONDAY + 12 * HOUR }] };
    const then = giveAgain(suppose(staff([crew()]), off), leads);
    expect(Object.fromEntries(then.leads)).toEqual({ ann: 11, ben: 8, cleo: 11 });
    expect(giveAgain(suppose(staff([crew()]), off), leads)).toEqual(then);
  });

  test.each([
    ['paused', { paused: ['ben'] }, { ann: 15, cleo: 15 }, 0],
    [
      'another weight',
      { weights: [{ team: 't', userId: 'ben', weight: 4 }] },
      { ann: 5, ben: 20, cleo: 5 },
      0,
    ],
    [
      'fewer a day',
      { capacities: [{ team: 't', userId: 'ben', perDay: 1 }] },
      { ann: 13, ben: 5, cleo: 12 },
      0,
    ],
    ['all away', { paused: ['ann', 'ben', 'cleo'] }, {}, 30],
  ] as const)('%s', (_name, supposed, expected, waiting) => {
    const shares = giveAgain(suppose(staff([crew()]), { ...NOTHING, ...supposed }), week(5));
    expect(Object.fromEntries(shares.leads)).toEqual(expected);
    expect(shares.waiting).toBe(waiting);
  });

  test('a lead that was given by name stays with its owner, or waits while they are away', () => {
    const named = week(1).map(lead => ({ ...lead, team: null }));
    expect(giveAgain(staff([crew()]), named).leads.get('ann')).toBe(6);
    expect(giveAgain(suppose(staff([crew()]), { ...NOTHING, paused: ['ann'] }), named).waiting).toBe(6);
    expect(giveAgain(staff([crew()]), week(1, 'gone')).waiting).toBe(6);
  });

  test('leads come again on their weekdays and at their hours, none in the past', () => {
    const from = Date.parse('2026-03-26T12:00:00Z');
    const again = comeAgain(week(2), from);
    expect(again.slice(0, 2).map(({ at }) => new Date(at).toISOString())).toEqual([
      '2026-03-30T10:00:00.000Z',
      '2026-03-30T11:00:00.000Z',
    ]);
    // Those of the Tuesday before noon come the week after, and not a week is without leads.
    const tuesday = Date.parse('2026-03-24T12:00:00Z');
    const days = comeAgain(week(2), tuesday).map(({ at }) => new Date(at).toISOString().slice(0, 13));
    expect(days[0]).toBe('2026-03-24T12');
    expect(days.filter(day => day.startsWith('2026-03-30'))).toHaveLength(6);
    expect(days.at(-1)).toBe('2026-03-31T11');
    // Two weeks of leads stay two weeks: none of them is doubled up.
    const fortnight = comeAgain(
      [
        ...week(5),
        {
          ...(week(1)[0] ?? week(2)[0]),
          at: MONDAY + 9 * 24 * HOUR,
          team: 't',
          by: 'weighted',
          userId: 'ann',
        },
      ],
      tuesday,
    );
    expect(fortnight.map(({ at }) => at)).toEqual(fortnight.map(({ at }) => at).toSorted((a, b) => a - b));
    expect((fortnight.at(-1)?.at ?? 0) - (fortnight[0]?.at ?? 0)).toBeGreaterThan(7 * 24 * HOUR);
    expect(comeAgain(week(1), 0)).toEqual(week(1));
    expect(comeAgain([], from)).toEqual([]);
  });
});
