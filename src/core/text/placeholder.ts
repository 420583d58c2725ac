/** What programs write for a value that they do not have: of JavaScript, Python, Ruby, PHP, Java, Go, C#, SQL, spreadsheets. */
const NOTHINGS = new Set([
  ...[
    'undefined',
    'null',
    'nil',
    'none',
    'nonetype',
    'nan',
    'infinity',
    '-infinity',
    'void',
    'dbnull',
    'nullptr',
  ],
  ...[
    '[object object]',
    '[object undefined]',
    '[object null]',
    '[object promise]',
    'object',
    'array',
    'promise',
  ],
  ...[
    '<nil>',
    '%!s(<nil>)',
    '%!d(<nil>)',
    '%!v(<nil>)',
    'optional.empty',
    'system.object',
    'system.guid',
    '\\n',
  ],
  ...['#n/a', '#ref!', '#null!', '#value!', '#name?', '#div/0!', '#num!', '#error!'],
]);

/** What people and set-ups write there. */
const STAND_INS = new Set([
  ...['anonymous', 'anon', 'guest', 'unknown', 'visitor', 'user', 'nobody', 'no one', 'default', 'example'],
  ...[
    'n/a',
    'na',
    'n.a.',
    'not available',
    'not applicable',
    'missing',
    'empty',
    'blank',
    'not set',
    'notset',
  ],
  ...['tbd', 'todo', 'id', 'uuid', 'guid', 'true', 'false', '-1'],
  ...['user id', 'userid', 'anonymous id', 'anonymousid', 'group id', 'groupid', 'account id', 'company id'],
]);

const AROUND = /^[\s"'`´“”„‘’‚«»()]+|[\s"'`´“”„‘’‚«»()]+$/gu;
/** Nothing but signs, nothing but zeros, or the ids that stand for none: all zeros, all f, all x. */
const EMPTY = /^(?:[\p{P}\p{S}\s]*|[0.]+|(?:0+|f{8}|x+)(?:-(?:0+|f+|x+))+|f{32}|x{2,})$/u;
/** The longest text that is looked at; none of these is longer. */
const MAX_LENGTH = 100;
/** A place in a text that nobody filled in: `{{user.id}}`, `${id}`, `%USER_ID%`, `<userId>`, `*|EMAIL|*`, `#<User:0x01>`. */
const UNFILLED =
  /^(?:\{\{.*\}\}|[$#]\{.*\}|\{[\w.\s-]*\}|%%?[\w.\s-]*%%?|<[^<>]*>|\[[\w.\s-]*\]|\*\|.*\|\*|#<.*>)$/su;

/**
 * Whether a text stands for a value that its sender did not have, such as what broken programs make of a missing id.
 * Case, surrounding space, quotes and width do not matter.
 *
 * @example isPlaceholder(' "Undefined" ') // true
 */
export function isPlaceholder(text: string): boolean {
  if (text.length > MAX_LENGTH) return false;
  const plain = text.normalize('NFKC').toLowerCase().trim();
  const bare = plain.replace(AROUND, '');
  const words = bare.replace(/[_-]+/g, ' ').trim();
  const isNamed = NOTHINGS.has(plain) || NOTHINGS.has(bare) || STAND_INS.has(bare) || STAND_INS.has(words);
  return isNamed || EMPTY.test(bare) || UNFILLED.test(plain) || UNFILLED.test(bare);
}

/**
 * Whether an address is what a program makes of one that is missing: `undefined`, `null@null.com`. A mailbox named `guest`
 * or `unknown` may be one.
 *
 * @example isPlaceholderAddress('null@null') // true
 */
export function isPlaceholderAddress(text: string): boolean {
  if (isPlaceholder(text)) return true;
  const [local = '', domain = '', ...rest] = text.normalize('NFKC').toLowerCase().trim().split('@');
  return (
    text.length <= MAX_LENGTH &&
    rest.length === 0 &&
    domain !== '' &&
    (NOTHINGS.has(local) || NOTHINGS.has(domain.split('.')[0] ?? ''))
  );
}
