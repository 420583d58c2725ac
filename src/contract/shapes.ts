import { z } from 'zod';
import { instant, parseAsked } from '../core/time/instant.ts';
import { PERMISSIONS } from './access.ts';
import { ROLES } from './role.ts';

/** What is expected of an instant that somebody gives. */
export const GIVEN_INSTANT = 'expected an RFC 3339 date-time such as 2026-03-01T00:00:00Z';
/** An instant that somebody gives; looked at with the rest, so that all that is wrong is reported at once. */
export const givenInstant = instant.refine(text => parseAsked(text) !== null, GIVEN_INSTANT);
export const id = z.string().min(1);
export const role = z.enum(ROLES);
/** What the workspace lets marketing do, beside what marketing may do anyway. */
export const permissions = z.record(z.enum(PERMISSIONS), z.boolean());
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

/** Why something is not for the caller to do, in words that name those who can; null when the caller may do it. */
export const refusedBecause = z.string().nullable();

export const person = z.object({ id, name: z.string() });

export const contactHead = z.object({
  id,
  name: z.string(),
  title: z.string().nullable(),
  email: z.string().nullable(),
  company: z.string().nullable(),
});
export type ContactHead = z.infer<typeof contactHead>;
