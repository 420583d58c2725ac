import { describe, expect, test } from 'vitest';
import { readCall, type Trust } from '../../../src/core/intake/call.ts';
import { INTAKE_DEFAULT, intakeRules } from '../../../src/core/intake/setting.ts';

const NOW = Date.parse('2026-03-02T10:00:00Z');

function read(
  raw: unknown,
  given: { readonly sentAt?: unknown; readonly trust?: Trust; readonly messageId?: string } = {},
) {
  return readCall(raw, { receivedAt: NOW, trust: 'server', messageId: 'made', ...given });
}

function callOf(raw: unknown, given: Parameters<typeof read>[1] = {}) {
  const { call, refusal } = read(raw, given);
  if (call === null) throw new Error(refusal.reason);
  return call;
}

const pathsOf = (raw: unknown) => read(raw).refusal?.problems.map(({ path }) => path) ?? [];

describe('what cannot be used', () => {
  test.each([
    ['no object', 7, ['']],
    ['a list', [], ['']],
    ['nothing at all', {}, ['type', 'userId']],
    ['an unknown type', { type: 'shout', userId: 'u' }, ['type']],
    ['a type of another kind', { type: 3, userId: 'u' }, ['type']],
    ['a track without an event', { type: 'track', userId: 'u' }, ['event']],
    ['a track with a blank event', { type: 'track', userId: 'u', event: '  ' }, ['event']],
    ['a track with a number for an event', { type: 'track', userId: 'u', event: 5 }, ['event']],
    ['a name too long', { type: 'track', userId: 'u', event: 'x'.repeat(201) }, ['event']],
    ['nobody', { type: 'track', event: 'E' }, ['userId']],
    ['a blank id', { type: 'track', event: 'E', userId: '  ', anonymousId: '' }, ['userId']],
    ['an id of another kind', { type: 'track', event: 'E', userId: {} }, ['userId', 'userId']],
    ['an id too long', { type: 'track', event: 'E', userId: 'x'.repeat(256) }, ['userId']],
    ['an e-mail address in a track', { type: 'track', event: 'E', traits: { email: 'a@b.co' } }, ['userId']],
    ['an identify by an invalid address', { type: 'identify', traits: { email: 'a@b' } }, ['userId']],
    ['traits that are not an object', { type: 'identify', userId: 'u', traits: 'x' }, ['traits']],
    ['a list of traits', { type: 'group', userId: 'u', groupId: 'g', traits: [] }, ['traits']],
    ['a group without its id', { type: 'group', userId: 'u' }, ['groupId']],
    ['an alias without either id', { type: 'alias', anonymousId: 'a' }, ['userId', 'previousId']],
    [
      'a time that is not valid',
      { type: 'track', userId: 'u', event: 'E', timestamp: 'noon' },
      ['timestamp'],
    ],
    [
      'a number that is not a time',
      { type: 'track', userId: 'u', event: 'E', timestamp: 1_700_000 },
      ['timestamp'],
    ],
    ['the 30th of February', { type: 'page', userId: 'u', timestamp: '2026-02-30T00:00:00Z' }, ['timestamp']],
    ['a time before all calendars', { type: 'page', userId: 'u', timestamp: '0000-05-01' }, ['timestamp']],
    [
      'a clock that is thousands of years off',
      { type: 'page', userId: 'u', timestamp: '0900-01-01', sentAt: '9999-01-01' },
      ['timestamp'],
    ],
    [
      'many things',
      { type: 'track', userId: 'x'.repeat(300), event: '', timestamp: 'x', sentAt: 'y' },
      ['userId', 'timestamp', 'sentAt', 'event'],
    ],
  ])('%s is refused, all problems at once', (_name, raw, paths) => {
    expect(pathsOf(raw).sort()).toEqual([...paths].sort());
  });

  test('the reason names the place and what was expected', () => {
    expect(read({ type: 'track', userId: 'u' }).refusal?.reason).toBe(
      'event: expected the name of the event',
    );
    expect(read(null).refusal?.reason).toBe('call: expected an object');
  });
});

describe('who a call is about', () => {
  test.each([
    [
      { type: 'track', event: 'E', userId: ' u1 ' },
      { user: 'u1', anonymous: null, email: null },
    ],
    [
      { type: 'track', event: 'E', userId: 12, anonymousId: 'a' },
      { user: '12', anonymous: 'a', email: null },
    ],
    [
      { type: 'track', event: 'E', userId: '', anonymousId: 'a' },
      { user: null, anonymous: 'a', email: null },
    ],
    [
      { type: 'identify', traits: { email: ' Ann.Lee@ACME.com ' } },
      { user: null, anonymous: null, email: 'ann.lee@acme.com' },
    ],
    [
      { type: 'identify', userId: 'u', traits: { email: 'not an address' } },
      { user: 'u', anonymous: null, email: null },
    ],
    // The address of an identify alone speaks for the contact; elsewhere it is a property like others.
    [
      { type: 'track', event: 'E', anonymousId: 'a', properties: { email: 'a@b.co' } },
      { user: null, anonymous: 'a', email: null },
    ],
    [
      { type: 'group', userId: 'u', groupId: 'g', traits: { email: 'info@acme.com' } },
      { user: 'u', anonymous: null, email: null },
    ],
  ])('%j', (raw, ids) => {
    expect(callOf(raw).ids).toEqual(ids);
  });

  test('an address longer than an index can hold names nobody', () => {
    const email = `${'a'.repeat(250)}@acme.com`;
    expect(pathsOf({ type: 'identify', traits: { email } })).toEqual(['userId']);
  });

  test('text that no database can hold is cleaned, so that the same id is found again', () => {
    const { ids, says } = callOf({
      type: 'identify',
      userId: 'u\u00001',
      anonymousId: 'a\ud800',
      traits: { email: 'ann\u0000@acme.com', title: 'VP\u0000', 'k\u0000': [{ deep: '\udc00x' }] },
    });
    expect(ids).toEqual({ user: 'u1', anonymous: 'a\ufffd', email: 'ann@acme.com' });
    expect(says).toEqual({
      kind: 'identify',
      traits: { email: 'ann@acme.com', title: 'VP', k: [{ deep: '\ufffdx' }] },
    });
  });

  test('whole characters of two halves and backslashes stay as they are', () => {
    const traits = { title: 'VP 🚀', path: 'C:\\u0000\\ud800' };
    expect(callOf({ type: 'identify', userId: 'u', traits }).says).toEqual({ kind: 'identify', traits });
  });
});

describe('when it happened', () => {
  const at = (timestamp?: unknown, sentAt?: unknown, batchSentAt?: unknown) =>
    new Date(
      callOf({ type: 'page', anonymousId: 'a', timestamp, sentAt }, { sentAt: batchSentAt }).at,
    ).toISOString();

  test.each([
    ['without a timestamp: when it was received', [], '2026-03-02T10:00:00.000Z'],
    ['by its timestamp', ['2026-03-01T08:00:00Z'], '2026-03-01T08:00:00.000Z'],
    ['a timestamp of another zone', ['2026-03-01T08:00:00+02:00'], '2026-03-01T06:00:00.000Z'],
    [
      'a clock an hour ahead is corrected',
      ['2026-03-02T10:55:00Z', '2026-03-02T11:00:00Z'],
      '2026-03-02T09:55:00.000Z',
    ],
    [
      'a clock a day behind is corrected',
      ['2026-03-01T09:59:00Z', '2026-03-01T10:00:00Z'],
      '2026-03-02T09:59:00.000Z',
    ],
    [
      'the time its batch was sent stands in',
      ['2026-03-02T10:55:00Z', undefined, '2026-03-02T11:00:00Z'],
      '2026-03-02T09:55:00.000Z',
    ],
    [
      'its own sending time goes before that of the batch',
      ['2026-03-02T10:55:00Z', '2026-03-02T11:00:00Z', '2026-03-02T15:00:00Z'],
      '2026-03-02T09:55:00.000Z',
    ],
    ['the future is not believed', ['2026-03-05T00:00:00Z'], '2026-03-02T10:00:00.000Z'],
    [
      'nor a timestamp after its own sending',
      ['2026-03-02T10:05:00Z', '2026-03-02T10:00:00Z'],
      '2026-03-02T10:00:00.000Z',
    ],
  ] as const)('%s', (_name, [timestamp, sentAt, batchSentAt], expected) => {
    expect(at(timestamp, sentAt, batchSentAt)).toBe(expected);
  });
});

describe('what it says', () => {
  test('a page is an event named page, whose name is a property unless it has its own', () => {
    expect(callOf({ type: 'page', userId: 'u', name: 'Home', properties: { path: '/' } }).says).toMatchObject(
      {
        kind: 'event',
        type: 'page',
        name: 'page',
        properties: { name: 'Home', path: '/' },
      },
    );
    expect(
      callOf({ type: 'screen', userId: 'u', name: 'Home', properties: { name: 'Own' } }).says,
    ).toMatchObject({ name: 'screen', properties: { name: 'Own' } });
  });

  test.each([
    ['a crawler', { context: { userAgent: 'ThornBot/1.0' } }, /user agent of a program/],
    ['a mark of the sender', { machine: true }, /marked by the sender/],
  ])('%s is told from people', (_name, more, reason) => {
    const says = callOf({ type: 'page', userId: 'u', ...more }).says;
    expect(says).toMatchObject({ machine: expect.stringMatching(reason) });
  });

  test.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5',
    ],
    ['Mozilla/5.0 (Linux; Android 14; CUBOT KINGKONG) AppleWebKit/537.36'],
  ])('%s is a person', userAgent => {
    expect(callOf({ type: 'page', userId: 'u', context: { userAgent } }).says).toMatchObject({
      machine: null,
    });
  });

  test('its own message id is kept, a missing one made', () => {
    expect(callOf({ type: 'page', userId: 'u', messageId: 'm1' }).messageId).toBe('m1');
    expect(callOf({ type: 'page', userId: 'u', messageId: '' }).messageId).toBe('made');
    expect(pathsOf({ type: 'page', userId: 'u', messageId: 'x'.repeat(256) })).toEqual(['messageId']);
  });
});

describe('by the rules of a workspace', () => {
  const rules = intakeRules(
    {
      ...INTAKE_DEFAULT,
      mailEvents: [{ name: 'Nudge Tapped', kind: 'clicked' }],
      freeDomains: ['acme.com'],
      businessDomains: ['bt.com'],
    },
    domain => (domain === 'acme.com' ? 'business' : 'free'),
  );
  const refusal = (raw: object, trust: Trust = 'server') =>
    readCall(
      { type: 'track', userId: 'u', event: 'E', ...raw },
      { receivedAt: NOW, trust, messageId: 'made', rules },
    ).refusal?.reason ?? null;

  test.each([
    ['the beginning of 1970', { timestamp: '1970-01-01T00:00:00+00:00' }, true],
    [
      'the same with the time of sending',
      { timestamp: '1970-01-01T00:00:00Z', sentAt: '2026-03-02T09:59:00Z' },
      true,
    ],
    [
      'a clock that stands in 1970',
      { timestamp: '1970-01-01T00:00:10Z', sentAt: '1970-01-01T00:01:00Z' },
      false,
    ],
    ['a clock that stood still', { timestamp: '2026-03-02T10:00:00Z', sentAt: '2040-03-02T10:00:00Z' }, true],
    ['ten years to the day', { timestamp: '2016-03-02T10:00:00Z' }, false],
    ['a moment more', { timestamp: '2016-03-02T09:59:59.999Z' }, true],
    ['the original time', { originalTimestamp: '1970-01-01T00:00:00Z' }, true],
    ['a profile', { type: 'identify', timestamp: 0.5 }, true],
  ])('%s is believed or not once the clock is corrected', (_name, raw, isRefused) => {
    for (const trust of ['server', 'public'] as const) expect(refusal(raw, trust) !== null).toBe(isRefused);
  });

  test('the reason says how far back is believed', () => {
    expect(refusal({ timestamp: '1970-01-01' })).toBe(
      'timestamp: the time lies more than 10 years back, which the workspace does not believe',
    );
  });

  test('names of mails are known, and corrections go before the lists', () => {
    const context = { userAgent: 'Mozilla/5.0' };
    const says = readCall(
      { type: 'track', userId: 'u', event: ' nudge TAPPED', context },
      { receivedAt: NOW, trust: 'server', messageId: 'made', rules },
    ).call?.says;
    expect(says).toMatchObject({ machine: 'user agent of a program: Mozilla/5.0' });
    expect(['acme.com', 'bt.com', 'orange.fr'].map(rules.kindOf)).toEqual(['free', 'business', 'free']);
  });
});

test('a time without a zone is refused with what was expected', () => {
  expect(read({ type: 'page', userId: 'u', timestamp: '2026-03-01 08:00' }).refusal?.reason).toBe(
    'timestamp: the time has no zone; expected one, such as 2026-11-29T09:59:15Z or 2026-11-29T10:59:15+01:00',
  );
  expect(callOf({ type: 'page', userId: 'u', timestamp: '2026-03-01 08:00 +0000' }).at).toBe(
    callOf({ type: 'page', userId: 'u', originalTimestamp: 1_772_352_000 }).at,
  );
});
