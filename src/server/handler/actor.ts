import type { Doing } from '../../loop/actor.ts';
import { AppError } from '../../loop/error.ts';
import type { Caller, Request } from './handler.ts';

/** Returns the caller; refuses a call without a sign-in or a key. */
export function mustBeSomeone(caller: Caller | null): Caller {
  if (caller === null) throw new AppError('unauthorised', 'sign in first');
  return caller;
}

/** Who asks, and when. */
export function doing(request: Request): Doing {
  const { name, id, role } = mustBeSomeone(request.caller);
  return { actor: name, userId: id, role, now: request.now };
}
