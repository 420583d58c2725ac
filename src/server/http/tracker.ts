import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../../loop/error.ts';
import { WEB_FOLDER } from './static.ts';

/** The script that a website loads. The name of the file that the build makes of it, too. */
const SCRIPT = 'baton.js';

/** Serves the script by which websites report what visitors do; it is small enough to be kept in memory. */
export function addTracker(server: FastifyInstance, folder = WEB_FOLDER): void {
  let script: Promise<Buffer> | null = null;
  server.get(`/v1/${SCRIPT}`, async (_request, reply) => {
    script ??= readFile(`${folder}${SCRIPT}`);
    const text = await script.catch((cause: unknown) => {
      script = null;
      throw new AppError('notFound', 'The script is not built yet: run npm run build.', { cause });
    });
    // A website takes a new one within the hour; hashed names are for pages that we write ourselves.
    return reply
      .header('cache-control', 'public, max-age=3600')
      .header('x-content-type-options', 'nosniff')
      .type('text/javascript; charset=utf-8')
      .send(text);
  });
}
