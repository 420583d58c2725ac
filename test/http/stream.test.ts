import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { StreamMessage } from '../../src/contract/stream.ts';
import type { Database } from '../../src/db/database.ts';
import { makeKey } from '../../src/loop/access/key.ts';
import { openSession } from '../../src/server/access/session.ts';
import { DRIVERS } from '../db/opened.ts';
import { clearPeople, type Started, startNode } from './started.ts';

const QUEUE: StreamMessage = { kind: 'queue' };

function alertOf(text: string): StreamMessage {
  const alert = {
    id: 'a',
    at: '2026-03-01T10:00:00.000Z',
    label: 'Pricing',
    text,
    contactId: 'c',
    episodeId: null,
  };
  return { kind: 'alert', alert: { ...alert, readAt: null } };
}

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  let node: Started;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clearPeople(db);
    node = await startNode(db);
  });
  afterEach(() => node.close());

  const listen = (to: Started, userId: string) => {
    const got: StreamMessage[] = [];
    const stop = to.app.hub.subscribe(userId, message => void got.push(message));
    return { got, stop };
  };
  /** Long enough for what should not come to have come. */
  const settle = () => new Promise(resolve => setTimeout(resolve, 300));

  describe('the hub', () => {
    test('tells everybody or one person, until they stop listening', async () => {
      const [ann, ben] = [listen(node, 'ann'), listen(node, 'ben')];
      node.app.hub.publish(null, QUEUE);
      node.app.hub.publish('ben', alertOf('Hello'));
      await vi.waitFor(() => expect(ann.got).toEqual([QUEUE]));
      expect(ben.got).toEqual([QUEUE, alertOf('Hello')]);
      ann.stop();
      node.app.hub.publish(null, QUEUE);
      await vi.waitFor(() => expect(ben.got).toHaveLength(3));
      expect(ann.got).toHaveLength(1);
    });

    test('says the same thing once, and of the demo only how far it is now', async () => {
      const { got } = listen(node, 'ann');
      for (let loaded = 1; loaded <= 50; loaded++) {
        node.app.hub.publish(null, { kind: 'contact', contactId: 'c1' });
        node.app.hub.publish(null, { kind: 'demo', loaded, total: 50 });
      }
      await vi.waitFor(() => expect(got).toHaveLength(2));
      await settle();
      expect(got).toEqual([
        { kind: 'contact', contactId: 'c1' },
        { kind: 'demo', loaded: 50, total: 50 },
      ]);
    });

    test('does not drown browsers in an import, and loses no alert over it', async () => {
      const { got } = listen(node, 'ann');
      for (let n = 0; n < 5_000; n++) node.app.hub.publish(null, { kind: 'contact', contactId: `c${n}` });
      node.app.hub.publish(null, QUEUE);
      node.app.hub.publish('ann', alertOf('Hello'));
      await settle();
      expect(got.length).toBeLessThan(500);
      expect(got.slice(-2)).toEqual([QUEUE, alertOf('Hello')]);
    });

    test.runIf(driver.name === 'postgres')(
      'tells other nodes, each message once, whatever its length',
      async () => {
        const other = await startNode(db);
        const [here, there] = [listen(node, 'ann'), listen(other, 'ann')];
        node.app.hub.publish('ann', alertOf('Short "quoted" \u2028 text'));
        for (let n = 0; n < 300; n++)
          node.app.hub.publish(null, { kind: 'contact', contactId: crypto.randomUUID() });
        await vi.waitFor(() => expect(there.got).toHaveLength(301));
        expect(there.got).toEqual(here.got);
        const long = alertOf('\u0007👩‍🔬"'.repeat(5_000));
        node.app.hub.publish('ann', long);
        await vi.waitFor(() => expect(there.got).toHaveLength(302));
        await settle();
        expect([here.got.length, there.got.length]).toEqual([302, 302]);
        expect(here.got[301]).toEqual(long);
        const arrived = JSON.stringify(there.got[301]);
        expect(arrived).toContain('…');
        // An unpaired half of a character, which JSON writes as an escape.
        expect(arrived).not.toMatch(/\\ud[89a-f]/i);
        expect(node.logged).toEqual([]);
        await other.close();
      },
    );
  });

  describe('the stream', () => {
    /** Reads a stream as a browser does, into the text that has come so far. */
    const open = async (headers: Record<string, string>, on: Started = node) => {
      const address = await on.server.listen({ port: 0, host: '127.0.0.1' });
      const answer = await fetch(`${address}/api/stream`, { headers });
      let text = '';
      const reading = (async () => {
        for await (const chunk of answer.body ?? []) text += Buffer.from(chunk).toString('utf8');
      })();
      return { answer, text: () => text, ended: reading };
    };

    test('is refused to nobody in particular', async () => {
      expect((await node.server.inject('/api/stream')).statusCode).toBe(401);
    });

    test('carries what is for the person, named by its kind', async () => {
      const insert = `insert into app_user (id, name, email, role) values ('ann', 'Ann', 'ann@example.com', 'rep')`;
      await db.run({ name: '', text: insert }, []);
      const cookie = (await openSession(node.app, 'ann')).split(';')[0] ?? '';
      const stream = await open({ cookie });
      expect(stream.answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
      await vi.waitFor(() => expect(stream.text()).toBe('retry: 2000\n\n'));
      node.app.hub.publish('ben', alertOf('For Ben'));
      node.app.hub.publish('ann', alertOf('Two\nlines\n\nevent: queue'));
      const data = JSON.stringify(alertOf('Two\nlines\n\nevent: queue'));
      await vi.waitFor(() => expect(stream.text()).toBe(`retry: 2000\n\nevent: alert\ndata: ${data}\n\n`));
      await node.server.close();
      await stream.ended;
    });

    test('ends when its key is revoked, at the next heartbeat', async () => {
      const brisk = await startNode(db, { heartbeatMs: 50 });
      const now = brisk.app.clock();
      const { key, secret } = await makeKey(
        brisk.app,
        { name: 'K', kind: 'api', role: 'rep' },
        { actor: 'a test', now },
      );
      const stream = await open({ authorization: `Bearer ${secret}` }, brisk);
      await vi.waitFor(() => expect(stream.text()).toContain('retry: 2000\n\n:\n\n:\n\n'));
      await db.run({ name: '', text: 'update access_key set revoked_at = now() where id = $1' }, [key.id]);
      brisk.move(5_000);
      await stream.ended;
      await brisk.close();
    });
  });
});
