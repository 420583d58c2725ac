import { z } from 'zod';

/** The id of a row, as a part of a cursor or a body. */
export const uuid = z.guid();

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text can be the id of a row; others name nothing, and the database would refuse them. @example isUuid('u1') // false */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
