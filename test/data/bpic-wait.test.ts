import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readAgreementFile } from '../../src/contract/file/agreement.ts';
import { compileCalendar, workingMsBetween } from '../../src/core/worktime/calendar.ts';
import { activateAgreement } from '../../src/loop/agreement/activate.ts';
import { DRIVERS } from '../db/opened.ts';
import { importFile } from '../import/imported.ts';
import { makeWorld } from '../world/app.ts';
import { callHours, countWaits, medianOf, readLog } from './bpic-count.ts';
import { DATA_FOLDER, HAS_DATA, needsData } from './folder.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/bpic2012/', import.meta.url));
/** Every tenth case by its number, unless the whole log is asked for. */
const SHARE = process.env.BATON_FULL_DATA === '1' ? 1 : 10;
const NOW = Date.UTC(2026, 2, 15);

/** Made-up rows in the shape of the log: a wait over the night of the change to winter time, one over lunch, one unclaimed. */
const ROWS = [
  ['1', '0', 'A_SUBMITTED', 'COMPLETE', '112', '2011-10-29T16:00:00.000+02:00'],
  ['1', '1', 'W_Completeren aanvraag', 'SCHEDULE', '112', '2011-10-29T16:30:00.000+02:00'],
  ['1', '2', 'W_Completeren aanvraag', 'START', '10001', '2011-10-31T09:30:00.000+01:00'],
  ['1', '3', 'W_Completeren aanvraag', 'COMPLETE', '10001', '2011-10-31T09:40:00.000+01:00'],
  ['1', '4', 'W_Completeren aanvraag', 'START', '10002', '2011-11-01T09:30:00.000+01:00'],
  ['1', '5', 'W_Completeren aanvraag', 'COMPLETE', '10002', '2011-11-01T09:40:00.000+01:00'],
  ['2', '0', 'W_Completeren aanvraag', 'SCHEDULE', '112', '2011-10-28T12:00:00.250+02:00'],
  ['2', '1', 'W_Completeren aanvraag', 'START', '', '2011-10-28T12:45:00.500+02:00'],
  ['3', '0', 'W_Completeren aanvraag', 'SCHEDULE', '112', '2011-10-28T12:00:00.000+02:00'],
  ['4', '0', 'W_Completeren aanvraag', 'SCHEDULE', '112', '2011-10-28T20:30:00.000+02:00'],
  ['4', '1', 'W_Completeren aanvraag', 'START', '10001', '2011-10-29T10:20:00.000+02:00'],
];

/** Writes the two files of the log with the rows above. */
async function writeRows(folder: string): Promise<void> {
  const write = (name: string, lines: readonly (readonly string[])[]) =>
    writeFile(
      join(folder, `bpic2012_${name}.csv.gz`),
      gzipSync(lines.map(line => `${line.join(',')}\n`).join('')),
    );
  await write('cases', [
    ['case_id', 'amount_requested', 'reg_date', 'n_events', 'outcome'],
    ...['1', '2', '3', '4'].map(id => [id, '5000', '2011-10-27T12:00:00.000+02:00', '3', 'open']),
  ]);
  await write('events', [
    ['case_id', 'event_seq', 'activity', 'lifecycle', 'resource', 'timestamp'],
    ...ROWS,
  ]);
}

/** Reads a log into a database as the example says, and gives each wait from handoff to first touch. */
async function importWaits(open: (typeof DRIVERS)[number]['open'], source: string, share: number) {
  const folder = await mkdtemp(join(tmpdir(), 'baton-bpic-wait-'));
  const db = await open();
  try {
    await promisify(execFile)(process.execPath, [join(EXAMPLE, 'convert.js'), source, folder]);
    const text = await readFile(join(EXAMPLE, 'agreement.yaml'), 'utf8');
    await activateAgreement(db, text, { actor: 'a test', now: NOW });
    const { app } = makeWorld(db, { now: NOW });
    for (const [kind, name] of [
      ['contacts', 'contacts'],
      ['outcomes', 'tasks'],
    ] as const) {
      const path = join(folder, `${name}.jsonl`);
      const lines = (await readFile(path, 'utf8')).split('\n');
      const isTaken = (line: string) => Number(/"case-(\d+)"/.exec(line)?.[1] ?? '1') % share === 0;
      await writeFile(path, lines.filter(isTaken).join('\n'));
      expect((await importFile(app, { kind, path })).refused).toEqual([]);
    }
    const episodes = await db.run<{ handed: Date; touched: Date }>(
      {
        name: '',
        text: `select handed_off_at as handed, first_touch_at as touched from episode
               where first_touch_at is not null`,
      },
      [],
    );
    return episodes.map(({ handed, touched }) => ({
      from: new Date(handed).getTime(),
      to: new Date(touched).getTime(),
    }));
  } finally {
    await db.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The median waits of what was imported: by the clock, and in the working time of the example's calendar. */
async function medians(waits: readonly { readonly from: number; readonly to: number }[]) {
  const { agreement } = readAgreementFile(await readFile(join(EXAMPLE, 'agreement.yaml'), 'utf8'));
  const hours = agreement?.practice.calendars?.callcentre;
  if (hours === undefined) throw new Error('the example has no calendar');
  const calendar = compileCalendar(hours);
  return {
    clock: medianOf(waits.map(({ from, to }) => to - from)),
    working: medianOf(waits.map(({ from, to }) => workingMsBetween(calendar, from, to))),
  };
}

describe.each(DRIVERS)('waits of the call team on $name', ({ name, open }) => {
  it('made-up rows wait as long as they were written to', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'baton-bpic-rows-'));
    await writeRows(folder);
    const waits = await importWaits(open, folder, 1);
    const minutes = waits.map(({ from, to }) => (to - from) / 60_000).sort((a, b) => a - b);
    // 45 min and a quarter of a second, 13 h 50 min, and 41 h by the clock of a weekend that is an hour longer.
    expect(minutes).toEqual([45 + 0.25 / 60, 830, 42 * 60]);
    // 20 minutes of Saturday after half an hour of Friday; half an hour of Saturday and of Monday.
    expect(await medians(waits)).toEqual({ clock: 830 * 60_000, working: 50 * 60_000 });
    const counted = countWaits(readLog(folder));
    const hoursUpTo = callHours();
    expect(medianOf(counted.map(({ queuedAt, claimedAt }) => claimedAt - queuedAt))).toBe(830 * 60_000);
    expect(
      counted.map(({ queuedAt, claimedAt }) => hoursUpTo(claimedAt) - hoursUpTo(queuedAt)).sort(),
    ).toEqual([...[45 * 60_000 + 250, 50 * 60_000, 60 * 60_000]]);
    await rm(folder, { recursive: true });
  }, 120_000);

  it.skipIf(!HAS_DATA)(
    needsData('the log waits as long as a count straight from it says'),
    async () => {
      const log = readLog(DATA_FOLDER).filter(({ caseId }) => Number(caseId) % SHARE === 0);
      const counted = countWaits(log);
      const hoursUpTo = callHours();
      const expected = {
        clock: medianOf(counted.map(({ queuedAt, claimedAt }) => claimedAt - queuedAt)),
        working: medianOf(
          counted.map(({ queuedAt, claimedAt }) => hoursUpTo(claimedAt) - hoursUpTo(queuedAt)),
        ),
      };
      const waits = await importWaits(open, DATA_FOLDER, SHARE);
      expect(waits).toHaveLength(counted.length);
      expect(await medians(waits)).toEqual(expected);
      expect(counted.length).toBeGreaterThan(400);
      if (SHARE === 1)
        console.info(`${name}: ${waits.length} waits, ${JSON.stringify(expected)} ms in the median`);
    },
    600_000,
  );
});
