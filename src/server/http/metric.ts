import type { FastifyInstance } from 'fastify';
import type { App } from '../../loop/app.ts';
import { countCall, makePrinter } from '../operation/metric.ts';

/** Measures every call of a server, and prints at `/metrics` what the process counts and what waits to be done. */
export function addMetrics(server: FastifyInstance, app: App): void {
  server.addHook('onResponse', async (request, reply) => {
    // The pattern of the route, never the address: a label must not take endless values.
    const { url: route = 'none' } = request.routeOptions;
    countCall({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
  const print = makePrinter(app);
  server.get('/metrics', async (_request, reply) => {
    const { type, text } = await print();
    return reply.type(type).send(text);
  });
}
