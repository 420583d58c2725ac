import type { Problem, Refused } from '../core/problem.ts';
import type { AnswerConflict } from '../core/qualification/shape.ts';
import { oneLine } from '../core/text/safe.ts';
import { isUuid } from '../core/text/uuid.ts';

/** Every failure the API can answer with: HTTP status and title. */
const REGISTRY = {
  malformed: { status: 400, title: 'The request cannot be read' },
  unauthorised: { status: 401, title: 'Sign in, or send a valid key' },
  forbidden: { status: 403, title: 'Your role does not allow this' },
  notFound: { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'The state does not allow this' },
  tooLarge: { status: 413, title: 'The request is too large' },
  notUnderstood: { status: 415, title: 'The form of the body is not understood' },
  invalid: { status: 422, title: 'The request cannot be carried out' },
  tooMany: { status: 429, title: 'Too many requests' },
  readOnly: { status: 503, title: 'The database takes no writes at present' },
  unavailable: { status: 503, title: 'The database is away' },
  broken: { status: 500, title: 'Something broke' },
} as const;

type AppErrorCode = keyof typeof REGISTRY;

/** One thing wrong with what a caller sent, and where. */
export type Fault = Pick<Problem, 'path' | 'message'>;

/** A failure to be told to the caller: a code of the registry, what was wrong in words, and where. */
export class AppError extends Error {
  readonly code: AppErrorCode;
  readonly status: number;
  readonly title: string;
  readonly problems: readonly Fault[];
  /** After how many seconds the caller may try again; null where that is not known. */
  readonly retryAfter: number | null;
  /** What two people answered at once. */
  readonly conflicts: readonly AnswerConflict[];

  constructor(
    code: AppErrorCode,
    detail: string,
    more: {
      readonly problems?: readonly Fault[];
      readonly retryAfter?: number;
      readonly conflicts?: readonly AnswerConflict[];
      readonly cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: more.cause });
    this.name = 'AppError';
    this.code = code;
    this.status = REGISTRY[code].status;
    this.title = REGISTRY[code].title;
    this.problems = more.problems ?? [];
    this.retryAfter = more.retryAfter ?? null;
    this.conflicts = more.conflicts ?? [];
  }
}

/**
 * Refuses what a caller sent, naming everything that is wrong with it.
 *
 * @example refusalOf('invalid', [{ path: 'to', message: 'expected a date' }]).message // 'to: expected a date'
 */
export function refusalOf(code: 'malformed' | 'invalid', problems: readonly Fault[]): AppError {
  const detail = problems
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join('; ');
  return new AppError(code, detail, { problems });
}

/**
 * What core allows, or that it has nothing to say against it (null); a refusal, or several at once, is thrown as the API
 * answers it.
 */
export function allowed<T>(result: T | Refused | readonly [Refused, ...Refused[]]): T {
  if (isRefusals(result)) {
    const [first, ...more] = result;
    if (more.length > 0) throw refusalOf('invalid', result);
    return allowed<T>(first);
  }
  if (!isRefused(result)) return result;
  const { as, path, message } = result;
  throw new AppError(as, message, { problems: path === '' ? [] : [{ path, message }] });
}

function isRefusals(result: unknown): result is readonly [Refused, ...Refused[]] {
  return Array.isArray(result) && result.length > 0 && result.every(isRefused);
}

function isRefused(result: unknown): result is Refused {
  return typeof result === 'object' && result !== null && 'kind' in result && result.kind === 'refused';
}

/** How much of an id that names nothing is said back, in characters. */
const MAX_ID = 60;

/** Finds the row that an id names; refuses an id that names nothing, saying what `kind` of thing was looked for. */
export async function mustFind<Row>(
  asked: { readonly kind: string; readonly id: string },
  find: (id: string) => Promise<Row | null>,
): Promise<Row> {
  const row = isUuid(asked.id) ? await find(asked.id) : null;
  if (row === null) throw notFound(asked);
  return row;
}

/** The refusal of an id that names nothing. */
export function notFound({ kind, id }: { readonly kind: string; readonly id: string }): AppError {
  return new AppError('notFound', `there is no ${kind} ${oneLine(id, MAX_ID)}`);
}
