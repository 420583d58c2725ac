import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { countHandoffs, countSends } from '../../src/server/operation/metric.ts';
import { DRIVERS } from '../db/opened.ts';
import { clear } from '../world/seed.ts';
import { startNode } from './started.ts';

/** The value of a line of Prometheus text; null where there is none. */
const readingOf = (text: string, line: string) => {
  const found = text.split('\n').find(one => one.startsWith(`${line} `));
  return found === undefined ? null : Number(found.slice(line.length + 1));
};

describe.each(DRIVERS)('the metrics on $name', ({ open }) => {
  let db: Database;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clear(db);
    await db.script(`delete from worker; delete from setting where name = 'conservation'`);
  });

  test('tell what waits, what failed and what is lost, asked for at most every ten seconds', async () => {
    const node = await startNode(db);
    const metrics = async () => (await node.server.inject({ method: 'GET', url: '/metrics' })).body;
    try {
      const calm = await metrics();
      for (const line of [
        'baton_conservation_breaches{kind="unowned"}',
        'baton_exceptions_open{kind="unassigned"}',
        'baton_exceptions_overdue',
        'baton_outbox_waiting{channel="email"}',
        'baton_outbox_failed{channel="slack"}',
        'baton_outbox_oldest_seconds',
      ])
        expect([line, readingOf(calm, line)]).toEqual([line, 0]);
      expect(readingOf(calm, 'baton_database_up')).toBe(1);
      await db.script(`
        insert into outbox (id, channel, recipient, subject, payload, state, attempts, created_at, next_attempt_at)
        values (gen_random_uuid(), 'email', 'a', 's', '{}', 'waiting', 0, now() - interval '100 seconds', now()),
          (gen_random_uuid(), 'slack', 'b', 's', '{}', 'failed', 1, now(), null);
        insert into exception (id, kind, reason, subject, detail, particulars, opened_at, due_at)
        values (gen_random_uuid(), 'unassigned', 'team_full', 'x', '', '{}', now(), now() - interval '1 minute'),
          (gen_random_uuid(), 'delivery', 'gave_up', 'y', '', '{}', now(), now() + interval '1 hour');
        insert into worker (node, name, at, lag_ms) values ('n1', 'sweep', now(), 9000), ('n2', 'sweep', now(), 500);
        insert into setting (name, value) values ('conservation', '{"at": 1700000000000, "counts": {"unowned": 3}}')`);
      expect(readingOf(await metrics(), 'baton_exceptions_overdue')).toBe(0);
      node.move(10_000);
      const text = await metrics();
      expect(readingOf(text, 'baton_conservation_breaches{kind="unowned"}')).toBe(3);
      expect(readingOf(text, 'baton_conservation_breaches{kind="no_task"}')).toBe(0);
      expect(readingOf(text, 'baton_conservation_checked_timestamp_seconds')).toBe(1_700_000_000);
      expect(readingOf(text, 'baton_exceptions_open{kind="unassigned"}')).toBe(1);
      expect(readingOf(text, 'baton_exceptions_open{kind="delivery"}')).toBe(1);
      expect(readingOf(text, 'baton_exceptions_overdue')).toBe(1);
      expect(readingOf(text, 'baton_outbox_waiting{channel="email"}')).toBe(1);
      expect(readingOf(text, 'baton_outbox_failed{channel="slack"}')).toBe(1);
      expect(readingOf(text, 'baton_outbox_oldest_seconds')).toBeGreaterThan(100);
      // The node that is less behind does the work of both; ten seconds have passed for it, too.
      const lag = readingOf(text, 'baton_worker_lag_seconds{worker="sweep"}') ?? 0;
      expect(lag).toBeGreaterThan(0.4);
      expect(lag).toBeLessThan(15);
    } finally {
      await db.script('delete from outbox; delete from exception; delete from worker');
      await node.close();
    }
  });

  test('keep the last figures, and say so, while the database is away', async () => {
    let isAway = false;
    const failing: Database = {
      ...db,
      run: (statement, params) => (isAway ? Promise.reject(new Error('away')) : db.run(statement, params)),
    };
    const node = await startNode(failing);
    try {
      await node.server.inject({ method: 'GET', url: '/metrics' });
      isAway = true;
      node.move(10_000);
      const answer = await node.server.inject({ method: 'GET', url: '/metrics' });
      expect(answer.statusCode).toBe(200);
      expect(readingOf(answer.body, 'baton_database_up')).toBe(0);
      expect(readingOf(answer.body, 'baton_exceptions_overdue')).toBe(0);
    } finally {
      isAway = false;
      await node.close();
    }
  });

  test('count handoffs with how long they took, and attempts to send with what became of them', async () => {
    const node = await startNode(db);
    const metrics = async () => (await node.server.inject({ method: 'GET', url: '/metrics' })).body;
    try {
      const before = await metrics();
      const given = {
        kind: 'mql',
        contactId: 'c',
        agreementId: 'a',
        episodeId: 'e',
        isNew: true,
        ownerId: null,
        qualifiedAt: 0,
        handedOffAt: 1_000,
      } as const;
      countHandoffs({ contactIds: [], handoffs: [given] }, 1_030);
      const send = async () => ({ kind: 'sent' }) as const;
      const breaks = async () => {
        throw new Error('x');
      };
      const counted = countSends({ in_app: send, email: breaks, slack: send, webhook: send });
      const delivery = { id: 'd', recipient: 'r' };
      await Promise.all([
        Reflect.apply(counted.in_app, null, [delivery, AbortSignal.abort()]),
        Reflect.apply(counted.email, null, [delivery, AbortSignal.abort()]).catch(() => {}),
      ]);
      const after = await metrics();
      const grown = (line: string) => (readingOf(after, line) ?? 0) - (readingOf(before, line) ?? 0);
      expect(grown('baton_handoffs_total{kind="mql"}')).toBe(1);
      expect(grown('baton_handoff_latency_seconds_bucket{le="0.025"}')).toBe(0);
      expect(grown('baton_handoff_latency_seconds_bucket{le="0.05"}')).toBe(1);
      expect(grown('baton_alerts_total{channel="in_app",outcome="sent"}')).toBe(1);
      expect(grown('baton_alerts_total{channel="email",outcome="failed"}')).toBe(1);
    } finally {
      await node.close();
    }
  });
});
