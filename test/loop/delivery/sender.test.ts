import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../../src/db/database.ts';
import { deliverDue } from '../../../src/loop/delivery/outbox.ts';
import { openSenders } from '../../../src/loop/delivery/sender.ts';
import { DRIVERS } from '../../db/opened.ts';
import { makeWorld } from '../../world/app.ts';
import { openPost, PAYLOAD, type Post } from '../../world/post.ts';
import { addAlert, addUser, clear, DAY, HOUR } from '../../world/seed.ts';

const NOW = Date.UTC(2026, 2, 15, 10);
const MINUTE = 60_000;
const LEAD = { name: 'Ann Lee', title: 'VP Sales', company: 'Acme', email: 'ann@acme.example' };

describe.each(DRIVERS)('senders on $name', ({ open }) => {
  let db: Database;
  let post: Post;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clear(db);
    post = await openPost(db, NOW);
  });
  afterEach(() => post.close());

  test('delivers a mail once, as text and HTML, with the reason and the link', async () => {
    const id = await post.promise();
    expect(await post.deliver()).toBe(1);
    expect(await post.deliver()).toBe(0);
    expect(post.mail.mails).toHaveLength(1);
    const [sent] = post.mail.mails;
    expect(sent?.to).toEqual(['bob@baton.example']);
    expect(sent?.from).toBe('baton@baton.acme.example');
    expect(sent?.headers.get('subject')).toBe('New lead: Ann Lee, Acme (A1, 87 points)');
    expect(sent?.headers.get('message-id')).toBe(`<${id}@baton.acme.example>`);
    expect(sent?.headers.get('auto-submitted')).toBe('auto-generated');
    for (const type of ['text/plain', 'text/html']) {
      const body = sent?.parts.get(type) ?? '';
      for (const words of [
        'Ann Lee',
        'VP Sales, Acme',
        'Demo requested (+40)',
        'Bob Ray',
        'https://baton.acme.example/contacts/99999999-2222-4333-8444-555555555555',
      ])
        expect(body).toContain(words);
    }
    expect(await post.only()).toEqual({
      id,
      channel: 'email',
      to: 'bob@baton.example',
      subject: 'New lead: Ann Lee, Acme (A1, 87 points)',
      state: 'sent',
      attempts: 1,
      createdAt: '2026-03-15T10:00:00.000Z',
      nextAttemptAt: null,
      sentAt: '2026-03-15T10:00:00.000Z',
      lastError: null,
      type: null,
      contactId: '99999999-2222-4333-8444-555555555555',
      episodeId: PAYLOAD.episodeId,
      webhookId: null,
      repeats: null,
    });
  });

  test('puts the mails of one episode into one thread', async () => {
    await post.promise();
    await post.promise({}, { kind: 'waiting' });
    await post.promise({}, { episodeId: null, kind: 'early' });
    await post.deliver();
    const threads = post.mail.mails.map(({ headers }) => headers.get('references')).sort();
    const episode = `<episode-${PAYLOAD.episodeId}@baton.acme.example>`;
    expect(threads).toEqual([
      '<contact-99999999-2222-4333-8444-555555555555@baton.acme.example>',
      episode,
      episode,
    ]);
    for (const { headers } of post.mail.mails)
      expect(headers.get('in-reply-to')).toBe(headers.get('references'));
  });

  test('fails a mail refused for good at once, and shows the answer', async () => {
    await post.promise();
    post.mail.answer = () => 550;
    await post.deliver();
    expect(await post.only()).toMatchObject({ state: 'failed', attempts: 1, nextAttemptAt: null });
    expect((await post.only()).lastError).toContain('550');
  });

  test('fails a mail to what is no address at once', async () => {
    await post.promise({ recipient: 'nobody' });
    await post.promise({ recipient: 'a@x.example, b@x.example' });
    await post.deliver();
    expect(post.mail.mails.flatMap(({ to }) => to)).not.toContain('b@x.example');
    for (const { state } of await post.list()) expect(state).toBe('failed');
  });

  test('waits when the mail server cannot be reached', async () => {
    const away = openSenders(
      makeWorld(db, { now: NOW, environment: { SMTP_URL: 'smtp://127.0.0.1:1' } }).app,
      'https://baton.acme.example',
    );
    await post.promise();
    await deliverDue(post.world.app, away.senders, { now: NOW, batch: 50 });
    away.close();
    expect(await post.only()).toMatchObject({ state: 'waiting', attempts: 1 });
  });

  test('a Slack that keeps silent is given up after a time', async () => {
    await post.promise({ channel: 'slack', recipient: 'slack' });
    post.slack.answer = () => null;
    await post.deliver({ timeoutMs: 200 });
    expect(await post.only()).toMatchObject({ state: 'waiting', lastError: 'Slack could not be reached' });
  });

  test('posts to Slack what happened, with blocks and a text for notifications', async () => {
    await post.promise({ channel: 'slack', recipient: 'slack' });
    await post.deliver();
    expect(post.slack.posts).toHaveLength(1);
    const body = post.slack.posts[0]?.body;
    expect(body).toMatchObject({
      text: 'New lead: Ann Lee, Acme. Asked for a demo: Demo requested (+40).',
      unfurl_links: false,
    });
    expect(JSON.stringify(body)).toContain(
      '"url":"https://baton.acme.example/contacts/99999999-2222-4333-8444-555555555555',
    );
    expect(await post.only()).toMatchObject({ state: 'sent' });
  });

  test.each([
    { status: 404, body: 'no_service', state: 'failed' },
    { status: 410, body: 'channel_is_archived', state: 'failed' },
    { status: 403, body: 'action_prohibited', state: 'failed' },
    { status: 400, body: 'invalid_payload', state: 'failed' },
    { status: 500, body: 'rollup_error', state: 'waiting' },
    { status: 503, body: '', state: 'waiting' },
    { status: 429, body: 'rate_limited', state: 'waiting' },
  ])('reads the answer $status $body of Slack: $state', async ({ status, body, state }) => {
    await post.promise({ channel: 'slack', recipient: 'slack' });
    post.slack.answer = () => ({ status, body });
    await post.deliver();
    expect(await post.only()).toMatchObject({ state, attempts: 1 });
    expect((await post.only()).lastError).toBe(`Slack answered ${status}: ${body}`.trim());
    expect(post.slack.posts).toHaveLength(1);
  });

  test.each([
    { header: '120', waitMs: 2 * MINUTE },
    { header: '3', waitMs: 10_000 },
    { header: new Date(NOW + HOUR).toUTCString(), waitMs: HOUR },
    { header: '99999999', waitMs: DAY },
    { header: 'soon', waitMs: 10_000 },
  ])('waits $waitMs ms when Slack asks for $header', async ({ header, waitMs }) => {
    await post.promise({ channel: 'slack', recipient: 'slack' });
    post.slack.answer = () => ({ status: 429, headers: { 'retry-after': header } });
    await post.deliver();
    expect(await post.inMs()).toBe(waitMs);
  });

  test('keeps the address of the Slack webhook, a secret, out of every error', async () => {
    await post.promise({ channel: 'slack', recipient: 'slack' });
    const away = openSenders(
      makeWorld(db, { now: NOW, environment: { SLACK_WEBHOOK_URL: 'http://127.0.0.1:1/secret' } }).app,
      'https://baton.acme.example',
    );
    await deliverDue(post.world.app, away.senders, { now: NOW, batch: 50 });
    expect(await post.only()).toMatchObject({ state: 'waiting', lastError: 'Slack could not be reached' });
  });

  test('a hostile name adds no header, no markup and no mention', async () => {
    const name = '<b>Ann</b>\r\nBcc: all@baton.example\r\n\r\n<!channel>';
    await post.promise({}, { lead: { ...LEAD, name } });
    await post.promise({ subject: `raw ${name}`, recipient: 'two@baton.example' });
    await post.promise({ channel: 'slack', recipient: 'slack' }, { lead: { ...LEAD, name } });
    await post.deliver();
    expect(post.mail.mails).toHaveLength(2);
    for (const { headers, to } of post.mail.mails) {
      expect(headers.has('bcc')).toBe(false);
      expect(to).toHaveLength(1);
    }
    const first = post.mail.mails.find(({ to }) => to.includes('bob@baton.example'));
    expect(first?.headers.get('subject')).toContain('<b>Ann</b> Bcc: all@baton.example');
    expect(first?.parts.get('text/html')).toContain('&lt;b&gt;Ann&lt;/b&gt;');
    expect(first?.parts.get('text/html')).not.toContain('<b>Ann');
    expect(JSON.stringify(post.slack.posts)).not.toContain('<!channel>');
    expect(JSON.stringify(post.slack.posts)).toContain('&lt;!channel&gt;');
  });

  test('shows an alert in the app to its person at once', async () => {
    await addUser(db, { name: 'Bob Ray' });
    const alertId = await addAlert(db, { userId: 'bob', at: NOW });
    await post.promise({ channel: 'in_app', recipient: 'bob' }, { alertId });
    await post.deliver();
    expect(post.world.published).toEqual([
      {
        userId: 'bob',
        message: {
          kind: 'alert',
          alert: {
            id: alertId,
            at: '2026-03-15T10:00:00.000Z',
            label: 'New lead',
            text: 'Ann Lee asked for a demo',
            contactId: null,
            episodeId: null,
            readAt: null,
            kind: null,
          },
        },
      },
    ]);
    expect(await post.only()).toMatchObject({ state: 'sent', to: 'Bob Ray' });
  });

  test.each([null, 'not an id', randomUUID()])(
    'fails an alert in the app that is not there: %j',
    async alertId => {
      await post.promise({ channel: 'in_app', recipient: 'bob' }, { alertId });
      await post.deliver();
      expect(await post.only()).toMatchObject({ state: 'failed', lastError: 'the alert is gone' });
    },
  );

  test('fails what has no sender, saying which setting is missing', async () => {
    const bare = openSenders(makeWorld(db, { now: NOW }).app, 'https://baton.acme.example');
    await post.promise();
    await post.promise({ channel: 'slack', recipient: 'slack' });
    await post.promise({ channel: 'webhook', recipient: 'https://hooks.example' });
    await deliverDue(post.world.app, bare.senders, { now: NOW, batch: 50 });
    expect((await post.list('failed')).map(({ lastError }) => lastError).sort()).toEqual([
      'no Slack webhook is set up (SLACK_WEBHOOK_URL)',
      'no mail server is set up (SMTP_URL)',
      'the message as stored cannot be read',
    ]);
  });
});
