import { type ESTree, parseSync, Visitor } from 'vite';
import { expect, test } from 'vitest';
import { placeOf, readSources, type Source } from './tree.ts';

/** What looks into a text or takes it apart by its first argument. */
const READERS = [
  'startsWith',
  'endsWith',
  'includes',
  'indexOf',
  'lastIndexOf',
  'split',
  'replace',
  'replaceAll',
  'match',
  'matchAll',
  'search',
];

/** A word beside a space, or the mark and space between two clauses. */
const ENGLISH = /[a-z]{2}\S* | [a-z]{2}|[;:,.] /i;

/**
 * Where a source takes sentences apart: by a regular expression with words in it, by a method that is given words, or by a
 * comparison with words. Words are what core makes of data; a page shows them and reads nothing from them.
 */
function readings(source: Source): readonly string[] {
  const found: string[] = [];
  const texts = textsByName(source.program);
  const add = (node: { readonly start: number }) => found.push(placeOf(source, node.start));
  const isEnglish = (node: ESTree.Node | undefined) => ENGLISH.test(textOf(node, texts) ?? '');
  new Visitor({
    Literal: node => {
      if ('regex' in node && isEnglishPattern(node.regex.pattern)) add(node);
    },
    NewExpression: node => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'RegExp') add(node);
    },
    CallExpression: ({ callee, arguments: given, start }) => {
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
      if (READERS.includes(callee.property.name) && isEnglish(given[0])) add({ start });
    },
    BinaryExpression: node => {
      const isComparison = node.operator.startsWith('==') || node.operator.startsWith('!=');
      if (isComparison && (isEnglish(node.left) || isEnglish(node.right))) add(node);
    },
    SwitchCase: node => {
      if (isEnglish(node.test ?? undefined)) add(node);
    },
  }).visit(source.program);
  return found;
}

function isEnglishPattern(pattern: string): boolean {
  const words = pattern.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '');
  return ENGLISH.test(words) || pattern.includes('.!?');
}

/** The texts of constants that a file declares. */
function textsByName(program: ESTree.Program): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  new Visitor({
    VariableDeclarator: ({ id, init }) => {
      const text = textOf(init ?? undefined, texts);
      if (id.type === 'Identifier' && text !== null) texts.set(id.name, text);
    },
  }).visit(program);
  return texts;
}

function textOf(node: ESTree.Node | undefined, texts: ReadonlyMap<string, string>): string | null {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type === 'TemplateLiteral') return node.quasis.map(({ value }) => value.raw).join('$');
  return node?.type === 'Identifier' ? (texts.get(node.name) ?? null) : null;
}

function readingsIn(text: string): readonly string[] {
  const { program, comments } = parseSync('made-up.ts', text);
  return readings({ path: 'made-up.ts', text, program, comments });
}

test.each([
  "const NONE = 'nobody owns the company yet'; a.endsWith(NONE);",
  "a.startsWith('Not known');",
  'a.startsWith(`the webhook answered`);',
  "a.split('; ');",
  "a.replace(/^joined the team,? ?/, '');",
  'a.replace(/\\bteam ([a-z_]+)/g, b);',
  'const MOVED = /^[^:]+ (?:gave the lead to [^:]+|took the lead over)(?:: |$)/;',
  '/[.!?]$/.test(a);',
  'new RegExp(a);',
  "a === 'Last seen';",
  "switch (a) { case 'nobody is there': }",
])('the scan sees %s', text => {
  expect(readingsIn(text)).toHaveLength(1);
});

test.each([
  'const a = /^https?:\\/\\//i;',
  "a.replaceAll('_', ' ');",
  "a.split(' ');",
  'a.split(/\\s+/);',
  "a.startsWith('/contacts/');",
  "a === 'webhook';",
  "a.join(', ');",
  "const a = b + ' is next';",
])('the scan passes over %s', text => {
  expect(readingsIn(text)).toEqual([]);
});

test('the web takes no sentence apart', () => {
  expect(readSources('src/web').flatMap(readings)).toEqual([]);
});
