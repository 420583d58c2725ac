import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { readAgreementFile } from '../../src/contract/file/agreement.ts';
import { readMappingFile } from '../../src/contract/file/mapping.ts';
import type { ContactLine, ImportLine } from '../../src/core/import/line.ts';
import { compile } from '../../src/core/scoring/program.ts';
import { formatInstant } from '../../src/core/time/instant.ts';
import { openRows, type Row, type RowFile } from '../../src/loop/import/rows.ts';
import { scoresFrom } from '../core/known.ts';
import { DATA_FOLDER, HAS_DATA, needsData } from './folder.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/x-education/', import.meta.url));
const FILE = join(DATA_FOLDER, 'x_education_leads.csv.gz');

/** The file cut by a reader of its own, small and slow: quotes, delimiters, nothing else. */
function cutCsv(text: string): readonly (readonly string[])[] {
  return text
    .trimEnd()
    .split(/\r?\n/)
    .map(line => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)])
    .map(cells => cells.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? ''));
}

describe.skipIf(!HAS_DATA)(needsData('the X Education example'), () => {
  let plain: readonly (readonly string[])[] = [];
  let file: RowFile | null = null;
  const rows: Row[] = [];
  let contacts: readonly ContactLine[] = [];

  beforeAll(async () => {
    plain = cutCsv(gunzipSync(readFileSync(FILE)).toString('utf8'));
    const { mapping } = readMappingFile(await readFile(join(EXAMPLE, 'mapping.yaml'), 'utf8'));
    if (mapping === null) throw new Error('the mapping has problems');
    const opened = await openRows({ path: FILE, kind: 'contacts', mapping });
    if (opened.file === null) throw new Error(JSON.stringify(opened.problems));
    file = opened.file;
    for await (const batch of file.batches) rows.push(...batch);
    contacts = rows.flatMap(({ result }) => (result.kind === 'contact' ? [result] : []));
  });

  const column = (name: string) => {
    const index = plain[0]?.indexOf(name) ?? -1;
    return plain.slice(1).map(cells => cells[index] ?? '');
  };

  it('reads every row, as another reader cuts it', () => {
    expect(file?.header).toEqual(plain[0]);
    expect(rows.map(({ cells }) => cells)).toEqual(plain.slice(1));
    expect(contacts).toHaveLength(6_468);
  });

  it.each([
    ['Lead Source', 'source'],
    ['Country', 'country'],
    ['City', 'city'],
    ['Specialization', 'specialization'],
    ['How did you hear about X Education', 'heardFrom'],
    ['TotalVisits', 'visits'],
  ])('leaves %s out where the file says nothing, Select or unknown', (header, field) => {
    const missing = column(header).filter(cell => /^\s*(select|unknown)?\s*$/i.test(cell)).length;
    expect(contacts.filter(({ contact }) => !(field in contact))).toHaveLength(missing);
    expect(missing).toBeGreaterThan(0);
  });

  it('never reads what sales wrote after the handoff', () => {
    const read = file?.plan.columns.map(({ header }) => header) ?? [];
    for (const leak of [
      'Tags',
      'Lead Quality',
      'Lead Profile',
      'Last Notable Activity',
      'Last Activity',
      'Converted',
    ]) {
      expect(file?.header).toContain(leak);
      expect(read).not.toContain(leak);
    }
  });

  it('tells the end of as many leads as the file does, each rejection with a reason of the agreement', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'baton-x-education-'));
    const path = join(folder, 'outcomes.jsonl');
    await promisify(execFile)(process.execPath, [join(EXAMPLE, 'outcomes.js'), FILE, path]);
    const opened = await openRows({ path, kind: 'outcomes' });
    const lines: ImportLine[] = [];
    for await (const batch of opened.file?.batches ?? []) lines.push(...batch.map(row => row.result));
    await rm(folder, { recursive: true });
    const outcomes = lines.filter(line => line.kind === 'outcome');
    expect(outcomes).toHaveLength(lines.length);
    const ids = (type: string) => outcomes.filter(line => line.type === type).map(line => line.contactId);
    const converted = column('Converted');
    const bought = column('Prospect ID').filter((_, index) => converted[index] === '1');
    expect(new Set(ids('handoff'))).toEqual(new Set(column('Prospect ID')));
    expect(new Set(ids('won'))).toEqual(new Set(bought));
    expect(ids('rejected').filter(id => id !== null && bought.includes(id))).toEqual([]);
    const { agreement } = readAgreementFile(await readFile(join(EXAMPLE, 'agreement.yaml'), 'utf8'));
    const reasons = agreement?.practice.reasons?.map(({ id }) => id) ?? [];
    const given = outcomes.filter(({ type }) => type === 'rejected').map(({ reason }) => reason);
    expect(new Set(given)).toEqual(new Set(reasons));
    const calls =
      /^\s*(ringing|switched off|invalid number|wrong number given|number not provided|opp hangup)\s*$/i;
    const unreachable = column('Tags').filter((tag, index) => calls.test(tag) && converted[index] === '0');
    expect(given.filter(reason => reason === 'unreachable')).toHaveLength(unreachable.length);
  });

  it('has an agreement whose total tells buyers from others as well as the regression does', async () => {
    const { agreement, warnings } = readAgreementFile(
      await readFile(join(EXAMPLE, 'agreement.yaml'), 'utf8'),
    );
    expect(warnings).toEqual([]);
    if (agreement === null) throw new Error('the agreement has problems');
    const program = compile(agreement);
    const scores = scoresFrom(program, {
      contacts: contacts.map(({ contactId: id, createdAt, contact, company }) => ({
        id,
        createdAt: formatInstant(createdAt ?? 0),
        contact,
        company,
      })),
      events: [],
      kindOf: () => 'business',
    });
    const totals = [...scores.values()].map(scoreAt => {
      const { score } = scoreAt(Date.UTC(2016, 5));
      return score.applies ? score.total : 0;
    });
    const bought = column('Converted').map(cell => cell === '1');
    const auc = areaUnderCurve(totals, bought);
    expect(auc).toBeGreaterThan(0.825);
    // Above this a column tells the outcome.
    expect(auc).toBeLessThan(0.93);
  });
});

/** The share of pairs of a buyer and another in which the buyer has more points, ties counting half, by plain counting. */
function areaUnderCurve(totals: readonly number[], bought: readonly boolean[]): number {
  const others = totals.filter((_, index) => bought[index] === false);
  const buyers = totals.filter((_, index) => bought[index] === true);
  const wins = buyers.reduce(
    (sum, total) =>
      sum + others.reduce((won, other) => won + (total > other ? 1 : total === other ? 0.5 : 0), 0),
    0,
  );
  return wins / (buyers.length * others.length);
}
