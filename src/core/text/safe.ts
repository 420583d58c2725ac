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

/** Joins words without being seen; what looks for web addresses takes it for the end of one. */
const JOINER = '\u2060';
/** Where mail programs see the inside of a web address: dots within a word, what follows a scheme, shares of Windows. */
const IN_ADDRESS =
  /(?<=[\p{L}\p{N}_-])[.\u3002\uff0e\uff61](?=[\p{L}\p{N}_-]*\p{L})|(?<=\p{L}):(?=\S)|\\(?=\\)/gu;
/** A mail address and the marks that a sentence puts around it. */
const MAIL_ADDRESS = /^[<("]*[\p{L}\p{N}._%+'-]+@(?:[\p{L}\p{N}-]+\.)+\p{L}[\p{L}\p{N}-]+[>)",;:.!?]*$/u;

/**
 * Breaks the web addresses in what a stranger typed, for places that make links of them unasked: an unseen character stands
 * where they would be recognised. Mail addresses stay whole, so that they can be copied.
 *
 * @example unlinked('evil.example').length // 13
 */
export function unlinked(text: string): string {
  return text.replace(/\S+/gu, word =>
    MAIL_ADDRESS.test(word) ? word : word.replace(IN_ADDRESS, mark => `${mark}${JOINER}`),
  );
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
