import { dirname, join } from 'node:path';
import { type ESTree, parseSync, Visitor } from 'vite';
import { describe, expect, test } from 'vitest';
import { placeOf, readSources, type Source } from './tree.ts';

type Span = Readonly<Record<'start' | 'end', number>>;

const server = readSources('src/server');
const api = server.filter(({ path }) => path.startsWith('src/server/api/'));
const access = server.filter(({ path }) => path.startsWith('src/server/access/'));

function made(text: string): Source {
  const { program, comments } = parseSync('made-up.ts', text);
  return { path: 'src/server/api/made-up.ts', text, program, comments };
}

function nameOf(node: ESTree.Node): string | null {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : null;
}

/** Where a file reaches for the `transaction` of a database, be it to call it or to hand it on. */
function transactionsIn({ program }: Source): readonly number[] {
  const found: number[] = [];
  new Visitor({
    MemberExpression: ({ property, computed, start }) => {
      const isNamed = !computed || property.type === 'Literal';
      if (isNamed && nameOf(property) === 'transaction') found.push(start);
    },
    ObjectPattern: ({ properties }) => {
      for (const part of properties)
        if (part.type === 'Property' && nameOf(part.key) === 'transaction') found.push(part.start);
    },
  }).visit(program);
  return found;
}

/** The constants of a file that are declared as a `Handler`. */
function handlersIn({ program }: Source): readonly Span[] {
  const found: Span[] = [];
  new Visitor({
    VariableDeclarator: node => {
      const type = node.id.type === 'Identifier' ? node.id.typeAnnotation?.typeAnnotation : undefined;
      if (type?.type === 'TSTypeReference' && nameOf(type.typeName) === 'Handler') found.push(node);
    },
  }).visit(program);
  return found;
}

const isWithin = (at: number) => (span: Span) => span.start <= at && at < span.end;

describe('a transaction', () => {
  test.each([
    'await app.db.transaction(work);',
    'const { transaction } = app.db;',
    'const { db: { transaction: begin } } = app;',
    "const begin = app.db['transaction'];",
    'later(sql.transaction);',
    "const get: Handler<'get'> = async ({ app }) => { await app.db.transaction(work); };",
  ])('is seen in %s', text => {
    expect(transactionsIn(made(text))).toHaveLength(1);
  });

  test.each(['auth({ transaction: false });', 'app.db.run(transaction);', 'read[transaction];'])(
    'is not seen in %s',
    text => {
      expect(transactionsIn(made(text))).toEqual([]);
    },
  );

  test('is opened by nothing in server/api: a write is one call into the loop', () => {
    expect(api.length).toBeGreaterThan(20);
    const places = api.flatMap(source => transactionsIn(source).map(at => placeOf(source, at)));
    expect(places).toEqual([]);
  });

  test('is opened by no handler of server/access', () => {
    const own = made(
      "const a: Handler<'a'> = async () => { db.transaction(x); }; const b = () => db.transaction(y);",
    );
    const inHandlers = (source: Source) =>
      transactionsIn(source).filter(at => handlersIn(source).some(isWithin(at)));
    expect(inHandlers(own)).toHaveLength(1);
    expect(access.flatMap(handlersIn).length).toBeGreaterThan(10);
    const places = access.flatMap(source => inHandlers(source).map(at => placeOf(source, at)));
    expect(places).toEqual([]);
  });
});

/** How functions of db begin that only read. */
const READS = /^(?:count|find|list|load|measure|read)[A-Z]/;

/** What a file imports of db that may write; shapes are left out, and so are the ways to name an instant. */
function writesIn({ path, program }: Source): readonly string[] {
  return program.body.flatMap(statement => {
    if (statement.type !== 'ImportDeclaration' || statement.importKind === 'type') return [];
    const from = join(dirname(path), statement.source.value);
    if (!from.startsWith('src/db/') || from === 'src/db/database.ts') return [];
    return statement.specifiers.flatMap(specifier => {
      if (specifier.type !== 'ImportSpecifier') return ['everything'];
      const name = nameOf(specifier.imported) ?? '';
      return specifier.importKind === 'type' || READS.test(name) ? [] : [name];
    });
  });
}

describe('a statement that writes', () => {
  test.each([
    ["import { saveTeamRow } from '../../db/routing/team.ts';", ['saveTeamRow']],
    ["import { markRead as mark } from '../../db/alert/alert.ts';", ['markRead']],
    ["import * as db from '../../db/routing/team.ts';", ['everything']],
    ["import { type TeamRow, loadTeams } from '../../db/routing/team.ts';", []],
    ["import type { Sql } from '../../db/database.ts';", []],
    ["import { saveTeam } from '../../loop/routing/team.ts';", []],
  ])('is seen where it is: %s', (text, found) => {
    expect(writesIn(made(text))).toEqual(found);
  });

  test('is run by nothing in server/api', () => {
    expect(api.flatMap(source => writesIn(source).map(name => `${source.path}: ${name}`))).toEqual([]);
  });
});
