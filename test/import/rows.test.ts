import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportKind } from '../../src/core/import/target.ts';
import { MAX_ROW_BYTES } from '../../src/loop/import/lines.ts';
import { detectDelimiter } from '../../src/loop/import/records.ts';
import { openRows, type Row } from '../../src/loop/import/rows.ts';

let folder = '';
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-import-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function write(content: string | Buffer, ending = 'csv'): Promise<string> {
  files += 1;
  const path = join(folder, `file-${files}.${ending}`);
  await writeFile(path, content);
  return path;
}

async function readAll(content: string | Buffer, options: { kind?: ImportKind; ending?: string } = {}) {
  const path = await write(content, options.ending);
  const { file, problems } = await openRows({ path, kind: options.kind ?? 'contacts' });
  if (file === null) return { header: [], rows: [], problems: problems.map(({ message }) => message) };
  const rows: Row[] = [];
  for await (const batch of file.batches) rows.push(...batch);
  return { header: file.header, rows, problems: [] };
}

/** Each row as its line and its contact id, or its line and what is wrong with it. */
async function outline(content: string | Buffer, options: { kind?: ImportKind; ending?: string } = {}) {
  const { rows } = await readAll(content, options);
  return rows.map(({ line, result }) => {
    if (result.kind === 'problem') return `${line} ! ${result.reason}`;
    return result.kind === 'passed' ? `${line} -` : `${line} ${result.contactId}`;
  });
}

describe('a CSV file is read', () => {
  const table = 'id,city\nc1,Pune\nc2,Thane\n';

  it.each<[string, string | Buffer, string]>([
    ['with LF', table, 'csv'],
    ['with CRLF', table.replaceAll('\n', '\r\n'), 'csv'],
    ['with CR alone', table.replaceAll('\n', '\r'), 'csv'],
    ['without a last line end', table.trimEnd(), 'csv'],
    ['with a byte order mark', `\ufeff${table}`, 'csv'],
    ['with semicolons', table.replaceAll(',', ';'), 'csv'],
    ['with tabs', table.replaceAll(',', '\t'), 'tsv'],
    ['with bars', table.replaceAll(',', '|'), 'csv'],
    ['in UTF-16', Buffer.from(`\ufeff${table}`, 'utf16le'), 'csv'],
    ['in UTF-16 without a mark', Buffer.from(table, 'utf16le'), 'csv'],
    ['in big-endian UTF-16', Buffer.from(`\ufeff${table}`, 'utf16le').swap16(), 'csv'],
    ['with spaces around the cells', table.replaceAll(',', ' , '), 'csv'],
    ['with quotes', table.replace(/[^,\n]+/g, cell => ` "${cell}" `), 'csv'],
    ['packed', gzipSync(table), 'csv.gz'],
    [
      'packed in two parts',
      Buffer.concat([gzipSync(table.slice(0, 12)), gzipSync(table.slice(12))]),
      'csv.gz',
    ],
    ['packed without saying so in its name', gzipSync(table), 'csv'],
    [
      'with the delimiter in a first line',
      `sep=;\n${table.replaceAll(',', ';')}`.replace('sep=;\n', 'sep=;\r\n'),
      'csv',
    ],
  ])('%s', async (_, content, ending) => {
    const { header, rows } = await readAll(content, { ending });
    expect(header).toEqual(['id', 'city']);
    expect(rows.map(({ cells }) => cells)).toEqual([
      ['c1', 'Pune'],
      ['c2', 'Thane'],
    ]);
  });

  it('with blank lines and rows of nothing but delimiters passed over and the numbers of the lines kept', async () => {
    expect(await outline('\n\nid,city\n\nc1,Pune\n  \n,\n"",""\nc2,\n\n')).toEqual(['5 c1', '9 c2']);
  });

  it('with line ends, delimiters and quotes inside quoted cells', async () => {
    const { rows } = await readAll('id,note\nc1,"two\r\nlines, and ""quotes"""\r\nc2,x\r\n');
    expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
      [2, 'c1', 'two\nlines, and "quotes"'],
      [4, 'c2', 'x'],
    ]);
  });

  it('with a header over two lines', async () => {
    const { header, rows } = await readAll('id,"first\nname"\nc1,Ann\n');
    expect(header).toEqual(['id', 'first\nname']);
    expect(rows.map(({ line }) => line)).toEqual([3]);
  });

  it('with 200 columns and 5,000 rows, in batches', async () => {
    const header = ['id', ...Array.from({ length: 199 }, (_, index) => `c${index}`)].join(',');
    const lines = Array.from({ length: 5_000 }, (_, index) => `r${index}${',"a, b"'.repeat(199)}`);
    const path = await write([header, ...lines].join('\n'));
    const { file } = await openRows({ path, kind: 'contacts', batchSize: 700 });
    if (file === null) throw new Error('not opened');
    const sizes: number[] = [];
    let last: Row | undefined;
    for await (const batch of file.batches) {
      sizes.push(batch.length);
      last = batch.at(-1);
    }
    expect(sizes).toEqual([700, 700, 700, 700, 700, 700, 700, 100]);
    expect(last).toMatchObject({
      line: 5_001,
      result: { kind: 'contact', contactId: 'r4999', contact: { c198: 'a, b' } },
    });
    expect(file.progress().readBytes).toBe(file.progress().totalBytes);
  });

  it('to the same rows however the bytes are cut and quoted', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', ' ', '"', ',', ';', '\n', 'é', '€', '𝄞', '='),
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { maxLength: 20 }), async cells => {
        const quoted = cells.map(row =>
          ['id', ...row].map(text => `"${text.replaceAll('"', '""')}"`).join(','),
        );
        const { rows } = await readAll(`id,a,b\n${quoted.join('\n')}`);
        expect(rows.map(row => row.cells.slice(1))).toEqual(cells);
      }),
      { numRuns: 50 },
    );
  });
});

const OPEN_QUOTE = 'a quote is opened and never closed, or stands inside a cell';
const INNER_QUOTE =
  'a quote stands inside a cell that is not quoted; quote the whole cell and write the quote twice';

const tooMany = (beyond: string) =>
  `the row has 3 columns, the header 2; beyond them stands "${beyond}". A cell with the delimiter in it must be quoted`;
const NOT_UTF8 =
  'byte 0xE9 is not UTF-8; if the file is Windows-1252, as spreadsheets often save it, say so: --encoding windows-1252, or `encoding: windows-1252` in the mapping';

describe('a row that cannot be read costs that row alone', () => {
  it.each<[string, string | Buffer, readonly string[]]>([
    [
      'a quote that never closes',
      'id,a\nc1,x\nc2,"open\nc3,y\nc4,"fine, too"\n',
      ['2 c1', `3 ! ${OPEN_QUOTE}`, '4 c3', '5 c4'],
    ],
    [
      'two of them',
      'id,a\nc1,"open\nc2,y\nc3,"open\nc4,z\n',
      [`2 ! ${OPEN_QUOTE}`, '3 c2', `4 ! ${OPEN_QUOTE}`, '5 c4'],
    ],
    ['a quote at the very end', 'id,a\nc1,x\nc2,"', ['2 c1', `3 ! ${OPEN_QUOTE}`]],
    ['a lone quote inside a cell', 'id,a\nc1,5" pipe\nc2,y\n', [`2 ! ${OPEN_QUOTE}`, '3 c2']],
    ['two quotes inside a cell', 'id,a\nc1,the "big" one\nc2,y\n', [`2 ! ${INNER_QUOTE}`, '3 c2']],
    [
      'text behind a closing quote',
      'id,a\nc1,"x"y""\nc2,y\n',
      ['2 ! text follows a closing quote; a quote inside a quoted cell is written twice', '3 c2'],
    ],
    ['too many columns', 'id,a\nc1,x,y\nc2,y\n', [`2 ! ${tooMany('y')}`, '3 c2']],
    ['too many columns over two lines', 'id,a\nc1,x,"y\nz"\nc2,y\n', [`2 ! ${tooMany('y\\nz')}`, '4 c2']],
    [
      'bytes that are not UTF-8',
      Buffer.from('id,a\nc1,caf\u00e9\nc2,y\n', 'latin1'),
      [`2 ! ${NOT_UTF8}`, '3 c2'],
    ],
    ['a NUL', 'id,a\nc1,x\0\nc2,y\n', ['2 ! a cell contains a NUL character', '3 c2']],
    [
      'a line without end',
      `id,a\nc1,${'x'.repeat(2 * MAX_ROW_BYTES)}\nc2,y\n`,
      [`2 ! the line is longer than ${MAX_ROW_BYTES} bytes`, '3 c2'],
    ],
    [
      'a last line without end',
      `id,a\nc1,y\nc2,${'x'.repeat(2 * MAX_ROW_BYTES)}`,
      ['2 c1', `3 ! the line is longer than ${MAX_ROW_BYTES} bytes`],
    ],
  ])('%s', async (_, content, expected) => {
    expect(await outline(content)).toEqual(expected);
  });

  it('keeps the text of such a row', async () => {
    const { rows } = await readAll(Buffer.from('id,a\nc1,caf\u00e9\nc2,"open\n', 'latin1'));
    expect(rows.map(({ cells }) => cells)).toEqual([['c1,caf\u00e9'], ['c2,"open']]);
  });

  it('a quote open over more than a row may hold, in a file far larger', async () => {
    const filler = Array.from({ length: 60_000 }, (_, index) => `r${index},text`);
    const lines = ['id,a', 'c1,"open', ...filler];
    const all = await outline(lines.join('\n'));
    expect(all).toHaveLength(60_001);
    expect(all.slice(0, 2)).toEqual([`2 ! ${OPEN_QUOTE}`, '3 r0']);
  });

  it('in any mixture of good and broken rows: every good row arrives once, in its place', async () => {
    const row = fc.constantFrom<'good' | 'open' | 'many' | 'inner'>('good', 'open', 'many', 'inner');
    const written = { good: 'c,x', open: 'c,"x', many: 'c,x,y', inner: 'c,x"y"' } as const;
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 40 }), async kinds => {
        const all = await outline(['id,a', ...kinds.map(kind => written[kind])].join('\n'));
        const good = all.filter(line => !line.includes('!')).map(line => Number(line.split(' ')[0]));
        expect(good).toEqual(kinds.flatMap((kind, index) => (kind === 'good' ? [index + 2] : [])));
        expect(all).toHaveLength(kinds.length);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a file that cannot be used says why', () => {
  it.each<[string, string | Buffer, string, string]>([
    ['empty', '', 'csv', 'the file is empty; expected a line of column names'],
    ['blank', '\n \n', 'csv', 'the file is empty; expected a line of column names'],
    ['of another name', 'id\nc1', 'xlsx', 'expected a file named .csv or .jsonl (or either with .gz), got '],
    [
      'that is a workbook',
      Buffer.from('PK\u0003\u0004\u0014\u0000\u0006\n', 'latin1'),
      'csv',
      'the file is not CSV text in UTF-8',
    ],
    ['with a broken header', 'id,"name\nc1,x\n', 'csv', `the header on line 1 cannot be read: ${OPEN_QUOTE}`],
  ])('one %s', async (_, content, ending, message) => {
    const { problems } = await readAll(content, { ending });
    expect(problems).toEqual([expect.stringContaining(message)]);
  });

  it('one that is not there', async () => {
    const { problems } = await openRows({ path: join(folder, 'none.csv'), kind: 'contacts' });
    expect(problems?.[0]?.message).toMatch(/^the file cannot be opened: ENOENT/);
  });

  it('one that is a folder', async () => {
    const path = join(folder, 'folder.csv');
    await mkdir(path);
    const { problems } = await openRows({ path, kind: 'contacts' });
    expect(problems?.[0]?.message).toMatch(/^the file cannot be opened: EISDIR/);
  });

  it('one whose packing is damaged from the start', async () => {
    const { problems } = await readAll(
      Buffer.concat([gzipSync('id\nc1\n').subarray(0, 10), Buffer.alloc(50, 7)]),
      { ending: 'csv.gz' },
    );
    expect(problems[0]).toMatch(/^the file cannot be read: /);
  });

  it('one whose packing breaks off keeps the rows before', async () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => `r${index},${(index * 7919) % 10_007}`);
    const packed = gzipSync(['id,a', ...lines].join('\n'));
    const all = await outline(packed.subarray(0, packed.length >> 1), { ending: 'csv.gz' });
    expect(all.length).toBeGreaterThan(1_000);
    expect(all[0]).toBe('2 r0');
    expect(all.at(-1)).toMatch(/! the file cannot be read further: unexpected end of file$/);
  });
});

describe('a JSON lines file', () => {
  it('is read line by line, each fault on its own', async () => {
    const lines = [
      '\ufeff{"id":"c1","contact":{"city":"Pune"}}',
      '',
      '{"id":"c2",',
      'null',
      '{"id":"c3","contact":{}}\r',
      `{"id":"${'x'.repeat(MAX_ROW_BYTES)}"}`,
      '{"id":"c4"}',
    ];
    expect(await outline(lines.join('\n'), { ending: 'jsonl' })).toEqual([
      '1 c1',
      expect.stringMatching(/^3 ! not JSON: /),
      '4 ! expected an object, got nothing',
      '5 c3',
      `6 ! the line is longer than ${MAX_ROW_BYTES} bytes`,
      '7 c4',
    ]);
  });

  it('refuses bytes that are not UTF-8', async () => {
    expect(await outline(Buffer.from('{"id":"caf\u00e9"}', 'latin1'), { ending: 'ndjson' })).toEqual([
      `1 ! ${NOT_UTF8}`,
    ]);
  });
});

describe('events from CSV', () => {
  it('get an id from their content, the same at every reading', async () => {
    const content =
      'contact_id,event,timestamp,plan\nc1,Demo,2026-01-01,pro\nc1,Demo,2026-01-01,free\nc1,Demo,2026-01-01,pro\n';
    const ids = async () => {
      const { rows } = await readAll(content, { kind: 'events' });
      return rows.map(({ result }) => (result.kind === 'event' ? result.messageId : null));
    };
    const [first, second, third] = await ids();
    expect(first).toMatch(/^row-[\w-]{43}$/);
    expect(second).not.toBe(first);
    expect(third).toBe(first);
    expect(await ids()).toEqual([first, second, third]);
  });

  it('keep their own', async () => {
    const { rows } = await readAll('contact_id,event,timestamp,messageId\nc1,Demo,2026-01-01,m9\n', {
      kind: 'events',
    });
    expect(rows[0]?.result).toMatchObject({ messageId: 'm9' });
  });
});

describe('the delimiter', () => {
  it.each([
    ['id,name;x,y', ','],
    ['id;name', ';'],
    ['id\tname, first\temail', '\t'],
    ['"a,b,c";"d,e,f"', ';'],
    ['id', ','],
    ['a,b;c', ','],
  ])('of %j is %j', (header, delimiter) => {
    expect(detectDelimiter(header)).toBe(delimiter);
  });
});
