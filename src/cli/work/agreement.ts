import { writeFile } from 'node:fs/promises';
import { oneLine } from '../../core/text/safe.ts';
import { loadActiveVersions, loadVersion } from '../../db/agreement/agreement.ts';
import type { Database } from '../../db/database.ts';
import { applyAgreementFile } from '../../loop/agreement/activate.ts';
import { type Mover, type PathCounts, type Plan, planAgreement } from '../../loop/backtest/plan.ts';
import { withApp } from '../app.ts';
import { EXIT, Failure } from '../failure.ts';
import { loadAgreement } from '../file/agreement.ts';
import { note, print, write } from '../file/print.ts';
import { startProgress } from '../file/progress.ts';
import { callServer, findServer, type LocalServer, refuse } from '../file/server.ts';
import { type SettingOptions, settingsOf } from '../settings.ts';

export interface AgreementOptions extends SettingOptions {
  readonly json?: true;
  readonly handoff?: 'now';
}

/** How many contacts a plan names on either side. */
const NAMED = 20;

/** Prints who would enter and leave if a file were the active version. */
export async function runPlan(file: string, options: AgreementOptions): Promise<void> {
  const { agreement, text: source } = await loadAgreement(file);
  const server = await findServer(settingsOf(options));
  const progress = startProgress('comparing contacts');
  const ask = (): Promise<Plan> =>
    server === null
      ? withApp(options, app =>
          planAgreement(app, agreement, { now: app.clock(), named: NAMED, report: progress.report }),
        )
      : callServer(server, 'planAgreement', { body: { source, named: NAMED } }).catch(refuse);
  const plan = await ask().finally(() => progress.stop());
  if (options.json === true) await write(`${JSON.stringify(plan)}\n`);
  else print(wordsOf(plan));
}

function wordsOf(plan: Plan): string {
  const { contacts, before, after, enters, leaves, switches } = plan;
  return [
    `${contacts} contacts. Qualifying now: ${sum(before)} under the active version, ${sum(after)} under this file.`,
    `By path: ${paths(before)} under the active version, ${paths(after)} under this file.`,
    `${enters} would enter, ${leaves} would leave, ${switches} would qualify by another path.`,
    ...named('Entering', plan.entering, enters),
    ...named('Leaving', plan.leaving, leaves),
  ].join('\n');
}

function sum(counts: PathCounts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function paths(counts: PathCounts): string {
  const parts = Object.entries(counts).map(([path, count]) => `${path} ${count}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function named(what: string, movers: readonly Mover[], total: number): readonly string[] {
  if (movers.length === 0) return [];
  const more = total - movers.length;
  return [
    `${what}:`,
    ...movers.map(({ name, email, from, to }) => {
      const who = email === null || email === name ? name : `${name} <${email}>`;
      return `  ${oneLine(who, 200)} (${to ?? from})`;
    }),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

/** Stores a file as a version and makes it the active one, unless it is that already. */
export async function runApply(file: string, options: AgreementOptions): Promise<void> {
  const { text: source } = await loadAgreement(file);
  const handsOver = options.handoff === 'now';
  const server = await findServer(settingsOf(options));
  const { agreement, name, version, changed } =
    server === null
      ? await withApp(options, app =>
          applyAgreementFile(app.db, source, {
            actor: 'baton agreement apply',
            now: app.clock(),
            handsOver,
          }),
        )
      : await callServer(server, 'applyAgreement', { body: { source, handoff: handsOver } }).catch(refuse);
  const called = `Version ${version} of "${oneLine(name, 200)}"`;
  if (options.json === true) await write(`${JSON.stringify({ agreement, version, changed })}\n`);
  else print(changed ? `${called} is active.` : `${called} is active already; nothing changed.`);
  if (changed)
    note(
      'A running server scores the contacts under it in the background; without one, the next start does.',
    );
}

/** Writes the active version to a file, as it was applied; `-` is the standard output. */
export async function runExport(file: string, options: AgreementOptions): Promise<void> {
  const server = await findServer(settingsOf(options));
  const active =
    server === null
      ? await withApp(options, app => findActive(app.db))
      : await askActive(server).catch(refuse);
  if (active === null)
    throw new Failure('no agreement is active; activate one with: baton agreement apply FILE', EXIT.failed);
  if (file === '-') {
    await write(active.source);
    return;
  }
  await writeFile(file, active.source).catch((error: unknown) => {
    throw new Failure(
      `${file}: cannot be written (${error instanceof Error ? error.message : String(error)})`,
      EXIT.failed,
    );
  });
  print(`${file}: version ${active.version} of "${oneLine(active.name, 200)}".`);
}

async function findActive(db: Database) {
  const [head] = await loadActiveVersions(db);
  return head === undefined ? null : loadVersion(db, head.id, head.version);
}

/** The active version as a server tells it; the first agreement of its list leads. */
async function askActive(server: LocalServer) {
  const { items } = await callServer(server, 'listAgreements');
  const leading = items.find(({ activeVersion }) => activeVersion !== null);
  if (leading === undefined || leading.activeVersion === null) return null;
  const params = { id: leading.id, version: leading.activeVersion };
  return callServer(server, 'getAgreementVersion', { params });
}
