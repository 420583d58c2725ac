import { z } from 'zod';
import { type Permission, rightOf } from '../../contract/access.ts';
import {
  type Api,
  api,
  type EndpointName,
  type FileEndpointName,
  type ReadEndpointName,
  type WriteEndpointName,
} from '../../contract/api.ts';
import type { Endpoint, OutputOf } from '../../contract/endpoint.ts';
import { type ApiFailure, failure } from '../../contract/failure.ts';
import type { Role } from '../../contract/role.ts';
import { sentenceWords } from '../../core/condition/words.ts';

type Part<E, Name extends string> = E extends { readonly [K in Name]: infer Schema extends z.ZodType }
  ? { readonly [K in Name]: z.input<Schema> }
  : unknown;
type QueryPart<E> = E extends { readonly query: infer Schema extends z.ZodType }
  ? { readonly query?: z.input<Schema> }
  : unknown;

/** The endpoints that are called for JSON. */
type CallName = ReadEndpointName | WriteEndpointName;

/** What a call needs: path parameters, query and body, each only where the endpoint has one. */
export type CallInput<Name extends EndpointName> = Part<Api[Name], 'params'> &
  QueryPart<Api[Name]> &
  Part<Api[Name], 'body'>;

/** What a call answers. */
export type CallOutput<Name extends CallName> = OutputOf<Api[Name]>;

/** A call that did not succeed: the server's problem details, or a status of 0 when it could not be reached. */
export class CallError extends Error {
  readonly status: number;
  readonly failure: ApiFailure | null;

  constructor(
    message: string,
    about: { readonly status: number; readonly failure: ApiFailure | null; readonly cause?: unknown },
  ) {
    super(message, { cause: about.cause });
    this.name = 'CallError';
    this.status = about.status;
    this.failure = about.failure;
  }
}

const values = z.record(z.string(), z.unknown());
const anyInput = z.object({
  params: values.default({}),
  query: values.default({}),
  body: z.unknown().optional(),
});
type AnyInput = z.output<typeof anyInput>;

/**
 * Calls an endpoint of the API by its name and parses the answer. Throws a {@link CallError} on a refusal, when the
 * server is away, and when the answer is not what the contract says.
 *
 * @example await call('getContact', { params: { id: 'c1' } })
 */
export async function call<Name extends CallName>(
  name: Name,
  input: CallInput<Name>,
  signal?: AbortSignal,
): Promise<CallOutput<Name>>;
export async function call(name: CallName, input: unknown, signal?: AbortSignal): Promise<unknown> {
  const endpoint: Endpoint = api[name];
  const response = await send(endpoint, anyInput.parse(input), signal);
  const answer = await readJson(response);
  if (!response.ok) throw refusal(response, answer);
  const parsed = endpoint.output.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new CallError('The server gave an answer that this page does not understand. Reload the page.', {
    status: response.status,
    failure: null,
    cause: parsed.error,
  });
}

async function send(endpoint: Endpoint, input: AnyInput, signal?: AbortSignal): Promise<Response> {
  const hasBody = input.body !== undefined;
  try {
    return await fetch(addressOf(endpoint.path, input), {
      method: endpoint.method,
      credentials: 'same-origin',
      headers: { accept: 'application/json', ...(hasBody ? { 'content-type': 'application/json' } : {}) },
      ...(hasBody ? { body: JSON.stringify(input.body) } : {}),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    throw new CallError('Baton cannot be reached. Check the connection and try again.', {
      status: 0,
      failure: null,
      cause,
    });
  }
}

/**
 * Fills the `{name}` parameters of a path and appends the query; what is undefined is left out, and a list is repeated.
 *
 * @example addressOf('/api/contacts/{id}', { params: { id: 'a b' }, query: { limit: 5 } }) // '/api/contacts/a%20b?limit=5'
 */
export function addressOf(path: string, { params, query }: Pick<AnyInput, 'params' | 'query'>): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined && one !== null && one !== '') search.append(key, String(one));
  }
  return search.size === 0 ? filled : `${filled}?${search}`;
}

/**
 * The address of a file that the API gives, for a link that saves it.
 *
 * @example fileAddress('getLeakageFile', { query: { by: 'month' } }) // '/api/reports/leakage.csv?by=month'
 */
export function fileAddress<Name extends FileEndpointName>(name: Name, input: CallInput<Name>): string {
  return addressOf(api[name].path, anyInput.parse(input));
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

function refusal(response: Response, answer: unknown): CallError {
  const problem = failure.safeParse(answer);
  if (!problem.success)
    return new CallError(`The server answered ${response.status}.`, {
      status: response.status,
      failure: null,
    });
  const { detail, title } = problem.data;
  return new CallError(detail === '' ? title : detail, { status: response.status, failure: problem.data });
}

/** Says in words what went wrong, with what the server found wrong in the fields unless it has said so already. */
export function errorWords(error: unknown): string {
  if (!(error instanceof CallError)) return 'Something went wrong in this page. Reload it.';
  const fields = (error.failure?.errors ?? [])
    .filter(({ message }) => !error.message.includes(message))
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return [sentenceWords(error.message), ...fields].join(' ');
}

/**
 * What the server found wrong with one field, or with what lies below it; null when nothing. Paths are as the server
 * writes them: `members[0].weight`.
 */
export function problemAt(error: unknown, path: string): string | null {
  if (!(error instanceof CallError)) return null;
  const found = error.failure?.errors.find(problem => {
    const rest = problem.path.startsWith(path) ? problem.path.slice(path.length) : null;
    return rest === '' || rest?.startsWith('.') === true || rest?.startsWith('[') === true;
  });
  return found === undefined ? null : sentenceWords(found.message);
}

/** Whether a role may call an endpoint, by the contract and by what the workspace lets marketing do. */
export function mayCall(role: Role, name: EndpointName, permissions: Permissions = {}): boolean {
  const right = rightOf(api[name].access, role);
  return typeof right === 'object' && right !== null
    ? permissions[right.permission] === true
    : right !== null;
}

type Permissions = { readonly [Name in Permission]?: boolean };
