import { z } from 'zod';
import { FIRST_KEPT, LAST_INSTANT } from '../../core/time/instant.ts';
import { AppError } from '../../loop/error.ts';

/** Writes where a page of a list ended; callers get it back as opaque text. */
export function writeCursor(position: Readonly<Record<string, string | number | null>>): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** Reads a cursor by the shape that its list writes; null without one. Refuses text that this list did not write. */
export function readCursor<Shape extends z.ZodType>(
  cursor: string | undefined,
  shape: Shape,
): z.output<Shape> | null {
  if (cursor === undefined) return null;
  const read = shape.safeParse(parse(cursor));
  if (read.success) return read.data;
  throw new AppError('malformed', 'the cursor is not one that this list gave', {
    problems: [{ path: 'query.cursor', message: 'expected the nextCursor of an earlier answer' }],
  });
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

/** A part of cursors: an instant in epoch ms that the database can hold. */
export const cursorInstant = z.int().min(FIRST_KEPT).max(LAST_INSTANT);

/** Splits what was read with one row to spare into a page and whether there is more. */
export function splitPage<Row>(
  rows: readonly Row[],
  limit: number,
): { readonly page: readonly Row[]; readonly last: Row | null } {
  const page = rows.slice(0, limit);
  return { page, last: rows.length > limit ? (page.at(-1) ?? null) : null };
}
