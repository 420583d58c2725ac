import { z } from 'zod';
import {
  branch,
  decay,
  duration,
  eventMatch,
  has,
  identifier,
  integer,
  nonZeroPoints,
  pathCondition,
  points,
  profileCondition,
  record,
  text,
  times,
} from './pieces.ts';
import { practice } from './practice.ts';

/** The most rules an agreement may hold: more cannot be read by people, and it bounds the work per contact. */
const MAX_RULES = 500;
/** The most items in a pattern. */
const MAX_ITEMS = 20;

const score = record({ label: text.optional(), min: integer.optional(), max: integer.optional() });
const group = record({
  label: text.optional(),
  score: identifier,
  min: integer.optional(),
  max: integer.optional(),
});

const timedItem = record({ on: eventMatch, times: times.optional() }).transform(item => ({
  on: item.on,
  times: item.times ?? 1,
}));
const plainItem = eventMatch.transform(on => ({ on, times: 1 }));
const patternItem = branch<z.infer<typeof timedItem>>('patternItem', raw =>
  has(raw, 'on') || has(raw, 'times') ? timedItem : plainItem,
);

const rule = record({
  id: identifier,
  label: text.optional(),
  score: identifier,
  group: identifier.optional(),
  points: nonZeroPoints.optional(),
  when: profileCondition.optional(),
  cases: z
    .array(record({ when: profileCondition, points, label: text.optional() }))
    .min(1)
    .optional(),
  on: eventMatch.optional(),
  window: duration.optional(),
  limit: times.optional(),
  decay: decay.optional(),
  pattern: record({ within: duration, all: z.array(patternItem).min(1).max(MAX_ITEMS) }).optional(),
  quiet: duration.optional(),
  of: eventMatch.optional(),
});

const did = record({ on: eventMatch, within: duration.optional(), times: times.optional() });

const disqualifier = record({
  id: identifier,
  label: text.optional(),
  when: profileCondition.optional(),
  did: did.optional(),
  route: identifier.optional(),
});

const path = record({
  id: identifier,
  label: text.optional(),
  when: pathCondition.optional(),
  did: did.optional(),
  overrides: z.literal('wait', 'expected wait').optional(),
});

/** The agreement file as written. What one value cannot show (ids, references, kinds) is checked in `meaning`. */
export const agreementShape = record({
  agreement: z.literal(1, 'expected 1, the format version'),
  name: text,
  description: z.string().optional(),
  applies: profileCondition.optional(),
  scores: z
    .record(identifier, score)
    .refine(scores => Object.keys(scores).length > 0, 'expected at least one score'),
  groups: z.record(identifier, group).optional(),
  rules: z.array(rule).max(MAX_RULES).optional(),
  disqualify: z.array(disqualifier).optional(),
  mql: z.array(path).optional(),
  grades: z.record(identifier, z.record(z.string(), z.number())).optional(),
  ...practice,
});

export type AgreementShape = z.infer<typeof agreementShape>;
export type RuleShape = z.infer<typeof rule>;
export type DidShape = z.infer<typeof did>;
