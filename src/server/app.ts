import type { Logger } from 'pino';
import type { Api, EndpointName } from '../contract/api.ts';
import type { InputOf, OutputOf, Role } from '../contract/endpoint.ts';
import type { StreamMessage } from '../contract/stream.ts';
import type { Database } from '../db/database.ts';
import type { Fault } from './apperror.ts';
import type { Settings } from './settings.ts';

/** What handlers and sweeps work with. Time is an argument: `clock` is read in the outermost layer only. */
export interface App {
  readonly db: Database;
  readonly clock: () => number;
  readonly settings: Settings;
  readonly log: Logger;
  readonly hub: Hub;
  /** On a demo: how much of the generated history has arrived. */
  readonly demo: () => { readonly loaded: number; readonly total: number } | null;
}

/** Carries messages to the browsers that listen, on this node and (through the database) on others. */
export interface Hub {
  /** Sends to one user's browsers, or to everybody's for null. */
  readonly publish: (userId: string | null, message: StreamMessage) => void;
  readonly subscribe: (userId: string, onMessage: (message: StreamMessage) => void) => () => void;
}

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
export type Review = (
  request: Pick<Request, 'app' | 'now'>,
  given: { readonly params: unknown; readonly body: unknown },
) => Promise<readonly Fault[]>;

export type Handlers = { readonly [Name in EndpointName]: Handler<Name> };
