import { z } from 'zod';
import { instant } from '../time/instant.ts';

const label = z.string();
const text = z.string().describe('in words, on one line');

/** A rule that could give points that a path lacks. */
const suggestion = z.object({
  rule: z.string(),
  label,
  kind: z.enum(['event', 'pattern', 'profile']),
  times: z.number().describe('how often it must happen'),
  gain: z.number().describe('the points that adds'),
  closes: z.boolean().describe('whether it is enough alone'),
  text,
});
export type Suggestion = z.infer<typeof suggestion>;

/** A score below what a path asks for. */
const shortScore = z.object({
  score: z.string().nullable().describe('null is the total'),
  label,
  is: z.number(),
  needed: z.number(),
  short: z.number(),
  settled: z.boolean().describe('whether only another value of a known field of the profile could give it'),
});
export type ShortScore = z.infer<typeof shortScore>;

/** Something that was not done often enough; `withinMs` null is ever. */
const missingEvidence = z.object({
  label,
  words: z.string(),
  did: z.number(),
  times: z.number(),
  withinMs: z.number().nullable(),
});
export type MissingEvidence = z.infer<typeof missingEvidence>;

/** Something of a condition that fails and that points do not mend; `is` null is not known, or not one value. */
const failingCondition = z.object({
  words: z.string(),
  field: z.string().nullable(),
  is: z.string().nullable(),
});
export type FailingCondition = z.infer<typeof failingCondition>;

/** What of one path is missing; nothing where only a disqualifier is in the way. */
const missingPath = z.object({
  id: z.string(),
  label,
  text,
  points: z.array(shortScore),
  fewest: z.number().describe('the fewest points that close all gaps'),
  reachable: z.boolean(),
  evidence: missingEvidence.nullable(),
  conditions: z.array(failingCondition),
  ways: z.array(suggestion),
});
export type MissingPath = z.infer<typeof missingPath>;

const obstacle = z.object({ id: z.string(), label, text });
export type Obstacle = z.infer<typeof obstacle>;

/** What a lead lacks to qualify: what disqualifies it, then every path, the nearest first. */
export const missing = z.object({
  text: z.array(text),
  disqualified: z.array(obstacle),
  paths: z.array(missingPath),
});
export type Missing = z.infer<typeof missing>;

/** A value of a profile that cannot be read as what it should be. */
export const unreadable = z.object({
  field: z.string().describe('such as company.employees'),
  value: z.string(),
  expected: z.enum(['number', 'phone']),
  text,
});
export type Unreadable = z.infer<typeof unreadable>;

/** How a contact stood at an instant; without a score the total is 0. */
const moment = z.object({
  at: instant,
  applies: z.boolean(),
  total: z.number(),
  grade: z.string().nullable(),
  qualifies: z.string().nullable(),
  disqualified: z.array(z.string()),
});
export type Moment = z.infer<typeof moment>;

const fieldChange = z.object({
  field: z.string(),
  label,
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type FieldChange = z.infer<typeof fieldChange>;

const points = z.number().describe('its share; the shares of a line add up to its difference');

/** Why points changed. */
const cause = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('events'),
    points,
    text,
    names: z.array(z.string()),
    count: z.number(),
    firstAt: instant.nullable(),
    lastAt: instant.nullable(),
    ids: z.array(z.string()).describe('the latest of them, as the timeline names them'),
  }),
  z.object({ kind: z.literal('profile'), points, text, fields: z.array(fieldChange) }),
  z.object({
    kind: z.literal('time'),
    points,
    text,
    how: z.enum(['faded', 'left', 'quiet', 'date', 'began', 'ended']),
  }),
  z.object({ kind: z.literal('agreement'), points, text }),
  z.object({ kind: z.literal('bound'), points, text, how: z.enum(['began', 'ceased', 'changed']) }),
]);
export type Cause = z.infer<typeof cause>;

/** A line whose points differ. */
const lineChange = z.object({
  rule: z.string().nullable().describe('null is a cap or a floor'),
  label,
  score: z.string(),
  group: z.string().nullable(),
  before: z.number(),
  after: z.number(),
  difference: z.number(),
  causes: z.array(cause),
  text,
});
export type LineChange = z.infer<typeof lineChange>;

/** What changed in a score between two instants; the differences of the lines add up to that of the total. */
export const changes = z.object({
  from: moment,
  to: moment,
  difference: z.number(),
  scores: z.array(z.object({ score: z.string(), label, before: z.number(), after: z.number() })),
  lines: z.array(lineChange),
  text: z.array(text),
});
export type Changes = z.infer<typeof changes>;

/** A score over time: each step holds until the next. */
export const course = z.object({
  from: instant,
  to: instant,
  steps: z.array(
    z.object({
      at: instant,
      kind: z.enum(['start', 'event', 'profile', 'time']),
      applies: z.boolean(),
      scores: z.record(z.string(), z.number()),
      total: z.number().nullable(),
      grade: z.string().nullable(),
      qualifies: z.string().nullable(),
      why: z.string(),
      lines: z.array(z.object({ rule: z.string().nullable(), label, score: z.string(), points: z.number() })),
    }),
  ),
  thinned: z.string().nullable().describe('what was left out; null when every change is there'),
});
export type Course = z.infer<typeof course>;
