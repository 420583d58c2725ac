import type { Agreement } from '../agreement/agreement.ts';
import type { RouteTarget, WorkSpan } from '../agreement/practice.ts';
import { type Gap, gapsIn } from '../condition/gap.ts';
import { compileCondition, type Predicate } from '../condition/predicate.ts';
import type { Program } from '../scoring/program.ts';
import { type Breakdown, type Subject, sumsOf } from '../scoring/score.ts';
import { addWorkSpan, compileCalendar, type WorkCalendar } from '../worktime/calendar.ts';

/** What an agreement says of handing over, made ready to run. */
export interface Desk {
  readonly program: Program;
  readonly routes: readonly {
    readonly id: string;
    readonly label: string;
    readonly when: Predicate | null;
    readonly to: RouteTarget;
    /** The fields without which `when` cannot hold. */
    readonly gaps: readonly Gap[];
  }[];
  readonly fallback: string | null;
  readonly slas: readonly Sla[];
}

/** How fast a lead is worked, and what follows when it is not. */
export interface Sla {
  readonly id: string;
  readonly when: Predicate | null;
  readonly firstTouch: WorkSpan;
  readonly decision: WorkSpan;
  /** The name of the calendar by which it counts. */
  readonly calendarName: string;
  /** Null counts around the clock. */
  readonly calendar: WorkCalendar | null;
  /** The shares of the time at which the owner is reminded, in percent. */
  readonly remind: readonly number[];
  /** Who is told of a missed clock, and after how much more time the lead goes to somebody else. */
  readonly escalate: { readonly to: string; readonly reassignAfter: WorkSpan | null } | null;
}

/** The calendar of an entry that names none: around the clock. */
export const ROUND_THE_CLOCK = 'always';

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
        ? [
            {
              id: entry.id,
              label: entry.label ?? entry.id,
              when: predicate(entry.when),
              to: entry.to,
              gaps: entry.when === undefined ? [] : gapsIn(entry.when, program.table),
            },
          ]
        : [],
    ),
    fallback: (routing ?? []).find(entry => entry.kind === 'fallback')?.team ?? null,
    slas: (sla ?? []).map(
      ({ id, when, firstTouch, decision, calendar = ROUND_THE_CLOCK, remind = [], escalate }) => ({
        id,
        when: predicate(when),
        firstTouch,
        decision,
        calendarName: calendar,
        calendar: compiled.get(calendar) ?? null,
        remind,
        escalate:
          escalate === undefined ? null : { to: escalate.to, reassignAfter: escalate.reassignAfter ?? null },
      }),
    ),
  };
}

/**
 * The clocks of a handoff, as instants in epoch ms; the last is for the person who must find a missing owner.
 */
export interface DueTimes {
  /** The entry that sets them; null where none holds. */
  readonly entry: Sla | null;
  readonly firstTouchDueAt: number | null;
  readonly decisionDueAt: number | null;
  readonly ownerDueAt: number;
}

/** By when a lead that no SLA entry speaks of must have an owner, in ms. */
const OWNER_WITHIN_MS = 4 * 3_600_000;

/**
 * When a lead handed over now must be touched and decided, by the first SLA entry that holds; and by when it must have an
 * owner: when half of the time to the first touch is gone, on the same calendar.
 */
export function dueTimes(
  desk: Desk,
  lead: { readonly subject: Subject; readonly score: Breakdown; readonly at: number },
): DueTimes {
  const sums = sumsOf(desk.program, lead.score);
  const entry = desk.slas.find(({ when }) => when === null || when(lead.subject.readings, lead.at, sums));
  if (entry === undefined)
    return { entry: null, firstTouchDueAt: null, decisionDueAt: null, ownerDueAt: lead.at + OWNER_WITHIN_MS };
  const { calendar, firstTouch, decision } = entry;
  return {
    entry,
    firstTouchDueAt: addWorkSpan(calendar, lead.at, firstTouch),
    decisionDueAt: addWorkSpan(calendar, lead.at, decision),
    ownerDueAt: addWorkSpan(calendar, lead.at, halfOf(firstTouch)),
  };
}

/**
 * The SLA entry that set the clocks of a handoff: the one kept with it, or, of a handoff from before they were kept, the
 * first that gives its due times. Null where there is none.
 */
export function entryOf(
  desk: Desk,
  handoff: {
    readonly entry: string | null;
    readonly handedOffAt: number;
    readonly firstTouchDueAt: number | null;
    readonly decisionDueAt: number | null;
  },
): Sla | null {
  const { entry: id, handedOffAt, firstTouchDueAt, decisionDueAt } = handoff;
  if (id !== null) return desk.slas.find(sla => sla.id === id) ?? null;
  const found = desk.slas.find(
    ({ calendar, firstTouch, decision }) =>
      addWorkSpan(calendar, handedOffAt, firstTouch) === firstTouchDueAt &&
      addWorkSpan(calendar, handedOffAt, decision) === decisionDueAt,
  );
  return found ?? null;
}

function halfOf(span: WorkSpan): WorkSpan {
  if (span.kind === 'workdays' && span.days > 1) return { kind: 'workdays', days: Math.floor(span.days / 2) };
  return { kind: 'time', ms: span.kind === 'time' ? Math.ceil(span.ms / 2) : OWNER_WITHIN_MS };
}

/** The label of a path. */
export function pathLabel(agreement: Agreement, id: string): string {
  return agreement.mql.find(path => path.id === id)?.label ?? id;
}
