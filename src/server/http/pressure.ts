import type { FastifyInstance } from 'fastify';
import { AppError } from '../../loop/error.ts';

/** How often it is looked how late the event loop is, in milliseconds. */
const LOOK_EVERY_MS = 500;
/** How late it has to be to count as overloaded, in milliseconds, */
const LATE_MS = 1_000;
/** and how often one after the other: one long piece of work is not an overload. */
const LATE_TIMES = 3;
/** What an operator asks while the process cannot keep up. */
const ALWAYS_ANSWERED: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/** Refuses calls with 503 while the process cannot keep up with its work. */
export function refuseUnderPressure(
  server: FastifyInstance,
  late = { everyMs: LOOK_EVERY_MS, byMs: LATE_MS },
): void {
  let times = 0;
  let expectedAt = performance.now() + late.everyMs;
  const timer = setInterval(() => {
    const now = performance.now();
    times = now - expectedAt > late.byMs ? times + 1 : 0;
    expectedAt = now + late.everyMs;
  }, late.everyMs).unref();
  server.addHook('onClose', async () => clearInterval(timer));
  server.addHook('onRequest', async request => {
    if (times >= LATE_TIMES && !ALWAYS_ANSWERED.has(request.routeOptions.url ?? ''))
      throw new AppError('unavailable', 'The server is overloaded. Try again in a few seconds.');
  });
}
