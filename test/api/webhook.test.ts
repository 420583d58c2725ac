import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { HOOK_RETRY_AFTER_MS } from '../../src/core/delivery/retry.ts';
import type { Database } from '../../src/db/database.ts';
import { type HookEvent, promiseEvents } from '../../src/loop/alert/hook.ts';
import { isPublic } from '../../src/loop/delivery/address.ts';
import { deliverDue } from '../../src/loop/delivery/outbox.ts';
import { openSenders } from '../../src/loop/delivery/sender.ts';
import { getDelivery, listChannels, retryDeliveries, retryDelivery } from '../../src/server/api/delivery.ts';
import {
  createWebhook,
  deleteWebhook,
  enableWebhook,
  listWebhookDeliveries,
  listWebhooks,
  rotateWebhook,
  testWebhook,
  updateWebhook,
} from '../../src/server/api/webhook.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld, person, type World } from '../world/app.ts';
import { addUser, clear, DAY, HOUR } from '../world/seed.ts';

// The signature library reads the clock of the machine, so the app keeps to it.
const NOW = Math.floor(Date.now() / 1000) * 1000;

interface Got {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver of webhooks on a free port, which answers as it is told. */
async function openReceiver() {
  const got: Got[] = [];
  const receiver = { answer: (_got: Got, response: ServerResponse): void => void response.end('thanks') };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      const one = {
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      got.push(one);
      receiver.answer(one, response);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return Object.assign(receiver, {
    port,
    url: `http://127.0.0.1:${port}/hook`,
    got,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>(resolve => server.close(() => resolve()));
    },
  });
}

const FACT: HookEvent = {
  type: 'lead.handed_off',
  at: NOW,
  contactId: '99999999-2222-4333-8444-555555555555',
  episodeId: '11111111-2222-4333-8444-555555555555',
  data: { owner: 'Bob Ray', total: 87 },
};

describe.each(DRIVERS)('webhooks on $name', ({ open }) => {
  let db: Database;
  let world: World;
  let receiver: Awaited<ReturnType<typeof openReceiver>>;
  let senders: ReturnType<typeof openSenders>;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clear(db);
    await addUser(db, { name: 'Ada', role: 'admin' });
    receiver = await openReceiver();
    world = makeWorld(db, { now: NOW });
    senders = openSenders(world.app, 'https://baton.acme.example');
  });
  afterEach(async () => {
    senders.close();
    await receiver.close();
  });

  const admin = () => world.as(person('ada', 'admin'));
  const create = (more: Partial<Parameters<typeof createWebhook>[1]['body']> = {}) =>
    createWebhook(admin(), {
      params: undefined,
      query: undefined,
      body: { url: receiver.url, description: 'CRM', eventTypes: [], allowPrivate: true, ...more },
    });
  const tell = (...facts: readonly Partial<HookEvent>[]) =>
    db.transaction(sql =>
      promiseEvents(
        sql,
        (facts.length === 0 ? [{}] : facts).map(fact => ({ ...FACT, ...fact })),
      ),
    );
  const deliver = (timeoutMs?: number) =>
    deliverDue(world.app, senders.senders, {
      now: world.now(),
      batch: 50,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  const hooks = async () =>
    (await listWebhooks(admin(), { params: undefined, query: undefined, body: undefined })).items;
  const sentTo = async (id: string) =>
    (await listWebhookDeliveries(admin(), { params: { id }, query: { limit: 50 }, body: undefined })).items;
  const only = async (id: string) => {
    const [item, ...others] = await sentTo(id);
    expect(others).toEqual([]);
    if (item === undefined) throw new Error('nothing was promised');
    return item;
  };
  const open_ = async () =>
    db.run<{ reason: string; detail: string }>(
      { name: '', text: 'select reason, detail from exception where closed_at is null' },
      [],
    );
  const byId = (id: string) => ({ params: { id }, query: undefined, body: undefined });

  test('a fact is sent signed, as Standard Webhooks has it', async () => {
    const { secret, webhook } = await create();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    await tell();
    expect(await deliver()).toBe(1);
    const [got] = receiver.got;
    const { id } = await only(webhook.id);
    expect(got?.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': id });
    const headers = Object.fromEntries(
      Object.entries(got?.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
    expect(new Webhook(secret).verify(got?.body ?? '', headers)).toEqual({
      type: 'lead.handed_off',
      timestamp: new Date(NOW).toISOString(),
      data: { owner: 'Bob Ray', total: 87, contactId: FACT.contactId, episodeId: FACT.episodeId },
    });
    expect(() => new Webhook(secret).verify(`${got?.body} `, headers)).toThrow();
    expect(await only(webhook.id)).toMatchObject({
      state: 'sent',
      to: receiver.url,
      type: 'lead.handed_off',
      contactId: FACT.contactId,
    });
    const { tries, text } = await getDelivery(admin(), byId(id));
    expect(tries).toMatchObject([
      { attempt: 1, outcome: 'sent', status: 200, response: 'thanks', error: null },
    ]);
    expect(JSON.parse(text)).toMatchObject({ type: 'lead.handed_off' });
  });

  test('without a webhook nothing is promised, and each is told of what it asks for', async () => {
    await tell();
    const all = await create();
    const some = await create({ eventTypes: ['lead.accepted', 'lead.rejected'] });
    const off = await create();
    await updateWebhook(admin(), {
      params: { id: off.webhook.id },
      query: undefined,
      body: { enabled: false },
    });
    await tell({}, { type: 'lead.accepted' });
    expect((await sentTo(all.webhook.id)).map(({ type }) => type).sort()).toEqual([
      'lead.accepted',
      'lead.handed_off',
    ]);
    expect((await sentTo(some.webhook.id)).map(({ type }) => type)).toEqual(['lead.accepted']);
    expect(await sentTo(off.webhook.id)).toEqual([]);
  });

  test('what was rolled back is told to nobody', async () => {
    const { webhook } = await create();
    const work = db.transaction(async sql => {
      await promiseEvents(sql, [FACT]);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await sentTo(webhook.id)).toEqual([]);
  });

  test('repeats on the schedule of Standard Webhooks under one id, then gives up and tells a person', async () => {
    const { webhook } = await create({ eventTypes: ['lead.handed_off'] });
    await tell();
    receiver.answer = (_got, response) => void response.writeHead(500).end('down');
    const waits: number[] = [];
    for (let attempt = 0; attempt < HOOK_RETRY_AFTER_MS.length; attempt++) {
      await deliver();
      const next = (await only(webhook.id)).nextAttemptAt;
      waits.push(Date.parse(next ?? '') - world.now());
      expect(await open_()).toEqual([]);
      world.setNow(Date.parse(next ?? ''));
    }
    expect(waits).toEqual([...HOOK_RETRY_AFTER_MS]);
    await deliver();
    expect(await only(webhook.id)).toMatchObject({
      state: 'failed',
      attempts: 10,
      lastError: 'the webhook answered 500: down',
    });
    expect(new Set(receiver.got.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(receiver.got.map(({ body }) => body)).size).toBe(1);
    expect(new Set(receiver.got.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(10);
    expect(await open_()).toMatchObject([{ reason: 'gave_up' }]);
    expect((await hooks())[0]).toMatchObject({ enabled: true, failingSince: new Date(NOW).toISOString() });
  });

  test('what was given up is sent again on demand under the same id, and the exception closes', async () => {
    const { webhook } = await create({ eventTypes: ['lead.handed_off'] });
    await tell();
    const { id } = await only(webhook.id);
    await db.run({ name: '', text: 'update outbox set failures = 9' }, []);
    receiver.answer = (_got, response) => void response.writeHead(500).end();
    await deliver();
    expect(await open_()).toHaveLength(1);
    receiver.answer = (_got, response) => void response.end();
    expect(
      await retryDeliveries(admin(), { params: undefined, query: undefined, body: { state: 'failed' } }),
    ).toEqual({ count: 1 });
    world.setNow(NOW + HOUR);
    await deliver();
    expect(await only(webhook.id)).toMatchObject({ state: 'sent', attempts: 2 });
    expect(await open_()).toEqual([]);
    expect(await retryDelivery(admin(), byId(id))).toEqual({ ok: true, id });
    await deliver();
    expect(receiver.got.map(({ headers }) => headers['webhook-id'])).toEqual([id, id, id]);
  });

  test.each([301, 302, 307, 308])('a redirect %i is a failure and is not followed', async status => {
    const { webhook } = await create();
    await tell();
    receiver.answer = (_got, response) =>
      void response.writeHead(status, { location: `http://127.0.0.1:${receiver.port}/elsewhere` }).end();
    await deliver();
    expect(await only(webhook.id)).toMatchObject({
      state: 'waiting',
      lastError: `the webhook answered ${status}`,
    });
    expect(receiver.got.map(({ path }) => path)).toEqual(['/hook']);
  });

  test('a 410 switches the webhook off, fails what waits, and tells a person', async () => {
    const { webhook } = await create();
    await tell();
    await deliver();
    await tell({}, { type: 'lead.closed' });
    receiver.answer = (_got, response) => void response.writeHead(410).end();
    await deliver();
    const [hook] = await hooks();
    expect(hook).toMatchObject({ enabled: false, waiting: 0 });
    expect(hook?.disabledBecause).toContain('410');
    expect((await sentTo(webhook.id)).map(({ state }) => state).sort()).toEqual(['failed', 'failed', 'sent']);
    expect(await open_()).toMatchObject([{ reason: 'recipient_gone' }]);
    await tell();
    expect(await sentTo(webhook.id)).toHaveLength(3);
    const [failed] = await sentTo(webhook.id);
    await expect(retryDelivery(admin(), byId(failed?.id ?? ''))).rejects.toMatchObject({ status: 409 });
    expect(await enableWebhook(admin(), byId(webhook.id))).toMatchObject({
      enabled: true,
      disabledBecause: null,
    });
    expect(await open_()).toEqual([]);
  });

  test('after five deliveries in a row that were given up it is switched off', async () => {
    const { webhook } = await create();
    receiver.answer = (_got, response) => void response.writeHead(500).end();
    for (let round = 1; round <= 5; round++) {
      expect((await hooks())[0]?.enabled).toBe(true);
      await tell({ at: world.now() });
      await db.run({ name: '', text: `update outbox set failures = 9 where state = 'waiting'` }, []);
      await deliver();
      world.setNow(world.now() + HOUR);
    }
    expect(await hooks()).toMatchObject([{ enabled: false, id: webhook.id }]);
  });

  test.each([429, 503])('a %i with Retry-After is waited for, by all that goes there', async status => {
    const { webhook } = await create();
    await tell();
    receiver.answer = (_got, response) => void response.writeHead(status, { 'retry-after': '120' }).end();
    await deliver();
    expect(await only(webhook.id)).toMatchObject({ nextAttemptAt: new Date(NOW + 120_000).toISOString() });
    world.setNow(NOW + 60_000);
    await tell({ at: world.now(), type: 'lead.closed' });
    await deliver();
    expect(receiver.got).toHaveLength(1);
    receiver.answer = (_got, response) => void response.end();
    world.setNow(NOW + 120_000);
    await deliver();
    expect((await sentTo(webhook.id)).map(({ state, attempts }) => [state, attempts]).sort()).toEqual([
      ['sent', 1],
      ['sent', 2],
    ]);
  });

  test('one that answers too late is given up for now and delays no other', async () => {
    const slow = await create({ url: receiver.url.replace('/hook', '/slow') });
    const quick = await create();
    receiver.answer = ({ path }, response) => {
      if (path === '/hook') response.end();
      else setTimeout(() => response.end(), 5000).unref();
    };
    await tell();
    const round = deliver(1500);
    await expect.poll(async () => (await only(quick.webhook.id)).state, { timeout: 1000 }).toBe('sent');
    expect((await only(slow.webhook.id)).state).toBe('waiting');
    await round;
    expect(await only(slow.webhook.id)).toMatchObject({
      state: 'waiting',
      lastError: 'the webhook did not answer in time',
    });
  });

  test('of an answer of five megabytes a little is read and less is kept', async () => {
    const { webhook } = await create();
    await tell();
    let written = 0;
    receiver.answer = (_got, response) => {
      const block = Buffer.alloc(64 * 1024, 'x');
      const more = () => {
        while (written < 5_000_000 && !response.destroyed) {
          written += block.length;
          if (!response.write(block)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    };
    await deliver();
    const { id } = await only(webhook.id);
    const { tries } = await getDelivery(admin(), byId(id));
    expect(tries).toMatchObject([{ outcome: 'sent', status: 200 }]);
    expect(tries[0]?.response?.length).toBe(500);
    expect(written).toBeLessThan(5_000_000);
  });

  test('one that cannot be reached waits, and says so', async () => {
    const { webhook } = await create({ url: 'http://127.0.0.1:1/' });
    await tell();
    await deliver();
    expect((await only(webhook.id)).lastError).toContain('cannot be reached');
    const channels = await listChannels(admin(), { params: undefined, query: undefined, body: undefined });
    expect(channels.items.find(({ channel }) => channel === 'webhook')).toMatchObject({
      waiting: 1,
      failing: [{ to: 'http://127.0.0.1:1/', since: new Date(NOW).toISOString() }],
    });
  });

  test('for a day after a rotation the old secret verifies too, and then no longer', async () => {
    const first = await create();
    const { id } = first.webhook;
    const second = await rotateWebhook(admin(), byId(id));
    expect(second.secret).not.toBe(first.secret);
    expect(second.webhook.rotatesUntil).toBe(new Date(NOW + DAY).toISOString());
    await tell();
    await deliver();
    const headers = Object.fromEntries(
      Object.entries(receiver.got[0]?.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
    const body = receiver.got[0]?.body ?? '';
    for (const secret of [first.secret, second.secret])
      expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: 'lead.handed_off' });
    world.setNow(NOW + DAY);
    await tell({ at: NOW + DAY });
    await deliver();
    expect(String(receiver.got[1]?.headers['webhook-signature']).split(' ')).toHaveLength(1);
    expect(JSON.stringify(await hooks())).not.toContain('whsec_');
  });

  test('a name that leads to a private address is refused, also when it did not a moment ago', async () => {
    let answers = [{ address: '127.0.0.1', family: 4 }];
    const rebinding = openSenders(world.app, 'https://baton.acme.example', { resolve: async () => answers });
    const { webhook } = await create({
      url: `https://crm.acme.example:${receiver.port}/`,
      allowPrivate: false,
      eventTypes: ['lead.handed_off'],
    });
    const send = () => deliverDue(world.app, rebinding.senders, { now: world.now(), batch: 50 });
    for (const given of ['127.0.0.1', '10.1.2.3', '169.254.169.254', '::1', '::ffff:127.0.0.1']) {
      answers = [
        { address: '93.184.215.14', family: 4 },
        { address: given, family: given.includes(':') ? 6 : 4 },
      ];
      await tell({ at: world.now() });
      await send();
      world.setNow(world.now() + 1000);
    }
    rebinding.close();
    expect(receiver.got).toEqual([]);
    const failed = await sentTo(webhook.id);
    expect(failed.map(({ state }) => state)).toEqual(Array.from({ length: 5 }, () => 'failed'));
    expect(failed[0]?.lastError).toContain('which is not a public address');
    expect(await open_()).toMatchObject([{ reason: 'refused' }]);
  });

  test.each([
    'ftp://crm.acme.example/',
    'crm.acme.example',
    'http://crm.acme.example/',
    'https://user:secret@crm.acme.example/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://169.254.169.254/latest/meta-data',
    'https://',
  ])('the address %s is refused at once', async url => {
    await expect(create({ url, allowPrivate: false })).rejects.toMatchObject({ status: 422 });
    expect(await hooks()).toEqual([]);
  });

  test('a change that would lead into the own network is refused, and what is not given stays', async () => {
    const { webhook } = await create({ eventTypes: ['lead.closed'] });
    const change = (body: Parameters<typeof updateWebhook>[1]['body']) =>
      updateWebhook(admin(), { params: { id: webhook.id }, query: undefined, body });
    await expect(change({ allowPrivate: false })).rejects.toMatchObject({ status: 422 });
    expect(await change({ description: 'The CRM' })).toMatchObject({
      url: receiver.url,
      description: 'The CRM',
      eventTypes: ['lead.closed'],
      allowPrivate: true,
    });
  });

  test('two changes at once both stay', async () => {
    const { webhook } = await create({ description: 'Before' });
    const change = (body: Parameters<typeof updateWebhook>[1]['body']) =>
      updateWebhook(admin(), { params: { id: webhook.id }, query: undefined, body });
    await Promise.all([change({ description: 'After' }), change({ eventTypes: ['lead.closed'] })]);
    expect(await hooks()).toMatchObject([{ description: 'After', eventTypes: ['lead.closed'] }]);
  });

  test('each change is in the journal: who did what to which, and of its address the host alone', async () => {
    const { webhook } = await create({ url: `${receiver.url}/t0ken` });
    const { id } = webhook;
    const change = (body: Parameters<typeof updateWebhook>[1]['body']) =>
      updateWebhook(admin(), { params: { id }, query: undefined, body });
    await change({ description: 'Other', enabled: false });
    await change({ enabled: false });
    await enableWebhook(admin(), byId(id));
    await change({ enabled: true });
    await rotateWebhook(admin(), byId(id));
    receiver.answer = (_got, response) => void response.writeHead(410).end();
    await tell();
    await deliver();
    await deleteWebhook(admin(), byId(id));
    const rows = await db.run<{
      readonly kind: string;
      readonly actor: string;
      readonly particulars: object;
    }>({ name: '', text: 'select kind, actor, contact_id, particulars from journal order by id' }, []);
    const about = { webhook: id, host: new URL(receiver.url).host };
    const changed = { kind: 'webhook_changed', actor: 'ada', contact_id: null };
    expect(rows).toEqual([
      { ...changed, kind: 'webhook_added', particulars: about },
      { ...changed, particulars: { ...about, change: 'settings' } },
      { ...changed, particulars: { ...about, change: 'off' } },
      { ...changed, particulars: { ...about, change: 'on' } },
      { ...changed, particulars: { ...about, change: 'secret' } },
      { ...changed, actor: 'delivery', particulars: { ...about, change: 'off' } },
      { ...changed, kind: 'webhook_deleted', particulars: about },
    ]);
  });

  test('a change that fails on its way changes nothing', async () => {
    const { webhook } = await create({ description: 'Before' });
    const change = { params: { id: webhook.id }, query: undefined };
    await updateWebhook(admin(), { ...change, body: { enabled: false } });
    // The database refuses this name, where it is kept as that of the person who closed the exception.
    const nameless = world.as({ ...person('ada', 'admin'), name: 'A\u0000da' });
    await expect(
      updateWebhook(nameless, { ...change, body: { description: 'After', enabled: true } }),
    ).rejects.toThrow();
    expect(await hooks()).toMatchObject([{ description: 'Before', enabled: false }]);
  });

  test('a test is sent to a webhook that is off as well', async () => {
    const { webhook } = await create();
    await updateWebhook(admin(), { params: { id: webhook.id }, query: undefined, body: { enabled: false } });
    const { deliveryId } = await testWebhook(admin(), byId(webhook.id));
    await deliver();
    expect(JSON.parse(receiver.got[0]?.body ?? '')).toMatchObject({ type: 'webhook.test' });
    expect(await getDelivery(admin(), byId(deliveryId))).toMatchObject({
      state: 'sent',
      type: 'webhook.test',
    });
  });

  test('a deleted webhook is told nothing more, and what waited shows as failed', async () => {
    const { webhook } = await create();
    await tell();
    await deleteWebhook(admin(), byId(webhook.id));
    await tell();
    await deliver();
    expect(receiver.got).toEqual([]);
    expect(await hooks()).toEqual([]);
    await expect(sentTo(webhook.id)).rejects.toMatchObject({ status: 404 });
    const rows = await db.run<{ state: string; last_error: string }>(
      { name: '', text: 'select state, last_error from outbox' },
      [],
    );
    expect(rows).toEqual([{ state: 'failed', last_error: 'the webhook was deleted' }]);
  });
});

test.each([
  ['0.0.0.0', false],
  ['10.0.0.1', false],
  ['100.64.0.1', false],
  ['100.128.0.1', true],
  ['127.8.8.8', false],
  ['169.254.169.254', false],
  ['172.15.255.255', true],
  ['172.31.0.1', false],
  ['192.168.1.1', false],
  ['198.19.0.1', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['8.8.8.8', true],
  ['::', false],
  ['::1', false],
  ['::ffff:8.8.8.8', false],
  ['64:ff9b::7f00:1', false],
  ['fe80::1', false],
  ['fd00::1', false],
  ['ff02::1', false],
  ['2002:7f00:1::', false],
  ['2001::1', false],
  ['2001:db8::1', false],
  ['2606:4700::1111', true],
  ['crm.acme.example', false],
])('%s is a public address: %s', (address, expected) => {
  expect(isPublic(address)).toBe(expected);
});
