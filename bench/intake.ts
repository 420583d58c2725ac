import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/*
 * Events per second taken in over HTTP, durable and scored, against COPY of the same rows into an indexed table.
 *
 *   npm run build:server
 *   npx tsc --ignoreConfig --module nodenext --target es2022 --skipLibCheck --types node --outDir node_modules/.cache/bench bench/intake.ts
 *   node node_modules/.cache/bench/intake.js
 *
 * Environment: EVENTS (20000), CONTACTS (2000), BATCH (100), IN_FLIGHT (8), ROUNDS (1; more go on over the stored ones),
 * DATABASE_URL (PostgreSQL too, in a database of its own).
 */

const number = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise);
const [EVENTS, CONTACTS, BATCH] = [number('EVENTS', 20_000), number('CONTACTS', 2_000), number('BATCH', 100)];
const [IN_FLIGHT, ROUNDS] = [number('IN_FLIGHT', 8), number('ROUNDS', 1)];
const ROOT = process.cwd();
const KEY = 'bench-write-key-00001';

/** Calls as a product sends them: each contact is identified once, then looks round, uses the product, asks for a demo. */
function* calls(round: number): Generator<object> {
  const start = Date.now() - 20 * 86_400_000;
  for (let index = 0; index < EVENTS; index++) {
    const contact = (index * 7919) % CONTACTS;
    const userId = `user-${contact}`;
    const timestamp = new Date(start + index * 60).toISOString();
    const messageId = `bench-${round}-${index}`;
    const common = { messageId, userId, anonymousId: `anon-${contact}`, timestamp };
    const context = { userAgent: 'Mozilla/5.0 (X11; Linux x86_64)', ip: '192.0.2.1', locale: 'en-GB' };
    if (round === 0 && index < CONTACTS) {
      const traits = {
        email: `${userId}@firm${contact % 500}.example`,
        name: `Person ${contact}`,
        title: 'VP Finance',
      };
      yield { type: 'identify', ...common, traits, context };
    } else if (index % 50 === 0)
      yield { type: 'track', event: 'Demo Requested', ...common, properties: { form: 'top' }, context };
    else if (index % 3 === 0)
      yield { type: 'track', event: 'Feature Used', ...common, properties: { feature: 'export' }, context };
    else
      yield {
        type: 'page',
        name: 'Pricing',
        ...common,
        properties: { path: '/pricing', title: 'Pricing' },
        context,
      };
  }
}

function* batches(round: number): Generator<string> {
  let batch: object[] = [];
  for (const call of calls(round)) {
    batch.push(call);
    if (batch.length < BATCH) continue;
    yield JSON.stringify({ batch, sentAt: new Date().toISOString() });
    batch = [];
  }
  if (batch.length > 0) yield JSON.stringify({ batch });
}

async function start(settings: Readonly<Record<string, string>>) {
  const profile =
    process.env.CPU_PROF === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${process.env.CPU_PROF}`];
  const child = spawn(process.execPath, [...profile, join(ROOT, 'bin/baton.js'), 'start', '--port', '0'], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, LOG_LEVEL: 'error', BATON_WRITE_KEY: KEY, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', chunk => {
      const found = /ready at (\S+)/.exec(String(chunk))?.[1];
      if (found !== undefined) resolve(found);
    });
    child.on('exit', code => reject(new Error(`the server ended with ${code}`)));
  });
  const stop = () =>
    new Promise<void>(resolve => {
      child.on('exit', () => resolve());
      child.kill('SIGTERM');
    });
  return { url, stop };
}

async function takeIn(
  url: string,
  round: number,
): Promise<{ readonly perSecond: number; readonly p50: number; readonly p99: number }> {
  const source = [...batches(round)];
  const latencies: number[] = [];
  const begin = performance.now();
  const worker = async () => {
    for (let body = source.shift(); body !== undefined; body = source.shift()) {
      const sent = performance.now();
      const answer = await fetch(`${url}/v1/batch`, {
        method: 'POST',
        headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
        body,
      });
      if (answer.status !== 200) throw new Error(`answered ${answer.status}: ${await answer.text()}`);
      await answer.arrayBuffer();
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  const seconds = (performance.now() - begin) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => Math.round(latencies[Math.floor((latencies.length - 1) * share)] ?? 0);
  return { perSecond: Math.round(EVENTS / seconds), p50: at(0.5), p99: at(0.99) };
}

async function measure(name: string, settings: Readonly<Record<string, string>>): Promise<number> {
  const server = await start(settings);
  let perSecond = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const measured = await takeIn(server.url, round);
    perSecond = measured.perSecond;
    const { p50, p99 } = measured;
    console.log(
      `${name}, round ${round + 1}: ${perSecond} events/s, a batch of ${BATCH} in ${p50} ms (p50), ${p99} ms (p99)`,
    );
  }
  await server.stop();
  return perSecond;
}

/** Rows a second of COPY of the same events into the same indexed table. */
async function copied(url: string): Promise<number> {
  const rows: string[] = [];
  for (const call of calls(1)) {
    const { type, timestamp, messageId, properties, context } = {
      type: '',
      timestamp: '',
      messageId: '',
      properties: {},
      context: {},
      ...call,
    };
    const contact = `00000000-0000-4000-8000-${String(rows.length % CONTACTS).padStart(12, '0')}`;
    rows.push(
      [
        contact,
        timestamp,
        timestamp,
        messageId,
        type,
        type,
        type,
        JSON.stringify(properties),
        JSON.stringify(context),
      ].join('\t'),
    );
  }
  const table = `create table copied (id bigint generated always as identity primary key, contact_id uuid not null,
    at timestamptz not null, recorded_at timestamptz not null, message_id text not null, type text not null, name text not null,
    name_key text not null, properties jsonb not null, context jsonb not null);
    create index on copied (contact_id, at);`;
  execFileSync('psql', [url, '-q', '-c', table]);
  const begin = performance.now();
  execFileSync(
    'psql',
    [
      url,
      '-q',
      '-c',
      '\\copy copied (contact_id, at, recorded_at, message_id, type, name, name_key, properties, context) from pstdin',
    ],
    { input: `${rows.join('\n')}\n` },
  );
  return Math.round(rows.length / ((performance.now() - begin) / 1000));
}

console.log(
  `${EVENTS} events of ${CONTACTS} contacts, ${IN_FLIGHT} batches of ${BATCH} in flight, ${cpus().length} cores`,
);
if (process.env.ONLY !== 'postgres') {
  const folder = mkdtempSync(join(tmpdir(), 'baton-bench-'));
  await measure('PGlite', { BATON_DATA_DIR: folder });
  rmSync(folder, { recursive: true, force: true });
}
const { DATABASE_URL } = process.env;
if (DATABASE_URL !== undefined) {
  const admin = new pg.Client(DATABASE_URL);
  await admin.connect();
  const name = `baton_bench_${process.pid}`;
  await admin.query(`create database ${name}`);
  const own = new URL(DATABASE_URL);
  own.pathname = `/${name}`;
  try {
    const ours = await measure('PostgreSQL', { DATABASE_URL: own.href });
    const copy = await copied(own.href);
    console.log(`COPY: ${copy} rows/s; Baton takes in ${(ours / copy).toFixed(2)} of that`);
  } finally {
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  }
}
