import type { Api, EndpointName } from '../../contract/api.ts';
import type { InputOf, OutputOf } from '../../contract/endpoint.ts';
import type { Role } from '../../contract/role.ts';
import type { App } from '../../loop/app.ts';
import type { Fault } from '../../loop/error.ts';

/** Who calls: a signed-in person or an API key. `id` is null for a key. */
export interface Caller {
  readonly id: string | null;
  readonly name: string;
  readonly role: Role;
}

/** What a handler gets beside its input. `caller` is null only where the endpoint is open to anyone. */
export interface Request {
  readonly app: App;
  readonly now: number;
  readonly caller: Caller | null;
  readonly headers: Headers;
  /** The network address that the call comes from, as far as proxies in front are trusted to say so. */
  readonly address: string;
  /** Sets a header of the reply, such as a cookie. */
  readonly setHeader: (name: string, value: string) => void;
}

/** Answers one endpoint; a refusal is a thrown AppError with a status the endpoint names. */
export type Handler<Name extends EndpointName> = (
  request: Request,
  input: InputOf<Api[Name]>,
) => Promise<OutputOf<Api[Name]>>;

/**
 * Finds what only the database can tell of a body that its schema refuses, so that the caller reads everything at once.
 * It gets the path's parameters and the body as they came, and passes over what cannot be read.
 */
export type Precheck = (
  request: Pick<Request, 'app' | 'now'>,
  given: { readonly params: unknown; readonly body: unknown },
) => Promise<readonly Fault[]>;

/** The prechecks there are, by endpoint. */
export type Prechecks = { readonly [Name in EndpointName]?: Precheck };

export type Handlers = { readonly [Name in EndpointName]: Handler<Name> };
