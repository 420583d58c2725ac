import type { Check, Diagnosis } from '../../contract/api/diagnosis.ts';
import { type Breach, breachAdvice } from '../../core/report/conservation.ts';
import { counted, listed } from '../../core/text/number.ts';
import { oneLine } from '../../core/text/safe.ts';
import { formatInstant } from '../../core/time/instant.ts';
import type { Database, Disk } from '../../db/database.ts';
import { megabytes } from '../../db/driver/disk.ts';
import { compareMigrations } from '../../db/driver/migrate.ts';
import { loadLetterHealth } from '../../db/letter/health.ts';
import { describeServer, loadHealth } from '../../db/operation/health.ts';
import { listWorkers } from '../../db/operation/worker.ts';
import { missingForLetters } from '../../loop/letter/preview.ts';
import { findBreaches } from '../../loop/report/conservation.ts';
import type { Settings } from '../../loop/settings.ts';
import type { Handler } from '../handler/handler.ts';
import { ageWords, aheadOf, CLOCK_FAILS_MS, CLOCK_WARNS_MS } from './clock.ts';
import { checkPeers, messageOf, ok, type Peers, warning, wrong } from './services.ts';

/** The oldest PostgreSQL that the statements are written for. */
const OLDEST = 150_000;
/** How far behind a worker may be, in ms. */
const LAG_WARNS_MS = 30_000;
const LAG_FAILS_MS = 300_000;
/** How long a node may be silent, in ms; it speaks every ten seconds. */
const SILENT_MS = 60_000;
/** How little room the disk of an embedded database may have, in bytes; below 256 MB it takes no writes. */
const ROOM_WARNS_BYTES = 1024 * 2 ** 20;
/** How long a message may wait, in ms. */
const OLDEST_WARNS_MS = 600_000;

/** What is looked at: a database that is open, or why it is not. `now` is epoch ms. */
export interface Patient {
  readonly settings: Settings;
  readonly database:
    | { readonly kind: 'open'; readonly db: Database }
    | { readonly kind: 'shut'; readonly check: Check };
  readonly now: () => number;
  readonly peers?: Peers;
  /** Whether it is a demo, which keeps its letters to itself. */
  readonly isDemo?: boolean;
}

/** Looks at everything that Baton stands on, and whether a lead is lost; changes nothing and sends nothing. */
export async function diagnose({
  settings,
  database,
  now,
  peers,
  isDemo = false,
}: Patient): Promise<Diagnosis> {
  const [inside, outside] = await Promise.all([
    database.kind === 'shut'
      ? { checks: [database.check], breaches: [] }
      : checkInside(database.db, now, isDemo ? [] : missingForLetters({ settings })).catch(
          (error: unknown) => ({
            checks: [
              wrong(
                'database',
                `does not answer: ${messageOf(error)}`,
                'Look whether the database runs and can be reached.',
              ),
            ],
            breaches: [],
          }),
        ),
    checkPeers(settings, peers),
  ]);
  const checks = [...inside.checks, ...outside];
  return {
    at: formatInstant(now()),
    isWell: checks.every(({ state }) => state !== 'wrong'),
    checks,
    breaches: inside.breaches.map(breach => ({ ...breach, examples: [...breach.examples] })),
  };
}

interface Inside {
  readonly checks: readonly Check[];
  readonly breaches: readonly Breach[];
}

async function checkInside(db: Database, now: () => number, missing: readonly string[]): Promise<Inside> {
  const began = now();
  const server = await describeServer(db);
  const after = now();
  if (server === null) throw new Error('no answer');
  const aheadMs = aheadOf({ before: began, after, theirs: server.now });
  const basics = [checkServer(db, server, after - began), checkApart(Math.abs(aheadMs))];
  const { due, unknown } = await compareMigrations(db);
  if (due.length > 0) {
    const text = `${counted(due.length, 'migration')} not run: ${oneLine(listed(due, 'and'), 200)}`;
    const check = wrong(
      'migrations',
      text,
      'Start Baton: it brings the database up to date. The rest is looked at then.',
    );
    return { checks: [...basics, check], breaches: [] };
  }
  const at = now();
  const [health, workers, breaches, letters] = [
    await loadHealth(db, at),
    await listWorkers(db),
    await findBreaches(db, at),
    await loadLetterHealth(db),
  ];
  return {
    checks: [
      ...basics,
      ...(db.disk === undefined ? [] : [checkDisk(db.disk)]),
      checkMigrations(unknown),
      ...checkWorkers(workers, at),
      checkOutbox(health),
      checkLetters(letters, missing),
      checkExceptions(health),
      checkRejected(health),
      ...checkLeads(breaches),
    ],
    breaches,
  };
}

type ServerRow = NonNullable<Awaited<ReturnType<typeof describeServer>>>;

function checkServer({ kind }: Database, { version, number }: ServerRow, tookMs: number): Check {
  const text = `PostgreSQL ${version}${kind === 'pglite' ? ', embedded' : ''}, answers in ${Math.round(tookMs)} ms`;
  if (number < OLDEST) return wrong('database', text, 'Baton needs PostgreSQL 15 or later.');
  return ok('database', text);
}

/** Checks the room for the data folder of an embedded database. */
export function checkDisk({ freeBytes, shortage }: Disk): Check {
  const [free, reason] = [freeBytes(), shortage()];
  const advice = 'Make room on that disk, or move the data folder to a larger one.';
  if (reason !== null) return wrong('disk', reason, advice);
  if (free === null) return ok('disk', 'the system does not say how much room it has');
  const text = `${megabytes(free)} left for the data folder`;
  return free < ROOM_WARNS_BYTES ? warning('disk', text, advice) : ok('disk', text);
}

function checkApart(apartMs: number): Check {
  const text = `${ageWords(apartMs)} apart from the clock of the database`;
  const advice = 'Let both machines keep time by NTP: due times are counted by these clocks.';
  if (apartMs > CLOCK_FAILS_MS) return wrong('clock', text, advice);
  return apartMs > CLOCK_WARNS_MS ? warning('clock', text, advice) : ok('clock', text);
}

function checkMigrations(unknown: readonly string[]): Check {
  if (unknown.length === 0) return ok('migrations', 'all run');
  const text = `the database has ${counted(unknown.length, 'migration')} that this version does not know: ${oneLine(listed(unknown, 'and'), 200)}`;
  return warning(
    'migrations',
    text,
    'A newer Baton has used this database. Run that version: this one works on, but does not start again.',
  );
}

type WorkerRow = Awaited<ReturnType<typeof listWorkers>>[number];

function checkWorkers(workers: readonly WorkerRow[], now: number): readonly Check[] {
  // What a clock that ran ahead has left behind says nothing of now.
  const alive = workers.filter(({ at }) => now - at <= SILENT_MS && at - now <= SILENT_MS);
  const nodes = new Set(alive.map(({ node }) => node));
  const gone = [...new Set(workers.map(({ node }) => node))].filter(node => !nodes.has(node));
  if (nodes.size === 0) {
    return [
      wrong(
        'workers',
        'no server is running: leads are neither handed over in time nor alerted',
        'Start one with: baton start',
      ),
    ];
  }
  const silent = gone.map(node => {
    const at = Math.max(...workers.filter(worker => worker.node === node).map(worker => worker.at));
    return warning(
      'workers',
      oneLine(`node ${node} is silent for ${ageWords(now - at)}`, 200),
      'It ended without saying so; the others do its work.',
    );
  });
  const names = [...new Set(alive.map(({ name }) => name))];
  return [
    ...silent,
    ...names.map(name =>
      checkWorker(
        name,
        alive.filter(worker => worker.name === name),
        now,
      ),
    ),
  ];
}

/** A worker is as far behind as the best of its nodes: they share the work. */
function checkWorker(name: string, workers: readonly WorkerRow[], now: number): Check {
  const lagMs = Math.min(...workers.map(({ lag_ms: lag, at }) => lag + Math.max(0, now - at)));
  const failing = workers.find(({ error }) => error !== null);
  const why = failing === undefined ? '' : `; its last step failed: ${failing.error}`;
  const text = oneLine(`${ageWords(lagMs)} behind${why}`, 300);
  const called = `worker ${oneLine(name, 60)}`;
  const advice = 'Look at the log of the server for this worker.';
  if (lagMs > LAG_FAILS_MS) return wrong(called, text, advice);
  return lagMs > LAG_WARNS_MS || failing !== undefined ? warning(called, text, advice) : ok(called, text);
}

type Health = Awaited<ReturnType<typeof loadHealth>>;

function sumOf(health: Health, gauge: string): number {
  return health.reduce((total, row) => (row.gauge === gauge ? total + row.value : total), 0);
}

function checkOutbox(health: Health): Check {
  const [waiting, failed] = [sumOf(health, 'outbox_waiting'), sumOf(health, 'outbox_failed')];
  const oldestMs = sumOf(health, 'outbox_oldest') * 1000;
  const age = waiting === 0 ? '' : `, the oldest for ${ageWords(oldestMs)}`;
  const text = `${counted(waiting, 'message')} waiting${age}; ${failed} failed`;
  if (oldestMs <= OLDEST_WARNS_MS && failed === 0) return ok('outbox', text);
  return warning('outbox', text, 'The page of deliveries says what failed and why, and sends again.');
}

function checkLetters(
  { isPlanned, failed }: Awaited<ReturnType<typeof loadLetterHealth>>,
  missing: readonly string[],
): Check {
  const stuck = failed === 0 ? '' : `${counted(failed, 'letter')} to leads could not be sent`;
  const again = 'The page of deliveries says why, and sends them again.';
  if (isPlanned && missing.length > 0)
    return warning(
      'letters',
      [`the agreement sends mail to leads, but ${listed(missing, 'and')}`, stuck].filter(Boolean).join('; '),
      `Set what is missing and start Baton again; until then no letter leaves.${failed === 0 ? '' : ` ${again}`}`,
    );
  if (failed > 0) return warning('letters', stuck, again);
  if (isPlanned) return ok('letters', 'mail to leads leaves; none failed');
  return { name: 'letters', state: 'off', text: 'the agreement sends no mail to leads', advice: null };
}

function checkExceptions(health: Health): Check {
  const [open, overdue] = [sumOf(health, 'exceptions_open'), sumOf(health, 'exceptions_overdue')];
  const text = `${open} open, ${overdue} overdue`;
  if (overdue === 0) return ok('exceptions', text);
  return warning('exceptions', text, 'The Exceptions page shows what waits, and who deals with it.');
}

function checkRejected(health: Health): Check {
  const waiting = sumOf(health, 'rejected_waiting');
  const text = `${counted(waiting, 'call')} of the last day could not be used`;
  if (waiting === 0) return ok('rejected inbox', text);
  return warning(
    'rejected inbox',
    text,
    'The Exceptions page shows them under Rejected calls, each with its reason: mend the client that sends them.',
  );
}

function checkLeads(breaches: readonly Breach[]): readonly Check[] {
  if (breaches.length === 0) return [ok('conservation', 'no lead is lost')];
  return breaches.map(({ kind, label }) => wrong('conservation', label, breachAdvice(kind)));
}

/** Answers with what `baton doctor` prints. */
export const getDoctor: Handler<'getDoctor'> = async ({ app }) => {
  const { breaches, checks, ...rest } = await diagnose({
    settings: app.settings,
    database: { kind: 'open', db: app.db },
    now: app.clock,
    isDemo: app.demo() !== null,
  });
  return { ...rest, checks: [...checks], breaches: [...breaches] };
};
