import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { api } from '../../src/contract/api.ts';
import type { Endpoint } from '../../src/contract/endpoint.ts';
import type { StreamMessage } from '../../src/contract/stream.ts';
import type { Database } from '../../src/db/database.ts';
import { type App, makeApp } from '../../src/loop/app.ts';
import { onPromise } from '../../src/loop/delivery/outbox.ts';
import { readSettings } from '../../src/loop/settings.ts';
import { openSession } from '../../src/server/access/session.ts';
import { handlers } from '../../src/server/api/handlers.ts';
import { prechecks } from '../../src/server/api/precheck.ts';
import type { Handlers } from '../../src/server/handler/handler.ts';
import { buildServer } from '../../src/server/http/server.ts';
import { DRIVERS } from '../db/opened.ts';
import { begin, type Story } from '../loop/story.ts';
import { empty } from '../world/empty.ts';
import { addUser } from '../world/seed.ts';
import { cookieOf } from './started.ts';
import { ADA, BY_COUNTRY, NOW, WRITES } from './write.ts';

/** Has the answer of a write refused by the database, at the last moment before its commit. */
const LOSE_ANSWERS = `
  create or replace function lose_answer() returns trigger language plpgsql as
    $$ begin raise exception 'the answer is lost'; end $$;
  create trigger lose_answer before insert or update on idempotent_reply
    for each row when (new.status is not null) execute function lose_answer();`;

interface Node {
  readonly app: App;
  readonly server: FastifyInstance;
  readonly published: StreamMessage[];
  /** How often couriers were woken. */
  readonly woken: () => number;
}

async function openNode(db: Database, own: Partial<Handlers> = {}): Promise<Node> {
  const { settings } = readSettings({ BATON_SECRET: 'a secret of thirty-two characters' });
  if (settings === null) throw new Error('the settings are wrong');
  const published: StreamMessage[] = [];
  let woken = 0;
  const hub = { publish: (_to: string | null, message: StreamMessage) => void published.push(message) };
  const app = makeApp({
    db,
    settings,
    clock: () => NOW,
    log: pino({ level: 'silent' }),
    hub: { ...hub, subscribe: () => () => {} },
  });
  onPromise(app, () => {
    woken += 1;
  });
  const server = await buildServer({
    app,
    handlers: { ...handlers, ...own },
    prechecks,
    intake: async () => {},
  });
  return { app, server, published, woken: () => woken };
}

const isKeyed = (name: string): name is keyof typeof WRITES => Object.hasOwn(WRITES, name);

/** All endpoints that change something, with how they take a key. */
const writes = Object.entries(api)
  .map(([name, endpoint]): { readonly name: string; readonly endpoint: Endpoint } => ({ name, endpoint }))
  .filter(({ endpoint }) => endpoint.method !== 'GET');

describe.each(DRIVERS)('a write under an Idempotency-Key on $name', driver => {
  let db: Database;
  let node: Node;
  let story: Story;
  let cookie: string;
  beforeAll(async () => {
    db = await driver.open();
    node = await openNode(db);
  });
  afterAll(async () => {
    await node.server.close();
    await db.close();
  });
  beforeEach(async () => {
    await empty(db);
    story = await begin(db, { agreement: BY_COUNTRY });
    story.at('2026-03-02T10:00:00Z');
    await addUser(db, { ...ADA });
    [cookie = ''] = (await openSession(node.app, ADA.id)).split(';');
    node.published.length = 0;
  });

  const call = async (
    { method, path }: Endpoint,
    asked: { readonly params?: Readonly<Record<string, string>>; readonly body?: object },
    { at = node, key = 'k' }: { readonly at?: Node; readonly key?: string } = {},
  ) => {
    const url = path.replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(asked.params?.[name] ?? ''),
    );
    const headers = { cookie, 'idempotency-key': key };
    return at.server.inject({ method, url, headers, ...(asked.body && { payload: asked.body }) });
  };

  /** All rows of all tables, but for the answers that are kept. */
  const everything = async () => {
    const tables = await db.run<{ readonly name: string }>(
      {
        name: '',
        text: `select relname::text as name from pg_class where relkind = 'r' and relname <> 'idempotent_reply'
                 and relnamespace = 'public'::regnamespace order by 1`,
      },
      [],
    );
    const parts = tables.map(
      ({ name }) => `select '${name}' as name, to_jsonb(t)::text as row from "${name}" t`,
    );
    return db.run({ name: '', text: `${parts.join(' union all ')} order by 1, 2` }, []);
  };

  test.each(writes.filter(({ name }) => isKeyed(name)))(
    '$name: all of it or nothing, once, and then the same answer',
    async ({ name, endpoint }) => {
      if (!isKeyed(name)) throw new Error(`${name} takes no key`);
      const asked = await WRITES[name](story);
      const before = await everything();
      const woken = node.woken();

      await db.script(LOSE_ANSWERS);
      const lost = await call(endpoint, asked).finally(() =>
        db.script('drop trigger lose_answer on idempotent_reply'),
      );
      expect([lost.statusCode, lost.json().title]).toEqual([500, 'Something broke']);
      expect(await everything()).toEqual(before);
      expect(node.published).toEqual([]);
      expect(node.woken()).toBe(woken);

      const first = await call(endpoint, asked);
      expect([first.statusCode, first.json()]).toEqual([200, expect.anything()]);
      const after = await everything();
      expect(after).not.toEqual(before);
      expect(node.woken()).toBeGreaterThan(woken);

      const published = node.published.length;
      const again = await call(endpoint, asked);
      if (endpoint.idempotency === 'secret') expect(again.statusCode).toBe(409);
      else expect([again.statusCode, again.json()]).toEqual([200, first.json()]);
      expect(await everything()).toEqual(after);
      expect(node.published).toHaveLength(published);
    },
  );

  test.each(writes.filter(({ name }) => !isKeyed(name)))(
    '$name takes none: nothing of the call is kept',
    async ({ endpoint }) => {
      const password = 'a password of somebody';
      const body = { name: 'Eve', email: 'eve@acme.example', password, current: password, next: password };
      await call(endpoint, { body });
      expect(await db.run({ name: '', text: 'select * from idempotent_reply' }, [])).toEqual([]);
    },
  );

  test('is passed over where a password is changed', async () => {
    const eve = { email: 'eve@acme.example', password: '' };
    const { password } = (
      await call(api.createUser, { body: { name: 'Eve', email: eve.email, role: 'rep' } })
    ).json();
    const signedIn = await call(api.signIn, { body: { ...eve, password } });
    cookie = cookieOf(signedIn);
    const body = { current: password, next: 'another word of mine' };
    expect((await call(api.changePassword, { body })).statusCode).toBe(200);
    const rows = await db.run({ name: '', text: 'select caller, body from idempotent_reply' }, []);
    expect(rows).toEqual([{ caller: 'user:ada', body: null }]);
  });

  test('is taken by no endpoint that reads a password', () => {
    const reading = writes.filter(({ endpoint: { body } }) => {
      const { properties = {} } =
        body === undefined ? {} : z.toJSONSchema(body, { unrepresentable: 'any', io: 'input' });
      return Object.keys(properties).some(name => /password|^current$|^next$/i.test(name));
    });
    expect(reading.map(({ name }) => name).sort()).toEqual([
      'changePassword',
      'followLink',
      'setUp',
      'signIn',
    ]);
    expect(reading.filter(({ name }) => isKeyed(name))).toEqual([]);
  });

  test('tells browsers once what it did', async () => {
    const { params } = await WRITES.acceptEpisode(story);
    expect((await call(api.acceptEpisode, { ...(params && { params }), body: {} })).statusCode).toBe(200);
    expect(node.published.map(({ kind }) => kind)).toEqual(['queue', 'contact']);
  });

  test('that is refused leaves its key free', async () => {
    const asked = await WRITES.acceptEpisode(story);
    await story.query({}, `update episode set state = 'lost', ended_at = now()`);
    expect((await call(api.acceptEpisode, asked)).statusCode).toBe(409);
    await story.query({}, `update episode set state = 'open', ended_at = null`);
    expect((await call(api.acceptEpisode, asked)).statusCode).toBe(200);
  });

  test('of two nodes at once is done by one of them', async () => {
    let [runs, finish, begun] = [0, () => {}, () => {}];
    const isBegun = new Promise<void>(resolve => {
      begun = resolve;
    });
    const isFree = new Promise<void>(resolve => {
      finish = resolve;
    });
    const slowly: Handlers['addTimeOff'] = async (...given) => {
      runs += 1;
      const answer = await handlers.addTimeOff(...given);
      begun();
      await isFree;
      return answer;
    };
    const [one, other] = [await openNode(db, { addTimeOff: slowly }), await openNode(db)];
    const asked = await WRITES.addTimeOff(story);
    const first = call(api.addTimeOff, asked, { at: one });
    await isBegun;
    const second = call(api.addTimeOff, asked, { at: other });
    // The embedded database has one connection: the second call waits for the first one there.
    if (driver.name === 'postgres') expect((await second).statusCode).toBe(409);
    finish();
    const answer = (await first).json();
    if (driver.name === 'pglite') expect((await second).json()).toEqual(answer);
    expect((await call(api.addTimeOff, asked, { at: other })).json()).toEqual(answer);
    expect([runs, await story.count('time_off')]).toEqual([1, 1]);
    await Promise.all([one.server.close(), other.server.close()]);
  });

  test('that was begun by an older release and never answered is done', async () => {
    await story.query(
      {},
      `insert into idempotent_reply (caller, key, fingerprint, created_at) values ('user:ada', 'k', 'x', $1)`,
      new Date(NOW).toISOString(),
    );
    const asked = await WRITES.addTimeOff(story);
    const first = await call(api.addTimeOff, asked);
    expect([first.statusCode, (await call(api.addTimeOff, asked)).json()]).toEqual([200, first.json()]);
  });
});
