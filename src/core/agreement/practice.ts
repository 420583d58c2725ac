import { z } from 'zod';
import { nameOf } from '../problem.ts';
import { parseDuration } from '../time/duration.ts';
import { calendar } from './hours.ts';
import { letters } from './letter.ts';
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
  times,
} from './pieces.ts';
import { qualification } from './qualification.ts';

/** A span of a calendar: milliseconds of its working time, or a count of its working days (`5bd`). */
export type WorkSpan =
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'workdays'; readonly days: number };

const workSpan = parsed('workSpan', (raw, report): WorkSpan => {
  const days = typeof raw === 'string' ? /^([1-9]\d{0,2})bd$/.exec(raw)?.[1] : undefined;
  if (days !== undefined) return { kind: 'workdays', days: Number(days) };
  const ms = typeof raw === 'string' ? parseDuration(raw) : null;
  if (ms === null) {
    const isEmpty = typeof raw === 'string' && /^0+(?:[smhdw]|bd)$/.test(raw);
    const why = isEmpty ? '; a clock without time would be missed at once' : '';
    report.add(`expected a duration such as 1h, 2d or 5bd (working days), got ${nameOf(raw)}${why}`);
  }
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

/** Who is told of a missed clock. */
const escalateTo = branch<string>('escalateTo', raw =>
  raw === 'manager' || raw === 'team'
    ? z.enum(['manager', 'team'])
    : typeof raw === 'string'
      ? z.email('expected manager, team or an e-mail address').transform(address => address.toLowerCase())
      : 'manager, team or an e-mail address',
);

const sla = record({
  id: identifier,
  label: text.optional(),
  when: pathCondition.optional(),
  firstTouch: workSpan,
  decision: workSpan,
  calendar: identifier.optional(),
  remind: z.array(percentage).optional(),
  escalate: record({ to: escalateTo, reassignAfter: workSpan.optional() }).optional(),
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
  attempts: times.optional(),
  sameOwner: z.boolean().optional(),
});

/** A share between 0 and 1. */
const portion = z.number().min(0).max(1);

/** What an agreement says beyond the score: how leads are given out, worked, decided and judged. */
export const practice = {
  sql: qualification.optional(),
  routing: z.array(routing).optional(),
  calendars: z.record(identifier, calendar).optional(),
  sla: z.array(sla).optional(),
  alerts: z.array(alert).optional(),
  reasons: z.array(reason).optional(),
  ...letters,
  targets: record({
    acceptance: z.tuple([portion, portion]).optional(),
    floor: portion.optional(),
    ceiling: portion.optional(),
    decisionWindow: duration.optional(),
    minSample: z.int().min(0).optional(),
    mqlPerWeek: z.number().min(0).optional(),
  }).optional(),
};
