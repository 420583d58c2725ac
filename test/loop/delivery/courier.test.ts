import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Channel } from '../../../src/core/alert/message.ts';
import { formatRecipient } from '../../../src/core/delivery/recipient.ts';
import type { Database } from '../../../src/db/database.ts';
import { purgeSent } from '../../../src/db/delivery/delivery.ts';
import { makeCourier } from '../../../src/loop/delivery/courier.ts';
import type { Sender, Senders } from '../../../src/loop/delivery/delivery.ts';
import { sweepFailing } from '../../../src/loop/delivery/failure.ts';
import { openSenders } from '../../../src/loop/delivery/sender.ts';
import {
  getDelivery,
  listChannels,
  listDeliveries,
  retryDelivery,
} from '../../../src/server/api/delivery.ts';
import { DRIVERS } from '../../db/opened.ts';
import { makeWorld } from '../../world/app.ts';
import { openPost, type Post } from '../../world/post.ts';
import { addContact, addUser, clear, DAY, HOUR } from '../../world/seed.ts';

const NOW = Date.UTC(2026, 2, 15, 10);
const MINUTE = 60_000;

const unreachable: Sender = async () => ({
  kind: 'failed',
  message: 'no route',
  retryAfterMs: null,
  isShared: true,
});

describe.each(DRIVERS)('a courier on $name', ({ open }) => {
  let db: Database;
  let post: Post;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clear(db);
    await addUser(db, { name: 'Ada', role: 'admin' });
    post = await openPost(db, NOW);
  });
  afterEach(() => post.close());

  const troubles = () =>
    db.run<{ reason: string; subject: string; closed_at: number | null }>(
      { name: '', text: 'select reason, subject, closed_at from exception order by opened_at, subject' },
      [],
    );
  const mails = async (state?: 'waiting' | 'sent' | 'failed') =>
    (await post.list(state)).filter(({ channel }) => channel === 'email');
  const withMail = (email: Sender): Senders => ({ ...post.senders, email });

  test('claims and sends on while a recipient keeps it waiting', async () => {
    await post.promise({ recipient: 'slow@baton.example' });
    let release = () => {};
    const senders = withMail(async (delivery, signal) => {
      if (formatRecipient(delivery.recipient) !== 'slow@baton.example')
        return post.senders.email(delivery, signal);
      await new Promise<void>(resolve => {
        release = resolve;
      });
      return { kind: 'sent' };
    });
    const courier = makeCourier(post.world.app, senders);
    expect(await courier.claim({ now: NOW, batch: 50 })).toBe(1);
    for (let index = 0; index < 10; index++) await post.promise({ recipient: `r${index}@baton.example` });
    expect(await courier.claim({ now: NOW, batch: 50 })).toBe(10);
    await expect.poll(() => mails('sent'), { timeout: 10_000 }).toHaveLength(10);
    release();
    await courier.settled();
    expect(await mails('sent')).toHaveLength(11);
  });

  test('claims no more for a recipient that has its hands full, and tells when it has room again', async () => {
    for (let index = 0; index < 40; index++) await post.promise({ recipient: 'slow@baton.example' });
    const waiting: (() => void)[] = [];
    const rooms: true[] = [];
    const senders = withMail(
      () => new Promise(resolve => void waiting.push(() => resolve({ kind: 'sent' }))),
    );
    const courier = makeCourier(post.world.app, senders, { onRoom: () => void rooms.push(true) });
    expect(await courier.claim({ now: NOW, batch: 25 })).toBe(25);
    await post.promise({ recipient: 'other@baton.example' });
    expect(await courier.claim({ now: NOW, batch: 25 })).toBe(1);
    expect(rooms).toEqual([]);
    for (let index = 0; index < 41; index++) {
      await expect.poll(() => waiting.length + rooms.length).toBeGreaterThan(0);
      waiting.shift()?.();
      if (rooms.length > 0) await courier.claim({ now: NOW, batch: 25 });
    }
    await courier.settled();
    expect(await mails('sent')).toHaveLength(41);
  });

  test('when it stops, what is being sent is finished and the rest goes back uncounted', async () => {
    for (let index = 0; index < 5; index++) await post.promise({ recipient: 'bob@baton.example' });
    const releases: (() => void)[] = [];
    const senders = withMail(async () => {
      await new Promise<void>(resolve => void releases.push(resolve));
      return { kind: 'sent' };
    });
    const courier = makeCourier(post.world.app, senders);
    await courier.claim({ now: NOW, batch: 50 });
    await expect.poll(() => releases.length).toBe(1);
    const stopped = courier.stop();
    releases[0]?.();
    await stopped;
    expect((await mails()).map(({ state, attempts }) => [state, attempts]).sort()).toEqual([
      ['sent', 1],
      ['waiting', 0],
      ['waiting', 0],
      ['waiting', 0],
      ['waiting', 0],
    ]);
    expect(await post.deliver()).toBe(4);
    expect(await courier.claim({ now: NOW, batch: 50 })).toBe(0);
  });

  test('a mail server away for a day: all wait together, one person is told once, and all arrive', async () => {
    const away = openSenders(
      makeWorld(db, { now: NOW, environment: { SMTP_URL: 'smtp://127.0.0.1:1' } }).app,
      'https://baton.acme.example',
    );
    for (let index = 0; index < 20; index++) await post.promise({ recipient: `r${index}@baton.example` });
    let attempts = 0;
    const counting = withMail(async (delivery, signal) => {
      attempts += 1;
      return away.senders.email(delivery, signal);
    });
    const courier = makeCourier(post.world.app, counting, { channels: ['email'] });
    for (let at = NOW; at < NOW + DAY; at += 15 * MINUTE) {
      post.world.setNow(at);
      await courier.claim({ now: at, batch: 50 });
      await courier.settled();
      await sweepFailing(post.world.app, at);
    }
    away.close();
    // Some fifty rounds of up to five connections at a time, where each mail alone would have made seven attempts.
    expect(attempts).toBeLessThan(50 * 5 + 20);
    expect((await mails('waiting')).length).toBe((await mails()).length);
    const told = await troubles();
    expect(told).toEqual([
      { reason: 'unreachable', subject: 'delivery email (mail server)', closed_at: null },
    ]);
    const health = await listChannels(post.admin(), { params: undefined, query: undefined, body: undefined });
    expect(health.items.find(({ channel }) => channel === 'email')?.failing).toMatchObject([
      { to: null, since: new Date(NOW).toISOString() },
    ]);
    post.world.setNow(NOW + DAY + HOUR);
    while ((await post.deliver({ channels: ['email'] })) > 0);
    expect((await mails('sent')).length).toBe((await mails()).length);
    expect((await troubles()).filter(({ closed_at: closedAt }) => closedAt === null)).toEqual([]);
  });

  test('a person is told once a way has failed for ten minutes, attempt or not, and once as long as it fails', async () => {
    await post.promise({ recipient: 'bob@baton.example' });
    const courier = makeCourier(post.world.app, withMail(unreachable), { channels: ['email'] });
    await courier.claim({ now: NOW, batch: 50 });
    await courier.settled();
    const told: number[] = [];
    for (const minutes of [9, 10, 11]) told.push(await sweepFailing(post.world.app, NOW + minutes * MINUTE));
    expect(told).toEqual([0, 1, 0]);
    expect(await troubles()).toEqual([
      { reason: 'unreachable', subject: 'delivery email (mail server)', closed_at: null },
    ]);
  });

  test('what waited for a way leaves as soon as one message got through', async () => {
    for (let index = 0; index < 9; index++) await post.promise({ recipient: `r${index}@baton.example` });
    const courier = makeCourier(post.world.app, withMail(unreachable), { channels: ['email'] });
    for (const minutes of [0, 1, 3, 9]) {
      post.world.setNow(NOW + minutes * MINUTE);
      await courier.claim({ now: NOW + minutes * MINUTE, batch: 50 });
      await courier.settled();
    }
    const later = NOW + 12 * MINUTE;
    post.world.setNow(later);
    expect(await post.deliver({ channels: ['email'] })).toBe(0);
    const [first] = await mails('waiting');
    await retryDelivery(post.admin(), { params: { id: first?.id ?? '' }, query: undefined, body: undefined });
    await post.deliver({ channels: ['email'] });
    await post.deliver({ channels: ['email'] });
    expect(await mails('waiting')).toEqual([]);
  });

  test('an attempt that a person asked for and that fails leaves the others where they were', async () => {
    for (let index = 0; index < 3; index++) await post.promise({ recipient: `r${index}@baton.example` });
    const courier = makeCourier(post.world.app, withMail(unreachable), { channels: ['email'] });
    const attempt = async (minutes: number) => {
      post.world.setNow(NOW + minutes * MINUTE);
      await courier.claim({ now: NOW + minutes * MINUTE, batch: 50 });
      await courier.settled();
    };
    for (const minutes of [0, 1, 3, 9]) await attempt(minutes);
    const dueAt = async () => new Set((await mails('waiting')).map(({ nextAttemptAt }) => nextAttemptAt));
    const before = await dueAt();
    const [first] = await mails('waiting');
    post.world.setNow(NOW + 12 * MINUTE);
    await retryDelivery(post.admin(), { params: { id: first?.id ?? '' }, query: undefined, body: undefined });
    await attempt(12);
    expect(await dueAt()).toEqual(before);
  });

  test('what waited longer than its schedule is given up and shown, all at once', async () => {
    for (let index = 0; index < 9; index++) await post.promise({ recipient: `r${index}@baton.example` });
    const courier = makeCourier(post.world.app, withMail(unreachable), { channels: ['email'] });
    const round = async (now: number) => {
      post.world.setNow(now);
      await courier.claim({ now, batch: 3 });
      await courier.settled();
    };
    await round(NOW);
    expect(await mails('failed')).toEqual([]);
    for (let at = NOW + 3 * DAY; at < NOW + 3 * DAY + 3 * HOUR; at += 10 * MINUTE) await round(at);
    expect((await mails('failed')).filter(({ to }) => to.startsWith('r'))).toHaveLength(9);
  });

  test('one mail that is refused now and then does not hold up what another person is sent', async () => {
    await post.promise({ recipient: 'full@baton.example' });
    await post.promise({ recipient: 'bob@baton.example' });
    post.mail.answer = recipient => (recipient === 'full@baton.example' ? 450 : 250);
    await post.deliver();
    await post.promise({ recipient: 'bob@baton.example' });
    await post.deliver();
    expect((await mails('sent')).map(({ to }) => to)).toEqual(['bob@baton.example', 'bob@baton.example']);
  });

  test('an address refused for good is one exception, which closes when a mail arrives there', async () => {
    post.mail.answer = recipient => (recipient === 'gone@baton.example' ? 550 : 250);
    await post.promise({ recipient: 'gone@baton.example' });
    await post.promise({ recipient: 'gone@baton.example' });
    await post.deliver();
    expect(await troubles()).toEqual([
      { reason: 'recipient_gone', subject: 'delivery email gone@baton.example', closed_at: null },
    ]);
    const [failed] = await mails('failed');
    post.mail.answer = () => 250;
    await retryDelivery(post.admin(), {
      params: { id: failed?.id ?? '' },
      query: undefined,
      body: undefined,
    });
    await post.deliver();
    expect(await troubles()).toMatchObject([{ closed_at: NOW }]);
  });

  test('shows a message with its words and every attempt, the latest first', async () => {
    const id = await post.promise();
    post.mail.answer = () => 450;
    await post.deliver();
    post.mail.answer = () => 250;
    post.world.setNow(NOW + MINUTE);
    await post.deliver();
    const shown = await getDelivery(post.admin(), { params: { id }, query: undefined, body: undefined });
    expect(shown.text).toContain('Ann Lee');
    expect(shown.tries).toMatchObject([
      { attempt: 2, outcome: 'sent', status: 250, error: null, at: new Date(NOW + MINUTE).toISOString() },
      { attempt: 1, outcome: 'failed', status: 450, response: null, at: new Date(NOW).toISOString() },
    ]);
    expect(shown.tries[1]?.error).toContain('450');
    for (const wrong of [randomUUID(), 'x'])
      await expect(
        getDelivery(post.admin(), { params: { id: wrong }, query: undefined, body: undefined }),
      ).rejects.toMatchObject({ status: 404 });
  });

  test('a mail that was sent is sent again as a new one, which says what it repeats', async () => {
    const id = await post.promise();
    await post.deliver();
    post.world.setNow(NOW + MINUTE);
    const again = await retryDelivery(post.admin(), { params: { id }, query: undefined, body: undefined });
    expect(again.id).not.toBe(id);
    await post.deliver();
    expect(await mails('sent')).toMatchObject([
      { id: again.id, repeats: id },
      { id, repeats: null },
    ]);
    expect(new Set(post.mail.mails.map(({ headers }) => headers.get('message-id'))).size).toBe(2);
  });

  test('mails that follow one about the same episode keep its subject', async () => {
    await post.promise();
    await post.promise({ createdAt: NOW + 1 }, { kind: 'reassigned' });
    await post.promise({ createdAt: NOW + 2, recipient: 'eve@baton.example' }, { kind: 'reassigned' });
    post.world.setNow(NOW + 2);
    await post.deliver();
    const subjects = post.mail.mails.map(({ to, headers }) => [to[0], headers.get('subject')]);
    const first = subjects.find(([to]) => to === 'bob@baton.example')?.[1];
    expect(subjects).toContainEqual(['bob@baton.example', `Re: ${first?.replace(/^Re: /, '')}`]);
    expect(subjects.find(([to]) => to === 'eve@baton.example')?.[1]).not.toMatch(/^Re: /);
  });

  test('finds messages by state, channel, words, contact and episode', async () => {
    const contactId = await addContact(db);
    const episodeId = randomUUID();
    await post.promise({ subject: 'Hello 100%' }, { contactId, episodeId });
    await post.promise({ channel: 'slack', recipient: 'slack', subject: 'Slack it' }, { contactId });
    await post.promise({ recipient: 'eve@baton.example', subject: 'Other' });
    await post.deliver({ channels: ['slack'] });
    const find = async (query: object) =>
      (
        await listDeliveries(post.admin(), {
          params: undefined,
          query: { limit: 50, ...query },
          body: undefined,
        })
      ).items
        .map(({ subject }) => subject)
        .sort();
    const channel: Channel = 'slack';
    expect(await find({ state: 'sent' })).toEqual(['Slack it']);
    expect(await find({ state: 'waiting' })).toEqual(['Hello 100%', 'Other']);
    expect(await find({ channel })).toEqual(['Slack it']);
    expect(await find({ q: 'EVE@' })).toEqual(['Other']);
    expect(await find({ q: '0%' })).toEqual(['Hello 100%']);
    expect(await find({ q: '_' })).toEqual([]);
    expect(await find({ contactId })).toEqual(['Hello 100%', 'Slack it']);
    expect(await find({ contactId, state: 'waiting' })).toEqual(['Hello 100%']);
    expect(await find({ episodeId })).toEqual(['Hello 100%']);
    expect(await find({ contactId: 'x' })).toEqual([]);
  });

  test('old messages that were sent are deleted with their attempts, and no others', async () => {
    const old = await post.promise();
    await post.deliver();
    post.mail.answer = () => 550;
    const failed = await post.promise({ createdAt: NOW + 1 });
    post.world.setNow(NOW + 1);
    await post.deliver();
    post.world.setNow(NOW + DAY);
    post.mail.answer = () => 250;
    const young = await post.promise({ createdAt: NOW + DAY });
    await post.deliver();
    expect(await purgeSent(db, NOW + HOUR, 100)).toBe(1);
    const left = (await mails()).map(({ id }) => id);
    expect(left).not.toContain(old);
    expect(left).toEqual(expect.arrayContaining([failed, young]));
    const attempts = await db.run<{ delivery_id: string }>(
      { name: '', text: 'select delivery_id from delivery_attempt' },
      [],
    );
    expect(attempts.map(({ delivery_id: id }) => id)).not.toContain(old);
  });
});
