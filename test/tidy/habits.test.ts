import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ESTree, parseSync, Visitor } from 'vite';
import { expect, test } from 'vitest';
import { parseSource, placeOf, ROOT, readSources, readText, type Source, trackedFiles } from './tree.ts';

/** The most lines of a source file; around 300 it is time to think of splitting. */
const MAX_LINES = 400;

/** Names that say nothing of what is inside. */
const NAMELESS = /^(?:utils?|helpers?|types?|common|index|misc|shared)\.tsx?$/;

const src = readSources('src');
const all = [...src, ...readSources('test')];

/** The habits of STYLE.md that syntax alone can show, each broken one as `place: what`. */
function brokenHabits(source: Source): readonly string[] {
  const found: string[] = [];
  const add = (node: { readonly start: number }, what: string) =>
    found.push(`${placeOf(source, node.start)}: ${what}`);
  new Visitor({
    TSAsExpression: node => {
      if (!isConst(node.typeAnnotation)) add(node, 'a cast; parse or narrow instead');
    },
    TSTypeAssertion: node => add(node, 'a cast; parse or narrow instead'),
    TSAnyKeyword: node => add(node, 'any; say unknown and narrow'),
    TSNonNullExpression: node => add(node, 'a non-null assertion; narrow instead'),
    TSEnumDeclaration: node => add(node, 'an enum; use a union or an object as const'),
    ExportDefaultDeclaration: node => add(node, 'a default export; name it'),
    ExportAllDeclaration: node => add(node, 'a barrel; import from where it is'),
    ClassDeclaration: node => {
      if (node.superClass?.type !== 'Identifier' || !node.superClass.name.endsWith('Error'))
        if (!isResource(node)) add(node, 'a class; use functions over data');
    },
  }).visit(source.program);
  return found;
}

function isConst(type: ESTree.TSType): boolean {
  return (
    type.type === 'TSTypeReference' && type.typeName.type === 'Identifier' && type.typeName.name === 'const'
  );
}

/** React knows error boundaries as classes only. */
function isResource(node: ESTree.Class): boolean {
  return node.superClass?.type === 'Identifier' && node.superClass.name === 'Component';
}

function brokenIn(text: string): readonly string[] {
  const { program, comments } = parseSync('made-up.ts', text);
  return brokenHabits({ path: 'made-up.ts', text, program, comments });
}

test.each([
  'const a = b as string;',
  'const a = <string>b;',
  'let a: any;',
  'const a = b!;',
  'enum A { b }',
  'export default 1;',
  "export * from './a.ts';",
  'class A {}',
])('the scan sees %s', text => {
  expect(brokenIn(text)).toHaveLength(1);
});

test.each([
  'const a = [1] as const;',
  "import { a as b } from './a.ts';",
  'class A extends Error {}',
  'const a = { any: 1 };',
  "import * as a from './a.ts';",
])('the scan passes over %s', text => {
  expect(brokenIn(text)).toEqual([]);
});

test('sources keep to the habits that syntax shows', () => {
  expect(all.flatMap(brokenHabits)).toEqual([]);
});

test('scripts keep to the same habits', () => {
  const scripts = ['scripts', 'bench', 'examples', 'bin'].flatMap(folder =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => /\.[jt]s$/.test(name))
      .map(name => join(folder, name)),
  );
  expect(scripts.map(parseSource).flatMap(brokenHabits)).toEqual([]);
});

test('a file name says what is inside', () => {
  expect(src.map(({ path }) => path).filter(path => NAMELESS.test(path.split('/').at(-1) ?? ''))).toEqual([]);
});

test('a source file is one lowercase word', () => {
  const odd = src
    .map(({ path }) => path)
    .filter(path => !/^[a-z0-9]+(?:\.d)?\.tsx?$/.test(path.split('/').at(-1) ?? ''));
  expect(odd).toEqual([]);
});

test(`no source file has more than ${MAX_LINES} lines`, () => {
  const long = src
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > MAX_LINES);
  expect(long).toEqual([]);
});

/** Statements of SQL; a sentence in English has no `select … from` without a full stop in between. */
const SQL =
  /\bselect\s[^.!?]*\sfrom\s|\binsert\s+into\s|\bupdate\s+\w+\s+set\s|\bdelete\s+from\s|\b(?:create|alter|drop)\s+table\s/i;

test.each([
  'select id from contact',
  'insert into event (id)',
  'update contact set name = $1',
  'delete from x ',
])('the scan sees SQL in %s', text => {
  expect(SQL.test(text)).toBe(true);
});

test('SQL stands in src/db alone', () => {
  const found = src
    .filter(({ path }) => !path.startsWith('src/db/'))
    .flatMap(source =>
      textsIn(source)
        .filter(({ text }) => SQL.test(text))
        .map(({ start }) => placeOf(source, start)),
    );
  expect(found).toEqual([]);
});

/** What adds to the journal, or makes something else of what it says. */
const WRITES_JOURNAL = /\binsert\s+into\s+journal\b|\bupdate\s+journal\s+set\s+(?:kind|particulars)\b/i;

test.each(['insert into journal (kind)', "update journal set kind = 'x'"])(
  'the scan sees a writer in %s',
  text => {
    expect(WRITES_JOURNAL.test(text)).toBe(true);
  },
);

test('the journal is written by one statement, which takes only entries that the one constructor has made', () => {
  const writers = src.filter(source => textsIn(source).some(({ text }) => WRITES_JOURNAL.test(text)));
  expect(writers.map(({ path }) => path)).toEqual(['src/db/journal.ts']);
  const [statements] = writers.map(source => textsIn(source).filter(({ text }) => WRITES_JOURNAL.test(text)));
  expect(statements).toHaveLength(1);
  const migrations = trackedFiles().filter(path => path.startsWith('src/db/migrations/'));
  expect(migrations.length).toBeGreaterThan(5);
  expect(migrations.filter(path => WRITES_JOURNAL.test(readText(path)))).toEqual([]);
});

function textsIn(source: Source): readonly { readonly text: string; readonly start: number }[] {
  const texts: { text: string; start: number }[] = [];
  new Visitor({
    Literal: node => {
      if (typeof node.value === 'string') texts.push({ text: node.value, start: node.start });
    },
    TemplateLiteral: node => {
      const text = node.quasis.map(quasi => quasi.value.raw).join('$');
      texts.push({ text, start: node.start });
    },
  }).visit(source.program);
  return texts;
}

test('the environment is read in one file', () => {
  const readers = src.filter(({ text }) => /\bprocess\.env\b/.test(text)).map(({ path }) => path);
  expect(readers).toEqual(['src/cli/settings.ts']);
});

test('the command line prints by one file, which keeps foreign text from steering a terminal', () => {
  const writers = src
    .filter(
      ({ path, text }) => path.startsWith('src/cli/') && /\bprocess\.std(?:out|err)\.write\b/.test(text),
    )
    .map(({ path }) => path);
  expect(writers).toEqual(['src/cli/file/print.ts', 'src/cli/file/progress.ts']);
});
