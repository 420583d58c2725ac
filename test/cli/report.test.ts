import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { run } from '../../src/cli/main.ts';
import { review } from '../../src/core/review/review.ts';

const folder = mkdtempSync(join(tmpdir(), 'baton-report-'));
const data = join(folder, 'data');
let written = { out: '', err: '' };

beforeAll(() => {
  vi.stubEnv('DATABASE_URL', undefined);
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

test('without a database says how to get one, and makes none', async () => {
  const { code, err } = await baton('report', 'monthly', '--month', '2026-10');
  expect(code).toBe(1);
  expect(err).toMatch(/there is no database in .*data yet, and no DATABASE_URL is set/);
});

test('writes a review to a file, or prints it, of the last month that is over without a name', async () => {
  await baton('key', 'create', '--role', 'admin', '--name', 'a test');
  const file = join(folder, 'review.html');
  const { code, out, err } = await baton('report', 'monthly', '--month', '2026-10', '--out', file);
  expect([code, out, err]).toEqual([0, '', '']);
  const page = readFileSync(file, 'utf8');
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).toContain('<h1>Monthly review: October 2026</h1>');
  expect(page).not.toMatch(/<script|<link|<img/);
  const last = await baton('report', 'weekly', '--json');
  expect(last.code).toBe(0);
  expect(review.parse(JSON.parse(last.out))).toMatchObject({ kind: 'weekly', state: 'over' });
  const quarter = await baton('report', 'quarterly', '--quarter', '2026-Q3');
  expect(quarter.out).toContain('<h1>Definition review: Q3 2026</h1>');
});

test.each([
  [['monthly', '--month', '2026-13'], '--month "2026-13": expected a month such as 2026-10'],
  [['weekly', '--week', '2026-10'], '--week "2026-10": expected a week such as 2026-W48'],
  [['quarterly', '--quarter', 'Q3'], '--quarter "Q3": expected a quarter such as 2026-Q3'],
  [['monthly', '--at', 'yesterday'], '--at "yesterday": expected a time such as'],
  [['monthly', '--week', '2026-W48'], "unknown option '--week'"],
])('refuses %j', async (argv, words) => {
  const { code, err } = await baton('report', ...argv);
  expect(code).toBe(2);
  expect(err).toContain(words);
});

test('says where a file cannot be written', async () => {
  const { code, err } = await baton(
    'report',
    'monthly',
    '--month',
    '2026-10',
    '--out',
    join(folder, 'no', 'x.html'),
  );
  expect(code).toBe(1);
  expect(err).toContain('cannot be written');
});
