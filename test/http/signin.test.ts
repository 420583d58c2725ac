import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findUserRow } from '../../src/db/access/user.ts';
import type { Database } from '../../src/db/database.ts';
import { openSession } from '../../src/server/access/session.ts';
import { DRIVERS } from '../db/opened.ts';
import { clearPeople, cookieOf, failToEnter, type Started, startNode } from './started.ts';

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
      tokenNeeded: false,
      passwordGiven: false,
      resetByMail: false,
      firstSteps: false,
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

  test('ten wrong passwords make an account wait, the right one too; one that nobody has is no different', async () => {
    await post('/api/setup', ADA);
    const signIn = (email: string, password = 'incorrect horse') => post('/api/sign-in', { email, password });
    for (const email of [ADA.email, 'nobody@example.com']) {
      await failToEnter(node, 9, { address: '192.0.2.1', email });
      const answers = [await signIn(email), await signIn(email)];
      expect(answers.map(({ statusCode }) => statusCode)).toEqual([401, 429]);
    }
    const refused = await signIn(ADA.email, ADA.password);
    expect(refused.statusCode).toBe(429);
    expect(refused.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(refused.headers['retry-after']).toBe('60');
    expect(refused.json().detail).toBe(
      'Too many attempts for this account have failed. Try again in 1 minute.',
    );
    expect(cookieOf(refused)).toBe('');
    expect((await signIn('nobody@example.com')).json().detail).toBe(refused.json().detail);
    node.move(60_000);
    expect((await signIn(ADA.email, ADA.password)).statusCode).toBe(200);
  });

  test('a wrong password in a change of it counts against the same account', async () => {
    const cookie = cookieOf(await post('/api/setup', ADA));
    await failToEnter(node, 9, { address: '192.0.2.1', email: ADA.email });
    const change = (current: string) =>
      post('/api/password', { current, next: 'battery staple' }, { cookie });
    expect((await change('not mine at all')).statusCode).toBe(422);
    expect((await change(ADA.password)).statusCode).toBe(429);
    expect((await post('/api/sign-in', { email: ADA.email, password: ADA.password })).statusCode).toBe(429);
    node.move(60_000);
    expect((await change(ADA.password)).statusCode).toBe(200);
  });

  test('a password that is easily guessed is refused with the reason, at the field where it stands', async () => {
    const refused = await post('/api/setup', { ...ADA, password: 'ada@example.com' });
    expect(refused.statusCode).toBe(422);
    expect(refused.json().errors).toMatchObject([{ path: 'password' }]);
    expect(refused.json().detail).toMatch(/your name or your e-mail address/);
    const cookie = cookieOf(await post('/api/setup', ADA));
    for (const next of ['aaaaaaaaaa', 'Password123!', ADA.email, 'short', 'x'.repeat(129)]) {
      const answer = await post('/api/password', { current: ADA.password, next }, { cookie });
      expect([next, answer.statusCode]).toEqual([next, 422]);
      expect(answer.json().errors).toMatchObject([{ path: 'next' }]);
    }
  });

  describe('an admin gives somebody a new password', () => {
    const reset = (id: string, cookie: string) => post(`/api/users/${id}/password`, {}, { cookie });

    test('which is shown once; their sessions end, their failures are forgiven, and the journal says who did it', async () => {
      const ada = cookieOf(await post('/api/setup', ADA));
      const bob = { name: 'Bob', email: 'Bob@example.com', role: 'rep' };
      const made = (await post('/api/users', bob, { cookie: ada })).json();
      const signIn = (password: string) => post('/api/sign-in', { email: bob.email, password });
      const cookie = cookieOf(await signIn(made.password));
      await failToEnter(node, 10, { address: '192.0.2.1', email: bob.email });
      expect((await signIn(made.password)).statusCode).toBe(429);
      const answer = await reset(made.user.id, ada);
      expect(answer.json()).toEqual({
        user: made.user,
        password: expect.stringMatching(/^[a-z]{6}-.*\d{4}$/),
      });
      expect(await session(cookie)).toMatchObject({ user: null });
      expect((await signIn(made.password)).statusCode).toBe(401);
      expect((await signIn(answer.json().password)).statusCode).toBe(200);
      const text = "select actor, particulars from journal where kind = 'password_reset'";
      const entries = await db.run({ name: '', text }, []);
      expect(entries).toEqual([{ actor: 'Ada', particulars: { user: made.user.id, name: 'Bob' } }]);
    });

    test('not themselves, not a stranger, and nobody else may', async () => {
      const admin = await post('/api/setup', ADA);
      const ada = cookieOf(admin);
      const { id } = admin.json();
      const bob = { name: 'Bob', email: 'bob@example.com', role: 'manager' };
      const made = (await post('/api/users', bob, { cookie: ada })).json();
      const manager = cookieOf(await post('/api/sign-in', { email: bob.email, password: made.password }));
      expect((await reset(id, manager)).statusCode).toBe(403);
      expect((await reset(id, ada)).statusCode).toBe(409);
      expect((await reset(randomUUID(), ada)).statusCode).toBe(404);
      expect(await session(ada)).toMatchObject({ user: { id } });
    });
  });
});
