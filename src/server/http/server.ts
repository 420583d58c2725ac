import type { AddressInfo } from 'node:net';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import underPressure from '@fastify/under-pressure';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  LogController,
} from 'fastify';
import { ping } from '../../db/setting.ts';
import type { App } from '../../loop/app.ts';
import { AppError } from '../../loop/error.ts';
import type { Settings } from '../../loop/settings.ts';
import type { Handlers, Prechecks } from '../handler/handler.ts';
import { addMetrics } from './metric.ts';
import { describeApi } from './openapi.ts';
import {
  isDatabaseAway,
  PROBLEM_TYPE,
  problemOf,
  RETRY_SECONDS,
  readOnlyReasonOf,
  sentenceOf,
} from './problem.ts';
import { addRoutes } from './route.ts';
import { addWebApp, WEB_FOLDER } from './static.ts';
import { addStream, HEARTBEAT_MS } from './stream.ts';

/** The largest body of an API call, in bytes; the intake has limits of its own. */
const BODY_LIMIT = 1024 * 1024;
/** How far behind the event loop may be before calls are refused, in milliseconds. */
const MAX_DELAY_MS = 3_000;

/** What a server is made of. */
export interface ServerParts {
  readonly app: App;
  readonly handlers: Handlers;
  readonly prechecks: Prechecks;
  /** Adds the intake's routes, in a scope of their own. */
  readonly intake: (server: FastifyInstance) => Promise<void>;
  /** The folder of the built web app; where the build puts it without this. */
  readonly webFolder?: string;
  /** How often a stream says that it lives and looks whether it may, in milliseconds; 25 s without this. */
  readonly heartbeatMs?: number;
  /** Refuses calls with 503 while the process cannot keep up. */
  readonly refuseUnderPressure?: boolean;
}

/** Builds the HTTP server of the API, the intake and the web app; it listens to nothing yet. */
export async function buildServer(parts: ServerParts): Promise<FastifyInstance> {
  const { app } = parts;
  const logger: FastifyBaseLogger = app.log;
  const server = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    genReqId: () => app.newId(),
    // A public address means a proxy in front, near by; only then may a header say who calls.
    trustProxy: app.settings.BATON_URL === undefined ? false : ['loopback', 'linklocal', 'uniquelocal'],
  });
  answerErrors(server, app);
  if (parts.refuseUnderPressure === true) await addPressure(server);
  addMetrics(server, app);
  // Apart from what pages need: the intake speaks to programs, and sets headers of its own for CORS.
  await server.register(async scope => parts.intake(scope));
  await server.register(async scope => {
    await scope.register(helmet, headersFor(app));
    await scope.register(rateLimit, { global: false, errorResponseBuilder: refuseAttempt });
    addOperations(scope, app);
    await scope.register(async inner => addApi(inner, parts));
    await addDocs(scope);
    await addWebApp(scope, parts.webFolder ?? WEB_FOLDER);
  });
  return server;
}

async function addApi(server: FastifyInstance, parts: ServerParts): Promise<void> {
  readJson(server);
  server.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  addRoutes(server, parts);
  addStream(server, parts.app, parts.heartbeatMs ?? HEARTBEAT_MS);
}

function headersFor({ settings }: App) {
  const isSecure = settings.BATON_URL?.startsWith('https:') === true;
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // The component library writes its variables into style elements and attributes.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: isSecure,
  };
}

function refuseAttempt(_request: unknown, { ttl }: { readonly ttl: number }): AppError {
  return new AppError(
    'tooMany',
    `Too many attempts from this address. Try again in ${Math.ceil(ttl / 1000)} s.`,
  );
}

async function addPressure(server: FastifyInstance): Promise<void> {
  await server.register(underPressure, {
    maxEventLoopDelay: MAX_DELAY_MS,
    retryAfter: RETRY_SECONDS,
    pressureHandler: async request => {
      const isAsked = ['/healthz', '/readyz', '/metrics'].includes(request.url);
      if (!isAsked)
        throw new AppError('unavailable', 'The server is overloaded. Try again in a few seconds.');
    },
  });
}

function answerErrors(server: FastifyInstance, app: App): void {
  server.setErrorHandler<FastifyError | Error>((error, request, reply) => {
    const problem = problemOf(error, request.id);
    if (problem.status === 503) {
      reply.header('retry-after', RETRY_SECONDS);
      // A shortage of room is in the log once, when it begins.
      if (isDatabaseAway(error) && readOnlyReasonOf(error) === null)
        app.log.warn({ err: error, requestId: request.id }, 'the database is away');
    } else if (problem.status >= 500) {
      const { method, url } = request;
      app.log.error({ err: error, requestId: request.id, method, url }, 'a call broke');
    }
    return reply.code(problem.status).type(PROBLEM_TYPE).send(problem);
  });
}

/** Reads JSON bodies; an empty one counts as none, which a write without arguments may send. */
function readJson(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    return parse(request, String(body), done);
  });
}

function addOperations(server: FastifyInstance, app: App): void {
  server.get('/healthz', async () => ({ ok: true }));
  server.get('/readyz', async () => {
    await ping(app.db).catch((cause: unknown) => {
      throw new AppError('unavailable', 'The database does not answer.', { cause });
    });
    const shortage = app.db.disk?.shortage() ?? null;
    if (shortage !== null) throw new AppError('readOnly', sentenceOf(shortage));
    return { ok: true };
  });
}

async function addDocs(server: FastifyInstance): Promise<void> {
  // Made when somebody asks: it would hold up the start.
  let made: ReturnType<typeof describeApi> | null = null;
  const document = () => {
    made ??= describeApi();
    return made;
  };
  server.get('/api/openapi.json', async () => document());
  const head = { openapi: '3.1.0', info: { title: 'Baton', version: '1' }, paths: {} };
  await server.register(swagger, { mode: 'static', specification: { document: head } });
  await server.register(swaggerUi, {
    routePrefix: '/api/docs',
    transformSpecification: document,
    transformSpecificationClone: false,
    uiConfig: { docExpansion: 'list' },
  });
}

/** The address at which a server that listens can be reached from this machine. */
export function addressOf(settings: Settings, address: AddressInfo | string | null): string {
  const port = typeof address === 'object' && address !== null ? address.port : settings.BATON_PORT;
  const host =
    settings.BATON_HOST === '0.0.0.0' || settings.BATON_HOST === '::' ? '127.0.0.1' : settings.BATON_HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
