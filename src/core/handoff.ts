import type { Agreement } from './agreement/agreement.ts';
import type { RouteTarget, WorkSpan } from './agreement/practice.ts';
import { compileCondition, type Predicate } from './holds.ts';
import type { Program } from './program.ts';
import { type Breakdown, type Subject, sumsOf } from './score.ts';
import { addWorkSpan, compileCalendar, type WorkCalendar } from './worktime.ts';

/** What an agreement says of handing over, made ready to run. */
export interface Desk {
  readonly program: Program;
  readonly routes: readonly {
    readonly id: string;
    readonly label: string;
    readonly when: Predicate | null;
    readonly to: RouteTarget;
  }[];
  readonly fallback: string | null;
  readonly slas: readonly Sla[];
}

interface Sla {
  readonly id: string;
  readonly when: Predicate | null;
  readonly firstTouch: WorkSpan;
  readonly decision: WorkSpan;
  readonly calendar: WorkCalendar | null;
}

/** Compiles routing and SLA entries against the program's fields. */
export function openDesk(program: Program): Desk {
  const { routing, sla, calendars } = program.agreement.practice;
  const predicate = (when: Parameters<typeof compileCondition>[0] | undefined) =>
    when === undefined ? null : compileCondition(when, program.table);
  const compiled = new Map(
    Object.entries(calendars ?? {}).map(([name, raw]) => [name, compileCalendar(raw)]),
  );
  return {
    program,
    routes: (routing ?? []).flatMap(entry =>
      entry.kind === 'entry'
        ? [{ id: entry.id, label: entry.label ?? entry.id, when: predicate(entry.when), to: entry.to }]
        : [],
    ),
    fallback: (routing ?? []).find(entry => entry.kind === 'fallback')?.team ?? null,
    slas: (sla ?? []).map(entry => ({
      id: entry.id,
      when: predicate(entry.when),
      firstTouch: entry.firstTouch,
      decision: entry.decision,
      calendar: compiled.get(entry.calendar ?? 'always') ?? null,
    })),
  };
}

/** Somebody who can be given leads. */
export interface Rep {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** A team as routing sees it; `members` are active people only. */
export interface RoutingTeam {
  readonly name: string;
  /** `open` counts the leads that wait for the member's decision. */
  readonly members: readonly {
    readonly rep: Rep;
    readonly weight: number;
    readonly pass: number;
    readonly open: number;
  }[];
}

export interface Staff {
  readonly reps: readonly Rep[];
  readonly teams: readonly RoutingTeam[];
  /** Whoever already owns a lead of the same company; null for nobody. */
  readonly companyOwner: Rep | null;
}

/** Who gets a lead and why; without an owner, which team's queue holds it and what it waits for. */
export interface Assignment {
  readonly owner: Rep | null;
  readonly team: string | null;
  readonly waitingFor: string | null;
  readonly because: string;
  /** Where the chosen member of a team stands afterwards. */
  readonly pass: { readonly team: string; readonly userId: string; readonly pass: number } | null;
}

/**
 * Gives a lead to the first routing entry whose condition holds and that has somebody to take it; else to the fallback
 * queue with a named reason. Within a team whoever has the lowest pass is next and then moves on by 1/weight
 * (stride scheduling; round robin is the same with equal weights); with `least_open` whoever has the fewest open leads comes
 * first.
 */
export function route(
  desk: Desk,
  lead: { readonly subject: Subject; readonly score: Breakdown; readonly at: number },
  staff: Staff,
): Assignment {
  const sums = sumsOf(desk.program, lead.score);
  const passedOver: string[] = [];
  for (const entry of desk.routes) {
    if (entry.when !== null && !entry.when(lead.subject.readings, lead.at, sums)) continue;
    const found = take(entry.to, entry.label, staff);
    if (typeof found !== 'string') return found;
    passedOver.push(`${entry.label}: ${found}`);
  }
  const waitingFor = passedOver.length > 0 ? 'nobody to take it' : 'no routing entry matched';
  const because = [...passedOver, `fallback queue: ${waitingFor}`].join('; ');
  return { owner: null, team: desk.fallback, waitingFor, because, pass: null };
}

function take(to: RouteTarget, label: string, staff: Staff): Assignment | string {
  if (to.kind === 'companyOwner') {
    const owner = staff.companyOwner;
    return owner === null
      ? 'nobody owns the company yet'
      : assigned(owner, `${label}: ${owner.name} owns the company`);
  }
  if (to.kind === 'owner') {
    const owner = staff.reps.find(rep => rep.email.toLowerCase() === to.email);
    return owner === undefined
      ? `${to.email} is no active user`
      : assigned(owner, `${label}: goes to ${owner.name}`);
  }
  const team = staff.teams.find(({ name }) => name === to.team);
  const next = team === undefined ? null : nextMember(team, to.by === 'least_open');
  if (next === null) return `team ${to.team} has no active member`;
  const step = to.by === 'weighted' ? 1 / next.weight : 1;
  return {
    owner: next.rep,
    team: to.team,
    waitingFor: null,
    because: `${label}: ${next.rep.name} is next in team ${to.team}`,
    pass: { team: to.team, userId: next.rep.id, pass: next.pass + step },
  };
}

function assigned(owner: Rep, because: string): Assignment {
  return { owner, team: null, waitingFor: null, because, pass: null };
}

/**
 * The member whose turn it is. In a running rota nobody stands further below the others than the longest step; who does
 * was away, and starts from there: leads that came meanwhile are not made up for.
 */
function nextMember(team: RoutingTeam, byOpen: boolean): RoutingTeam['members'][number] | null {
  const longestStep = Math.max(1, ...team.members.map(({ weight }) => 1 / weight));
  const lowest = Math.max(...team.members.map(({ pass }) => pass)) - longestStep;
  const level = team.members.map(member => ({ ...member, pass: Math.max(member.pass, lowest) }));
  const [first] = level.sort(
    (a, b) => (byOpen ? a.open - b.open : 0) || a.pass - b.pass || (a.rep.id < b.rep.id ? -1 : 1),
  );
  return first ?? null;
}

/** When a lead handed over now must be touched and decided, by the first SLA entry that holds; null without one. */
export function dueTimes(
  desk: Desk,
  lead: { readonly subject: Subject; readonly score: Breakdown; readonly at: number },
): { readonly firstTouchDueAt: number; readonly decisionDueAt: number } | null {
  const sums = sumsOf(desk.program, lead.score);
  const entry = desk.slas.find(({ when }) => when === null || when(lead.subject.readings, lead.at, sums));
  if (entry === undefined) return null;
  return {
    firstTouchDueAt: addWorkSpan(entry.calendar, lead.at, entry.firstTouch),
    decisionDueAt: addWorkSpan(entry.calendar, lead.at, entry.decision),
  };
}

/** The label of a path. */
export function pathLabel(agreement: Agreement, id: string): string {
  return agreement.mql.find(path => path.id === id)?.label ?? id;
}
