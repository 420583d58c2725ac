import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, type Page } from '@playwright/test';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The keys with which every server of these tests is started. */
export const KEYS = {
  admin: 'admin-key-of-the-browser-test',
  public: 'public-key-of-the-browser-test',
  server: 'server-key-of-the-browser-test',
} as const;

/** A Baton of a test's own, on a new folder, with the agreement that a first start brings. */
export interface Baton {
  readonly url: string;
  /** What the start has printed so far. */
  readonly printed: () => string;
  readonly stop: () => Promise<void>;
}

/** Starts Baton on a folder of its own with fixed keys; resolves once it is ready. */
export async function startBaton(
  environment: Readonly<Record<string, string>> = {},
  flags: readonly string[] = ['--port', '0'],
): Promise<Baton> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-browser-'));
  const server = spawn(process.execPath, ['bin/baton.js', 'start', '--data-dir', folder, ...flags], {
    cwd: ROOT,
    env: {
      ...process.env,
      DATABASE_URL: '',
      NATS_URL: '',
      BATON_ADMIN_KEY: KEYS.admin,
      BATON_PUBLIC_WRITE_KEY: KEYS.public,
      BATON_WRITE_KEY: KEYS.server,
      LOG_LEVEL: 'warn',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  const url = await new Promise<string>((resolve, reject) => {
    server.once('exit', code => reject(new Error(`baton start ended with ${code}`)));
    server.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const found = /ready at (http:\S+)/.exec(printed)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  const stop = async () => {
    const ended = new Promise(resolve => server.once('exit', resolve));
    server.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, printed: () => printed, stop };
}

/** A port that nobody listens at, for a server that must know its own address before it starts. */
export async function findPort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise(resolve => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('there is no free port');
  return address.port;
}

/** What makes calls: a page, or a context without one. */
type Caller = Pick<Page, 'request'>;

/** What a person signs in with. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** Signs the page in as the admin, who is made at the first time. */
export async function becomeAdmin(page: Caller, baton: Baton, name: string): Promise<void> {
  const email = `${name.toLowerCase().replace(' ', '.')}@northwind.example`;
  const password = 'long enough to keep';
  const made = await page.request.post(`${baton.url}/api/setup`, { data: { name, email, password } });
  if (made.status() !== 409) return expect(made.ok(), await made.text()).toBe(true);
  const answer = await page.request.post(`${baton.url}/api/sign-in`, { data: { email, password } });
  expect(answer.ok(), await answer.text()).toBe(true);
}

/** Calls the API as the admin key. */
export async function callApi(
  page: Caller,
  baton: Baton,
  of: { readonly method: string; readonly path: string; readonly data?: object },
) {
  const answer = await page.request.fetch(`${baton.url}${of.path}`, {
    method: of.method,
    headers: { authorization: `Bearer ${KEYS.admin}` },
    ...(of.data === undefined ? {} : { data: of.data }),
  });
  expect(answer.ok(), `${of.path}: ${await answer.text()}`).toBe(true);
  return answer.json();
}

/** Adds a person who may sign in. */
export async function addPerson(
  page: Caller,
  baton: Baton,
  name: string,
  role = 'rep',
): Promise<{ readonly id: string } & Credentials> {
  const email = `${name.toLowerCase().replace(' ', '.')}@northwind.example`;
  const { user, password: handed } = await callApi(page, baton, {
    method: 'POST',
    path: '/api/users',
    data: { name, email, role },
  });
  const password = 'chosen by themselves';
  await chooseOwn(baton, { email, handed, password });
  return { id: user.id, email, password };
}

/** Changes the password that was handed over, as its owner is asked to do at their first sign-in. */
async function chooseOwn(
  baton: Baton,
  of: { readonly email: string; readonly handed: string; readonly password: string },
): Promise<void> {
  const post = (path: string, data: object, cookie = '') =>
    fetch(`${baton.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(data),
    });
  const signed = await post('/api/sign-in', { email: of.email, password: of.handed });
  const [cookie = ''] = (signed.headers.get('set-cookie') ?? '').split(';');
  const changed = await post('/api/password', { current: of.handed, next: of.password }, cookie);
  expect(changed.ok, await changed.text()).toBe(true);
}

/** Sends calls as a server does. */
export async function sendCalls(page: Caller, baton: Baton, batch: readonly object[]): Promise<void> {
  const answer = await page.request.post(`${baton.url}/v1/batch`, {
    headers: { authorization: `Basic ${btoa(`${KEYS.server}:`)}` },
    data: { batch },
  });
  expect(await answer.json()).toEqual({ success: true });
}

/** The calls of somebody of a large company who asks for a demo, and qualifies at once. */
export function demoRequest(id: string, name: string): readonly object[] {
  const [first = id] = name.toLowerCase().split(' ');
  const company = { name: `${name} Group`, employees: 4000, industry: 'fintech' };
  const traits = { name, title: 'VP Finance', email: `${first}@${id}.example`, company };
  return [
    { type: 'identify', userId: id, traits },
    { type: 'track', userId: id, event: 'Demo Requested', properties: {} },
  ];
}
