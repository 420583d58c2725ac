import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';

/** The write key of a server that is measured. */
export const KEY = 'bench-write-key-00001';
/** Its key for administration. */
export const ADMIN_KEY = 'bench-admin-key-00001';

/** A server under measurement. */
export interface Server {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts Baton on a database of its own, with nothing in its log but errors. */
export async function startServer(
  databaseUrl: string,
  more: {
    readonly args?: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
  } = {},
): Promise<Server> {
  const child = spawn(process.execPath, ['bin/baton.js', 'start', '--port', '0', ...(more.args ?? [])], {
    env: {
      PATH: process.env.PATH,
      LOG_LEVEL: 'error',
      BATON_WRITE_KEY: KEY,
      BATON_ADMIN_KEY: ADMIN_KEY,
      DATABASE_URL: databaseUrl,
      ...more.environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>(resolve => child.on('exit', () => resolve()));
  const url = await readAddress(child);
  return {
    url,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** The address that a starting Baton prints; fails with what it said when it ends before that. */
export function readAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      const found = /ready at (\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', code => reject(new Error(`Baton ended with ${code} and said: ${said}`)));
  });
}

/**
 * Sends batches, some at a time, until none is left; each is answered when it is durable and scored. What a busy
 * server turns away is sent again when it says so, as clients do.
 */
export async function sendAll(server: Server, batches: readonly string[], inFlight: number): Promise<void> {
  const waiting = batches.values();
  const send = async () => {
    for (const body of waiting) {
      let answer = await post(server, body);
      while (answer.status === 429 || answer.status === 503) {
        await setTimeout(1000 * Number(answer.headers.get('retry-after') ?? 1));
        answer = await post(server, body);
      }
      if (answer.status !== 200) throw new Error(`a batch was answered with ${answer.status}`);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, send));
}

async function post(server: Server, body: string): Promise<Response> {
  const answer = await fetch(`${server.url}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body,
  });
  // A connection is free again only after its answer was read.
  await answer.arrayBuffer();
  return answer;
}
