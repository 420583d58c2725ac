import { describe, expect, test } from 'vitest';
import { entry, type JournalEntry, readRecord } from '../../../src/core/contact/journal.ts';

describe('an entry of the journal', () => {
  test('is about nothing but what it says, and known at once', () => {
    const made = entry('kept_open', { because: 'no demo' }, { at: 7, by: 'scoring' });
    expect(made).toMatchObject({
      kind: 'kept_open',
      particulars: { because: 'no demo' },
      contactId: null,
      episodeId: null,
      agreementId: null,
      version: null,
      at: 7,
      recordedAt: 7,
      actor: 'scoring',
    });
  });

  test('keeps what it is about, and when that became known', () => {
    const about = {
      contactId: 'c',
      episodeId: 'e',
      agreementId: 'a',
      version: 2,
      at: 7,
      recordedAt: 9,
      by: 'x',
    };
    const { by: actor, ...rest } = about;
    expect(entry('kept_open', { because: '' }, about)).toMatchObject({ ...rest, actor });
  });

  test('is made by its constructor alone: the compiler refuses one made by hand, and other particulars', () => {
    const { kind, particulars, contactId, episodeId, agreementId, version, at, recordedAt, actor } = entry(
      'kept_open',
      { because: '' },
      { at: 0, by: 'x' },
    );
    // @ts-expect-error made by hand
    const byHand: JournalEntry = {
      kind,
      particulars,
      contactId,
      episodeId,
      agreementId,
      version,
      at,
      recordedAt,
      actor,
    };
    // @ts-expect-error a kind that nobody declared
    const unknown = entry('handed_off', { because: '' }, { at: 0, by: 'x' });
    // @ts-expect-error what another kind says
    const foreign = entry('kept_open', { owner: 'Ann' }, { at: 0, by: 'x' });
    expect([byHand, unknown, foreign]).toHaveLength(3);
  });
});

describe('a stored entry', () => {
  test.each([
    [{ because: 'x', more: 1 }, { because: 'x' }],
    [{ because: 7 }, { because: '' }],
    [null, { because: '' }],
    ['x', { because: '' }],
  ])('is read as far as it goes from %j', (particulars, read) => {
    expect(readRecord({ kind: 'kept_open', particulars })).toEqual({ kind: 'kept_open', particulars: read });
  });

  test('of a kind that nobody writes is not a record', () => {
    expect(readRecord({ kind: 'handed_off', particulars: {} })).toBeNull();
  });
});
