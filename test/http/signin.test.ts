import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findUserRow } from '../../src/db/access/user.ts';
import type { Database } from '../../src/db/database.ts';
import { openSession } from '../../src/server/access/session.ts';
import { DRIVERS } from '../db/opened.ts';
import { clearPeople, cookieOf, type Started, startNode } from './started.ts';

const ADA = { name: 'Ada', email: 'Ada@Example.com', password: 'correct horse' };

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

  const post = (url: string, payload: object, headers: Record<string, string> = {}) =>
    node.server.inject({ method: 'POST', url, payload, headers });
  const session = (cookie: string) =>
    node.server.inject({ url: '/api/session', headers: { cookie } }).then(answer => answer.json());

  test('a first visitor is told to set up, and is signed in by doing so', async () => {
    expect(await session('')).toEqual({
      user: null,
      permissions: { reviewDuplicates: false, classEvents: false, replayCalls: false },
      setupNeeded: true,
      demo: null,
    });
    const made = await post('/api/setup', ADA);
    expect(made.statusCode).toBe(200);
    expect(made.json()).toMatchObject({ name: 'Ada', email: 'ada@example.com', role: 'admin', active: true });
    expect(await session(cookieOf(made))).toMatchObject({ user: { name: 'Ada' }, setupNeeded: false });
  });

  test('of several visitors who set up at once exactly one becomes the admin', async () => {
    const tries = Array.from({ length: 6 }, (_, n) => ({ ...ADA, email: `a${n}@example.com` }));
    const answers = await Promise.all(tries.map(given => post('/api/setup', given)));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409, 409, 409, 409]);
    const rows = await db.run({ name: '', text: 'select id from app_user' }, []);
    expect(rows).toHaveLength(1);
    expect((await post('/api/setup', ADA)).statusCode).toBe(409);
    const entries = await db.run({ name: '', text: 'select kind, actor from journal' }, []);
    expect(entries).toEqual([{ kind: 'user_added', actor: 'Ada' }]);
  });

  test('the right password signs in, whatever the case of the address; a wrong one is 401 in the same words', async () => {
    await post('/api/setup', ADA);
    const signed = await post('/api/sign-in', { email: 'ADA@example.COM', password: ADA.password });
    expect(signed.statusCode).toBe(200);
    expect(await session(cookieOf(signed))).toMatchObject({ user: { email: 'ada@example.com' } });
    const wrong = await post('/api/sign-in', { email: ADA.email, password: 'incorrect horse' });
    const unknown = await post('/api/sign-in', { email: 'bob@example.com', password: ADA.password });
    expect([wrong.statusCode, unknown.statusCode]).toEqual([401, 401]);
    expect(unknown.json().detail).toBe(wrong.json().detail);
    expect(cookieOf(wrong)).toBe('');
  });

  test('the session cookie is HttpOnly and SameSite=Lax, and Secure behind https', async () => {
    const plain = String((await post('/api/setup', ADA)).headers['set-cookie']);
    expect(plain).toMatch(/^baton\.session_token=/);
    expect(plain).toMatch(/HttpOnly/i);
    expect(plain).toMatch(/SameSite=Lax/i);
    expect(plain).not.toMatch(/Secure/i);
    const secure = await startNode(db, { environment: { BATON_URL: 'https://baton.example.com' } });
    const { email, password } = ADA;
    const signed = await secure.server.inject({
      method: 'POST',
      url: '/api/sign-in',
      payload: { email, password },
    });
    expect(String(signed.headers['set-cookie'])).toMatch(/^__Secure-baton\.session_token=.*Secure/i);
    const cookie = cookieOf(signed);
    const seen = await secure.server.inject({ url: '/api/session', headers: { cookie } });
    expect(seen.json()).toMatchObject({ user: { name: 'Ada' } });
    await secure.close();
  });

  test('signing out ends the session, not only the cookie', async () => {
    const cookie = cookieOf(await post('/api/setup', ADA));
    const out = await post('/api/sign-out', {}, { cookie });
    expect(out.statusCode).toBe(200);
    expect(String(out.headers['set-cookie'])).toMatch(/session_token=;.*Max-Age=0/i);
    expect(await session(cookie)).toMatchObject({ user: null });
    expect((await post('/api/sign-out', {})).statusCode).toBe(200);
  });

  test('a changed password signs out the other browsers and keeps this one', async () => {
    const here = cookieOf(await post('/api/setup', ADA));
    const there = cookieOf(await post('/api/sign-in', { email: ADA.email, password: ADA.password }));
    const wrong = await post(
      '/api/password',
      { current: 'not mine at all', next: 'battery staple' },
      { cookie: here },
    );
    expect(wrong.statusCode).toBe(422);
    expect(wrong.json().errors).toEqual([{ path: 'current', message: 'The current password is wrong.' }]);
    const changed = await post(
      '/api/password',
      { current: ADA.password, next: 'battery staple' },
      { cookie: here },
    );
    expect(changed.statusCode).toBe(200);
    expect(await session(cookieOf(changed))).toMatchObject({ user: { name: 'Ada' } });
    expect(await session(there)).toMatchObject({ user: null });
    expect((await post('/api/sign-in', { email: ADA.email, password: ADA.password })).statusCode).toBe(401);
    expect((await post('/api/sign-in', { email: ADA.email, password: 'battery staple' })).statusCode).toBe(
      200,
    );
  });

  test('a forged or altered cookie is nobody', async () => {
    const cookie = cookieOf(await post('/api/setup', ADA));
    expect(await session(`${cookie.slice(0, -8)}AAAAAAA%3D`)).toMatchObject({ user: null });
    const rows = await db.run<{ token: string }>({ name: '', text: 'select token from user_session' }, []);
    expect(rows).toHaveLength(1);
    expect(await session(`baton.session_token=${rows[0]?.token}`)).toMatchObject({ user: null });
  });

  test('a session outlives a restart, since the secret that signs it is kept', async () => {
    const cookie = cookieOf(await post('/api/setup', ADA));
    const next = await startNode(db);
    const seen = await next.server.inject({ url: '/api/session', headers: { cookie } });
    expect(seen.json()).toMatchObject({ user: { name: 'Ada' } });
    await next.close();
  });

  test('an opened session signs a person in without a password; nobody can open one over the network', async () => {
    const { id } = (await post('/api/setup', ADA)).json();
    const header = await openSession(node.app, id);
    expect(header).toMatch(/HttpOnly/i);
    expect(await session(header.split(';')[0] ?? '')).toMatchObject({ user: { id } });
    await expect(openSession(node.app, randomUUID())).rejects.toThrow('No such user');
    expect((await post('/api/auth/open-session', { userId: id })).statusCode).toBe(404);
  });

  test('somebody who is switched off is signed out at once and cannot sign in again', async () => {
    const admin = cookieOf(await post('/api/setup', ADA));
    const made = (
      await post('/api/users', { name: 'Bob', email: 'bob@example.com', role: 'rep' }, { cookie: admin })
    ).json();
    const credentials = { email: 'bob@example.com', password: made.password };
    const bob = cookieOf(await post('/api/sign-in', credentials));
    expect(await session(bob)).toMatchObject({ user: { name: 'Bob' } });
    const url = `/api/users/${made.user.id}`;
    const off = await node.server.inject({
      method: 'PATCH',
      url,
      payload: { active: false },
      headers: { cookie: admin },
    });
    expect(off.json()).toMatchObject({ active: false });
    expect(await session(bob)).toMatchObject({ user: null });
    const refused = await post('/api/sign-in', credentials);
    expect(refused.statusCode).toBe(401);
    expect(refused.json().detail).toMatch(/switched off/);
    await expect(openSession(node.app, made.user.id)).rejects.toThrow(/switched off/);
    expect(await findUserRow(db, made.user.id)).toMatchObject({ active: false });
  });

  test('an address that guesses passwords must wait', async () => {
    await post('/api/setup', ADA);
    const wrong = { email: ADA.email, password: 'incorrect horse' };
    for (let attempt = 0; attempt < 10; attempt++)
      expect((await post('/api/sign-in', wrong)).statusCode).toBe(401);
    const refused = await post('/api/sign-in', wrong);
    expect(refused.statusCode).toBe(429);
    expect(refused.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    const elsewhere = { method: 'POST', url: '/api/sign-in', remoteAddress: '192.0.2.7' } as const;
    expect((await node.server.inject({ ...elsewhere, payload: wrong })).statusCode).toBe(401);
  });

  test('a caller cannot give itself another address, unless a proxy stands in front', async () => {
    const wrong = { email: ADA.email, password: 'incorrect horse' };
    const refusals = async ({ server }: Started) => {
      let refused = 0;
      for (let n = 0; n < 11; n++) {
        const headers = { 'x-forwarded-for': `192.0.2.${n}` };
        const answer = await server.inject({ method: 'POST', url: '/api/sign-in', payload: wrong, headers });
        if (answer.statusCode === 429) refused += 1;
      }
      return refused;
    };
    expect(await refusals(node)).toBe(1);
    const behind = await startNode(db, { environment: { BATON_URL: 'https://baton.example.com' } });
    expect(await refusals(behind)).toBe(0);
    await behind.close();
  });
});
