import { Agent, request as send } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROLES } from '../../src/contract/role.ts';
import { makeKey } from '../../src/loop/access/key.ts';
import { activateAgreement } from '../../src/loop/agreement/activate.ts';
import { readSettings } from '../../src/loop/settings.ts';
import { makeLog } from '../../src/server/operation/log.ts';
import { type Running, startServer } from '../../src/server/start.ts';
import { DRIVERS } from '../db/opened.ts';
import { AGREEMENT } from '../loop/agreement.ts';
import { type Chance, makeChance } from '../sim/chance.ts';
import { makeRequest, type Request } from './request.ts';

/** How many calls each database gets, and how many are on their way at a time. */
const CALLS = Number(process.env.BATON_FUZZ ?? '2000');
const AT_A_TIME = 8;
/** Another seed each day: what one day finds is found again by its seed. */
const SEED = Number(process.env.BATON_FUZZ_SEED ?? Math.floor(Date.now() / 86_400_000));
/** How much more memory the later calls may hold than the first half of them, in bytes. */
const GROWTH = 30 * 1024 * 1024;
/** How many ids of answers are kept for later calls. */
const KNOWN = 400;

const KEYS = {
  BATON_WRITE_KEY: 'server-write-key-0001',
  BATON_PUBLIC_WRITE_KEY: 'public-write-key-0001',
  BATON_ADMIN_KEY: 'admin-api-key-000001',
};

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

function heldBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

describe.each(DRIVERS)('fuzz on $name', driver => {
  let running: Running;
  const agent = new Agent({ keepAlive: true, maxSockets: AT_A_TIME });
  beforeAll(async () => {
    const { settings, problems } = readSettings({ ...KEYS, BATON_PORT: '0', LOG_LEVEL: 'silent' });
    if (problems !== null) throw new Error(problems.join('; '));
    const database = await driver.open();
    await activateAgreement(database, JSON.stringify(AGREEMENT), { actor: 'a test', now: Date.now() });
    running = await startServer({ settings, database, log: makeLog(settings) });
  });
  afterAll(async () => {
    agent.destroy();
    await running.stop();
  });

  const call = ({ method, path, headers, body }: Request): Promise<Answer> =>
    new Promise((resolve, reject) => {
      // Said for each method: Node says it for none but those that usually have a body.
      const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const options = { method, path, headers: { ...headers, ...length }, agent };
      const request = send(running.url, options, response => {
        const chunks: Buffer[] = [];
        response.on('data', chunk => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      });
      request.on('error', reject);
      request.end(body ?? undefined);
    });

  test(`${CALLS} calls from seed ${SEED} break nothing`, { timeout: 120_000 + CALLS * 30 }, async () => {
    const { app } = running;
    const keys = await Promise.all(
      ROLES.map(role =>
        makeKey(app, { name: role, kind: 'api', role }, { actor: 'a test', now: app.clock() }),
      ),
    );
    const admin = bearer(KEYS.BATON_ADMIN_KEY);
    const server = bearer(KEYS.BATON_WRITE_KEY);
    const web = bearer(KEYS.BATON_PUBLIC_WRITE_KEY);
    const strangers = [bearer('wrong'), {}];
    const who = {
      api: [...keys.map(({ secret }) => bearer(secret)), admin, admin, admin, admin, ...strangers],
      intake: [server, server, server, server, web, web, ...strangers],
    };
    const chance = makeChance(SEED);
    const known: string[] = ['sales', 'core', '1'];
    const broken: string[] = [];
    const statuses = new Map<number, number>();
    let left = CALLS;
    const held: number[] = [];
    const worker = async () => {
      while (left > 0) {
        left -= 1;
        if (left === Math.floor(CALLS / 2) || left === 0) held.push(heldBytes());
        const request = makeRequest(chance, known, who);
        if (request.path.startsWith('/api/stream')) continue;
        const answer = await call(request).catch((error: unknown) => ({
          status: 0,
          type: '',
          text: String(error),
        }));
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        const fault = faultOf(answer);
        if (fault !== null)
          broken.push(
            `${fault}: ${request.method} ${request.path.slice(0, 300)} ${(request.body ?? '').slice(0, 600)} -> ${answer.status} ${answer.text.slice(0, 300)}`,
          );
        if (!request.path.startsWith('/api/keys')) remember(known, answer.text, chance);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
    console.log(
      `fuzz on ${driver.name}: seed ${SEED}, ${[...statuses]
        .sort(([a], [b]) => a - b)
        .map(([status, count]) => `${count} x ${status}`)
        .join(', ')}`,
    );
    expect(broken).toEqual([]);
    expect(Math.max(0, (held[1] ?? 0) - (held[0] ?? 0))).toBeLessThan(GROWTH);
    const health = await call({ method: 'GET', path: '/readyz', headers: {}, body: null });
    expect(health.status).toBe(200);
  });
});

/** What is wrong with an answer; null for a good one. */
function faultOf({ status, type, text }: Answer): string | null {
  if (status === 0) return 'no answer';
  if (status === 503)
    return text === '' || /"(?:detail|message)":"[^"]{10,}/.test(text) ? null : '503 without a reason';
  if (status >= 500) return 'broken';
  if (status >= 400 && text.length > 0 && !/json/.test(type) && !/html/.test(type))
    return 'not in its format';
  return null;
}

/** Keeps ids and names that an answer shows, so that later calls are about things that are there. */
function remember(known: string[], text: string, chance: Chance): void {
  for (const [, name] of text
    .slice(0, 4000)
    .matchAll(/"(?:id|name|version|reason|kind)":"?([\w.@-]{1,80})/g)) {
    if (name === undefined || known.includes(name)) continue;
    if (known.length < KNOWN) known.push(name);
    else known[chance.int(0, KNOWN - 1)] = name;
  }
}
