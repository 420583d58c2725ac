import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { App } from '../../loop/app.ts';
import { AppError } from '../../loop/error.ts';
import { findSession, openSession } from '../access/session.ts';
import { refuseForeignPage } from './caller.ts';
import { headersOf } from './route.ts';

/** Who a visitor of the demo is signed in as, and the token that their link carries; nobody until there are people. */
export type Door = () => { readonly token: string; readonly userId: string | null };

const look = z.object({ userId: z.string() });

/** Adds the link that signs a visitor of the demo in, and the switch by which they look through other eyes. */
export function addDoor(server: FastifyInstance, app: App, door: Door): void {
  server.get<{ Querystring: { token?: string } }>('/demo/enter', async (request, reply) => {
    const { token, userId } = door();
    if (request.query.token !== token || userId === null) return reply.redirect('/');
    return reply.header('set-cookie', await openSession(app, userId)).redirect('/');
  });
  server.post('/demo/look', async (request, reply) => {
    const headers = headersOf(request);
    const { BATON_URL: url, BATON_HOST: listensAt } = app.settings;
    refuseForeignPage(headers, { sent: request.headers.host ?? '', host: request.host, listensAt, url });
    // No password is asked for: anybody with the demo's link may be each of these.
    if ((await findSession(app, headers)) === null)
      throw new AppError('unauthorised', 'Open the link that the demo printed first.');
    const { data } = look.safeParse(request.body);
    const person = app.demo()?.people.find(({ id }) => id === data?.userId);
    if (person === undefined)
      throw new AppError('invalid', 'userId: expected the id of one of the demo’s people');
    return reply.header('set-cookie', await openSession(app, person.id)).send({ ok: true });
  });
}
