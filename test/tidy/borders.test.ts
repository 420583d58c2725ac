import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type Import, importsOf } from './imports.ts';
import { placeOf, ROOT, readSources, readText } from './tree.ts';

/** The rings of the project, and what each may import: other rings, and packages (`node:` is all of Node). */
const RINGS = {
  core: { rings: ['core'], packages: ['zod'] },
  contract: { rings: ['core', 'contract'], packages: ['zod', 'yaml'] },
  db: { rings: ['core', 'contract', 'db'], packages: ['pg', '@electric-sql/pglite', 'kysely', 'node:'] },
  loop: { rings: ['core', 'contract', 'db', 'loop'], packages: ['node:', 'dependencies'] },
  server: { rings: ['core', 'contract', 'db', 'loop', 'server'], packages: ['node:', 'dependencies'] },
  demo: { rings: ['core', 'contract', 'db', 'loop', 'server', 'demo'], packages: ['node:', 'zod'] },
  cli: {
    rings: ['core', 'contract', 'db', 'loop', 'server', 'demo', 'cli'],
    packages: ['node:', 'dependencies'],
  },
  web: {
    rings: ['core', 'contract', 'web'],
    packages: [
      'zod',
      'react',
      'react-dom',
      'react-router',
      'recharts',
      'dayjs',
      '@mantine/charts',
      '@mantine/core',
      '@mantine/dates',
      '@mantine/form',
      '@mantine/hooks',
      '@mantine/notifications',
      '@tanstack/react-query',
      '@tanstack/react-table',
    ],
  },
} as const;

const manifest = z
  .object({ dependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readText('package.json')));

const sources = readSources('src');
const imports = sources.flatMap(importsOf);

function isRing(folder: string): folder is keyof typeof RINGS {
  return Object.hasOwn(RINGS, folder);
}

function ringOf(path: string): keyof typeof RINGS | null {
  const folder = path.split('/')[1] ?? '';
  return isRing(folder) ? folder : null;
}

function isAllowed(found: Import): boolean {
  const ring = ringOf(found.from.path);
  if (ring === null) return false;
  const { rings, packages }: { readonly rings: readonly string[]; readonly packages: readonly string[] } =
    RINGS[ring];
  if (found.isOwn) return rings.includes(ringOf(found.to) ?? '');
  if (found.to.startsWith('node:')) return packages.includes('node:');
  return (
    packages.includes(found.to) ||
    (packages.includes('dependencies') && Object.hasOwn(manifest.dependencies, found.to))
  );
}

const tell = (found: Import) => `${placeOf(found.from, found.offset)} imports ${found.to}`;

test('the scan sees the project', () => {
  expect(new Set(sources.map(({ path }) => ringOf(path)))).toEqual(new Set(Object.keys(RINGS)));
  expect(imports.length).toBeGreaterThan(500);
});

test('every file of src lies in a ring', () => {
  expect(sources.filter(({ path }) => ringOf(path) === null).map(({ path }) => path)).toEqual([]);
});

test('imports cross the borders of the rings one way', () => {
  expect(imports.filter(found => !isAllowed(found)).map(tell)).toEqual([]);
});

test('every file that is imported is there', () => {
  const missing = imports.filter(({ isOwn, to }) => isOwn && !existsSync(join(ROOT, to)));
  expect(missing.map(tell)).toEqual([]);
});

test('a cycle is found where there is one', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', ['b']],
    ['d', []],
  ]);
  expect(findCycles(graph)).toEqual([['b', 'c']]);
});

test('no files import each other in a circle, not even for types', () => {
  const graph = new Map(
    sources.map(source => [source.path, importsOf(source).flatMap(({ isOwn, to }) => (isOwn ? [to] : []))]),
  );
  expect(findCycles(graph)).toEqual([]);
});

/** The sets of files that reach each other: the strongly connected components of more than one (Tarjan, 1972). */
function findCycles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const cycles: string[][] = [];
  const visit = (name: string) => {
    const number = order.size;
    order.set(name, number);
    low.set(name, number);
    open.push(name);
    for (const next of graph.get(name) ?? []) {
      if (!order.has(next)) visit(next);
      else if (!open.includes(next)) continue;
      low.set(name, Math.min(low.get(name) ?? number, low.get(next) ?? number));
    }
    if (low.get(name) !== number) return;
    const members = open.splice(open.indexOf(name));
    const [only] = members;
    if (members.length > 1 || (only !== undefined && graph.get(only)?.includes(only)))
      cycles.push(members.sort());
  };
  for (const name of graph.keys()) if (!order.has(name)) visit(name);
  return cycles;
}
