import { z } from 'zod';
import { type Access, READ, rightOf, rightWords } from '../../contract/access.ts';
import { key, rejectedCall } from '../../contract/api/administration.ts';
import { alert } from '../../contract/api/alert.ts';
import { timelineItem } from '../../contract/api/contact.ts';
import { activity, due, episode, episodeHead } from '../../contract/api/episode.ts';
import { user } from '../../contract/api/session.ts';
import { team } from '../../contract/api/team.ts';
import { api } from '../../contract/api.ts';
import type { Endpoint } from '../../contract/endpoint.ts';
import { failure } from '../../contract/failure.ts';
import { acceptanceReport } from '../../contract/report/report.ts';
import { ROLES } from '../../contract/role.ts';
import { contactHead, done, empty, person } from '../../contract/shapes.ts';
import { STREAM_PATH, streamMessage } from '../../contract/stream.ts';
import { breakdown, scoreLine } from '../../core/scoring/print.ts';
import { SESSION_COOKIE } from '../access/cookie.ts';

type Json = Readonly<Record<string, unknown>>;

const STATUSES: Readonly<Record<number, string>> = {
  400: 'The path, the query or the JSON cannot be read.',
  401: 'Nobody is signed in, or the key is wrong.',
  403: 'The role does not allow this.',
  422: 'The body is not what is expected.',
  503: 'The database is away; try again after `Retry-After` seconds.',
};

/** Describes the API as an OpenAPI 3.1 document, made from the contract. */
export function describeApi(): Json {
  const endpoints = Object.entries(api).map(([name, endpoint]): Named => ({ name, endpoint }));
  const paths: Record<string, Record<string, unknown>> = { [STREAM_PATH]: { get: STREAM } };
  for (const named of endpoints) {
    const { method, path } = named.endpoint;
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(named) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Baton',
      version: '1',
      description:
        'Sign in for a session cookie, or send an API key: `Authorization: Bearer bt_api_…`. Errors are problem details (RFC 9457). Writes accept an `Idempotency-Key`: repeated within 24 hours, the call is answered as the first time and done once. A call whose answer holds a secret is done once, too, and refused (409) when it is repeated; so is one that arrives while the first is running.',
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: components(endpoints),
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
      },
    },
  };
}

interface Named {
  readonly name: string;
  readonly endpoint: Endpoint;
}

function operation({ name, endpoint }: Named): Json {
  const { summary, tag, access, params, query, body } = endpoint;
  return {
    operationId: name,
    summary,
    tags: [tag],
    ...securityOf(access),
    parameters: [
      ...parameters('path', params),
      ...parameters('query', query),
      ...(endpoint.method === 'GET' || endpoint.idempotency === 'none' ? [] : [IDEMPOTENCY_KEY]),
    ],
    ...(body === undefined
      ? {}
      : { requestBody: { content: { 'application/json': { schema: reference(bodyName(name)) } } } }),
    responses: {
      200: answer({ name, endpoint }),
      ...refusals(endpoint),
    },
  };
}

function answer({ name, endpoint: { file } }: Named): Json {
  if (file === undefined)
    return { description: 'Done.', content: { 'application/json': { schema: reference(answerName(name)) } } };
  return {
    description: 'The file.',
    headers: { 'Content-Disposition': { description: 'Names the file.', schema: { type: 'string' } } },
    content: { [file]: { schema: { type: 'string' } } },
  };
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

function securityOf(access: Access): Json {
  if (access === 'anyone') return { security: [] };
  const security = [{ key: [] }, { session: [] }];
  const rights = ROLES.map(role => ({ role, right: rightOf(access, role) }));
  if (rights.every(({ right }) => right === 'all')) return { security };
  const words = rights.flatMap(({ role, right }) =>
    right === null ? [] : [`${role} (${rightWords(right)})`],
  );
  return { security, description: `For the roles ${words.join(', ')}.`, 'x-access': access };
}

function parameters(place: 'path' | 'query', schema: z.ZodObject | undefined): readonly Json[] {
  if (schema === undefined) return [];
  return Object.entries(schema.shape).map(([name, field]) => {
    const {
      $schema: _,
      description,
      ...described
    } = z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' });
    const required = place === 'path' || !z.safeParse(field, undefined).success;
    return {
      name,
      in: place,
      required,
      ...(description === undefined ? {} : { description }),
      schema: described,
    };
  });
}

function refusals({ access, params, query, body, refusals: own = {} }: Endpoint): Json {
  const general = [
    ...(params === undefined && query === undefined && body === undefined ? [] : [400]),
    ...(access === 'anyone' ? [] : [401]),
    ...(access === 'anyone' || ROLES.every(role => rightOf(access, role) === 'all') ? [] : [403]),
    ...(body === undefined ? [] : [422]),
    503,
  ];
  const told = new Map(general.map(status => [String(status), STATUSES[status] ?? '']));
  for (const [status, text] of Object.entries(own)) told.set(status, text);
  const schema = reference('Failure');
  const content = { 'application/problem+json': { schema } };
  return Object.fromEntries([...told].map(([status, description]) => [status, { description, content }]));
}

const STREAM = {
  operationId: 'stream',
  summary: 'What changes, as server-sent events: each is named by its `kind` and carries a StreamMessage',
  tags: ['alerts'],
  ...securityOf(READ),
  parameters: [],
  responses: {
    200: {
      description: 'The stream.',
      content: { 'text/event-stream': { schema: reference('StreamMessage') } },
    },
    401: {
      description: STATUSES[401],
      content: { 'application/problem+json': { schema: reference('Failure') } },
    },
  },
};

function reference(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}

const bodyName = (name: string) => `${capital(name)}Body`;
const answerName = (name: string) => `${capital(name)}Answer`;

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The shapes that several endpoints share: written once, by these names, and referred to. */
const SHARED = {
  ...{ activity, alert, breakdown, contactHead, done, due, empty, episode, episodeHead, key, person },
  ...{ rejectedCall, acceptanceReport, scoreLine, team, timelineItem, user },
};

/** Every schema by name. */
function components(endpoints: readonly Named[]): Json {
  const answers = z.registry<{ id: string }>();
  const bodies = z.registry<{ id: string }>();
  for (const [name, shape] of Object.entries(SHARED)) answers.add(shape, { id: capital(name) });
  answers.add(failure, { id: 'Failure' });
  answers.add(streamMessage, { id: 'StreamMessage' });
  for (const { name, endpoint } of endpoints) {
    const { file, output, body } = endpoint;
    // An answer that is a shared shape as it stands gets a name of its own by a copy.
    if (file === undefined)
      answers.add(answers.has(output) ? output.meta({}) : output, { id: answerName(name) });
    if (body !== undefined) bodies.add(body, { id: bodyName(name) });
  }
  const uri = (id: string) => `#/components/schemas/${id}`;
  return {
    ...bare(z.toJSONSchema(answers, { uri, io: 'output', unrepresentable: 'any' }).schemas),
    ...bare(z.toJSONSchema(bodies, { uri, io: 'input', unrepresentable: 'any' }).schemas),
  };
}

/** Takes out what names each schema as a document of its own: here it is part of one. */
function bare(schemas: Readonly<Record<string, object>>): Json {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const kept = Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id');
      return [name, Object.fromEntries(kept)];
    }),
  );
}
