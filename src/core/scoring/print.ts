import { z } from 'zod';
import { formatInstant, instant, instantOrNull } from '../time/instant.ts';
import type { Line } from './line.ts';
import type { Score } from './score.ts';

/** A line of a breakdown as files and the API carry it: keys that say nothing are left out. */
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

/** A score as `baton score` and the API print it, for one contact at one instant. */
export const printedScore = z.union([
  breakdown,
  z.object({ id: z.string(), at: instant, applies: z.literal(false), nextChangeAt: instant.nullable() }),
]);
export type PrintedScore = z.infer<typeof printedScore>;

/** Writes a line with its time in RFC 3339. */
export function printLine(line: Line): ScoreLine {
  const { rule, label, score, group, points, count, lastAt } = line;
  return {
    rule,
    label,
    score,
    ...(group === null ? {} : { group }),
    points,
    ...(count === null ? {} : { count }),
    ...(lastAt === null ? {} : { lastAt: formatInstant(lastAt) }),
  };
}

/** Writes the score of a contact at an instant with the instant of its next change; times in epoch ms. */
export function printScore(of: {
  readonly id: string;
  readonly at: number;
  readonly score: Score;
  readonly nextChangeAt: number | null;
}): PrintedScore {
  const { id, score } = of;
  const at = formatInstant(of.at);
  const nextChangeAt = instantOrNull(of.nextChangeAt);
  if (!score.applies) return { id, at, applies: false, nextChangeAt };
  const { scores, total, grade, disqualified, qualifies } = score;
  return {
    id,
    at,
    scores,
    total,
    lines: score.lines.map(printLine),
    grade,
    disqualified: [...disqualified],
    qualifies,
    nextChangeAt,
  };
}
