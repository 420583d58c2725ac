import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Call } from '../../src/core/intake/call.ts';
import { readCall } from '../../src/core/intake/call.ts';
import type { Database } from '../../src/db/database.ts';
import { openPostgres } from '../../src/db/driver/postgres.ts';
import { makeApp } from '../../src/loop/app.ts';
import { acceptLead } from '../../src/loop/decision/decision.ts';
import { rejectLead } from '../../src/loop/decision/rejection.ts';
import { sweepDue } from '../../src/loop/evaluation/sweep.ts';
import { makeBatcher } from '../../src/loop/intake/batch.ts';
import { takeIn } from '../../src/loop/intake/intake.ts';
import { describeOnPostgres } from '../db/opened.ts';
import { begin, type Story } from './story.ts';

const NOW = Date.parse('2026-03-02T10:00:00Z');

/** A node: its own connections, its own batcher. */
function openNode(story: Story, db: Database) {
  const app = makeApp({ ...story.app, db });
  const failures: unknown[] = [];
  const batcher = makeBatcher(
    (calls: readonly Call[]) =>
      db.transaction(sql => takeIn(sql, app, calls, { now: NOW, batchId: null, opens: 'onCall' })),
    { lanes: db.kind === 'postgres' ? 3 : 1, onDone: () => {} },
  );
  return {
    app,
    failures,
    send: (raws: readonly Readonly<Record<string, unknown>>[]) => {
      const calls = raws.map(raw => {
        const { call } = readCall(raw, { receivedAt: NOW, trust: 'server', messageId: randomUUID() });
        if (call === null) throw new Error('this call cannot be used');
        return call;
      });
      return batcher.submit(calls).catch((error: unknown) => {
        failures.push(error);
        return 'failed' as const;
      });
    },
  };
}

const people = (count: number) =>
  Array.from({ length: count }, (_, index) => [
    { type: 'page', anonymousId: `a${index}`, messageId: `1-${index}` },
    {
      type: 'identify',
      anonymousId: `a${index}`,
      userId: `u${index}`,
      messageId: `2-${index}`,
      traits: { title: 'VP', email: `p${index}@firm${index % 5}.com` },
    },
    {
      type: 'identify',
      anonymousId: `b${index}`,
      messageId: `3-${index}`,
      traits: { email: `p${index}@firm${index % 5}.com` },
    },
    {
      type: 'group',
      userId: `u${index}`,
      groupId: `g${index % 5}`,
      messageId: `4-${index}`,
      traits: { industry: 'Software' },
    },
    { type: 'track', anonymousId: `b${index}`, event: 'Demo Requested', messageId: `5-${index}` },
    { type: 'alias', previousId: `c${index}`, userId: `u${index}`, messageId: `6-${index}` },
    { type: 'page', anonymousId: `c${index}`, messageId: `7-${index}` },
  ]);

function shuffled<Item>(items: readonly Item[], seed: number): readonly Item[] {
  let state = seed;
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state;
  };
  return items
    .map(item => ({ item, key: next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

describeOnPostgres('two nodes on one PostgreSQL', driver => {
  let db: Database;
  let other: Database;
  beforeAll(async () => {
    db = await driver.open();
    const [row] = await db.run<{ readonly name: string }>(
      { name: '', text: 'select current_database()::text as name' },
      [],
    );
    const url = new URL(process.env.DATABASE_URL ?? '');
    url.pathname = `/${row?.name}`;
    other = openPostgres(url.href, () => {});
  });
  afterAll(async () => {
    await other.close();
    await db.close();
  });

  test('the same calls, interleaved and repeated on both, make one contact a person and one episode', async () => {
    const count = 40;
    const story = await begin(db);
    story.at('2026-03-02T10:00:00Z');
    const nodes = [openNode(story, db), openNode(story, other)];
    const calls = people(count).flat();
    await Promise.all(
      nodes.flatMap((node, index) => {
        const order = shuffled(calls, index + 7);
        const parts = Array.from({ length: Math.ceil(order.length / 9) }, (_, part) =>
          order.slice(part * 9, part * 9 + 9),
        );
        return [...parts.map(node.send), ...parts.slice(0, 10).map(node.send)];
      }),
    );
    for (const node of nodes) expect(node.failures).toEqual([]);
    await story.tick();
    expect(await story.count('contact where merged_into is null')).toBe(count);
    expect(await story.count('event')).toBe(count * 3);
    expect(
      await story.count('event e join contact c on c.id = e.contact_id where c.merged_into is not null'),
    ).toBe(0);
    expect(await story.count('episode')).toBe(count);
    expect(await story.count('outbox')).toBe(count);
    for (const index of [0, 17, count - 1]) {
      const seen = await story.see(`u${index}`);
      expect((await story.see(`a${index}`)).id).toBe(seen.id);
      expect((await story.see(`b${index}`)).id).toBe(seen.id);
      expect((await story.see(`c${index}`)).id).toBe(seen.id);
      expect(seen).toMatchObject({ events: 3, stage: 'mql' });
    }
  });

  test('calls, sweeps and decisions at once lose no stage and show nobody a deadlock', async () => {
    const story = await begin(db);
    story.at('2026-03-02T10:00:00Z');
    const nodes = [openNode(story, db), openNode(story, other)];
    const count = 20;
    await nodes[0]?.send(people(count).flat());
    const ids = await Promise.all(Array.from({ length: count }, (_, index) => story.see(`u${index}`)));
    const noise = nodes.flatMap(node =>
      Array.from({ length: 30 }, (_, round) =>
        node.send(
          Array.from({ length: 10 }, (_, index) => ({
            type: 'page',
            userId: `u${(index + round) % count}`,
          })).concat([{ type: 'page', userId: `late${round}` }]),
        ),
      ),
    );
    const groups = nodes.flatMap(node =>
      Array.from({ length: 10 }, (_, round) =>
        node.send([
          { type: 'group', userId: `u${round}`, groupId: `g${round % 5}`, traits: { size: round } },
        ]),
      ),
    );
    const decisions = ids.map(({ episodes }, index) => {
      const id = episodes[0]?.id ?? '';
      const by = { actor: 'Ann', now: NOW };
      const { app } = nodes[index % 2] ?? nodes[0] ?? { app: story.app };
      return index % 2 === 0
        ? acceptLead(app, id, { note: null }, by)
        : rejectLead(app, id, { reason: 'timing', note: null }, by);
    });
    const sweeps = nodes.flatMap(({ app }) => Array.from({ length: 5 }, () => sweepDue(app, NOW + 1)));
    await Promise.all([...noise, ...groups, ...decisions, ...sweeps]);
    for (const node of nodes) expect(node.failures).toEqual([]);
    const after = await Promise.all(Array.from({ length: count }, (_, index) => story.see(`u${index}`)));
    after.forEach((seen, index) => {
      expect([index, seen.stage]).toEqual([index, index % 2 === 0 ? 'sql' : 'nurture']);
      expect(seen.episodes).toHaveLength(1);
    });
  });

  test('a node whose clock is behind does not hide what the other has taken in', async () => {
    const story = await begin(db);
    const identify = { type: 'identify', userId: 'u', traits: { title: 'VP' } };
    story.at('2026-03-02T10:00:05Z');
    await story.call([identify, { type: 'track', userId: 'u', event: 'Demo Requested' }]);
    story.at('2026-03-02T10:00:00Z');
    await story.call({ type: 'page', userId: 'u' });
    story.at('2026-03-02T10:00:06Z');
    await story.tick();
    expect(await story.see('u')).toMatchObject({ total: 70, stage: 'mql' });
    expect((await story.see('u')).episodes).toHaveLength(1);
  });
});
