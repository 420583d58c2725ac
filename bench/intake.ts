import { execFileSync } from 'node:child_process';
import pg from 'pg';
import { buildWhereStale } from './build.ts';
import { type Server, sendAll, startServer } from './post.ts';
import type { Outcome } from './ratio.ts';
import { expectSame } from './same.ts';
import { inTurns, seconds } from './turn.ts';
import { count, messageOf } from './word.ts';

interface Sizes {
  readonly events: number;
  readonly contacts: number;
  /** Events that lie in the second database before it is measured. */
  readonly stored: number;
  readonly batch: number;
  readonly inFlight: number;
  readonly rounds: number;
}

/** A database of its own, the server on it, and the number of rounds of events sent to it so far. */
interface Site {
  readonly database: string;
  readonly server: Server;
  round: number;
}

/**
 * Events a second taken in over HTTP, durable and scored, against COPY of the same rows into an indexed table; and the
 * same over many stored events against few. Needs a PostgreSQL on which databases may be made, and psql.
 */
export async function measureIntake(sizes: Sizes, address: string | undefined): Promise<readonly Outcome[]> {
  const reason = !address ? 'needs DATABASE_URL, a PostgreSQL server' : missingPsql();
  if (!address || reason !== null)
    return ['intake', 'intake-stored'].map(name => ({ kind: 'skipped', name, reason: reason ?? '' }));
  buildWhereStale();
  const admin = new pg.Client(address);
  await admin.connect();
  const sites: Site[] = [];
  const open = async (name: string) => {
    const site = await openSite(admin, new URL(address), `baton_bench_${process.pid}_${name}`);
    sites.push(site);
    return site;
  };
  try {
    const fresh = await open('fresh');
    const stored = await open('stored');
    return [await againstCopy(fresh, sizes), await againstFew({ fresh, stored }, sizes)];
  } finally {
    for (const { server, database } of sites) {
      await server.stop();
      await admin.query(`drop database ${new URL(database).pathname.slice(1)} with (force)`);
    }
    await admin.end();
  }
}

function missingPsql(): string | null {
  try {
    execFileSync('psql', ['--version']);
    return null;
  } catch (error) {
    return `needs psql: ${messageOf(error)}`;
  }
}

async function openSite(admin: pg.Client, address: URL, name: string): Promise<Site> {
  await admin.query(`create database ${name}`);
  const database = new URL(address);
  database.pathname = `/${name}`;
  return { database: database.href, server: await startServer(database.href), round: 0 };
}

async function againstCopy(site: Site, sizes: Sizes): Promise<Outcome> {
  // The first round makes the contacts; it says nothing about the others.
  await takeIn(site, sizes);
  makeCopyTable(site.database);
  const sides = { ours: () => takeIn(site, sizes), theirs: () => copy(site.database, sizes) };
  const { ours, theirs } = await inTurns(sides, sizes.rounds);
  return {
    kind: 'ratio',
    name: 'intake',
    ratio: theirs / ours,
    reach: 0.25,
    unit: 'events a second over HTTP, durable and scored / of COPY into an indexed table',
    detail:
      `${count(sizes.events)} events of ${count(sizes.contacts)} contacts, ${sizes.inFlight} batches of ${sizes.batch} in flight: ` +
      `Baton ${count(sizes.events / ours)} events/s, COPY ${count(sizes.events / theirs)} rows/s`,
  };
}

async function againstFew(
  sites: { readonly fresh: Site; readonly stored: Site },
  sizes: Sizes,
): Promise<Outcome> {
  for (let events = 0; events < sizes.stored; events += sizes.events) await takeIn(sites.stored, sizes);
  const before = { few: sites.fresh.round * sizes.events, many: sites.stored.round * sizes.events };
  const sides = { ours: () => takeIn(sites.stored, sizes), theirs: () => takeIn(sites.fresh, sizes) };
  const { ours, theirs } = await inTurns(sides, sizes.rounds);
  return {
    kind: 'ratio',
    name: 'intake-stored',
    ratio: theirs / ours,
    reach: 0.8,
    unit: 'events a second over HTTP with many events stored / with few',
    detail:
      `${count(sizes.events / ours)} events/s over ${count(before.many)} events, ` +
      `${count(sizes.events / theirs)} events/s over ${count(before.few)}`,
  };
}

/** The seconds in which a site takes in the next round of events; checks that it stored them all. */
async function takeIn(site: Site, sizes: Sizes): Promise<number> {
  const batches = [...batchesOf(sizes, site.round)];
  site.round += 1;
  const taken = await seconds(() => sendAll(site.server, batches, sizes.inFlight));
  const identified = Math.min(sizes.contacts, sizes.events);
  expectSame('events stored and events sent', [
    [storedEvents(site)],
    [site.round * sizes.events - identified],
  ]);
  return taken;
}

function storedEvents(site: Site): number {
  return Number(psql(site.database, ['-At', '-c', 'select count(*) from event']));
}

function psql(database: string, args: readonly string[], input = ''): string {
  return execFileSync('psql', [database, '-q', '-v', 'ON_ERROR_STOP=1', ...args], {
    input,
    encoding: 'utf8',
  });
}

/** Calls as a product sends them: each contact is identified once, then looks round, uses the product, asks for a demo. */
function* callsOf({ events, contacts }: Sizes, round: number): Generator<object> {
  const start = Date.now() - 20 * 86_400_000;
  for (let index = 0; index < events; index++) {
    const contact = (index * 7919) % contacts;
    const common = {
      messageId: `bench-${round}-${index}`,
      userId: `user-${contact}`,
      anonymousId: `anon-${contact}`,
      timestamp: new Date(start + index * 60).toISOString(),
      context: { userAgent: 'Mozilla/5.0 (X11; Linux x86_64)', ip: '192.0.2.1', locale: 'en-GB' },
    };
    if (round === 0 && index < contacts) {
      const email = `user-${contact}@firm${contact % 500}.example`;
      yield {
        type: 'identify',
        ...common,
        traits: { email, name: `Person ${contact}`, title: 'VP Finance' },
      };
    } else if (index % 50 === 0)
      yield { type: 'track', event: 'Demo Requested', ...common, properties: { form: 'top' } };
    else if (index % 3 === 0)
      yield { type: 'track', event: 'Feature Used', ...common, properties: { feature: 'export' } };
    else
      yield { type: 'page', name: 'Pricing', ...common, properties: { path: '/pricing', title: 'Pricing' } };
  }
}

function* batchesOf(sizes: Sizes, round: number): Generator<string> {
  let batch: object[] = [];
  for (const call of callsOf(sizes, round)) {
    batch.push(call);
    if (batch.length < sizes.batch) continue;
    yield JSON.stringify({ batch, sentAt: new Date().toISOString() });
    batch = [];
  }
  if (batch.length > 0) yield JSON.stringify({ batch });
}

const COLUMNS = 'contact_id, at, recorded_at, message_id, type, name, name_key, properties, context';

function makeCopyTable(database: string): void {
  psql(database, [
    '-c',
    `create table copied (id bigint generated always as identity primary key, contact_id uuid not null,
      at timestamptz not null, recorded_at timestamptz not null, message_id text not null, type text not null, name text not null,
      name_key text not null, properties jsonb not null, context jsonb not null);
      create index on copied (contact_id, at)`,
  ]);
}

/** The seconds of COPY of a round's rows into the indexed table. */
async function copy(database: string, sizes: Sizes): Promise<number> {
  const rows = [...callsOf(sizes, 1)].map((call, index) => rowOf(call, index % sizes.contacts));
  const input = `${rows.join('\n')}\n`;
  return seconds(() => psql(database, ['-c', `\\copy copied (${COLUMNS}) from pstdin`], input));
}

function rowOf(call: object, contact: number): string {
  const { type, timestamp, messageId, properties, context } = {
    ...{ type: '', timestamp: '', messageId: '', properties: {}, context: {} },
    ...call,
  };
  return [
    `00000000-0000-4000-8000-${String(contact).padStart(12, '0')}`,
    ...[timestamp, timestamp, messageId, type, type, type],
    JSON.stringify(properties),
    JSON.stringify(context),
  ].join('\t');
}
