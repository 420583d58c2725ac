import { z } from 'zod';
import type { Tape } from '../worktime/tape.ts';
import { type Frame, type LeadGroup, type RowHead, rowsOf } from './frame.ts';
import { type Survival, survive, waitUntil } from './survival.ts';

/** How long something takes. */
export const timing = z.object({
  /** events + censored */
  n: z.number(),
  /** How often it has happened. */
  events: z.number(),
  /** How many leads it has not happened to: they count for as long as they were watched. */
  censored: z.number(),
  /** After how long it has happened to half of them (ms), by Kaplan and Meier; null where that is not reached. */
  medianMs: z.number().nullable(),
  /** The same for nine of ten. */
  p90Ms: z.number().nullable(),
});
type Timing = z.infer<typeof timing>;

/** A timing with the share of leads that still wait after a time. */
export const curvedTiming = timing.extend({
  curve: z.array(z.object({ ms: z.number(), share: z.number() })),
});
type CurvedTiming = z.infer<typeof curvedTiming>;

/** From the handoff to the first touch, and to the decision; from accepting to the opportunity, and from that to winning it. */
export const VELOCITY_SPANS = ['firstTouch', 'decision', 'opportunity', 'won'] as const;
export type VelocitySpan = (typeof VELOCITY_SPANS)[number];

function spansOf<Of extends z.ZodType>(of: Of) {
  const worked = z.object({ calendar: of, working: of });
  const plain = z.object({ calendar: of, working: z.null() });
  return z.object({ firstTouch: worked, decision: worked, opportunity: plain, won: plain });
}

/** How fast the leads of a row went on. */
export const velocity = z.object({ spans: spansOf(timing) });
export const velocityTotal = z.object({ spans: spansOf(curvedTiming) });

/**
 * When things happened to the leads of a group, a place for each lead; epoch ms, NaN where it has not happened. What is
 * measured from accepting has a place for each accepted lead.
 */
export interface LeadTimes extends LeadGroup {
  readonly handedOff: Float64Array;
  readonly touched: Float64Array;
  readonly decided: Float64Array;
  readonly ended: Float64Array;
  readonly accepted: Float64Array;
  readonly opportunity: Float64Array;
  readonly won: Float64Array;
  /** When accepted leads ended. */
  readonly closed: Float64Array;
}

/** How long leads waited, in ms: those for which the waiting is over, and those who still wait. */
interface Waits {
  readonly events: number[];
  readonly censored: number[];
}

const MEASURES = [
  'firstTouch',
  'firstTouchWorking',
  'decision',
  'decisionWorking',
  'opportunity',
  'won',
] as const;
type Measures = Readonly<Record<(typeof MEASURES)[number], Waits>>;

function noMeasures(): Measures {
  const none = (): Waits => ({ events: [], censored: [] });
  return {
    ...{ firstTouch: none(), firstTouchWorking: none(), decision: none(), decisionWorking: none() },
    ...{ opportunity: none(), won: none() },
  };
}

const CLOCK: Tape = { between: (from, to) => Math.max(0, to - from) };

/** What was measured of the leads of a key. */
interface Measured extends LeadGroup {
  readonly size: number;
  readonly measures: Measures;
}

/**
 * The velocity report: its rows and their total. `tapeOf` lays out the working time by which the leads of a group count. What
 * happened before the handoff, as the clocks of an import may say, took no time.
 */
export function velocityReport<Times extends LeadTimes>(
  frame: Frame,
  groups: readonly Times[],
  tapeOf: (group: Times) => Tape,
): {
  readonly rows: readonly (RowHead & z.infer<typeof velocity>)[];
  readonly total: z.infer<typeof velocityTotal>;
} {
  const byKey = new Map<string | null, Measured>();
  const all = noMeasures();
  for (const group of groups) {
    const known = byKey.get(group.key);
    const measures = known?.measures ?? noMeasures();
    measure(measures, group, tapeOf(group), frame.at);
    const label = known?.label ?? group.label;
    byKey.set(group.key, {
      ...{ key: group.key, label, measures },
      size: (known?.size ?? 0) + group.handedOff.length,
    });
  }
  for (const { measures } of byKey.values()) for (const name of MEASURES) append(all[name], measures[name]);
  const none = noMeasures();
  return {
    rows: rowsOf(frame, [...byKey.values()], {
      size: ({ size }) => size,
      make: found => ({ spans: shapeSpans(found?.measures ?? none, timingOf) }),
    }),
    total: { spans: shapeSpans(all, curvedTimingOf) },
  };
}

function measure(into: Measures, times: LeadTimes, tape: Tape, at: number): void {
  const { handedOff, touched, decided, ended, accepted, opportunity, won, closed } = times;
  wait(into.firstTouch, { starts: handedOff, events: touched, ends: ended, at, tape: CLOCK });
  wait(into.firstTouchWorking, { starts: handedOff, events: touched, ends: ended, at, tape });
  wait(into.decision, { starts: handedOff, events: decided, ends: ended, at, tape: CLOCK });
  wait(into.decisionWorking, { starts: handedOff, events: decided, ends: ended, at, tape });
  wait(into.opportunity, { starts: accepted, events: opportunity, ends: closed, at, tape: CLOCK });
  wait(into.won, { starts: opportunity, events: won, ends: closed, at, tape: CLOCK });
}

/** Adds how long each lead waited from its start: until the event, or, without one, as long as it was watched. */
function wait(
  into: Waits,
  of: {
    readonly starts: Float64Array;
    readonly events: Float64Array;
    readonly ends: Float64Array;
    readonly at: number;
    readonly tape: Tape;
  },
): void {
  for (let index = 0; index < of.starts.length; index++) {
    const start = of.starts[index] ?? Number.NaN;
    const event = of.events[index] ?? Number.NaN;
    if (Number.isNaN(start)) continue;
    if (!Number.isNaN(event)) {
      into.events.push(of.tape.between(start, event));
      continue;
    }
    const end = of.ends[index] ?? Number.NaN;
    into.censored.push(of.tape.between(start, Number.isNaN(end) ? of.at : Math.min(end, of.at)));
  }
}

function append(into: Waits, { events, censored }: Waits): void {
  for (const ms of events) into.events.push(ms);
  for (const ms of censored) into.censored.push(ms);
}

function shapeSpans<Of>(measures: Measures, of: (survival: Survival) => Of) {
  const made = (name: keyof Measures) => of(survive(measures[name].events, measures[name].censored));
  return {
    firstTouch: { calendar: made('firstTouch'), working: made('firstTouchWorking') },
    decision: { calendar: made('decision'), working: made('decisionWorking') },
    opportunity: { calendar: made('opportunity'), working: null },
    won: { calendar: made('won'), working: null },
  };
}

/** The median and the ninth tenth of a survival. */
export function timingOf(survival: Survival): Timing {
  const { events, censored } = survival;
  return {
    n: events + censored,
    ...{ events, censored },
    medianMs: waitUntil(survival, 0.5),
    p90Ms: waitUntil(survival, 0.1),
  };
}

/** The most steps of a curve: more than a screen has points to draw them with. */
const MAX_STEPS = 500;

function curvedTimingOf(survival: Survival): CurvedTiming {
  const { curve } = survival;
  const every = Math.ceil(curve.length / MAX_STEPS);
  return {
    ...timingOf(survival),
    curve: curve.filter((_step, index) => (curve.length - 1 - index) % every === 0),
  };
}

/** The first handoff of all groups, epoch ms; `at` where that is earlier, or there is none. */
export function firstOf(groups: readonly Pick<LeadTimes, 'handedOff'>[], at: number): number {
  let first = at;
  for (const { handedOff } of groups) for (const start of handedOff) first = Math.min(first, start);
  return first;
}
