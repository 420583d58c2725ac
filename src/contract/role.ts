/** What people may do; each role is given to a user or an API key. */
export const ROLES = ['admin', 'marketing', 'manager', 'rep'] as const;

export type Role = (typeof ROLES)[number];

/** The roles that work leads: only their people own leads, decide on them and deal with what holds them up. */
export const WORKERS: readonly Role[] = ['admin', 'manager', 'rep'];

/** Whether a role works leads. @example mayWork('marketing') // false */
export function mayWork(role: string): boolean {
  return WORKERS.some(worker => worker === role);
}
