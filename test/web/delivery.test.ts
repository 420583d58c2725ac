import { describe, expect, it } from 'vitest';
import { ALERT_KINDS } from '../../src/core/alert/message.ts';
import { HOOK_TYPES } from '../../src/core/delivery/webhook.ts';
import { alertKind, isAcceptable } from '../../src/web/alert/words.ts';
import { CallError, problemAt } from '../../src/web/client/client.ts';
import { addressWords, HOOK_WORDS } from '../../src/web/delivery/webhookwords.ts';
import { blockOf, laidOut, stateOf, subjectWords, tookWords } from '../../src/web/delivery/words.ts';

describe('a delivery in words', () => {
  it.each([
    [{ state: 'waiting', attempts: 0 }, 'Waiting'],
    [{ state: 'waiting', attempts: 2 }, 'Trying again'],
    [{ state: 'sent', attempts: 1 }, 'Sent'],
    [{ state: 'failed', attempts: 9 }, 'Failed'],
  ] as const)('%j reads %s', (delivery, words) => {
    expect(stateOf(delivery).words).toBe(words);
  });

  it.each([
    [0, 'under 0.1 s'],
    [820, '0.8 s'],
    [15_000, '15.0 s'],
    [120_000, '2 min'],
  ])('%d ms read %s', (ms, words) => {
    expect(tookWords(ms)).toBe(words);
  });

  it('lays JSON out and leaves anything else, also what only looks like JSON, as it was sent', () => {
    expect(laidOut('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(laidOut('{not json}')).toBe('{not json}');
    expect(laidOut('New lead: {x}')).toBe('New lead: {x}');
  });
});

describe('webhooks and alerts in words', () => {
  it('every type and kind has words, and no two the same', () => {
    const hooks = HOOK_TYPES.map(type => HOOK_WORDS[type]);
    const kinds = ALERT_KINDS.map(kind => alertKind(kind).words);
    for (const words of [hooks, kinds]) {
      expect(words.every(text => text.trim() !== '')).toBe(true);
      expect(new Set(words).size).toBe(words.length);
    }
  });

  it('an alert of an unknown or no kind is a plain one', () => {
    expect(alertKind('something new').words).toBe('Alert');
    expect(alertKind(null).words).toBe('Alert');
  });

  it('a lead can be accepted from an alert that offers one, and from no other', () => {
    const of = { episodeId: 'e', contactId: 'c' };
    expect(isAcceptable({ kind: 'handoff', ...of })).toBe(true);
    expect(isAcceptable({ kind: 'reassigned', ...of })).toBe(true);
    expect(isAcceptable({ kind: 'early', ...of })).toBe(false);
    expect(isAcceptable({ kind: 'handoff', episodeId: null, contactId: 'c' })).toBe(false);
  });

  it.each([
    ['https://crm.acme.com/hooks/baton?key=1', 'crm.acme.com/hooks/baton'],
    ['https://crm.acme.com/', 'crm.acme.com'],
    ['not an address', 'not an address'],
  ])('the address %s is short %s', (url, words) => {
    expect(addressWords(url)).toBe(words);
  });
});

describe('what the server found wrong with a field', () => {
  const error = new CallError('no', {
    status: 422,
    failure: {
      type: 'about:blank',
      title: 'no',
      status: 422,
      detail: 'no',
      requestId: 'r',
      errors: [
        { path: 'members[1].weight', message: 'expected a number above 0' },
        { path: 'timezone', message: 'unknown zone' },
      ],
    },
  });
  it('stands at that field, and at what it lies in', () => {
    expect(problemAt(error, 'members[1].weight')).toBe('Expected a number above 0.');
    expect(problemAt(error, 'members')).toBe('Expected a number above 0.');
    expect(problemAt(error, 'timezone')).toBe('Unknown zone.');
  });

  it('and at no other', () => {
    expect(problemAt(error, 'members[0].weight')).toBeNull();
    expect(problemAt(error, 'time')).toBeNull();
    expect(problemAt(new Error('x'), 'timezone')).toBeNull();
    expect(problemAt(null, 'timezone')).toBeNull();
  });
});

describe('what holds a message up', () => {
  it('a message waits for the failing way that is tried last: its recipient or the whole way out', () => {
    const way = (to: string | null, nextAttemptAt: string) => ({
      to,
      since: '2026-03-01T08:00:00Z',
      nextAttemptAt,
    });
    const whole = way(null, '2026-03-01T09:00:00Z');
    const own = way('a@acme.test', '2026-03-01T10:00:00Z');
    const other = way('b@acme.test', '2026-03-01T11:00:00Z');
    const ways = [{ channel: 'email' as const, failing: [whole, own, other] }];
    const message = { channel: 'email', to: 'a@acme.test', state: 'waiting' } as const;
    expect(blockOf(message, ways)).toBe(own);
    expect(blockOf({ ...message, to: 'c@acme.test' }, ways)).toBe(whole);
    expect(blockOf({ ...message, state: 'failed' }, ways)).toBeNull();
    expect(blockOf({ ...message, channel: 'webhook' }, ways)).toBeNull();
    const slack = way('channel:sales', '2026-03-01T09:00:00Z');
    const sent = { channel: 'slack', to: '#sales', state: 'waiting' } as const;
    expect(blockOf(sent, [{ channel: 'slack', failing: [slack] }])).toBe(slack);
  });

  it('a message to a webhook is named by what it tells', () => {
    expect(subjectWords({ type: 'lead.accepted', subject: 'lead.accepted' })).toBe('A lead is accepted');
    expect(subjectWords({ type: 'webhook.test', subject: 'webhook.test' })).toBe('A test message');
    expect(subjectWords({ type: 'lead.later', subject: 'lead.later' })).toBe('lead.later');
    expect(subjectWords({ type: null, subject: 'New lead: Ana' })).toBe('New lead: Ana');
  });
});
