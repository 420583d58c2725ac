import { describe, expect, test } from 'vitest';
import { addressIn, emailFacts } from '../../../src/core/contact/email.ts';
import { applyFact, EMPTY_PROFILE, factFromTraits } from '../../../src/core/contact/profile.ts';

const ZWSP = '\u200b';
const READ = [
  ['Ann@Acme.com', 'ann@acme.com'],
  ['bob.ray@harbourlines.example.', 'bob.ray@harbourlines.example'],
  ['ann@acme.com,', 'ann@acme.com'],
  ['ann@acme.com;', 'ann@acme.com'],
  ['ann@acme.com .', 'ann@acme.com'],
  ['Dee Fay <dee.fay@harbourlines.example>', 'dee.fay@harbourlines.example'],
  ['"Fay, Dee" <dee.fay@harbourlines.example>', 'dee.fay@harbourlines.example'],
  ['<ann@acme.com>', 'ann@acme.com'],
  ['Ann <mailto:ann@acme.com>', 'ann@acme.com'],
  ['Ann <ann@acme.com', 'ann@acme.com'],
  ['(ann@acme.com)', 'ann@acme.com'],
  ['ann@acme.com (Ann Lee)', 'ann@acme.com'],
  ['[ann@acme.com](mailto:ann@acme.com)', 'ann@acme.com'],
  ['"ann@acme.com"', 'ann@acme.com'],
  ['“ann@acme.com”', 'ann@acme.com'],
  ["'ann@acme.com'", 'ann@acme.com'],
  ['mailto:mail.to@mailto.example', 'mail.to@mailto.example'],
  ['MAILTO: ann@acme.com?subject=Hi there', 'ann@acme.com'],
  ['mailto:ann%40acme.com', 'ann@acme.com'],
  ['E-mail: ann@acme.com', 'ann@acme.com'],
  ['ann＠acme．com', 'ann@acme.com'],
  ['ann@acme。com', 'ann@acme.com'],
  ['ａｎｎ@acme.com', 'ann@acme.com'],
  ['ann @ acme.com', 'ann@acme.com'],
  ['ann@acme .com', 'ann@acme.com'],
  ['ann@acme.com; bob@acme.com', 'ann@acme.com'],
  ['ann@acme.com,bob@acme.com', 'ann@acme.com'],
  ['none; bob@acme.com', 'bob@acme.com'],
  ['ann@acme.com / bob@acme.com', 'ann@acme.com'],
  ['ann@acme.com bob@acme.com', 'ann@acme.com'],
  ['ann@acme.com and bob@acme.com', 'ann@acme.com'],
  ['ann@acme.com\nbob@acme.com', 'ann@acme.com'],
  [`${ZWSP}zoe.w@zerowidth.example`, 'zoe.w@zerowidth.example'],
  [`zoe.w${ZWSP}@zero\u00adwidth\ufeff.example\u2060`, 'zoe.w@zerowidth.example'],
  ['\u202ezoe.w@zerowidth.example\u202c', 'zoe.w@zerowidth.example'],
  ['\u00a0ann@acme.com\u00a0', 'ann@acme.com'],
  ['info-x@xn--mller-bau-q9a.example', 'info-x@müller-bau.example'],
  ['info-x@XN--MLLER-BAU-Q9A.example', 'info-x@müller-bau.example'],
  ['info-x@mu\u0308ller-bau.example', 'info-x@müller-bau.example'],
  ['info-x@MÜLLER-BAU.example', 'info-x@müller-bau.example'],
  ['a@xn--nonsense-.example', 'a@xn--nonsense-.example'],
  ["o'brien+x@acme.co.uk", "o'brien+x@acme.co.uk"],
  ['用户@例え.テスト', '用户@例え.テスト'],
] as const;

const UNREADABLE = [
  ...[
    'cid.fox@harbourlines,example',
    'cid.fox@harbour,lines.example',
    'gus hal@harbourlines.example',
    'ann@acme',
  ],
  ...[
    'ann',
    '@acme.com',
    'ann@',
    'ann@@acme.com',
    'ann@acme..com',
    'Gus gus@acme.com',
    'ann@acme.co,uk',
    '<>',
  ],
  ...['ann at acme dot com', 'a@b.c d@', ' ', ',', `${'x'.repeat(2000)} <ann@acme.com>`],
];

const known = { at: 1, messageId: 'm', mode: 'set', kindOf: () => 'business' as const } as const;

describe('an address in what people write', () => {
  test.each(READ)('%j is %s', (written, address) => {
    expect(addressIn(written)).toBe(address);
    expect(addressIn(address)).toBe(address);
  });

  test.each(UNREADABLE)('%j cannot be read for sure', written => {
    expect(addressIn(written)).toBeNull();
  });

  test('tells the domain and the kind of mailbox, and the value stays as it was given', () => {
    const email = 'Dee Fay <dee@acme.com>';
    expect(emailFacts(email, () => 'business')).toEqual({ emailDomain: 'acme.com', emailKind: 'business' });
    expect(factFromTraits({ email }, known).contact).toEqual({
      email,
      emailDomain: 'acme.com',
      emailKind: 'business',
    });
  });

  test('what stands for a missing one is not told at all, and takes no good one away', () => {
    expect(factFromTraits({ email: 'undefined', title: 'VP' }, known).contact).toEqual({ title: 'VP' });
  });

  test('a claim in another spelling is no other address', () => {
    const said = (email: string, mode: 'set' | 'fill') =>
      factFromTraits({ email, title: mode }, { at: 1, messageId: mode, mode, kindOf: () => 'business' });
    const before = applyFact(EMPTY_PROFILE, said('ann@acme.com', 'set'));
    expect(applyFact(before, said('Ann <ann@acme.com>', 'fill')).contact).toMatchObject({
      email: 'ann@acme.com',
      emailKind: 'business',
    });
  });

  test('costs no more than its length', () => {
    for (const part of [' ', '<', '"', ',', '@', '.', 'a ', 'a@b ', '(', '](', 'mailto:', 'xn--']) {
      const began = Date.now();
      addressIn(part.repeat(Math.floor(1000 / part.length)));
      addressIn(part.repeat(100_000));
      expect(Date.now() - began).toBeLessThan(500);
    }
  });
});
