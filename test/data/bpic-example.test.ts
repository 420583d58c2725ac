import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAgreementFile } from '../../src/contract/file/agreement.ts';
import type { ImportLine, OutcomeLine } from '../../src/core/import/line.ts';
import type { ImportKind } from '../../src/core/import/target.ts';
import { compile } from '../../src/core/scoring/program.ts';
import { openRows } from '../../src/loop/import/rows.ts';
import { scoresFrom } from '../core/known.ts';
import { countByMonth, type LogLine, readLog } from './bpic-count.ts';
import { DATA_FOLDER, HAS_DATA, needsData } from './folder.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/bpic2012/', import.meta.url));

describe.skipIf(!HAS_DATA)(needsData('the loan funnel example'), () => {
  let folder = '';
  let log: readonly LogLine[] = [];
  let outcomes: readonly OutcomeLine[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'baton-bpic-'));
    await promisify(execFile)(process.execPath, [join(EXAMPLE, 'convert.js'), DATA_FOLDER, folder]);
    log = readLog(DATA_FOLDER);
    outcomes = (await read('outcomes')).filter(line => line.kind === 'outcome');
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function read(kind: ImportKind): Promise<readonly ImportLine[]> {
    const { file, problems } = await openRows({ path: join(folder, `${kind}.jsonl`), kind });
    if (file === null) throw new Error(JSON.stringify(problems));
    const lines: ImportLine[] = [];
    for await (const batch of file.batches) lines.push(...batch.map(row => row.result));
    return lines;
  }

  async function parsed(kind: ImportKind): Promise<readonly unknown[]> {
    const text = await readFile(join(folder, `${kind}.jsonl`), 'utf8');
    return text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line));
  }

  it('has an agreement without a problem', async () => {
    const { problems, warnings } = readAgreementFile(await readFile(join(EXAMPLE, 'agreement.yaml'), 'utf8'));
    expect({ problems, warnings }).toEqual({ problems: null, warnings: [] });
  });

  it('makes a contact of every case and an event of every step, at its time', async () => {
    const contacts = await read('contacts');
    expect(contacts.filter(line => line.kind === 'contact')).toHaveLength(8_829);
    expect(contacts).toHaveLength(8_829);
    const events = (await read('events')).flatMap(line => (line.kind === 'event' ? [line] : []));
    expect(events).toHaveLength(178_917);
    expect(new Set(events.map(event => event.messageId)).size).toBe(178_917);
    expect(events.reduce((sum, event) => sum + event.at - 1.3e12, 0)).toBe(
      log.reduce((sum, line) => sum + line.at - 1.3e12, 0),
    );
  });

  it('hands over, accepts and rejects as many a month as the log says', () => {
    const monthOf = new Map(
      outcomes
        .filter(({ type }) => type === 'handoff')
        .map(({ contactId, at }) => [contactId, new Date(at).toISOString().slice(0, 7)]),
    );
    const count = (month: string, type: string) =>
      outcomes.filter(line => line.type === type && monthOf.get(line.contactId) === month).length;
    const counted = countByMonth(log);
    expect(counted.map(({ month }) => month)).toEqual([
      '2011-09',
      '2011-10',
      '2011-11',
      '2011-12',
      '2012-01',
    ]);
    for (const { month, handoffs, accepted, rejected, open, won, lost } of counted) {
      expect({ month, handoffs: count(month, 'handoff'), accepted: count(month, 'accepted') }).toEqual({
        month,
        handoffs,
        accepted,
      });
      expect({
        rejected: count(month, 'rejected'),
        won: count(month, 'won'),
        lost: count(month, 'lost'),
      }).toEqual({
        rejected,
        won,
        lost,
      });
      expect(handoffs - count(month, 'accepted') - count(month, 'rejected')).toBe(open);
    }
    expect(counted.reduce((sum, { handoffs }) => sum + handoffs, 0)).toBe(4_911);
    expect(counted.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(3_410);
  });

  it('qualifies each application at the very millisecond of its pre-acceptance', async () => {
    const { agreement } = readAgreementFile(await readFile(join(EXAMPLE, 'agreement.yaml'), 'utf8'));
    if (agreement === null) throw new Error('the agreement has problems');
    const program = compile(agreement);
    const scores = scoresFrom(program, {
      contacts: await parsed('contacts'),
      events: await parsed('events'),
      kindOf: () => 'business',
    });
    const pathAt = (id: string, t: number) => {
      const score = scores.get(id)?.(t).score;
      return score?.applies === true ? score.qualifies : null;
    };
    const handoffs = outcomes.filter(({ type }) => type === 'handoff');
    const wrong = handoffs.filter(({ contactId, at }) => {
      const id = contactId ?? '';
      return pathAt(id, at) !== 'preaccepted' || pathAt(id, at - 1) !== null;
    });
    expect(wrong).toEqual([]);
    const ever = [...scores.keys()].filter(id => pathAt(id, Date.UTC(2012, 5)) !== null);
    expect(ever).toHaveLength(handoffs.length);
  });

  it('tells each application in the order in which it happened', () => {
    const last = new Map<string | null, number>();
    for (const { contactId, at } of outcomes) {
      expect(at).toBeGreaterThan(last.get(contactId) ?? 0);
      last.set(contactId, at);
    }
  });

  it('never calls the automatic system an owner', () => {
    const owners = new Set(outcomes.map(({ owner }) => owner));
    expect(owners).not.toContain('rep-112@lender.example');
    expect(owners.size).toBeGreaterThan(40);
  });
});
