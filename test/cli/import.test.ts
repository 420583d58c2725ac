import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { run } from '../../src/cli/main.ts';
import { TEMPLATE } from '../../src/loop/agreement/activate.ts';
import { readSettings } from '../../src/loop/settings.ts';
import { openDatabase } from '../../src/server/operation/database.ts';
import { type Running, startServer } from '../../src/server/start.ts';

let folder = '';
let server: Running;
let written = { out: '', err: '' };

const log = pino({ level: 'silent' });

async function start(data: string): Promise<Running> {
  const { settings, problems } = readSettings({
    BATON_DATA_DIR: data,
    BATON_PORT: '0',
    BATON_HOST: '127.0.0.1',
  });
  if (problems !== null) throw new Error(problems.join('; '));
  return startServer({ settings, database: await openDatabase(settings, log), log });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-beside-'));
  vi.stubEnv('DATABASE_URL', undefined);
  vi.stubEnv('LOG_LEVEL', 'warn');
  server = await start(join(folder, 'served'));
}, 60_000);
afterAll(async () => {
  await server.stop();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
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

/** Runs a command on a data folder; what differs from run to run is made alike. */
async function baton(data: 'served' | 'alone', ...argv: readonly string[]) {
  written = { out: '', err: '' };
  const code = await run([...argv, '--data-dir', join(folder, data)]);
  const alike = (text: string) => text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'BATCH');
  const [batch = ''] = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(written.out) ?? [];
  return { code, out: alike(written.out), err: alike(written.err), batch };
}

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const LEADS = `id,email,title,createdAt\nc1,ann@acme.example,VP,2026-01-15\nc2,,=1+1,soon\n,x@,CEO,\nc4,dot@oak.example,CFO\n`;

describe('beside a server that has the data folder open', () => {
  test('the server leaves a key that the owner of the folder alone can read', async () => {
    const { mode } = await stat(join(folder, 'served', 'server.json'));
    expect(mode & 0o777).toBe(0o600);
    const { url, key } = JSON.parse(await readFile(join(folder, 'served', 'server.json'), 'utf8'));
    expect(url).toBe(server.url);
    const asked = (secret: string) =>
      fetch(`${url}/api/imports`, { headers: { authorization: `Bearer ${secret}` } });
    expect([(await asked(key)).status, (await asked(`${key}x`)).status]).toEqual([200, 401]);
  });

  test('a preview, an import, its error file and its undo are as they are without one', async () => {
    const path = await file('leads.csv', LEADS);
    for (const more of [[], ['--json']]) {
      const alone = await baton('alone', 'import', 'contacts', path, '--dry-run', ...more);
      expect(alone.code).toBe(1);
      expect(await baton('served', 'import', 'contacts', path, '--dry-run', ...more)).toEqual(alone);
    }
    const alone = await baton('alone', 'import', 'contacts', path);
    const errors = await readFile(`${path}.errors.csv`, 'utf8');
    await rm(`${path}.errors.csv`);
    const served = await baton('served', 'import', 'contacts', path);
    expect({ ...served, batch: '' }).toEqual({ ...alone, batch: '' });
    expect(alone).toMatchObject({
      code: 1,
      out: expect.stringContaining('4 rows: 2 taken, 0 unchanged, 2 refused'),
    });
    expect(await readFile(`${path}.errors.csv`, 'utf8')).toBe(errors);
    const again = await baton('alone', 'import', 'contacts', path, '--json');
    expect(await baton('served', 'import', 'contacts', path, '--json')).toEqual(again);
    for (const [data, { batch }] of [
      ['alone', alone],
      ['served', served],
    ] as const) {
      expect(await baton(data, 'import', '--undo', batch)).toMatchObject({
        code: 0,
        out: 'Took back contacts of leads.csv: 2 contacts removed, 0 changed.\n',
      });
      expect(await baton(data, 'import', '--undo', batch)).toMatchObject({
        code: 2,
        err: expect.stringMatching(/the import BATCH was taken back already; nothing was imported/),
      });
      expect(await baton(data, 'import', '--undo', 'x')).toMatchObject({
        code: 2,
        err: expect.stringMatching(/there is no import x; nothing was imported/),
      });
    }
  }, 60_000);

  test('faults of the call, the file and the mapping are told alike', async () => {
    const path = await file('few.csv', 'Lead,Name\n1,Ann\n');
    const mapping = await file('few.yaml', 'id: Lead\ncolumns:\n  Nmae: contact.name\n');
    for (const argv of [
      ['import', 'contacts', path, '--mapping', mapping],
      ['import', 'contacts', path, '--mapping', mapping, '--dry-run'],
      ['import', 'contacts', path],
      ['import', 'contacts', await file('few.xlsx', 'PK'), '--dry-run'],
      ['import', 'outcomes', await file('deals.csv', 'email,type,at\na@a.example,won,2026-01-01\n')],
    ]) {
      const alone = await baton('alone', ...argv);
      expect(alone.code).toBeGreaterThan(0);
      expect(await baton('served', ...argv), argv.join(' ')).toEqual(alone);
    }
  }, 60_000);

  test('agreements are compared, made active and written out as they are without one', async () => {
    const template = await readFile(TEMPLATE, 'utf8');
    const old = await file('old.yaml', template);
    const next = await file('next.yaml', template.replace(/^name: .*$/m, 'name: Next'));
    const wrong = await file('wrong.yaml', 'agreement: 1\nname: 7\n');
    for (const data of ['alone', 'served'] as const) {
      await baton(data, 'agreement', 'apply', old);
      expect((await baton(data, 'agreement', 'apply', old)).out).toContain('is active already');
    }
    for (const argv of [
      ['agreement', 'plan', next],
      ['agreement', 'plan', next, '--json'],
      ['agreement', 'plan', wrong],
      ['agreement', 'apply', wrong],
      ['agreement', 'apply', next],
      ['agreement', 'apply', next, '--json'],
      ['agreement', 'export', '-'],
      ['agreement', 'export', join(folder, 'missing', 'out.yaml')],
    ]) {
      const alone = await baton('alone', ...argv);
      expect(await baton('served', ...argv), argv.join(' ')).toEqual(alone);
    }
    expect((await baton('served', 'agreement', 'export', '-')).out).toBe(await readFile(next, 'utf8'));
    expect(await baton('served', 'agreement', 'apply', old, '--handoff', 'now')).toEqual(
      await baton('alone', 'agreement', 'apply', old, '--handoff', 'now'),
    );
  }, 60_000);

  test('keys are made, and the doctor looks, without another key', async () => {
    const argv = ['key', 'create', '--name', 'CRM', '--role'];
    expect((await baton('alone', ...argv, 'rep')).out).toMatch(/^bt_\w+/);
    const { code, out } = await baton('served', ...argv, 'rep');
    expect(code).toBe(0);
    const status = async (path: string) =>
      (await fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${out.trim()}` } })).status;
    expect([await status('/api/queue'), await status('/api/keys')]).toEqual([200, 403]);
    for (const role of ['server', 'public']) expect((await baton('served', ...argv, role)).code).toBe(0);
    expect(await baton('served', ...argv, 'boss')).toEqual(await baton('alone', ...argv, 'boss'));
    const found = await baton('served', 'doctor', '--json');
    expect(JSON.parse(found.out).checks).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'database', state: 'ok' })]),
    );
  }, 60_000);

  test('once it has stopped, the file is gone and the folder is opened as before', async () => {
    const other = await start(join(folder, 'other'));
    const left = await readFile(join(folder, 'other', 'server.json'), 'utf8');
    await other.stop();
    expect(existsSync(join(folder, 'other', 'server.json'))).toBe(false);
    // As a process leaves it that is killed.
    await writeFile(join(folder, 'other', 'server.json'), left);
    const path = await file('one.csv', 'id,title\nc1,VP\n');
    written = { out: '', err: '' };
    expect(await run(['import', 'contacts', path, '--data-dir', join(folder, 'other')])).toBe(0);
    expect(written.out).toContain('1 taken');
  }, 60_000);
});
