import { type ESTree, Visitor } from 'vite';
import { describe, expect, test } from 'vitest';
import { readSources, type Source } from './tree.ts';

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
