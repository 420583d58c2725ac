import { z } from 'zod';
import type { Access } from './access.ts';

/** The content types of the files that endpoints give. */
export type FileType = 'text/csv; charset=utf-8' | 'text/html; charset=utf-8';

/**
 * A file as its handler gives it: its text at once, or in parts as they are read. The name goes into a header as it stands,
 * so it needs no quoting there.
 */
export const fileOutput = z.object({
  name: z.string().regex(/^[\w.-]+$/),
  text: z.union([z.string(), z.custom<AsyncIterable<string>>(isParts)]),
});

function isParts(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

interface Described {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path with `{name}` parameters. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly access: Access;
  /**
   * How a write takes an `Idempotency-Key`. Where this is missing it is done once, and a repeated call is answered as the
   * first time. The answer may hold a `secret`, which is not kept: a repeated call is refused. Or the call takes `none`: of
   * a body with a password not even a fingerprint is kept, cookies are not set twice, and what writes nothing needs no key.
   */
  readonly idempotency?: 'secret' | 'none';
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** The refusals a caller should expect beside 400, 401 and 403, by status. */
  readonly refusals?: Readonly<Record<number, string>>;
}

/** An endpoint that answers with JSON. */
interface JsonEndpoint extends Described {
  readonly file?: never;
  readonly output: z.ZodType;
}

/** An endpoint that answers with a file, which a browser saves. It changes nothing. */
interface FileEndpoint extends Described {
  readonly method: 'GET';
  readonly file: FileType;
  readonly output: typeof fileOutput;
}

/** One call of the HTTP API as data; OpenAPI, the server's routes and the typed client come from it. */
export type Endpoint = JsonEndpoint | FileEndpoint;

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What a handler gets: path parameters, query and body after parsing. */
export interface InputOf<E extends Endpoint> {
  readonly params: Parsed<E['params']>;
  readonly query: Parsed<E['query']>;
  readonly body: Parsed<E['body']>;
}

export type OutputOf<E extends Endpoint> = z.output<E['output']>;

/** Keeps the exact types of an endpoint's schemas. */
export function endpoint<const E extends Endpoint>(given: E): E {
  return given;
}
