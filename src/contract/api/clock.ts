import { z } from 'zod';
import { CLOCK_KINDS, CLOCK_STATES } from '../../core/followup/clock.ts';
import { ACTIVITY_OUTCOMES } from '../../core/followup/touch.ts';
import { instant } from '../../core/time/instant.ts';

/** What came of a call or a message. */
export const activityOutcome = z.enum(ACTIVITY_OUTCOMES);

/** A clock of an episode: by when something is to be done, and how it stands. */
export const clock = z.object({
  kind: z.enum(CLOCK_KINDS),
  startedAt: instant,
  /** While it is paused: when it will be due if the pause ends as said. */
  dueAt: instant,
  state: z.enum(CLOCK_STATES),
  stoppedAt: instant.nullable(),
  /** By how much working time it is missed, in ms, up to now while nothing stopped it; null while it is not missed. */
  lateMs: z.number().nullable(),
  /** The working time counted so far and the whole, in ms. */
  workedMs: z.number(),
  totalMs: z.number(),
  /** The calendar of the agreement by which it counts; `always` is around the clock. */
  calendar: z.string(),
  /** The SLA entry that set it; null where that is not known. */
  entry: z.string().nullable(),
  /** When its owner is reminded, or was. */
  reminders: z.array(instant),
  pausedUntil: instant.nullable(),
  pauseReason: z.string().nullable(),
});
