import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Database } from '../../src/db/database.ts';
import { deliverDue } from '../../src/loop/delivery/outbox.ts';
import { openSenders } from '../../src/loop/delivery/sender.ts';
import { DRIVERS } from '../db/opened.ts';
import { empty } from '../world/empty.ts';
import { type MailPeer, openMailPeer } from '../world/peer.ts';
import { clearPeople, cookieOf, type Started, startNode } from './started.ts';

const ADA = { name: 'Ada', email: 'ada@example.com', password: 'correct horse' };
const BOB = { name: 'Bob Ray', email: 'bob@example.com', role: 'rep' };
const OWN = 'rafoki betuza';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  let mail: MailPeer;
  let node: Started;
  let ada: string;
  beforeAll(async () => {
    [db, mail] = await Promise.all([driver.open(), openMailPeer()]);
  });
  afterAll(async () => {
    await Promise.all([db.close(), mail.close()]);
  });
  beforeEach(async () => {
    await clearPeople(db);
    await empty(db, ['outbox']);
    mail.mails.length = 0;
  });
  afterEach(() => node.close());

  const start = async (environment: Readonly<Record<string, string>> = {}) => {
    node = await startNode(db, { environment });
    ada = cookieOf(await post('/api/setup', ADA));
  };
  const withMail = () => start({ SMTP_URL: mail.url });
  const post = (url: string, payload: object, cookie = '') =>
    node.server.inject({ method: 'POST', url, payload, headers: { cookie } });
  const invite = (by: string) => post('/api/users', { ...BOB, by }, ada).then(answer => answer.json());
  const session = (cookie: string) =>
    node.server.inject({ url: '/api/session', headers: { cookie } }).then(answer => answer.json());
  const signIn = (password: string) => post('/api/sign-in', { email: BOB.email, password });
  const choose = (token: string, password = OWN) => post('/api/access-link/password', { token, password });
  const tokenIn = (text: string) => /#token=([\w.-]+)/.exec(text)?.[1] ?? '';
  /** Sends what is promised and returns the text of the last mail. */
  const lastMail = async () => {
    const { senders, close } = openSenders(node.app, 'https://baton.example');
    await deliverDue(node.app, senders, { now: node.app.clock(), batch: 10 });
    close();
    return mail.mails.at(-1)?.parts.get('text/plain') ?? '';
  };
  const run = async (text: string) =>
    z.array(z.record(z.string(), z.unknown())).parse(await db.run({ name: '', text }, []));

  test('an invitation comes by mail, works once, and lets its reader choose a password', async () => {
    await withMail();
    const { user, password, invitation } = await invite('invitation');
    expect([password, invitation.isMailed, invitation.link]).toEqual([null, true, null]);
    const text = await lastMail();
    expect(mail.mails.at(-1)?.to).toEqual([BOB.email]);
    expect(text).toContain('Ada invites you to Baton');
    expect(text).toContain('https://baton.example/welcome#token=');
    const token = tokenIn(text);
    const link = await post('/api/access-link', { token });
    expect(link.json()).toMatchObject({ kind: 'invitation', name: BOB.name, email: BOB.email });
    expect((await choose(token, 'short')).statusCode).toBe(422);
    expect((await choose(token, 'bob@example.com')).json().errors).toMatchObject([{ path: 'password' }]);
    const chosen = await choose(token);
    expect(chosen.json()).toMatchObject({ id: user.id });
    expect(await session(cookieOf(chosen))).toMatchObject({ user: { id: user.id }, passwordGiven: false });
    expect((await signIn(OWN)).statusCode).toBe(200);
    expect((await choose(token)).statusCode).toBe(404);
    expect((await post('/api/access-link', { token })).statusCode).toBe(404);
    const entries = await run('select kind, actor from journal order by id');
    expect(entries.map(({ kind, actor }) => `${kind} by ${actor}`)).toEqual([
      'user_added by Ada',
      'user_added by Ada',
      'user_invited by Ada',
      'password_chosen by Bob Ray',
    ]);
  });

  test('the token is neither in the database nor in what the deliveries show', async () => {
    await withMail();
    await invite('invitation');
    const token = tokenIn(await lastMail());
    const [, secret = ''] = token.split('.');
    expect(secret.length).toBeGreaterThan(40);
    const [row] = await run('select id, outbox::text as whole from outbox');
    expect(String(row?.whole)).not.toContain(secret);
    const [link] = await run('select access_link::text as whole from access_link');
    expect(String(link?.whole)).not.toContain(secret);
    const shown = await node.server.inject({ url: `/api/deliveries/${row?.id}`, headers: { cookie: ada } });
    expect(shown.json().text).toContain('https://baton.example/welcome'.slice(-8));
    expect(shown.body).not.toContain('token=');
  });

  test('without mail the link is shown once, to be passed on; a new one takes its place', async () => {
    await start();
    const { user, invitation } = await invite('invitation');
    expect(invitation).toMatchObject({ isMailed: false, link: expect.stringContaining('/welcome#token=') });
    const people = await node.server.inject({ url: '/api/users', headers: { cookie: ada } });
    const listed = people.json().items.find(({ id }: { id: string }) => id === user.id);
    expect(listed).toMatchObject({ invitedUntil: invitation.expiresAt });
    const again = (await post(`/api/users/${user.id}/invitation`, {}, ada)).json();
    expect((await choose(tokenIn(invitation.link))).statusCode).toBe(404);
    expect((await choose(tokenIn(again.invitation.link))).statusCode).toBe(200);
    const after = await node.server.inject({ url: '/api/users', headers: { cookie: ada } });
    expect(after.json().items.map(({ invitedUntil }: { invitedUntil: unknown }) => invitedUntil)).toEqual([
      null,
      null,
    ]);
  });

  test('a link ends: an invitation after seven days, one for a forgotten password after an hour', async () => {
    await withMail();
    const { user } = await invite('invitation');
    const invitation = tokenIn(await lastMail());
    node.move(7 * DAY - 1000);
    expect((await post('/api/access-link', { token: invitation })).statusCode).toBe(200);
    node.move(1000);
    expect((await choose(invitation)).statusCode).toBe(404);
    await post(`/api/users/${user.id}/password`, {}, ada);
    await post('/api/password/forgotten', { email: BOB.email });
    await expect.poll(lastMail).toContain('Choose a new password');
    const reset = tokenIn(await lastMail());
    node.move(HOUR);
    expect((await choose(reset)).statusCode).toBe(404);
  });

  test('a forgotten password is replaced by mail: the old one, all sessions and other links end', async () => {
    await withMail();
    const { password } = await invite('password');
    const old = cookieOf(await signIn(password));
    // Whatever the case in which the address is written.
    await post('/api/password/forgotten', { email: 'Bob@Example.com' });
    await expect.poll(lastMail).toContain('#token=');
    const chosen = await choose(tokenIn(await lastMail()));
    expect(chosen.statusCode).toBe(200);
    expect(await session(old)).toMatchObject({ user: null });
    expect((await signIn(password)).statusCode).toBe(401);
    expect((await signIn(OWN)).statusCode).toBe(200);
  });

  test('the answer is the same whether an address exists, and too many are refused alike', async () => {
    await withMail();
    await invite('password');
    const ask = (email: string) => post('/api/password/forgotten', { email });
    const seen = [];
    for (const email of [BOB.email, 'nobody@example.com']) {
      const answers = [];
      for (let n = 0; n < 6; n++) answers.push(await ask(email));
      seen.push(answers.map(({ statusCode, body }) => [statusCode, body.replace(/"requestId":"[^"]+"/, '')]));
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[0]?.map(([status]) => status)).toEqual([200, 200, 200, 200, 429, 429]);
    // The account itself can still be signed in to.
    expect((await signIn('wrong')).statusCode).toBe(401);
    const count = async () => {
      await lastMail();
      return mail.mails.length;
    };
    await expect.poll(count).toBe(4);
    expect(new Set(mail.mails.flatMap(({ to }) => to))).toEqual(new Set([BOB.email]));
  });

  test('a person who is deactivated gets no mail, and their links stop', async () => {
    await withMail();
    const { user } = await invite('invitation');
    const token = tokenIn(await lastMail());
    const off = {
      method: 'PATCH',
      url: `/api/users/${user.id}`,
      payload: { active: false },
      headers: { cookie: ada },
    } as const;
    expect((await node.server.inject(off)).statusCode).toBe(200);
    expect((await choose(token)).statusCode).toBe(404);
    expect((await post(`/api/users/${user.id}/invitation`, {}, ada)).statusCode).toBe(409);
    expect((await post('/api/password/forgotten', { email: BOB.email })).statusCode).toBe(200);
    expect(await deliverDueCount()).toBe(0);
  });

  const deliverDueCount = async () => {
    const rows = await run("select id from outbox where state = 'waiting'");
    return rows.length;
  };

  test('a token of somebody else, a changed one, or one of another kind opens nothing', async () => {
    await start();
    const { invitation } = await invite('invitation');
    const token = tokenIn(invitation.link);
    const [id = '', secret = ''] = token.split('.');
    for (const wrong of [
      '',
      'x',
      id,
      `${id}.`,
      `${id}.${secret.slice(1)}`,
      `${id}.${'A'.repeat(secret.length)}`,
    ]) {
      const { statusCode } = await choose(wrong);
      expect([wrong, statusCode]).toEqual([wrong, wrong === '' ? 422 : 404]);
    }
    expect((await choose(token)).statusCode).toBe(200);
  });

  test('a password that was handed over is to be changed, until its owner has done so', async () => {
    await start();
    const { user, password } = await invite('password');
    const cookie = cookieOf(await signIn(password));
    expect(await session(cookie)).toMatchObject({ passwordGiven: true });
    const left = (await post(`/api/users/${user.id}/invitation`, {}, ada)).json();
    const changed = await post('/api/password', { current: password, next: OWN }, cookie);
    expect(changed.statusCode).toBe(200);
    // A link that was asked for before opens nothing now.
    expect((await choose(tokenIn(left.invitation.link))).statusCode).toBe(404);
    expect(await session(cookieOf(changed))).toMatchObject({ user: { id: user.id }, passwordGiven: false });
    await post(`/api/users/${user.id}/password`, {}, ada);
    const [row] = await db.run(
      { name: '', text: `select password_given from app_user where id = '${user.id}'` },
      [],
    );
    expect(row).toEqual({ password_given: true });
  });

  test('the first steps are an admin’s until something comes in or they are set down as done', async () => {
    await start();
    expect(await session(ada)).toMatchObject({ firstSteps: true });
    const done = {
      method: 'PUT',
      url: '/api/first-steps',
      payload: { isDone: true },
      headers: { cookie: ada },
    } as const;
    expect((await node.server.inject(done)).json()).toMatchObject({ isDone: true, lastEvent: null });
    expect(await session(ada)).toMatchObject({ firstSteps: false });
    await invite('password');
  });
});
