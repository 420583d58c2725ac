import { z } from 'zod';
import { api } from '../../src/contract/api.ts';
import type { Endpoint } from '../../src/contract/endpoint.ts';
import type { Chance } from '../sim/chance.ts';
import { drawValue, hostileText, hostileValue, type Source } from './value.ts';

/** A call as it goes over the wire. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Headers by which calls say who they are. */
export type Credentials = readonly Readonly<Record<string, string>>[];

const ENDPOINTS: readonly Endpoint[] = Object.values(api);
const SCHEMAS = new Map<z.ZodType, Readonly<Record<string, unknown>>>();

function schemaOf(schema: z.ZodType): Readonly<Record<string, unknown>> {
  const known = SCHEMAS.get(schema);
  if (known !== undefined) return known;
  const made: Readonly<Record<string, unknown>> = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  });
  SCHEMAS.set(schema, made);
  return made;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;
const ODD_PATHS = [
  '/',
  '/queue',
  '/%',
  '/%ff%fe',
  '/api',
  '/api/',
  '/api/nothing',
  '/api/contacts//score',
  '/..%2f..%2fetc/passwd',
  '/assets/../../package.json',
  '/metrics',
  '/healthz',
  '/readyz',
  '/api/openapi.json',
  '/api/docs',
  `/${'a/'.repeat(400)}`,
] as const;
const INTAKE = ['identify', 'track', 'page', 'screen', 'group', 'alias', 'batch', 'i', 't', 'b'] as const;
const TYPES = [
  'application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  '',
] as const;

/** Makes the next call: most of them near to what an endpoint takes, some far from it. */
export function makeRequest(
  chance: Chance,
  known: readonly string[],
  who: { readonly api: Credentials; readonly intake: Credentials },
): Request {
  const hostility = chance.weighted([
    [0, 3],
    [0.05, 4],
    [0.3, 2],
    [1, 0.5],
  ]);
  const source = { chance, known, hostility };
  return chance.weighted<() => Request>([
    [() => apiRequest(source, who.api), 12],
    [() => intakeRequest(source, who.intake), 5],
    [() => oddRequest(source, who.api), 1],
  ])();
}

function apiRequest(source: Source, credentials: Credentials): Request {
  const { chance } = source;
  const endpoint = chance.pick(ENDPOINTS);
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) => pathPart(source, endpoint, name));
  const query = queryOf(source, endpoint);
  const method = chance.hit(0.02) ? chance.pick(METHODS) : endpoint.method;
  const body = endpoint.body === undefined ? undefined : drawValue(schemaOf(endpoint.body), source);
  const key = chance.hit(0.1) ? { 'idempotency-key': `key-${chance.int(0, 400)}` } : {};
  return {
    method,
    path: `${path}${query}`,
    headers: { ...chance.pick(credentials), ...key, ...typeOf(source) },
    body: method === 'GET' || method === 'HEAD' ? null : textOfBody(source, body),
  };
}

function pathPart({ chance, known, hostility }: Source, endpoint: Endpoint, name: string): string {
  const field = endpoint.params?.shape[name];
  if (chance.hit(hostility)) return encoded(hostileText(chance));
  if (field !== undefined && chance.hit(0.7)) {
    const value = drawValue(schemaOf(field), { chance, known, hostility: 0 });
    if (typeof value === 'string' || typeof value === 'number') return encoded(String(value));
  }
  return encoded(known.length > 0 ? chance.pick(known) : 'x');
}

function queryOf(source: Source, endpoint: Endpoint): string {
  const { chance, hostility } = source;
  const parts = Object.entries(endpoint.query?.shape ?? {}).flatMap(([name, field]) => {
    if (chance.hit(0.6)) return [];
    const value = chance.hit(hostility) ? hostileText(chance) : drawValue(schemaOf(field), source);
    return [`${name}=${encoded(typeof value === 'string' ? value : JSON.stringify(value ?? null))}`];
  });
  if (chance.hit(hostility / 4)) parts.push(`${encoded(hostileText(chance)).slice(0, 50)}=%zz`);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

function intakeRequest(source: Source, credentials: Credentials): Request {
  const { chance } = source;
  const type = chance.pick(INTAKE);
  const isBatch = type === 'batch' || type === 'b';
  const body = isBatch
    ? { batch: Array.from({ length: chance.int(0, 5) }, () => callOf(source)), sentAt: instantOf(source) }
    : callOf(source);
  return {
    method: 'POST',
    path: `/v1/${type}${chance.hit(0.1) ? '?strict=1' : ''}`,
    headers: { ...chance.pick(credentials), ...typeOf(source) },
    body: textOfBody(source, body),
  };
}

function callOf(source: Source): unknown {
  const { chance, hostility } = source;
  if (chance.hit(hostility / 3)) return hostileValue(chance);
  const some = <Value>(value: Value) => (chance.hit(0.6) ? value : undefined);
  const part = (value: unknown) => (chance.hit(hostility) ? hostileValue(chance) : value);
  return {
    type: part(chance.pick(['identify', 'track', 'page', 'screen', 'group', 'alias'])),
    messageId: some(part(`m${chance.int(0, 5000)}`)),
    userId: some(part(`u${chance.int(0, 60)}`)),
    anonymousId: some(part(`a${chance.int(0, 60)}`)),
    previousId: some(part(`a${chance.int(0, 60)}`)),
    groupId: some(part(`g${chance.int(0, 9)}`)),
    event: some(part(chance.pick(['Demo Requested', 'Pricing Viewed', 'Signed Up', 'x']))),
    name: some(part('Home')),
    timestamp: some(part(instantOf(source))),
    sentAt: some(part(instantOf(source))),
    traits: some({
      email: some(part(`p${chance.int(0, 50)}@firm${chance.int(0, 9)}.example`)),
      name: some(part('Ann Lee')),
      title: some(part('VP Sales')),
      phone: some(part('+49 30 1234567')),
      createdAt: some(part(instantOf(source))),
      company: some({ name: part('Acme'), employees: part(120), industry: part('Software') }),
      website: some(part('https://www.firm1.example')),
      renewal: some(part('9999-12-31')),
    }),
    properties: some({ path: part('/pricing'), value: part(3), plan: part('pro') }),
    context: some(
      part({ ip: part('203.0.113.7'), userAgent: part('Mozilla/5.0'), page: { path: part('/') } }),
    ),
  };
}

function instantOf({ chance }: Source): string {
  return new Date(Date.now() + chance.int(-90 * 24, 3) * 3_600_000).toISOString();
}

function oddRequest({ chance, hostility }: Source, credentials: Credentials): Request {
  const path = chance.pick(ODD_PATHS);
  return {
    method: chance.pick(METHODS),
    path: chance.hit(0.3) ? `${path}?${encoded(hostileText(chance))}` : path,
    headers: {
      ...chance.pick(credentials),
      ...(chance.hit(hostility) ? { origin: 'https://evil.example' } : {}),
      ...(chance.hit(hostility) ? { 'x-forwarded-for': `203.0.113.${chance.int(0, 255)}, 10.0.0.1` } : {}),
    },
    body: null,
  };
}

function typeOf({ chance, hostility }: Source): Readonly<Record<string, string>> {
  const type = chance.hit(hostility / 3) ? chance.pick(TYPES) : 'application/json';
  return type === '' ? {} : { 'content-type': type };
}

function textOfBody({ chance, hostility }: Source, body: unknown): string | null {
  if (body === undefined) return chance.hit(0.1) ? JSON.stringify(hostileValue(chance)) : null;
  const text = JSON.stringify(body) ?? 'null';
  if (!chance.hit(hostility / 4)) return text;
  return chance.weighted([
    [text.slice(0, chance.int(0, text.length)), 3],
    [`${text}}`, 1],
    [`${'['.repeat(20_000)}`, 1],
    [`{"a":`.repeat(8_000), 1],
    ['', 1],
    [text.replace('{', '{"__proto__":{"role":"admin"},'), 1],
  ]);
}

/** Encodes a part of an address; half a surrogate pair cannot be, and becomes the replacement character. */
function encoded(text: string): string {
  return encodeURIComponent(text.replace(/[\ud800-\udfff]/g, '\ufffd')).slice(0, 6000);
}
