import type { Episode } from '../../contract/api/episode.ts';
import type { Exception } from '../../contract/api/exception.ts';
import type { LedgerEntry } from '../../contract/api/team.ts';
import { capital } from '../../core/condition/words.ts';
import { troubleWords } from '../../core/exception/exception.ts';
import { outcomeWords } from '../../core/routing/outcome.ts';
import { entryWords, reasonWords } from '../../core/routing/reason.ts';

/**
 * Why something was routed as it was: its reason in words; the stored text as a whole where there is none, as for what was
 * recorded before reasons were data.
 *
 * @example becauseWords({ why: null, because: 'imported' }, 'short') // 'Imported'
 */
export function becauseWords(
  { why, because }: Pick<LedgerEntry, 'why' | 'because'>,
  style: 'short' | 'brief',
): string {
  return why === null ? capital(because) : reasonWords(why, style);
}

/** The entries that gave a lead to nobody, by name, and why. */
export function skippedOf(of: Pick<LedgerEntry, 'why' | 'skipped'>): readonly {
  readonly id: string;
  readonly label: string;
  readonly words: string;
}[] {
  if (of.why?.kind !== 'given' && of.why?.kind !== 'waiting') return of.skipped;
  return of.why.tried.map(({ entry, lack }) => ({
    id: entry.id ?? '',
    label: entryWords(entry),
    words: outcomeWords(lack, 'short'),
  }));
}

/** What is wrong, in one sentence. */
export function exceptionWords({
  reason,
  detail,
  why,
}: Pick<Exception, 'reason' | 'detail' | 'why'>): string {
  return troubleWords({ reason: reason.id, detail, why });
}

/** How a lead came to its owner; empty while it waits for one, about which its page says more. */
export function routedWords(
  episode: Pick<Episode, 'owner' | 'state' | 'routedWhy' | 'routedBecause'>,
): string {
  const { owner, state, routedWhy: why, routedBecause: because } = episode;
  return owner === null && state === 'open' ? '' : becauseWords({ why, because }, 'short');
}
