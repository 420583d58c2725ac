import type { Chance } from './chance.ts';
import type { Place } from './place.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** How long the demo's history is. */
export const YEAR = 365 * DAY;

/** A working day of the template's calendar (09:00 to 17:30), in milliseconds. */
export const WORKDAY = 8.5 * HOUR;

/** Demand by month: budgets are planned in autumn, August and December are slow. */
const SEASON = [1.05, 1.1, 1.1, 0.95, 1.0, 0.95, 0.8, 0.65, 1.15, 1.2, 1.15, 0.6] as const;

/** Demand by weekday, Sunday first. */
const WEEK = [0.2, 1.0, 1.15, 1.15, 1.1, 0.85, 0.2] as const;

/** Upper bound of `demand`, for drawing by rejection. */
const MOST = 1.4 * 1.2 * 1.15;

/** How much demand there is on a day: it doubles and more over the year, with seasons and weekdays on top. */
function demand(at: number, now: number): number {
  const day = new Date(at);
  const growth = 0.6 + 0.8 * progress(at, now);
  return growth * (SEASON[day.getUTCMonth()] ?? 1) * (WEEK[day.getUTCDay()] ?? 1);
}

/** How far through the demo's year an instant lies: 0 a year before `now`, 1 at `now`. */
export function progress(at: number, now: number): number {
  return Math.min(1, Math.max(0, 1 - (now - at) / YEAR));
}

/** Draws when somebody comes for the first time, in the year before `now`; as busy days would have it. */
export function drawArrival(place: Place, now: number, chance: Chance): number {
  for (;;) {
    const at = now - chance.unit() * YEAR;
    if (chance.unit() * MOST > demand(at, now)) continue;
    const moment = officeMoment(at, place, chance);
    if (moment < now - HOUR) return moment;
  }
}

/** A moment on the (UTC) day of `at` when people in a place sit at a screen: mostly mid-morning to late afternoon. */
export function officeMoment(at: number, place: Place, chance: Chance): number {
  const midnight = Math.floor(at / DAY) * DAY;
  const hour = chance.happens(0.08) ? chance.between(19, 22.5) : 13.2 + 2.5 * chance.normal();
  return Math.round(midnight + (Math.min(22.9, Math.max(6.5, hour)) - place.utcOffsetH) * HOUR);
}

/** A moment some days later; weekends mostly move to the Monday after. Always after `after`. */
export function daysLater(after: number, days: number, { place, chance }: Where): number {
  if (days < 0.5) return after + Math.round((10 * MINUTE + days * DAY) * chance.between(0.8, 1.2));
  const moment = officeMoment(after + days * DAY, place, chance);
  const weekday = new Date(moment).getUTCDay();
  const moved = weekday === 6 ? 2 : weekday === 0 ? 1 : 0;
  const shifted = chance.happens(0.85) ? moment + moved * DAY : moment;
  return shifted > after ? shifted : after + Math.round(chance.between(1, 5) * HOUR);
}

/** Who draws a moment, and where they are. */
interface Where {
  readonly place: Place;
  readonly chance: Chance;
}

/** Working hours in UTC, near enough to the template's London ones for placing leads. */
const OPEN = 9 * HOUR;
const CLOSE = 17.5 * HOUR;

/**
 * The instant `workMs` of working time before `at`: Monday to Friday, 09:00 to 17:30 UTC.
 *
 * @example workBefore(Date.UTC(2026, 2, 2, 10), 2 * HOUR) // Friday 27 February, 16:30
 */
export function workBefore(at: number, workMs: number): number {
  let left = workMs;
  for (let midnight = Math.floor(at / DAY) * DAY; ; midnight -= DAY) {
    const weekday = new Date(midnight).getUTCDay();
    if (weekday === 0 || weekday === 6) continue;
    const worked = Math.min(at, midnight + CLOSE) - (midnight + OPEN);
    if (worked <= 0) continue;
    if (worked >= left) return midnight + OPEN + worked - left;
    left -= worked;
  }
}
