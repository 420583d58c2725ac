import { formatInstant, LAST_INSTANT } from '../time/instant.ts';
import type { Line } from './line.ts';
import type { Score } from './score.ts';

/** A line of a breakdown as files and the API carry it: keys that say nothing are left out. */
interface PrintedLine {
  readonly rule: string | null;
  readonly label: string;
  readonly score: string;
  readonly group?: string;
  readonly points: number;
  readonly count?: number;
  readonly lastAt?: string;
}

/** A score as `baton score` and the API print it. */
export type PrintedScore =
  | {
      readonly id: string;
      readonly at: string;
      readonly applies: false;
      readonly nextChangeAt: string | null;
    }
  | {
      readonly id: string;
      readonly at: string;
      readonly scores: Readonly<Record<string, number>>;
      readonly total: number;
      readonly lines: readonly PrintedLine[];
      readonly grade: string | null;
      readonly disqualified: readonly string[];
      readonly qualifies: string | null;
      readonly nextChangeAt: string | null;
    };

/** Writes a line with its time in RFC 3339. */
export function printLine(line: Line): PrintedLine {
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

/**
 * Writes the score of a contact at an instant with the instant of its next change; times in epoch ms. A change after the
 * year 9999, which RFC 3339 cannot write, is printed as none.
 */
export function printScore(of: {
  readonly id: string;
  readonly at: number;
  readonly score: Score;
  readonly nextChangeAt: number | null;
}): PrintedScore {
  const { id, score } = of;
  const at = formatInstant(of.at);
  const changes = of.nextChangeAt !== null && of.nextChangeAt <= LAST_INSTANT;
  const nextChangeAt = changes ? formatInstant(of.nextChangeAt) : null;
  if (!score.applies) return { id, at, applies: false, nextChangeAt };
  const { scores, total, grade, disqualified, qualifies } = score;
  return {
    id,
    at,
    scores,
    total,
    lines: score.lines.map(printLine),
    grade,
    disqualified,
    qualifies,
    nextChangeAt,
  };
}
