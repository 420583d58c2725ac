import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import pino from 'pino';
import type { Database } from '../../src/db/database.ts';
import { tryToEnter } from '../../src/loop/access/attempt.ts';
import { makeHub, type OpenHub } from '../../src/loop/alert/hub.ts';
import { type App, makeApp } from '../../src/loop/app.ts';
import { readSettings } from '../../src/loop/settings.ts';
import { handlers as real } from '../../src/server/api/handlers.ts';
import { prechecks } from '../../src/server/api/precheck.ts';
import type { Handlers } from '../../src/server/handler/handler.ts';
import type { Patience } from '../../src/server/http/limit.ts';
import { buildServer } from '../../src/server/http/server.ts';
import { empty } from '../world/empty.ts';

/** A node of Baton in a test: its clock stands still until it is moved. */
export interface Started {
  readonly app: App;
  readonly server: FastifyInstance;
  readonly move: (ms: number) => void;
  readonly logged: readonly string[];
  readonly close: () => Promise<void>;
}

/** Starts a node on a database, with `environment` for settings; it listens to no port. */
export async function startNode(
  db: Database,
  {
    environment = {},
    handlers = {},
    intake = async () => {},
    demo = () => null,
    ...parts
  }: {
    readonly environment?: Readonly<Record<string, string>>;
    readonly handlers?: Partial<Handlers>;
    readonly intake?: (scope: FastifyInstance, app: App) => Promise<void>;
    readonly demo?: App['demo'];
    readonly webFolder?: string;
    readonly heartbeatMs?: number;
    readonly readyMs?: number;
    readonly patience?: Patience;
  } = {},
): Promise<Started> {
  const { settings, problems } = readSettings(environment);
  if (problems !== null) throw new Error(problems.join('; '));
  const logged: string[] = [];
  const log: Logger = pino({ level: 'warn' }, { write: line => void logged.push(line) });
  const hub: OpenHub = await makeHub(db, log);
  let now = Date.now();
  const app = makeApp({ db, clock: () => now, settings, log, hub, demo });
  const server = await buildServer({
    app,
    handlers: { ...real, ...handlers },
    prechecks,
    intake: scope => intake(scope, app),
    ...parts,
  });
  return {
    app,
    server,
    logged,
    move: ms => {
      now += ms;
    },
    close: async () => {
      await server.close();
      await hub.close();
    },
  };
}

/** Empties the tables of people, keys and teams. */
export async function clearPeople(db: Database): Promise<void> {
  await empty(db, [
    'app_user',
    'access_key',
    'setting',
    'team',
    'routing_ledger',
    'idempotent_reply',
    'journal',
    'attempt',
  ]);
}

/** What a browser sends back of the cookies that an answer has set. */
export function cookieOf(answer: { readonly headers: Readonly<Record<string, unknown>> }): string {
  const given = answer.headers['set-cookie'];
  const cookies = Array.isArray(given) ? given.map(String) : given === undefined ? [] : [String(given)];
  return cookies.map(cookie => cookie.split(';')[0]).join('; ');
}

/** Lets attempts to get in fail, without the time that it takes to look at a password. */
export async function failToEnter(
  { app }: Pick<Started, 'app'>,
  count: number,
  visitor: Parameters<typeof tryToEnter>[1],
): Promise<void> {
  for (let n = 0; n < count; n++)
    await tryToEnter(app, visitor, () => Promise.reject(new Error('wrong'))).catch(() => {});
}
