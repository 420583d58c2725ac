import { z } from 'zod';
import { instant } from '../shapes.ts';

const label = z.string();
const text = z.string().describe('in words, on one line');

const way = z.object({
  rule: z.string(),
  label,
  kind: z.enum(['event', 'pattern', 'profile']),
  times: z.number().describe('how often it must happen'),
  gain: z.number().describe('the points that adds'),
  closes: z.boolean().describe('whether it is enough alone'),
  text,
});

const missingPath = z.object({
  id: z.string(),
  label,
  text,
  points: z.array(
    z.object({
      score: z.string().nullable().describe('null is the total'),
      label,
      is: z.number(),
      needed: z.number(),
      short: z.number(),
      settled: z
        .boolean()
        .describe('whether only another value of a known field of the profile could give it'),
    }),
  ),
  fewest: z.number().describe('the fewest points that close all gaps'),
  reachable: z.boolean(),
  evidence: z
    .object({
      label,
      words: z.string(),
      did: z.number(),
      times: z.number(),
      withinMs: z.number().nullable(),
    })
    .nullable(),
  conditions: z.array(
    z.object({ words: z.string(), field: z.string().nullable(), is: z.string().nullable() }),
  ),
  ways: z.array(way),
});

/** What a lead lacks to qualify: what disqualifies it, then every path, the nearest first. */
export const missing = z.object({
  text: z.array(text),
  disqualified: z.array(z.object({ id: z.string(), label, text })),
  paths: z.array(missingPath),
});

const moment = z.object({
  at: instant,
  applies: z.boolean(),
  total: z.number(),
  grade: z.string().nullable(),
  qualifies: z.string().nullable(),
  disqualified: z.array(z.string()),
});

const points = z.number().describe('its share; the shares of a line add up to its difference');
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
  z.object({
    kind: z.literal('profile'),
    points,
    text,
    fields: z.array(
      z.object({ field: z.string(), label, before: z.string().nullable(), after: z.string().nullable() }),
    ),
  }),
  z.object({
    kind: z.literal('time'),
    points,
    text,
    how: z.enum(['faded', 'left', 'quiet', 'date', 'began', 'ended']),
  }),
  z.object({ kind: z.literal('agreement'), points, text }),
  z.object({ kind: z.literal('bound'), points, text, how: z.enum(['began', 'ceased', 'changed']) }),
]);

/** What changed in a score between two instants; the differences of the lines add up to that of the total. */
export const changes = z.object({
  from: moment,
  to: moment,
  difference: z.number(),
  scores: z.array(z.object({ score: z.string(), label, before: z.number(), after: z.number() })),
  lines: z.array(
    z.object({
      rule: z.string().nullable().describe('null is a cap or a floor'),
      label,
      score: z.string(),
      group: z.string().nullable(),
      before: z.number(),
      after: z.number(),
      difference: z.number(),
      causes: z.array(cause),
      text,
    }),
  ),
  text: z.array(text),
});

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
