import { ALWAYS, dayOf, type Schedule, startOfDay } from '../worktime/schedule.ts';

/** How many more leads somebody takes of a local day (days since 1970-01-01); fractions wait for the days to come. */
export interface Allowance {
  readonly tokens: number;
  readonly day: number;
}

/** Tokens are sums of fractions: what is short of a whole one by less is one. */
const ROUNDING = 1e-9;

/** Beyond, how long somebody got nothing changes nothing that anybody could notice. */
const MOST_DAYS = 400;

/**
 * What is left at an instant of somebody's leads per working day. A new working day adds `perDay`; whole leads that were
 * not given out are not made up for, fractions add up. Below one a day they add up until there is a whole one: 0.5 is a
 * lead every second working day. Without `kept` the day is untouched.
 *
 * @example allowanceAt({ perDay: 3, kept: null }, 0) // { tokens: 3, day: 0 }
 */
export function allowanceAt(
  of: { readonly perDay: number; readonly kept: Allowance | null; readonly schedule?: Schedule },
  at: number,
): Allowance {
  const { perDay, kept, schedule = ALWAYS } = of;
  const day = dayOf(schedule, at);
  if (kept === null) return { tokens: Math.max(1, perDay), day };
  let { tokens } = kept;
  for (let next = Math.max(kept.day + 1, day - MOST_DAYS); next <= day; next++) {
    if (schedule.isWorkday(next)) tokens = refill(tokens, perDay);
  }
  return { tokens, day: Math.max(day, kept.day) };
}

function refill(tokens: number, perDay: number): number {
  if (perDay < 1) return tokens >= 1 - ROUNDING ? tokens : tokens + perDay;
  return tokens - Math.floor(tokens + ROUNDING) + perDay;
}

/** Whether one more lead may be given. @example mayGive({ tokens: 0.5, day: 0 }) // false */
export function mayGive({ tokens }: Allowance): boolean {
  return tokens >= 1 - ROUNDING;
}

/** What is left after a lead was given, be it more than allowed. */
export function spend({ tokens, day }: Allowance): Allowance {
  return { tokens: Math.max(0, tokens - 1), day };
}

/** When the day begins on which the next lead may be given, in epoch ms; null when there is none within a year. */
export function mayGiveFrom(
  of: { readonly perDay: number; readonly kept: Allowance; readonly schedule?: Schedule },
  at: number,
): number | null {
  const { perDay, schedule = ALWAYS } = of;
  let allowance = allowanceAt(of, at);
  for (let day = allowance.day + 1; day <= allowance.day + MOST_DAYS; day++) {
    const tokens = schedule.isWorkday(day) ? refill(allowance.tokens, perDay) : allowance.tokens;
    allowance = { ...allowance, tokens };
    if (mayGive(allowance)) return startOfDay(schedule, day);
  }
  return null;
}
