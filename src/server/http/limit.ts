import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { countDropped } from '../operation/metric.ts';

/** How long clients may take, in milliseconds. */
export interface Patience {
  /** For the head of a request, counted from the connection on. */
  readonly headMs: number;
  /** For a whole request, head and body. */
  readonly requestMs: number;
  /** Between two requests on one connection. Longer than the minute of most load balancers, so that they close first. */
  readonly idleMs: number;
  /** Without a byte in either direction, as of somebody who does not read the answer. */
  readonly silenceMs: number;
  /** How often it is looked for requests that take too long. */
  readonly lookMs: number;
}

export const PATIENCE: Patience = {
  headMs: 20_000,
  requestMs: 30_000,
  idleMs: 72_000,
  silenceMs: 120_000,
  lookMs: 2_000,
};

/** More connections than any team has browsers, fewer than would cost memory. */
const MOST_CONNECTIONS = 10_000;
/** Descriptors that connections may not take: for the database and its files, calls to others, the log. */
const RESERVE = 400;
/** How often it is logged that connections were dropped, in milliseconds. */
const SAY_EVERY_MS = 60_000;

/**
 * How many connections a process may have that may open this many files: all but a reserve, or half of few.
 *
 * @example connectionsFor(1024) // 624
 */
export function connectionsFor(descriptors: number): number {
  return Math.min(MOST_CONNECTIONS, Math.max(descriptors - RESERVE, Math.floor(descriptors / 2)));
}

/** How many files this process may open, as far as the system says so; Windows and macOS do not, and allow many. */
function descriptorLimit(): number {
  try {
    const limit = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
    return Number.isInteger(limit) ? limit : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/**
 * Keeps strangers from using up what the process needs: connections beyond the most are dropped at once, and those that
 * are idle then are closed.
 */
export function limitConnections(
  server: FastifyInstance,
  log: Pick<Logger, 'warn'>,
  most = connectionsFor(descriptorLimit()),
): void {
  const { server: http } = server;
  let dropped = 0;
  let saidAt = Number.NEGATIVE_INFINITY;
  http.maxConnections = most;
  http.on('drop', () => {
    dropped += 1;
    countDropped();
    const now = performance.now();
    if (now - saidAt < SAY_EVERY_MS) return;
    log.warn({ most, dropped }, 'there are too many connections; more are dropped');
    [saidAt, dropped] = [now, 0];
    http.closeIdleConnections();
  });
}

/** How often connections that have become idle are closed while a server stops, in milliseconds. */
const CLOSE_EVERY_MS = 50;

/**
 * Returns what closes a server within a time, in milliseconds: nothing new is let in, calls under way are answered and
 * their connections closed, and what hangs after that is cut. It gives the number of connections that were cut.
 */
export function makeCloser(server: FastifyInstance): (graceMs: number) => Promise<number> {
  const sockets = new Set<Socket>();
  let isClosing = false;
  server.server.on('connection', socket => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close');
  });
  return async graceMs => {
    isClosing = true;
    const closed = server.close().then(() => true);
    // A browser opens connections that it may need later; they have asked for nothing.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    const sweep = setInterval(() => server.server.closeIdleConnections(), CLOSE_EVERY_MS);
    const isClosed = await Promise.race([closed, setTimeout(graceMs, false, { ref: false })]);
    clearInterval(sweep);
    if (isClosed) return 0;
    const cut = sockets.size;
    for (const socket of sockets) socket.destroy();
    return cut;
  };
}
