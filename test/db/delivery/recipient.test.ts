import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  channelTo,
  formatRecipient,
  type Recipient,
  sharedLane,
} from '../../../src/core/delivery/recipient.ts';
import { formatExceptionSubject } from '../../../src/core/exception/subject.ts';
import type { Database } from '../../../src/db/database.ts';
import {
  deliverySubjectOf,
  leadsTo,
  readRecipient,
  sharedLaneOf,
} from '../../../src/db/delivery/recipient.ts';
import { DRIVERS } from '../opened.ts';

const RECIPIENTS: readonly Recipient[] = [
  { kind: 'appUser', userId: 'bob' },
  { kind: 'address', address: 'bob@acme.com' },
  { kind: 'slackUser', userId: 'bob' },
  { kind: 'slackChannel', name: 'bob' },
  { kind: 'slackWebhook' },
  { kind: 'webhook', webhookId: '11111111-2222-4333-8444-555555555555' },
];

describe.each(DRIVERS)('recipients in SQL on $name', ({ open }) => {
  let db: Database;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());

  /** What an expression over a row `o` of the outbox gives for a recipient. */
  const asked = async (expression: string, recipient: Recipient) => {
    const text = `select ${expression} as value from (select $1::text as channel, $2::text as recipient) o`;
    const [row] = await db.run<{ value: unknown }>({ name: '', text }, [
      channelTo(recipient),
      formatRecipient(recipient),
    ]);
    return row?.value;
  };

  test.each(RECIPIENTS)('say what %j shares with others as core does', async recipient => {
    const shared = sharedLane(recipient);
    expect(await asked(sharedLaneOf('o.channel', 'o.recipient'), recipient)).toBe(
      shared === null ? null : formatRecipient(shared),
    );
  });

  test.each(RECIPIENTS)('name what an exception about %j is about as core does', async recipient => {
    expect(await asked(deliverySubjectOf('o'), recipient)).toBe(
      formatExceptionSubject({ kind: 'delivery', recipient }),
    );
  });

  test.each(RECIPIENTS)('say whether %j is a user', async recipient => {
    const isUser = recipient.kind === 'appUser' || recipient.kind === 'slackUser';
    expect(await asked(leadsTo("'bob'", 'o'), recipient)).toBe(isUser);
  });
});

test('a row of an unknown channel is not read as something else', () => {
  expect(() => readRecipient({ channel: 'pigeon', recipient: 'bob' })).toThrow('there is no channel pigeon');
});
