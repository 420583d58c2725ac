import { whole } from '../../core/text/number.ts';
import type { CallOutput } from '../client/client.ts';

/** How far scoring under a new version is: in words, and in whole percent, which are 100 only when it is done. */
export function scoringWords({
  version,
  scoring,
}: CallOutput<'getScoring'>): { readonly words: string; readonly percent: number } | null {
  if (scoring === null) return null;
  const { scored, contacts } = scoring;
  return {
    words: `Scoring contacts under version ${version}: ${whole(scored)} of ${whole(contacts)}`,
    percent: Math.floor((scored / contacts) * 100),
  };
}
