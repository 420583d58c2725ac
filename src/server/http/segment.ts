import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isDeeper, isObject, MAX_NESTING } from '../../core/condition/reading.ts';
import { type Call, readCall, type Trust } from '../../core/intake/call.ts';
import { MAX_CALL_BYTES, sizeOf, withoutKey } from '../../core/intake/limit.ts';
import type { IntakeRules } from '../../core/intake/setting.ts';
import { isAway, whyReadOnly } from '../../db/driver/fault.ts';
import type { NewRejected } from '../../db/intake/rejected.ts';
import type { App } from '../../loop/app.ts';
import { AppError } from '../../loop/error.ts';
import type { Batcher } from '../../loop/intake/batch.ts';
import { countAgainst } from '../../loop/intake/limit.ts';
import { keepRejected } from '../../loop/intake/rejected.ts';
import { loadIntakeRules } from '../../loop/intake/setting.ts';
import { type FoundKey, findKey } from '../access/key.ts';
import { countRefused } from '../operation/metric.ts';
import { isPacked, unpackBodies } from './encoding.ts';
import { addTracker } from './tracker.ts';

/** The largest batch, from the Segment spec. */
const MAX_BATCH_BYTES = 500 * 1024;
/** The most calls in a batch, from the Segment spec. */
const MAX_BATCH_CALLS = 2_500;

/**
 * The paths of the tracking API: `import` is what clients of several languages call a batch, and the short forms are those
 * of the browser client.
 */
const PATHS: Readonly<Record<string, string>> = {
  identify: 'identify',
  track: 'track',
  page: 'page',
  screen: 'screen',
  group: 'group',
  alias: 'alias',
  batch: 'batch',
  import: 'batch',
  i: 'identify',
  t: 'track',
  p: 'page',
  s: 'screen',
  g: 'group',
  a: 'alias',
  b: 'batch',
};

/** Adds the Segment HTTP tracking API under `/v1`. */
export async function addSegmentRoutes(server: FastifyInstance, app: App, batcher: Batcher): Promise<void> {
  unpackBodies(server, { mostBytes: MAX_BATCH_BYTES });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: 2 * MAX_BATCH_BYTES },
    (_request, body, done) => {
      done(null, body);
    },
  );
  server.setErrorHandler<FastifyError | Error>((error, _request, reply) => {
    // The tracking API has its own answers for a body that the framework does not take.
    if (error instanceof AppError && error.status < 500) return refuse(reply, error.status, error.message);
    const code = 'code' in error ? String(error.code) : '';
    if (!code.startsWith('FST_ERR_CTP_')) throw error;
    const isLarge = code === 'FST_ERR_CTP_BODY_TOO_LARGE';
    return refuse(reply, 400, isLarge ? `the body has more than ${MAX_BATCH_BYTES} bytes` : error.message);
  });
  server.addHook('onRequest', async (request, reply) => {
    reply.header('access-control-allow-origin', '*');
    reply.header('access-control-allow-methods', 'GET, POST, OPTIONS');
    reply.header('access-control-allow-headers', 'authorization, content-type, content-encoding');
    reply.header('access-control-max-age', '86400');
    reply.header('cross-origin-resource-policy', 'cross-origin');
    if (request.method === 'OPTIONS') await reply.code(204).send();
  });
  addTracker(server);
  server.options('/v1/*', async (_request, reply) => reply.code(204).send());
  server.get<{ Params: { key: string } }>('/v1/projects/:key/settings', async (request, reply) =>
    sendSettings(app, request, reply),
  );
  for (const [path, type] of Object.entries(PATHS)) {
    for (const address of [`/v1/${path}`, `/v1/${path}/`])
      server.post(address, async (request, reply) => takeCall(request, reply, { app, batcher, type }));
  }
}

interface Route {
  readonly app: App;
  readonly batcher: Batcher;
  readonly type: string;
}

async function takeCall(request: FastifyRequest, reply: FastifyReply, route: Route): Promise<FastifyReply> {
  const { app, batcher } = route;
  const now = app.clock();
  const most = mostBytesOf(route.type);
  if (isPacked(request) && request.body instanceof Buffer && request.body.length > most)
    return refuse(reply, 413, `the body has more than ${most} bytes when it is unpacked`);
  const read = readBody(request.body, route.type);
  if (typeof read === 'string') return refuse(reply, 400, read);
  try {
    const secret = secretOf(request, read.raw);
    const key = await keyOf(app, secret);
    if (key === null) return refuse(reply, 401, 'the write key is missing or wrong');
    const trust: Trust = key.kind === 'public' ? 'public' : 'server';
    const count = read.calls.length;
    const throttled =
      trust === 'public' ? countAgainst(app, { keyId: key.id, address: request.ip, calls: count }) : null;
    if (throttled !== null) {
      const { by, waitMs } = throttled;
      countRefused({ key: trust, reason: by }, count);
      reply.header('retry-after', Math.ceil(waitMs / 1000));
      return refuse(reply, 429, `this ${by} sends more calls than a public key may; send this again later`);
    }
    const isBatch = route.type === 'batch';
    const rules = await loadIntakeRules(app.db, app);
    const given = { now, trust, sentAt: read.raw.sentAt, isBatch, newId: app.newId, rules };
    const sorted = sortCalls(read.calls, given);
    const isStrict = isObject(request.query) && request.query.strict === '1';
    if (isStrict && sorted.refused.length > 0) return refuseStrictly(reply, sorted.refused);
    if (sorted.calls.length > 0 && (await batcher.submit(sorted.calls)) === 'full') {
      countRefused({ key: trust, reason: 'full' }, count);
      return refuse(reply.header('retry-after', '1'), 429, 'too many calls are waiting; send this again');
    }
    // Last, so that a batch that is sent again does not leave its refused calls twice.
    const { refused } = sorted;
    if (refused.length > 0) {
      const kept = refused.map(({ call, ...rest }) => ({ ...rest, call: withoutKey(call, secret) }));
      const unkept = await keepRejected(app, kept, { now, keyId: key.id, trust });
      countRefused({ key: trust, reason: 'unusable' }, refused.length - unkept);
      countRefused({ key: trust, reason: 'unkept' }, unkept);
    }
    return reply.send({ success: true });
  } catch (error) {
    if (!isAway(error)) throw error;
    const reason = whyReadOnly(error);
    if (reason === null) request.log.warn({ err: error }, 'the database is away');
    const message = `${reason ?? 'the database is away'}; send this again`;
    return refuse(reply.header('retry-after', '5'), 503, message);
  }
}

interface Body {
  readonly raw: Readonly<Record<string, unknown>>;
  readonly calls: readonly unknown[];
}

/** Reads the body of a call or batch; a text says what is wrong with it. */
function readBody(bytes: unknown, type: string): Body | string {
  if (!(bytes instanceof Buffer) || bytes.length === 0) return 'expected a JSON body';
  const limit = mostBytesOf(type);
  if (bytes.length > limit) return `the body has ${bytes.length} bytes; expected at most ${limit}`;
  const raw = parse(bytes);
  if (typeof raw === 'string') return raw;
  if (!isObject(raw.value)) return 'expected a JSON object';
  if (isDeeper(raw.value, MAX_NESTING)) return `the body nests more than ${MAX_NESTING} deep`;
  if (type !== 'batch') return { raw: raw.value, calls: [{ ...raw.value, type }] };
  const { batch } = raw.value;
  if (!Array.isArray(batch)) return 'batch: expected a list of calls';
  if (batch.length > MAX_BATCH_CALLS)
    return `batch: has ${batch.length} calls; expected at most ${MAX_BATCH_CALLS}`;
  const mayBeBig = bytes.length > MAX_CALL_BYTES;
  const big = mayBeBig ? batch.findIndex(call => sizeOf(call) > MAX_CALL_BYTES) : -1;
  if (big !== -1) return `batch[${big}]: expected at most ${MAX_CALL_BYTES} bytes a call`;
  return { raw: raw.value, calls: batch };
}

function mostBytesOf(type: string): number {
  return type === 'batch' ? MAX_BATCH_BYTES : MAX_CALL_BYTES;
}

function parse(bytes: Buffer): { readonly value: unknown } | string {
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch (error) {
    return error instanceof TypeError ? 'the body is not UTF-8' : 'the body is not JSON';
  }
}

/** The write key of a call; empty without one. */
function secretOf(request: FastifyRequest, body: Readonly<Record<string, unknown>>): string {
  return secretIn(request.headers.authorization) ?? (typeof body.writeKey === 'string' ? body.writeKey : '');
}

async function keyOf(app: App, secret: string): Promise<FoundKey | null> {
  const key = secret === '' ? null : await findKey(app, secret);
  return key === null || key.kind === 'api' ? null : key;
}

function secretIn(header: string | undefined): string | null {
  const [scheme = '', value = ''] = (header ?? '').split(' ');
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return null;
  return Buffer.from(value, 'base64').toString('utf8').split(':')[0] ?? null;
}

interface RefusedCall extends NewRejected {
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

/** Separates the calls that can be used from those that cannot. */
function sortCalls(
  raw: readonly unknown[],
  given: {
    readonly now: number;
    readonly trust: Trust;
    readonly sentAt: unknown;
    readonly isBatch: boolean;
    readonly newId: () => string;
    readonly rules: IntakeRules;
  },
): { readonly calls: readonly Call[]; readonly refused: readonly RefusedCall[] } {
  const calls: Call[] = [];
  const refused: RefusedCall[] = [];
  raw.forEach((item, index) => {
    const read = readCall(item, {
      receivedAt: given.now,
      trust: given.trust,
      messageId: given.newId(),
      sentAt: given.sentAt,
      rules: given.rules,
    });
    if (read.refusal === null) {
      calls.push(read.call);
      return;
    }
    const place = given.isBatch ? `batch[${index}]` : '';
    const problems = read.refusal.problems.map(({ path, message }) => ({
      path: place === '' || path === '' ? `${place}${path}` : `${place}.${path}`,
      message,
    }));
    refused.push({ id: given.newId(), reason: read.refusal.reason, problems, call: item });
  });
  return { calls, refused };
}

function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send({ success: false, message });
}

function refuseStrictly(reply: FastifyReply, refused: readonly RefusedCall[]): FastifyReply {
  const errors = refused.flatMap(({ problems }) =>
    problems.map(({ path, message }) => ({
      path,
      pointer: `/${path.replaceAll(/[.[]/g, '/').replaceAll(']', '')}`,
      message,
    })),
  );
  return reply
    .code(422)
    .send({ success: false, message: 'some calls cannot be used; nothing was taken', errors });
}

/** What the browser client asks for at its start: where to send calls. */
async function sendSettings(
  app: App,
  request: FastifyRequest<{ Params: { key: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const key = await findKey(app, request.params.key);
  // The answer is for web pages, where a server key must not stand.
  if (key?.kind !== 'public') return refuse(reply, 404, 'no such public write key');
  const base = new URL(app.settings.BATON_URL ?? `${request.protocol}://${request.host}`);
  return reply.header('cache-control', 'public, max-age=60').send({
    integrations: {
      'Segment.io': {
        apiKey: request.params.key,
        apiHost: `${base.host}/v1`,
        protocol: base.protocol.replace(':', ''),
        versionSettings: { version: '4.4.7', componentTypes: ['browser'] },
        type: 'browser',
      },
    },
    plan: {
      track: { __default: { enabled: true } },
      identify: { __default: { enabled: true } },
      group: { __default: { enabled: true } },
    },
    edgeFunction: {},
    analyticsNextEnabled: true,
    middlewareSettings: {},
    enabledMiddleware: {},
    metrics: { sampleRate: 0 },
    legacyVideoPluginsEnabled: false,
    remotePlugins: [],
  });
}
