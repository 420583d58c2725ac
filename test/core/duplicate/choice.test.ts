import { describe, expect, test } from 'vitest';
import { EMPTY_PROFILE } from '../../../src/core/contact/profile.ts';
import { chosenFact, unchosenFact } from '../../../src/core/duplicate/choice.ts';

const profile = (contact: object, companyPart: object = {}) => ({
  ...EMPTY_PROFILE,
  contact: { ...contact },
  companyPart: { ...companyPart },
});
const mail = (email: string, emailKind: string) => ({ email, emailKind, emailDomain: email.split('@')[1] });
const WORK = mail('g.vickery@valewater.example', 'business');
const HOME = mail('gareth_vickery14@gmail.com', 'free');

describe('of two contacts that become one', () => {
  test.each([
    ['the business address is kept, though the free one was said last', WORK, HOME, HOME, WORK],
    ['nothing need be said where the business address was said last', WORK, HOME, WORK, null],
    ['of two business addresses the last one is kept', WORK, mail('g@other.example', 'business'), WORK, null],
    ['of two free addresses too', HOME, mail('g@web.example', 'free'), HOME, null],
  ])('%s', (_words, a, b, both, kept) => {
    const fact = chosenFact({ a: profile(a), b: profile(b), both: profile(both) }, {});
    expect(fact?.contact ?? null).toEqual(kept);
    const mirrored = chosenFact({ a: profile(b), b: profile(a), both: profile(both) }, {});
    expect(mirrored?.contact ?? null).toEqual(kept);
  });

  test('a person chooses field by field, also the address, and an empty value', () => {
    const joined = {
      a: profile({ ...WORK, title: 'CFO', phone: '1' }, { name: 'Vale' }),
      b: profile({ ...HOME, title: 'VP' }, { name: 'Vale Water' }),
      both: profile({ ...HOME, title: 'VP', phone: '1' }, { name: 'Vale Water' }),
    };
    const choices = {
      'contact.title': 'a',
      'contact.email': 'b',
      'contact.phone': 'b',
      'company.name': 'a',
    } as const;
    expect(chosenFact(joined, choices)).toEqual({
      contact: { title: 'CFO', phone: null },
      companyPart: { name: 'Vale' },
    });
    expect(chosenFact(joined, { 'contact.email': 'b' })).toBeNull();
    expect(chosenFact(joined, { 'other.thing': 'a', nonsense: 'b' })?.companyPart).toEqual({});
  });

  test('what was chosen can be unsaid', () => {
    const without = profile({ ...HOME, title: 'VP' });
    const now = profile({ ...WORK, title: 'VP', phone: '1' });
    expect(unchosenFact(now, without)).toEqual({ contact: { ...HOME, phone: null }, companyPart: {} });
    expect(unchosenFact(now, now)).toBeNull();
  });
});
