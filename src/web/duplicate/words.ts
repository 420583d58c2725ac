import { percentWords } from '../../core/text/number.ts';

/**
 * How sure it is that two contacts are one person, in words; `score` from 0 to 1.
 *
 * @example likenessWords(0.92) // 'very likely, 92%'
 */
export function likenessWords(score: number): string {
  const words =
    score >= 0.97 ? 'almost certain' : score >= 0.85 ? 'very likely' : score >= 0.7 ? 'likely' : 'possible';
  return `${words}, ${percentWords(score)}`;
}
