import { z } from 'zod';
import { instant, parseKept } from '../core/time/instant.ts';
import { ROLES } from './role.ts';

/** What is expected of an instant that somebody gives. */
export const GIVEN_INSTANT =
  'expected an RFC 3339 date-time from the year 1 to 9999, such as 2026-03-01T00:00:00Z';
/** An instant that somebody gives; looked at with the rest, so that all that is wrong is reported at once. */
export const givenInstant = instant.refine(text => parseKept(text) !== null, GIVEN_INSTANT);
export const id = z.string().min(1);
export const role = z.enum(ROLES);
export const empty = z.strictObject({});
export const done = z.object({ ok: z.literal(true) });

/** The query of every list: how many, and from where on. */
export const paging = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().optional(),
};

/** The answer of every list. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

export const person = z.object({ id, name: z.string() });

export const contactHead = z.object({
  id,
  name: z.string(),
  title: z.string().nullable(),
  email: z.string().nullable(),
  company: z.string().nullable(),
});
export type ContactHead = z.infer<typeof contactHead>;
