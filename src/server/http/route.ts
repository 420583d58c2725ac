import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest, HTTPMethods } from 'fastify';
import type { z } from 'zod';
import { api, type EndpointName } from '../../contract/api.ts';
import type { Endpoint, FileType, InputOf } from '../../contract/endpoint.ts';
import type { App } from '../../loop/app.ts';
import { wakeCouriers } from '../../loop/delivery/outbox.ts';
import { refusalOf } from '../../loop/error.ts';
import type { Handler, Handlers, Precheck, Prechecks, Request } from '../handler/handler.ts';
import { admit, findSender, refuseForeignPage, type Sender } from './caller.ts';
import { type KeyedWrite, makeOnce, type Once } from './idempotency.ts';
import { problemsOf } from './problem.ts';

/** What begins the text of a file: by its mark, spreadsheets read CSV as UTF-8. */
const MARKS: Readonly<Record<FileType, string>> = {
  'text/csv; charset=utf-8': '\ufeff',
  'text/html; charset=utf-8': '',
};

interface Parts {
  readonly app: App;
  readonly handlers: Handlers;
  readonly prechecks: Prechecks;
}

/** Adds a route for every endpoint of the contract. */
export function addRoutes(server: FastifyInstance, { app, handlers, prechecks }: Parts): void {
  const once = makeOnce(app);
  for (const name of Object.keys(api)) {
    if (!isEndpointName(name)) continue;
    addRoute(server, app, { name, handler: handlers[name], precheck: prechecks[name], once });
  }
}

function isEndpointName(name: string): name is EndpointName {
  return Object.hasOwn(api, name);
}

interface Route<Name extends EndpointName> {
  readonly name: Name;
  readonly handler: Handler<Name>;
  readonly precheck: Precheck | undefined;
  readonly once: Once;
}

function addRoute<Name extends EndpointName>(
  server: FastifyInstance,
  app: App,
  { name, handler, precheck, once }: Route<Name>,
): void {
  const endpoint = api[name];
  const method: HTTPMethods = endpoint.method;
  server.route({
    method,
    url: endpoint.path.replace(/\{(\w+)\}/g, ':$1'),
    handler: async (request, reply) => {
      const headers = headersOf(request);
      // A connection that is gone has none.
      const address = request.ip ?? '';
      if (method !== 'GET') {
        const { BATON_URL: url, BATON_HOST: listensAt } = app.settings;
        refuseForeignPage(headers, {
          sent: request.headers.host ?? '',
          host: request.host,
          listensAt,
          url,
        });
      }
      const sender = await findSender(app, headers);
      for (const cookie of sender?.cookies ?? []) reply.header('set-cookie', cookie);
      const caller = sender?.caller ?? null;
      await admit(app, name, caller);
      const input = await readInput(app, { endpoint, precheck }, request);
      const setHeader = (key: string, value: string) => void reply.header(key, value);
      const work = async (node: App) => {
        const output = await handler(
          { app: node, now: app.clock(), caller, headers, address, setHeader },
          input,
        );
        return bodyOf(endpoint, output, setHeader);
      };
      const write = keyedWrite(endpoint, request, sender);
      const answer = await (write === null ? work(app) : once(write, work));
      // It may have promised messages, which should not wait for the clock.
      if (method !== 'GET') wakeCouriers(app);
      return reply.send(answer);
    },
  });
}

/** The headers of a request in the form that handlers and the sign-in library take. */
export function headersOf(request: FastifyRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

interface Called<E extends Endpoint> {
  readonly endpoint: E;
  readonly precheck: Precheck | undefined;
}

/** Reads path, query and body by the endpoint's schemas; all that is wrong is reported at once. */
async function readInput<E extends Endpoint>(
  app: App,
  of: Called<E>,
  request: FastifyRequest,
): Promise<InputOf<E>>;
async function readInput(
  app: App,
  { endpoint, precheck }: Called<Endpoint>,
  request: FastifyRequest,
): Promise<InputOf<Endpoint>> {
  const params = endpoint.params?.safeParse(request.params);
  const query = endpoint.query?.safeParse(request.query);
  // A call without a body is a call with nothing in it.
  const body = endpoint.body?.safeParse(request.body ?? {});
  const problems = [...wrong(params, 'path'), ...wrong(query, 'query'), ...wrong(body)];
  if (problems.length === 0) return { params: params?.data, query: query?.data, body: body?.data };
  const isAddressWrong = params?.success === false || query?.success === false;
  if (isAddressWrong) throw refusalOf('malformed', problems);
  const more = await precheck?.({ app, now: app.clock() }, { params: request.params, body: request.body });
  const isNew = ({ path }: { readonly path: string }) => !problems.some(other => other.path === path);
  throw refusalOf('invalid', [...problems, ...(more ?? []).filter(isNew)]);
}

function wrong(part: z.ZodSafeParseResult<unknown> | undefined, ...place: readonly string[]) {
  return part?.success === false ? problemsOf(part.error, place) : [];
}

/** What is sent of an output: itself, or the text of a file, with the headers by which a browser saves it. */
function bodyOf(endpoint: Endpoint, output: unknown, setHeader: Request['setHeader']): unknown {
  if (endpoint.file === undefined) return shapeOutput(endpoint.output, output);
  const { name, text } = shapeOutput(endpoint.output, output);
  setHeader('content-type', endpoint.file);
  setHeader('content-disposition', `attachment; filename="${name}"`);
  const mark = MARKS[endpoint.file];
  return typeof text === 'string' ? `${mark}${text}` : Readable.from(marked(mark, text));
}

async function* marked(mark: string, parts: AsyncIterable<string>): AsyncGenerator<string> {
  yield mark;
  yield* parts;
}

/** Leaves in an answer only what the contract names: nothing more can get out, and a breach of it is our error. */
function shapeOutput<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const shaped = schema.safeParse(value);
  if (shaped.success) return shaped.data;
  throw new Error('the answer breaks the contract', { cause: shaped.error });
}

/** The write under an `Idempotency-Key` that a call is; null where it carries no key, or the endpoint takes none. */
function keyedWrite(
  { method, idempotency }: Endpoint,
  request: FastifyRequest,
  sender: Sender | null,
): KeyedWrite | null {
  const key = request.headers['idempotency-key'];
  if (method === 'GET' || idempotency === 'none' || key === undefined || sender === null) return null;
  return {
    caller: sender.identity,
    key: String(key),
    asked: [request.method, request.url, request.body ?? null],
    isSecret: idempotency === 'secret',
  };
}
