import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { findBreaches } from '../../src/loop/report/conservation.ts';
import { describeOnPostgres } from '../db/opened.ts';
import { type MailPeer, openMailPeer, openSlackPeer, type SlackPeer } from '../world/peer.ts';
import { ensureBuilt, startBaton } from '../world/process.ts';
import { AGREEMENT } from './agreement.ts';

const KEYS = { BATON_WRITE_KEY: 'server-write-key-0001', BATON_ADMIN_KEY: 'admin-api-key-000001' };
const KILLS = Number(process.env.BATON_KILLS ?? '8');
const CLIENTS = 6;
/** How long a server serves, in ms, before the next one is killed: from hardly started to well under way. */
const LIFE_MS: readonly [number, number] = [50, 700];

type Server = Awaited<ReturnType<typeof startBaton>>;

/** Two servers on one database; either can be killed and comes back. */
function openPair(args: readonly string[], environment: Readonly<Record<string, string>>) {
  const servers: [Server | null, Server | null] = [null, null];
  const start = async (index: 0 | 1) => {
    servers[index] = await startBaton(args, environment);
  };
  return {
    start,
    url: (index: number) => servers[index % 2]?.url ?? null,
    kill: async (index: 0 | 1) => {
      const victim = servers[index];
      servers[index] = null;
      victim?.child.kill('SIGKILL');
      expect(await victim?.ended).toBe('SIGKILL');
    },
    stop: async () => {
      for (const server of servers) server?.child.kill('SIGTERM');
      return Promise.all(servers.map(server => server?.ended));
    },
  };
}

/** The calls by which a stranger becomes a lead, in one batch or two. */
function callsOf(number: number): readonly (readonly object[])[] {
  const userId = `u${number}`;
  const known = {
    type: 'identify',
    messageId: `${userId}-1`,
    userId,
    anonymousId: `a-${userId}`,
    traits: { name: `Lead ${number}`, title: 'VP', email: `${userId}@firm${number % 9}.example` },
  };
  const demo = {
    type: 'track',
    messageId: `${userId}-2`,
    anonymousId: `a-${userId}`,
    event: 'Demo Requested',
  };
  return number % 2 === 0 ? [[known, demo]] : [[known], [demo]];
}

describeOnPostgres('two servers on one PostgreSQL', driver => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-kill-'));
  let db: Database;
  let mail: MailPeer;
  let slack: SlackPeer;
  beforeAll(async () => {
    ensureBuilt();
    db = await driver.open();
    [mail, slack] = await Promise.all([openMailPeer(), openSlackPeer()]);
  }, 150_000);
  afterAll(async () => {
    await Promise.all([db.close(), mail.close(), slack.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const rows = <Row>(text: string) => db.run<Row>({ name: '', text }, []);
  const count = async (text: string) =>
    (await rows<{ n: number }>(`select count(*) as n from ${text}`))[0]?.n ?? null;

  test(`either killed ${KILLS} times under load: no lead is lost or doubled, and every alert arrives`, {
    timeout: 60_000 + KILLS * 10_000,
  }, async () => {
    const [row] = await rows<{ readonly name: string }>('select current_database()::text as name');
    const url = new URL(process.env.DATABASE_URL ?? '');
    url.pathname = `/${row?.name}`;
    const agreement = join(folder, 'agreement.json');
    writeFileSync(agreement, JSON.stringify(AGREEMENT));
    const pair = openPair(['--agreement', agreement], {
      ...KEYS,
      DATABASE_URL: url.href,
      SMTP_URL: mail.url,
      SLACK_WEBHOOK_URL: slack.url,
    });
    await pair.start(0);
    await staff(pair.url(0) ?? '');
    await pair.start(1);
    const load = startLoad(pair.url);
    for (let kill = 0; kill < KILLS; kill++) {
      await setTimeout(LIFE_MS[0] + Math.random() * (LIFE_MS[1] - LIFE_MS[0]));
      const victim = Math.random() < 0.5 ? 0 : 1;
      await pair.kill(victim);
      // Now and then the other one dies before this one is back: nobody answers for a while.
      if (kill % 4 === 3) await pair.kill(victim === 0 ? 1 : 0);
      await pair.start(victim);
      if (pair.url(1 - victim) === null) await pair.start(victim === 0 ? 1 : 0);
    }
    const leads = await load.stop();
    expect(leads).toBeGreaterThan(KILLS * 2);
    await settle();
    expect(await pair.stop()).toEqual([0, 0]);

    expect(await count('contact where merged_into is null')).toBe(leads);
    expect(await count('event')).toBe(leads);
    expect(await count('episode')).toBe(leads);
    expect(await count('episode where owner_id is null or waiting_for is not null')).toBe(0);
    expect(
      await count(`episode e where 1 <> (select count(*) from task t where t.episode_id = e.id)
        or 1 <> (select count(*) from alert a where a.episode_id = e.id and a.user_id = e.owner_id)
        or 1 <> (select count(*) from outbox o where o.episode_id = e.id and o.channel = 'in_app')
        or 1 <> (select count(*) from outbox o where o.episode_id = e.id and o.channel = 'email')
        or 1 <> (select count(*) from outbox o where o.episode_id = e.id and o.channel = 'slack')`),
    ).toBe(0);
    expect(await count(`outbox where state <> 'sent'`)).toBe(0);
    // Each promise reached its peer under its own id; a repeat has the same id, by which receivers know it.
    const promised = await rows<{ id: string }>(`select id from outbox where channel = 'email' order by id`);
    const arrived = new Set(
      mail.mails.map(({ headers }) => (headers.get('message-id') ?? '').replace(/^<|@.*$/g, '')),
    );
    expect([...arrived].sort()).toEqual(promised.map(({ id }) => id));
    const posted = new Set(slack.posts.map(({ body }) => /Lead \d+/.exec(JSON.stringify(body))?.[0]));
    expect(posted.size).toBe(leads);
    const doubles = mail.mails.length - promised.length;
    expect(doubles).toBeLessThanOrEqual(KILLS * 2 * CLIENTS);
    expect(await findBreaches(db, Date.now())).toEqual([]);
  });

  /** Waits until everything promised is sent; what a killed server was sending is taken over when its lease ends. */
  async function settle(): Promise<void> {
    const waiting = () => count(`outbox where state = 'waiting'`);
    await expect
      .poll(() => count(`outbox where state = 'waiting' and next_attempt_at <= now()`), { timeout: 20_000 })
      .toBe(0);
    // The living have marked what they were sending; what is left is leased by the dead. The minute of the lease passes here.
    await setTimeout(500);
    await db.script(`update outbox set next_attempt_at = now() where state = 'waiting'`);
    await expect.poll(waiting, { timeout: 20_000 }).toBe(0);
  }
});

/** Clients that send new leads to either server and repeat, under the same message ids, what was not answered. */
function startLoad(url: (index: number) => string | null) {
  let leads = 0;
  let isOver = false;
  const send = async (batch: readonly object[], server: number): Promise<boolean> => {
    const to = url(server);
    if (to === null) return false;
    const answer = await fetch(`${to}/v1/batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEYS.BATON_WRITE_KEY}` },
      body: JSON.stringify({ batch }),
    }).catch(() => null);
    return answer?.status === 200;
  };
  const client = async () => {
    while (!isOver) {
      leads += 1;
      const number = leads;
      for (const batch of callsOf(number)) {
        let server = number;
        while (!(await send(batch, server))) {
          server += 1;
          await setTimeout(20);
        }
      }
    }
  };
  const clients = Array.from({ length: CLIENTS }, client);
  return {
    stop: async () => {
      isOver = true;
      await Promise.all(clients);
      return leads;
    },
  };
}

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
  const ann = await api('POST', 'users', { name: 'Ann Rep', email: 'ann@acme.example', role: 'rep' });
  const bob = await api('POST', 'users', { name: 'Bob Rep', email: 'bob@acme.example', role: 'rep' });
  const members = [ann, bob].map(({ user }) => ({ userId: user.id, weight: 1 }));
  await api('PUT', 'teams/sales', { label: 'Sales', members });
}
