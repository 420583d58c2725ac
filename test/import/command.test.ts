import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { run } from '../../src/cli/main.ts';

let folder = '';
let written = { out: '', err: '' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-command-'));
  // The commands must not reach a server that the machine happens to name; the databases are tested elsewhere.
  vi.stubEnv('DATABASE_URL', undefined);
  vi.stubEnv('BATON_DATA_DIR', join(folder, 'data'));
  vi.stubEnv('LOG_LEVEL', 'warn');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  written = { out: '', err: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    written.out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation(text => {
    written.err += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** Runs a command; answers its exit code and what it printed. */
async function baton(...argv: readonly string[]) {
  written = { out: '', err: '' };
  const code = await run(argv);
  return { code, ...written };
}

const agreement = (points: number) => `agreement: 1
name: Core
scores: { fit: {} }
rules: [{ id: vp, score: fit, points: ${points}, when: { contact.title: VP } }]
mql: [{ id: fits, when: { total: { gte: 20 } } }]
`;

describe('a call is refused with what was expected', () => {
  test.each([
    [['import'], /expected: baton import contacts\|events\|outcomes FILE/],
    [['import', 'leads', 'x.csv'], /contacts, events, outcomes/],
    [['import', 'contacts', 'nothing.csv'], /nothing\.csv: the file cannot be opened/],
    [['import', 'contacts', 'leads.xlsx'], /expected a file named \.csv or \.jsonl/],
    [['import', 'outcomes', 'x.csv', '--handoff', 'now'], /no meaning for outcomes/],
    [['import', 'events', 'x.csv', '--handoff', 'later'], /now/],
    [['import', 'contacts', '--undo', 'x'], /leave out contacts/],
    [['agreement', 'apply', 'nothing.yaml'], /nothing\.yaml: cannot be read/],
  ])('%j', async (argv, message) => {
    const { code, err, out } = await baton(...argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });

  test('a mapping that does not fit, with its line', async () => {
    const csv = await file('map.csv', 'Lead,Name\n1,Ann\n');
    const mapping = await file('map.yaml', 'id: Lead\ncolumns:\n  Nmae: contact.name\n');
    const { code, err } = await baton('import', 'contacts', csv, '--mapping', mapping);
    expect(code).toBe(2);
    expect(err).toMatch(/map\.yaml:3:\d+: columns\.Nmae: the file has no column "Nmae"/);
  });
});

describe('a preview', () => {
  test('shows the columns, the first rows and each kind of problem, and writes nothing', async () => {
    const rows = Array.from({ length: 30 }, (_, index) => `,x${index},Pune`).join('\n');
    const path = await file(
      'preview.csv',
      `id,email,City\na,a@a.example,Pune\n${rows}\nb,b@b.example,Goa,x\n`,
    );
    const { code, out } = await baton('import', 'contacts', path, '--dry-run');
    expect(code).toBe(1);
    expect(out).toContain('City as contact.City');
    expect(out).toContain(
      '{"line":2,"contactId":"a","email":"a@a.example","contact":{"email":"a@a.example","City":"Pune"}}',
    );
    expect(out).toMatch(/30 rows \(lines 3, 4, 5, 6, 7, …\):\n/);
    expect(out).toContain('line 4: no id, and "x1" is not an e-mail address');
    expect(out).toMatch(/line 33: the row has 4 columns, the header 3; beyond them stands "x"/);
    expect(out).toMatch(/32 rows: 1 can be used, 31 cannot\. Nothing was written/);
    expect(existsSync(join(folder, 'data'))).toBe(false);
    expect(existsSync(`${path}.errors.csv`)).toBe(false);
  });

  test('as JSON', async () => {
    const path = await file(
      'preview.jsonl',
      '{"id":"a","contact":{"title":"VP"}}\n{"id":"b","createdAt":"soon"}\n',
    );
    const { code, out } = await baton('import', 'contacts', path, '--dry-run', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      rows: 2,
      usable: 1,
      refused: 1,
      problems: [{ count: 1, lines: [2] }],
    });
  });

  test('never lets a file steer the terminal', async () => {
    const path = await file('steer.csv', 'id,\u001b]0;owned\u0007\na,b\n');
    expect((await baton('import', 'contacts', path, '--dry-run')).out).not.toContain('\u001b');
  });
});

describe('with a database', () => {
  test('an agreement is applied once, exported as it was, and compared with another', async () => {
    const first = await file('first.yaml', agreement(10));
    expect(await baton('agreement', 'export', '-')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no agreement is active'),
    });
    expect(await baton('agreement', 'apply', first)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Version 1 of "Core" is active\./),
    });
    expect((await baton('agreement', 'apply', first)).out).toMatch(/active already; nothing changed/);
    expect((await baton('agreement', 'export', '-')).out).toBe(agreement(10));
    const copy = join(folder, 'copy.yaml');
    await baton('agreement', 'export', copy);
    expect(await readFile(copy, 'utf8')).toBe(agreement(10));
    const leads = await file(
      'leads.csv',
      `id,name,title\n${Array.from({ length: 25 }, (_, i) => `p${i},Ann ${i},VP`).join('\n')}\nq,Bob,Clerk\n`,
    );
    expect(await baton('import', 'contacts', leads)).toMatchObject({ code: 0 });
    const second = await file('second.yaml', agreement(30));
    const { out } = await baton('agreement', 'plan', second);
    expect(out).toMatch(/26 contacts\. Qualifying now: 0 under the active version, 25 under this file/);
    expect(out).toMatch(/25 would enter, 0 would leave/);
    expect(out.match(/^ {2}Ann \d+ \(fits\)$/gm)).toHaveLength(20);
    expect(out).toContain('and 5 more');
    expect(JSON.parse((await baton('agreement', 'plan', second, '--json')).out)).toMatchObject({
      contacts: 26,
      enters: 25,
      leaves: 0,
      switches: 0,
      before: {},
      after: { fits: 25 },
    });
    expect(JSON.parse((await baton('agreement', 'apply', second, '--json')).out)).toMatchObject({
      version: 2,
      changed: true,
    });
    expect((await baton('agreement', 'plan', first)).out).toMatch(/0 would enter, 25 would leave/);
  });

  test('what can be used is taken, the rest is in the error file, safe to open in a spreadsheet', async () => {
    const path = await file(
      'dirt.csv',
      '\ufeffid;email;title\r\nd1;=cmd@x.example;"VP; ""Sales"""\r\n;=HYPERLINK("http://evil");+1\r\n@SUM(A1);;"broken\r\nd4;;CEO\r\n',
    );
    const { code, out, err } = await baton('import', 'contacts', path, '--json');
    const summary = JSON.parse(out);
    expect([code, summary.taken, summary.refused]).toEqual([1, 2, 2]);
    expect(err).toMatch(/2 rows could not be used: see .*dirt\.csv\.errors\.csv/);
    const text = await readFile(`${path}.errors.csv`, 'utf8');
    const cells: string[][] = parse(text, { bom: true, relax_column_count: true });
    expect(cells[0]).toEqual(['line', 'reason', 'id', 'email', 'title']);
    expect(cells.slice(1).map(([line]) => line)).toEqual(['3', '4']);
    expect(cells.flat().filter(cell => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    const again = await baton('import', 'contacts', path, '--json');
    expect(JSON.parse(again.out)).toMatchObject({ taken: 0, unchanged: 2, refused: 2, batch: null });
  });

  test('a file of 200 columns is taken, and taken back by the id that was printed', async () => {
    const header = ['id', ...Array.from({ length: 199 }, (_, index) => `c${index}`)].join(',');
    const path = await file(
      'wide.csv',
      `${header}\n${Array.from({ length: 50 }, (_, row) => `w${row}${',x'.repeat(199)}`).join('\n')}\n`,
    );
    const { code, out } = await baton('import', 'contacts', path);
    expect([code, out]).toEqual([0, expect.stringContaining('50 rows: 50 taken, 0 unchanged, 0 refused.')]);
    const [, batch = ''] = /--undo (\S+)/.exec(out) ?? [];
    const undone = await baton('import', '--undo', batch);
    expect([undone.code, undone.out]).toEqual([0, expect.stringContaining('50 contacts removed, 0 changed')]);
    const twice = await baton('import', '--undo', batch);
    expect(twice).toMatchObject({
      code: 2,
      err: expect.stringMatching(/taken back already; the latest imports:\n/),
    });
  });

  test('calls that are not events are passed over, and a refused outcome stands in the error file', async () => {
    const events = await file(
      'calls.jsonl',
      '{"type":"identify","userId":"d1","messageId":"m0"}\n{"type":"track","event":"Visit","userId":"d1","messageId":"m1","timestamp":"2026-01-02T00:00:00Z"}\n',
    );
    expect((await baton('import', 'events', events)).out).toContain(
      '2 rows: 1 taken, 0 unchanged, 0 refused, 1 passed over.',
    );
    const outcomes = await file(
      'outcomes.csv',
      'contactId,type,at,note\nd1,accepted,2026-01-03,=1+1\nd1,accepted,2026-01-04,=1+1\n',
    );
    expect(await baton('import', 'outcomes', outcomes)).toMatchObject({ code: 1 });
    const [, row] = (await readFile(`${outcomes}.errors.csv`, 'utf8')).trimEnd().split('\r\n');
    expect(row).toBe(
      `"3","accepted: the lead handed over on 2026-01-03T00:00:00.000Z is accepted already","d1","accepted","2026-01-04","'=1+1"`,
    );
  });
});
