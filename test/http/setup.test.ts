import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { makeKey } from '../../src/loop/access/key.ts';
import { isHostKnown } from '../../src/server/access/host.ts';
import { setupLink } from '../../src/server/access/setuptoken.ts';
import { DRIVERS } from '../db/opened.ts';
import { clearPeople, cookieOf, failToEnter, type Started, startNode } from './started.ts';

const ADA = { name: 'Ada', email: 'ada@example.com', password: 'correct horse' };
const BATON_URL = 'https://baton.example.com';

type Environment = Readonly<Record<string, string>>;
type Headers = Readonly<Record<string, string>>;

describe.each(DRIVERS)('setting up on $name', driver => {
  let db: Database;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(() => clearPeople(db));

  const setUp = ({ server }: Started, headers: Headers, body: object = {}) =>
    server.inject({ method: 'POST', url: '/api/setup', headers, payload: { ...ADA, ...body } });
  const tokenOf = async ({ app }: Started) =>
    new URLSearchParams(new URL((await setupLink(app, BATON_URL)) ?? '').hash.slice(1)).get('token');

  const EXPOSED: readonly (readonly [string, Environment, Headers])[] = [
    ['it listens on every address', { BATON_HOST: '0.0.0.0' }, { host: '10.0.0.7:4800' }],
    ['it listens on an address of the network', { BATON_HOST: '10.0.0.7' }, { host: '10.0.0.7:4800' }],
    ['it listens on every address of IPv6', { BATON_HOST: '::' }, { host: '[2001:db8::7]:4800' }],
    ['it has a public address', { BATON_URL }, { host: 'baton.example.com' }],
    ['it has one, and is called on this machine', { BATON_URL }, { host: 'localhost:4800' }],
    ['a proxy passed the call on', {}, { 'x-forwarded-for': '198.51.100.7' }],
    ['a tunnel passed the call on', {}, { forwarded: 'for=198.51.100.7' }],
  ];

  test.each(EXPOSED)('needs the token where %s', async (_name, environment, headers) => {
    const node = await startNode(db, { environment });
    const seen = await node.server.inject({ url: '/api/session', headers });
    expect(seen.json()).toMatchObject({ setupNeeded: true, tokenNeeded: true });
    const without = await setUp(node, headers);
    expect(without.statusCode).toBe(403);
    expect(without.json().errors).toMatchObject([{ path: 'token' }]);
    const wrong = await setUp(node, headers, { token: 'a'.repeat(43) });
    expect([wrong.statusCode, wrong.json().detail]).toEqual([403, expect.stringContaining('is wrong')]);
    const right = await setUp(node, headers, { token: await tokenOf(node) });
    expect(right.statusCode).toBe(200);
    expect(cookieOf(right)).not.toBe('');
    await node.close();
  });

  test.each([
    ['127.0.0.1', '127.0.0.1:4800'],
    ['localhost', 'localhost:4800'],
    ['::1', '[::1]:4800'],
  ])('needs no token where only this machine gets in, at %s', async (BATON_HOST, host) => {
    const node = await startNode(db, { environment: { BATON_HOST } });
    const seen = await node.server.inject({ url: '/api/session', headers: { host } });
    expect(seen.json()).toMatchObject({ setupNeeded: true, tokenNeeded: false });
    expect((await setUp(node, { host })).statusCode).toBe(200);
    await node.close();
  });

  test('the token is the same on every node and after a restart, and is stored nowhere', async () => {
    const nodes = [await startNode(db), await startNode(db, { environment: { BATON_HOST: '0.0.0.0' } })];
    const [one, other] = await Promise.all(nodes.map(tokenOf));
    expect(one).toMatch(/^[\w-]{43}$/);
    expect(other).toBe(one);
    const rows = await db.run({ name: '', text: 'select * from setting' }, []);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(one);
    const fixed = await startNode(db, { environment: { BATON_SECRET: 's'.repeat(40) } });
    expect(await tokenOf(fixed)).not.toBe(one);
    await Promise.all([...nodes, fixed].map(({ close }) => close()));
  });

  test('the link ends with the first admin, and so does what its token opens', async () => {
    const node = await startNode(db, { environment: { BATON_URL } });
    const [headers, token] = [{ host: 'baton.example.com' }, await tokenOf(node)];
    expect(await setupLink(node.app, `${BATON_URL}/`)).toBe(`${BATON_URL}/setup#token=${token}`);
    expect((await setUp(node, headers, { token })).statusCode).toBe(200);
    expect(await setupLink(node.app, BATON_URL)).toBeNull();
    expect((await setUp(node, headers, { token, email: 'eve@example.com' })).statusCode).toBe(409);
    await node.close();
  });

  test('an admin’s key needs no token, and adds the first admin as it does the others', async () => {
    const node = await startNode(db, { environment: { BATON_URL, BATON_HOST: '0.0.0.0' } });
    const keyOf = async (role: 'admin' | 'rep') => {
      const by = { actor: 'a test', now: node.app.clock() };
      const { secret } = await makeKey(node.app, { name: role, kind: 'api', role }, by);
      return { authorization: `Bearer ${secret}`, host: 'whatever.internal.example' };
    };
    expect((await setUp(node, await keyOf('rep'))).statusCode).toBe(403);
    const headers = await keyOf('admin');
    const payload = { name: 'Bob', email: 'bob@example.com', role: 'rep' };
    const added = await node.server.inject({ method: 'POST', url: '/api/users', headers, payload });
    expect(added.statusCode).toBe(200);
    expect((await setUp(node, headers)).statusCode).toBe(200);
    await node.close();
  });

  /** Tries a wrong token that a peer passes on for another caller, where too many from the peer's own address have failed. */
  const passOn = async (peer: string, environment: Environment, host = 'baton.example.com') => {
    const node = await startNode(db, { environment });
    await failToEnter(node, 100, { address: peer, email: null });
    const headers = { host, 'x-forwarded-for': '198.51.100.7' };
    const payload = { ...ADA, token: 'wrong' };
    const call = { method: 'POST', url: '/api/setup', remoteAddress: peer, headers, payload } as const;
    const answers = [await node.server.inject(call), await node.server.inject(call)];
    await node.close();
    const warnings = node.logged.filter(line => line.includes('BATON_TRUSTED_PROXIES')).length;
    return { statuses: answers.map(({ statusCode }) => statusCode), warnings };
  };
  const BELIEVED = { statuses: [403, 403], warnings: 0 };
  const UNKNOWN = { statuses: [429, 429], warnings: 1 };

  test.each([
    ['a proxy on this machine is believed', '127.0.0.1', { BATON_URL }, BELIEVED],
    ['one in the own network is not, and the log says so once', '10.0.0.9', { BATON_URL }, UNKNOWN],
    [
      'one in a network that is named is',
      '10.0.0.9',
      { BATON_URL, BATON_TRUSTED_PROXIES: '192.0.2.1, 10.0.0.0/8' },
      BELIEVED,
    ],
    [
      'one on this machine is not where others are named',
      '127.0.0.1',
      { BATON_URL, BATON_TRUSTED_PROXIES: '10.0.0.9,::2' },
      UNKNOWN,
    ],
  ])('wrong tokens are counted by address: %s', async (_name, peer, environment, expected) => {
    expect(await passOn(peer, environment)).toEqual(expected);
  });

  test('without a public address nobody is believed who calls for others', async () => {
    expect(await passOn('127.0.0.1', {}, 'localhost')).toEqual({ statuses: [429, 429], warnings: 0 });
  });
});

describe('the host of a write', () => {
  const at = (listensAt: string, url?: string) => ({ listensAt, url });
  const local = at('127.0.0.1');
  const open = at('0.0.0.0');
  const named = at('0.0.0.0', BATON_URL);
  const behind = at('127.0.0.1', BATON_URL);

  test.each([
    ['localhost:4800', local, true],
    ['127.0.0.1:4800', local, true],
    ['[::1]:4800', local, true],
    ['baton.localhost', local, true],
    ['evil.example:4800', local, false],
    ['localhost.evil.example', local, false],
    ['10.0.0.7:4800', local, false],
    ['10.0.0.7:4800', open, true],
    ['[2001:db8::7]:4800', open, true],
    ['localhost', open, true],
    ['machine:4800', open, true],
    ['machine.lan:4800', open, false],
    ['evil.example', open, false],
    ['10.0.0.7.evil.example', open, false],
    ['evil.example.', open, false],
    ['', open, false],
    ['a b', open, false],
    ['machine.lan:4800', at('machine.lan'), true],
    ['baton.example.com', named, true],
    ['BATON.example.com:443', named, true],
    ['evil.example', named, false],
    ['10.0.0.7:4800', named, false],
    ['localhost:4800', named, false],
    ['machine:4800', named, false],
    ['baton.example.com', behind, true],
    ['localhost:4800', behind, true],
    ['evil.example', behind, false],
  ])('%s, where it is %j: %s', (sent, where, expected) => {
    expect(isHostKnown({ sent, host: sent, ...where })).toBe(expected);
  });

  test('a proxy may call by a name of its own network and pass ours on, but no page under another name', () => {
    expect(isHostKnown({ sent: 'baton:4800', host: 'baton.example.com', ...named })).toBe(true);
    expect(isHostKnown({ sent: '10.0.0.7', host: 'baton.example.com', ...named })).toBe(true);
    expect(isHostKnown({ sent: 'evil.example', host: 'baton.example.com', ...named })).toBe(false);
    expect(isHostKnown({ sent: 'evil.example', host: 'baton.example.com', ...behind })).toBe(false);
  });
});
