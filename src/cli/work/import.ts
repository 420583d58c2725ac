import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { readMappingFile } from '../../contract/file/mapping.ts';
import type { ImportKind, Mapping } from '../../core/import/mapping.ts';
import { listBatches } from '../../db/import/import.ts';
import type { App } from '../../loop/app.ts';
import { AppError } from '../../loop/error.ts';
import { openImport } from '../../loop/import/batch.ts';
import type { ImportRow, RefusedImport } from '../../loop/import/row.ts';
import { undoImport } from '../../loop/import/undo.ts';
import { withApp } from '../app.ts';
import { EXIT, Failure } from '../failure.ts';
import { formatProblem } from '../file/agreement.ts';
import { openErrorFile, type RefusedRow } from '../file/errors.ts';
import { print, write } from '../file/print.ts';
import { startProgress } from '../file/progress.ts';
import { openRows, type Row, type RowFile } from '../file/rows.ts';
import type { SettingOptions } from '../settings.ts';
import { previewRows } from './preview.ts';

/** How many rows one transaction takes. */
const BATCH_ROWS = 2_000;

export interface ImportOptions extends SettingOptions {
  readonly mapping?: string;
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
  const rows = await openFile(kind, file, options.mapping);
  if (options.dryRun === true) return previewRows(rows, { file, isJson: options.json === true });
  return importRows(rows, { kind, file, options });
}

async function openFile(kind: ImportKind, path: string, mappingPath: string | undefined): Promise<RowFile> {
  const mapped = mappingPath === undefined ? null : await loadMapping(mappingPath);
  const opened = await openRows({
    path,
    kind,
    batchSize: BATCH_ROWS,
    ...(mapped === null ? {} : { mapping: mapped.mapping }),
  });
  if (opened.file !== null) return opened.file;
  const lines = opened.problems.map(problem =>
    problem.path === '' || mapped === null
      ? `${path}: ${problem.message}`
      : formatProblem(mapped.path, mapped.place(problem)),
  );
  throw new Failure(lines.join('\n'));
}

async function loadMapping(path: string) {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Failure(`${path}: cannot be read (${error instanceof Error ? error.message : String(error)})`);
  });
  const read = readMappingFile(text);
  if (read.problems !== null)
    throw new Failure(read.problems.map(problem => formatProblem(path, problem)).join('\n'));
  const mapping: Mapping = read.mapping;
  return { path, mapping, place: read.place };
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
  /** Rows that are well formed but not for import, such as calls that are not events. */
  readonly passed: number;
  readonly errors: string | null;
}

async function importRows(
  rows: RowFile,
  of: { readonly kind: ImportKind; readonly file: string; readonly options: ImportOptions },
): Promise<void> {
  const summary = await withApp(of.options, app => importFile(app, rows, of)).finally(() => rows.close());
  if (of.options.json === true) await write(`${JSON.stringify(summary)}\n`);
  else print(wordsOf(summary));
  if (summary.refused === 0) return;
  const count = `${summary.refused.toLocaleString('en')} ${summary.refused === 1 ? 'row' : 'rows'}`;
  throw new Failure(`${count} could not be used: see ${summary.errors}`, EXIT.failed);
}

async function importFile(
  app: App,
  rows: RowFile,
  of: { readonly kind: ImportKind; readonly file: string; readonly options: ImportOptions },
): Promise<Summary> {
  const { kind, file } = of;
  const errors = await openErrorFile(file, rows.header).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(`${file}.errors.csv cannot be written: ${reason}`, EXIT.failed);
  });
  const batch = await openImport(app, {
    kind,
    file: basename(file),
    opensNow: of.options.handoff === 'now',
  });
  const progress = startProgress(`importing ${kind}`);
  const cells = new Map<number, readonly string[]>();
  const counts = { rows: 0, taken: 0, refused: 0, passed: 0 };
  try {
    for await (const some of rows.batches) {
      const usable = some.flatMap(usableOf);
      if (kind === 'outcomes') for (const row of some) cells.set(row.line, row.cells);
      const done = await batch.take(usable);
      await errors.write(refusedOf(some, done.refused));
      counts.rows += some.length;
      counts.taken += done.taken;
      counts.passed += some.filter(({ result }) => result.kind === 'passed').length;
      progress.report(counts.rows);
    }
    const scoring = startProgress(kind === 'outcomes' ? 'telling histories' : 'scoring contacts');
    const done = await batch.finish(count => scoring.report(count));
    scoring.stop();
    counts.taken += done.taken;
    await errors.write(
      [...done.refused]
        .sort((a, b) => a.line - b.line)
        .map(({ line, reason }) => ({ line, reason, cells: cells.get(line) ?? [] })),
    );
  } catch (error) {
    throw new Failure(stoppedWords(counts.rows, batch.batchId, error), EXIT.failed);
  } finally {
    progress.stop();
  }
  counts.refused = await errors.close();
  return {
    kind,
    file,
    batch: counts.taken === 0 ? null : batch.batchId,
    ...counts,
    unchanged: counts.rows - counts.taken - counts.refused - counts.passed,
    errors: counts.refused === 0 ? null : errors.path,
  };
}

/** The message for an import that breaks off: nothing is lost by reading the file again, and the batch can be undone. */
function stoppedWords(rows: number, batchId: string, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return (
    `the import stopped after ${rows.toLocaleString('en')} rows: ${reason}\n` +
    `What was taken so far is batch ${batchId}. Import the file again to go on, or take it back with --undo.`
  );
}

function usableOf({ line, result }: Row): readonly ImportRow[] {
  return result.kind === 'problem' || result.kind === 'passed' ? [] : [{ line, result }];
}

/** The rows to put into the error file: those that could not be read, and those that could not be taken. */
function refusedOf(rows: readonly Row[], refused: readonly RefusedImport[]): readonly RefusedRow[] {
  const reasons = new Map(refused.map(({ line, reason }) => [line, reason]));
  return rows.flatMap(({ line, cells, result }) => {
    const reason = result.kind === 'problem' ? result.reason : reasons.get(line);
    return reason === undefined ? [] : [{ line, reason, cells }];
  });
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
  return `${summary.file}: ${number(rows)} rows: ${parts.join(', ')}.\n${undo}`;
}

/** How many imports are named when one that was asked for does not exist. */
const NAMED_BATCHES = 5;

async function runUndo(kind: ImportKind | undefined, batch: string, options: ImportOptions): Promise<void> {
  if (kind !== undefined) throw new Failure(`--undo takes an import back by its id; leave out ${kind}`);
  const undone = await withApp(options, async app => {
    try {
      return await undoImport(app, batch);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const known = await listBatches(app.db, NAMED_BATCHES);
      const named = known.map(({ id, kind: of, file }) => `  ${id}  ${of}  ${file}`);
      const hint = named.length === 0 ? 'nothing was imported' : `the latest imports:\n${named.join('\n')}`;
      throw new Failure(`${error.message}; ${hint}`);
    }
  });
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
