import { z } from 'zod';
import { instant } from '../../core/time/instant.ts';
import { endpoint } from '../endpoint.ts';
import { done, id, permissions, role } from '../shapes.ts';

export const user = z.object({
  id,
  name: z.string(),
  email: z.string(),
  role,
  active: z.boolean(),
  createdAt: instant,
});

export type User = z.infer<typeof user>;

/** Somebody as others see them: the e-mail address is for themselves, the managers of their teams and admins. */
export const colleague = user.extend({ email: z.string().nullable() });

export type Colleague = z.infer<typeof colleague>;

/** The fewest characters of a password. */
export const MIN_PASSWORD = 10;

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
      /** On a demo: how much of its generated history has arrived. */
      demo: z.object({ loaded: z.number(), total: z.number() }).nullable(),
    }),
  }),
  setUp: endpoint({
    method: 'POST',
    path: '/api/setup',
    summary: 'Make the first admin and sign in',
    tag: 'session',
    access: 'anyone',
    body: z.strictObject({
      name: z.string().trim().min(1),
      email: z.email(),
      password: z.string().min(MIN_PASSWORD).max(128),
    }),
    output: user,
    refusals: { 409: 'There is an admin already.' },
  }),
  signIn: endpoint({
    method: 'POST',
    path: '/api/sign-in',
    summary: 'Sign in with e-mail and password; sets the session cookie',
    tag: 'session',
    access: 'anyone',
    body: z.strictObject({ email: z.email(), password: z.string().min(1).max(128) }),
    output: user,
    refusals: { 401: 'E-mail or password are wrong.' },
  }),
  signOut: endpoint({
    method: 'POST',
    path: '/api/sign-out',
    summary: 'Sign out; clears the session cookie',
    tag: 'session',
    access: 'anyone',
    output: done,
  }),
};
