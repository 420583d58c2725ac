import pino from 'pino';
import { type Call, readCall, type Trust } from '../../src/core/intake/call.ts';
import type { Database, Sql } from '../../src/db/database.ts';
import { type App, makeApp } from '../../src/loop/app.ts';
import { type Batcher, makeBatcher } from '../../src/loop/intake/batch.ts';
import { takeIn } from '../../src/loop/intake/intake.ts';
import { readSettings } from '../../src/loop/settings.ts';
import { nextId } from './chance.ts';
import type { Raw } from './people.ts';

/** Thrown at anybody who works on a server that has just died. */
export class KilledError extends Error {}

/** A server process: its own caches and batcher over the common database, until it dies. */
export interface Node {
  readonly app: App;
  /** Sends calls as one request; resolves when they are durable and scored, rejects when the server dies before it answers. */
  readonly send: (raws: readonly Raw[], trust: Trust) => Promise<void>;
  readonly isDead: () => boolean;
  /** Lets it die at a beat from now: a beat is a statement, a begin or a commit. */
  readonly dieAt: (beat: number) => void;
  /** Takes a death back that has not come yet. */
  readonly spare: () => void;
}

const QUIET = pino({ level: 'silent' });

/** The settings of every simulated server: all channels are set up. */
const { settings } = readSettings({
  SMTP_URL: 'smtp://127.0.0.1:9',
  BATON_URL: 'https://baton.example',
  MAIL_FROM: 'Acme <hello@baton.example>',
  BATON_SECRET: 'a secret of the simulator that is long enough',
  SLACK_WEBHOOK_URL: 'http://127.0.0.1:9/services/T0/B0/sim',
});

/** Starts a server over a database; `clock` is its own. */
export function startNode(db: Database, clock: () => number): Node {
  if (settings === null) throw new Error('the settings of the simulator are not valid');
  const life = { isDead: false, beatsLeft: Number.POSITIVE_INFINITY };
  const mortal = makeMortal(db, () => {
    life.beatsLeft -= 1;
    if (life.beatsLeft < 0) life.isDead = true;
    if (life.isDead) throw new KilledError('the server died');
  });
  const app = makeApp({ db: mortal, clock, newId: nextId, settings, log: QUIET });
  const batcher: Batcher = makeBatcher(
    (calls: readonly Call[]) =>
      mortal.transaction(sql => takeIn(sql, app, calls, { now: clock(), batchId: null, opens: 'onCall' })),
    { lanes: db.kind === 'postgres' ? 3 : 1, onDone: () => {} },
  );
  return {
    app,
    send: async (raws, trust) => {
      const receivedAt = clock();
      const calls = raws.flatMap(raw => {
        const { call } = readCall(raw, { receivedAt, trust, messageId: raw.messageId });
        return call === null ? [] : [call];
      });
      await batcher.submit(calls);
    },
    isDead: () => life.isDead,
    dieAt: beat => {
      life.beatsLeft = beat;
    },
    spare: () => {
      life.beatsLeft = Number.POSITIVE_INFINITY;
    },
  };
}

/** A database whose every statement, begin and commit is a beat at which its server may die. */
function makeMortal(db: Database, beat: () => void): Database {
  const mortal = (sql: Sql): Sql => ({
    run: async (statement, params) => {
      beat();
      return sql.run(statement, params);
    },
  });
  return {
    ...db,
    run: mortal(db).run,
    script: async text => {
      beat();
      await db.script(text);
    },
    transaction: async work => {
      const result = await db.transaction(async sql => {
        const done = await work(mortal(sql));
        // Everything is written, nothing is committed.
        beat();
        return done;
      });
      // It is committed, and nobody hears of it.
      beat();
      return result;
    },
    close: async () => {},
  };
}
