import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Channel } from '../../../src/core/alert/message.ts';
import {
  channelTo,
  formatRecipient,
  isShared,
  parseRecipient,
  type Recipient,
  recipientWords,
  sharedLane,
} from '../../../src/core/delivery/recipient.ts';

const HOOK = '11111111-2222-4333-8444-555555555555';
const BOT: Recipient = { kind: 'slackBot' };
const MAIL: Recipient = { kind: 'mailServer' };

/** Each with its channel, how the outbox keeps it, what it shares with others, and how lists name it. */
const RECIPIENTS: readonly (readonly [Recipient, Channel, string, Recipient | null, string])[] = [
  [{ kind: 'appUser', userId: 'bob' }, 'in_app', 'bob', null, 'bob'],
  [{ kind: 'address', address: 'bob@acme.com' }, 'email', 'bob@acme.com', MAIL, 'bob@acme.com'],
  [MAIL, 'email', '(mail server)', MAIL, '(mail server)'],
  [{ kind: 'slackUser', userId: 'bob' }, 'slack', 'user:bob', BOT, 'bob'],
  [{ kind: 'slackChannel', name: 'sales' }, 'slack', 'channel:sales', BOT, '#sales'],
  [{ kind: 'slackChannel', name: '#sales' }, 'slack', 'channel:#sales', BOT, '#sales'],
  [{ kind: 'slackChannel', name: 'slack' }, 'slack', 'channel:slack', BOT, '#slack'],
  [{ kind: 'slackWebhook' }, 'slack', 'slack', null, 'the channel of the Slack webhook'],
  [BOT, 'slack', '(bot)', BOT, '(bot)'],
  [{ kind: 'webhook', webhookId: HOOK }, 'webhook', HOOK, null, HOOK],
];

test.each(RECIPIENTS)('the recipient %j is kept on %s as %s', (recipient, channel, text) => {
  expect(channelTo(recipient)).toBe(channel);
  expect(formatRecipient(recipient)).toBe(text);
  expect(parseRecipient(channel, text)).toEqual(recipient);
});

test.each(RECIPIENTS)('what the recipient %j shares with others', (recipient, channel, _text, shared) => {
  expect(sharedLane(recipient)).toEqual(shared);
  expect(isShared(recipient)).toBe(recipient === BOT || recipient === MAIL);
  if (shared !== null) expect([channelTo(shared), isShared(shared)]).toEqual([channel, true]);
});

test.each(RECIPIENTS)('the recipient %j is named in lists', (recipient, _channel, _text, _shared, words) => {
  expect(recipientWords(recipient)).toBe(words);
});

test.each<[Channel, string, Recipient]>([
  ['slack', 'sales', { kind: 'slackChannel', name: 'sales' }],
  ['slack', 'user', { kind: 'slackChannel', name: 'user' }],
  ['email', 'slack', { kind: 'address', address: 'slack' }],
  ['email', '(bot)', { kind: 'address', address: '(bot)' }],
  ['in_app', '(mail server)', { kind: 'appUser', userId: '(mail server)' }],
  ['webhook', 'user:bob', { kind: 'webhook', webhookId: 'user:bob' }],
])('on %s the text %s is read for what it is there', (channel, text, recipient) => {
  expect(parseRecipient(channel, text)).toEqual(recipient);
});

const text = fc.oneof(fc.string(), fc.constantFrom('slack', '(bot)', 'user:u1', 'channel:x', '#x', ''));
const anyRecipient: fc.Arbitrary<Recipient> = fc.oneof(
  text.map(userId => ({ kind: 'appUser' as const, userId })),
  text.map(address => ({ kind: 'address' as const, address })),
  text.map(userId => ({ kind: 'slackUser' as const, userId })),
  text.map(name => ({ kind: 'slackChannel' as const, name })),
  text.map(webhookId => ({ kind: 'webhook' as const, webhookId })),
  fc.constantFrom<Recipient>(MAIL, BOT, { kind: 'slackWebhook' }),
);

test('whatever a recipient is called, it is read as it was written', () => {
  fc.assert(
    fc.property(anyRecipient, recipient => {
      expect(parseRecipient(channelTo(recipient), formatRecipient(recipient))).toEqual(recipient);
    }),
  );
});
