import { z } from 'zod';
import { type Frame, type LeadGroup, type RowHead, rowsOf } from './frame.ts';
import { rate, rateOf } from './rate.ts';
import { type Targets, verdict, verdictOf } from './verdict.ts';

/** What sales did with the leads of a row. */
export const acceptance = z.object({
  handedOff: z.number(),
  accepted: z.number(),
  rejected: z.number(),
  /** Handed over and not decided. */
  open: z.number(),
  /** Closed or sent to another team by a disqualifier: no MQLs, and counted nowhere else. */
  elsewhere: z.number(),
  /** accepted / (accepted + rejected) */
  acceptanceRate: rate,
  /** Accepted within the agreed time, of those handed over whose time is over. */
  windowRate: rate,
  /** Null where the agreement names no band. */
  verdict: verdict.nullable(),
});
export type Acceptance = z.infer<typeof acceptance>;

/** The leads of a group, counted by what sales did with them. */
export interface AcceptanceCount {
  readonly handedOff: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly elsewhere: number;
  readonly inWindow: number;
  readonly windowOver: number;
}

const NONE: AcceptanceCount = {
  handedOff: 0,
  accepted: 0,
  rejected: 0,
  elsewhere: 0,
  inWindow: 0,
  windowOver: 0,
};

/**
 * What sales did with leads, with the rates of it.
 *
 * @example acceptanceOf({ handedOff: 10, accepted: 6, rejected: 2, elsewhere: 0, inWindow: 5, windowOver: 10 }, { minSample: 30 }).acceptanceRate.value // 0.75
 */
export function acceptanceOf(count: AcceptanceCount, targets: Targets): Acceptance {
  const { handedOff, accepted, rejected, elsewhere, inWindow, windowOver } = count;
  const acceptanceRate = rateOf({ n: accepted, of: accepted + rejected }, targets.minSample);
  return {
    ...{ handedOff, accepted, rejected, open: handedOff - accepted - rejected, elsewhere, acceptanceRate },
    windowRate: rateOf({ n: inWindow, of: windowOver }, targets.minSample),
    verdict: verdictOf(acceptanceRate, targets),
  };
}

/** The acceptance report: its rows, and their total, whose rates come from its leads and not from the rows' rates. */
export function acceptanceReport(
  frame: Frame,
  counts: readonly (LeadGroup & AcceptanceCount)[],
  targets: Targets,
): { readonly rows: readonly (RowHead & Acceptance)[]; readonly total: Acceptance } {
  return {
    rows: rowsOf(frame, counts, {
      size: ({ handedOff }) => handedOff,
      make: count => acceptanceOf(count ?? NONE, targets),
    }),
    total: acceptanceOf(sumOf(counts), targets),
  };
}

function sumOf(counts: readonly AcceptanceCount[]): AcceptanceCount {
  const sum = (of: (count: AcceptanceCount) => number) =>
    counts.reduce((total, count) => total + of(count), 0);
  return {
    handedOff: sum(count => count.handedOff),
    accepted: sum(count => count.accepted),
    rejected: sum(count => count.rejected),
    elsewhere: sum(count => count.elsewhere),
    inWindow: sum(count => count.inWindow),
    windowOver: sum(count => count.windowOver),
  };
}
