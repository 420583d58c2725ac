import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { activateAgreement } from '../../src/loop/agreement/activate.ts';
import { getAcceptance } from '../../src/server/report/acceptance.ts';
import { DRIVERS } from '../db/opened.ts';
import { type Imported, importFile } from '../import/imported.ts';
import { makeWorld, type World } from '../world/app.ts';
import { asked } from '../world/asked.ts';
import { countByMonth, type LogLine, readLog } from './bpic-count.ts';
import { DATA_FOLDER, HAS_DATA, needsData } from './folder.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/bpic2012/', import.meta.url));
/** Every tenth case by its number, unless the whole log is asked for. */
const SHARE = process.env.BATON_FULL_DATA === '1' ? 1 : 10;
const KINDS = ['contacts', 'events', 'outcomes'] as const;
/** Long after the log: nothing in it lies in the future. */
const NOW = Date.UTC(2026, 2, 15);

const isTaken = (caseId: string) => Number(caseId) % SHARE === 0;

describe.skipIf(!HAS_DATA)(needsData('the loan funnel through the database'), () => {
  let folder = '';
  let log: readonly LogLine[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'baton-bpic-'));
    await promisify(execFile)(process.execPath, [join(EXAMPLE, 'convert.js'), DATA_FOLDER, folder]);
    for (const kind of KINDS) {
      const path = join(folder, `${kind}.jsonl`);
      const lines = (await readFile(path, 'utf8')).split('\n');
      await writeFile(path, lines.filter(line => isTaken(/"case-(\d+)"/.exec(line)?.[1] ?? '1')).join('\n'));
    }
    log = readLog(DATA_FOLDER).filter(({ caseId }) => isTaken(caseId));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  describe.each(DRIVERS)('on $name', ({ name, open }) => {
    let db: Database;
    let world: World;
    const imported = new Map<string, Imported>();

    beforeAll(async () => {
      db = await open();
      world = makeWorld(db, { now: NOW });
      const text = await readFile(join(EXAMPLE, 'agreement.yaml'), 'utf8');
      await activateAgreement(db, text, { actor: 'a test', now: NOW });
      for (const kind of KINDS) {
        const begun = performance.now();
        const done = await importFile(world.app, { kind, path: join(folder, `${kind}.jsonl`) });
        imported.set(kind, done);
        if (SHARE === 1)
          console.info(`${name}: ${done.taken} ${kind} in ${Math.round(performance.now() - begun)} ms`);
      }
    }, 600_000);

    afterAll(() => db.close());

    it('takes every line', () => {
      const cases = new Set(log.map(({ caseId }) => caseId));
      expect(imported.get('contacts')).toMatchObject({ taken: cases.size, refused: [] });
      expect(imported.get('events')).toMatchObject({ taken: log.length, refused: [] });
      expect(imported.get('outcomes')?.refused).toEqual([]);
      expect(cases.size).toBeGreaterThan(800);
    });

    it('reports month by month what the log says: handoffs and acceptance', async () => {
      const report = await getAcceptance(world.as({ id: null, name: 'a test', role: 'admin' }), {
        params: undefined,
        query: asked('getAcceptance', { from: '2011-09-01T00:00:00Z', to: '2012-02-01T00:00:00Z' }),
        body: undefined,
      });
      expect(
        report.rows.map(({ key, handedOff, accepted, rejected, open: undecided }) => ({
          month: key,
          handoffs: handedOff,
          accepted,
          rejected,
          open: undecided,
        })),
      ).toEqual(
        report.rows.map(({ key: month }) => {
          const counted = countByMonth(log).find(count => count.month === month);
          const { handoffs = 0, accepted = 0, rejected = 0, open: undecided = 0 } = counted ?? {};
          return { month, handoffs, accepted, rejected, open: undecided };
        }),
      );
      const total = countByMonth(log).reduce(
        (sum, { handoffs, accepted, rejected }) => ({
          handoffs: sum.handoffs + handoffs,
          accepted: sum.accepted + accepted,
          rejected: sum.rejected + rejected,
        }),
        { handoffs: 0, accepted: 0, rejected: 0 },
      );
      expect(report.total.acceptanceRate.value).toBe(total.accepted / (total.accepted + total.rejected));
      expect(report.total.handedOff).toBe(total.handoffs);
      expect(total.handoffs).toBeGreaterThan(400);
    });

    it('ends as many handoffs in a win or a loss as the log, each qualified at the millisecond of its handoff', async () => {
      const [found] = await db.run<Record<string, number>>(
        {
          name: '',
          text: `select count(*) filter (where state = 'won') as won, count(*) filter (where state = 'lost') as lost,
                   count(*) filter (where path <> 'preaccepted' or qualified_at <> handed_off_at) as wrong,
                   count(*) filter (where amount is null and state = 'won') as unpaid from episode`,
        },
        [],
      );
      const sum = (of: 'won' | 'lost') => countByMonth(log).reduce((total, count) => total + count[of], 0);
      expect(found).toEqual({ won: sum('won'), lost: sum('lost'), wrong: 0, unpaid: 0 });
    });

    it('changes nothing when the files are read again', async () => {
      for (const kind of SHARE === 1 ? (['contacts'] as const) : KINDS) {
        const again = await importFile(world.app, { kind, path: join(folder, `${kind}.jsonl`) });
        expect([kind, again.taken, again.refused]).toEqual([kind, 0, []]);
      }
    });
  });
});
