import { basename } from 'node:path';
import type { Preview } from '../../core/import/preview.ts';
import type { ImportKind } from '../../core/import/target.ts';
import type { Problem } from '../../core/problem.ts';
import { counted } from '../../core/text/number.ts';
import { listBatches } from '../../db/import/import.ts';
import type { App } from '../../loop/app.ts';
import { AppError } from '../../loop/error.ts';
import { ImportStopped, importRows, previewFile } from '../../loop/import/import.ts';
import { openRows, type RowFile } from '../../loop/import/rows.ts';
import { undoImport } from '../../loop/import/undo.ts';
import { withApp, withExistingApp } from '../app.ts';
import { EXIT, Failure, unwritable } from '../failure.ts';
import { formatProblem } from '../file/agreement.ts';
import { openErrorFile } from '../file/errors.ts';
import { type LoadedMapping, mappingOf } from '../file/mapping.ts';
import { print, write } from '../file/print.ts';
import { startProgress } from '../file/progress.ts';
import { findServer, type LocalServer } from '../file/server.ts';
import { type SettingOptions, settingsOf } from '../settings.ts';
import { printPreview } from './preview.ts';
import { importThrough, previewThrough, undoThrough } from './through.ts';

/** How many rows one transaction takes. */
const BATCH_ROWS = 2_000;

export interface ImportOptions extends SettingOptions {
  readonly mapping?: string;
  readonly dates?: string;
  readonly zone?: string;
  readonly encoding?: string;
  readonly dryRun?: true;
  readonly handoff?: 'now';
  readonly undo?: string;
  readonly json?: true;
}

/** Loads a file, shows what would be loaded, or takes an import back, as the options say. */
export async function runImport(
  kind: ImportKind | undefined,
  file: string | undefined,
  options: ImportOptions,
): Promise<void> {
  if (options.undo !== undefined) return runUndo(kind, options.undo, options);
  if (kind === undefined || file === undefined)
    throw new Failure('expected: baton import contacts|events|outcomes FILE, or baton import --undo BATCH');
  if (options.handoff !== undefined && kind === 'outcomes')
    throw new Failure('--handoff now has no meaning for outcomes, which open episodes themselves');
  const mapped = await mappingOf(options);
  const server = await findServer(settingsOf(options));
  const preview = options.dryRun === true ? await lookAt(server, { kind, file, options, mapped }) : null;
  if (preview !== null) return printPreview(preview, { file, isJson: options.json === true });
  const summary =
    server === null
      ? await importHere({ kind, file, options, mapped })
      : await importThere(server, { kind, file, options, mapped });
  return tellSummary(summary, options);
}

/** What is to be imported. */
interface Order {
  readonly kind: ImportKind;
  readonly file: string;
  readonly options: ImportOptions;
  readonly mapped: LoadedMapping;
}

async function lookAt(server: LocalServer | null, of: Order): Promise<Preview> {
  const { kind, file, mapped, options } = of;
  if (server === null) {
    const rows = await openFile(kind, file, mapped);
    return (await withExistingApp(options, app => previewFile(app, rows))).preview;
  }
  const { preview, problems } = await previewThrough(server, { kind, file, mapping: mapped.raw });
  if (preview !== null) return preview;
  throw faulty(file, mapped, problems);
}

function faulty(path: string, mapped: LoadedMapping, problems: readonly Problem[]): Failure {
  const lines = problems.map(problem =>
    problem.path === '' || mapped.place === null
      ? `${path}: ${problem.message}`
      : formatProblem(mapped.path, mapped.place(problem)),
  );
  return new Failure(lines.join('\n'));
}

async function openFile(kind: ImportKind, path: string, mapped: LoadedMapping): Promise<RowFile> {
  const opened = await openRows({ path, kind, batchSize: BATCH_ROWS, mapping: mapped.mapping });
  if (opened.file !== null) return opened.file;
  throw faulty(path, mapped, opened.problems);
}

/** What became of a file. */
interface Summary {
  readonly kind: ImportKind;
  readonly file: string;
  readonly batch: string | null;
  readonly rows: number;
  readonly taken: number;
  readonly unchanged: number;
  readonly refused: number;
  /** Rows that are well formed but not for import, such as test leads and calls that are not events. */
  readonly passed: number;
  readonly errors: string | null;
  readonly notes: readonly string[];
}

async function tellSummary(summary: Summary, options: ImportOptions): Promise<void> {
  if (options.json === true) await write(`${JSON.stringify(summary)}\n`);
  else print(wordsOf(summary));
  if (summary.refused === 0) return;
  throw new Failure(
    `${counted(summary.refused, 'row')} could not be used: see ${summary.errors}`,
    EXIT.failed,
  );
}

/** Imports a file in this process. */
async function importHere(of: Order): Promise<Summary> {
  const rows = await openFile(of.kind, of.file, of.mapped);
  return withApp(of.options, app => takeFile(app, rows, of)).finally(() => rows.close());
}

/** Has the server that has the database open import a file. */
async function importThere(server: LocalServer, { kind, file, options, mapped }: Order): Promise<Summary> {
  const opensNow = options.handoff === 'now';
  // What keeps the file from being read is found as without a server, with the lines of the mapping.
  const { problems } = await previewThrough(server, { kind, file, mapping: mapped.raw });
  if (problems.length > 0) throw faulty(file, mapped, problems);
  const done = await importThrough(server, { kind, file, mapping: mapped.raw, opensNow });
  const { id, rows, taken, refused, passed, unchanged, notes, failure } = done;
  if (failure !== null) throw new Failure(stoppedWords({ rows, batchId: id, message: failure }), EXIT.failed);
  const errors = refused === 0 ? null : done.errorFile;
  const batch = taken === 0 ? null : id;
  return { kind, file, batch, rows, taken, refused, passed, unchanged, notes, errors };
}

async function takeFile(
  app: App,
  rows: RowFile,
  of: { readonly kind: ImportKind; readonly file: string; readonly options: ImportOptions },
): Promise<Summary> {
  const { kind, file } = of;
  const errors = await openErrors(file, rows.header);
  const reading = startProgress(`importing ${kind}`);
  const scoring = startProgress(kind === 'outcomes' ? 'telling histories' : 'scoring contacts');
  try {
    const { batchId, ...done } = await importRows(app, rows, {
      kind,
      file: basename(file),
      opensNow: of.options.handoff === 'now',
      by: null,
      onRefused: errors.write,
      onProgress: ({ stage, done }) => (stage === 'reading' ? reading : scoring).report(done),
    });
    const batch = done.taken === 0 ? null : batchId;
    await errors.close();
    return { kind, file, batch, ...done, errors: done.refused === 0 ? null : errors.path };
  } catch (error) {
    if (error instanceof ImportStopped) throw new Failure(stoppedWords(error), EXIT.failed);
    throw error;
  } finally {
    reading.stop();
    scoring.stop();
  }
}

async function openErrors(file: string, header: readonly string[]) {
  return openErrorFile(file, header).catch(unwritable(`${file}.errors.csv`));
}

/** The message for an import that breaks off: nothing is lost by reading the file again, and the batch can be undone. */
function stoppedWords({
  rows,
  batchId,
  message,
}: Pick<ImportStopped, 'rows' | 'batchId' | 'message'>): string {
  return (
    `the import stopped after ${rows.toLocaleString('en')} rows: ${message}\n` +
    `What was taken so far is batch ${batchId}. Import the file again to go on, or take it back with --undo.`
  );
}

function wordsOf(summary: Summary): string {
  const number = (count: number) => count.toLocaleString('en');
  const { rows, taken, unchanged, refused, passed } = summary;
  const parts = [
    `${number(taken)} taken`,
    `${number(unchanged)} unchanged`,
    `${number(refused)} refused`,
    ...(passed === 0 ? [] : [`${number(passed)} passed over`]),
  ];
  const undo =
    summary.batch === null
      ? ''
      : `Batch ${summary.batch}. To take it back: baton import --undo ${summary.batch}`;
  const notes = summary.notes.map(note => `${note}\n`).join('');
  return `${notes}${summary.file}: ${number(rows)} rows: ${parts.join(', ')}.\n${undo}`;
}

/** How many imports are named when one that was asked for does not exist. */
const NAMED_BATCHES = 5;

async function runUndo(kind: ImportKind | undefined, batch: string, options: ImportOptions): Promise<void> {
  if (kind !== undefined) throw new Failure(`--undo takes an import back by its id; leave out ${kind}`);
  const server = await findServer(settingsOf(options));
  const undone = server === null ? await undoHere(batch, options) : await undoThere(server, batch);
  if (options.json === true) {
    await write(`${JSON.stringify({ batch, ...undone })}\n`);
    return;
  }
  const { contactsRemoved, contactsChanged, episodesKept } = undone;
  const kept = episodesKept === 0 ? '' : ` ${episodesKept} episodes stay: somebody has worked on them since.`;
  print(
    `Took back ${undone.kind} of ${undone.file}: ${contactsRemoved} contacts removed, ${contactsChanged} changed.${kept}`,
  );
}

async function undoHere(batch: string, options: ImportOptions) {
  return withApp(options, async app => {
    try {
      return await undoImport(app, batch);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      throw unknownBatch(error.message, await listBatches(app.db, NAMED_BATCHES));
    }
  });
}

async function undoThere(server: LocalServer, batch: string) {
  const done = await undoThrough(server, batch);
  if (done.undone !== null) return done.undone;
  throw unknownBatch(done.refused, done.known.slice(0, NAMED_BATCHES));
}

function unknownBatch(
  message: string,
  known: readonly { readonly id: string; readonly kind: string; readonly file: string }[],
): Failure {
  const named = known.map(({ id, kind: of, file }) => `  ${id}  ${of}  ${file}`);
  const hint = named.length === 0 ? 'nothing was imported' : `the latest imports:\n${named.join('\n')}`;
  return new Failure(`${message}; ${hint}`);
}
