import { calendar } from '../agreement/hours.ts';
import { flatten } from '../agreement/pieces.ts';
import { formatPath } from '../problem.ts';
import { compileSchedule, type Schedule } from './schedule.ts';

const ALL_DAY = { 'mon-sun': ['00:00-24:00'] } as const;

/** What was read of a person's working time, or what is wrong with it, by path. */
type ReadSchedule =
  | { readonly schedule: Schedule; readonly problems: null }
  | {
      readonly schedule: null;
      readonly problems: readonly { readonly path: string; readonly message: string }[];
    };

/** The hours of one date as people write them. */
export interface WrittenOpenDay {
  readonly date: string;
  readonly hours: readonly string[];
}

/**
 * Reads a person's working time, written as an agreement writes a calendar; `hours` null is always, but for the holidays.
 *
 * @example readSchedule({ timezone: 'Mars/Base', hours: null, holidays: [] }).problems?.[0]?.path // 'timezone'
 */
export function readSchedule(raw: {
  readonly timezone: string;
  readonly hours: unknown;
  readonly holidays: readonly string[];
  readonly open?: unknown;
}): ReadSchedule {
  const read = calendar.safeParse({ ...raw, hours: raw.hours ?? ALL_DAY }, { reportInput: true });
  if (read.success) {
    const { timezone, hours, holidays, open } = read.data;
    const schedule = compileSchedule({
      timezone,
      hours: raw.hours === null ? null : hours,
      holidays: holidays ?? [],
      open,
    });
    return { schedule, problems: null };
  }
  const problems = read.error.issues.flatMap(flatten);
  return {
    schedule: null,
    problems: problems.map(({ path, message }) => ({ path: formatPath(path), message })),
  };
}
