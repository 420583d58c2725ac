import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { importsOf } from './imports.ts';
import { parseSource, ROOT, readSources, readText, trackedFiles } from './tree.ts';

const names = z.record(z.string(), z.string()).default({});

const manifest = z
  .object({
    dependencies: names,
    devDependencies: names,
    overrides: z.unknown(),
    workspaces: z.array(z.string()),
  })
  .parse(JSON.parse(readText('package.json')));

/** Folders of the project that npm links into `node_modules`. */
const { workspaces } = manifest;

const lock = z
  .object({
    packages: z.record(
      z.string(),
      z.object({
        version: z.string().optional(),
        license: z.string().optional(),
        resolved: z.string().optional(),
        link: z.boolean().default(false),
        hasInstallScript: z.boolean().optional(),
        dependencies: names,
        optionalDependencies: names,
      }),
    ),
  })
  .parse(JSON.parse(readText('package-lock.json')));

/** Where the lock file puts a package that another one asks for: nested first, then outwards. */
function locate(name: string, from: string): string | null {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (Object.hasOwn(lock.packages, place)) return place;
    if (folder === '' || !folder.includes('node_modules')) return null;
    if (!folder.includes('/node_modules/')) folder = '';
  }
}

/** Every package that runs in production. Optional peers are not followed: nothing needs them to be there. */
function productionPackages(): readonly string[] {
  const found = new Set<string>();
  const waiting = Object.keys(manifest.dependencies).map(name => ({ name, from: '' }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const place = locate(next.name, next.from);
    if (place === null || found.has(place)) continue;
    found.add(place);
    const { dependencies, optionalDependencies } = lock.packages[place] ?? {
      dependencies: {},
      optionalDependencies: {},
    };
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies }))
      waiting.push({ name, from: place });
  }
  return [...found].sort();
}

/** Licences that ask for no more than to be named. */
const LICENCES = new Set([
  'MIT',
  'MIT-0',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  '0BSD',
  'Unlicense',
  'BlueOak-1.0.0',
]);

test('every dependency is in the lock file', () => {
  const missing = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
    name => locate(name, '') === null,
  );
  expect(missing).toEqual([]);
});

test('packages that run in production have a licence that asks for no more than to be named', () => {
  const places = productionPackages();
  expect(places.length).toBeGreaterThan(100);
  const odd = places.filter(place => !LICENCES.has(lock.packages[place]?.license ?? 'none'));
  expect(odd.map(place => `${place}: ${lock.packages[place]?.license ?? 'none'}`)).toEqual([]);
});

test('the lock file names no address to download from: the registry is the installer’s own', () => {
  const named = Object.entries(lock.packages).filter(([, { resolved }]) => resolved !== undefined);
  const strange = named.filter(([, { link, resolved }]) => !link || !workspaces.includes(resolved ?? ''));
  expect(strange.map(([place]) => place)).toEqual([]);
  expect(readText('package-lock.json')).not.toMatch(/"resolved": "[^"]*[:/]|https?:\/\/[^"]*\.tgz/);
});

/**
 * Packages that may run a script while they are installed, each with the reason. The lock file marks every package
 * that has one.
 */
const SCRIPTS: Readonly<Record<string, string>> = {
  'node_modules/fsevents': 'builds the file watcher of macOS from its own sources; downloads nothing',
};

test('no package runs a script while it is installed', () => {
  const scripts = Object.entries(lock.packages).filter(
    ([, { hasInstallScript }]) => hasInstallScript === true,
  );
  const odd = scripts.filter(
    ([place]) => !Object.hasOwn(SCRIPTS, place.replace(/^.*(?=node_modules\/)/, '')),
  );
  expect(odd.map(([place]) => place)).toEqual([]);
});

test('the packages as installed have no such script either', () => {
  const script = z.object({ scripts: names }).catch({ scripts: {} });
  const odd = Object.keys(lock.packages).filter(place => {
    const file = join(ROOT, place, 'package.json');
    if (place === '' || !existsSync(file)) return false;
    const { scripts } = script.parse(JSON.parse(readFileSync(file, 'utf8')));
    return ['preinstall', 'install', 'postinstall'].some(name => Object.hasOwn(scripts, name));
  });
  expect(odd.filter(place => !Object.hasOwn(SCRIPTS, place))).toEqual([]);
});

test('every dependency has its reason in the table of docs/adr, and the table names no other', () => {
  const table = readText('docs/adr/0002-dependencies.md');
  const rows = [...table.matchAll(/^\| `([^`]+)`/gm)].map(match => match[1]);
  const asked = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(rows.toSorted()).toEqual(asked.toSorted());
});

const configs = trackedFiles().filter(path =>
  /^[^/]+\.config\.ts$|^(?:scripts|bench|bin)\/.*\.[jt]s$/.test(path),
);
const sources = [...readSources('src'), ...readSources('test'), ...configs.map(parseSource)];

test('every package that is imported is in package.json, and what the product imports is a dependency', () => {
  const odd = sources.flatMap(importsOf).filter(({ from, to, isOwn }) => {
    if (isOwn || to.startsWith('node:')) return false;
    const isProduct = from.path.startsWith('src/') && !from.path.startsWith('src/web/');
    const asked = isProduct
      ? manifest.dependencies
      : { ...manifest.dependencies, ...manifest.devDependencies };
    return !Object.hasOwn(asked, to);
  });
  expect(odd.map(({ from, to }) => `${from.path} imports ${to}`)).toEqual([]);
});

/** Packages that no file imports, each with what needs them. */
const UNIMPORTED: Readonly<Record<string, string>> = {
  '@biomejs/biome': 'npm run check',
  typescript: 'npm run check, npm run build',
  '@segment/analytics-next': 'test/e2e/segment.spec.ts serves it to a page',
  dayjs: '@mantine/dates asks for it',
  recharts: '@mantine/charts asks for it',
};

test('every dependency is used', () => {
  const text = sources.map(source => source.text).join('\n');
  const isUsed = (name: string): boolean => {
    const of = name.startsWith('@types/') ? name.slice('@types/'.length) : name;
    return ['node'].includes(of) || Object.hasOwn(UNIMPORTED, of) || text.includes(`'${of}`);
  };
  const all = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(all.filter(name => !isUsed(name))).toEqual([]);
});
