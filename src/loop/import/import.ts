import type { ImportState } from '../../contract/api/import.ts';
import { fieldNames, fieldsReadBy, type ReadFields } from '../../core/import/column.ts';
import { type Preview, startPreview, startRemarks } from '../../core/import/preview.ts';
import type { ImportKind } from '../../core/import/target.ts';
import { markBatch } from '../../db/import/import.ts';
import { activeAgreements } from '../agreement/active.ts';
import type { App } from '../app.ts';
import { openImport } from './batch.ts';
import type { ImportRow, RefusedImport, RefusedRow } from './row.ts';
import type { Row, RowFile } from './rows.ts';

/** How far an import has come: rows read, or contacts scored. */
export interface ImportProgress {
  readonly stage: 'reading' | 'scoring';
  readonly done: number;
  /** Of how many; null while that is not known. */
  readonly total: number | null;
}

/** How a file is imported, and who hears what became of it. */
interface ImportOrder {
  readonly kind: ImportKind;
  /** The name of the file, as lists of imports show it. */
  readonly file: string;
  readonly opensNow: boolean;
  /** Who imports it, in words; null for the command line. */
  readonly by: string | null;
  /** Keeps an import in the list that took nothing. */
  readonly isKept?: boolean;
  /** Hears what the batch is called, before anything is taken. */
  readonly onBegin?: (batchId: string) => void;
  /** Whether to stop between two transactions. */
  readonly isStopped?: () => boolean;
  readonly onRefused: (rows: readonly RefusedRow[]) => Promise<void>;
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** What became of a file. */
interface ImportedFile {
  readonly batchId: string;
  readonly rows: number;
  readonly taken: number;
  readonly unchanged: number;
  readonly refused: number;
  /** Rows that are well formed but not for import, such as test leads and calls that are not events. */
  readonly passed: number;
  /** What people should know of rows that were taken or passed over, in sentences. */
  readonly notes: readonly string[];
}

/** An import that broke off: what was taken so far stays, and reading the file again goes on. */
export class ImportStopped extends Error {
  readonly batchId: string;
  readonly rows: number;

  constructor(at: { readonly batchId: string; readonly rows: number }, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.batchId = at.batchId;
    this.rows = at.rows;
  }
}

/** How often it is written down how far an import has come, in milliseconds. */
const MARK_EVERY_MS = 1_000;

/** Takes all rows of a file. Throws {@link ImportStopped} when it breaks off. */
export async function importRows(app: App, rows: RowFile, of: ImportOrder): Promise<ImportedFile> {
  const { kind, onRefused, onBegin = () => {}, isStopped = () => false } = of;
  const remarks = startRemarks(rows.plan, await readFieldsOf(app));
  const batch = await openImport(app, of);
  // Outcomes are refused at the end, when their cells are read no more.
  const cells = new Map<number, readonly string[]>();
  const counts = { rows: 0, taken: 0, refused: 0, passed: 0 };
  const marks = openMarks(app, batch.batchId, rows);
  const at = (): ImportedFile => {
    const unchanged = counts.rows - counts.taken - counts.refused - counts.passed;
    return { batchId: batch.batchId, ...counts, unchanged, notes: remarks.sentences() };
  };
  const report = (stage: ImportProgress['stage'], done: number, total: number | null) => {
    of.onProgress?.({ stage, done, total });
    return marks.running({ stage, done, total }, at);
  };
  const refuse = async (some: readonly RefusedRow[]) => {
    counts.refused += some.length;
    if (some.length > 0) await onRefused(some);
  };
  try {
    await report('reading', 0, null);
    onBegin(batch.batchId);
    for await (const some of rows.batches) {
      if (isStopped()) throw new Error('Baton was stopped');
      if (kind === 'outcomes') for (const row of some) cells.set(row.line, row.cells);
      for (const { result } of some) remarks.see(result);
      const done = await batch.take(some.flatMap(usableOf));
      counts.rows += some.length;
      counts.taken += done.taken;
      counts.passed += some.filter(({ result }) => result.kind === 'passed').length;
      await refuse(refusedOf(some, done.refused));
      await report('reading', counts.rows, null);
    }
    const done = await batch.finish((count, total) => void report('scoring', count, total));
    counts.taken += done.taken;
    await refuse(
      [...done.refused]
        .sort((a, b) => a.line - b.line)
        .map(({ line, reason }) => ({ line, reason, cells: cells.get(line) ?? [] })),
    );
    await marks.ended(at(), null);
    return at();
  } catch (error) {
    const stopped = new ImportStopped({ batchId: batch.batchId, rows: counts.rows }, error);
    await marks.ended(at(), stopped.message).catch(() => {});
    throw stopped;
  } finally {
    rows.close();
  }
}

/** Writes down how far an import has come, so that every node can show it. */
function openMarks(app: App, id: string, { header, source }: RowFile) {
  let markedAt = Number.NEGATIVE_INFINITY;
  const head = { header: header.map(name => name.replaceAll('\0', '')), source };
  const write = (state: ImportState, isFinished: boolean) =>
    markBatch(app.db, { id, progress: state, now: app.clock(), isFinished, ...head });
  const stateOf = ({ batchId: _, ...counts }: ImportedFile) => counts;
  return {
    running: async (progress: ImportProgress, at: () => ImportedFile): Promise<void> => {
      const now = app.clock();
      if (now - markedAt < MARK_EVERY_MS) return;
      markedAt = now;
      await write({ state: 'running', ...progress, ...stateOf(at()), failure: null }, false);
    },
    ended: (at: ImportedFile, failure: string | null): Promise<void> =>
      write(
        {
          state: failure === null ? 'done' : 'stopped',
          stage: 'scoring',
          done: at.rows,
          total: at.rows,
          ...stateOf(at),
          failure,
        },
        true,
      ),
  };
}

function usableOf({ line, result }: Row): readonly ImportRow[] {
  return result.kind === 'problem' || result.kind === 'passed' ? [] : [{ line, result }];
}

/** Those rows that could not be read, and those that could not be taken. */
function refusedOf(rows: readonly Row[], refused: readonly RefusedImport[]): readonly RefusedRow[] {
  const reasons = new Map(refused.map(({ line, reason }) => [line, reason]));
  return rows.flatMap(({ line, cells, result }) => {
    const reason = result.kind === 'problem' ? result.reason : reasons.get(line);
    return reason === undefined ? [] : [{ line, reason, cells }];
  });
}

/** What a look at a file shows, with a value of each column. */
interface LookedAt {
  readonly preview: Preview;
  readonly samples: readonly string[];
  /** What rules read and Baton shows. */
  readonly fields: readonly string[];
}

/** The longest value of a column that is shown beside its header, in characters. */
const MAX_SAMPLE = 60;

/** Looks at all rows of a file, and writes nothing. `app`: where it would be imported; null where nothing is yet. */
export async function previewFile(app: App | null, rows: RowFile): Promise<LookedAt> {
  try {
    const fields = app === null ? null : await readFieldsOf(app);
    const preview = startPreview(rows.plan, fields);
    const samples = rows.plan.header.map(() => '');
    for await (const batch of rows.batches) {
      for (const row of batch) {
        preview.see(row);
        for (const [index, sample] of samples.entries())
          if (sample === '') samples[index] = (row.cells[index] ?? '').trim().slice(0, MAX_SAMPLE);
      }
    }
    return { preview: preview.result(), samples, fields: fieldNames(fields) };
  } finally {
    rows.close();
  }
}

/** What the active agreement reads of profiles; null where none is active. */
async function readFieldsOf(app: App): Promise<ReadFields | null> {
  const [leading] = await activeAgreements(app.db, app.db);
  return leading === undefined ? null : fieldsReadBy(leading.program.agreement);
}
