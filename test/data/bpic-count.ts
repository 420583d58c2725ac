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
