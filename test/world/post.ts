import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { type AlertPayload, type Channel, subjectOf } from '../../src/core/alert/message.ts';
import { parseRecipient } from '../../src/core/delivery/recipient.ts';
import type { Database, Sql } from '../../src/db/database.ts';
import { type Effect, enqueueAll } from '../../src/db/delivery/outbox.ts';
import type { Senders } from '../../src/loop/delivery/delivery.ts';
import { deliverDue } from '../../src/loop/delivery/outbox.ts';
import { openSenders } from '../../src/loop/delivery/sender.ts';
import { listDeliveries } from '../../src/server/api/delivery.ts';
import type { Request } from '../../src/server/handler/handler.ts';
import { makeWorld, person, type World } from './app.ts';
import { type MailPeer, openMailPeer, openSlackPeer, type SlackPeer } from './peer.ts';
import { HOUR } from './seed.ts';

/** A usual alert: a lead was handed over. */
export const PAYLOAD: AlertPayload = {
  kind: 'handoff',
  episodeId: '11111111-2222-4333-8444-555555555555',
  contactId: '99999999-2222-4333-8444-555555555555',
  lead: { name: 'Ann Lee', title: 'VP Sales', company: 'Acme', email: 'ann@acme.example' },
  sentence: 'Asked for a demo: Demo requested (+40).',
  lines: [{ label: 'Demo requested', points: 40, count: 1 }],
  total: 87,
  grade: 'A1',
  pathLabel: 'Asked for a demo',
  ownerName: 'Bob Ray',
  dueAt: Date.UTC(2026, 2, 15, 10) + HOUR,
  dueKind: 'firstTouch',
  source: 'webinar',
  alertId: null,
};

type Delivered = Awaited<ReturnType<typeof listDeliveries>>['items'][number];

/** A message to promise; its recipient as the outbox keeps it. */
interface Promised extends Partial<Omit<Effect, 'recipient'>> {
  readonly channel?: Channel;
  readonly recipient?: string;
}

/** An app with an outbox, and a mail server and a Slack of its own to send to. */
export interface Post {
  readonly world: World;
  readonly mail: MailPeer;
  readonly slack: SlackPeer;
  readonly senders: Senders;
  /** Promises an alert, a mail to Bob unless said otherwise; returns its id. */
  readonly promise: (given?: Promised, payload?: Partial<AlertPayload>) => Promise<string>;
  /** Sends one round at the present time. */
  readonly deliver: (more?: Partial<Parameters<typeof deliverDue>[2]>) => Promise<number>;
  readonly admin: () => Request;
  readonly list: (state?: Delivered['state']) => Promise<readonly Delivered[]>;
  /** The one message in the outbox. */
  readonly only: () => Promise<Delivered>;
  /** In how many ms the one message is tried again. */
  readonly inMs: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** Promises an alert in the outbox, a mail to Bob unless said otherwise; returns its id. */
export async function promise(
  sql: Sql,
  given: Promised & Pick<Effect, 'createdAt' | 'nextAttemptAt'>,
  payload: Partial<AlertPayload> = {},
): Promise<string> {
  const told = { ...PAYLOAD, ...payload };
  const { channel = 'email', recipient = 'bob@baton.example', ...rest } = given;
  const effect: Effect = {
    id: randomUUID(),
    recipient: parseRecipient(channel, recipient),
    subject: subjectOf(told),
    payload: told,
    ...rest,
  };
  await enqueueAll(sql, [effect]);
  return effect.id;
}

/** Opens a post on a database; its peers take everything until told otherwise. */
export async function openPost(db: Database, now: number): Promise<Post> {
  const [mail, slack] = await Promise.all([openMailPeer(), openSlackPeer()]);
  const world = makeWorld(db, { now, environment: { SMTP_URL: mail.url, SLACK_WEBHOOK_URL: slack.url } });
  const { senders, close } = openSenders(world.app, 'https://baton.acme.example');
  const admin = () => world.as(person('ann', 'admin'));
  const list: Post['list'] = async state => {
    const query = { limit: 50, ...(state === undefined ? {} : { state }) };
    return (await listDeliveries(admin(), { params: undefined, query, body: undefined })).items;
  };
  const only = async () => {
    const [item, ...others] = await list();
    expect(others).toEqual([]);
    if (item === undefined) throw new Error('nothing is in the outbox');
    return item;
  };
  return {
    world,
    mail,
    slack,
    senders,
    promise: (given = {}, payload = {}) =>
      promise(db, { createdAt: now, nextAttemptAt: now, ...given }, payload),
    deliver: (more = {}) => deliverDue(world.app, senders, { now: world.now(), batch: 50, ...more }),
    admin,
    list,
    only,
    inMs: async () => Date.parse((await only()).nextAttemptAt ?? '') - world.now(),
    close: async () => {
      close();
      await Promise.all([mail.close(), slack.close()]);
    },
  };
}
