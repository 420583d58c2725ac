import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RETRY_AFTER_MS } from '../../src/core/delivery.ts';
import { type AlertPayload, type Effect, subjectOf } from '../../src/core/message.ts';
import type { Database } from '../../src/db/database.ts';
import { claimDue, enqueueAll } from '../../src/db/outbox.ts';
import { listAlerts, markAlertsRead } from '../../src/server/alert.ts';
import type { Senders } from '../../src/server/delivery.ts';
import { deliverDue, listDeliveries, retryDelivery } from '../../src/server/outbox.ts';
import { openSenders } from '../../src/server/sender.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld, person, type World } from '../world/app.ts';
import { type MailPeer, openMailPeer, openSlackPeer, type SlackPeer } from '../world/peer.ts';
import { addAlert, addUser, clear, DAY, HOUR } from '../world/seed.ts';

const NOW = Date.UTC(2026, 2, 15, 10);
const MINUTE = 60_000;
const EPISODE = '11111111-2222-4333-8444-555555555555';
const PAYLOAD: AlertPayload = {
  kind: 'handoff',
  episodeId: EPISODE,
  contactId: '99999999-2222-4333-8444-555555555555',
  lead: { name: 'Ann Lee', title: 'VP Sales', company: 'Acme', email: 'ann@acme.example' },
  sentence: 'Asked for a demo: Demo requested (+40).',
  lines: [{ label: 'Demo requested', points: 40, count: 1 }],
  total: 87,
  grade: 'A1',
  pathLabel: 'Asked for a demo',
  ownerName: 'Bob Ray',
  dueAt: NOW + HOUR,
  dueKind: 'firstTouch',
  source: 'webinar',
  alertId: null,
};

let mail: MailPeer;
let slack: SlackPeer;
beforeAll(async () => {
  [mail, slack] = await Promise.all([openMailPeer(), openSlackPeer()]);
});
afterAll(() => Promise.all([mail.close(), slack.close()]));

describe.each(DRIVERS)('the outbox on $name', ({ open }) => {
  let db: Database;
  let world: World;
  let opened: ReturnType<typeof openSenders>;
  let senders: Senders;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clear(db);
    mail.mails.length = 0;
    slack.posts.length = 0;
    mail.answer = () => 250;
    slack.answer = () => ({ status: 200, body: 'ok' });
    const environment = { SMTP_URL: mail.url, SLACK_WEBHOOK_URL: slack.url };
    world = makeWorld(db, { now: NOW, environment });
    opened = openSenders(world.app, 'https://baton.acme.example');
    senders = opened.senders;
  });
  afterEach(() => opened.close());

  const promise = async (given: Partial<Effect> = {}, payload: Partial<AlertPayload> = {}) => {
    const told = { ...PAYLOAD, ...payload };
    const effect: Effect = {
      id: randomUUID(),
      channel: 'email',
      recipient: 'bob@baton.example',
      subject: subjectOf(told),
      payload: told,
      createdAt: NOW,
      nextAttemptAt: NOW,
      ...given,
    };
    await enqueueAll(db, [effect]);
    return effect.id;
  };
  const deliver = (more: Partial<Parameters<typeof deliverDue>[2]> = {}) =>
    deliverDue(world.app, senders, { now: world.now(), batch: 50, ...more });
  const admin = () => world.as(person('ann', 'admin'));
  const list = async (state?: 'waiting' | 'sent' | 'failed') =>
    (
      await listDeliveries(admin(), {
        params: undefined,
        query: { limit: 50, ...(state === undefined ? {} : { state }) },
        body: undefined,
      })
    ).items;
  const only = async () => {
    const [item, ...others] = await list();
    expect(others).toEqual([]);
    if (item === undefined) throw new Error('nothing is in the outbox');
    return item;
  };
  const inMs = async () => Date.parse((await only()).nextAttemptAt ?? '') - world.now();

  test('delivers a mail once, as text and HTML, with the reason and the link', async () => {
    const id = await promise();
    expect(await deliver()).toBe(1);
    expect(await deliver()).toBe(0);
    expect(mail.mails).toHaveLength(1);
    const [sent] = mail.mails;
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
    expect(await only()).toEqual({
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
    });
  });

  test('puts the mails of one episode into one thread', async () => {
    await promise();
    await promise({}, { kind: 'waiting' });
    await promise({}, { episodeId: null, kind: 'early' });
    await deliver();
    const threads = mail.mails.map(({ headers }) => headers.get('references')).sort();
    const episode = `<episode-${EPISODE}@baton.acme.example>`;
    expect(threads).toEqual([
      '<contact-99999999-2222-4333-8444-555555555555@baton.acme.example>',
      episode,
      episode,
    ]);
    for (const { headers } of mail.mails) expect(headers.get('in-reply-to')).toBe(headers.get('references'));
  });

  test('promises a message once, however often it is promised under the same id', async () => {
    const id = await promise();
    await promise({ id });
    await deliver();
    await promise({ id });
    await deliver();
    expect(mail.mails).toHaveLength(1);
  });

  test('sends nothing that was rolled back', async () => {
    const work = db.transaction(async sql => {
      await enqueueAll(sql, [
        {
          id: randomUUID(),
          channel: 'email',
          recipient: 'bob@baton.example',
          subject: 'x',
          payload: PAYLOAD,
          createdAt: NOW,
          nextAttemptAt: NOW,
        },
      ]);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await deliver()).toBe(0);
  });

  test('sends nothing before its time', async () => {
    await promise({ nextAttemptAt: NOW + 1 });
    expect(await deliver()).toBe(0);
    world.setNow(NOW + 1);
    expect(await deliver()).toBe(1);
  });

  test('repeats a mail refused for now under the same Message-ID, and then leaves it', async () => {
    const id = await promise();
    mail.answer = () => 450;
    await deliver();
    expect(await only()).toMatchObject({ state: 'waiting', attempts: 1, sentAt: null });
    expect((await only()).lastError).toContain('450');
    expect(await inMs()).toBe(10_000);
    mail.answer = () => 250;
    expect(await deliver()).toBe(0);
    world.setNow(NOW + 10_000);
    expect(await deliver()).toBe(1);
    expect(mail.mails.map(({ headers }) => headers.get('message-id'))).toEqual([
      `<${id}@baton.acme.example>`,
    ]);
    expect(await only()).toMatchObject({ state: 'sent', attempts: 2, lastError: null });
  });

  test('waits longer after each failure and gives up at last', async () => {
    await promise();
    mail.answer = () => 450;
    const waits: number[] = [];
    for (let attempt = 0; attempt < RETRY_AFTER_MS.length; attempt++) {
      await deliver();
      waits.push(await inMs());
      world.setNow(world.now() + (waits.at(-1) ?? 0));
    }
    expect(waits).toEqual([...RETRY_AFTER_MS]);
    await deliver();
    expect(await only()).toMatchObject({ state: 'failed', attempts: 9, nextAttemptAt: null });
    world.setNow(world.now() + 30 * DAY);
    expect(await deliver()).toBe(0);
  });

  test('fails a mail refused for good at once, and shows the answer', async () => {
    await promise();
    mail.answer = () => 550;
    await deliver();
    expect(await only()).toMatchObject({ state: 'failed', attempts: 1, nextAttemptAt: null });
    expect((await only()).lastError).toContain('550');
  });

  test('fails a mail to what is no address at once', async () => {
    await promise({ recipient: 'nobody' });
    await promise({ recipient: 'a@x.example, b@x.example' });
    await deliver();
    expect(mail.mails.flatMap(({ to }) => to)).not.toContain('b@x.example');
    for (const { state } of await list()) expect(state).toBe('failed');
  });

  test('waits when the mail server cannot be reached', async () => {
    const away = openSenders(
      makeWorld(db, { now: NOW, environment: { SMTP_URL: 'smtp://127.0.0.1:1' } }).app,
      'https://baton.acme.example',
    );
    await promise();
    await deliverDue(world.app, away.senders, { now: NOW, batch: 50 });
    away.close();
    expect(await only()).toMatchObject({ state: 'waiting', attempts: 1 });
  });

  test('whoever dies while sending is followed by a second attempt under the same id, and by no third', async () => {
    const id = await promise();
    const claim = { channels: ['email'], now: NOW, leaseUntil: NOW + 120_000, limit: 50 };
    expect(await claimDue(db, claim)).toHaveLength(1);
    expect(await deliver()).toBe(0);
    world.setNow(NOW + 120_000);
    expect(await deliver()).toBe(1);
    world.setNow(NOW + DAY);
    expect(await deliver()).toBe(0);
    expect(mail.mails.map(({ headers }) => headers.get('message-id'))).toEqual([
      `<${id}@baton.acme.example>`,
    ]);
    expect(await only()).toMatchObject({ state: 'sent', attempts: 2 });
  });

  test('what was sent but not marked is sent again under the same id', async () => {
    const id = await promise();
    const dying: Senders = {
      ...senders,
      email: async (delivery, signal) => {
        await senders.email(delivery, signal);
        await db.script('alter table outbox rename to outbox_away');
        return { kind: 'sent' };
      },
    };
    const round = deliverDue(world.app, dying, { now: NOW, batch: 50, channels: ['email'] });
    await expect(round).rejects.toThrow();
    await db.script('alter table outbox_away rename to outbox');
    world.setNow(NOW + 120_000);
    await deliver();
    const message = `<${id}@baton.acme.example>`;
    expect(mail.mails.map(({ headers }) => headers.get('message-id'))).toEqual([message, message]);
    expect(await only()).toMatchObject({ state: 'sent', attempts: 2 });
  });

  test('a late mark of an attempt that another node has repeated changes nothing', async () => {
    await promise();
    let release = () => {};
    const slow: Senders = {
      ...senders,
      email: () =>
        new Promise(resolve => {
          release = () => resolve({ kind: 'refused', message: 'too late to matter' });
        }),
    };
    const round = deliverDue(world.app, slow, { now: NOW, batch: 50 });
    await expect.poll(async () => (await only()).attempts).toBe(1);
    world.setNow(NOW + 120_000);
    await deliver();
    release();
    await round;
    expect(await only()).toMatchObject({ state: 'sent', attempts: 2, lastError: null });
  });

  test('nodes that deliver at the same time share the work', async () => {
    for (let index = 0; index < 40; index++) await promise({ recipient: `r${index}@baton.example` });
    const counts = await Promise.all([1, 2, 3, 4].map(() => deliver({ batch: 10 })));
    expect(counts.reduce((sum, count) => sum + count)).toBe(40);
    expect(new Set(mail.mails.flatMap(({ to }) => to)).size).toBe(40);
    expect(mail.mails).toHaveLength(40);
  });

  test('takes the longest due first and no more than a batch', async () => {
    await promise({ recipient: 'second@baton.example', nextAttemptAt: NOW - 1 });
    await promise({ recipient: 'first@baton.example', nextAttemptAt: NOW - 2 });
    expect(await deliver({ batch: 1 })).toBe(1);
    expect(mail.mails.flatMap(({ to }) => to)).toEqual(['first@baton.example']);
  });

  test('one recipient that fails holds up its own messages, and does not use up their attempts', async () => {
    for (let index = 0; index < 5; index++) await promise({ recipient: 'busy@baton.example' });
    for (let index = 0; index < 5; index++) await promise({ recipient: `r${index}@baton.example` });
    mail.answer = recipient => (recipient === 'busy@baton.example' ? 450 : 250);
    await deliver();
    expect(await list('sent')).toHaveLength(5);
    const waiting = await list('waiting');
    expect(waiting.map(({ attempts }) => attempts).sort()).toEqual([0, 0, 0, 0, 1]);
    expect(new Set(waiting.map(({ nextAttemptAt }) => nextAttemptAt))).toEqual(
      new Set(['2026-03-15T10:00:10.000Z']),
    );
  });

  test('a recipient whose server keeps silent is given up after a time and holds up nobody else', async () => {
    for (let index = 0; index < 3; index++) await promise({ recipient: 'mute@baton.example' });
    for (let index = 0; index < 10; index++) await promise({ recipient: `r${index}@baton.example` });
    await promise({ channel: 'slack', recipient: 'slack' });
    mail.answer = recipient => (recipient === 'mute@baton.example' ? 'silence' : 250);
    let isOver = false;
    const round = deliver({ timeoutMs: 2000 }).finally(() => {
      isOver = true;
    });
    await expect.poll(() => list('sent'), { timeout: 1900 }).toHaveLength(11);
    expect(isOver).toBe(false);
    await round;
    expect(await list('waiting')).toHaveLength(3);
  });

  test('a Slack that keeps silent is given up after a time', async () => {
    await promise({ channel: 'slack', recipient: 'slack' });
    slack.answer = () => null;
    await deliver({ timeoutMs: 200 });
    expect(await only()).toMatchObject({ state: 'waiting', lastError: 'Slack could not be reached' });
  });

  test('posts to Slack what happened, with blocks and a text for notifications', async () => {
    await promise({ channel: 'slack', recipient: 'slack' });
    await deliver();
    expect(slack.posts).toHaveLength(1);
    const body = slack.posts[0]?.body;
    expect(body).toMatchObject({
      text: 'New lead: Ann Lee, Acme. Asked for a demo: Demo requested (+40).',
      unfurl_links: false,
    });
    expect(JSON.stringify(body)).toContain(
      '<https://baton.acme.example/contacts/99999999-2222-4333-8444-555555555555|Open the lead>',
    );
    expect(await only()).toMatchObject({ state: 'sent' });
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
    await promise({ channel: 'slack', recipient: 'slack' });
    slack.answer = () => ({ status, body });
    await deliver();
    expect(await only()).toMatchObject({ state, attempts: 1 });
    expect((await only()).lastError).toBe(`Slack answered ${status}: ${body}`.trim());
    expect(slack.posts).toHaveLength(1);
  });

  test.each([
    { header: '120', waitMs: 2 * MINUTE },
    { header: '3', waitMs: 10_000 },
    { header: new Date(NOW + HOUR).toUTCString(), waitMs: HOUR },
    { header: '99999999', waitMs: DAY },
    { header: 'soon', waitMs: 10_000 },
  ])('waits $waitMs ms when Slack asks for $header', async ({ header, waitMs }) => {
    await promise({ channel: 'slack', recipient: 'slack' });
    slack.answer = () => ({ status: 429, headers: { 'retry-after': header } });
    await deliver();
    expect(await inMs()).toBe(waitMs);
  });

  test('keeps the address of the Slack webhook, a secret, out of every error', async () => {
    await promise({ channel: 'slack', recipient: 'slack' });
    const away = openSenders(
      makeWorld(db, { now: NOW, environment: { SLACK_WEBHOOK_URL: 'http://127.0.0.1:1/secret' } }).app,
      'https://baton.acme.example',
    );
    await deliverDue(world.app, away.senders, { now: NOW, batch: 50 });
    expect(await only()).toMatchObject({ state: 'waiting', lastError: 'Slack could not be reached' });
  });

  test('a hostile name adds no header, no markup and no mention', async () => {
    const name = '<b>Ann</b>\r\nBcc: all@baton.example\r\n\r\n<!channel>';
    await promise({}, { lead: { ...PAYLOAD.lead, name } });
    await promise({ subject: `raw ${name}`, recipient: 'two@baton.example' });
    await promise({ channel: 'slack', recipient: 'slack' }, { lead: { ...PAYLOAD.lead, name } });
    await deliver();
    expect(mail.mails).toHaveLength(2);
    for (const { headers, to } of mail.mails) {
      expect(headers.has('bcc')).toBe(false);
      expect(to).toHaveLength(1);
    }
    const first = mail.mails.find(({ to }) => to.includes('bob@baton.example'));
    expect(first?.headers.get('subject')).toContain('<b>Ann</b> Bcc: all@baton.example');
    expect(first?.parts.get('text/html')).toContain('&lt;b&gt;Ann&lt;/b&gt;');
    expect(first?.parts.get('text/html')).not.toContain('<b>');
    expect(JSON.stringify(slack.posts)).not.toContain('<!channel>');
    expect(JSON.stringify(slack.posts)).toContain('&lt;!channel&gt;');
  });

  test('shows an alert in the app to its person at once', async () => {
    await addUser(db, { name: 'Bob Ray' });
    const alertId = await addAlert(db, { userId: 'bob', at: NOW });
    await promise({ channel: 'in_app', recipient: 'bob' }, { alertId });
    await deliver();
    expect(world.published).toEqual([
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
          },
        },
      },
    ]);
    expect(await only()).toMatchObject({ state: 'sent', to: 'Bob Ray' });
  });

  test.each([null, 'not an id', randomUUID()])(
    'fails an alert in the app that is not there: %j',
    async alertId => {
      await promise({ channel: 'in_app', recipient: 'bob' }, { alertId });
      await deliver();
      expect(await only()).toMatchObject({ state: 'failed', lastError: 'the alert is gone' });
    },
  );

  test('fails what has no sender, saying which setting is missing', async () => {
    const bare = openSenders(makeWorld(db, { now: NOW }).app, 'https://baton.acme.example');
    await promise();
    await promise({ channel: 'slack', recipient: 'slack' });
    await promise({ channel: 'webhook', recipient: 'https://hooks.example' });
    await deliverDue(world.app, bare.senders, { now: NOW, batch: 50 });
    expect((await list('failed')).map(({ lastError }) => lastError).sort()).toEqual([
      'no Slack webhook is set up (SLACK_WEBHOOK_URL)',
      'no mail server is set up (SMTP_URL)',
      'webhooks cannot be sent yet',
    ]);
  });

  test('a message that a sender chokes on does not stop the others', async () => {
    await promise({ recipient: 'choke@baton.example' });
    await promise({ recipient: 'fine@baton.example' });
    const choking: Senders = {
      ...senders,
      email: async (delivery, signal) => {
        if (delivery.recipient === 'choke@baton.example') throw new Error('cannot swallow');
        return senders.email(delivery, signal);
      },
    };
    await deliverDue(world.app, choking, { now: NOW, batch: 50 });
    expect(mail.mails.flatMap(({ to }) => to)).toEqual(['fine@baton.example']);
    expect(await list('waiting')).toMatchObject([{ lastError: 'cannot swallow' }]);
  });

  test('fails a message whose stored content cannot be read', async () => {
    const id = await promise();
    await db.run({ name: '', text: `update outbox set payload = '{}' where id = $1` }, [id]);
    await deliver();
    expect(await only()).toMatchObject({
      state: 'failed',
      lastError: 'the message as stored cannot be read',
    });
  });

  test('a failed message is sent again when somebody asks for it', async () => {
    const id = await promise();
    mail.answer = () => 550;
    await deliver();
    mail.answer = () => 250;
    const retry = (which: string) =>
      retryDelivery(admin(), { params: { id: which }, query: undefined, body: undefined });
    expect(await retry(id)).toEqual({ ok: true });
    expect(await retry(id)).toEqual({ ok: true });
    expect(await only()).toMatchObject({ state: 'waiting', attempts: 0 });
    await deliver();
    expect(await only()).toMatchObject({ state: 'sent', attempts: 1 });
    for (const wrong of [id, randomUUID(), 'x'])
      await expect(retry(wrong)).rejects.toMatchObject({ status: 404 });
    await deliver();
    expect(mail.mails).toHaveLength(1);
  });

  test('lists messages newest first, page by page', async () => {
    for (let index = 0; index < 5; index++) await promise({ createdAt: NOW + index, subject: `s${index}` });
    const ask = (cursor?: string) =>
      listDeliveries(admin(), {
        params: undefined,
        query: { limit: 3, ...(cursor === undefined ? {} : { cursor }) },
        body: undefined,
      });
    const first = await ask();
    const second = await ask(first.nextCursor ?? '');
    expect([...first.items, ...second.items].map(({ subject }) => subject)).toEqual([
      's4',
      's3',
      's2',
      's1',
      's0',
    ]);
    expect(second.nextCursor).toBeNull();
  });

  describe('alerts in the app', () => {
    const ask = (
      query: { readonly unread?: boolean; readonly limit?: number; readonly cursor?: string } = {},
    ) =>
      listAlerts(world.as(person('bob')), {
        params: undefined,
        query: { unread: false, limit: 50, ...query },
        body: undefined,
      });
    const read = (ids?: string[]) =>
      markAlertsRead(world.as(person('bob')), {
        params: undefined,
        query: undefined,
        body: ids === undefined ? {} : { ids },
      });
    beforeEach(async () => {
      await addUser(db, { name: 'Bob Ray' });
      await addUser(db, { name: 'Ann Lee' });
    });

    test('are those of the person signed in, newest first, with the number unread', async () => {
      for (let index = 0; index < 5; index++)
        await addAlert(db, { userId: 'bob', at: NOW + index, text: `t${index}` });
      await addAlert(db, { userId: 'bob', at: NOW, text: 'read', readAt: NOW });
      await addAlert(db, { userId: 'ann', at: NOW, text: 'of Ann' });
      const first = await ask({ limit: 4 });
      const second = await ask({ limit: 4, cursor: first.nextCursor ?? '' });
      expect(first.unread).toBe(5);
      expect([...first.items, ...second.items]).toHaveLength(6);
      expect(first.items.map(({ text }) => text)).toEqual(['t4', 't3', 't2', 't1']);
      expect((await ask({ unread: true })).items).toHaveLength(5);
      const key = world.as({ id: null, name: 'a key', role: 'admin' });
      const query = { unread: false, limit: 50 };
      expect(await listAlerts(key, { params: undefined, query, body: undefined })).toEqual({
        items: [],
        nextCursor: null,
        unread: 0,
      });
    });

    test('are marked as read one by one or all, and never those of others', async () => {
      const mine = await addAlert(db, { userId: 'bob', at: NOW });
      await addAlert(db, { userId: 'bob', at: NOW });
      const other = await addAlert(db, { userId: 'ann', at: NOW });
      await read([mine, other, 'nonsense']);
      expect((await ask()).unread).toBe(1);
      expect((await ask()).items.find(({ id }) => id === mine)?.readAt).toBe('2026-03-15T10:00:00.000Z');
      await read([]);
      expect((await ask()).unread).toBe(1);
      await read();
      expect((await ask()).unread).toBe(0);
      const ofAnn = await listAlerts(world.as(person('ann')), {
        params: undefined,
        query: { unread: true, limit: 50 },
        body: undefined,
      });
      expect(ofAnn.unread).toBe(1);
    });
  });
});
