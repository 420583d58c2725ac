import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Api, api, type EndpointName } from '../../contract/api.ts';
import type { Endpoint, OutputOf } from '../../contract/endpoint.ts';
import { failure } from '../../contract/failure.ts';
import type { Settings } from '../../loop/settings.ts';
import { SERVER_FILE } from '../../server/operation/localkey.ts';
import { EXIT, Failure } from '../failure.ts';

/** A server that has the data folder of the settings open. */
export interface LocalServer {
  readonly url: string;
  readonly key: string;
}

const serverFile = z.object({ url: z.url(), key: z.string() });

/** How long a server may take to say that it is there, in milliseconds. */
const ANSWER_MS = 3_000;

/** Finds the server that works on the embedded database of the settings; null where none does. */
export async function findServer({
  DATABASE_URL: url,
  BATON_DATA_DIR: folder,
}: Pick<Settings, 'DATABASE_URL' | 'BATON_DATA_DIR'>): Promise<LocalServer | null> {
  const server = url === undefined ? readServer(folder) : null;
  if (server === null) return null;
  try {
    const answer = await fetch(`${server.url}/api/imports?limit=1`, {
      headers: { authorization: `Bearer ${server.key}` },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return answer.ok ? server : null;
  } catch {
    // The file was left behind by a process that was killed.
    return null;
  }
}

function readServer(folder: string): LocalServer | null {
  try {
    return serverFile.parse(JSON.parse(readFileSync(join(folder, SERVER_FILE), 'utf8')));
  } catch {
    return null;
  }
}

/** The server refused a call; the message is for a person. */
export class RefusedCall extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** Makes a failure of a refused call, by whether what was asked for was wrong; for the end of a command. */
export function refuse(error: unknown): never {
  if (error instanceof RefusedCall)
    throw new Failure(error.message, error.status === 422 ? EXIT.wrongInput : EXIT.failed);
  throw error;
}

interface Asked {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: object;
}

/** Calls an endpoint of a server. Throws {@link RefusedCall} for a refusal, and a failure when the server is gone. */
export async function callServer<Name extends EndpointName>(
  server: LocalServer,
  name: Name,
  asked?: Asked,
): Promise<OutputOf<Api[Name]>>;
export async function callServer(
  { url, key }: LocalServer,
  name: EndpointName,
  { params = {}, query = {}, body }: Asked = {},
): Promise<unknown> {
  const endpoint: Endpoint = api[name];
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, part: string) =>
    encodeURIComponent(String(params[part] ?? '')),
  );
  const search = new URLSearchParams(Object.entries(query).map(([part, value]) => [part, String(value)]));
  const response = await fetch(`${url}${path}?${search}`, {
    method: endpoint.method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(`the server at ${url} does not answer any more: ${reason}`, EXIT.failed);
  });
  const answer: unknown = await response.json();
  if (response.ok) return endpoint.output.parse(answer);
  const refused = failure.safeParse(answer);
  if (!refused.success) throw new RefusedCall(`the server answered ${response.status}`, response.status);
  const { detail, errors } = refused.data;
  const faults = errors.map(({ path: at, message }) => (at === '' ? message : `${at}: ${message}`));
  throw new RefusedCall([detail, ...faults].join('\n'), response.status);
}
