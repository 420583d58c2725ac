import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findUserRow } from '../../src/db/access/user.ts';
import type { Database, Sql } from '../../src/db/database.ts';
import { addRejected } from '../../src/db/intake/rejected.ts';
import { ensureFirstKeys, ensureFixedKeys, makeKey } from '../../src/loop/access/key.ts';
import { loadStaff } from '../../src/loop/routing/staff.ts';
import { findKey } from '../../src/server/access/key.ts';
import { DRIVERS } from '../db/opened.ts';
import { clearPeople, type Started, startNode } from '../http/started.ts';
import { addAgreement, clear } from '../world/seed.ts';

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  let node: Started;
  let admin: Record<string, string>;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clearPeople(db);
    await clear(db);
    node = await startNode(db);
    const { secret } = await makeKey(
      node.app,
      { name: 'Tests', kind: 'api', role: 'admin' },
      { actor: 'a test', now: node.app.clock() },
    );
    admin = { authorization: `Bearer ${secret}` };
  });
  afterEach(() => node.close());

  const call = async (method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, payload?: object) => {
    const answer = await node.server.inject({
      method,
      url,
      headers: admin,
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: answer.statusCode, body: answer.json() };
  };
  const addUser = async (name: string, role = 'rep') => {
    const email = `${name.toLowerCase()}@example.com`;
    return (await call('POST', '/api/users', { name, email, role })).body;
  };

  const journal = () =>
    db.run(
      { name: '', text: `select kind, actor, particulars from journal where actor <> 'a test' order by id` },
      [],
    );

  test('a rejected call that is taken in again is in the journal: which, why it was rejected, and whether corrected', async () => {
    await addAgreement(db);
    const [asIs, bad] = [randomUUID(), randomUUID()];
    const kept = {
      reason: 'it was refused',
      problems: [],
      call: { type: 'track', userId: 'u7', event: 'Asked' },
    };
    const rejected = [asIs, bad].map(id => ({ ...kept, id }));
    await addRejected(db, rejected, { now: node.app.clock(), keyKind: 'server' });
    expect((await call('POST', `/api/rejected/${asIs}/replay`, {})).status).toBe(200);
    expect((await call('POST', `/api/rejected/${bad}/replay`, { call: { type: 'track' } })).status).toBe(422);
    const mended = { call: { ...kept.call, event: 'Asked twice' } };
    expect((await call('POST', `/api/rejected/${bad}/replay`, mended)).status).toBe(200);
    const replayed = { kind: 'call_replayed', actor: 'API key “Tests”' };
    expect(await journal()).toEqual([
      { ...replayed, particulars: { call: asIs, reason: kept.reason, mended: false } },
      { ...replayed, particulars: { call: bad, reason: kept.reason, mended: true } },
    ]);
  });

  describe('people', () => {
    test('a new person gets a readable password that is theirs alone', async () => {
      const [bob, eve] = [await addUser('Bob'), await addUser('Eve')];
      expect(bob.password).toMatch(/^[a-z]{6}-[a-z]{6}-[a-z]{6}-\d{4}$/);
      expect(bob.password).not.toBe(eve.password);
      const payload = { email: 'bob@example.com', password: bob.password };
      const signed = await node.server.inject({ method: 'POST', url: '/api/sign-in', payload });
      expect(signed.json()).toEqual(bob.user);
      const { body } = await call('GET', '/api/users');
      expect(body.items.map(({ name }: { name: string }) => name)).toEqual(['Bob', 'Eve']);
      expect(JSON.stringify(body)).not.toContain('password');
    });

    test('an address belongs to one person, in whatever case it is written', async () => {
      await addUser('Bob');
      const again = await call('POST', '/api/users', { name: 'B', email: 'BOB@Example.com', role: 'rep' });
      expect(again.status).toBe(409);
      expect(again.body.errors[0].path).toBe('email');
    });

    test('what is not given of a change stays', async () => {
      const { user } = await addUser('Bob');
      const changed = await call('PATCH', `/api/users/${user.id}`, { role: 'manager' });
      expect(changed.body).toEqual({ ...user, role: 'manager' });
      expect((await call('PATCH', `/api/users/${randomUUID()}`, { role: 'rep' })).status).toBe(404);
    });

    test('the last active admin can neither step down nor be switched off', async () => {
      const { user: ada } = await addUser('Ada', 'admin');
      const url = `/api/users/${ada.id}`;
      expect((await call('PATCH', url, { role: 'rep' })).status).toBe(409);
      expect((await call('PATCH', url, { active: false })).status).toBe(409);
      expect((await call('PATCH', url, { name: 'Ada L.', role: 'admin', active: true })).status).toBe(200);
      const { user: ben } = await addUser('Ben', 'admin');
      expect((await call('PATCH', `/api/users/${ben.id}`, { active: false })).status).toBe(200);
      expect((await call('PATCH', url, { active: false })).status).toBe(409);
      await call('PATCH', `/api/users/${ben.id}`, { active: true });
      expect((await call('PATCH', url, { active: false })).status).toBe(200);
    });

    test('nobody is switched off between being given a lead and being told of it', async () => {
      const { user } = await addUser('Bob');
      await call('PUT', '/api/teams/crew', { label: 'Crew', members: [{ userId: user.id }] });
      const isActive = async (sql: Sql) => (await findUserRow(sql, user.id))?.active;
      const [off, ...seen] = await db.transaction(async sql => {
        await loadStaff(sql, { companyIds: [], now: node.app.clock() });
        const before = await isActive(sql);
        const leaving = call('PATCH', `/api/users/${user.id}`, { active: false });
        await delay(100);
        return [() => leaving, before, await isActive(sql)] as const;
      });
      expect(seen).toEqual([true, true]);
      expect((await off()).status).toBe(200);
      expect(await isActive(db)).toBe(false);
    });

    test('the journal says who was added or changed, who did it, and how they were before', async () => {
      const { user } = await addUser('Bob');
      const url = `/api/users/${user.id}`;
      await call('PATCH', url, { role: 'manager', name: 'Rob' });
      await call('PATCH', url, { active: false });
      await call('PATCH', url, { active: false });
      const [about, was] = [
        { user: user.id, name: 'Rob', role: 'manager' },
        { name: 'Bob', role: 'rep', active: true },
      ];
      expect(await journal()).toEqual([
        {
          kind: 'user_added',
          actor: 'API key “Tests”',
          particulars: { user: user.id, name: 'Bob', role: 'rep' },
        },
        {
          kind: 'user_changed',
          actor: 'API key “Tests”',
          particulars: { ...about, active: true, before: was },
        },
        {
          kind: 'user_changed',
          actor: 'API key “Tests”',
          particulars: { ...about, active: false, before: { name: 'Rob', role: 'manager', active: true } },
        },
      ]);
      expect((await call('PATCH', '/api/users/nobody', { active: false })).status).toBe(404);
      await addUser('Bob');
      expect(await journal()).toHaveLength(3);
    });

    test('of two admins who switch each other off at once one stays', async () => {
      const people = [await addUser('Ada', 'admin'), await addUser('Ben', 'admin')];
      const off = people.map(({ user }) => call('PATCH', `/api/users/${user.id}`, { active: false }));
      expect((await Promise.all(off)).map(({ status }) => status).sort()).toEqual([200, 409]);
    });
  });

  describe('keys', () => {
    const make = async (kind: string, role?: string) =>
      (await call('POST', '/api/keys', { name: 'K', kind, role })).body;

    test('the secret is shown once and only its hash is kept', async () => {
      const { key, secret } = await make('server');
      expect(secret).toMatch(/^bt_server_[0-9A-Za-z]{40}$/);
      expect(secret.startsWith(key.prefix)).toBe(true);
      expect(key.prefix).toHaveLength('bt_server_'.length + 4);
      const rows = await db.run<{ hash: string }>({ name: '', text: 'select * from access_key' }, []);
      expect(JSON.stringify(rows)).not.toContain(secret.slice(14));
      expect(rows.map(({ hash }) => hash)).toContain(createHash('sha256').update(secret).digest('hex'));
      expect(JSON.stringify((await call('GET', '/api/keys')).body)).not.toContain(secret.slice(14));
    });

    test('who makes and revokes one is in the journal, and no secret', async () => {
      const { key, secret } = await make('api', 'rep');
      await call('DELETE', `/api/keys/${key.id}`);
      await call('DELETE', `/api/keys/${key.id}`);
      const about = { key: key.id, name: 'K' };
      expect(await journal()).toEqual([
        { kind: 'key_added', actor: 'API key “Tests”', particulars: { ...about, opens: 'api', role: 'rep' } },
        { kind: 'key_revoked', actor: 'API key “Tests”', particulars: about },
      ]);
      expect(JSON.stringify(await journal())).not.toContain(secret.slice(14));
    });

    test('a key is found by its secret with what it opens', async () => {
      const { key, secret } = await make('public');
      expect(await findKey(node.app, secret)).toEqual({ id: key.id, kind: 'public', role: null, name: 'K' });
      expect(await findKey(node.app, `${secret}x`)).toBeNull();
      expect(await findKey(node.app, '')).toBeNull();
    });

    test('a role belongs to API keys alone', async () => {
      expect((await call('POST', '/api/keys', { name: 'K', kind: 'api' })).status).toBe(422);
      expect((await call('POST', '/api/keys', { name: 'K', kind: 'server', role: 'rep' })).status).toBe(422);
    });

    test('a write key does not open the API, and an API key opens what its role may', async () => {
      const get = (secret: string, url: string) =>
        node.server
          .inject({ url, headers: { authorization: `Bearer ${secret}` } })
          .then(({ statusCode }) => statusCode);
      const { secret: write } = await make('server');
      expect(await get(write, '/api/users')).toBe(401);
      const { secret: rep } = await make('api', 'rep');
      expect(await get(rep, '/api/users')).toBe(200);
      expect(await get(rep, '/api/keys')).toBe(403);
    });

    test('a revoked key stops here at once and on other nodes within 5 s', async () => {
      const other = await startNode(db);
      const { key, secret } = await make('server');
      expect(await findKey(node.app, secret)).not.toBeNull();
      expect(await findKey(other.app, secret)).not.toBeNull();
      expect((await call('DELETE', `/api/keys/${key.id}`)).status).toBe(200);
      expect(await findKey(node.app, secret)).toBeNull();
      other.move(5_000);
      expect(await findKey(other.app, secret)).toBeNull();
      expect((await call('DELETE', `/api/keys/${key.id}`)).status).toBe(404);
      expect((await call('DELETE', '/api/keys/no-id')).status).toBe(404);
      await other.close();
    });

    test('a busy key costs one query in 3 s and one note of its use in a minute', async () => {
      const { key, secret } = await make('server');
      const run: string[] = [];
      const counted: Database = {
        ...db,
        run: (statement, params) => {
          run.push(statement.name);
          return db.run(statement, params);
        },
      };
      const busy = await startNode(counted);
      for (let second = 0; second < 60; second++) {
        await Promise.all(Array.from({ length: 20 }, () => findKey(busy.app, secret)));
        busy.move(1_000);
      }
      expect(run.filter(name => name === 'find_key')).toHaveLength(20);
      expect(run.filter(name => name === 'touch_key')).toHaveLength(1);
      const listed = (await call('GET', '/api/keys')).body.items.find(
        ({ id }: { id: string }) => id === key.id,
      );
      expect(listed.lastUsedAt).not.toBeNull();
      await busy.close();
    });

    test('settings fix keys, a changed value takes the place of the old one, and a dropped one ends', async () => {
      const start = async (environment: Record<string, string>) => {
        const started = await startNode(db, { environment });
        await ensureFixedKeys(started.app);
        const found = async (secret: string) => (await findKey(started.app, secret))?.kind ?? null;
        return { ...started, found };
      };
      const [write, open, api] = ['write-key-0123456789', 'public-key-0123456789', 'admin-key-0123456789'];
      const first = await start({
        BATON_WRITE_KEY: write,
        BATON_PUBLIC_WRITE_KEY: open,
        BATON_ADMIN_KEY: api,
      });
      await ensureFixedKeys(first.app);
      expect(await Promise.all([write, open, api].map(first.found))).toEqual(['server', 'public', 'api']);
      expect(await findKey(first.app, api)).toMatchObject({ role: 'admin' });
      const second = await start({ BATON_WRITE_KEY: `${write}-new`, BATON_PUBLIC_WRITE_KEY: open });
      expect(await Promise.all([write, `${write}-new`, open, api].map(second.found))).toEqual([
        null,
        'server',
        'public',
        null,
      ]);
      const swapped = await start({ BATON_WRITE_KEY: open, BATON_PUBLIC_WRITE_KEY: write });
      expect(await Promise.all([open, write].map(swapped.found))).toEqual(['server', 'public']);
      const same = await startNode(db, { environment: { BATON_WRITE_KEY: open, BATON_ADMIN_KEY: open } });
      await expect(ensureFixedKeys(same.app)).rejects.toThrow('BATON_WRITE_KEY');
      await Promise.all([first, second, swapped, same].map(({ close }) => close()));
    });

    test('of several nodes that start at once one makes the first write key, and it is made once', async () => {
      const made = await Promise.all([1, 2, 3].map(() => ensureFirstKeys(node.app)));
      const [secret] = made.flatMap(given => given ?? []);
      expect(made.filter(given => given !== null)).toHaveLength(1);
      const found = await findKey(node.app, secret ?? '');
      expect(found).toMatchObject({ kind: 'server', role: null });
      expect(await journal()).toMatchObject([{ kind: 'key_added', actor: 'first start' }]);
      await call('DELETE', `/api/keys/${found?.id}`);
      expect(await ensureFirstKeys(node.app)).toBeNull();
    });
  });
});
