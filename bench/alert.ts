import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { SMTPServer } from 'smtp-server';
import { buildWhereStale } from './build.ts';
import { ADMIN_KEY, KEY, type Server, sendAll, startServer } from './post.ts';
import type { Outcome } from './ratio.ts';
import { expectSame } from './same.ts';
import { inTurns, median } from './turn.ts';
import { count } from './word.ts';

interface Sizes {
  /** Calls a second, sent on time whether or not the earlier ones were answered. */
  readonly rate: number;
  readonly seconds: number;
  /** One call in so many makes a contact qualify. */
  readonly every: number;
  readonly rounds: number;
}

/** An agreement under which one request for a demo by anybody known qualifies. */
const AGREEMENT = {
  agreement: 1,
  name: 'Alert bench',
  scores: { fit: {}, intent: {} },
  rules: [
    { id: 'vp', label: 'VP', score: 'fit', points: 20, when: { 'contact.title': { hasWord: 'VP' } } },
    {
      id: 'demo',
      label: 'Asked for a demo',
      score: 'intent',
      points: 40,
      on: 'Demo Requested',
      window: '30d',
    },
    { id: 'visit', label: 'Visit', score: 'intent', points: 1, on: 'page', window: '30d', limit: 10 },
  ],
  mql: [
    {
      id: 'hand_raiser',
      label: 'Asked to talk',
      when: { 'score.fit': { gte: 10 } },
      did: { on: 'Demo Requested', within: '7d' },
    },
  ],
  routing: [
    { id: 'all', label: 'Everybody', to: { team: 'sales', by: 'round_robin' } },
    { fallback: 'sales' },
  ],
  sla: [{ id: 'all', firstTouch: '1h', decision: '5d', calendar: 'always' }],
};

/** When the alert about each lead reached each peer, by the lead's name. */
type Arrivals = Map<string, number>;

/**
 * From a call sent to the alert at a local Slack or SMTP peer, at a steady rate, against an empty POST that commits one row
 * at the same rate. The p99 of each counts; what is late at the sender counts against both.
 */
export async function measureAlert(sizes: Sizes, address: string | undefined): Promise<readonly Outcome[]> {
  if (!address)
    return [{ kind: 'skipped', name: 'alert', reason: 'needs DATABASE_URL, a PostgreSQL server' }];
  buildWhereStale();
  const folder = mkdtempSync(join(tmpdir(), 'baton-bench-'));
  const admin = new pg.Client(address);
  await admin.connect();
  const names = ['alert', 'empty'].map(name => `baton_bench_${process.pid}_${name}`);
  const [ours, theirs] = names.map(name => {
    const url = new URL(address);
    url.pathname = `/${name}`;
    return url.href;
  });
  for (const name of names) await admin.query(`create database ${name}`);
  const slack = await openSlack();
  const mail = await openMail();
  const closing: (() => Promise<void>)[] = [slack.close, mail.close];
  try {
    const file = join(folder, 'agreement.json');
    writeFileSync(file, JSON.stringify(AGREEMENT));
    const baton = await startServer(ours ?? '', {
      args: ['--agreement', file],
      environment: { SMTP_URL: mail.url, SLACK_WEBHOOK_URL: slack.url },
    });
    closing.push(baton.stop);
    const empty = await startEmpty(theirs ?? '');
    closing.push(empty.stop);
    await addStaff(baton);
    const database = new pg.Client(ours);
    await database.connect();
    closing.push(() => database.end());
    const settle = () => settleDown(database);
    return [await compare(sizes, { baton, empty, settle, slack: slack.arrivals, mail: mail.arrivals })];
  } finally {
    for (const close of closing.toReversed()) await close();
    for (const name of names) await admin.query(`drop database ${name} with (force)`);
    await admin.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Sides {
  readonly baton: Server;
  readonly empty: Server;
  readonly slack: Arrivals;
  readonly mail: Arrivals;
  /** Waits until what was made known is worked off. */
  readonly settle: () => Promise<void>;
}

/**
 * Waits until Baton has looked every new contact up for duplicates, which it does in the background, and has the database
 * learn how large its tables are, as its own upkeep does within a minute where it is on.
 */
async function settleDown(database: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await database.query('select count(*)::int as waiting from likeness_queue');
    if (rows[0]?.waiting === 0) break;
    await setTimeout(100);
  }
  await database.query('analyze');
}

async function compare(sizes: Sizes, sides: Sides): Promise<Outcome> {
  const { rate, seconds, every } = sizes;
  const told: Record<'slack' | 'mail' | 'answer' | 'p50' | 'emptyP50', number[]> = {
    slack: [],
    mail: [],
    answer: [],
    p50: [],
    emptyP50: [],
  };
  let round = 0;
  // One round of each before anything counts: connections, plans and caches are there afterwards.
  await alertLatencies({ ...sizes, seconds: Math.min(3, seconds) }, sides, round++);
  await emptyLatencies({ ...sizes, seconds: Math.min(3, seconds) }, sides);
  const { ours, theirs } = await inTurns(
    {
      ours: async () => {
        const found = await alertLatencies(sizes, sides, round++);
        told.slack.push(quantile(found.slack, 0.99));
        told.mail.push(quantile(found.mail, 0.99));
        told.answer.push(quantile(found.answers, 0.99));
        told.p50.push(quantile([...found.slack, ...found.mail], 0.5));
        return quantile([...found.slack, ...found.mail], 0.99);
      },
      theirs: async () => {
        const found = await emptyLatencies(sizes, sides);
        told.emptyP50.push(quantile(found, 0.5));
        return quantile(found, 0.99);
      },
    },
    sizes.rounds,
  );
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  return {
    kind: 'ratio',
    name: 'alert',
    ratio: theirs / ours,
    reach: 1 / 3,
    unit: 'p99 of an empty POST with one committed row / p99 from a call to its alert at the peer',
    detail:
      `${rate} calls a second for ${seconds} s, one in ${count(every)} makes a lead: alert p50 ${ms(median(told.p50))}, p99 ${ms(ours)} ` +
      `(Slack ${ms(median(told.slack))}, mail ${ms(median(told.mail))}; the call itself answered ${ms(median(told.answer))}); ` +
      `empty POST p50 ${ms(median(told.emptyP50))}, p99 ${ms(theirs)}`,
  };
}

/** The latencies in ms of the alerts of one round, counted from when each call was to be sent. */
async function alertLatencies(sizes: Sizes, { baton, slack, mail, settle }: Sides, round: number) {
  const calls = sizes.rate * sizes.seconds;
  const leadOf = (index: number) => `Lead ${round}x${index}`;
  await makeKnown(baton, { calls, round, leadOf });
  await settle();
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  const planned = new Map<string, number>();
  const answers: number[] = [];
  await atRate(sizes, async (index, at) => {
    const isLead = index % sizes.every === 0;
    const isCounted = isSteady(sizes, index);
    if (isLead && isCounted) planned.set(leadOf(index), at);
    const said = isLead ? { type: 'track', event: 'Demo Requested' } : { type: 'page', name: 'Pricing' };
    const call = { messageId: `alert-${round}-${index}`, userId: `user-${round}-${index}`, ...said };
    await send(agent, `${baton.url}/v1/${said.type}`, call, KEY);
    if (isCounted) answers.push(performance.now() - at);
  });
  for (
    let tries = 0;
    tries < 100 && ![slack, mail].every(peer => [...planned.keys()].every(name => peer.has(name)));
    tries++
  )
    await setTimeout(100);
  agent.destroy();
  expectSame('leads made and alerts at each peer', [
    [[...planned.keys()].filter(name => !slack.has(name)).length],
    [0],
  ]);
  const since = (peer: Arrivals) =>
    [...planned].flatMap(([name, at]) => {
      const came = peer.get(name);
      return came === undefined ? [] : [came - at];
    });
  return { slack: since(slack), mail: since(mail), answers };
}

/** Makes the contacts of a round known, so that one call of each can make it a lead. */
async function makeKnown(
  baton: Server,
  {
    calls,
    round,
    leadOf,
  }: { readonly calls: number; readonly round: number; readonly leadOf: (index: number) => string },
): Promise<void> {
  const batches: string[] = [];
  for (let start = 0; start < calls; start += 500) {
    const batch = Array.from({ length: Math.min(500, calls - start) }, (_, offset) => {
      const index = start + offset;
      return {
        type: 'identify',
        messageId: `known-${round}-${index}`,
        userId: `user-${round}-${index}`,
        traits: {
          name: leadOf(index),
          title: 'VP Finance',
          email: `p${round}.${index}@firm${index % 300}.example`,
        },
      };
    });
    batches.push(JSON.stringify({ batch }));
  }
  await sendAll(baton, batches, 2);
}

async function emptyLatencies(sizes: Sizes, { empty }: Sides): Promise<readonly number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  const found: number[] = [];
  await atRate(sizes, async (index, at) => {
    await send(agent, `${empty.url}/`, { messageId: `empty-${index}`, event: 'Demo Requested' }, '');
    if (isSteady(sizes, index)) found.push(performance.now() - at);
  });
  agent.destroy();
  return found;
}

/**
 * Whether a call counts: those of the first second of a longer round do not, on neither side. Between rounds the
 * connections to the mail server idle out, and several leads at once open new ones.
 */
function isSteady({ rate, seconds }: Sizes, index: number): boolean {
  return seconds <= 3 || index >= rate;
}

/** Starts work at its time, `rate` times a second, whether or not earlier work is done; resolves when all of it is. */
async function atRate(
  { rate, seconds }: Sizes,
  work: (index: number, at: number) => Promise<void>,
): Promise<void> {
  const start = performance.now();
  const running: Promise<void>[] = [];
  for (let index = 0; index < rate * seconds; index++) {
    const at = start + (index * 1000) / rate;
    const wait = at - performance.now();
    if (wait > 0) await setTimeout(wait);
    running.push(work(index, at));
  }
  await Promise.all(running);
}

function send(agent: Agent, url: string, body: object, key: string): Promise<void> {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      {
        agent,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
          authorization: `Bearer ${key}`,
        },
      },
      answer => {
        answer.resume();
        answer.on('end', () =>
          answer.statusCode === 200 ? resolve() : reject(new Error(`${url} answered ${answer.statusCode}`)),
        );
      },
    );
    asked.on('error', reject);
    asked.end(text);
  });
}

/** The value below which a share of the values lie (nearest rank). */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

async function addStaff({ url }: Server): Promise<void> {
  const api = async (method: string, path: string, body: object): Promise<unknown> => {
    const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };
    const answer = await fetch(`${url}/api/${path}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const members: { userId: string; weight: number }[] = [];
  for (let index = 0; index < 5; index++) {
    const made = await api('POST', 'users', {
      name: `Rep ${index}`,
      email: `rep${index}@baton.example`,
      role: 'rep',
    });
    const id = /"id":"([^"]+)"/.exec(JSON.stringify(made))?.[1];
    if (id !== undefined) members.push({ userId: id, weight: 1 });
  }
  await api('PUT', 'teams/sales', { label: 'Sales', members });
}

const LEAD = /Lead \d+x\d+/;

async function openSlack() {
  const arrivals: Arrivals = new Map();
  const server = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on('data', chunk => chunks.push(chunk));
    incoming.on('end', () => {
      const name = LEAD.exec(Buffer.concat(chunks).toString('utf8'))?.[0];
      if (name !== undefined && !arrivals.has(name)) arrivals.set(name, performance.now());
      answer.end('ok');
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    arrivals,
    url: `http://127.0.0.1:${portOf(server.address())}/services/T0/B0/bench`,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>(resolve => server.close(() => resolve()));
    },
  };
}

async function openMail() {
  const arrivals: Arrivals = new Map();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onData: (stream, _session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', chunk => chunks.push(chunk));
      stream.on('end', () => {
        const name = LEAD.exec(Buffer.concat(chunks).toString('utf8'))?.[0];
        if (name !== undefined && !arrivals.has(name)) arrivals.set(name, performance.now());
        callback();
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    arrivals,
    url: `smtp://127.0.0.1:${portOf(server.server.address())}`,
    close: () => new Promise<void>(resolve => server.close(() => resolve())),
  };
}

function portOf(address: string | { readonly port: number } | null): number {
  if (address === null || typeof address === 'string') throw new Error('the peer has no port');
  return address.port;
}

/** Starts the other side: an empty server in a process of its own. */
async function startEmpty(databaseUrl: string): Promise<Server> {
  const child = spawn(process.execPath, [new URL('empty.js', import.meta.url).pathname, databaseUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>(resolve => child.on('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', chunk => resolve(String(chunk).trim()));
    child.on('exit', code => reject(new Error(`the empty server ended with ${code}`)));
  });
  return {
    url,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
