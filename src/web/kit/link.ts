/**
 * The text as a web address, or null when it is not one; only http and https, so that no script can hide in it.
 *
 * @example webAddress('javascript:alert(1)') // null
 */
export function webAddress(text: string): string | null {
  const trimmed = text.trim();
  if (!/^https?:\/\//i.test(trimmed) || !URL.canParse(trimmed)) return null;
  const { protocol, href } = new URL(trimmed);
  return protocol === 'https:' || protocol === 'http:' ? href : null;
}
