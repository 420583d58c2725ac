import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AlertPayload } from '../../../src/core/alert/message.ts';
import type { Database } from '../../../src/db/database.ts';
import { sweepFailing } from '../../../src/loop/delivery/failure.ts';
import { deliverDue } from '../../../src/loop/delivery/outbox.ts';
import { openSenders } from '../../../src/loop/delivery/sender.ts';
import { listChannels } from '../../../src/server/api/delivery.ts';
import { DRIVERS } from '../../db/opened.ts';
import { makeWorld, person, type World } from '../../world/app.ts';
import { promise } from '../../world/post.ts';
import { addUser, clear, DAY, HOUR } from '../../world/seed.ts';

const NOW = Date.UTC(2026, 2, 15, 10);
const MINUTE = 60_000;

interface Asked {
  readonly method: string;
  readonly token: string;
  readonly given: Readonly<Record<string, string>>;
}

type Answer =
  | {
      readonly ok: true;
      readonly user?: { readonly id: string };
      readonly ts?: string;
      readonly channel?: string | undefined;
    }
  | { readonly ok: false; readonly error: string }
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> };

/** A stand-in for Slack's Web API. */
async function openSlack() {
  const asked: Asked[] = [];
  let count = 0;
  const usual = ({ method, given }: Asked): Answer => {
    if (method === 'users.lookupByEmail')
      return given.email === 'bob@acme.example'
        ? { ok: true, user: { id: 'U0BOB' } }
        : { ok: false, error: 'users_not_found' };
    count += 1;
    return { ok: true, channel: given.channel, ts: `1700000000.00000${count}` };
  };
  const slack = { answer: usual };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      const one: Asked = {
        method: (request.url ?? '').replace('/api/', ''),
        token: request.headers.authorization ?? '',
        given: Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8'))),
      };
      asked.push(one);
      const answer = slack.answer(one);
      if ('status' in answer) response.writeHead(answer.status, answer.headers ?? {}).end();
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return Object.assign(slack, {
    url: `http://127.0.0.1:${port}/api/`,
    asked,
    usual,
    posts: () => asked.filter(({ method }) => method === 'chat.postMessage').map(({ given }) => given),
    close: () => {
      server.closeAllConnections();
      return new Promise<void>(resolve => server.close(() => resolve()));
    },
  });
}

describe.each(DRIVERS)('the Slack bot on $name', ({ open }) => {
  let db: Database;
  let world: World;
  let slack: Awaited<ReturnType<typeof openSlack>>;
  let senders: ReturnType<typeof openSenders>;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clear(db);
    await addUser(db, { name: 'Bob Ray' });
    slack = await openSlack();
    world = makeWorld(db, { now: NOW, environment: { SLACK_BOT_TOKEN: 'xoxb-secret' } });
    senders = openSenders(world.app, 'https://baton.acme.example', { slackUrl: slack.url });
  });
  afterEach(async () => {
    senders.close();
    await slack.close();
  });

  const say = (recipient: string, payload: Partial<AlertPayload> = {}) =>
    promise(db, { channel: 'slack', recipient, createdAt: world.now(), nextAttemptAt: world.now() }, payload);
  const deliver = () => deliverDue(world.app, senders.senders, { now: world.now(), batch: 50 });
  const rows = () =>
    db.run<{ state: string; attempts: number; last_error: string | null; next_attempt_at: number | null }>(
      {
        name: '',
        text: `select state, attempts, last_error, next_attempt_at from outbox where channel = 'slack' order by created_at, id`,
      },
      [],
    );
  const troubles = () =>
    db.run<{ reason: string; subject: string; detail: string; closed_at: number | null }>(
      {
        name: '',
        text: 'select reason, subject, detail, closed_at from exception order by opened_at, subject',
      },
      [],
    );

  test('writes to a person, who is looked up by their address once', async () => {
    await say('user:bob');
    await deliver();
    await say('user:bob', { episodeId: '22222222-2222-4333-8444-555555555555' });
    await deliver();
    expect(slack.asked.map(({ method }) => method)).toEqual([
      'users.lookupByEmail',
      'chat.postMessage',
      'chat.postMessage',
    ]);
    expect(slack.asked.every(({ token }) => token === 'Bearer xoxb-secret')).toBe(true);
    const [post] = slack.posts();
    expect(post).toMatchObject({ channel: 'U0BOB', unfurl_links: 'false' });
    expect(post?.text).toContain('New lead: Ann Lee, Acme');
    expect(JSON.parse(post?.blocks ?? '').length).toBeLessThanOrEqual(50);
    expect(await rows()).toMatchObject([{ state: 'sent' }, { state: 'sent' }]);
  });

  test('looks a person up again when their address changes, or after a week', async () => {
    await say('user:bob');
    await deliver();
    world.setNow(NOW + 7 * DAY);
    await say('user:bob');
    await deliver();
    await db.run({ name: '', text: `update app_user set email = 'robert@acme.example'` }, []);
    slack.answer = asked =>
      asked.method === 'users.lookupByEmail' ? { ok: true, user: { id: 'U0ROB' } } : slack.usual(asked);
    await say('user:bob');
    await deliver();
    expect(slack.asked.filter(({ method }) => method === 'users.lookupByEmail')).toHaveLength(3);
    expect(slack.posts().map(({ channel }) => channel)).toEqual(['U0BOB', 'U0BOB', 'U0ROB']);
  });

  test('writes to a channel by its name, and keeps the messages of an episode in one thread there', async () => {
    await say('channel:sales');
    await say('channel:sales', { kind: 'early' });
    await deliver();
    await say('channel:sales', { kind: 'waiting' });
    await say('user:bob', { kind: 'waiting' });
    await say('channel:sales', { episodeId: null });
    await deliver();
    const [first, second, ...later] = slack.posts();
    expect(first).toMatchObject({ channel: 'sales' });
    expect(first).not.toHaveProperty('thread_ts');
    expect(second).toMatchObject({ thread_ts: '1700000000.000001' });
    expect(second).not.toHaveProperty('reply_broadcast');
    const loud = later.find(post => post.reply_broadcast === 'true');
    expect(loud).toMatchObject({ channel: 'sales', thread_ts: '1700000000.000001' });
    expect(later.filter(post => post.thread_ts === undefined)).toHaveLength(2);
  });

  test('a node that starts later knows the thread', async () => {
    await say('channel:sales');
    await deliver();
    const other = openSenders(world.app, 'https://baton.acme.example', { slackUrl: slack.url });
    await say('channel:sales', { kind: 'early' });
    await deliverDue(world.app, other.senders, { now: world.now(), batch: 50 });
    other.close();
    expect(slack.posts()[1]).toMatchObject({ thread_ts: '1700000000.000001' });
  });

  test('a thread whose first message was deleted is begun anew', async () => {
    await say('channel:sales');
    await deliver();
    slack.answer = asked =>
      asked.given.thread_ts === undefined ? slack.usual(asked) : { ok: false, error: 'thread_not_found' };
    await say('channel:sales', { kind: 'early' });
    await deliver();
    world.setNow(NOW + MINUTE);
    await deliver();
    expect((await rows()).map(({ state }) => state)).toEqual(['sent', 'sent']);
    expect(slack.posts()[2]).not.toHaveProperty('thread_ts');
  });

  test.each(['channel_not_found', 'is_archived', 'not_in_channel', 'no_such_thing_yet'])(
    'the answer %s fails the message at once, and one person is told of one exception',
    async error => {
      slack.answer = () => ({ ok: false, error });
      await say('channel:sales');
      await say('channel:sales');
      await deliver();
      await say('channel:sales');
      await deliver();
      expect((await rows()).map(({ state, attempts }) => [state, attempts])).toEqual([
        ['failed', 1],
        ['failed', 1],
        ['failed', 1],
      ]);
      expect(await troubles()).toMatchObject([
        { reason: 'recipient_gone', subject: 'delivery slack channel:sales', closed_at: null },
      ]);
      expect((await troubles())[0]?.detail).toContain(error);
    },
  );

  test('a channel that works again closes its exception by itself', async () => {
    slack.answer = () => ({ ok: false, error: 'is_archived' });
    await say('channel:sales');
    await deliver();
    slack.answer = slack.usual;
    world.setNow(NOW + HOUR);
    await say('channel:sales');
    await deliver();
    expect(await troubles()).toMatchObject([{ closed_at: NOW + HOUR }]);
    const channels = await listChannels(world.as(person('ann', 'admin')), {
      params: undefined,
      query: undefined,
      body: undefined,
    });
    expect(channels.items.flatMap(({ failing }) => failing)).toEqual([]);
  });

  test.each(['invalid_auth', 'account_inactive', 'token_revoked', 'missing_scope'])(
    'the answer %s is one exception for the bot, whoever the messages are for',
    async error => {
      slack.answer = () => ({ ok: false, error });
      await say('channel:sales');
      await say('channel:support');
      await say('user:bob');
      await deliver();
      expect((await rows()).map(({ state }) => state)).toEqual(['failed', 'failed', 'failed']);
      expect(await troubles()).toMatchObject([{ subject: 'delivery slack (bot)' }]);
    },
  );

  test('a person whom Slack does not know fails at once, and is not looked up for every message', async () => {
    await addUser(db, { name: 'Eve Kay' });
    await say('user:eve');
    await say('user:nobody');
    await deliver();
    await say('user:eve');
    await deliver();
    expect((await rows()).map(({ state }) => state)).toEqual(['failed', 'failed', 'failed']);
    expect(slack.asked.filter(({ method }) => method === 'users.lookupByEmail')).toHaveLength(1);
    expect((await rows()).map(({ last_error }) => last_error)).toContain(
      'nobody in Slack has the address eve@acme.example',
    );
  });

  test('a 429 makes all messages of the bot wait as long as Slack asks, and costs each no attempt', async () => {
    slack.answer = () => ({ status: 429, headers: { 'retry-after': '90' } });
    for (const channel of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) await say(`channel:${channel}`);
    await deliver();
    const waiting = await rows();
    expect(new Set(waiting.map(row => row.next_attempt_at))).toEqual(new Set([NOW + 90_000]));
    expect(slack.asked.length).toBeLessThanOrEqual(5);
    world.setNow(NOW + 60_000);
    await say('user:bob');
    await deliver();
    expect(slack.asked.length).toBeLessThanOrEqual(5);
    slack.answer = slack.usual;
    world.setNow(NOW + 90_000);
    await deliver();
    expect((await rows()).map(({ state }) => state)).toEqual(Array.from({ length: 9 }, () => 'sent'));
  });

  test.each([
    { answer: { ok: false, error: 'internal_error' } as const },
    { answer: { ok: false, error: 'service_unavailable' } as const },
    { answer: { status: 500 } },
    { answer: { status: 503 } },
  ])('the answer $answer passes: the message waits', async ({ answer }) => {
    slack.answer = () => answer;
    await say('channel:sales');
    await deliver();
    expect(await rows()).toMatchObject([{ state: 'waiting', attempts: 1, next_attempt_at: NOW + 10_000 }]);
    expect(await troubles()).toEqual([]);
  });

  test('a Slack that is away for a while is told of once, and its messages arrive when it is back', async () => {
    await slack.close();
    await say('channel:sales');
    for (let at = NOW; at <= NOW + HOUR; at += MINUTE) {
      world.setNow(at);
      await deliver();
      await sweepFailing(world.app, at);
    }
    expect(await rows()).toMatchObject([{ state: 'waiting', last_error: 'Slack could not be reached' }]);
    expect(await troubles()).toMatchObject([
      { reason: 'unreachable', subject: 'delivery slack (bot)', closed_at: null },
    ]);
    const back = await openSlack();
    const again = openSenders(world.app, 'https://baton.acme.example', { slackUrl: back.url });
    world.setNow(NOW + 2 * HOUR);
    await deliverDue(world.app, again.senders, { now: world.now(), batch: 50 });
    again.close();
    await back.close();
    expect(await rows()).toMatchObject([{ state: 'sent' }]);
    expect(await troubles()).toMatchObject([{ closed_at: NOW + 2 * HOUR }]);
  });

  test('what a lead typed neither mentions nor links, and no error holds the token', async () => {
    await say('channel:sales', {
      lead: { name: '<!channel> <https://evil.example|here>', title: null, company: null, email: null },
    });
    slack.answer = asked => ({ ...slack.usual(asked) });
    await deliver();
    const [post] = slack.posts();
    expect(`${post?.text} ${post?.blocks}`).not.toContain('<!channel>');
    expect(`${post?.text} ${post?.blocks}`).not.toContain('<https://evil.example');
    expect(JSON.stringify(await rows())).not.toContain('xoxb');
  });
});
