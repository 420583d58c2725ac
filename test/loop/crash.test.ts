import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { openPglite } from '../../src/db/driver/pglite.ts';
import { DRIVERS } from '../db/opened.ts';
import { ensureBuilt, startBaton } from '../world/process.ts';
import { AGREEMENT } from './agreement.ts';

const KEYS = {
  BATON_WRITE_KEY: 'server-write-key-0001',
  BATON_ADMIN_KEY: 'admin-api-key-000001',
};
const LIVES = 3;
const IN_FLIGHT = 8;
const PEOPLE = 25;

/** A stream of numbered calls; each remembers whether it was acknowledged. */
function openStream() {
  const acknowledged = new Set<string>();
  let number = 0;
  const next = () => {
    number += 1;
    const messageId = `m${number}`;
    const userId = `u${number % PEOPLE}`;
    const kinds = [
      { type: 'identify', traits: { title: 'VP', email: `${userId}@acme.com` }, anonymousId: `a-${userId}` },
      { type: 'page' },
      { type: 'track', event: 'Demo Requested' },
      { type: 'page', anonymousId: `a-${userId}`, userId: undefined },
    ];
    return { userId, ...kinds[Math.floor(number / PEOPLE) % kinds.length], messageId };
  };
  /** Sends batches, several in flight, until the server is gone; what failed is sent again in the next life. */
  const run = async (url: string, again: object[][]): Promise<object[][]> => {
    const failed: object[][] = [];
    const worker = async () => {
      for (;;) {
        const batch = again.shift() ?? Array.from({ length: 1 + (number % 7) }, next);
        const answer = await fetch(`${url}/v1/batch`, {
          method: 'POST',
          headers: { authorization: `Bearer ${KEYS.BATON_WRITE_KEY}` },
          body: JSON.stringify({ batch }),
        }).catch(() => null);
        if (answer?.status !== 200) {
          failed.push(batch);
          return;
        }
        for (const call of batch)
          if ('messageId' in call && typeof call.messageId === 'string') acknowledged.add(call.messageId);
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
    return failed;
  };
  return { acknowledged, run };
}

describe.each(DRIVERS)('killed again and again on $name', driver => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-crash-'));
  const agreement = join(folder, 'agreement.json');
  let server: Database | null = null;
  beforeAll(async () => {
    ensureBuilt();
    writeFileSync(agreement, JSON.stringify(AGREEMENT));
    if (driver.name === 'postgres') server = await driver.open();
  }, 150_000);
  afterAll(async () => {
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const settings = async (): Promise<Record<string, string>> => {
    if (server === null) return { ...KEYS, BATON_DATA_DIR: join(folder, 'data') };
    const [row] = await server.run<{ readonly name: string }>(
      { name: '', text: 'select current_database()::text as name' },
      [],
    );
    const url = new URL(process.env.DATABASE_URL ?? '');
    url.pathname = `/${row?.name}`;
    return { ...KEYS, DATABASE_URL: url.href };
  };

  test('it keeps what it acknowledged, once, and hands each lead over once with its alerts', {
    timeout: 120_000,
  }, async () => {
    const environment = await settings();
    const stream = openStream();
    let again: object[][] = [];
    let size = 0;
    for (let life = 0; life < LIVES; life++) {
      const baton = await startBaton(['--agreement', agreement], environment);
      if (life === 0) await staff(baton.url);
      const streaming = stream.run(baton.url, again);
      await expect.poll(() => stream.acknowledged.size, { timeout: 30_000 }).toBeGreaterThan(size + 150);
      baton.child.kill('SIGKILL');
      expect(await baton.ended).toBe('SIGKILL');
      again = await streaming;
      size = stream.acknowledged.size;
    }
    const last = await startBaton([], environment);
    const sentAgain = await Promise.all(
      again.map(async batch => {
        const { status } = await fetch(`${last.url}/v1/batch`, {
          method: 'POST',
          headers: { authorization: `Bearer ${KEYS.BATON_WRITE_KEY}` },
          body: JSON.stringify({ batch }),
        });
        return status;
      }),
    );
    expect(new Set(sentAgain)).toEqual(new Set([200]));
    const report = await fetch(`${last.url}/api/contacts?limit=100`, {
      headers: { authorization: `Bearer ${KEYS.BATON_ADMIN_KEY}` },
    });
    expect(report.status).toBe(200);
    expect(JSON.stringify(await report.json()).match(/"stage":"mql"/g)).toHaveLength(PEOPLE);
    last.child.kill('SIGTERM');
    expect(await last.ended).toBe(0);

    const db = server ?? (await openPglite(join(folder, 'data', 'pgdata')));
    const one = async (text: string) => (await db.run<{ n: number }>({ name: '', text }, []))[0]?.n ?? null;
    const kept = await db.run<{ id: string }>({ name: '', text: 'select id from message' }, []);
    const ids = new Set(kept.map(({ id }) => id));
    expect([...stream.acknowledged].filter(id => !ids.has(id))).toEqual([]);
    const traces = await db.run<{ id: string; n: number }>(
      {
        name: '',
        text: `select m.id, (select count(*) from event e where e.message_id = m.id)
                 + (select count(*) from profile_fact f where f.message_id = m.id) as n from message m`,
      },
      [],
    );
    expect(traces.filter(({ n }) => n !== 1)).toEqual([]);
    expect(await one('select count(*) as n from contact where merged_into is null')).toBe(PEOPLE);
    expect(await one('select count(*) as n from episode')).toBe(PEOPLE);
    expect(await one('select count(*) as n from episode where owner_id is null')).toBe(0);
    expect(
      await one(
        `select count(*) as n from episode e where 1 <> (select count(*) from outbox o
           where o.payload->>'episodeId' = e.id::text) or 1 <> (select count(*) from alert a where a.episode_id = e.id)
           or 1 <> (select count(*) from task t where t.episode_id = e.id)`,
      ),
    ).toBe(0);
    if (server === null) await db.close();
  });
});

async function staff(url: string): Promise<void> {
  const api = async (method: string, path: string, body: object) => {
    const answer = await fetch(`${url}/api/${path}`, {
      method,
      headers: { authorization: `Bearer ${KEYS.BATON_ADMIN_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const made = await api('POST', 'users', { name: 'Ann Rep', email: 'ann@acme.example', role: 'rep' });
  await api('PUT', 'teams/sales', { label: 'Sales', members: [{ userId: made.user.id, weight: 1 }] });
}
