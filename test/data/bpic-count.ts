import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** What became of the applications pre-accepted in one month (UTC). */
export interface MonthCount {
  readonly month: string;
  readonly handoffs: number;
  readonly accepted: number;
  /** Declined or cancelled without having been accepted. */
  readonly rejected: number;
  /** Neither accepted nor rejected by the end of the log. */
  readonly open: number;
  readonly won: number;
  /** Declined or cancelled after having been accepted. */
  readonly lost: number;
}

/** One line of the event log. */
export interface LogLine {
  readonly caseId: string;
  readonly activity: string;
  readonly lifecycle: string;
  readonly at: number;
}

/** Reads the event log of the BPI Challenge 2012 by nothing but splitting: its cells hold no quotes, commas or line ends. */
export function readLog(folder: string): readonly LogLine[] {
  const text = gunzipSync(readFileSync(join(folder, 'bpic2012_events.csv.gz'))).toString('utf8');
  const [, ...lines] = text.trimEnd().split('\n');
  return lines.map(line => {
    const [caseId = '', , activity = '', lifecycle = '', , timestamp = ''] = line.trimEnd().split(',');
    return { caseId, activity, lifecycle, at: Date.parse(timestamp) };
  });
}

/** Counts the funnel by the month of the handoff (`A_PREACCEPTED`), straight from the log and without any code of Baton. */
export function countByMonth(log: readonly LogLine[]): readonly MonthCount[] {
  const reached = new Map<string, Map<string, number>>();
  for (const { caseId, activity, at } of log) {
    const steps = reached.get(caseId) ?? new Map<string, number>();
    if (!steps.has(activity)) steps.set(activity, at);
    reached.set(caseId, steps);
  }
  const months = new Map<string, { -readonly [Key in keyof MonthCount]: MonthCount[Key] }>();
  for (const steps of reached.values()) {
    const handedAt = steps.get('A_PREACCEPTED');
    if (handedAt === undefined) continue;
    const month = new Date(handedAt).toISOString().slice(0, 7);
    const count = months.get(month) ?? {
      month,
      handoffs: 0,
      accepted: 0,
      rejected: 0,
      open: 0,
      won: 0,
      lost: 0,
    };
    months.set(month, count);
    const accepted = steps.has('A_ACCEPTED');
    const ended = steps.has('A_DECLINED') || steps.has('A_CANCELLED');
    count.handoffs += 1;
    count.accepted += accepted ? 1 : 0;
    count.rejected += !accepted && ended ? 1 : 0;
    count.open += !accepted && !ended ? 1 : 0;
    count.won += steps.has('A_APPROVED') ? 1 : 0;
    count.lost += accepted && ended ? 1 : 0;
  }
  return [...months.values()].sort((a, b) => a.month.localeCompare(b.month));
}

/** How long an application waited in the queue of the call team, in milliseconds. */
export interface Wait {
  readonly queuedAt: number;
  readonly claimedAt: number;
}

/** The first call task of each application that was claimed, in the order of the log. */
export function countWaits(log: readonly LogLine[]): readonly Wait[] {
  const queued = new Map<string, number>();
  const claimed = new Map<string, number>();
  for (const { caseId, activity, lifecycle, at } of log) {
    if (activity !== 'W_Completeren aanvraag') continue;
    if (lifecycle === 'SCHEDULE' && !queued.has(caseId)) queued.set(caseId, at);
    if (lifecycle === 'START' && queued.has(caseId) && !claimed.has(caseId)) claimed.set(caseId, at);
  }
  return [...claimed].map(([caseId, claimedAt]) => ({
    queuedAt: queued.get(caseId) ?? claimedAt,
    claimedAt,
  }));
}

/** The middle of numbers, or the mean of the two in the middle. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2)];
  return ((sorted[low] ?? Number.NaN) + (sorted[high] ?? Number.NaN)) / 2;
}

const MINUTE = 60_000;

/**
 * Counts the time of the call team's hours (Mondays to Fridays 09:00-21:00, Saturdays 10:00-17:00, in Amsterdam) up to
 * an instant, minute by minute of the wall clock from 30 September 2011 to 1 July 2012.
 */
export function callHours(): (at: number) => number {
  const start = Date.UTC(2011, 8, 30) / MINUTE;
  const wall = new Intl.DateTimeFormat('en-US', {
    timeZone: 'Europe/Amsterdam',
    weekday: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
  });
  const upTo = [0];
  for (let minute = start; minute < Date.UTC(2012, 6, 1) / MINUTE; minute++) {
    const [, day = '', hour = ''] = /^(\w+), (\d\d)$/.exec(wall.format(minute * MINUTE)) ?? [];
    const [from, to] = day === 'Sun' ? [0, 0] : day === 'Sat' ? [10, 17] : [9, 21];
    const isOpen = from <= Number(hour) && Number(hour) < to;
    upTo.push((upTo.at(-1) ?? 0) + (isOpen ? MINUTE : 0));
  }
  return at => {
    const minute = Math.floor(at / MINUTE) - start;
    const [before = 0, after = 0] = upTo.slice(minute, minute + 2);
    return before + ((after - before) * (at % MINUTE)) / MINUTE;
  };
}
