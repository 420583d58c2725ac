import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CHANNELS } from '../../../src/core/alert/message.ts';
import { parseRecipient } from '../../../src/core/delivery/recipient.ts';
import { type ExceptionSubject, formatExceptionSubject } from '../../../src/core/exception/subject.ts';

const SUBJECTS: readonly (readonly [ExceptionSubject, string])[] = [
  [{ kind: 'episode', episodeId: 'e1' }, 'episode e1'],
  [
    { kind: 'delivery', recipient: { kind: 'address', address: 'ann@acme.com' } },
    'delivery email ann@acme.com',
  ],
  [{ kind: 'delivery', recipient: { kind: 'mailServer' } }, 'delivery email (mail server)'],
  [{ kind: 'delivery', recipient: { kind: 'slackChannel', name: 'x' } }, 'delivery slack channel:x'],
  [{ kind: 'delivery', recipient: { kind: 'slackWebhook' } }, 'delivery slack slack'],
  [{ kind: 'delivery', recipient: { kind: 'webhook', webhookId: 'w1' } }, 'delivery webhook w1'],
  [{ kind: 'breach', breach: 'unowned' }, 'breach unowned'],
];

test.each(SUBJECTS)('the subject %j is kept as %s', (subject, text) => {
  expect(formatExceptionSubject(subject)).toBe(text);
});

/** Few texts, so that subjects meet, some of which look like parts of others. */
const text = fc.constantFrom('', 'a', 'slack', 'slack slack', 'email a', 'user:a', 'channel:a', '(bot)');
const ofText = (name: string): readonly ExceptionSubject[] => [
  { kind: 'episode', episodeId: name },
  { kind: 'breach', breach: name },
  ...CHANNELS.map(channel => ({ kind: 'delivery' as const, recipient: parseRecipient(channel, name) })),
];
const anySubject = text.chain(name => fc.constantFrom(...ofText(name)));

test('two subjects have one text only where they are one', () => {
  fc.assert(
    fc.property(anySubject, anySubject, (one, other) => {
      const isOne = JSON.stringify(one) === JSON.stringify(other);
      expect(formatExceptionSubject(one) === formatExceptionSubject(other)).toBe(isOne);
    }),
    { numRuns: 2000 },
  );
});
