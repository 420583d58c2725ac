import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openErrorFile } from '../../src/cli/file/errors.ts';
import { csvLine, safeCell } from '../../src/core/text/csv.ts';

const FORMULA_STARTS = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

const cell = fc.oneof(
  fc.string(),
  fc.tuple(fc.constantFrom(...FORMULA_STARTS), fc.string()).map(([start, rest]) => start + rest),
);

describe('a cell of the error file', () => {
  it('never starts with what a spreadsheet runs as a formula', () => {
    fc.assert(
      fc.property(cell, text => {
        expect(FORMULA_STARTS).not.toContain(safeCell(text)[0]);
      }),
    );
  });

  it('is changed by nothing but the apostrophe', () => {
    fc.assert(
      fc.property(cell, text => {
        expect([text, `'${text}`]).toContain(safeCell(text));
      }),
    );
  });

  it('comes back as it was when the file is read', () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), cells => {
        expect(parse(csvLine(cells))).toEqual([cells.map(safeCell)]);
      }),
    );
  });
});

describe('the error file', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'baton-errors-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('holds the line, the reason and the original cells', async () => {
    const file = await openErrorFile(join(folder, 'leads.csv'), ['id', 'city']);
    await file.write([{ line: 3, reason: 'no id and no e-mail', cells: ['', '=HYPERLINK("x")'] }]);
    await file.write([]);
    await file.write([{ line: 9, reason: 'expected 2 columns, got 1', cells: ['c9'] }]);
    expect(await file.close()).toBe(2);
    expect(file.path).toBe(join(folder, 'leads.csv.errors.csv'));
    expect(await readFile(file.path, 'utf8')).toBe(
      [
        '\ufeff"line","reason","id","city"',
        '"3","no id and no e-mail","","\'=HYPERLINK(""x"")"',
        '"9","expected 2 columns, got 1","c9"',
        '',
      ].join('\r\n'),
    );
  });

  it('is not made without a refused row, and an old one goes', async () => {
    const path = join(folder, 'clean.csv');
    await writeFile(`${path}.errors.csv`, 'old');
    const file = await openErrorFile(path, ['id']);
    expect(await file.close()).toBe(0);
    expect(existsSync(file.path)).toBe(false);
  });

  it('says when it cannot be written', async () => {
    const file = await openErrorFile(join(folder, 'nowhere', 'leads.csv'), ['id']);
    await expect(file.write([{ line: 2, reason: 'x', cells: [] }])).rejects.toThrow(/ENOENT/);
  });
});
