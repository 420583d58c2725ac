import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { findCycles } from './cycle.ts';
import { type Import, importsOf } from './imports.ts';
import { placeOf, ROOT, readSources, readText } from './tree.ts';

/** The rings of the project, and what each may import: other rings, and packages (`node:` is all of Node). */
const RINGS = {
  core: { rings: ['core'], packages: ['zod', 'i18n-iso-countries', 'libphonenumber-js', 'punycode.js'] },
  contract: { rings: ['core', 'contract'], packages: ['zod', 'yaml', 'liquidjs'] },
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
    ],
  },
} as const;
type Ring = keyof typeof RINGS;

/**
 * The rooms of each ring, from the top down: a room imports only rooms of later lines. A file that lies in no folder of
 * its ring is a room of its own.
 */
const ROOMS: Readonly<Record<Ring, readonly string[]>> = {
  core: [
    'review',
    'chart',
    'report',
    'exception',
    'explanation import delivery routing opportunity',
    'nurture',
    'letter',
    'replay decision handoff alert followup',
    'scoring intake duplicate worktime qualification',
    'access agreement contact',
    'condition',
    'time',
    'text',
    'problem unreachable',
  ],
  contract: ['api.ts', 'stream', 'api', 'report', 'shapes', 'endpoint failure file', 'access', 'role'],
  db: [
    'review',
    'duplicate followup report',
    'alert decision exception handoff letter nurture',
    'access agreement contact delivery driver import intake operation opportunity qualification routing scoring',
    'journal notification setting snapshot',
    'database',
  ],
  loop: [
    'import followup qualification opportunity',
    'decision',
    'duplicate',
    'intake',
    'evaluation',
    'nurture review',
    'handoff report delivery',
    'exception',
    'letter',
    'routing backtest alert',
    'scoring',
    'agreement',
    'contact access',
    'sweep',
    'actor app',
    'error settings',
  ],
  server: ['start', 'api', 'report review', 'http', 'access', 'operation', 'handler'],
  demo: ['play', 'work', 'office', 'story'],
  cli: ['main', 'command', 'work', 'app history', 'database settings file', 'failure'],
  web: [
    'main',
    'app',
    'frame',
    'exception contact board',
    'duplicate',
    'queue',
    'opportunity settings score nurture review',
    'agreement alert delivery followup import letter qualification report routing',
    'lead',
    'kit',
    'words',
    'client',
    'site',
  ],
};

/** What only some rooms may import: the packages that open a door, and the rooms that keep it. */
const DOORS: readonly { readonly packages: RegExp; readonly rooms: readonly string[] }[] = [
  { packages: /^@?fastify\b/, rooms: ['server/http'] },
  { packages: /^better-auth\b/, rooms: ['server/access'] },
  {
    packages: /^(?:node:(?:net|tls|dns|dgram|https?)(?:\/promises)?|nodemailer|@slack\/.*)$/,
    rooms: ['loop/delivery', 'server/http', 'server/operation', 'db/driver'],
  },
];

const manifest = z
  .object({ dependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readText('package.json')));

const sources = readSources('src');
const imports = sources.flatMap(importsOf);

function isRing(folder: string): folder is Ring {
  return Object.hasOwn(RINGS, folder);
}

function ringOf(path: string): Ring | null {
  const folder = path.split('/')[1] ?? '';
  return isRing(folder) ? folder : null;
}

/** The room of a file: the folder of its ring that it lies in, or its own name where it lies in none. */
function roomOf(path: string): string {
  const [, ring = '', folder = '', file] = path.split('/');
  if (file !== undefined) return folder;
  const name = folder.replace(/\..*$/, '');
  return existsSync(join(ROOT, 'src', ring, name)) ? folder : name;
}

function lineOf(ring: Ring, room: string): number {
  return ROOMS[ring].findIndex(line => line.split(' ').includes(room));
}

/** Whether an import stays in its room, leaves its ring, or goes down. */
function goesDown({ from, to }: { readonly from: string; readonly to: string }): boolean {
  const ring = ringOf(from);
  if (ring === null || ringOf(to) !== ring) return true;
  const [room, other] = [roomOf(from), roomOf(to)];
  return room === other || lineOf(ring, room) < lineOf(ring, other);
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

function isDoorOpen(from: string, to: string): boolean {
  const room = from.split('/').slice(1, 3).join('/');
  return DOORS.every(({ packages, rooms }) => !packages.test(to) || rooms.includes(room));
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

describe('rooms', () => {
  test('every room stands in the table, and nothing else does', () => {
    const there = new Set(sources.map(({ path }) => `${ringOf(path)}/${roomOf(path)}`));
    const listed = Object.entries(ROOMS).flatMap(([ring, lines]) =>
      lines.flatMap(line => line.split(' ').map(room => `${ring}/${room}`)),
    );
    expect(listed.toSorted()).toEqual([...there].toSorted());
  });

  test.each([
    ['src/core/scoring/score.ts', 'src/core/handoff/desk.ts'],
    ['src/core/scoring/score.ts', 'src/core/intake/call.ts'],
    ['src/loop/app.ts', 'src/loop/contact/change.ts'],
    ['src/server/http/route.ts', 'src/server/api/handlers.ts'],
  ])('an arrow up is seen: %s imports %s', (from, to) => {
    expect(goesDown({ from, to })).toBe(false);
    expect(goesDown({ from, to: from })).toBe(true);
  });

  test('a room imports only rooms that stand lower in its ring', () => {
    const up = imports.filter(
      ({ from, to, isOwn }) => isOwn && !to.endsWith('.css') && !goesDown({ from: from.path, to }),
    );
    expect(up.map(tell)).toEqual([]);
  });

  test("a page's style is its own or the kit's", () => {
    const styles = imports.filter(({ to }) => to.endsWith('.module.css'));
    const borrowed = styles.filter(
      ({ from, to }) => roomOf(to) !== roomOf(from.path) && roomOf(to) !== 'kit',
    );
    expect(styles.length).toBeGreaterThan(20);
    expect(borrowed.map(tell)).toEqual([]);
  });

  test('no folder is a warehouse: thirty files at most, six in the median', () => {
    const folders = new Map<string, number>();
    for (const { path } of sources) {
      const folder = path.slice(0, path.lastIndexOf('/'));
      folders.set(folder, (folders.get(folder) ?? 0) + 1);
    }
    const sizes = [...folders.values()].sort((a, b) => a - b);
    expect([...folders].filter(([, size]) => size > 30)).toEqual([]);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(6);
  });
});

describe('doors', () => {
  test.each([
    ['src/loop/intake/intake.ts', 'fastify'],
    ['src/server/api/contact.ts', 'better-auth'],
    ['src/loop/alert/notify.ts', 'nodemailer'],
    ['src/server/api/webhook.ts', 'node:https'],
  ])('%s may not import %s', (from, to) => {
    expect(isDoorOpen(from, to)).toBe(false);
  });

  test('HTTP, sign-in and the network are spoken to in a few rooms only', () => {
    const wrong = imports.filter(
      ({ from, to, isOwn, isTypeOnly }) => !isOwn && !isTypeOnly && !isDoorOpen(from.path, to),
    );
    expect(wrong.map(tell)).toEqual([]);
  });
});

test('loop and server ask one file for agreements that are stored', () => {
  const readers = imports.filter(
    ({ from, to, isTypeOnly }) =>
      to === 'src/core/agreement/agreement.ts' &&
      !isTypeOnly &&
      ['loop', 'server'].includes(ringOf(from.path) ?? ''),
  );
  expect(readers.map(({ from }) => from.path)).toEqual(['src/loop/agreement/active.ts']);
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
