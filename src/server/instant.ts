import { parseInstant } from '../core/instant.ts';
import { AppError } from './apperror.ts';

/** The first instant that PostgreSQL and RFC 3339 both have: the year 1. */
const FIRST = -62_135_596_800_000;

/** Reads an instant of a query into epoch ms, null where it is missing; refuses text that is none as `code`. */
export function readInstant<Name extends string>(
  query: { readonly [N in Name]?: string | undefined },
  name: Name,
  code: 'malformed' | 'invalid' = 'malformed',
): number | null {
  const text = query[name];
  if (text === undefined) return null;
  const at = parseInstant(text);
  if (at !== null && at >= FIRST) return at;
  throw new AppError(code, `${name} cannot be read as a time`, {
    problems: [
      { path: `query.${name}`, message: 'expected an RFC 3339 date-time such as 2026-03-01T00:00:00Z' },
    ],
  });
}
