/** The longest id made of a name. */
const MAX_LENGTH = 80;

/**
 * Makes an id of a name: lower case, without accents, words joined by hyphens. A name without letters or digits gives
 * `agreement`.
 *
 * @example slugOf('B2B SaaS – Größe') // 'b2b-saas-grosse'
 */
export function slugOf(name: string): string {
  const words = name
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^\p{L}\p{Nd}]+/gu, '-');
  const slug = [...words]
    .slice(0, MAX_LENGTH)
    .join('')
    .replace(/^-+|-+$/g, '');
  return slug === '' ? 'agreement' : slug;
}
