import { z } from 'zod';
import { LINK_KINDS } from '../../core/access/link.ts';
import { MAX_PASSWORD, MIN_PASSWORD } from '../../core/access/password.ts';
import { instant } from '../../core/time/instant.ts';
import { endpoint } from '../endpoint.ts';
import { done, givenEmail, givenName, givenText, id, permissions, role } from '../shapes.ts';

export const user = z.object({
  id,
  name: z.string(),
  email: z.string(),
  role,
  active: z.boolean(),
  createdAt: instant,
});

/** Why an attempt to get in is not even looked at. */
export const TOO_MANY = 'Too many attempts have failed, for this account or from this address.';

/** A password to be. What else is wrong with it is found where it is known whose it is. */
export const givenPassword = givenText(MAX_PASSWORD).min(
  MIN_PASSWORD,
  `expected at least ${MIN_PASSWORD} characters`,
);

export type User = z.infer<typeof user>;

/** Somebody as others see them: the e-mail address is for themselves, the managers of their teams and admins. */
export const colleague = user.extend({
  email: z.string().nullable(),
  /** When the invitation ends that they have not followed yet; for admins, null for everybody else. */
  invitedUntil: instant.nullable(),
});

export type Colleague = z.infer<typeof colleague>;

const linkToken = givenText(200).min(1, 'expected the token of a link');
const NO_LINK = 'The link was used or replaced, or is too old.';

/** Who is signed in, and signing in and out. */
export const session = {
  getSession: endpoint({
    method: 'GET',
    path: '/api/session',
    summary: 'Who is signed in, and what a first visitor must do',
    tag: 'session',
    access: 'anyone',
    output: z.object({
      user: user.nullable(),
      permissions,
      /** True until the first admin exists; then `setUp` is refused. */
      setupNeeded: z.boolean(),
      /** Whether `setUp` then asks for the token that the start printed. */
      tokenNeeded: z.boolean(),
      /** Whether somebody else handed the password over, so that another one should be chosen. */
      passwordGiven: z.boolean(),
      /** Whether a forgotten password is replaced by mail. */
      resetByMail: z.boolean(),
      /** Whether the first steps are still to be done by the admin signed in: nothing has come in yet. */
      firstSteps: z.boolean(),
      /** On a demo: how much of its generated history has arrived; for those signed in also who they may look as, and a write key. */
      demo: z
        .object({
          loaded: z.number(),
          total: z.number(),
          people: z.array(z.object({ id, name: z.string(), role })),
          writeKey: z.string().nullable(),
        })
        .nullable(),
    }),
  }),
  setUp: endpoint({
    method: 'POST',
    path: '/api/setup',
    summary: 'Make the first admin and sign in',
    tag: 'session',
    access: 'anyone',
    idempotency: 'none',
    body: z.strictObject({
      name: givenName,
      email: givenEmail,
      password: givenPassword,
      token: givenText(200)
        .optional()
        .describe('the token that the start printed; needed where others can reach the server'),
    }),
    output: user,
    refusals: {
      403: 'The token is wrong or missing.',
      409: 'There is an admin already.',
      429: TOO_MANY,
    },
  }),
  signIn: endpoint({
    method: 'POST',
    path: '/api/sign-in',
    summary: 'Sign in with e-mail and password; sets the session cookie',
    tag: 'session',
    access: 'anyone',
    idempotency: 'none',
    body: z.strictObject({
      email: givenEmail,
      password: givenText(MAX_PASSWORD).min(1, 'expected a password'),
    }),
    output: user,
    refusals: { 401: 'E-mail or password are wrong.', 429: TOO_MANY },
  }),
  requestReset: endpoint({
    method: 'POST',
    path: '/api/password/forgotten',
    summary: 'Have a link mailed by which a new password is chosen; the answer is the same for every address',
    tag: 'session',
    access: 'anyone',
    idempotency: 'none',
    body: z.strictObject({ email: givenEmail }),
    output: done,
    refusals: { 429: 'Too many links were asked for, to this address or from that one.' },
  }),
  readLink: endpoint({
    method: 'POST',
    path: '/api/access-link',
    summary: 'Whose link a token is of; the link goes on working',
    tag: 'session',
    access: 'anyone',
    idempotency: 'none',
    body: z.strictObject({ token: linkToken }),
    output: z.object({
      kind: z.enum(LINK_KINDS),
      name: z.string(),
      email: z.string(),
      expiresAt: instant,
    }),
    refusals: { 404: NO_LINK, 429: TOO_MANY },
  }),
  followLink: endpoint({
    method: 'POST',
    path: '/api/access-link/password',
    summary: 'Choose a password by a link, once, and sign in; all other sessions end',
    tag: 'session',
    access: 'anyone',
    idempotency: 'none',
    body: z.strictObject({ token: linkToken, password: givenPassword }),
    output: user,
    refusals: { 404: NO_LINK, 422: 'The password is easily guessed.', 429: TOO_MANY },
  }),
  signOut: endpoint({
    method: 'POST',
    path: '/api/sign-out',
    summary: 'Sign out; clears the session cookie',
    tag: 'session',
    access: 'anyone',
    idempotency: 'none',
    output: done,
  }),
};
