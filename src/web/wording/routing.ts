import { capital } from '../../core/phrase.ts';

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
  if (kind === 'joined') return capital(because.replace(/^joined the team,? ?/, ''));
  const rest = skipped.reduce((text, { label, words }) => text.replace(`${label}: ${words}; `, ''), because);
  return capital(rest);
}
