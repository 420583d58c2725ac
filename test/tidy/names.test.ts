import { type ESTree, Visitor } from 'vite';
import { describe, expect, test } from 'vitest';
import { readSources, readText, type Source } from './tree.ts';

const sources = readSources('src');

/** The names that a file declares and exports. */
function exportedNames({ program }: Pick<Source, 'program'>): readonly string[] {
  const names: string[] = [];
  const add = (id: ESTree.Node | null) => {
    if (id?.type === 'Identifier') names.push(id.name);
  };
  new Visitor({
    ExportNamedDeclaration: ({ declaration }) => {
      if (declaration === null) return;
      if (declaration.type === 'VariableDeclaration') for (const { id } of declaration.declarations) add(id);
      else if ('id' in declaration) add(declaration.id);
    },
  }).visit(program);
  // A shape and the type inferred of it are one thing, and so is what a file overloads.
  return [...new Set(names)];
}

/** What several files of one ring export by the same name, as `ring name`. */
function namesTwice(files: readonly Source[]): readonly string[] {
  const places = new Map<string, number>();
  for (const file of files) {
    const ring = file.path.split('/')[1];
    for (const name of exportedNames(file)) {
      const key = `${ring} ${name}`;
      places.set(key, (places.get(key) ?? 0) + 1);
    }
  }
  return [...places].flatMap(([key, count]) => (count > 1 ? [key] : [])).sort();
}

describe('an exported name', () => {
  test('is seen, whatever it names', () => {
    const names = new Set(sources.flatMap(exportedNames));
    for (const name of ['scoreAt', 'DAY_MS', 'Settled', 'HookType', 'AppError'])
      expect(names).toContain(name);
  });

  test('is seen where it stands in two files of a ring', () => {
    const [file] = sources;
    if (file === undefined) throw new Error('there are no sources');
    const [name = ''] = exportedNames(file);
    expect(namesTwice([file, { ...file, path: `${file.path}x` }])).toContain(
      `${file.path.split('/')[1]} ${name}`,
    );
  });

  test('means one thing in its ring', () => {
    expect(namesTwice(sources)).toEqual([]);
  });
});

/** The words that a file of a ring may be named by: those of the glossary, and those that ARCHITECTURE.md gives its room. */
describe('a file is named by a word', () => {
  const glossary = new Set(
    [...readText('docs/glossary.md').matchAll(/^\| ([^|]+) \|/gm)].flatMap(
      ([, cell = '']) => cell.toLowerCase().match(/[a-z]+/g) ?? [],
    ),
  );
  const rooms = new Map<string, ReadonlySet<string>>();
  for (const [, room = '', cells = ''] of readText('ARCHITECTURE.md').matchAll(
    /^\| `(\w+)` +\|[^|]+\|(.+)\|$/gm,
  ))
    rooms.set(room, new Set([...(rooms.get(room) ?? []), ...(cells.match(/[a-z]+/g) ?? [])]));
  const isNamed = (path: string) => {
    const [, , room = '', file] = path.split('/');
    const noun = (file ?? room).replace(/\.tsx?$/, '');
    return glossary.has(noun) || rooms.get(room)?.has(noun) === true || file === undefined;
  };

  test('a riddle is seen', () => {
    expect(isNamed('src/loop/routing/whatsit.ts')).toBe(false);
    expect(isNamed('src/core/handoff/desk.ts')).toBe(true);
  });

  test('of the glossary, or of its room', () => {
    const named = sources.filter(({ path }) => /^src\/(?:core|db|loop|server)\//.test(path));
    expect(named.length).toBeGreaterThan(250);
    expect(named.map(({ path }) => path).filter(path => !isNamed(path))).toEqual([]);
  });
});
