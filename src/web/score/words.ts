import type { z } from 'zod';
import type { breakdown, PrintedScore, ScoreLine } from '../../core/scoring/print.ts';
import { figure, listed, signed } from '../../core/text/number.ts';

/** A score that applies: one with lines. */
export type Breakdown = z.infer<typeof breakdown>;

/** The lines of a printed score, or null where the agreement does not score the contact. */
export function breakdownOf(score: PrintedScore): Breakdown | null {
  return 'lines' in score ? score : null;
}

/** The lines of one score with their sum, which is that score. */
export interface ScoreGroup {
  readonly score: string;
  readonly points: number;
  readonly lines: readonly ScoreLine[];
}

/** Groups the lines of a breakdown by score in the order of its scores; a score without lines has none. */
export function groupLines({ scores, lines }: Pick<Breakdown, 'scores' | 'lines'>): readonly ScoreGroup[] {
  return Object.entries(scores).map(([score, points]) => ({
    score,
    points,
    lines: lines.filter(line => line.score === score),
  }));
}

/** The heaviest lines that are rules, by size. */
export function heaviest(lines: readonly ScoreLine[], count: number): readonly ScoreLine[] {
  return lines
    .filter(line => line.rule !== null)
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points))
    .slice(0, count);
}

/**
 * Why a clamp line is there: what the lines it bounds add up to, and what the agreement lets them count.
 *
 * @example clampWords({ rule: null, label: 'Website capped at 40', score: 'intent', group: 'web', points: -3 }, lines)
 * // 'The lines above it add up to 43; the agreement counts at most 40.'
 */
export function clampWords(clamp: ScoreLine, lines: readonly ScoreLine[]): string {
  const isOfGroup = clamp.group !== undefined;
  const bounded = lines.filter(line =>
    isOfGroup
      ? line.group === clamp.group && line.rule !== null
      : line.score === clamp.score && line !== clamp,
  );
  const sum = bounded.reduce((total, line) => total + line.points, 0);
  const bound = figure(sum + clamp.points);
  const limit = clamp.points < 0 ? `at most ${bound}` : `at least ${bound}`;
  return `The lines above it add up to ${figure(sum)}; the agreement counts ${limit}.`;
}

/**
 * A score in one sentence: its parts, their sum, and what weighs most.
 *
 * @example 'Fit 30 and Intent 45 make 75, most of all Asked for a demo (+40).'
 */
export function scoreSentence(of: Breakdown, nameOf: (score: string) => string): string {
  const parts = Object.entries(of.scores).map(([id, points]) => `${nameOf(id)} ${figure(points)}`);
  const verb = parts.length === 1 ? 'makes' : 'make';
  const sum = `${listed(parts, 'and')} ${verb} ${figure(of.total)}`;
  const top = heaviest(of.lines, 2).map(line => `${line.label} (${signed(line.points)})`);
  return top.length === 0 ? `${sum}.` : `${sum}, most of all ${listed(top, 'and')}.`;
}
