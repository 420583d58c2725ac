import type { WorkSpan } from '../agreement/practice.ts';
import { isObject } from '../condition/reading.ts';
import { nameOf } from '../problem.ts';
import { parseDuration } from '../time/duration.ts';
import { formatInstant, isKept, parseKept } from '../time/instant.ts';
import { addWorkSpan, isWorking, LONGEST_WALK_MS, type WorkCalendar, workingMsBetween } from './calendar.ts';

/** What a question about working time is answered with: an instant, milliseconds, or what is wrong with it. */
export type WorkAnswer = { readonly at: string } | { readonly ms: number } | { readonly error: string };

const KEYS = new Set(['from', 'add', 'to']);

/**
 * Answers a question about working time on a calendar, null for one that is always open: `{ from, add }` asks when a span
 * is over, `{ from, to }` how much working time lies between. All that is wrong with a question is said at once.
 *
 * @example answerWorktime(null, { from: '2026-03-01T09:00:00Z', add: '4h' }) // { at: '2026-03-01T13:00:00.000Z' }
 * @example answerWorktime(null, { from: '2026-03-02', to: '2026-03-01' }) // { ms: -86_400_000 }
 * @example answerWorktime(null, { from: '2026-03-01' }) // { error: 'expected add, such as "4h", or to, a time; got neither' }
 */
export function answerWorktime(calendar: WorkCalendar | null, question: unknown): WorkAnswer {
  if (!isObject(question)) return { error: `expected an object such as ${SHAPES}, got ${nameOf(question)}` };
  const faults = Object.keys(question).flatMap(key =>
    KEYS.has(key) ? [] : [`${key}: expected from with add or to`],
  );
  const { from: rawFrom, add: rawAdd, to: rawTo } = question;
  const from = readTime(rawFrom);
  const to = rawTo === undefined ? null : readTime(rawTo);
  const span = rawAdd === undefined ? null : readSpan(rawAdd);
  if (typeof from === 'string') faults.push(`from: ${from}`);
  if (typeof to === 'string') faults.push(`to: ${to}`);
  if (typeof span === 'string') faults.push(`add: ${span}`);
  if ((to === null) === (span === null))
    faults.push(`expected add, such as "4h", or to, a time; got ${to === null ? 'neither' : 'both'}`);
  if (faults.length > 0 || typeof from === 'string') return { error: faults.join('; ') };
  if (typeof to === 'number') return between(calendar, from, to);
  return span === null || typeof span === 'string' ? { error: SHAPES } : after(calendar, from, span);
}

const SHAPES = '{"from":"2026-03-02T09:00:00Z","add":"4h"} or {"from":…,"to":…}';

function readTime(raw: unknown): number | string {
  const at = typeof raw === 'string' ? parseKept(raw) : null;
  return at ?? `expected a time such as 2026-03-02T09:00:00Z, got ${nameOf(raw)}`;
}

/** A span as an agreement writes one; here it may also be empty, and its end is then the next working moment. */
function readSpan(raw: unknown): WorkSpan | string {
  if (typeof raw === 'string') {
    const days = /^(0|[1-9]\d{0,2})bd$/.exec(raw)?.[1];
    if (days !== undefined) return { kind: 'workdays', days: Number(days) };
    const ms = /^0[smhdw]$/.test(raw) ? 0 : parseDuration(raw);
    if (ms !== null) return { kind: 'time', ms };
  }
  return `expected a span such as 4h, 30m, 1bd (working days) or 0s, ten years or 999bd at most, got ${nameOf(raw)}`;
}

function between(calendar: WorkCalendar | null, from: number, to: number): WorkAnswer {
  if (calendar !== null && Math.abs(to - from) > LONGEST_WALK_MS)
    return { error: 'to: expected a time within a hundred years of from' };
  return { ms: workingMsBetween(calendar, from, to) };
}

function after(calendar: WorkCalendar | null, from: number, span: WorkSpan): WorkAnswer {
  const at = addWorkSpan(calendar, from, span);
  if (!isKept(at)) return { error: 'add: the span ends after the year 9999' };
  if (isReached(calendar, { from, at, span })) return { at: formatInstant(at) };
  return {
    error: `add: the calendar has too little working time after ${formatInstant(from)} to reach the end`,
  };
}

/** Whether a span ended in working time, and not because the calendar opens too seldom for it. */
function isReached(
  calendar: WorkCalendar | null,
  { from, at, span }: { readonly from: number; readonly at: number; readonly span: WorkSpan },
): boolean {
  if (calendar === null || isWorking(calendar, at)) return true;
  if (span.kind === 'workdays') return isWorking(calendar, at - 1);
  return span.ms > 0 && workingMsBetween(calendar, from, at) === span.ms;
}
