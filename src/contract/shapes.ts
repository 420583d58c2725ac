import { z } from 'zod';
import { EPISODE_STATES } from '../core/contact/episode.ts';
import { routingReason } from '../core/routing/reason.ts';
import { parseAsked } from '../core/time/instant.ts';
import { ROLES } from './role.ts';

/** An instant on the wire: RFC 3339 in UTC. */
export const instant = z.string().meta({ format: 'date-time' });
/** What is expected of an instant that somebody gives. */
export const GIVEN_INSTANT = 'expected an RFC 3339 date-time such as 2026-03-01T00:00:00Z';
/** An instant that somebody gives; looked at with the rest, so that all that is wrong is told at once. */
export const givenInstant = instant.refine(text => parseAsked(text) !== null, GIVEN_INSTANT);
export const id = z.string().min(1);
export const role = z.enum(ROLES);
export const empty = z.strictObject({});
export const done = z.object({ ok: z.literal(true) });

/** The stages of a lead, in order, and the two beside the line. */
export const STAGES = ['lead', 'mql', 'sql', 'opportunity', 'customer', 'nurture', 'disqualified'] as const;
export const stage = z.enum(STAGES);
export type Stage = z.infer<typeof stage>;

/** The query of every list: how many, and from where on. */
export const paging = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().optional(),
};

/** The answer of every list. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

export const scoreLine = z.object({
  rule: z.string().nullable(),
  label: z.string(),
  score: z.string(),
  group: z.string().optional(),
  points: z.number(),
  count: z.number().optional(),
  lastAt: instant.optional(),
});
export type ScoreLine = z.infer<typeof scoreLine>;

export const breakdown = z.object({
  id: z.string(),
  at: instant,
  scores: z.record(z.string(), z.number()),
  total: z.number(),
  lines: z.array(scoreLine),
  grade: z.string().nullable(),
  disqualified: z.array(z.string()),
  qualifies: z.string().nullable(),
  nextChangeAt: instant.nullable(),
});

/** A score as `baton score` prints it, for one contact at one instant. */
export const printedScore = z.union([
  breakdown,
  z.object({ id: z.string(), at: instant, applies: z.literal(false), nextChangeAt: instant.nullable() }),
]);
export type PrintedScore = z.infer<typeof printedScore>;

export const person = z.object({ id, name: z.string() });

export const contactHead = z.object({
  id,
  name: z.string(),
  title: z.string().nullable(),
  email: z.string().nullable(),
  company: z.string().nullable(),
});
export type ContactHead = z.infer<typeof contactHead>;

/** How an episode stands: open awaits a decision; accepted to won is with sales; the rest are over. */
export const episodeState = z.enum(EPISODE_STATES);

export const ACTIVITY_KINDS = ['call', 'email', 'meeting', 'message', 'note'] as const;
export const activityKind = z.enum(ACTIVITY_KINDS);

export const activity = z.object({
  id,
  kind: activityKind,
  at: instant,
  actor: z.string(),
  note: z.string().nullable(),
});

/** What is due next on an open episode. */
export const due = z.object({ kind: z.enum(['firstTouch', 'decision']), at: instant });

/** An episode as lists and the queue show it. */
export const episodeHead = z.object({
  id,
  contact: contactHead,
  state: episodeState,
  path: z.object({ id: z.string(), label: z.string() }),
  total: z.number(),
  scores: z.record(z.string(), z.number()),
  grade: z.string().nullable(),
  /** The reason for the handoff in one sentence. */
  sentence: z.string(),
  /** The three heaviest lines of the breakdown frozen at the handoff. */
  topLines: z.array(scoreLine),
  qualifiedAt: instant,
  handedOffAt: instant,
  owner: person.nullable(),
  team: z.string().nullable(),
  /** Why nobody owns it; null when somebody does, and when it has ended. */
  waitingFor: z.string().nullable(),
  due: due.nullable(),
  firstTouchAt: instant.nullable(),
  decidedAt: instant.nullable(),
  reason: z.object({ id: z.string(), label: z.string() }).nullable(),
  note: z.string().nullable(),
  imported: z.boolean(),
  /** Why it should be looked at again though it stays open, such as events that a machine made; null otherwise. */
  flag: z.string().nullable(),
  /** What disqualified the lead, sending it to a team of its own or closing it; null for a marketing qualified lead. */
  disqualifier: z.object({ id: z.string(), label: z.string() }).nullable(),
});
export type EpisodeHead = z.infer<typeof episodeHead>;

export const episode = episodeHead.extend({
  breakdown,
  agreementVersion: z.number(),
  routedBecause: z.string(),
  /** Why it went where it is, as data; null for what was routed before reasons were data, and what was imported. */
  routedWhy: routingReason.nullable(),
  activities: z.array(activity),
});
export type Episode = z.infer<typeof episode>;

export const timelineItem = z.object({
  id,
  at: instant,
  /** What kind of thing happened: `event`, `profile`, `stage`, `handoff`, `activity`, `decision`, `alert`, `merge`, `class`. */
  kind: z.string(),
  title: z.string(),
  detail: z.string().nullable(),
  actor: z.string().nullable(),
  machine: z.boolean(),
  /** Why an event counts as machine-made; null for what does not. */
  machineReason: z.string().nullable(),
  /** The id by which an event can be classed anew; null for what is no event. */
  eventId: z.string().nullable(),
});
export type TimelineItem = z.infer<typeof timelineItem>;

/** One period of the acceptance or conversion report; rates are shares from 0 to 1, null where nothing was decided. */
export const reportRow = z.object({
  /** `2026-03` for a month; a name for the other groupings. */
  key: z.string(),
  handedOff: z.number(),
  accepted: z.number(),
  rejected: z.number(),
  open: z.number(),
  /** accepted / (accepted + rejected) */
  acceptanceRate: z.number().nullable(),
  /** accepted / handedOff */
  conversionRate: z.number().nullable(),
});
export type ReportRow = z.infer<typeof reportRow>;

export const report = z.object({
  from: instant,
  to: instant,
  timezone: z.string(),
  rows: z.array(reportRow),
  total: reportRow,
  targets: z.object({
    acceptance: z.tuple([z.number(), z.number()]).nullable(),
    floor: z.number().nullable(),
    ceiling: z.number().nullable(),
    minSample: z.number().nullable(),
  }),
});
export type Report = z.infer<typeof report>;

export const alert = z.object({
  id,
  at: instant,
  label: z.string(),
  text: z.string(),
  contactId: id.nullable(),
  episodeId: id.nullable(),
  readAt: instant.nullable(),
  /** What it is about: `handoff`, `waiting`, `early`, `flag`, `exception`, `breach`, `reassigned`, `bulletin`; null on old ones. */
  kind: z.string().nullable().optional(),
  /** Whom it was for; told where alerts of several people are listed. */
  to: person.optional(),
});
export type Alert = z.infer<typeof alert>;

export const user = z.object({
  id,
  name: z.string(),
  email: z.string(),
  role,
  active: z.boolean(),
  createdAt: instant,
});
export type User = z.infer<typeof user>;

/** A write key opens the intake (`server` may overwrite, `public` may not); an `api` key opens the API with its role. */
export const KEY_KINDS = ['server', 'public', 'api'] as const;
export const keyKind = z.enum(KEY_KINDS);

export const key = z.object({
  id,
  kind: keyKind,
  role: role.nullable(),
  name: z.string(),
  /** The first characters, to tell keys apart; the whole key is shown once, when it is made. */
  prefix: z.string(),
  createdAt: instant,
  lastUsedAt: instant.nullable(),
});
export type Key = z.infer<typeof key>;

export const team = z.object({
  name: z.string(),
  label: z.string(),
  members: z.array(z.object({ userId: id, name: z.string(), weight: z.number().positive() })),
});
export type Team = z.infer<typeof team>;

export const rejectedCall = z.object({
  id,
  receivedAt: instant,
  reason: z.string(),
  problems: z.array(z.object({ path: z.string(), message: z.string() })),
  call: z.unknown(),
  replayedAt: instant.nullable(),
});
