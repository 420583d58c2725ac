import { spawnSync } from 'node:child_process';
import { type ESTree, parseSync, Visitor } from 'vite';
import { expect, test } from 'vitest';
import { placeOf, ROOT, readSources, type Source } from './tree.ts';

/** Names of the world outside: clocks, chance, the process, the network, and ways to reach them all. */
const WORLD = new Set([
  'performance',
  'process',
  'console',
  'crypto',
  'fetch',
  'globalThis',
  'require',
  'eval',
  'Function',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
]);

/** Readings of the clock, of chance, and of the machine's own time zone and language. */
const WORLDLY = /^(?:Date\.now|Math\.random|Intl\.DateTimeFormat\(\))$/;
const LOCAL =
  /^(?:get|set)(?:Hours|Minutes|Seconds|Milliseconds|Day|Date|Month|FullYear)$|^getTimezoneOffset$|^toLocale|^localeCompare$/;

/** What a piece of code reads of the world, each as `place: what`. */
function worldlyThings(source: Source): readonly string[] {
  const found: string[] = [];
  const add = (offset: number, what: string) => found.push(`${placeOf(source, offset)}: ${what}`);
  const addName = (node: ESTree.Node) => {
    if (node.type === 'Identifier' && WORLD.has(node.name)) add(node.start, node.name);
  };
  new Visitor({
    MemberExpression: node => {
      addName(node.object);
      if (node.computed || node.property.type !== 'Identifier') return;
      const { name } = node.property;
      const owner = node.object.type === 'Identifier' ? node.object.name : '';
      if (WORLDLY.test(`${owner}.${name}`)) add(node.start, `${owner}.${name}`);
      if (LOCAL.test(name)) add(node.start, `.${name}`);
    },
    CallExpression: node => {
      addName(node.callee);
      for (const argument of node.arguments) addName(argument);
      if (node.callee.type === 'Identifier' && node.callee.name === 'Date') add(node.start, 'Date()');
    },
    NewExpression: node => {
      addName(node.callee);
      const isDate = node.callee.type === 'Identifier' && node.callee.name === 'Date';
      if (isDate && node.arguments.length === 0) add(node.start, 'new Date()');
    },
  }).visit(source.program);
  return found;
}

function worldlyThingsIn(text: string): readonly string[] {
  const { program, comments } = parseSync('made-up.ts', text);
  return worldlyThings({ path: 'made-up.ts', text, program, comments });
}

test.each([
  'Date.now()',
  'new Date()',
  'Date()',
  'Math.random()',
  'process.env',
  'console.log(1)',
  'setTimeout(run, 1)',
  'later(setTimeout)',
  'globalThis.x',
  'performance.now()',
  'fetch(url)',
  'new Function(text)',
  'new Date(at).getHours()',
  'amount.toLocaleString()',
])('the scan sees %s', text => {
  expect(worldlyThingsIn(text)).toHaveLength(1);
});

test.each(['new Date(at)', 'Date.UTC(2026, 0)', 'given.process', 'time.getUTCHours()', 'Math.round(x)'])(
  'the scan passes over %s',
  text => {
    expect(worldlyThingsIn(text)).toEqual([]);
  },
);

test('core reads no clock, no chance and nothing of the machine', () => {
  expect(readSources('src/core').flatMap(worldlyThings)).toEqual([]);
});

test('core compiles with a compiler that knows no input and output', () => {
  const { status, stdout } = spawnSync('node_modules/.bin/tsc', ['-p', 'tsconfig.core.json'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
  expect(status).toBe(0);
}, 120_000);
