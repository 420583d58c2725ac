import { type Refused, refuse } from '../problem.ts';

/**
 * Checks that a person may be changed: the last active admin stays an active admin, or nobody could let others in.
 *
 * @example checkUserChange('ada', { active: false }, ['ada', 'eve']) // null
 */
export function checkUserChange(
  id: string,
  change: { readonly role?: string | undefined; readonly active?: boolean | undefined },
  activeAdmins: readonly string[],
): Refused | null {
  const { role = 'admin', active = true } = change;
  const isLast = activeAdmins.length === 1 && activeAdmins[0] === id;
  return isLast && (role !== 'admin' || !active)
    ? refuse('conflict', 'The last active admin cannot be changed or switched off.')
    : null;
}

/**
 * Checks that a person may be sent a link by which they choose a password: one who may sign in, and not the sender.
 *
 * @example checkLinkReader({ id: 'eve', active: true }, 'ada') // null
 */
export function checkLinkReader(
  { id, active }: { readonly id: string; readonly active: boolean },
  byUserId: string | null,
): Refused | null {
  return active
    ? checkPasswordReset(id, byUserId)
    : refuse('conflict', 'This person is deactivated. Activate them first.');
}

/**
 * Checks that a person may be given a new password: one's own is changed by giving the current one, or an unlocked screen
 * would be enough to take an account over.
 *
 * @example checkPasswordReset('ada', 'eve') // null
 */
export function checkPasswordReset(id: string, byUserId: string | null): Refused | null {
  return id === byUserId
    ? refuse('conflict', 'Change your own password under “Your password”, with the current one.')
    : null;
}
