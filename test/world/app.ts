import pino from 'pino';
import type { StreamMessage } from '../../src/contract/stream.ts';
import type { Database } from '../../src/db/database.ts';
import { type App, makeApp } from '../../src/loop/app.ts';
import { readSettings } from '../../src/loop/settings.ts';
import type { Caller, Request } from '../../src/server/handler/handler.ts';

/** An app on a database whose clock stands still until it is set, and what it has sent to browsers. */
export interface World {
  readonly app: App;
  readonly now: () => number;
  readonly setNow: (now: number) => void;
  readonly published: { readonly userId: string | null; readonly message: StreamMessage }[];
  /** A request of somebody at the present time. */
  readonly as: (caller: Caller | null) => Request;
}

/** Makes an app with settings from `environment`. */
export function makeWorld(
  db: Database,
  start: { readonly now: number; readonly environment?: Readonly<Record<string, string>> },
): World {
  const { settings, problems } = readSettings(start.environment ?? {});
  if (problems !== null) throw new Error(problems.join('; '));
  let now = start.now;
  const published: World['published'] = [];
  const app = makeApp({
    db,
    clock: () => now,
    settings,
    log: pino({ level: 'silent' }),
    hub: {
      publish: (userId, message) => {
        published.push({ userId, message });
      },
      subscribe: () => () => {},
    },
  });
  return {
    app,
    now: () => now,
    setNow: next => {
      now = next;
    },
    published,
    as: caller => ({ app, now, caller, headers: new Headers(), address: '127.0.0.1', setHeader: () => {} }),
  };
}

/** Somebody signed in. */
export function person(id: string, role: Caller['role'] = 'rep'): Caller {
  return { id, name: id, role };
}
