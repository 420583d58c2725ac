import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ensureBuilt, runBaton } from '../world/process.ts';
import { makeFolder } from './ran.ts';

beforeAll(ensureBuilt, 130_000);

const folder = makeFolder();

/** What V8 writes about the scripts of a process when it ends. */
const coverage = z.object({ result: z.array(z.object({ url: z.string() })) });

/** Runs a command; gives what it printed, which of our own files it loaded, and which packages. */
async function run(...args: readonly string[]) {
  const told = folder.path(`loaded ${args.map(encodeURIComponent).join(' ')}`);
  const command = runBaton(args, { NODE_V8_COVERAGE: told });
  const closed = new Promise(resolve => command.child.on('close', resolve));
  const code = await command.ended;
  await closed;
  const urls = readdirSync(told)
    .map(name => coverage.parse(JSON.parse(readFileSync(join(told, name), 'utf8'))))
    .flatMap(({ result }) => result.map(({ url }) => url));
  const all = (pattern: RegExp) => [...new Set(urls.flatMap(url => pattern.exec(url)?.slice(1) ?? []))];
  return {
    code,
    stdout: command.stdout(),
    rings: all(/^(?!.*\/node_modules\/).*\/dist\/(\w+)\//).toSorted(),
    works: all(/\/dist\/cli\/work\/(\w+)\.js$/).toSorted(),
    packages: all(/.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//).toSorted(),
  };
}

test('the scan sees what a command loads', async () => {
  const { code, rings, works, packages } = await run('start', '--port', 'nowhere');
  expect(code).toBe(2);
  expect(rings).toEqual(['cli', 'contract', 'core', 'db', 'demo', 'loop', 'server']);
  expect(works).toEqual(['start']);
  expect(packages).toEqual(expect.arrayContaining(['@electric-sql/pglite', 'commander', 'fastify', 'zod']));
});

describe('help is printed without loading the work', () => {
  test.each([
    { args: [], names: ['start', 'demo', 'validate', 'score', 'replay', 'import', 'agreement', 'key'] },
    { args: ['start'], names: ['--host', '--port', '--data-dir', '--agreement'] },
    { args: ['demo'], names: ['--host', '--port', '--seed', '--contacts', '(default: "2000")'] },
    { args: ['validate'], names: ['<file>'] },
    { args: ['score'], names: ['--agreement', '--contacts', '--events', '--threads', '--at'] },
    { args: ['replay'], names: ['--agreement', '--contacts', '--against', '--from', '--to', '--threads'] },
    { args: ['worktime'], names: ['--agreement', '--calendar', '{"at":', 'always'] },
    { args: ['import'], names: ['contacts', '--data-dir', '--mapping', '--dry-run', '--handoff', '--undo'] },
    { args: ['agreement'], names: ['plan', 'apply', 'export'] },
    { args: ['agreement', 'plan'], names: ['<file>', '--data-dir', '--json'] },
    { args: ['agreement', 'apply'], names: ['<file>', '--data-dir', '--json', '--handoff'] },
    { args: ['agreement', 'export'], names: ['<file>', '--data-dir'] },
    { args: ['key', 'create'], names: ['admin, marketing, manager, rep', '--data-dir', '--name'] },
    { args: ['report', 'monthly'], names: ['--month', '--out', '--at', '--json', '--data-dir'] },
    { args: ['doctor'], names: ['--host', '--port', '--data-dir', '--json'] },
  ])('baton $args --help', async ({ args, names }) => {
    const { code, stdout, rings, works, packages } = await run(...args, '--help');
    expect(code).toBe(0);
    for (const name of names) expect(stdout).toContain(name);
    expect({ rings, works, packages }).toEqual({
      // The words of roles, and how many leads a demo has.
      rings: ['cli', 'contract', 'demo'],
      works: [],
      packages: ['commander'],
    });
  });
});

test('an agreement is checked without database and server', async () => {
  const { code, rings, works, packages } = await run('validate', 'templates/b2b-saas.yaml');
  expect(code).toBe(0);
  expect(rings).toEqual(['cli', 'contract', 'core', 'demo']);
  expect(works).toEqual(['validate']);
  expect(packages).toEqual(['commander', 'liquidjs', 'yaml', 'zod']);
});

test.each(['score', 'replay'])('baton %s loads neither database nor server', async name => {
  const contacts = folder.write(`${name}.contacts.jsonl`, '{"id":"ann","createdAt":"2026-03-01"}\n');
  const events = folder.write(`${name}.events.jsonl`, '');
  const files = ['--agreement', 'templates/b2b-saas.yaml', '--contacts', contacts, '--events', events];
  const { code, rings, works } = await run(name, ...files);
  expect(code).toBe(0);
  expect(rings).toEqual(['cli', 'contract', 'core', 'demo', 'loop']);
  expect(works).toEqual([name]);
});
