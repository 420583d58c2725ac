import { expect, test } from 'vitest';
import { rightOf, rightWords } from '../../src/contract/access.ts';
import { api } from '../../src/contract/api.ts';
import type { Endpoint } from '../../src/contract/endpoint.ts';
import type { Role } from '../../src/contract/role.ts';
import { ROOT, readText } from './tree.ts';

const GUIDE = 'docs/guide/roles.md';
const [BEGIN, END] = ['<!-- calls -->\n', '<!-- /calls -->'];
const COLUMNS: readonly Role[] = ['admin', 'manager', 'rep', 'marketing'];

test('the guide has every call with who may make it, as the contract says', async () => {
  const text = readText(GUIDE);
  const [before, after] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)];
  expect(before).toBeLessThanOrEqual(after);
  await expect(
    `${text.slice(0, before)}\n${callTable()}\n${text.slice(after)}`,
    `${GUIDE} is out of date; refresh it with "npm run roles"`,
  ).toMatchFileSnapshot(`${ROOT}${GUIDE}`);
});

function callTable(): string {
  const rows = [['call', ...COLUMNS], ...Object.values(api).map(cellsOf)];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0))) ?? [];
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`;
  const [head = [], ...calls] = rows;
  return [line(head), line(widths.map(width => '-'.repeat(width))), ...calls.sort(byCall).map(line)].join('');
}

function cellsOf({ method, path, access }: Endpoint): string[] {
  const rights =
    access === 'anyone'
      ? COLUMNS.map(() => 'anyone')
      : COLUMNS.map(role => rightWords(rightOf(access, role)));
  return [`\`${method} ${path}\``, ...rights];
}

/** By path, and what reads before what writes. */
function byCall([a = '']: readonly string[], [b = '']: readonly string[]): number {
  const key = (call: string) => call.replace(/^`(\w+) (.*)`$/, (_, method, path) => `${path} ${method}`);
  return key(a) < key(b) ? -1 : 1;
}
