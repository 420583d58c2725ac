import { GIVEN_INSTANT } from '../../contract/shapes.ts';
import { isOnWire, parseInstant, parseKept } from '../../core/time/instant.ts';
import { AppError } from '../../loop/error.ts';

type Query<Name extends string> = { readonly [N in Name]?: string | undefined };

/** Reads an instant of a query into epoch ms, null where it is missing; refuses other text as malformed. */
export function readInstant<Name extends string>(query: Query<Name>, name: Name): number | null {
  const text = query[name];
  if (text === undefined) return null;
  const at = parseKept(text);
  if (at !== null) return at;
  throw new AppError('malformed', `${name} cannot be read as a time`, {
    problems: [{ path: `query.${name}`, message: GIVEN_INSTANT }],
  });
}

/**
 * Reads the instant that a score is asked for, from 1970 to 9999, into epoch ms, null where it is missing; refuses text
 * that is not an instant, and instants before or after, as invalid.
 */
export function readPastInstant<Name extends string>(query: Query<Name>, name: Name): number | null {
  const text = query[name];
  if (text === undefined) return null;
  const at = parseInstant(text);
  if (at !== null && isOnWire(at)) return at;
  const wrong = at === null ? 'cannot be read as a time' : `lies ${at < 0 ? 'before 1970' : 'after 9999'}`;
  const message = 'expected an RFC 3339 date-time from 1970 to 9999, such as 2026-03-01T00:00:00Z';
  throw new AppError('invalid', `${name} ${wrong}; ${message}`, {
    problems: [{ path: `query.${name}`, message }],
  });
}

/** Reads an instant of a body, which the contract has found readable, into epoch ms. */
export function readGiven(text: string): number {
  const at = parseKept(text);
  if (at === null) throw new Error(`the contract let text pass that is not an instant: ${text}`);
  return at;
}
