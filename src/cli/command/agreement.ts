import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { oneLine } from '../../core/text/safe.ts';
import { loadActiveVersions, loadVersion } from '../../db/agreement/agreement.ts';
import type { Database } from '../../db/database.ts';
import { activateAgreement } from '../../loop/agreement/activate.ts';
import { type Mover, type PathCounts, type Plan, planAgreement } from '../../loop/backtest/plan.ts';
import { withApp } from '../app.ts';
import { EXIT, Failure } from '../failure.ts';
import { loadAgreement } from '../file/agreement.ts';
import { startProgress } from '../file/progress.ts';
import { addDataDirOption, type SettingOptions } from '../settings.ts';

interface Options extends SettingOptions {
  readonly json?: true;
  readonly handoff?: 'now';
}

/** How many contacts a plan names on either side. */
const NAMED = 20;

/** Adds `baton agreement plan|apply|export`. */
export function addAgreement(program: Command): void {
  const agreement = program
    .command('agreement')
    .description('compare, activate or write out the agreement of a database');
  addDataDirOption(agreement.command('plan'))
    .argument('<file>', 'agreement file, YAML or JSON')
    .option('--json', 'print the comparison as JSON')
    .description('show who would enter and leave if this file were the active version; changes nothing')
    .action(runPlan);
  addDataDirOption(agreement.command('apply'))
    .argument('<file>', 'agreement file, YAML or JSON')
    .option('--json', 'print the version as JSON')
    .addOption(
      new Option('--handoff <when>', 'now: hand over the contacts that this version makes qualify').choices([
        'now',
      ]),
    )
    .description('store a file as a version and make it the active one; nothing when it is that already')
    .action(runApply);
  addDataDirOption(agreement.command('export'))
    .argument('<file>', 'where to write it; - is the standard output')
    .description('write the active version as it was applied')
    .action(runExport);
}

async function runPlan(file: string, options: Options): Promise<void> {
  const { agreement } = await loadAgreement(file);
  const progress = startProgress('comparing contacts');
  const plan = await withApp(options, app =>
    planAgreement(app, agreement, { now: app.clock(), named: NAMED, report: progress.report }),
  ).finally(() => progress.stop());
  process.stdout.write(options.json === true ? `${JSON.stringify(plan)}\n` : wordsOf(plan));
}

function wordsOf(plan: Plan): string {
  const { contacts, before, after, enters, leaves, switches } = plan;
  return [
    `${contacts} contacts. Qualifying now: ${sum(before)} under the active version, ${sum(after)} under this file.`,
    `By path: ${paths(before)} under the active version, ${paths(after)} under this file.`,
    `${enters} would enter, ${leaves} would leave, ${switches} would qualify by another path.`,
    ...named('Entering', plan.entering, enters),
    ...named('Leaving', plan.leaving, leaves),
    '',
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

async function runApply(file: string, options: Options): Promise<void> {
  const { text } = await loadAgreement(file);
  const { isNew, active } = await withApp(options, async app => {
    const handsOver = options.handoff === 'now';
    const by = { actor: 'baton agreement apply', now: app.clock(), handsOver };
    const changed = await activateAgreement(app.db, text, by);
    return { isNew: changed, active: await mustFindActive(app.db) };
  });
  const { id, name, version } = active;
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ agreement: id, version, changed: isNew })}\n`
      : isNew
        ? `Version ${version} of "${oneLine(name, 200)}" is active.\n`
        : `Version ${version} of "${oneLine(name, 200)}" is active already; nothing changed.\n`,
  );
  if (isNew)
    process.stderr.write(
      'A running server scores the contacts under it in the background; without one, the next start does.\n',
    );
}

async function runExport(file: string, options: Options): Promise<void> {
  const active = await withApp(options, app => mustFindActive(app.db));
  if (file === '-') {
    process.stdout.write(active.source);
    return;
  }
  await writeFile(file, active.source).catch((error: unknown) => {
    throw new Failure(
      `${file}: cannot be written (${error instanceof Error ? error.message : String(error)})`,
      EXIT.failed,
    );
  });
  process.stdout.write(`${file}: version ${active.version} of "${oneLine(active.name, 200)}".\n`);
}

async function mustFindActive(db: Database) {
  const [head] = await loadActiveVersions(db);
  const active = head === undefined ? null : await loadVersion(db, head.id, head.version);
  if (active === null)
    throw new Failure('no agreement is active; activate one with: baton agreement apply FILE', EXIT.failed);
  return active;
}
