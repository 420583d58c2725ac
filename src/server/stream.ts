import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { STREAM_PATH, type StreamMessage } from '../contract/stream.ts';
import type { App } from './app.ts';
import { AppError } from './apperror.ts';
import { findSender } from './caller.ts';
import { headersOf } from './route.ts';

/** How often a quiet stream says that it lives, in milliseconds; proxies cut what is silent for a minute. */
const HEARTBEAT_MS = 25_000;
/** How soon a browser should come back after a lost stream, in milliseconds. */
const RETRY_MS = 2_000;
/** What may wait for a browser that does not read, in bytes; then its stream is cut, and it comes back. */
const MAX_WAITING = 1024 * 1024;

/** Adds the stream of what changes, for whoever is signed in. */
export function addStream(server: FastifyInstance, app: App): void {
  const open = new Set<Readable>();
  server.addHook('preClose', async () => {
    for (const stream of open) stream.push(null);
  });
  server.get(STREAM_PATH, async (request, reply) => {
    const headers = headersOf(request);
    const sender = await findSender(app, headers);
    if (sender === null) throw new AppError('unauthorised', 'Nobody is signed in.');
    const stream = openStream(app, {
      userId: sender.caller.id ?? sender.identity,
      isStillWelcome: async () => (await findSender(app, headers)) !== null,
    });
    open.add(stream);
    stream.once('close', () => open.delete(stream));
    reply.header('content-type', 'text/event-stream; charset=utf-8');
    reply.header('cache-control', 'no-store, no-transform');
    // nginx would else keep messages back until it has a buffer full.
    reply.header('x-accel-buffering', 'no');
    return reply.send(stream);
  });
}

function openStream(
  app: App,
  { userId, isStillWelcome }: { readonly userId: string; readonly isStillWelcome: () => Promise<boolean> },
): Readable {
  const stream = new Readable({ read: () => {} });
  const write = (text: string) => {
    if (stream.destroyed || stream.readableEnded) return;
    if (stream.readableLength > MAX_WAITING) stream.destroy();
    else stream.push(text);
  };
  const unsubscribe = app.hub.subscribe(userId, message => write(eventOf(message)));
  // A session may end, or a key be revoked, while the stream is open.
  const beat = () =>
    isStillWelcome().then(
      isWelcome => (isWelcome ? write(':\n\n') : stream.push(null)),
      () => write(':\n\n'),
    );
  const heart = setInterval(beat, HEARTBEAT_MS).unref();
  stream.once('close', () => {
    clearInterval(heart);
    unsubscribe();
  });
  write(`retry: ${RETRY_MS}\n\n`);
  return stream;
}

/** JSON holds no line breaks, so one line carries it whatever a lead has typed. */
function eventOf(message: StreamMessage): string {
  return `event: ${message.kind}\ndata: ${JSON.stringify(message)}\n\n`;
}
