import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** What `/metrics` prints. Others add their counters here, once in a process. */
export const registry = new Registry();

collectDefaultMetrics({ register: registry });

const duration = new Histogram({
  name: 'baton_http_request_duration_seconds',
  help: 'How long calls took, by route and status',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  registers: [registry],
});

/** Measures every call of a server, and prints what the process counts at `/metrics`. */
export function addMetrics(server: FastifyInstance): void {
  server.addHook('onResponse', async (request, reply) => {
    // The pattern of the route, never the address: a label must not take endless values.
    const { url: route = 'none' } = request.routeOptions;
    const labels = { method: request.method, route, status: reply.statusCode };
    duration.observe(labels, reply.elapsedTime / 1000);
  });
  server.get('/metrics', async (_request, reply) => {
    reply.type(registry.contentType);
    return registry.metrics();
  });
}
