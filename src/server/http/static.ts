import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../loop/error.ts';

/** Where the build puts the web app; the same seen from the sources and from the compiled program. */
export const WEB_FOLDER = fileURLToPath(new URL('../../../dist/web/', import.meta.url));

const NOT_BUILT = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Baton</title>
<h1>The web app is not built yet</h1>
<p>Run <code>npm run build</code>, then load this page again. The API is at <a href="/api/docs">/api/docs</a>.</p>
</html>
`;

/** Serves the web app: its files, and its first page for every other address that a person may open. */
export async function addWebApp(server: FastifyInstance, folder: string): Promise<void> {
  await server.register(fastifyStatic, {
    root: folder,
    preCompressed: true,
    wildcard: true,
    index: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      // The build names these files by their content: a changed one has another name.
      const isHashed = /[\\/]assets[\\/]/.test(path);
      reply.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  server.get('/', (request, reply) => answerMissing(request, reply, folder));
  server.setNotFoundHandler((request, reply) => answerMissing(request, reply, folder));
}

function answerMissing(request: FastifyRequest, reply: FastifyReply, folder: string): FastifyReply {
  const [path = ''] = request.url.split('?');
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const isPage = isRead && !/^\/(?:api|v1|assets)(?:\/|$)/.test(path);
  if (!isPage) throw new AppError('notFound', `There is nothing at ${request.method} ${path}.`);
  if (existsSync(`${folder}index.html`)) return reply.sendFile('index.html', folder);
  return reply.code(503).type('text/html; charset=utf-8').send(NOT_BUILT);
}
