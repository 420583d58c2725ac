import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TeamView } from '../../src/contract/api/team.ts';
import { api } from '../../src/contract/api.ts';
import type { Endpoint } from '../../src/contract/endpoint.ts';
import { failure } from '../../src/contract/failure.ts';
import type { Database } from '../../src/db/database.ts';
import { openPostgres } from '../../src/db/driver/postgres.ts';
import { makeKey } from '../../src/loop/access/key.ts';
import { AppError } from '../../src/loop/error.ts';
import { DRIVERS } from '../db/opened.ts';
import { clearPeople, cookieOf, type Started, startNode } from './started.ts';

/** A team that nobody is in, as the API shows it. */
const team: TeamView = {
  name: 't',
  label: 'T',
  manager: null,
  slackChannel: null,
  waiting: 0,
  inUse: false,
  members: [],
  warnings: [],
  changeRefused: null,
};

const ADA = { name: 'Ada', email: 'ada@example.com', password: 'correct horse' };

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  let node: Started;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clearPeople(db);
    node = await startNode(db);
  });
  afterEach(() => node.close());

  const bearer = async (role: 'admin' | 'marketing' | 'manager' | 'rep') => {
    const { secret } = await makeKey(
      node.app,
      { name: role, kind: 'api', role },
      { actor: 'a test', now: node.app.clock() },
    );
    return { authorization: `Bearer ${secret}` };
  };

  test('all that is wrong is told at once, as problem details', async () => {
    const headers = await bearer('admin');
    const payload = { name: ' ', email: 'x', role: 'boss', extra: 1 };
    const body = await node.server.inject({ method: 'POST', url: '/api/users', headers, payload });
    expect(body.statusCode).toBe(422);
    expect(body.headers['content-type']).toMatch(/^application\/problem\+json/);
    const told = failure.parse(body.json());
    expect(told).toMatchObject({ status: 422, type: 'urn:baton:problem:invalid' });
    expect(told.errors.map(({ path }) => path).sort()).toEqual(['email', 'extra', 'name', 'role']);
    const query = await node.server.inject({ url: '/api/queue?limit=0&limit=x', headers });
    expect(query.statusCode).toBe(400);
    expect(failure.parse(query.json()).errors.map(({ path }) => path)).toEqual(['query.limit']);
    const both = await node.server.inject({
      method: 'PUT',
      url: '/api/teams/Not%20ok',
      headers,
      payload: { members: 1 },
    });
    expect(both.statusCode).toBe(400);
    expect(failure.parse(both.json()).errors.map(({ path }) => path)).toEqual([
      'path.name',
      'label',
      'members',
    ]);
  });

  test('a body that is not JSON, of another type, or too long is refused as such', async () => {
    const headers = { ...(await bearer('admin')), 'content-type': 'application/json' };
    const send = (payload: string, type = 'application/json') =>
      node.server.inject({
        method: 'POST',
        url: '/api/users',
        headers: { ...headers, 'content-type': type },
        payload,
      });
    expect((await send('{"name":')).json()).toMatchObject({
      status: 400,
      type: 'urn:baton:problem:malformed',
    });
    expect((await send('{"__proto__":{"role":"admin"}}')).json()).toMatchObject({ status: 400 });
    expect((await send('name=Bob', 'application/x-www-form-urlencoded')).json()).toMatchObject({
      status: 415,
    });
    expect((await send(`"${'x'.repeat(1024 * 1024)}"`)).json()).toMatchObject({ status: 413 });
    expect((await send('')).json()).toMatchObject({ status: 422 });
    expect((await send('null')).json()).toMatchObject({ status: 422 });
  });

  describe('a body that nests more than 40 deep', () => {
    const nested = (depth: number, [open, close]: readonly [string, string]) =>
      `${open.repeat(depth)}1${close.repeat(depth)}`;
    const objects = ['{"a":', '}'] as const;
    const send = async (
      { method, path }: Pick<Endpoint, 'method' | 'path'>,
      payload: string,
      headers: Record<string, string>,
    ) => {
      const url = path.replace(/\{\w+\}/g, 'x');
      const type = { 'content-type': 'application/json' };
      return (await node.server.inject({ method, url, headers: { ...headers, ...type }, payload })).json();
    };
    const refusal = {
      status: 400,
      type: 'urn:baton:problem:malformed',
      detail: 'The body nests more than 40 deep.',
    };

    test('is refused by every write, whether it reads a body or not', async () => {
      const headers = await bearer('admin');
      for (const [name, endpoint] of Object.entries(api)) {
        if (endpoint.method === 'GET') continue;
        expect([name, await send(endpoint, nested(41, objects), headers)]).toMatchObject([name, refusal]);
      }
    });

    test('exhausts no stack, whatever it nests, under a key and without', async () => {
      const headers = await bearer('admin');
      for (const payload of [nested(100_000, objects), nested(400_000, ['[', ']'])]) {
        for (const key of [{}, { 'idempotency-key': 'k' }])
          expect(await send(api.retryException, payload, { ...headers, ...key })).toMatchObject(refusal);
      }
    });

    test('is one more than is read', async () => {
      const answer = await send(api.saveTeam, nested(40, objects), await bearer('admin'));
      expect(answer).toMatchObject({ status: 422 });
    });
  });

  test('an error nobody foresaw says nothing of the inside, and the log has it under the requestId', async () => {
    const broken = await startNode(db, {
      handlers: {
        listUsers: async () => {
          throw new Error('password is hunter2', { cause: 'secret' });
        },
      },
    });
    const answer = await broken.server.inject({ url: '/api/users', headers: await bearer('rep') });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toMatch(/hunter2|secret|at .*\.ts/);
    const { requestId } = failure.parse(answer.json());
    const logged = broken.logged.map(line => JSON.parse(line)).find(line => line.requestId === requestId);
    expect(logged.err.message).toContain('hunter2');
    await broken.close();
  });

  test('an answer holds what the contract names and nothing more; a breach of it is our error', async () => {
    const user = {
      id: 'u',
      name: 'U',
      email: 'u@example.com',
      role: 'rep' as const,
      active: true,
      createdAt: 'x',
      invitedUntil: null,
    };
    const leaky = await startNode(db, {
      handlers: {
        listUsers: async () => ({ items: [{ ...user, ...{ passwordHash: 'abc' } }], nextCursor: null }),
        listTeams: async () => ({
          items: [{ ...team, waiting: Number.NaN }],
          nextCursor: null,
          unknownTeams: [],
        }),
      },
    });
    const headers = await bearer('rep');
    const users = await leaky.server.inject({ url: '/api/users', headers });
    expect(users.json()).toEqual({ items: [user], nextCursor: null });
    expect((await leaky.server.inject({ url: '/api/teams', headers })).statusCode).toBe(500);
    await leaky.close();
  });

  describe('a file', () => {
    const url = '/api/reports/leakage.csv';
    const giving = (file: { readonly name: string; readonly text: string }) =>
      startNode(db, { handlers: { getLeakageFile: async () => file } });

    test('is saved under its name, as text that spreadsheets read as UTF-8', async () => {
      const text = '"Zoë","1"\r\n';
      const given = await giving({ name: 'leakage-by-owner.csv', ...{ text, path: '/etc' } });
      const answer = await given.server.inject({ url, headers: await bearer('rep') });
      expect(answer.statusCode).toBe(200);
      expect(answer.headers).toMatchObject({
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="leakage-by-owner.csv"',
        'cache-control': 'no-store',
      });
      expect(answer.rawPayload).toEqual(
        Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text, 'utf8')]),
      );
      await given.close();
    });

    test('is refused like any other answer, and nothing is saved then', async () => {
      const headers = await bearer('rep');
      const expected = [
        [{ url }, 401, 'unauthorised', []],
        [{ url: `${url}?by=colour&to=x`, headers }, 400, 'malformed', ['query.to', 'query.by']],
        [{ url: `${url}?from=2026-02-01&to=2026-01-01`, headers }, 400, 'malformed', ['query.to']],
      ] as const;
      for (const [call, status, code, paths] of expected) {
        const answer = await node.server.inject(call);
        expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
        expect(answer.headers['content-disposition']).toBeUndefined();
        const told = failure.parse(answer.json());
        expect(told).toMatchObject({ status, type: `urn:baton:problem:${code}` });
        expect(told.errors.map(({ path }) => path)).toEqual(paths);
      }
    });

    test.each(['a".csv', 'a\r\nx: y', '../a.csv', ''])('named %j is our error', async name => {
      const given = await giving({ name, text: '' });
      const answer = await given.server.inject({ url, headers: await bearer('rep') });
      expect(answer.statusCode).toBe(500);
      expect(answer.headers['content-disposition']).toBeUndefined();
      await given.close();
    });
  });

  test("text that the database cannot hold is the caller's error", async () => {
    const headers = await bearer('admin');
    const payload = { name: 'B\u0000b', email: 'bob@example.com', role: 'rep' };
    const answer = await node.server.inject({ method: 'POST', url: '/api/users', headers, payload });
    expect(failure.parse(answer.json())).toMatchObject({ status: 400, type: 'urn:baton:problem:malformed' });
  });

  test('a handler may refuse with any failure of the registry', async () => {
    const codes = { malformed: 400, notFound: 404, conflict: 409, invalid: 422, unavailable: 503 } as const;
    const headers = await bearer('rep');
    for (const code of ['malformed', 'notFound', 'conflict', 'invalid', 'unavailable'] as const) {
      const refusing = await startNode(db, {
        handlers: {
          listTeams: async () => {
            throw new AppError(code, 'Because.', { problems: [{ path: 'a', message: 'b' }] });
          },
        },
      });
      const answer = await refusing.server.inject({ url: '/api/teams', headers });
      expect(answer.statusCode).toBe(codes[code]);
      expect(answer.json()).toMatchObject({ detail: 'Because.', errors: [{ path: 'a', message: 'b' }] });
      await refusing.close();
    }
  });

  describe('Idempotency-Key', () => {
    const add = async (key: string, name: string, headers: Record<string, string>) =>
      node.server.inject({
        method: 'PUT',
        url: '/api/teams/sales',
        headers: { ...headers, 'idempotency-key': key },
        payload: { label: name, members: [] },
      });

    test('a repeated write is answered as the first time and done once', async () => {
      const headers = await bearer('admin');
      const first = await add('k1', 'One', headers);
      await node.server.inject({
        method: 'PUT',
        url: '/api/teams/sales',
        headers,
        payload: { label: 'Two', members: [] },
      });
      const again = await add('k1', 'One', headers);
      expect([again.statusCode, again.json()]).toEqual([200, first.json()]);
      const list = await node.server.inject({ url: '/api/teams', headers });
      expect(list.json().items[0].label).toBe('Two');
    });

    test('writes at once under one key are done once', async () => {
      let calls = 0;
      const counting = await startNode(db, {
        handlers: {
          saveTeam: async (_request, { params, body }) => {
            calls += 1;
            await new Promise(resolve => setTimeout(resolve, 20));
            return { ...team, name: params.name, label: body.label };
          },
        },
      });
      const headers = { ...(await bearer('admin')), 'idempotency-key': 'k' };
      const payload = { label: 'One', members: [] };
      const all = Array.from({ length: 5 }, () =>
        counting.server.inject({ method: 'PUT', url: '/api/teams/sales', headers, payload }),
      );
      const statuses = (await Promise.all(all)).map(({ statusCode }) => statusCode);
      expect(calls).toBe(1);
      expect(statuses.filter(status => status === 200).length).toBeGreaterThanOrEqual(1);
      expect(statuses.every(status => status === 200 || status === 409)).toBe(true);
      await counting.close();
    });

    test('a key belongs to its caller and to one call, for a day', async () => {
      const [headers, others] = [await bearer('admin'), await bearer('manager')];
      await add('k1', 'One', headers);
      expect((await add('k1', 'Two', headers)).statusCode).toBe(422);
      expect((await add('k1', 'Two', others)).json()).toMatchObject({ label: 'Two' });
      node.move(24 * 3600_000 + 1);
      expect((await add('k1', 'Three', headers)).json()).toMatchObject({ label: 'Three' });
      expect((await add('x'.repeat(256), 'Four', headers)).statusCode).toBe(400);
    });

    test('a write that failed can be tried again under its key', async () => {
      const headers = { ...(await bearer('admin')), 'idempotency-key': 'k' };
      const payload = { label: 'One', members: [{ userId: 'u9' }] };
      const save = () => node.server.inject({ method: 'PUT', url: '/api/teams/sales', headers, payload });
      expect((await save()).statusCode).toBe(422);
      const text = `insert into app_user (id, name, email) values ('u9', 'U', 'u9@example.com')`;
      await db.run({ name: '', text }, []);
      expect((await save()).statusCode).toBe(200);
    });

    test('a secret is not kept for a repetition', async () => {
      const headers = { ...(await bearer('admin')), 'idempotency-key': 'k' };
      const make = () =>
        node.server.inject({
          method: 'POST',
          url: '/api/keys',
          headers,
          payload: { name: 'K', kind: 'server' },
        });
      const { secret } = (await make()).json();
      const again = await make();
      expect(again.statusCode).toBe(409);
      const rows = await db.run({ name: '', text: 'select * from idempotent_reply' }, []);
      expect(JSON.stringify(rows)).not.toContain(secret.slice(14));
    });
  });

  describe('pages of other sites', () => {
    const foreign = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: 'http://localhost:80' },
    ];
    const own = [
      {},
      { origin: 'http://127.0.0.1:4800' },
      { origin: 'http://127.0.0.1:4800', 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
    ];
    const change = (headers: Record<string, string>) =>
      node.server.inject({
        method: 'PUT',
        url: '/api/teams/sales',
        headers: { host: '127.0.0.1:4800', ...headers },
        payload: { label: 'Sales', members: [] },
      });

    test('cannot write with the cookie of who looks at them; the own pages and programs can', async () => {
      const cookie = cookieOf(await node.server.inject({ method: 'POST', url: '/api/setup', payload: ADA }));
      for (const headers of foreign) {
        expect([headers, (await change({ cookie, ...headers })).statusCode]).toEqual([headers, 403]);
      }
      for (const headers of own) {
        expect([headers, (await change({ cookie, ...headers })).statusCode]).toEqual([headers, 200]);
      }
    });

    test('cannot give themselves our address to be taken for ours', async () => {
      const setUp = async (host: string, environment = {}) => {
        const named = await startNode(db, { environment });
        const headers = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
        const { statusCode } = await named.server.inject({
          method: 'POST',
          url: '/api/sign-out',
          payload: {},
          headers,
        });
        await named.close();
        return statusCode;
      };
      expect(await setUp('evil.example:4800')).toBe(403);
      expect(await setUp('localhost.evil.example')).toBe(403);
      expect(await setUp('localhost:4800')).toBe(200);
      expect(await setUp('[::1]:4800')).toBe(200);
      expect(await setUp('baton.example.com', { BATON_URL: 'https://baton.example.com' })).toBe(200);
      expect(await setUp('machine:4800', { BATON_HOST: '0.0.0.0' })).toBe(200);
      expect(await setUp('machine.lan:4800', { BATON_HOST: '0.0.0.0' })).toBe(403);
    });

    test('cannot sign anybody in, and a key is not a cookie', async () => {
      const given = { method: 'POST', url: '/api/setup', payload: ADA } as const;
      const foreignSetup = await node.server.inject({
        ...given,
        headers: { origin: 'https://evil.example' },
      });
      expect(foreignSetup.statusCode).toBe(403);
      const key = await bearer('admin');
      expect((await change({ ...key, origin: 'https://evil.example' })).statusCode).toBe(200);
    });
  });

  describe('operations', () => {
    test('healthz, readyz and metrics answer anybody', async () => {
      expect((await node.server.inject('/healthz')).json()).toEqual({ ok: true });
      expect((await node.server.inject('/readyz')).json()).toEqual({ ok: true });
      await node.server.inject('/api/contacts/secret-id');
      const metrics = await node.server.inject('/metrics');
      expect(metrics.headers['content-type']).toMatch(/^text\/plain/);
      expect(metrics.body).toContain('process_cpu_user_seconds_total');
      expect(metrics.body).toMatch(
        /baton_http_request_duration_seconds_count\{method="GET",route="\/api\/contacts\/:id",status="401"\} \d/,
      );
      expect(metrics.body).not.toContain('secret-id');
    });

    test('the intake has its own scope: its routes, its body limit, its errors as problem details', async () => {
      const own = await startNode(db, {
        intake: async server => {
          server.post('/v1/track', async request => ({ got: request.body }));
          server.get('/v1/boom', async () => {
            throw new Error('inside');
          });
        },
      });
      const payload = { event: 'A' };
      const tracked = await own.server.inject({ method: 'POST', url: '/v1/track', payload });
      expect(tracked.json()).toEqual({ got: payload });
      expect(tracked.headers['content-security-policy']).toBeUndefined();
      expect((await own.server.inject('/v1/boom')).json()).toMatchObject({ status: 500 });
      expect((await own.server.inject('/v1/nothing')).json()).toMatchObject({ status: 404 });
      await own.close();
    });
  });

  describe('the description', () => {
    test('names every endpoint, its inputs and its answers, and all references lead somewhere', async () => {
      const document = (await node.server.inject('/api/openapi.json')).json();
      expect(document.openapi).toBe('3.1.0');
      const endpoints: Readonly<Record<string, Endpoint>> = api;
      for (const [name, { method, path, file }] of Object.entries(endpoints)) {
        const operation = document.paths[path][method.toLowerCase()];
        expect(operation.operationId).toBe(name);
        const { content } = operation.responses['200'];
        expect(Object.keys(content)).toEqual([file ?? 'application/json']);
        if (file === undefined) expect(content['application/json'].schema.$ref).toMatch(/Answer$/);
        else expect(content[file].schema).toEqual({ type: 'string' });
      }
      expect(document.paths['/api/reports/leakage.csv'].get.responses['200']).toMatchObject({
        headers: { 'Content-Disposition': { schema: { type: 'string' } } },
        content: { 'text/csv; charset=utf-8': {} },
      });
      expect(document.components.schemas.GetLeakageFileAnswer).toBeUndefined();
      const text = JSON.stringify(document);
      const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
        ([, name = '']) => name,
      );
      expect(references.length).toBeGreaterThan(80);
      expect(references.filter(name => !Object.hasOwn(document.components.schemas, name))).toEqual([]);
      expect(text).not.toContain('$defs');
      const { parameters, requestBody } = document.paths['/api/users/{id}'].patch;
      expect(
        parameters.map(({ name, in: place }: { name: string; in: string }) => `${place} ${name}`),
      ).toEqual(['path id', 'header Idempotency-Key']);
      expect(requestBody.content['application/json'].schema.$ref).toBe('#/components/schemas/UpdateUserBody');
      expect(document.components.schemas.UpdateUserBody.additionalProperties).toBe(false);
    });

    test('can be read in a browser without anything from elsewhere', async () => {
      const page = await node.server.inject('/api/docs');
      expect(page.statusCode).toBe(200);
      const named = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address);
      expect(named.length).toBeGreaterThan(3);
      for (const address of named) {
        const url = new URL(address, 'http://localhost/api/docs');
        expect(url.host).toBe('localhost');
        expect([address, (await node.server.inject(url.pathname)).statusCode]).toEqual([address, 200]);
      }
      expect(page.body).not.toMatch(/<script>(?!\s*<\/script>)/);
      const shown = await node.server.inject('/api/docs/json');
      expect(shown.json()).toEqual((await node.server.inject('/api/openapi.json')).json());
    });
  });
});

describe('the web app', () => {
  let db: Database;
  let folder: string;
  beforeAll(async () => {
    const [pglite] = DRIVERS;
    if (pglite === undefined) throw new Error('no driver');
    db = await pglite.open();
    folder = `${await mkdtemp(join(tmpdir(), 'baton-web-'))}/`;
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>Baton</title>');
    await writeFile(join(folder, 'assets', 'main-abc.js'), 'let a = 1;');
    await writeFile(join(folder, 'assets', 'main-abc.js.br'), 'compressed');
  });
  afterAll(async () => {
    await db.close();
    await rm(folder, { recursive: true });
  });

  test('its first page answers every address a person may open', async () => {
    const { server, close } = await startNode(db, { webFolder: folder });
    for (const url of ['/', '/queue', '/contacts/1?tab=2', '/apiary']) {
      const page = await server.inject({ url, headers: { accept: 'text/html' } });
      expect([url, page.statusCode]).toEqual([url, 200]);
      expect(page.body).toContain('<title>Baton</title>');
      expect(page.headers['cache-control']).toBe('no-cache');
      expect(page.headers['content-security-policy']).toContain("script-src 'self';");
      expect(page.headers['x-content-type-options']).toBe('nosniff');
    }
    await close();
  });

  test('its files are kept for a year and sent compressed; a missing one is not answered with a page', async () => {
    const { server, close } = await startNode(db, { webFolder: folder });
    const file = await server.inject({ url: '/assets/main-abc.js', headers: { 'accept-encoding': 'br' } });
    expect(file.body).toBe('compressed');
    expect(file.headers['content-encoding']).toBe('br');
    expect(file.headers['content-type']).toMatch(/javascript/);
    expect(file.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect((await server.inject('/assets/main-abc.js')).body).toBe('let a = 1;');
    for (const url of ['/assets/gone.js', '/api/nothing', '/api', '/v1/nothing']) {
      const missing = await server.inject(url);
      expect([url, missing.statusCode]).toEqual([url, 404]);
      expect(failure.parse(missing.json()).detail).toContain(url);
    }
    await writeFile(`${folder.slice(0, -1)}.secret`, 'outside');
    for (const up of ['../', '..%2f', '%2e%2e/', 'assets/../../']) {
      const outside = await server.inject(`/${up}${basename(folder)}.secret`);
      expect([up, outside.body]).not.toEqual([up, 'outside']);
    }
    await rm(`${folder.slice(0, -1)}.secret`);
    expect((await server.inject({ method: 'POST', url: '/queue' })).statusCode).toBe(404);
    await close();
  });

  test('without a build the page says what to do', async () => {
    const { server, close } = await startNode(db, { webFolder: `${folder}none/` });
    const page = await server.inject('/queue');
    expect(page.statusCode).toBe(503);
    expect(page.body).toContain('npm run build');
    await close();
  });
});

describe('without a database', () => {
  test('the API answers 503 with Retry-After, healthz still answers, readyz does not', async () => {
    const BATON_SECRET = 'a secret of more than thirty-two characters';
    const [pglite] = DRIVERS;
    if (pglite === undefined) throw new Error('no driver');
    const db = await pglite.open();
    let isAway = false;
    const away = openPostgres('postgresql://nobody@127.0.0.1:1/none', () => {});
    const failing: Database = {
      ...db,
      run: (statement, params) => (isAway ? away : db).run(statement, params),
      transaction: work => (isAway ? away : db).transaction(work),
    };
    const { server, close } = await startNode(failing, { environment: { BATON_SECRET } });
    const cookie = cookieOf(await server.inject({ method: 'POST', url: '/api/setup', payload: ADA }));
    isAway = true;
    const payload = { email: ADA.email, password: ADA.password };
    const calls = [
      { url: '/api/session' },
      { url: '/api/users', headers: { cookie } },
      { url: '/api/users', headers: { authorization: 'Bearer bt_api_x' } },
      { method: 'POST', url: '/api/sign-in', payload },
      { method: 'POST', url: '/api/sign-out', payload: {}, headers: { cookie } },
      { url: '/readyz' },
    ] as const;
    for (const call of calls) {
      const answer = await server.inject(call);
      expect([call, failure.parse(answer.json())]).toMatchObject([
        call,
        { status: 503, type: 'urn:baton:problem:unavailable' },
      ]);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    expect((await server.inject('/healthz')).statusCode).toBe(200);
    isAway = false;
    const back = await server.inject({ url: '/api/users', headers: { cookie } });
    expect(back.statusCode).toBe(200);
    await close();
    await away.close();
    await db.close();
  });
});
