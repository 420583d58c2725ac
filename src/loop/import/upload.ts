import { isUuid } from '../../core/text/uuid.ts';
import { dropOldRefusedRows } from '../../db/import/refused.ts';
import {
  addUpload,
  addUploadPart,
  dropOldUploads,
  findUpload,
  findUploadPart,
} from '../../db/import/upload.ts';
import type { App } from '../app.ts';
import { AppError } from '../error.ts';
import { type OpenFile, openChunks } from './file.ts';

/** The largest file that can be uploaded, in bytes. */
export const MAX_UPLOAD_BYTES = 64 * 1024 * 1024;
/** How many bytes of a file one call carries: with base64 around them they fit into the body of a call. */
export const PART_BYTES = 512 * 1024;

const DAY_MS = 86_400_000;
/** How long a file waits for its import, and how long refused rows are kept, in milliseconds. */
const KEEP_UPLOAD_MS = DAY_MS;
const KEEP_REFUSED_MS = 30 * DAY_MS;

/** Begins an upload; what was uploaded before and never imported goes after a day. */
export async function beginUpload(
  app: App,
  of: { readonly name: string; readonly bytes: number; readonly by: string; readonly now: number },
): Promise<{ readonly id: string; readonly parts: number }> {
  const id = app.newId();
  const parts = Math.ceil(of.bytes / PART_BYTES);
  await dropOldUploads(app.db, of.now - KEEP_UPLOAD_MS);
  await dropOldRefusedRows(app.db, of.now - KEEP_REFUSED_MS);
  await addUpload(app.db, { ...of, id, parts });
  return { id, parts };
}

/** An upload that a caller may use: their own. */
async function mustFind(app: App, id: string, by: string) {
  const found = isUuid(id) ? await findUpload(app.db, id) : null;
  if (found === null || found.uploaded_by !== by)
    throw new AppError('notFound', 'There is no such file; it may be too old. Choose it again.');
  return found;
}

/** Stores a part of a file. Refused: a part that the file does not have, or of another size. */
export async function storePart(
  app: App,
  of: { readonly id: string; readonly part: number; readonly data: string; readonly by: string },
): Promise<void> {
  const upload = await mustFind(app, of.id, of.by);
  const bytes = Buffer.from(of.data, 'base64').length;
  const isLast = of.part === upload.parts - 1;
  const expected = isLast ? upload.bytes - of.part * PART_BYTES : PART_BYTES;
  if (of.part >= upload.parts || bytes !== expected)
    throw new AppError(
      'invalid',
      `Part ${of.part} has ${bytes} bytes; expected ${expected} of ${upload.parts} parts.`,
    );
  if (upload.taken_at !== null) throw new AppError('conflict', 'The file is being imported already.');
  await addUploadPart(app.db, { uploadId: of.id, part: of.part, data: of.data });
}

/** A file that was uploaded whole: its name, and how it is opened. Refused while parts are missing. */
export async function findFile(
  app: App,
  id: string,
  by: string,
): Promise<{ readonly name: string; readonly open: () => Promise<OpenFile> }> {
  const { name, parts, stored, bytes } = await mustFind(app, id, by);
  if (stored < parts)
    throw new AppError('conflict', `The file is not complete: ${stored} of ${parts} parts have arrived.`);
  return { name, open: () => openChunks(readParts(app, id, parts), bytes) };
}

async function* readParts(app: App, id: string, parts: number): AsyncGenerator<Buffer> {
  for (let part = 0; part < parts; part += 1) {
    const data = await findUploadPart(app.db, id, part);
    if (data === null) throw new AppError('conflict', 'The file is gone; choose it again.');
    yield Buffer.from(data, 'base64');
  }
}
