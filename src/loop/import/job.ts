import type { Mapping } from '../../core/import/mapping.ts';
import type { ImportKind } from '../../core/import/target.ts';
import { addRefusedRows } from '../../db/import/refused.ts';
import { dropUpload, giveUploadBack, takeUpload } from '../../db/import/upload.ts';
import type { App } from '../app.ts';
import { AppError } from '../error.ts';
import { importRows } from './import.ts';
import { openRows, type RowFile } from './rows.ts';
import { findFile } from './upload.ts';

/** How many rows one transaction takes: few, since the embedded database does nothing else meanwhile. */
const BATCH_ROWS = 500;

/** What is to be done with a file that was uploaded. */
interface UploadedFile {
  readonly uploadId: string;
  readonly kind: ImportKind;
  readonly mapping: Mapping;
  /** Who uploaded it. */
  readonly by: string;
}

/** Opens a file that was uploaded, or says all that keeps it from being read. */
export async function openUploaded(
  app: App,
  of: UploadedFile,
): Promise<Awaited<ReturnType<typeof openRows>>> {
  const { name, open } = await findFile(app, of.uploadId, of.by);
  return openRows({ path: name, kind: of.kind, mapping: of.mapping, batchSize: BATCH_ROWS, open });
}

/**
 * Begins to import a file and returns the id of the batch; the work goes on in this process. Refused while another import
 * runs here: two would only slow each other down.
 */
export async function startImportJob(
  app: App,
  of: UploadedFile & { readonly opensNow: boolean; readonly now: number },
): Promise<string> {
  if (app.memory.imports.size > 0)
    throw new AppError('conflict', 'Another import is running. Start this one when it is done.');
  const opened = await openUploaded(app, of);
  if (opened.file === null) {
    const problems = opened.problems.map(({ path, message }) => ({ path, message }));
    throw new AppError('invalid', 'The file cannot be read so.', { problems });
  }
  if (!(await takeUpload(app.db, of.uploadId, of.now))) {
    opened.file.close();
    throw new AppError('conflict', 'The file is being imported already.');
  }
  const { name } = await findFile(app, of.uploadId, of.by);
  return new Promise((begun, failed) => {
    void run(app, opened.file, { ...of, name, begun, failed });
  });
}

async function run(
  app: App,
  rows: RowFile,
  of: UploadedFile & {
    readonly opensNow: boolean;
    readonly name: string;
    readonly begun: (batchId: string) => void;
    readonly failed: (error: unknown) => void;
  },
): Promise<void> {
  let batchId = '';
  let isStopped = false;
  let end = () => {};
  const ended = new Promise<void>(resolve => {
    end = resolve;
  });
  try {
    await importRows(app, rows, {
      kind: of.kind,
      file: of.name,
      opensNow: of.opensNow,
      by: of.by,
      isKept: true,
      isStopped: () => isStopped,
      onBegin: id => {
        batchId = id;
        app.memory.imports.set(id, {
          ended,
          stop: () => {
            isStopped = true;
          },
        });
        of.begun(id);
      },
      onRefused: some => addRefusedRows(app.db, batchId, some.map(storable)),
    });
    await dropUpload(app.db, of.uploadId);
  } catch (error) {
    app.log.warn({ err: error, batchId }, 'an import stopped');
    await giveUploadBack(app.db, of.uploadId).catch(() => {});
    of.failed(error);
  } finally {
    app.memory.imports.delete(batchId);
    end();
  }
}

/** The database stores neither NUL nor half a surrogate pair. */
function storable({
  line,
  reason,
  cells,
}: {
  readonly line: number;
  readonly reason: string;
  readonly cells: readonly string[];
}) {
  const clean = (text: string) => text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\ufffd');
  return { line, reason: clean(reason), cells: cells.map(clean) };
}

/** Stops the imports of this node, and waits until they have. What they took stays; reading the file again goes on. */
export async function stopImports({ memory }: App): Promise<void> {
  const running = [...memory.imports.values()];
  for (const { stop } of running) stop();
  await Promise.all(running.map(({ ended }) => ended));
}
