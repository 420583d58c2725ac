import { runInNewContext } from 'node:vm';
import { type ESTree, parseSync, Visitor } from 'vite';
import { describe, expect, test } from 'vitest';
import { type Example, examplesOf, exportedFunctions } from './docstring.ts';
import { readSources, type Source } from './tree.ts';

const sources = ['src/core', 'src/contract', 'src/loop', 'src/server'].flatMap(readSources);

test('the scan sees the project', () => {
  for (const ring of ['core', 'contract', 'loop', 'server']) {
    const own = sources.filter(({ path }) => path.startsWith(`src/${ring}/`));
    expect(own.flatMap(exportedFunctions).length, ring).toBeGreaterThan(5);
  }
  expect(sources.flatMap(exportedFunctions).length).toBeGreaterThan(500);
  expect(sources.flatMap(examplesOf).length).toBeGreaterThan(100);
});

test('a function without a docstring is seen, and so is a comment that is not a docstring', () => {
  const text =
    'export const bare = () => 1;\n// Goes.\nexport function go() {}\n/** Stays. */\nexport function stay() {}';
  const { program, comments } = parseSync('made-up.ts', text);
  const found = exportedFunctions({ path: 'made-up.ts', text, program, comments });
  expect(found.map(({ docstring }) => docstring)).toEqual([null, null, 'Stays.']);
});

test('every function that core, contract, loop or server exports has a docstring', () => {
  const bare = sources.flatMap(exportedFunctions).filter(({ docstring }) => docstring === null);
  expect(bare.map(({ place, name }) => `${place}: ${name}`)).toEqual([]);
});

test('a docstring begins with a sentence', () => {
  const odd = sources
    .flatMap(exportedFunctions)
    .filter(({ docstring }) => docstring !== null && !/^[A-Z][\s\S]*?[.:;]/.test(docstring));
  expect(odd.map(({ place, name, docstring }) => `${place}: ${name}: ${docstring}`)).toEqual([]);
});

/**
 * Names that examples use for something that does not fit in a line. An example that uses one of them, or that leaves
 * something out with `…` inside its expression, is shown and not run. Any other name must be exported by core or the
 * contract, or by a file of another ring that has examples itself.
 */
const CONTEXT = new Set(['book', 'lines', 'list', 'payload', 'receivedAt', 'report']);

const examples = sources.flatMap((source: Source) => examplesOf(source));

/** What examples may use: all that core and contract export, and what files of other rings with examples export. */
const modules: Readonly<Record<string, unknown>> = Object.assign(
  { Date, Error },
  ...(await Promise.all(
    Object.entries(import.meta.glob('../../src/{core,contract,loop,server}/**/*.ts'))
      .filter(
        ([file]) =>
          /\/src\/(?:core|contract)\//.test(file) || examples.some(({ place }) => isIn(place, file)),
      )
      .map(([, load]) => load()),
  )),
);

function isIn(place: string, file: string): boolean {
  return place.startsWith(`${file.slice('../../'.length)}:`);
}

/** The names that an expression takes from outside. */
function namesIn(expression: string): readonly string[] {
  const { program, errors } = parseSync('example.ts', `(${expression});`);
  if (errors.length > 0) throw new Error(errors[0]?.message);
  const names = new Set<string>();
  const own = new Set<string>();
  const take = (node: ESTree.Node) => {
    if (node.type === 'Identifier') names.add(node.name);
  };
  new Visitor({
    ArrowFunctionExpression: node => {
      for (const name of node.params.flatMap(boundBy)) own.add(name);
    },
    CallExpression: node => {
      for (const part of [node.callee, ...node.arguments]) take(part);
    },
    MemberExpression: node => take(node.object),
    Property: node => take(node.value),
  }).visit(program);
  return [...names].filter(name => !own.has(name));
}

/** The names that a parameter binds: its own, or those of the object it takes apart. */
function boundBy(param: ESTree.Node): readonly string[] {
  if (param.type === 'Identifier') return [param.name];
  if (param.type !== 'ObjectPattern') return [];
  return param.properties.flatMap(part =>
    part.type === 'Property' && part.value.type === 'Identifier' ? [part.value.name] : [],
  );
}

function isRun({ expression }: Example): boolean {
  return !expression.includes('…') && !namesIn(expression).some(name => CONTEXT.has(name));
}

function evaluate(code: string): unknown {
  return runInNewContext(`(${code})`, { ...modules });
}

describe('an example of a docstring gives what it says', () => {
  test.each(examples.filter(isRun))('$place: $expression', ({ expression, gives }) => {
    // Values of another realm have other prototypes; only what they hold is compared.
    const given = evaluate(expression);
    if (gives === null || isWords(gives)) return expect(given).toBeDefined();
    const actual = plain(given);
    // A value cut short with `…` says only how it begins.
    if (/…'$/.test(gives)) {
      const start = String(evaluate(gives)).slice(0, -1);
      return expect(String(actual).slice(0, start.length)).toBe(start);
    }
    if (gives.includes(', … }'))
      return expect(actual).toMatchObject(holding(evaluate(gives.replace(', … }', ' }'))));
    return expect(actual).toEqual(plain(evaluate(gives)));
  });
});

/** What an example gives may be said in words: they begin with a capital and are not an expression. */
function isWords(gives: string): boolean {
  return /^[A-Z]/.test(gives) && parseSync('value.ts', `(${gives});`).errors.length > 0;
}

function plain(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? structuredClone(value) : value;
}

function holding(value: unknown): object {
  const copy = plain(value);
  if (typeof copy !== 'object' || copy === null) throw new Error('expected an object');
  return copy;
}

test('few examples are shown only', () => {
  const shown = examples.filter(example => !isRun(example));
  expect(shown.length, shown.map(({ place }) => place).join('\n')).toBeLessThan(examples.length / 4);
});
