import { type Permission, rightOf } from '../../contract/access.ts';
import { api, type EndpointName } from '../../contract/api.ts';
import type { Remit, RemitScope } from '../../core/routing/remit.ts';
import { findPermissions } from '../../loop/access/permission.ts';
import type { Doing } from '../../loop/actor.ts';
import type { App } from '../../loop/app.ts';
import { AppError } from '../../loop/error.ts';
import { loadRemit } from '../../loop/routing/remit.ts';
import type { Caller, Request } from './handler.ts';

/** Returns the caller; refuses a call without a sign-in or a key. */
export function mustBeSomeone(caller: Caller | null): Caller {
  if (caller === null) throw new AppError('unauthorised', 'Nobody is signed in.');
  return caller;
}

/** Who asks with a call, how far they may go with it, and when; refused to roles that may not make the call. */
export function doing(request: Request, name: EndpointName): Doing {
  const caller = mustBeSomeone(request.caller);
  const { scope } = mustMay(caller, name);
  return { actor: actorOf(caller), userId: caller.id, scope, now: request.now };
}

/** The name under which something is done. A key is named as one: it may be called like a person. */
function actorOf({ id, name }: Caller): string {
  return id === null ? `API key “${name}”` : name;
}

/** How far a caller may go with a call, and the permission that it needs from the workspace, if it needs one. */
export function mustMay(
  { role }: Caller,
  name: EndpointName,
): { readonly scope: RemitScope; readonly permission: Permission | null } {
  const { access } = api[name];
  const right = rightOf(access, role);
  if (right === null)
    throw new AppError(
      'forbidden',
      `This needs the role ${Object.keys(access).join(' or ')}; yours is ${role}.`,
    );
  return typeof right === 'string'
    ? { scope: right, permission: null }
    : { scope: 'all', permission: right.permission };
}

/** Whether the workspace gives a permission; what needs none is given. */
export async function isGiven({ db }: Pick<App, 'db'>, permission: Permission | null): Promise<boolean> {
  return permission === null || (await findPermissions(db))[permission];
}

/** Whether the caller's role may make a call, so that what it answers may be shown with another. */
export function mayRead({ caller }: Request, name: EndpointName): boolean {
  return caller !== null && rightOf(api[name].access, caller.role) !== null;
}

/** What the caller may work on with a call, to show it beside what they read; null where they may not make the call. */
export async function findRemit(request: Request, name: EndpointName): Promise<Remit | null> {
  const { app, caller } = request;
  if (caller === null || !mayRead(request, name)) return null;
  const isAllowed = await isGiven(app, mustMay(caller, name).permission);
  return isAllowed ? loadRemit(app.db, doing(request, name)) : null;
}
