import { capital, nameWords } from '../../core/condition/words.ts';

/** Short forms that are written in capitals. */
const CAPITALS: ReadonlySet<string> = new Set(
  'ae apac api b2b b2c bdr cms cpc crm csm dach emea eu gdpr latam ppc pr roi saas sdr sea sem seo smb sme uk us usa uae'.split(
    ' ',
  ),
);

function wordsOf(id: string): readonly string[] {
  return nameWords(id)
    .split(' ')
    .filter(word => word !== '')
    .map(word => (CAPITALS.has(word) ? word.toUpperCase() : word));
}

/**
 * The name of a team that has only an id so far.
 *
 * @example teamName('north_america') // 'North America'
 * @example teamName('emea_sdr') // 'EMEA SDR'
 */
export function teamName(id: string): string {
  return wordsOf(id).map(capital).join(' ');
}

/**
 * A source, a campaign or another id of the kind as a person would write it.
 *
 * @example sourceName('paid_search') // 'Paid search'
 */
export function sourceName(id: string): string {
  // What has a capital or a space was written by a person already.
  if (/[A-Z ]/.test(id)) return id;
  return capital(wordsOf(id).join(' '));
}
