import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { companyName } from '../../core/letter/envelope.ts';
import { stopPage } from '../../core/letter/page.ts';
import type { App } from '../../loop/app.ts';
import { companyMailbox } from '../../loop/letter/content.ts';
import { changeWish, findReaderOf, type LetterReader, TEST_TOKEN } from '../../loop/letter/unsubscribe.ts';

/** The largest form that is read, in bytes: mail programs send one field. */
const BODY_LIMIT = 8 * 1024;
const PATH = '/unsubscribe/:token';

/**
 * Serves the page on which the reader of a letter stops further ones, without signing in and without a script. Looking at it
 * changes nothing, since scanners follow links; a form or a mail program's one click (RFC 8058) does.
 */
export function addUnsubscribe(server: FastifyInstance, app: App): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_LIMIT }, (_request, body, done) =>
    done(null, body),
  );
  server.get(PATH, async (request, reply) => {
    const token = tokenOf(request);
    if (token === TEST_TOKEN) return answer(app, reply, 'test');
    return show(app, reply, await findReaderOf(app, token), 'ask');
  });
  server.post(PATH, async (request, reply) => {
    const token = tokenOf(request);
    if (token === TEST_TOKEN) return answer(app, reply, 'test');
    const wantsMail = wishOf(request.body) === 'again';
    return show(app, reply, await changeWish(app, token, { wantsMail, now: app.clock() }), 'again');
  });
}

function tokenOf({ params }: FastifyRequest): string {
  const token: unknown =
    typeof params === 'object' && params !== null && 'token' in params ? params.token : '';
  return typeof token === 'string' ? token : '';
}

/** What a form asks for; one without a wish, such as a mail program’s, stops. */
function wishOf(body: unknown): string {
  return typeof body === 'string' ? (new URLSearchParams(body).get('wish') ?? 'stop') : 'stop';
}

function show(app: App, reply: FastifyReply, reader: LetterReader | null, otherwise: 'ask' | 'again') {
  if (reader === null) return answer(app, reply.code(404), 'unknown');
  return answer(app, reply, reader.isOptedOut ? 'stopped' : otherwise, reader.address);
}

function answer(
  app: App,
  reply: FastifyReply,
  state: Parameters<typeof stopPage>[0]['state'],
  address: string | null = null,
) {
  const company = companyName(companyMailbox(app.settings));
  return reply
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(stopPage({ company, state, address }));
}
