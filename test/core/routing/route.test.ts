import { describe, expect, test } from 'vitest';
import { missingFields, route } from '../../../src/core/routing/route.ts';
import { WAITING_REASONS, waitingLabel } from '../../../src/core/routing/waiting.ts';
import { deskOf, hours, leadOf, member, NOW, person, staff, team } from './desk.ts';

const ROUTING = {
  routing: [
    { id: 'known', label: 'Known company', when: { 'company.name': { exists: true } }, to: 'companyOwner' },
    {
      id: 'named',
      label: 'Named account',
      when: { 'company.name': 'Acme' },
      to: { owner: 'Ann@Acme.example' },
    },
    { id: 'big', label: 'Big', when: { 'score.fit': { gte: 20 } }, to: { team: 'big', by: 'round_robin' } },
    { id: 'hot', label: 'Hot', when: { total: { gte: 50 } }, to: { team: 'hot', by: 'weighted' } },
    { fallback: 'queue' },
  ],
};
const ANN = person('ann');
const BOB = person('bob');
const BIG_AND_HOT = { company: { employees: 500 }, contact: { title: 'VP' } };

describe('the list of entries', () => {
  const desk = deskOf(ROUTING);
  const [b1, b2, h1] = [member(person('b1')), member(person('b2')), member(person('h1'))];
  const teams = [team('big', b1, b2), team('hot', h1)];
  const owns = (userId: string, of: 'opportunity' | 'lead' = 'lead') => ({ userId, of });

  test.each([
    [
      'the owner of the company goes first',
      { company: { name: 'Acme' } },
      { companyOwners: [owns('bob')] },
      'bob',
    ],
    [
      'the owner of an open opportunity with it goes before the owner of its latest lead',
      { company: { name: 'Acme' } },
      { companyOwners: [owns('ann', 'opportunity'), owns('bob')] },
      'ann',
    ],
    [
      'where that one is away, the owner of the latest lead takes it',
      { company: { name: 'Acme' } },
      { companyOwners: [owns('away', 'opportunity'), owns('bob')] },
      'bob',
    ],
    ['without one, the named account falls to its owner', { company: { name: 'Acme' } }, {}, 'ann'],
    ['the first entry that holds wins', BIG_AND_HOT, {}, 'b1'],
    ['a later entry takes what the first does not', { contact: { title: 'VP' } }, {}, 'h1'],
    [
      'an entry with nobody in it is passed over',
      BIG_AND_HOT,
      { teams: [team('big'), team('hot', h1)] },
      'h1',
    ],
    ['an unknown team is passed over too', BIG_AND_HOT, { teams: [team('hot', h1)] }, 'h1'],
  ] as const)(
    '%s',
    (_name, profile, { teams: given = teams, ...more }: Parameters<typeof staffWith>[0], owner) => {
      expect(route(desk, leadOf(desk, profile), staffWith({ teams: given, ...more })).owner?.id).toBe(owner);
    },
  );

  function staffWith({
    teams: given = teams,
    ...more
  }: {
    readonly teams?: readonly ReturnType<typeof team>[];
    readonly companyOwners?: readonly { readonly userId: string; readonly of: 'opportunity' | 'lead' }[];
  }) {
    return staff(given, { people: [ANN, BOB, person('away', { isPaused: true })], ...more });
  }

  test('an assignment says by which entry, who gets the lead, and who else could have had it', () => {
    expect(route(desk, leadOf(desk, BIG_AND_HOT), staffWith({}))).toMatchObject({
      owner: b1.person,
      team: 'big',
      entry: { id: 'big', label: 'Big' },
      because: 'Big: B1 is next in team big',
      eligible: ['b1', 'b2'],
      passedOver: [],
      waiting: null,
      waitingFor: null,
      retryAt: null,
      step: { kind: 'assigned', userId: 'b1', by: 'round_robin', available: ['b1', 'b2'] },
    });
  });

  test('a team that is asked for takes the place of the entries', () => {
    const lead = leadOf(desk, BIG_AND_HOT);
    const found = route(desk, lead, staffWith({}), 'hot');
    expect(found).toMatchObject({
      owner: h1.person,
      team: 'hot',
      entry: null,
      because: 'Team hot: H1 is next in team hot',
    });
    expect(route(desk, lead, staffWith({}), 'gone')).toMatchObject({
      owner: null,
      team: 'gone',
      waiting: { reason: 'team_unknown' },
    });
  });
});

describe('what nobody can take waits', () => {
  const desk = deskOf(ROUTING);

  test('with what was asked and why it failed', () => {
    const lead = leadOf(desk, { company: { name: 'Acme', employees: 500 } });
    const found = route(desk, lead, staff([team('big')], { people: [BOB] }));
    expect(found).toMatchObject({
      owner: null,
      team: 'queue',
      entry: null,
      waiting: { reason: 'team_empty' },
      waitingFor: 'the team has no active member who may work leads',
      retryAt: NOW + 15 * 60_000,
      skipped: [{ id: 'known' }, { id: 'named' }, { id: 'big' }],
    });
    expect(found.because).toBe(
      'Named account: ann@acme.example is not an active user; Big: team big has no active member; fallback queue: the team has no active member who may work leads',
    );
  });

  const OFF = { from: NOW - 1, to: Date.parse('2026-03-10T09:00:00Z') };
  const byTeam = {
    routing: [{ id: 'all', when: { all: [] }, to: { team: 't', by: 'weighted' } }, { fallback: 'q' }],
  };
  const byOwner = { routing: [{ id: 'all', when: { all: [] }, to: { owner: 'ann@acme.example' } }] };
  const byCompany = { routing: [{ id: 'all', when: { all: [] }, to: 'companyOwner' }] };
  const FULL = { mostOpen: 2, open: 2 };

  test.each([
    ['no_routing', {}, [], null],
    [
      'no_entry_matched',
      { routing: [{ id: 'vips', when: { total: { gte: 900 } }, to: { team: 't' } }] },
      [],
      null,
    ],
    ['team_unknown', byTeam, [], null],
    ['team_empty', byTeam, [team('t', member(person('a', { isActive: false })))], null],
    ['team_empty', byTeam, [team('t', member(person('a', { mayWork: false })))], null],
    ['team_absent', byTeam, [team('t', member(person('a', { off: [OFF] })))], '2026-03-10T09:00:00.000Z'],
    ['team_absent', byTeam, [team('t', member(person('a', { isPaused: true })))], null],
    [
      'team_full',
      byTeam,
      [team('t', member(person('a'), FULL), member(person('b', { isPaused: true })))],
      null,
    ],
    [
      'team_full',
      byTeam,
      [
        team(
          't',
          member(person('a'), { perDay: 1, allowance: { tokens: 0, day: Math.floor(NOW / 86_400_000) } }),
        ),
      ],
      '2026-03-07T00:00:00.000Z',
    ],
    ['owner_inactive', byOwner, [team('t', member(person('ann', { isActive: false })))], null],
    ['owner_inactive', byOwner, [team('t', member(person('ann', { mayWork: false })))], null],
    ['owner_absent', byOwner, [team('t', member(person('ann', { off: [OFF] })))], '2026-03-10T09:00:00.000Z'],
    ['no_company_owner', byCompany, [], null],
  ] as const)('for %s', (reason, practice, teams, retryAt) => {
    const other = deskOf(practice);
    const found = route(other, leadOf(other, {}), staff(teams));
    expect(found).toMatchObject({
      owner: null,
      waiting: { reason },
      waitingFor: waitingLabel(reason),
      step: null,
    });
    expect(new Date(found.retryAt ?? 0).toISOString()).toBe(retryAt ?? '2026-03-06T17:15:00.000Z');
  });

  test('for somebody whose role works no leads, and says that it is the role', () => {
    const mark = person('ann', { mayWork: false });
    const because = (practice: object) => {
      const other = deskOf(practice);
      return route(other, leadOf(other, {}), staff([team('t', member(mark))])).because;
    };
    expect(because(byTeam)).toMatch(/: team t has no active member who may work leads; fallback queue/);
    expect(because(byOwner)).toMatch(/: Ann is not allowed to work leads; fallback queue/);
  });

  test('for what must be known first, by name, when no entry can tell', () => {
    const territories = deskOf({
      routing: [
        {
          id: 'uk',
          when: { 'contact.country': 'UK', 'company.name': { isNot: 'Rival' } },
          to: { team: 't' },
        },
        {
          id: 'size',
          when: { any: [{ 'company.employees': { gte: 5 } }, { 'contact.country': 'DE' }] },
          to: { team: 't' },
        },
        {
          id: 'rest',
          when: { not: { 'contact.source': 'web' }, 'contact.phone': { exists: false }, total: { gte: 900 } },
          to: { team: 't' },
        },
      ].map(entry => ({
        ...entry,
        when: { all: Object.entries(entry.when).map(([key, value]) => ({ [key]: value })) },
      })),
    });
    const nothing = leadOf(territories, {});
    expect(missingFields(territories, nothing)).toEqual(['company.employees', 'contact.country']);
    expect(route(territories, nothing, staff([]))).toMatchObject({
      waiting: { reason: 'missing_data', detail: 'Company size and country are missing' },
      missing: ['company.employees', 'contact.country'],
    });
    const known = leadOf(territories, { contact: { country: 'FR' }, company: { employees: 2 } });
    expect(route(territories, known, staff([]))).toMatchObject({
      waiting: { reason: 'no_entry_matched' },
      missing: [],
    });
    const half = leadOf(territories, { contact: { country: 'UK' } });
    expect(route(territories, half, staff([]))).toMatchObject({ waiting: { reason: 'team_unknown' } });
  });

  test('the same after an entry for the owner of the company, which nobody is yet', () => {
    const desk = deskOf({
      routing: [
        { id: 'ours', to: 'companyOwner' },
        { id: 'uk', when: { 'contact.country': 'UK' }, to: { team: 't' } },
      ],
    });
    expect(route(desk, leadOf(desk, {}), staff([]))).toMatchObject({
      waiting: { reason: 'missing_data', detail: 'Country is missing' },
      missing: ['contact.country'],
    });
    expect(route(desk, leadOf(desk, { contact: { country: 'JP' } }), staff([]))).toMatchObject({
      waiting: { reason: 'no_entry_matched' },
      missing: [],
    });
  });

  test('every reason has words of its own', () => {
    expect(new Set(WAITING_REASONS.map(waitingLabel)).size).toBe(WAITING_REASONS.length);
  });
});

describe('who is there', () => {
  const desk = deskOf({
    routing: [
      { id: 'all', label: 'All', when: { all: [] }, to: { team: 't', by: 'weighted' } },
      { fallback: 'q' },
    ],
  });
  const OFFICE = { 'mon-fri': ['09:00-17:30'] };
  const london = member(person('lon', { schedule: hours(OFFICE) }));
  const york = member(person('nyc', { schedule: hours(OFFICE, 'America/New_York') }));
  const at = (time: string) =>
    route(desk, leadOf(desk, {}, Date.parse(time)), staff([team('t', london, york)]));

  test('people at work come before those who start later', () => {
    expect(at('2026-03-06T10:00:00Z')).toMatchObject({
      owner: { id: 'lon' },
      eligible: ['lon'],
      passedOver: [
        {
          userId: 'nyc',
          reason: 'outside_hours',
          words: 'starts Fri 6 Mar, 09:00 America/New_York',
          until: Date.parse('2026-03-06T14:00:00Z'),
        },
      ],
    });
    expect(at('2026-03-06T20:00:00Z').owner?.id).toBe('nyc');
  });

  test('when nobody is at work, it goes to somebody who starts later, and says so', () => {
    expect(at('2026-03-07T12:00:00Z')).toMatchObject({
      owner: { id: 'lon' },
      eligible: ['lon', 'nyc'],
      because: 'All: nobody is at work, Lon starts Mon 9 Mar, 09:00 Europe/London and is next in team t',
    });
  });

  test('never to somebody who is off when work starts', () => {
    const off = [{ from: Date.parse('2026-03-09T00:00:00Z'), to: Date.parse('2026-03-11T00:00:00Z') }];
    const away = member(person('away', { schedule: hours(OFFICE), off }));
    const alone = route(desk, leadOf(desk, {}, Date.parse('2026-03-07T12:00:00Z')), staff([team('t', away)]));
    expect(alone).toMatchObject({
      owner: null,
      passedOver: [
        { userId: 'away', reason: 'time_off', words: 'on time off, back Wed 11 Mar, 09:00 Europe/London' },
      ],
      retryAt: Date.parse('2026-03-11T09:00:00Z'),
    });
    const both = staff([team('t', away, york)]);
    expect(route(desk, leadOf(desk, {}, Date.parse('2026-03-07T12:00:00Z')), both).owner?.id).toBe('nyc');
  });

  test('a holiday of one person is not a holiday of another', () => {
    const free = member(person('free', { schedule: hours(OFFICE, 'Europe/London', ['2026-03-06']) }));
    const given = route(
      desk,
      leadOf(desk, {}, Date.parse('2026-03-06T12:00:00Z')),
      staff([team('t', free, london)]),
    );
    expect(given).toMatchObject({
      owner: { id: 'lon' },
      passedOver: [{ userId: 'free', reason: 'outside_hours' }],
    });
  });

  test('who handed it back does not get it again', () => {
    const [a, b] = [member(person('a')), member(person('b'))];
    const teams = [team('t', a, b)];
    const without = (...except: readonly string[]) =>
      route(desk, leadOf(desk, {}), { ...staff(teams), except });
    expect(without('a')).toMatchObject({
      owner: { id: 'b' },
      passedOver: [{ userId: 'a', reason: 'handed_back', words: 'had it before' }],
    });
    expect(without('a', 'b')).toMatchObject({ owner: null, waiting: { reason: 'handed_back' } });
    const mine = deskOf({ routing: [{ id: 'mine', label: 'Mine', to: { owner: 'a@acme.example' } }] });
    expect(route(mine, leadOf(mine, {}), { ...staff(teams), except: ['a'] })).toMatchObject({
      owner: null,
      waiting: { reason: 'handed_back' },
    });
  });

  test('an owner who starts later gets the lead that is theirs, one who is off does not', () => {
    const mine = deskOf({ routing: [{ id: 'mine', label: 'Mine', to: { owner: 'lon@acme.example' } }] });
    const lead = leadOf(mine, {}, Date.parse('2026-03-07T12:00:00Z'));
    expect(route(mine, lead, staff([team('t', london)]))).toMatchObject({
      owner: { id: 'lon' },
      team: null,
      because: 'Mine: goes to Lon (starts Mon 9 Mar, 09:00 Europe/London)',
    });
    const off = person('lon', { off: [{ from: 0, to: NOW * 2 }] });
    expect(route(mine, lead, staff([team('t', member(off))]))).toMatchObject({
      owner: null,
      waiting: { reason: 'owner_absent' },
      skipped: [{ id: 'mine', words: expect.stringContaining('Lon is on time off, back') }],
    });
  });
});
