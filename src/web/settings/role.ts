import { ROLES, type Role } from '../../contract/role.ts';

/** A role's name and what it may do, in words. */
export const ROLE_WORDS: Readonly<Record<Role, { readonly label: string; readonly may: string }>> = {
  admin: { label: 'Admin', may: 'everything, also people and keys' },
  marketing: {
    label: 'Marketing',
    may: 'reads contacts, reports and rejected calls; more as Permissions say',
  },
  manager: { label: 'Sales manager', may: 'works the leads of the teams they manage; deliveries' },
  rep: { label: 'Sales rep', may: 'works their own leads and those in the queues of their teams' },
};

/** The roles as choices of a list. */
export const ROLE_CHOICES = ROLES.map(value => ({ value, label: ROLE_WORDS[value].label }));

/** The role a list's value names; `rep` when it names none. */
export function roleOf(value: string | null): Role {
  return ROLES.find(role => role === value) ?? 'rep';
}
