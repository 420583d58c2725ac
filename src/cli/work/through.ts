import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ImportedFile } from '../../contract/api/import.ts';
import type { Preview } from '../../core/import/preview.ts';
import type { ImportKind } from '../../core/import/target.ts';
import type { Problem } from '../../core/problem.ts';
import { Failure, unwritable } from '../failure.ts';
import { openErrorFile } from '../file/errors.ts';
import { startProgress } from '../file/progress.ts';
import { callServer, type LocalServer, RefusedCall, refuse } from '../file/server.ts';

/** A file that a server is to read. */
export interface SentOrder {
  readonly kind: ImportKind;
  readonly file: string;
  /** The content of the mapping file. */
  readonly mapping: Readonly<Record<string, unknown>>;
}

/** How often it is asked how far an import has come, in milliseconds. */
const AGAIN_MS = 300;
/** How many refused rows are asked for at once. */
const PAGE_ROWS = 200;

/** Shows what a server would read of a file: the preview, or what keeps the file from being read. */
export async function previewThrough(
  server: LocalServer,
  of: SentOrder,
): Promise<{ readonly preview: Preview | null; readonly problems: readonly Problem[] }> {
  const id = await send(server, of.file);
  const { kind, mapping } = of;
  return callServer(server, 'previewImport', { params: { id }, body: { kind, mapping } }).catch(refuse);
}

/** Has a server import a file, writes the file of refused rows beside it, and returns what became of it. */
export async function importThrough(
  server: LocalServer,
  of: SentOrder & { readonly opensNow: boolean },
): Promise<ImportedFile & { readonly errorFile: string }> {
  const { kind, mapping, file, opensNow: handoff } = of;
  const uploadId = await send(server, file);
  const progress = startProgress(`importing ${kind}`);
  try {
    let at = await callServer(server, 'startImport', { body: { uploadId, kind, mapping, handoff } });
    while (at.state === 'running') {
      progress.report(at.done);
      await wait(AGAIN_MS);
      at = await callServer(server, 'getImport', { params: { id: at.id } });
    }
    return { ...at, errorFile: await saveErrors(server, at.id, file) };
  } catch (error) {
    return refuse(error);
  } finally {
    progress.stop();
  }
}

/** Sends a file in parts. */
async function send(server: LocalServer, file: string): Promise<string> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw new Failure(
      `${file}: the file cannot be opened: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  try {
    const { size: bytes } = await handle.stat();
    const name = basename(file);
    const { id, parts, partBytes } = await callServer(server, 'beginUpload', { body: { name, bytes } });
    const buffer = Buffer.alloc(partBytes);
    for (let part = 0; part < parts; part += 1) {
      const { bytesRead } = await handle.read(buffer, 0, partBytes, part * partBytes);
      const data = buffer.subarray(0, bytesRead).toString('base64');
      await callServer(server, 'sendPart', { params: { id, part }, body: { data } });
    }
    return id;
  } catch (error) {
    if (error instanceof RefusedCall) throw new Failure(`${file}: ${error.message}`);
    throw error;
  } finally {
    await handle.close();
  }
}

async function saveErrors(server: LocalServer, id: string, file: string): Promise<string> {
  let page = await callServer(server, 'listImportErrors', { params: { id }, query: { limit: PAGE_ROWS } });
  const errors = await openErrorFile(file, page.header).catch(unwritable(`${file}.errors.csv`));
  await errors.write(page.items);
  while (page.nextCursor !== null) {
    const query = { limit: PAGE_ROWS, cursor: page.nextCursor };
    page = await callServer(server, 'listImportErrors', { params: { id }, query });
    await errors.write(page.items);
  }
  await errors.close();
  return errors.path;
}

/** What taking an import back did. */
type UndoneThrough = Awaited<ReturnType<typeof callServer<'undoImport'>>>;

/** Has a server take an import back; `known` are the latest ones that can be, for a refusal that names them. */
export async function undoThrough(
  server: LocalServer,
  id: string,
): Promise<
  | { readonly undone: UndoneThrough; readonly refused: null }
  | { readonly undone: null; readonly refused: string; readonly known: readonly ImportedFile[] }
> {
  try {
    return { undone: await callServer(server, 'undoImport', { params: { id } }), refused: null };
  } catch (error) {
    if (!(error instanceof RefusedCall)) throw error;
    const { items } = await callServer(server, 'listImports', { query: { limit: PAGE_ROWS } });
    const known = items.filter(({ undoneAt, taken }) => undoneAt === null && taken > 0);
    return { undone: null, refused: error.message, known };
  }
}
