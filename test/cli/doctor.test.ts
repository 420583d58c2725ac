import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { run } from '../../src/cli/main.ts';
import { diagnosis } from '../../src/contract/api/diagnosis.ts';
import { readSettings } from '../../src/loop/settings.ts';
import { openMemory } from '../../src/server/operation/database.ts';
import { lockFolder } from '../../src/server/operation/folderlock.ts';
import { makeLog } from '../../src/server/operation/log.ts';
import { startServer } from '../../src/server/start.ts';

const KEY = 'an-admin-key-for-the-doctor';
const folder = mkdtempSync(join(tmpdir(), 'baton-doctor-'));
const data = join(folder, 'data');
let written = { out: '', err: '' };

beforeAll(() => {
  for (const name of [
    'DATABASE_URL',
    'SMTP_URL',
    'SLACK_BOT_TOKEN',
    'SLACK_WEBHOOK_URL',
    'HUBSPOT_ACCESS_TOKEN',
  ])
    vi.stubEnv(name, undefined);
  vi.stubEnv('BATON_DATA_DIR', data);
  vi.stubEnv('LOG_LEVEL', 'silent');
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    written.out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation(text => {
    written.err += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function baton(...argv: readonly string[]) {
  written = { out: '', err: '' };
  const code = await run(argv);
  return { code, ...written };
}

test('without a database says how to get one, and what is not set up', async () => {
  const { code, out, err } = await baton('doctor');
  expect(code).toBe(1);
  expect(out).toMatch(
    /^WRONG {4}database: there is none in .*data yet, and no DATABASE_URL is set\n {9}Start Baton once/,
  );
  for (const line of ['mail', 'slack bot', 'slack webhook', 'crm'])
    expect(out).toMatch(new RegExp(`^off {6}${line}: not set up \\([A-Z_]+\\)$`, 'm'));
  expect(err).toBe('1 of 5 checks are wrong\n');
});

test('an option that there is not is a wrong call', async () => {
  expect((await baton('doctor', '--nonsense')).code).toBe(2);
  expect((await baton('doctor', '--port', 'x')).code).toBe(2);
});

test('a database that cannot be reached is said to be, with the rest looked at all the same', async () => {
  vi.stubEnv('DATABASE_URL', 'postgresql://nobody:secret@127.0.0.1:1/none');
  const { code, out } = await baton('doctor', '--json');
  vi.stubEnv('DATABASE_URL', undefined);
  expect(code).toBe(1);
  const found = diagnosis.parse(JSON.parse(out));
  expect(found.isWell).toBe(false);
  expect(found.checks[0]).toMatchObject({ name: 'database', state: 'wrong' });
  expect(found.checks[0]?.text).toMatch(/^does not answer: .*ECONNREFUSED/);
  expect(out).not.toContain('secret');
});

test('an embedded database is opened where no server has it: no server runs, but no lead is lost', async () => {
  const file = join(folder, 'agreement.yaml');
  writeFileSync(file, 'agreement: 1\nname: Core\nscores: { fit: {} }\n');
  expect((await baton('agreement', 'apply', file)).code).toBe(0);
  const { code, out, err } = await baton('doctor');
  expect([code, err]).toEqual([1, expect.stringMatching(/^1 of \d+ checks are wrong\n$/)]);
  expect(out).toMatch(/^ok {7}database: PostgreSQL \d+.*, embedded, answers in \d+ ms$/m);
  expect(out).toMatch(/^(?:ok {7}|warning {2})disk: \d+ MB left for the data folder$/m);
  expect(out).toMatch(/^ok {7}clock: 0 s apart from the clock of the database$/m);
  expect(out).toMatch(/^ok {7}migrations: all run$/m);
  expect(out).toMatch(/^WRONG {4}workers: no server is running: .*\n {9}Start one with: baton start$/m);
  expect(out).toMatch(/^ok {7}conservation: no lead is lost$/m);
});

test('a server that has the embedded database is asked instead', async () => {
  // This process lives, and stands for a server.
  const { unlock } = await lockFolder(data);
  const refused = await baton('doctor');
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(
    /is in use by process \d+.*\nTo ask the running server instead, set BATON_ADMIN_KEY/,
  );
  const { settings } = readSettings({ BATON_PORT: '0', BATON_ADMIN_KEY: KEY, LOG_LEVEL: 'silent' });
  if (settings === null) throw new Error('the settings are wrong');
  const running = await startServer({ settings, database: await openMemory(), log: makeLog(settings) });
  try {
    vi.stubEnv('BATON_PORT', new URL(running.url).port);
    vi.stubEnv('BATON_ADMIN_KEY', 'not-the-key-of-the-server');
    expect(await baton('doctor')).toMatchObject({ code: 1, err: expect.stringContaining('cannot be asked') });
    vi.stubEnv('BATON_ADMIN_KEY', KEY);
    const { out } = await baton('doctor', '--json');
    const found = diagnosis.parse(JSON.parse(out));
    expect(found.checks.find(({ name }) => name === 'database')?.state).toBe('ok');
    expect(found.checks.filter(({ name }) => name === 'conservation')).toMatchObject([{ state: 'ok' }]);
  } finally {
    await running.stop();
    unlock();
    vi.stubEnv('BATON_PORT', undefined);
    vi.stubEnv('BATON_ADMIN_KEY', undefined);
  }
});
