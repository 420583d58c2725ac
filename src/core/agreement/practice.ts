import { z } from 'zod';
import { nameOf, type PathStep, type Report } from '../problem.ts';
import { DAY_NAMES } from '../time/clock.ts';
import { parseDuration } from '../time/duration.ts';
import { parseInstant } from '../time/instant.ts';
import {
  branch,
  duration,
  eventMatch,
  has,
  identifier,
  parsed,
  pathCondition,
  percentage,
  profileCondition,
  record,
  text,
} from './pieces.ts';

/** A span of a calendar: milliseconds of its working time, or a count of its working days (`5bd`). */
export type WorkSpan =
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'workdays'; readonly days: number };

const workSpan = parsed('workSpan', (raw, report): WorkSpan => {
  const days = typeof raw === 'string' ? /^([1-9]\d{0,2})bd$/.exec(raw)?.[1] : undefined;
  if (days !== undefined) return { kind: 'workdays', days: Number(days) };
  const ms = typeof raw === 'string' ? parseDuration(raw) : null;
  if (ms === null) report.add(`expected a duration such as 1h, 2d or 5bd (working days), got ${nameOf(raw)}`);
  return { kind: 'time', ms: ms ?? 0 };
});

/** The person or team that a routing entry gives a lead to. */
export type RouteTarget =
  | { readonly kind: 'owner'; readonly email: string }
  | { readonly kind: 'team'; readonly team: string; readonly by: 'round_robin' | 'weighted' | 'least_open' }
  | { readonly kind: 'companyOwner' };

const ownerTarget = record({ owner: z.email('expected an e-mail address') }).transform(
  ({ owner }): RouteTarget => ({ kind: 'owner', email: owner.toLowerCase() }),
);
const teamTarget = record({
  team: identifier,
  by: z.enum(['round_robin', 'weighted', 'least_open']).optional(),
}).transform(({ team, by }): RouteTarget => ({ kind: 'team', team, by: by ?? 'round_robin' }));
const companyOwner = z.literal('companyOwner').transform((): RouteTarget => ({ kind: 'companyOwner' }));

const routeTarget = branch<RouteTarget>('routeTarget', raw => {
  if (has(raw, 'owner')) return ownerTarget;
  if (has(raw, 'team') || has(raw, 'by')) return teamTarget;
  return raw === 'companyOwner'
    ? companyOwner
    : '{ owner: e-mail }, { team: name, by: round_robin } or companyOwner';
});

const routeEntry = record({
  id: identifier,
  label: text.optional(),
  when: pathCondition.optional(),
  to: routeTarget,
}).transform(entry => ({ kind: 'entry' as const, ...entry }));
const routeFallback = record({ fallback: identifier }).transform(({ fallback }) => ({
  kind: 'fallback' as const,
  team: fallback,
}));
const routing = branch<z.infer<typeof routeEntry> | z.infer<typeof routeFallback>>('routing', raw =>
  has(raw, 'fallback') ? routeFallback : routeEntry,
);

/** Working hours of one weekday: pairs of minutes after midnight, ascending. Index 0 is Monday. */
export type WeekHours = readonly (readonly (readonly [number, number])[])[];

/** Reads working hours, `{ mon-fri: ["09:00-17:30"] }`; what several keys say of one day adds up. */
export function readWeek(raw: unknown, report: Report): WeekHours {
  const week = DAY_NAMES.map((): [number, number][] => []);
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    report.add(`expected a map such as { mon-fri: ["09:00-17:30"] }, got ${nameOf(raw)}`);
    return week;
  }
  let isRead = true;
  const refuse = (message: string, ...below: readonly PathStep[]) => {
    isRead = false;
    report.add(message, ...below);
  };
  for (const [key, spans] of Object.entries(raw)) {
    const days = weekdays(key);
    if (days === null) refuse('expected a weekday or a range: mon, sat, mon-fri', key);
    if (!Array.isArray(spans)) refuse(`expected a list such as ["09:00-17:30"], got ${nameOf(spans)}`, key);
    for (const [index, span] of (Array.isArray(spans) ? spans : []).entries()) {
      const minutes = minuteSpan(span);
      if (minutes === null) refuse(`expected hours such as 09:00-17:30, got ${nameOf(span)}`, key, index);
      else for (const day of days ?? []) week[day]?.push(minutes);
    }
  }
  for (const spans of week) spans.sort((a, b) => a[0] - b[0]);
  // Hours that cannot be read do not count as missing hours.
  if (isRead && week.every(spans => spans.length === 0))
    report.add('expected at least one working hour in the week');
  return week;
}

const hours = parsed('hours', readWeek);

const DAYS: readonly string[] = DAY_NAMES;

function weekdays(key: string): readonly number[] | null {
  const ends = key
    .toLowerCase()
    .split('-')
    .map(name => DAYS.indexOf(name.trim()));
  const [from = -1, to = from] = ends;
  if (ends.length > 2 || from === -1 || to === -1 || to < from) return null;
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function minuteSpan(raw: unknown): [number, number] | null {
  const part = typeof raw === 'string' ? /^(\d{2}):(\d{2})-(\d{2}):(\d{2})$/.exec(raw.trim()) : null;
  if (part === null) return null;
  const [start, end] = [Number(part[1]) * 60 + Number(part[2]), Number(part[3]) * 60 + Number(part[4])];
  return start < end && end <= 24 * 60 && Number(part[2]) < 60 && Number(part[4]) < 60 ? [start, end] : null;
}

const day = z
  .string()
  .refine(value => value.length === 10 && parseInstant(value) !== null, 'expected a date such as 2026-12-25');

const timezone = z.string().refine(isTimezone, 'expected an IANA time zone such as Europe/London');

function isTimezone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

/** A calendar of an agreement; the working time of a person is written the same way. */
export const calendar = record({ timezone, hours, holidays: z.array(day).optional() });

const sla = record({
  id: identifier,
  label: text.optional(),
  when: pathCondition.optional(),
  firstTouch: workSpan,
  decision: workSpan,
  calendar: identifier.optional(),
  remind: z.array(percentage).optional(),
  escalate: record({ to: text, reassignAfter: workSpan.optional() }).optional(),
});

const alert = record({
  id: identifier,
  label: text.optional(),
  on: eventMatch,
  when: profileCondition.optional(),
  quietFor: duration.optional(),
  to: z.enum(['owner', 'team', 'channel']).optional(),
  via: z
    .array(z.enum(['slack', 'email', 'in_app', 'webhook']))
    .min(1)
    .optional(),
  atMostEvery: duration.optional(),
});

const reason = record({
  id: identifier,
  label: text.optional(),
  then: z.enum(['recycle', 'disqualify', 'merge', 'route']),
  wait: duration.optional(),
  nurture: identifier.optional(),
  note: z.literal('required', 'expected required').optional(),
  route: identifier.optional(),
});

const nurture = record({
  id: identifier,
  label: text.optional(),
  steps: z.array(
    record({ wait: duration.optional(), email: text.optional(), webhook: text.optional() }).refine(
      step => step.wait !== undefined || step.email !== undefined || step.webhook !== undefined,
      'expected wait, email or webhook',
    ),
  ),
});

const share = z.number().min(0).max(1);

/** What an agreement says beyond the score: how leads are given out, worked, decided and judged. */
export const practice = {
  sql: record({
    framework: z.enum(['bant', 'meddic', 'champ', 'gpctba_ci', 'custom']),
    require: z.array(identifier).optional(),
  }).optional(),
  routing: z.array(routing).optional(),
  calendars: z.record(identifier, calendar).optional(),
  sla: z.array(sla).optional(),
  alerts: z.array(alert).optional(),
  reasons: z.array(reason).optional(),
  nurture: z.array(nurture).optional(),
  targets: record({
    acceptance: z.tuple([share, share]).optional(),
    floor: share.optional(),
    ceiling: share.optional(),
    decisionWindow: duration.optional(),
    minSample: z.int().min(0).optional(),
    mqlPerWeek: z.number().min(0).optional(),
  }).optional(),
};
