import type { FastifyInstance } from 'fastify';
import type { App } from '../../loop/app.ts';
import { openSession } from '../access/session.ts';

/** Who a visitor of the demo is signed in as, and the token that their link carries; nobody until there are people. */
export type Door = () => { readonly token: string; readonly userId: string | null };

/** Adds the link that signs a visitor of the demo in. */
export function addDoor(server: FastifyInstance, app: App, door: Door): void {
  server.get<{ Querystring: { token?: string } }>('/demo/enter', async (request, reply) => {
    const { token, userId } = door();
    if (request.query.token !== token || userId === null) return reply.redirect('/');
    return reply.header('set-cookie', await openSession(app, userId)).redirect('/');
  });
}
