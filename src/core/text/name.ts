/** Short forms that are written in capitals. */
const CAPITALS: ReadonlySet<string> = new Set(
  'ae apac api b2b b2c bdr cms cpc crm csm dach emea eu gdpr latam ppc pr roi saas sdr sea sem seo smb sme uk us usa uae'.split(
    ' ',
  ),
);

function partsOf(id: string): readonly string[] {
  return id
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[\s_-]+/)
    .filter(part => part !== '')
    .map(part => (CAPITALS.has(part) ? part.toUpperCase() : part));
}

function begun(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/**
 * The name of a team that has only an id so far.
 *
 * @example teamName('north_america') // 'North America'
 * @example teamName('emea_sdr') // 'EMEA SDR'
 */
export function teamName(id: string): string {
  return partsOf(id).map(begun).join(' ');
}

/**
 * A source, a campaign or another id of the kind as a person would write it; what has a capital or a space was written by a
 * person already.
 *
 * @example sourceName('paid_search') // 'Paid search'
 * @example sourceName('Spring Fair') // 'Spring Fair'
 */
export function sourceName(id: string): string {
  return /[A-Z ]/.test(id) ? id : begun(partsOf(id).join(' '));
}
