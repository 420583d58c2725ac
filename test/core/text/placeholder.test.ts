import { describe, expect, test } from 'vitest';
import { isPlaceholder, isPlaceholderAddress } from '../../../src/core/text/placeholder.ts';

const MISSING = [
  ...[
    'null',
    'undefined',
    'None',
    'nil',
    'NaN',
    '[object Object]',
    '0',
    '',
    ' ',
    'false',
    'TRUE',
    'NULL',
    'Undefined',
  ],
  ...[
    '"null"',
    "'undefined'",
    ' “None” ',
    '(null)',
    '<nil>',
    '%!s(<nil>)',
    '#<User:0x0000>',
    'Optional.empty',
  ],
  ...[
    'anonymous',
    'Unknown',
    'guest',
    'n/a',
    'N.A.',
    '-',
    '--',
    '?',
    'not set',
    '(not set)',
    'not_set',
    '#N/A',
    '\\N',
  ],
  ...['00000000-0000-0000-0000-000000000000', '00000000000000000000000000000000', '0000', '0.0', '-1'],
  ...[
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx',
    'System.Object',
    'Array',
  ],
  ...[
    '{{userId}}',
    '{{ user.id }}',
    `\${userId}`,
    '#{id}',
    '%USER_ID%',
    '<userId>',
    '[user_id]',
    '*|EMAIL|*',
    '{id}',
  ],
  ...['user_id', 'userId', 'anonymous-id', 'ｎｕｌｌ'],
];
const IDS = [
  ...[
    '1',
    '12',
    '10',
    '100',
    'u0',
    'nullable',
    'none-such',
    'ann',
    'u-1001',
    'Nil Sanchez',
    'guest-81',
    'test',
    'a',
    'x',
  ],
  ...[
    '6f1c0000-0000-0000-0000-000000000001',
    'ann@acme.com',
    'user_1',
    '0x12',
    '007',
    'f',
    'id-7',
    '名無し',
    '-12',
  ],
];

describe('what stands for a missing value', () => {
  test.each(MISSING)('%j is none', text => {
    expect(isPlaceholder(text)).toBe(true);
  });

  test.each(IDS)('%j is one', text => {
    expect(isPlaceholder(text)).toBe(false);
  });

  test.each(['undefined', 'null@null', 'undefined@undefined.com', 'None@acme.com', '{{email}}', '-', 'n/a'])(
    '%j is no address',
    text => {
      expect(isPlaceholderAddress(text)).toBe(true);
    },
  );

  test.each(['guest@hotel.com', 'unknown@acme.com', 'nil.sanchez@acme.com', 'a@b', 'x,y'])(
    '%j may be one',
    text => {
      expect(isPlaceholderAddress(text)).toBe(false);
    },
  );
});
