import { z } from 'zod';
import { instant, parseKept } from '../core/time/instant.ts';
import { ROLES } from './role.ts';

/** What is expected of an instant that somebody gives. */
export const GIVEN_INSTANT =
  'expected an RFC 3339 date-time from the year 1 to 9999, such as 2026-03-01T00:00:00Z';
/** An instant that somebody gives; looked at with the rest, so that all that is wrong is reported at once. */
export const givenInstant = instant
  .max(40, { error: GIVEN_INSTANT, abort: true })
  .refine(text => parseKept(text) !== null, GIVEN_INSTANT);
export const id = z.string().min(1);

/** Text that somebody gives, of at most so many characters. */
export function givenText(max: number) {
  return z.string().max(max, `expected at most ${max} characters`);
}

/** The name that somebody gives to a person or a thing. */
export const givenName = givenText(100).trim().min(1, 'expected a name');
/** An id that somebody gives. */
export const givenId = givenText(200).min(1, 'expected an id');
/** An e-mail address that somebody gives; the longest is that of RFC 5321, 4.5.3.1.3. */
export const givenEmail = z.email('expected an e-mail address').max(254, 'expected at most 254 characters');
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
