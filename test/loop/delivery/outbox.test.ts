import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { formatRecipient } from '../../../src/core/delivery/recipient.ts';
import { RETRY_AFTER_MS } from '../../../src/core/delivery/retry.ts';
import type { Database } from '../../../src/db/database.ts';
import { claimDue, enqueueAll } from '../../../src/db/delivery/outbox.ts';
import type { Senders } from '../../../src/loop/delivery/delivery.ts';
import { deliverDue } from '../../../src/loop/delivery/outbox.ts';
import { listDeliveries, retryDelivery } from '../../../src/server/api/delivery.ts';
import { DRIVERS } from '../../db/opened.ts';
import { openPost, PAYLOAD, type Post } from '../../world/post.ts';
import { clear, DAY } from '../../world/seed.ts';

const NOW = Date.UTC(2026, 2, 15, 10);

describe.each(DRIVERS)('the outbox on $name', ({ open }) => {
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

  test('promises a message once, however often it is promised under the same id', async () => {
    const id = await post.promise();
    await post.promise({ id });
    await post.deliver();
    await post.promise({ id });
    await post.deliver();
    expect(post.mail.mails).toHaveLength(1);
  });

  test('sends nothing that was rolled back', async () => {
    const work = db.transaction(async sql => {
      await enqueueAll(sql, [
        {
          id: randomUUID(),
          recipient: { kind: 'address', address: 'bob@baton.example' },
          subject: 'x',
          payload: PAYLOAD,
          createdAt: NOW,
          nextAttemptAt: NOW,
        },
      ]);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await post.deliver()).toBe(0);
  });

  test('sends nothing before its time', async () => {
    await post.promise({ nextAttemptAt: NOW + 1 });
    expect(await post.deliver()).toBe(0);
    post.world.setNow(NOW + 1);
    expect(await post.deliver()).toBe(1);
  });

  test('repeats a mail refused for now under the same Message-ID, and then leaves it', async () => {
    const id = await post.promise();
    post.mail.answer = () => 450;
    await post.deliver();
    expect(await post.only()).toMatchObject({ state: 'waiting', attempts: 1, sentAt: null });
    expect((await post.only()).lastError).toContain('450');
    expect(await post.inMs()).toBe(10_000);
    post.mail.answer = () => 250;
    expect(await post.deliver()).toBe(0);
    post.world.setNow(NOW + 10_000);
    expect(await post.deliver()).toBe(1);
    expect(post.mail.mails.map(({ headers }) => headers.get('message-id'))).toEqual([
      `<${id}@baton.acme.example>`,
    ]);
    expect(await post.only()).toMatchObject({ state: 'sent', attempts: 2, lastError: null });
  });

  test('waits longer after each failure and gives up at last', async () => {
    await post.promise();
    post.mail.answer = () => 450;
    const waits: number[] = [];
    for (let attempt = 0; attempt < RETRY_AFTER_MS.length; attempt++) {
      await post.deliver();
      waits.push(await post.inMs());
      post.world.setNow(post.world.now() + (waits.at(-1) ?? 0));
    }
    expect(waits).toEqual([...RETRY_AFTER_MS]);
    await post.deliver();
    expect(await post.only()).toMatchObject({ state: 'failed', attempts: 9, nextAttemptAt: null });
    post.world.setNow(post.world.now() + 30 * DAY);
    expect(await post.deliver()).toBe(0);
  });

  test('whoever dies while sending is followed by a second attempt under the same id, and by no third', async () => {
    const id = await post.promise();
    const claim = { channels: ['email'], now: NOW, leaseUntil: NOW + 60_000, limit: 50 };
    expect(await claimDue(db, claim)).toHaveLength(1);
    expect(await post.deliver()).toBe(0);
    post.world.setNow(NOW + 60_000);
    expect(await post.deliver()).toBe(1);
    post.world.setNow(NOW + DAY);
    expect(await post.deliver()).toBe(0);
    expect(post.mail.mails.map(({ headers }) => headers.get('message-id'))).toEqual([
      `<${id}@baton.acme.example>`,
    ]);
    expect(await post.only()).toMatchObject({ state: 'sent', attempts: 2 });
  });

  test('what was sent but not marked is sent again under the same id', async () => {
    const id = await post.promise();
    const dying: Senders = {
      ...post.senders,
      email: async (delivery, signal) => {
        await post.senders.email(delivery, signal);
        await db.script('alter table outbox rename to outbox_away');
        return { kind: 'sent' };
      },
    };
    const round = deliverDue(post.world.app, dying, { now: NOW, batch: 50, channels: ['email'] });
    await expect(round).rejects.toThrow();
    await db.script('alter table outbox_away rename to outbox');
    post.world.setNow(NOW + 60_000);
    await post.deliver();
    const message = `<${id}@baton.acme.example>`;
    expect(post.mail.mails.map(({ headers }) => headers.get('message-id'))).toEqual([message, message]);
    expect(await post.only()).toMatchObject({ state: 'sent', attempts: 2 });
  });

  test('a late mark of an attempt that another node has repeated changes nothing', async () => {
    await post.promise();
    let release = () => {};
    const slow: Senders = {
      ...post.senders,
      email: () =>
        new Promise(resolve => {
          release = () => resolve({ kind: 'refused', message: 'too late to matter' });
        }),
    };
    const round = deliverDue(post.world.app, slow, { now: NOW, batch: 50 });
    await expect.poll(async () => (await post.only()).attempts).toBe(1);
    post.world.setNow(NOW + 60_000);
    post.mail.answer = () => 450;
    await post.deliver();
    release();
    await round;
    expect(await post.only()).toMatchObject({ state: 'waiting', attempts: 2 });
    expect((await post.only()).lastError).toContain('450');
  });

  test('nodes that deliver at the same time share the work', async () => {
    for (let index = 0; index < 40; index++) await post.promise({ recipient: `r${index}@baton.example` });
    const counts = await Promise.all([1, 2, 3, 4].map(() => post.deliver({ batch: 10 })));
    expect(counts.reduce((sum, count) => sum + count)).toBe(40);
    expect(new Set(post.mail.mails.flatMap(({ to }) => to)).size).toBe(40);
    expect(post.mail.mails).toHaveLength(40);
  });

  test('takes the longest due first and no more than a batch', async () => {
    await post.promise({ recipient: 'second@baton.example', nextAttemptAt: NOW - 1 });
    await post.promise({ recipient: 'first@baton.example', nextAttemptAt: NOW - 2 });
    expect(await post.deliver({ batch: 1 })).toBe(1);
    expect(post.mail.mails.flatMap(({ to }) => to)).toEqual(['first@baton.example']);
  });

  test('one recipient that fails holds up its own messages, and does not use up their attempts', async () => {
    for (let index = 0; index < 5; index++) await post.promise({ recipient: 'busy@baton.example' });
    for (let index = 0; index < 5; index++) await post.promise({ recipient: `r${index}@baton.example` });
    post.mail.answer = recipient => (recipient === 'busy@baton.example' ? 450 : 250);
    await post.deliver();
    expect(await post.list('sent')).toHaveLength(5);
    const waiting = await post.list('waiting');
    expect(waiting.map(({ attempts }) => attempts).sort()).toEqual([0, 0, 0, 0, 1]);
    expect(new Set(waiting.map(({ nextAttemptAt }) => nextAttemptAt))).toEqual(
      new Set(['2026-03-15T10:00:10.000Z']),
    );
  });

  test('a recipient whose server keeps silent is given up after a time and holds up nobody else', async () => {
    for (let index = 0; index < 3; index++) await post.promise({ recipient: 'mute@baton.example' });
    for (let index = 0; index < 10; index++) await post.promise({ recipient: `r${index}@baton.example` });
    await post.promise({ channel: 'slack', recipient: 'slack' });
    post.mail.answer = recipient => (recipient === 'mute@baton.example' ? 'silence' : 250);
    let isOver = false;
    const round = post.deliver({ timeoutMs: 2000 }).finally(() => {
      isOver = true;
    });
    await expect.poll(() => post.list('sent'), { timeout: 1900 }).toHaveLength(11);
    expect(isOver).toBe(false);
    await round;
    expect(await post.list('waiting')).toHaveLength(3);
  });

  test('a message that a sender chokes on does not stop the others', async () => {
    await post.promise({ recipient: 'choke@baton.example' });
    await post.promise({ recipient: 'fine@baton.example' });
    const choking: Senders = {
      ...post.senders,
      email: async (delivery, signal) => {
        if (formatRecipient(delivery.recipient) === 'choke@baton.example') throw new Error('cannot swallow');
        return post.senders.email(delivery, signal);
      },
    };
    await deliverDue(post.world.app, choking, { now: NOW, batch: 50 });
    expect(post.mail.mails.flatMap(({ to }) => to)).toEqual(['fine@baton.example']);
    expect(await post.list('waiting')).toMatchObject([{ lastError: 'cannot swallow' }]);
  });

  test('fails a message whose stored content cannot be read', async () => {
    const id = await post.promise();
    await db.run({ name: '', text: `update outbox set payload = '{}' where id = $1` }, [id]);
    await post.deliver();
    expect(await post.only()).toMatchObject({
      state: 'failed',
      lastError: 'the message as stored cannot be read',
    });
  });

  test('a failed message is sent again when somebody asks for it', async () => {
    const id = await post.promise();
    post.mail.answer = () => 550;
    await post.deliver();
    post.mail.answer = () => 250;
    const retry = (which: string) =>
      retryDelivery(post.admin(), { params: { id: which }, query: undefined, body: undefined });
    expect(await retry(id)).toEqual({ ok: true, id });
    expect(await retry(id)).toEqual({ ok: true, id });
    expect(await post.only()).toMatchObject({ state: 'waiting', attempts: 1 });
    await post.deliver();
    expect(await post.only()).toMatchObject({ state: 'sent', attempts: 2 });
    for (const wrong of [randomUUID(), 'x'])
      await expect(retry(wrong)).rejects.toMatchObject({ status: 404 });
    await post.deliver();
    expect(post.mail.mails).toHaveLength(1);
  });

  test('lists messages newest first, page by page', async () => {
    for (let index = 0; index < 5; index++)
      await post.promise({ createdAt: NOW + index, subject: `s${index}` });
    const ask = (cursor?: string) =>
      listDeliveries(post.admin(), {
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
});
