import { useMemo } from 'react';
import type { Agreement } from '../../core/agreement/agreement.ts';
import { figure, listed } from '../../core/text/number.ts';
import { scoreName, useAgreement } from '../agreement/version.ts';

/** A score with its grade, as far as the words about it need it. */
interface Graded {
  readonly total: number;
  readonly grade: string | null;
  readonly scores?: Readonly<Record<string, number>>;
}

/** Returns what says in words where a grade comes from, by the active agreement. */
export function useGrade(): (score: Graded) => string {
  const { read } = useAgreement();
  return useMemo(() => score => gradeWords(score, read?.agreement ?? null), [read]);
}

/**
 * Where a grade comes from: its parts in the order of the agreement's grades, each the band of one score.
 *
 * @example gradeWords({ total: 88, grade: null }, null) // '88 points'
 */
export function gradeWords({ total, grade, scores }: Graded, agreement: Agreement | null): string {
  const points = `${figure(total)} points`;
  if (grade === null) return points;
  const parts = (agreement?.grades ?? []).flatMap(({ score, bands, below }) => {
    const value = scores?.[score];
    if (value === undefined) return [];
    const band = bands.find(({ from }) => value >= from);
    const from = band === undefined ? '' : `, from ${figure(band.from)} on`;
    return `${scoreName(agreement, score)} ${band?.mark ?? below} (${figure(value)} points${from})`;
  });
  const graded = `${points}, grade ${grade}`;
  return parts.length === 0 ? graded : `${graded}: ${listed(parts, 'and')}`;
}
