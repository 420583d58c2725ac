import { capital } from '../../core/condition/words.ts';
import { clauseWords } from './reasonwords.ts';

/** What routing said of a lead: a sentence that begins with the entries that gave it to nobody. */
interface Told {
  readonly kind?: string;
  readonly because: string;
  readonly skipped: readonly { readonly label: string; readonly words: string }[];
}

/**
 * Why a lead went where it went, without what is told elsewhere: the entries passed by, and what the title says.
 *
 * @example becauseWords({ because: 'Owner: away; Rest: Ben is next', skipped: [{ label: 'Owner', words: 'away' }] }) // 'Rest: Ben is next'
 */
export function becauseWords({ kind, because, skipped }: Told): string {
  if (kind === 'left') return '';
  if (kind !== undefined && BY_PEOPLE.includes(kind)) return capital(because.replace(MOVED, ''));
  if (kind === 'joined') return capital(because.replace(/^joined the team,? ?/, ''));
  const rest = skipped.reduce((text, { label, words }) => text.replace(`${label}: ${words}; `, ''), because);
  return capital(rest.split('; ').map(clauseWords).join('; '));
}

/** What people do with a lead by hand. */
export const BY_PEOPLE: readonly string[] = ['reassigned', 'handed_back', 'taken_over'];
/** What the title says already; a note may follow. */
const MOVED = /^[^:]+ (?:gave the lead to [^:]+|took the lead over|handed the lead back)(?:: |$)/;
