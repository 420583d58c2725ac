import { describe, expect, test } from 'vitest';
import { troubleWords } from '../../../src/core/exception/exception.ts';
import type { Absentee, Grant, Lack } from '../../../src/core/routing/outcome.ts';
import { outcomeWords, waitingReasonOf } from '../../../src/core/routing/outcome.ts';
import {
  detailWords,
  type RoutingReason,
  reasonIn,
  reasonWords,
  routingReason,
  type Tried,
} from '../../../src/core/routing/reason.ts';
import { route } from '../../../src/core/routing/route.ts';
import { deskOf, leadOf, member, person, staff, team } from './desk.ts';

const MONDAY = { at: '2026-03-09T09:00:00.000Z', timezone: 'Europe/London' };
const PAUSED: Absentee = { name: 'Ann Lee', reason: 'paused', until: null };
const ON_LEAVE: Absentee = { name: 'Ben', reason: 'time_off', until: MONDAY };

const tried = (label: string, lack: Lack, id: string | null = 'e1'): Tried => ({
  entry: { id, label },
  lack,
});
const KNOWN = tried('Known company', { kind: 'no_company_owner' });
const given = (of: {
  readonly label: string;
  readonly id?: string | null;
  readonly tried?: Tried[];
}): RoutingReason => ({
  kind: 'given',
  tried: of.tried ?? [],
  entry: { id: of.id === undefined ? 'e2' : of.id, label: of.label },
  grant: { kind: 'turn', name: 'Ben', team: 'key_accounts', by: 'weighted', starts: null },
  isMissed: false,
});
const waiting = (...entries: Tried[]): Extract<RoutingReason, { kind: 'waiting' }> => ({
  kind: 'waiting',
  tried: entries,
  team: null,
  reason: waitingReasonOf(entries.at(-1)?.lack ?? { kind: 'no_company_owner' }),
  missing: [],
});
const AWAY = tried('Emea', {
  kind: 'team_away',
  team: 'north_america',
  reason: 'team_absent',
  who: [PAUSED, ON_LEAVE],
});

describe('what came of asking an entry', () => {
  test.each<[Grant | Lack, full: string, short?: string]>([
    [
      { kind: 'turn', name: 'Ben', team: 'key_accounts', by: 'weighted', starts: null },
      'Ben is next in team key_accounts',
      'Ben is next in team key accounts',
    ],
    [
      { kind: 'turn', name: 'Ben', team: 'emea', by: 'least_open', starts: null },
      'Ben has the fewest open leads in team emea',
    ],
    [
      { kind: 'turn', name: 'Ben', team: 'emea', by: 'round_robin', starts: MONDAY },
      'nobody is at work, Ben starts Mon 9 Mar, 09:00 Europe/London and is next in team emea',
    ],
    [{ kind: 'owner', name: 'Ben', starts: null }, 'goes to Ben'],
    [{ kind: 'owner', name: 'Ben', starts: MONDAY }, 'goes to Ben (starts Mon 9 Mar, 09:00 Europe/London)'],
    [{ kind: 'company_owner', name: 'Ben', of: 'lead', starts: null }, 'Ben owns the company'],
    [
      { kind: 'company_owner', name: 'Ben', of: 'opportunity', starts: null },
      'Ben has an open opportunity with the company',
    ],
    [{ kind: 'no_company_owner' }, 'nobody owns the company yet'],
    [
      { kind: 'owner_inactive', who: { name: 'ann@acme.com', reason: 'inactive', until: null } },
      'ann@acme.com is not an active user',
    ],
    [
      { kind: 'owner_inactive', who: { name: 'Ann', reason: 'role', until: null } },
      'Ann is not allowed to work leads',
    ],
    [{ kind: 'owner_absent', who: ON_LEAVE }, 'Ben is on time off, back Mon 9 Mar, 09:00 Europe/London'],
    [{ kind: 'owner_handed_back', name: 'Ann' }, 'Ann had it before'],
    [
      { kind: 'team_unknown', team: 'key_accounts' },
      'team key_accounts does not exist',
      'team key accounts does not exist',
    ],
    [{ kind: 'team_empty', team: 'emea', lacks: 'members' }, 'team emea has no active member'],
    [
      { kind: 'team_empty', team: 'emea', lacks: 'workers' },
      'team emea has no active member who may work leads',
    ],
    [
      AWAY.lack,
      'nobody in team north_america can take it (Ann Lee paused, Ben on time off, back Mon 9 Mar, 09:00 Europe/London)',
      'nobody in team north america can take it (Ann Lee paused, Ben on time off, back Mon 9 Mar, 09:00 Europe/London)',
    ],
  ])('%j reads %s', (outcome, full, short = full) => {
    expect(outcomeWords(outcome, 'full')).toBe(full);
    expect(outcomeWords(outcome, 'short')).toBe(short);
  });
});

describe('a reason in words', () => {
  const ASKED_TEAM = tried(
    'Team customer_success',
    { kind: 'team_empty', team: 'customer_success', lacks: 'members' },
    null,
  );
  const NO_TEAM = tried('Large companies', { kind: 'team_unknown', team: 'key_accounts' });

  test.each<[what: string, RoutingReason, full: string, short: string, brief: string]>([
    [
      'given by an entry',
      given({ label: 'Big ones' }),
      'Big ones: Ben is next in team key_accounts',
      'Big ones: Ben is next in team key accounts',
      'Big ones: Ben is next in team key accounts',
    ],
    [
      'given by an entry without a label',
      given({ label: 'e2' }),
      'e2: Ben is next in team key_accounts',
      'Ben is next in team key accounts',
      'Ben is next in team key accounts',
    ],
    [
      'given by an entry named like its team',
      given({ label: 'Key accounts' }),
      'Key accounts: Ben is next in team key_accounts',
      'Ben is next in team key accounts',
      'Ben is next in team key accounts',
    ],
    [
      'given by a team that was asked beside the list',
      given({ label: 'Team key_accounts', id: null }),
      'Team key_accounts: Ben is next in team key_accounts',
      'Ben is next in team key accounts',
      'Ben is next in team key accounts',
    ],
    [
      'given though nobody owns the company',
      given({ label: 'Big ones', tried: [KNOWN] }),
      'Known company: nobody owns the company yet; Big ones: Ben is next in team key_accounts',
      'Big ones: Ben is next in team key accounts',
      'Big ones: Ben is next in team key accounts',
    ],
    [
      'given after an entry that gave it to nobody',
      given({ label: 'Rest', tried: [KNOWN, NO_TEAM] }),
      'Large companies: team key_accounts does not exist; Rest: Ben is next in team key_accounts',
      'Large companies: team key accounts does not exist; Rest: Ben is next in team key accounts',
      'Rest: Ben is next in team key accounts',
    ],
    [
      'waiting for a team',
      waiting(KNOWN, AWAY),
      'Emea: nobody in team north_america can take it (Ann Lee paused, Ben on time off, back Mon 9 Mar, 09:00 Europe/London); fallback queue: nobody in the team is available',
      'Emea: nobody in team north america can take it (Ann Lee paused, Ben on time off, back Mon 9 Mar, 09:00 Europe/London)',
      'Nobody in the team is available',
    ],
    [
      'waiting for a team that two entries ask, which is told once',
      waiting(tried('A', NO_TEAM.lack, 'A'), tried('B', NO_TEAM.lack, 'B')),
      'A: team key_accounts does not exist; B: team key_accounts does not exist; fallback queue: the team does not exist',
      'Team key accounts does not exist',
      'The team does not exist',
    ],
    [
      'waiting for the team that was asked beside the list',
      { ...waiting(ASKED_TEAM), team: 'customer_success' },
      'Team customer_success: team customer_success has no active member; queue of team customer_success: the team has no active member who may work leads',
      'Team customer success has no active member',
      'The team has no active member who may work leads',
    ],
    [
      'waiting for an owner of the company',
      waiting(KNOWN),
      'Known company: nobody owns the company yet; fallback queue: nobody owns the company yet',
      'Nobody owns the company yet',
      'Nobody owns the company yet',
    ],
    [
      'waiting for data',
      { ...waiting(), reason: 'missing_data', missing: ['company.employees', 'contact.email'] },
      'fallback queue: something must be known of the lead first',
      'Company size and e-mail address are missing',
      'Company size and e-mail address are missing',
    ],
    [
      'held for an address',
      { kind: 'unreachable', email: 'missing', phone: 'invalid' },
      'held: something must be known of the lead first',
      'Nobody could reach them: the phone number is not valid; no e-mail address and no user id is known.',
      'Nobody could reach them: the phone number is not valid; no e-mail address and no user id is known.',
    ],
    [
      'held as a possible duplicate',
      { kind: 'alike', name: 'Ann Lee', because: 'the same phone number' },
      'held: it may be somebody who is here already',
      'May be the same person as Ann Lee: the same phone number',
      'May be the same person as Ann Lee: the same phone number',
    ],
    [
      'given to somebody by hand',
      { kind: 'reassigned', by: 'Meg', to: 'Ben', note: 'he knows them' },
      'Meg gave the lead to Ben: he knows them',
      'Meg gave the lead to Ben: he knows them',
      'He knows them',
    ],
    [
      'handed back without a note',
      { kind: 'handed_back', by: 'Ben', note: null },
      'Ben handed the lead back',
      'Ben handed the lead back',
      '',
    ],
    [
      'taken from somebody who left',
      { kind: 'owner_left', owner: 'Ann', contact: 'Kim', cause: 'inactive' },
      'Ann is no longer active',
      'Its owner Ann is no longer active',
      'Its owner Ann is no longer active',
    ],
    [
      'joined',
      { kind: 'joined' },
      'joined the team, level with everybody',
      'Joined the team, level with everybody',
      'Level with everybody',
    ],
    ['left', { kind: 'left' }, 'left the team', 'Left the team', ''],
  ])('%s', (_what, of, full, short, brief) => {
    expect({
      full: reasonWords(of, 'full'),
      short: reasonWords(of, 'short'),
      brief: reasonWords(of, 'brief'),
    }).toEqual({ full, short, brief });
  });

  test.each<[RoutingReason, string]>([
    [waiting(KNOWN, NO_TEAM), 'Large companies: team key_accounts does not exist'],
    [{ ...waiting(), reason: 'missing_data', missing: ['contact.country'] }, 'Country is missing'],
    [{ kind: 'owner_left', owner: 'Ann', contact: 'Kim', cause: 'role' }, 'Ann owned Kim'],
    [{ kind: 'handed_back', by: 'Ben', note: 'no budget' }, 'Ben handed the lead back: no budget'],
  ])('as exceptions store it: %j reads %s', (of, words) => {
    expect(detailWords(of)).toBe(words);
  });
});

describe('a reason as data', () => {
  const desk = deskOf({
    routing: [
      { id: 'ours', to: 'companyOwner' },
      { id: 'all', label: 'All', to: { team: 't', by: 'weighted' } },
    ],
  });
  const paused = member(person('ann', { isPaused: true }));

  test.each([
    ['given', [team('t', member(person('ann')))]],
    ['waiting', [team('t', paused)]],
    ['waiting', []],
  ] as const)(
    'what routing decides is %s, as its shape says, and its words are the renderer’s',
    (kind, teams) => {
      const found = route(desk, leadOf(desk, {}), staff(teams));
      expect(found.why?.kind).toBe(kind);
      expect(routingReason.parse(JSON.parse(JSON.stringify(found.why)))).toEqual(found.why);
      expect(found.because).toBe(found.why === null ? '' : reasonWords(found.why, 'full'));
      expect(found.waiting?.detail ?? null).toBe(
        kind === 'given' || found.why === null ? null : detailWords(found.why),
      );
    },
  );

  test('it is found in stored particulars, and nothing is where there is none or another', () => {
    const why: RoutingReason = { kind: 'taken_over', by: 'Ann', note: null };
    expect(reasonIn({ why, other: 1 })).toEqual(why);
    expect(
      [{}, null, 'text', { why: { kind: 'taken_over' } }, { why: { kind: 'later' } }].map(reasonIn),
    ).toEqual([null, null, null, null, null]);
  });
});

describe('what is wrong, in one sentence', () => {
  test.each<[reason: string, detail: string, why: RoutingReason | null, words: string]>([
    [
      'team_unknown',
      'Emea: team emea does not exist',
      waiting(tried('Emea', { kind: 'team_unknown', team: 'emea' })),
      'Team emea does not exist.',
    ],
    [
      'missing_data',
      'Nobody could reach them: no user id is known.',
      { kind: 'unreachable', email: 'missing', phone: 'missing' },
      'Nobody could reach them: no e-mail address, no phone number and no user id is known.',
    ],
    // What was stored before reasons were data is told as a whole.
    [
      'team_unknown',
      'emea: team emea does not exist',
      null,
      'The team does not exist: emea: team emea does not exist.',
    ],
    [
      'gave_up',
      'mail to ann@acme.com: timeout',
      null,
      'Every attempt failed: mail to ann@acme.com: timeout.',
    ],
    ['no_company_owner', 'nobody owns the company yet', null, 'Nobody owns the company yet.'],
    ['no_routing', '', null, 'The agreement has no routing.'],
    ['unowned', '2 open leads have no owner', null, '2 open leads have no owner.'],
    ['unowned', '', null, 'Unowned.'],
  ])('%s with %j and %j reads %s', (id, detail, why, words) => {
    expect(troubleWords({ reason: id, detail, why })).toBe(words);
  });
});
