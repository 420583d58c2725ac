import { z } from 'zod';
import { MAX_PASSWORD } from '../../core/access/password.ts';
import { instant } from '../../core/time/instant.ts';
import { ADMIN, INBOX, READ, REPLAY, SELF } from '../access.ts';
import { endpoint } from '../endpoint.ts';
import { done, givenEmail, givenName, givenText, id, page, paging, permissions, role } from '../shapes.ts';
import { colleague, givenPassword, TOO_MANY, user } from './session.ts';

/** A write key opens the intake (`server` may overwrite, `public` may not); an `api` key opens the API with its role. */
export const KEY_KINDS = ['server', 'public', 'api'] as const;

export const keyKind = z.enum(KEY_KINDS);

export const key = z.object({
  id,
  kind: keyKind,
  role: role.nullable(),
  name: z.string(),
  /** The first characters, to tell keys apart; the whole key is shown once, when it is made. */
  prefix: z.string(),
  createdAt: instant,
  lastUsedAt: instant.nullable(),
});

export type Key = z.infer<typeof key>;

export const rejectedCall = z.object({
  id,
  receivedAt: instant,
  reason: z.string(),
  problems: z.array(z.object({ path: z.string(), message: z.string() })),
  call: z.unknown(),
  replayedAt: instant.nullable(),
});

const invitation = z.object({
  expiresAt: instant,
  isMailed: z.boolean(),
  /** The link below the address of Baton, to be passed on where no mail brings it; else null. */
  link: z.string().nullable(),
});

const firstSteps = z.object({
  isDone: z.boolean(),
  /** The last event that came in, by any way. */
  lastEvent: z.object({ name: z.string(), at: instant.nullable() }).nullable(),
  hasContacts: z.boolean(),
  /** Whether the active agreement is still the template of the first start. */
  isTemplate: z.boolean(),
  /** The host of the mail server, from the settings; null while none is set. */
  mailServer: z.string().nullable(),
});

const byId = z.object({ id });

/** People, keys and rejected calls. */
export const administration = {
  listUsers: endpoint({
    method: 'GET',
    path: '/api/users',
    summary: 'People with their roles',
    tag: 'administration',
    access: READ,
    output: page(colleague),
  }),
  createUser: endpoint({
    method: 'POST',
    path: '/api/users',
    summary: 'Add a person, by a password that is shown once or by an invitation, mailed if mail is set up',
    tag: 'administration',
    access: ADMIN,
    idempotency: 'secret',
    body: z.strictObject({
      name: givenName,
      email: givenEmail,
      role,
      by: z.enum(['password', 'invitation']).default('password'),
    }),
    output: z.object({ user, password: z.string().nullable(), invitation: invitation.nullable() }),
    refusals: { 409: 'Somebody has this e-mail address already.' },
  }),
  updateUser: endpoint({
    method: 'PATCH',
    path: '/api/users/{id}',
    summary: 'Change name, role, or whether a person may sign in',
    tag: 'administration',
    access: ADMIN,
    params: byId,
    body: z.strictObject({
      name: givenName.optional(),
      role: role.optional(),
      active: z.boolean().optional(),
    }),
    output: user,
    refusals: { 404: 'No such user.', 409: 'The last active admin cannot be changed or switched off.' },
  }),
  changePassword: endpoint({
    method: 'POST',
    path: '/api/password',
    summary: 'Change the password of the person signed in',
    tag: 'session',
    access: SELF,
    idempotency: 'none',
    body: z.strictObject({ current: givenText(MAX_PASSWORD), next: givenPassword }),
    output: done,
    refusals: { 422: 'The current password is wrong, or the next one is easily guessed.', 429: TOO_MANY },
  }),
  resetPassword: endpoint({
    method: 'POST',
    path: '/api/users/{id}/password',
    summary: 'Give a person a new password, which is shown once, and sign them out everywhere',
    tag: 'administration',
    access: ADMIN,
    idempotency: 'secret',
    params: byId,
    output: z.object({ user, password: z.string() }),
    refusals: { 404: 'No such user.', 409: 'The own password is changed by giving the current one.' },
  }),
  inviteUser: endpoint({
    method: 'POST',
    path: '/api/users/{id}/invitation',
    summary:
      'Send a person a link by which they choose a password; an earlier link stops, their password does not',
    tag: 'administration',
    access: ADMIN,
    idempotency: 'secret',
    params: byId,
    output: z.object({ user, invitation }),
    refusals: { 404: 'No such user.', 409: 'It is the own account, or the person is deactivated.' },
  }),
  getFirstSteps: endpoint({
    method: 'GET',
    path: '/api/first-steps',
    summary: 'What has come in so far, and whether the first steps are set down as done',
    tag: 'administration',
    access: ADMIN,
    output: firstSteps,
  }),
  saveFirstSteps: endpoint({
    method: 'PUT',
    path: '/api/first-steps',
    summary: 'Set down whether the first steps are done, for all admins',
    tag: 'administration',
    access: ADMIN,
    body: z.strictObject({ isDone: z.boolean() }),
    output: firstSteps,
  }),
  listKeys: endpoint({
    method: 'GET',
    path: '/api/keys',
    summary: 'Write keys and API keys',
    tag: 'administration',
    access: ADMIN,
    output: page(key),
  }),
  createKey: endpoint({
    method: 'POST',
    path: '/api/keys',
    summary: 'Make a key; the secret is in the answer and never shown again',
    tag: 'administration',
    access: ADMIN,
    idempotency: 'secret',
    body: z
      .strictObject({ name: givenName, kind: keyKind, role: role.optional() })
      .refine(body => (body.kind === 'api') === (body.role !== undefined), {
        path: ['role'],
        message: 'expected a role for an api key, and none for a write key',
      }),
    output: z.object({ key, secret: z.string() }),
  }),
  deleteKey: endpoint({
    method: 'DELETE',
    path: '/api/keys/{id}',
    summary: 'Revoke a key at once',
    tag: 'administration',
    access: ADMIN,
    params: byId,
    output: done,
    refusals: { 404: 'No such key.' },
  }),
  getPermissions: endpoint({
    method: 'GET',
    path: '/api/permissions',
    summary: 'What the workspace lets marketing do',
    tag: 'administration',
    access: READ,
    output: permissions,
  }),
  savePermissions: endpoint({
    method: 'PUT',
    path: '/api/permissions',
    summary:
      'Set whether marketing may merge possible duplicates, say what made an event, and take rejected calls in again',
    tag: 'administration',
    access: ADMIN,
    body: permissions,
    output: permissions,
  }),
  listRejected: endpoint({
    method: 'GET',
    path: '/api/rejected',
    summary: 'Calls that could not be used, with the reason, newest first',
    tag: 'administration',
    access: INBOX,
    query: z.object(paging),
    output: page(rejectedCall).extend({
      /** How many more came in the time for which they are kept, and were only counted. */
      notKept: z.number(),
    }),
  }),
  replayRejected: endpoint({
    method: 'POST',
    path: '/api/rejected/{id}/replay',
    summary: 'Take a rejected call in, once, changed or as it was',
    tag: 'administration',
    access: REPLAY,
    params: byId,
    body: z.strictObject({ call: z.record(givenText(200), z.unknown()).optional() }),
    output: rejectedCall,
    refusals: {
      404: 'No such call.',
      409: 'The call was taken in already.',
      422: 'The call still cannot be used, or is larger than the intake takes.',
    },
  }),
};
