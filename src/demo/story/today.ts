import { HOUR, MINUTE, WORKDAY, workBefore } from './rhythm.ts';

/** A lead that is to be open at `now`: when it became hot, and what sales has done with it so far. */
export interface OpenLead {
  readonly hotAt: number;
  readonly isTouched: boolean;
}

/** How long ago, in minutes, the newest leads raised their hands. */
const FRESH_MIN = [4, 13, 22, 37, 51] as const;
/** Not yet touched though the promise of one working hour is over; in working hours before now. */
const UNTOUCHED_H = [2.5, 6, 11, 15] as const;
/** Touched, decision still in time; in working hours before now. */
const TOUCHED_H = [4, 9, 14, 20] as const;
/** Touched, but the five working days for the decision are over; in working days before now. */
const UNDECIDED_D = [6, 7.5] as const;

/** The leads that fill the queue at `now`, so that every state of it can be seen whenever the demo is started. */
export function openLeads(now: number): readonly OpenLead[] {
  return [
    ...FRESH_MIN.map(minutes => ({ hotAt: now - minutes * MINUTE, isTouched: false })),
    ...UNTOUCHED_H.map(hours => ({ hotAt: workBefore(now, hours * HOUR), isTouched: false })),
    ...TOUCHED_H.map(hours => ({ hotAt: workBefore(now, hours * HOUR), isTouched: true })),
    ...UNDECIDED_D.map(days => ({ hotAt: workBefore(now, days * WORKDAY), isTouched: true })),
  ];
}
