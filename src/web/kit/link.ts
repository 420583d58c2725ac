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

/**
 * A link that calls a phone number: its digits and the plus in front, without an extension.
 *
 * @example phoneLink('+44 (0)20 7946 0018 ext. 5') // 'tel:+442079460018'
 */
export function phoneLink(phone: string): string {
  const number = phone.replace(/(?:ext\.?|extension|x|#)\s*\d*\s*$/i, '').replace(/\(0\)/g, '');
  return `tel:${number.replace(/[^\d+]/g, '').replace(/(?!^)\+/g, '')}`;
}
