/** Characters that end a line, steer a terminal or turn the direction of text around. */
const UNSAFE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;
const UNSAFE_BUT_LINES = /[^\P{Cc}\n]+|[\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

/**
 * Puts what a stranger typed on one line: no control or direction characters, at most `max` characters.
 *
 * @example oneLine('Ann\r\nBcc: all@acme.com', 100) // 'Ann Bcc: all@acme.com'
 */
export function oneLine(text: string, max: number): string {
  return cut(text.replace(UNSAFE, ' ').replace(/\s+/g, ' ').trim(), max);
}

/** The same for text of several lines: line breaks stay. */
export function manyLines(text: string, max: number): string {
  return cut(text.replace(/\r\n?/g, '\n').replace(UNSAFE_BUT_LINES, ' ').trim(), max);
}

/**
 * Cuts text to at most `max` UTF-16 units with an ellipsis at the end; a character is never split.
 *
 * @example cut('abcdef', 4) // 'abc…'
 */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const head = text.slice(0, Math.max(0, max - 1));
  return `${/[\ud800-\udbff]$/.test(head) ? head.slice(0, -1) : head}…`;
}

const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const SLACK: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Escapes text for HTML, between tags and inside quoted attributes. @example escapeHtml('<b>') // '&lt;b&gt;' */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => HTML[character] ?? '');
}

/**
 * Escapes text for Slack, whose control characters are `&`, `<` and `>`; the result has at most `max` characters and
 * no escape is cut in two. Source: Slack, "Formatting text for app surfaces", escaping text.
 *
 * @example escapeSlack('<!channel>', 100) // '&lt;!channel&gt;'
 */
export function escapeSlack(text: string, max: number): string {
  let kept = '';
  for (const character of text) {
    const next = SLACK[character] ?? character;
    if (kept.length + next.length > max) return cutEscaped(kept, max);
    kept += next;
  }
  return kept;
}

/** Makes room for the ellipsis without leaving half an escape or half a character. */
function cutEscaped(kept: string, max: number): string {
  if (kept.length < max) return `${kept}…`;
  return `${kept.replace(/(?:&(?:amp|lt|gt);|[\ud800-\udbff][\udc00-\udfff]|[\s\S])$/, '')}…`;
}
