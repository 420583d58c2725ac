import type { RemitScope } from '../core/routing/remit.ts';
import type { Role } from './role.ts';

/** What the workspace may let marketing do, beside what marketing may do anyway. */
export const PERMISSIONS = ['reviewDuplicates', 'classEvents', 'replayCalls'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** How far a role goes with a call; or the permission that it needs, and then it goes all the way. */
export type Right = RemitScope | { readonly permission: Permission };

/** Who may call: anyone, or these roles, each as far as it says. */
export type Access = 'anyone' | { readonly [R in Role]?: Right };

/** What everybody who is signed in reads alike. */
export const READ = { admin: 'all', manager: 'all', rep: 'all', marketing: 'all' } as const;

/** Work on leads, and on what holds them up. */
export const LEADS = { admin: 'all', manager: 'team', rep: 'own' } as const;

/** Contacts, which belong to no team. */
export const CONTACTS = { admin: 'all', manager: 'all', rep: 'all' } as const;

/** What is about a person: when they work, their alerts. */
export const PEOPLE = { admin: 'all', manager: 'team', rep: 'own', marketing: 'own' } as const;

/** What everybody does for themselves alone. */
export const SELF = { admin: 'own', manager: 'own', rep: 'own', marketing: 'own' } as const;

/** Teams, and what is about no lead. */
export const TEAMS = { admin: 'all', manager: 'team' } as const;

/** What belongs to no team, such as messages on their way. */
export const OPERATION = { admin: 'all', manager: 'all' } as const;

/** Mails to leads, as the agreement has them: they are tried out before anybody gets one. */
export const LETTERS = { admin: 'all', manager: 'all', marketing: 'all' } as const;

/** Who stops mail to a contact: everybody, as anybody may be told that it wants none. */
export const OPT_OUTS = READ;

/** People, keys, webhooks and what the workspace lets marketing do. */
export const ADMIN = { admin: 'all' } as const;

/** What two contacts that may be one person are: contacts belong to no team. */
export const DUPLICATES = { ...OPERATION, marketing: { permission: 'reviewDuplicates' } } as const;

/** Two contacts put up for review: by everybody who adds contacts, too. */
export const PROPOSALS = { ...CONTACTS, marketing: { permission: 'reviewDuplicates' } } as const;

/** What made the events of a contact. */
export const EVENTS = { ...LEADS, marketing: { permission: 'classEvents' } } as const;

/** Work on contacts, whether or not they are leads. */
export const CORRECTION = { ...LEADS, marketing: 'all' } as const;

/** The rejected inbox, and calls of it taken in again. */
export const INBOX = { admin: 'all', marketing: 'all' } as const;
export const REPLAY = { admin: 'all', marketing: { permission: 'replayCalls' } } as const;

/** What is written down at reviews: by everybody who answers for the figures. */
export const REVIEWS = { admin: 'all', manager: 'all', marketing: 'all' } as const;

/** Files of contacts, events and outcomes. */
export const IMPORTS = { admin: 'all', marketing: 'all' } as const;

/**
 * How far a role goes with a call, or which permission it needs for it; null where the role may not call.
 *
 * @example rightOf(LEADS, 'rep') // 'own'
 */
export function rightOf(access: Access, role: Role): Right | null {
  return access === 'anyone' ? 'all' : (access[role] ?? null);
}

/**
 * How far a role goes with a call, in words; nothing for a role that may not call.
 *
 * @example rightWords('team') // 'own teams'
 */
export function rightWords(right: Right | null): string {
  if (right === null) return '';
  if (typeof right !== 'string') return 'if allowed';
  return right === 'team' ? 'own teams' : right;
}
