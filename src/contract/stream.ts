import { z } from 'zod';
import { alert } from './api/alert.ts';
import { id } from './shapes.ts';

/** Where the browser listens for server-sent events; each is named by its `kind` and carries this as JSON. */
export const STREAM_PATH = '/api/stream';

/** What the server sends to browsers: an alert for the person, or that something shown may have changed. */
export const streamMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('alert'), alert }),
  /** A contact's score, stage or episodes changed. */
  z.object({ kind: z.literal('contact'), contactId: id }),
  /** The queue or a report changed. */
  z.object({ kind: z.literal('queue') }),
  /** Messages may have been lost: everything shown may have changed. */
  z.object({ kind: z.literal('gap') }),
  /** The person may have been signed out; the server looks, and ends the stream if so. Browsers are not sent it. */
  z.object({ kind: z.literal('session') }),
  z.object({ kind: z.literal('demo'), loaded: z.number(), total: z.number() }),
]);
export type StreamMessage = z.infer<typeof streamMessage>;
