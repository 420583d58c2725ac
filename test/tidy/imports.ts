import { dirname, join } from 'node:path';
import { type ESTree, Visitor } from 'vite';
import type { Source } from './tree.ts';

/** An import or re-export of a file. `to` is a path from the root for our own files, else the name of a package. */
export interface Import {
  readonly from: Source;
  readonly to: string;
  readonly isOwn: boolean;
  /** Whether it is erased by the compiler: it may name shapes across a border, and makes no cycle at run time. */
  readonly isTypeOnly: boolean;
  readonly offset: number;
}

/** Every import of a file: static, dynamic and re-exported. */
export function importsOf(source: Source): readonly Import[] {
  const found: Import[] = [];
  const add = (specifier: string, offset: number, isTypeOnly: boolean) => {
    const isOwn = specifier.startsWith('.');
    const to = isOwn ? join(dirname(source.path), specifier) : packageOf(specifier);
    found.push({ from: source, to, isOwn, isTypeOnly, offset });
  };
  new Visitor({
    ImportDeclaration: node => add(node.source.value, node.start, isErased(node)),
    ExportNamedDeclaration: node => {
      if (node.source !== null) add(node.source.value, node.start, node.exportKind === 'type');
    },
    ExportAllDeclaration: node => add(node.source.value, node.start, node.exportKind === 'type'),
    ImportExpression: node => {
      if (node.source.type === 'Literal' && typeof node.source.value === 'string')
        add(node.source.value, node.start, false);
    },
    TSImportType: node => add(node.source.value, node.start, true),
  }).visit(source.program);
  return found;
}

function isErased(node: ESTree.ImportDeclaration): boolean {
  return node.importKind === 'type';
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
