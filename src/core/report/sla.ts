import { z } from 'zod';
import type { Tape } from '../worktime/tape.ts';
import { type Frame, type LeadGroup, type RowHead, rowsOf } from './frame.ts';
import { rate, rateOf } from './rate.ts';
import { survive, waitUntil } from './survival.ts';

/** How the clocks of one kind went. */
const clockFigures = z.object({
  kept: z.number(),
  /** Not stopped when they were due; for ever, however they went on. */
  missed: z.number(),
  running: z.number(),
  /** kept / (kept + missed) */
  keptRate: rate,
  /** By how much half of the missed ones were late at most, in ms of working time; those that still run count as long as they do. */
  lateMedianMs: z.number().nullable(),
  lateP90Ms: z.number().nullable(),
});

/** How the clocks of the leads of a row went. */
export const sla = z.object({ clocks: z.object({ firstTouch: clockFigures, decision: clockFigures }) });
export type SlaFigures = z.infer<typeof sla>;

/** The clocks of one kind, counted; with due time and stop of each missed one, epoch ms, NaN while it has not stopped. */
export interface ClockCount {
  readonly kept: number;
  readonly missed: number;
  readonly running: number;
  readonly due: Float64Array;
  readonly stopped: Float64Array;
}

/** The clocks of the leads of a group. */
export interface SlaCount extends LeadGroup {
  readonly handedOff: number;
  readonly firstTouch: ClockCount;
  readonly decision: ClockCount;
}

/** What was counted of the clocks of one kind under one key. */
interface Tally {
  kept: number;
  missed: number;
  running: number;
  readonly late: number[];
  readonly stillLate: number[];
}

interface Tallies extends LeadGroup {
  size: number;
  readonly firstTouch: Tally;
  readonly decision: Tally;
}

/** The SLA report: its rows and their total. `tapeOf` lays out the working time by which the leads of a group count. */
export function slaReport<Count extends SlaCount>(
  frame: Frame,
  counts: readonly Count[],
  of: { readonly tapeOf: (count: Count) => Tape; readonly minSample: number },
): { readonly rows: readonly (RowHead & SlaFigures)[]; readonly total: SlaFigures } {
  const all = tallies(null, null);
  const byKey = new Map<string | null, Tallies>();
  for (const count of counts) {
    const row = byKey.get(count.key) ?? tallies(count.key, count.label);
    byKey.set(count.key, row);
    row.size += count.handedOff;
    for (const kind of ['firstTouch', 'decision'] as const)
      for (const into of [row, all]) add(into[kind], count[kind], of.tapeOf(count), frame.at);
  }
  const shape = ({ firstTouch, decision }: Tallies) => ({
    clocks: { firstTouch: figuresOf(firstTouch, of.minSample), decision: figuresOf(decision, of.minSample) },
  });
  return {
    rows: rowsOf(frame, [...byKey.values()], {
      size: ({ size }) => size,
      make: row => shape(row ?? tallies(null, null)),
      which: key => (frame.by === 'entry' || frame.by === 'hour' ? { [frame.by]: key } : {}),
    }),
    total: shape(all),
  };
}

function tallies(key: string | null, label: string | null): Tallies {
  const none = (): Tally => ({ kept: 0, missed: 0, running: 0, late: [], stillLate: [] });
  return { key, label, size: 0, firstTouch: none(), decision: none() };
}

function add(into: Tally, count: ClockCount, tape: Tape, at: number): void {
  into.kept += count.kept;
  into.missed += count.missed;
  into.running += count.running;
  for (const [index, due] of count.due.entries()) {
    const stopped = count.stopped[index] ?? Number.NaN;
    if (Number.isNaN(stopped)) into.stillLate.push(tape.between(due, at));
    else into.late.push(tape.between(due, stopped));
  }
}

function figuresOf({ kept, missed, running, late, stillLate }: Tally, minSample: number) {
  const lateness = survive(late, stillLate);
  return {
    ...{ kept, missed, running },
    keptRate: rateOf({ n: kept, of: kept + missed }, minSample),
    lateMedianMs: waitUntil(lateness, 0.5),
    lateP90Ms: waitUntil(lateness, 0.1),
  };
}
