import type { ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  LogController,
} from 'fastify';
import { isDeeper, MAX_NESTING } from '../../core/condition/reading.ts';
import { ping } from '../../db/setting.ts';
import type { App } from '../../loop/app.ts';
import { AppError } from '../../loop/error.ts';
import type { Settings } from '../../loop/settings.ts';
import type { Handlers, Prechecks } from '../handler/handler.ts';
import { unpackBodies } from './encoding.ts';
import { PATIENCE, type Patience } from './limit.ts';
import { addMetrics } from './metric.ts';
import { describeApi } from './openapi.ts';
import { refuseUnderPressure } from './pressure.ts';
import {
  isDatabaseAway,
  PROBLEM_TYPE,
  problemOf,
  RETRY_SECONDS,
  readOnlyReasonOf,
  refuseUnread,
  sentenceOf,
} from './problem.ts';
import { addRoutes } from './route.ts';
import { addWebApp, WEB_FOLDER } from './static.ts';
import { addStream, HEARTBEAT_MS } from './stream.ts';
import { addUnsubscribe } from './unsubscribe.ts';

/** The largest body of an API call, in bytes; the intake has limits of its own. */
const BODY_LIMIT = 1024 * 1024;
/** How long the database may take to say that it is there, in milliseconds. */
const READY_MS = 3_000;

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
  /** How long the database may take to say that it is there, in milliseconds; 3 s without this. */
  readonly readyMs?: number;
  /** How long clients may take. */
  readonly patience?: Patience;
  /** Refuses calls with 503 while the process cannot keep up. */
  readonly mayRefuse?: boolean;
}

/** Builds the HTTP server of the API, the intake and the web app; it listens to nothing yet. */
export async function buildServer(parts: ServerParts): Promise<FastifyInstance> {
  const { app, patience = PATIENCE } = parts;
  const logger: FastifyBaseLogger = app.log;
  const answers = new WeakMap<Socket, ServerResponse>();
  const server = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    genReqId: () => app.newId(),
    requestTimeout: patience.requestMs,
    keepAliveTimeout: patience.idleMs,
    connectionTimeout: patience.silenceMs,
    http: { headersTimeout: patience.headMs, connectionsCheckingInterval: patience.lookMs },
    clientErrorHandler: (error, socket) => refuseUnread(error, socket, answers.get(socket)),
    frameworkErrors: (error, request, { raw }) => {
      const problem = problemOf(error, request.id);
      raw.writeHead(problem.status, { 'content-type': PROBLEM_TYPE }).end(JSON.stringify(problem));
    },
    trustProxy: trustedBy(app.settings),
  });
  server.server.on('request', ({ socket }, response) => answers.set(socket, response));
  answerErrors(server, app);
  if (parts.mayRefuse === true) refuseUnderPressure(server);
  addMetrics(server, app);
  // Apart from what pages need: the intake speaks to programs, and sets headers of its own for CORS.
  await server.register(async scope => parts.intake(scope));
  await server.register(async scope => {
    await scope.register(helmet, headersFor(app));
    addOperations(scope, app, parts.readyMs ?? READY_MS);
    await scope.register(async inner => addApi(inner, parts));
    await scope.register(async inner => addUnsubscribe(inner, app));
    await addDocs(scope);
    await addWebApp(scope, parts.webFolder ?? WEB_FOLDER);
  });
  return server;
}

/**
 * The proxies that may say in headers who calls. A public address means one in front; if nothing is known of it, it is
 * trusted on this very machine alone: on a network anybody may call and say so.
 */
function trustedBy({ BATON_TRUSTED_PROXIES: proxies, BATON_URL: url }: Settings): string[] | false {
  return proxies ?? (url === undefined ? false : ['loopback']);
}

/** Logs once that calls come through a proxy that is not trusted: to the limits, all people then have one address. */
function noteUntrustedProxy(server: FastifyInstance, { log, settings }: App): void {
  let isNoted = settings.BATON_URL === undefined;
  server.addHook('onRequest', async request => {
    const from = request.socket.remoteAddress;
    if (isNoted || request.headers['x-forwarded-for'] === undefined || request.ip !== from) return;
    isNoted = true;
    log.warn(
      { address: from },
      'a proxy that is not trusted passes calls on; name it in BATON_TRUSTED_PROXIES, or everybody behind it has one address',
    );
  });
}

async function addApi(server: FastifyInstance, parts: ServerParts): Promise<void> {
  unpackBodies(server, { mostBytes: BODY_LIMIT });
  readJson(server);
  noteUntrustedProxy(server, parts.app);
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

function answerErrors(server: FastifyInstance, app: App): void {
  server.setErrorHandler<FastifyError | Error>((error, request, reply) => {
    const problem = problemOf(error, request.id);
    if (error instanceof AppError && error.retryAfter !== null) reply.header('retry-after', error.retryAfter);
    if (problem.status === 503) {
      reply.header('retry-after', RETRY_SECONDS);
      // A shortage of room is in the log once, when it begins.
      if (isDatabaseAway(error) && readOnlyReasonOf(error) === null)
        app.log.warn({ err: error, requestId: request.id }, 'the database is away');
    } else if (problem.status >= 500) {
      // The pattern of the route, never the address: people and write keys are named in it.
      const { url: route } = request.routeOptions;
      app.log.error({ err: error, requestId: request.id, method: request.method, route }, 'a call broke');
    }
    return reply.code(problem.status).type(PROBLEM_TYPE).send(problem);
  });
}

/**
 * Reads JSON bodies; an empty one counts as none, which a write without arguments may send. What nests without end is
 * refused here, so that nothing behind it need fear for its stack.
 */
function readJson(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    return parse(request, String(body), (error, value: unknown) => {
      if (error === null && isDeeper(value, MAX_NESTING)) done(tooDeep());
      else done(error, value);
    });
  });
}

function tooDeep(): AppError {
  return new AppError('malformed', `The body nests more than ${MAX_NESTING} deep.`);
}

function addOperations(server: FastifyInstance, app: App, readyMs: number): void {
  server.get('/healthz', async () => ({ ok: true }));
  server.get('/readyz', async () => {
    const silence = setTimeout(readyMs, undefined, { ref: false }).then(() => {
      throw new Error(`no answer within ${readyMs} ms`);
    });
    await Promise.race([ping(app.db), silence]).catch((cause: unknown) => {
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
