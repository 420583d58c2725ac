import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { z } from 'zod';
import type { ApiFailure } from '../../contract/failure.ts';
import { formatPath, type PathStep } from '../../core/problem.ts';
import { isAway, whyReadOnly } from '../../db/driver/fault.ts';
import { AppError } from '../../loop/error.ts';

/** The content type of RFC 9457. */
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** How long a caller should wait before trying again when the database is away, in seconds. */
export const RETRY_SECONDS = 5;

/**
 * Returns any error as problem details. An unforeseen error reveals nothing of the program's inside.
 *
 * @example problemOf(new AppError('notFound', 'No such user.'), 'r1').status // 404
 */
export function problemOf(error: unknown, requestId: string): ApiFailure {
  const told = appErrorOf(error);
  if (told !== null) {
    const { code, status, title, message: detail, problems } = told;
    const errors = problems.map(({ path, message }) => ({ path, message }));
    const both = told.conflicts.length === 0 ? {} : { conflicts: [...told.conflicts] };
    return { type: `urn:baton:problem:${code}`, title, status, detail, errors, requestId, ...both };
  }
  const status = clientStatusOf(error) ?? 500;
  const title = STATUS_CODES[status] ?? 'Error';
  const detail = error instanceof Error ? error.message : title;
  return { type: 'about:blank', title, status, detail, errors: [], requestId };
}

/** What the HTTP parser found wrong, by its code: the status of the answer and what is said. */
const UNREAD: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to arrive.'],
  HPE_HEADER_OVERFLOW: [431, 'The headers are too large; expected at most 16 KiB.'],
};

/**
 * Answers a request that could not be read as HTTP and closes its connection. Nothing can be said to a client that is gone,
 * or behind an answer that has begun.
 */
export function refuseUnread(
  error: Error & { readonly code?: string },
  socket: Socket,
  last: ServerResponse | undefined,
): void {
  const isAmid = last?.headersSent === true && !last.writableFinished;
  if (isAmid || !socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, detail] = UNREAD[error.code ?? ''] ?? [400, 'The request is not HTTP.'];
  const title = STATUS_CODES[status] ?? 'Error';
  const body = JSON.stringify({ type: 'about:blank', title, status, detail, errors: [] });
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** The failure of the registry that an error stands for; null for a refusal by the web framework itself. */
function appErrorOf(error: unknown): AppError | null {
  if (error instanceof AppError) return error;
  const reason = readOnlyReasonOf(error);
  if (reason !== null) return new AppError('readOnly', sentenceOf(reason));
  if (isDatabaseAway(error))
    return new AppError('unavailable', 'The database cannot be reached. Try again in a few seconds.');
  if (isUnfit(error))
    return new AppError('malformed', 'A value in the request is not one that the database can hold.');
  const status = clientStatusOf(error);
  if (status === 400) return new AppError('malformed', messageOf(error));
  if (status === 413) return new AppError('tooLarge', 'The body is too large; expected at most 1 MiB.');
  if (status === 503)
    return new AppError('unavailable', 'The server is overloaded. Try again in a few seconds.');
  if (status !== null) return null;
  return new AppError(
    'broken',
    'The request could not be finished. The log has the reason under the requestId.',
  );
}

/** The status of a refusal by the web framework; null for everything else. */
function clientStatusOf(error: unknown): number | null {
  const status = fields.safeParse(error).data?.statusCode;
  if (status === undefined || !(error instanceof Error)) return null;
  return (status >= 400 && status < 500) || status === 503 ? status : null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const fields = z.object({
  statusCode: z.number().optional(),
  code: z.string().optional(),
  cause: z.unknown().optional(),
});

/**
 * Returns whether an error means that the database cannot be reached, looking through its causes.
 *
 * @example isDatabaseAway(Object.assign(new Error(''), { code: 'ECONNREFUSED' })) // true
 */
export function isDatabaseAway(error: unknown): boolean {
  // A client that goes away amid its body looks the same, but for the status that the web framework gives it.
  return clientStatusOf(error) === null && causesOf(error).some(isAway);
}

/** Why a database takes no writes at present, looking through the causes of an error; null when it failed otherwise. */
export function readOnlyReasonOf(error: unknown): string | null {
  return causesOf(error).reduce<string | null>((reason, cause) => reason ?? whyReadOnly(cause), null);
}

/** Makes a sentence of a reason. @example sentenceOf('the disk is full') // 'The disk is full.' */
export function sentenceOf(reason: string): string {
  return `${reason.slice(0, 1).toUpperCase()}${reason.slice(1)}.`;
}

/**
 * PostgreSQL's codes for a value that its type cannot hold: the NUL character, an id that is not a UUID, a number or an
 * instant out of range. They come from what a caller sent and no schema refused.
 */
const UNFIT = new Set(['22P02', '22P05', '22021', '22003', '22007', '22008', '22009']);

function isUnfit(error: unknown): boolean {
  return causesOf(error).some(cause => UNFIT.has(fields.safeParse(cause).data?.code ?? ''));
}

/** An error and what caused it, as deep as anybody wraps errors. */
function causesOf(error: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  for (let cause = error; cause instanceof Error && causes.length < 5; cause = cause.cause)
    causes.push(cause);
  return causes;
}

/** Turns what a schema found wrong below a place into paths and messages, one for each unknown key too. */
export function problemsOf(
  error: z.ZodError,
  place: readonly PathStep[],
): readonly { readonly path: string; readonly message: string }[] {
  return error.issues.flatMap(issue => {
    const path = issue.path.map(step => (typeof step === 'number' ? step : String(step)));
    const steps = [...place, ...path];
    if (issue.code !== 'unrecognized_keys') return [{ path: formatPath(steps), message: issue.message }];
    return issue.keys.map(key => ({ path: formatPath([...steps, key]), message: 'unknown key' }));
  });
}
