import type { ESTree } from 'vite';
import { placeOf, type Source } from './tree.ts';

/** A function that a file exports, with the text of the comment right above it; null without one. */
export interface Documented {
  readonly name: string;
  readonly place: string;
  readonly docstring: string | null;
}

/** The functions that a file exports: declared ones, and constants that hold one. */
export function exportedFunctions(source: Source): readonly Documented[] {
  return source.program.body.flatMap(statement => {
    if (statement.type !== 'ExportNamedDeclaration' || statement.declaration === null) return [];
    const docstring = docstringAbove(source, statement.start);
    const place = placeOf(source, statement.start);
    return namesOfFunctions(statement.declaration).map(name => ({ name, place, docstring }));
  });
}

function namesOfFunctions(declaration: ESTree.Declaration): readonly string[] {
  if (declaration.type === 'FunctionDeclaration') return declaration.id === null ? [] : [declaration.id.name];
  if (declaration.type !== 'VariableDeclaration') return [];
  return declaration.declarations.flatMap(({ id, init }) => {
    const isFunction = init?.type === 'ArrowFunctionExpression' || init?.type === 'FunctionExpression';
    return isFunction && id.type === 'Identifier' ? [id.name] : [];
  });
}

function docstringAbove(source: Source, start: number): string | null {
  const above = source.comments.find(
    ({ end, value }) => value.startsWith('*') && end <= start && source.text.slice(end, start).trim() === '',
  );
  return above === undefined ? null : wordsOf(above.value);
}

/** The words of a doc comment, without the stars at the starts of its lines. */
function wordsOf(comment: string): string {
  return comment
    .slice(1)
    .split('\n')
    .map(line => line.replace(/^\s*\*? ?/, '').trimEnd())
    .join('\n')
    .trim();
}

/** An `@example` of a docstring: an expression and, after `//`, what it gives; null where nothing is said. */
export interface Example {
  readonly place: string;
  readonly expression: string;
  readonly gives: string | null;
}

/** The examples of a file, in order. */
export function examplesOf(source: Source): readonly Example[] {
  return source.comments.flatMap(({ value, start }) => {
    if (!value.startsWith('*')) return [];
    return [...value.matchAll(/@example (.+?)(?:\s\*?\s*)?$/gm)].map(match => {
      const text = match[1] ?? '';
      const cut = text.lastIndexOf(' // ');
      return {
        place: placeOf(source, start + match.index),
        expression: cut === -1 ? text : text.slice(0, cut),
        gives: cut === -1 ? null : text.slice(cut + 4),
      };
    });
  });
}
