import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { STREAM_PATH, type StreamMessage } from '../../contract/stream.ts';
import type { App } from '../../loop/app.ts';
import { AppError } from '../../loop/error.ts';
import { findSender } from './caller.ts';
import { headersOf } from './route.ts';

/** How often a stream says that it lives, in milliseconds; proxies cut what is silent for a minute. */
export const HEARTBEAT_MS = 25_000;
/** How soon a browser should come back after a lost stream, in milliseconds. */
const RETRY_MS = 2_000;
/** What may wait for a browser that does not read, in bytes; then its stream is cut, and it comes back. */
const MAX_WAITING = 1024 * 1024;

/** How many streams one person or key may have open: more than anybody has tabs. */
const MAX_OWN = 30;
/** How many streams a node has open at most; each hears of every change. */
const MAX_OPEN = 2_000;

/** Adds the stream of changes, for anybody who is signed in. */
export function addStream(server: FastifyInstance, app: App, heartbeatMs: number): void {
  const open = new Map<() => void, string>();
  server.addHook('preClose', async () => {
    for (const end of open.keys()) end();
  });
  server.get(STREAM_PATH, async (request, reply) => {
    const headers = headersOf(request);
    const sender = await findSender(app, headers);
    if (sender === null) throw new AppError('unauthorised', 'Nobody is signed in.');
    const own = [...open.values()].filter(identity => identity === sender.identity).length;
    if (own >= MAX_OWN) throw new AppError('tooMany', `You have ${own} streams open; close some first.`);
    if (open.size >= MAX_OPEN)
      throw new AppError('unavailable', 'There are too many streams. Try again in a few seconds.');
    const { stream, end } = openStream(app, {
      heartbeatMs,
      userId: sender.caller.id ?? sender.identity,
      isStillWelcome: () => isWelcome(app, headers),
    });
    open.set(end, sender.identity);
    stream.once('close', () => open.delete(end));
    reply.header('content-type', 'text/event-stream; charset=utf-8');
    reply.header('cache-control', 'no-store, no-transform');
    // nginx would else keep messages back until it has a buffer full.
    reply.header('x-accel-buffering', 'no');
    return reply.send(stream);
  });
}

function openStream(
  app: App,
  {
    userId,
    heartbeatMs,
    isStillWelcome,
  }: {
    readonly userId: string;
    readonly heartbeatMs: number;
    readonly isStillWelcome: () => Promise<boolean>;
  },
): { readonly stream: Readable; readonly end: () => void } {
  const stream = new Readable({ read: () => {} });
  let isOver = false;
  const end = () => {
    isOver = true;
    stream.push(null);
  };
  const write = (text: string) => {
    if (isOver || stream.destroyed) return;
    if (stream.readableLength > MAX_WAITING) stream.destroy();
    else stream.push(text);
  };
  // A session may end, or a key be revoked, while the stream is open.
  const beat = async () => {
    if (await isStillWelcome()) write(':\n\n');
    else if (!isOver) end();
  };
  const unsubscribe = app.hub.subscribe(userId, message => {
    if (message.kind === 'session') void beat();
    else write(eventOf(message));
  });
  const heart = setInterval(beat, heartbeatMs).unref();
  stream.once('close', () => {
    clearInterval(heart);
    unsubscribe();
  });
  write(`retry: ${RETRY_MS}\n\n`);
  return { stream, end };
}

/** Returns whether the person who opened a stream may still have it; while the database is away nobody is sent off. */
async function isWelcome(app: App, headers: Headers): Promise<boolean> {
  try {
    return (await findSender(app, headers)) !== null;
  } catch (error) {
    return !(error instanceof AppError && error.code === 'unauthorised');
  }
}

/** JSON holds no line breaks, so one line carries it whatever a lead has typed. */
function eventOf(message: StreamMessage): string {
  return `event: ${message.kind}\ndata: ${JSON.stringify(message)}\n\n`;
}
