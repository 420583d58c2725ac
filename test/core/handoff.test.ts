import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAgreement } from '../../src/core/agreement/agreement.ts';
import { dueTimes, openDesk, type Rep, type RoutingTeam, route, type Staff } from '../../src/core/handoff.ts';
import { compile } from '../../src/core/program.ts';
import { makeSubject, scoreAt } from '../../src/core/score.ts';

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

const rep = (id: string): Rep => ({ id, name: `Rep ${id}`, email: `${id}@acme.example` });
const team = (name: string, ...members: readonly (readonly [string, number?, number?])[]): RoutingTeam => ({
  name,
  members: members.map(([id, weight = 1, pass = 0]) => ({ rep: rep(id), weight, pass, open: 0 })),
});
const staffOf = (more: Partial<Staff> = {}): Staff => ({
  reps: [rep('ann'), rep('bob')],
  teams: [],
  companyOwner: null,
  ...more,
});

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

describe('routing', () => {
  const desk = deskOf(ROUTING);
  const teams = [team('big', ['b1'], ['b2']), team('hot', ['h1'])];

  test.each([
    [
      'the owner of the company goes first',
      { company: { name: 'Acme' } },
      { companyOwner: rep('bob') },
      'bob',
    ],
    ['without one, the named account falls to its owner', { company: { name: 'Acme' } }, {}, 'ann'],
    ['the first entry that holds wins', { company: { employees: 500 }, contact: { title: 'VP' } }, {}, 'b1'],
    ['a later entry takes what the first does not', { contact: { title: 'VP' } }, {}, 'h1'],
    [
      'an entry with nobody in it is passed over',
      { company: { employees: 500 }, contact: { title: 'VP' } },
      { teams: [team('big'), team('hot', ['h1'])] },
      'h1',
    ],
    [
      'an unknown team is passed over too',
      { company: { employees: 500 }, contact: { title: 'VP' } },
      { teams: [team('hot', ['h1'])] },
      'h1',
    ],
  ] as const)('%s', (_name, profile, staff, owner) => {
    expect(route(desk, leadOf(desk, profile), staffOf({ teams, ...staff })).owner?.id).toBe(owner);
  });

  test('by least_open the one with the fewest open leads is next, and of equals the one with the lowest pass', () => {
    const byOpen = deskOf({
      routing: [{ id: 'all', when: { all: [] }, to: { team: 't', by: 'least_open' } }, { fallback: 'q' }],
    });
    const openOf = (open: Readonly<Record<string, number>>) => {
      const { members, name } = team('t', ['a', 1, 1], ['b', 1, 1.5], ['c', 1, 0.7]);
      return { name, members: members.map(member => ({ ...member, open: open[member.rep.id] ?? 0 })) };
    };
    const lead = leadOf(byOpen, {});
    const next = (open: Readonly<Record<string, number>>) =>
      route(byOpen, lead, staffOf({ teams: [openOf(open)] })).owner?.id;
    expect(next({ a: 2, b: 1, c: 3 })).toBe('b');
    expect(next({ a: 1, b: 2, c: 1 })).toBe('c');
  });

  test('what matches nothing waits in the fallback queue with a named reason', () => {
    expect(route(desk, leadOf(desk, {}), staffOf({ teams }))).toMatchObject({
      owner: null,
      team: 'queue',
      waitingFor: 'no routing entry matched',
      pass: null,
    });
  });

  test('what nobody can take waits too, and says who was asked', () => {
    const lead = leadOf(desk, { company: { name: 'Acme', employees: 500 } });
    const result = route(desk, lead, staffOf({ reps: [] }));
    expect(result).toMatchObject({ owner: null, team: 'queue', waitingFor: 'nobody to take it' });
    expect(result.because).toBe(
      'Known company: nobody owns the company yet; Named account: ann@acme.example is no active user; Big: team big has no active member; fallback queue: nobody to take it',
    );
  });

  test('without any routing a lead still waits with a reason', () => {
    const bare = deskOf({});
    expect(route(bare, leadOf(bare, {}), staffOf())).toMatchObject({
      owner: null,
      team: null,
      waitingFor: 'no routing entry matched',
    });
  });
});

describe('stride scheduling', () => {
  const desks = {
    weighted: deskOf({
      routing: [{ id: 'all', when: { all: [] }, to: { team: 't', by: 'weighted' } }, { fallback: 'q' }],
    }),
    round_robin: deskOf({
      routing: [{ id: 'all', when: { all: [] }, to: { team: 't', by: 'round_robin' } }, { fallback: 'q' }],
    }),
  };

  /** Gives out `count` leads, calling back with who has how many after each. */
  function giveOut(
    by: keyof typeof desks,
    start: RoutingTeam,
    count: number,
    check: (given: ReadonlyMap<string, number>, total: number) => void,
  ): RoutingTeam {
    const lead = leadOf(desks[by], {});
    let current = start;
    const given = new Map<string, number>();
    for (let total = 1; total <= count; total++) {
      const { pass } = route(desks[by], lead, staffOf({ teams: [current] }));
      if (pass === null) throw new Error('nobody was next');
      given.set(pass.userId, (given.get(pass.userId) ?? 0) + 1);
      current = {
        ...current,
        members: current.members.map(member =>
          member.rep.id === pass.userId ? { ...member, pass: pass.pass } : member,
        ),
      };
      check(given, total);
    }
    return current;
  }

  test('over 10,000 leads nobody is ever more than one lead per colleague off a fair share', () => {
    const weights = [5, 3, 1, 0.5];
    const sum = weights.reduce((all, weight) => all + weight, 0);
    const start = team('t', ...weights.map((weight, index) => [`m${index}`, weight] as const));
    giveOut('weighted', start, 10_000, (given, total) => {
      weights.forEach((weight, index) => {
        const share = (total * weight) / sum;
        const off = Math.abs((given.get(`m${index}`) ?? 0) - share);
        if (off >= weights.length - 1) throw new Error(`m${index} is ${off} off after ${total} leads`);
      });
    });
  });

  test('of two, nobody is ever a whole lead off, whatever the weights', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), (a, b) => {
        giveOut('weighted', team('t', ['a', a], ['b', b]), 200, (given, total) => {
          expect(Math.abs((given.get('a') ?? 0) - (total * a) / (a + b))).toBeLessThanOrEqual(1);
        });
      }),
      { numRuns: 30 },
    );
  });

  test('round robin goes round whatever the weights', () => {
    giveOut('round_robin', team('t', ['a', 9], ['b', 1], ['c', 3]), 30, (given, total) => {
      for (const count of given.values()) expect(Math.abs(count - total / 3)).toBeLessThan(1);
    });
  });

  test('who comes back after a long time gets no backlog', () => {
    const start = team('t', ['back', 1, 3], ['stayed', 1, 900], ['also', 1, 900]);
    giveOut('weighted', start, 9, (given, total) => {
      if (total === 9) expect(given.get('back')).toBeLessThanOrEqual(4);
    });
  });
});

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
    const due = dueTimes(desk, leadOf(desk, profile));
    expect(
      due === null ? null : [due.firstTouchDueAt, due.decisionDueAt].map(at => new Date(at).toISOString()),
    ).toEqual(expected);
  });

  test('no entry that holds is no promise', () => {
    expect(dueTimes(desk, leadOf(desk, {}))).toBeNull();
  });
});
