import { APIError, betterAuth } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { z } from 'zod';
import { MAX_PASSWORD, MIN_PASSWORD } from '../../core/access/password.ts';
import { findUserRow } from '../../db/access/user.ts';
import type { Database } from '../../db/database.ts';
import { dialectOf } from '../../db/driver/dialect.ts';
import { COOKIE_PREFIX } from './cookie.ts';

/** How long a session lasts without a visit, and how often a visit renews it, in seconds. */
const SESSION_SECONDS = 30 * 24 * 3600;
const RENEW_SECONDS = 24 * 3600;

const TIMES = { createdAt: 'created_at', updatedAt: 'updated_at' } as const;

/**
 * Sets the sign-in library up on our tables: e-mail and password, sessions in the database, nothing sent anywhere.
 * People are added by administrators only. This module is large to load; load it when somebody signs in.
 */
export function makeAuth(given: {
  readonly db: Database;
  readonly secret: string;
  /** The public address; a cookie is marked Secure when it is https. */
  readonly url: string;
  readonly onWarning: (message: string) => void;
}) {
  return betterAuth({
    appName: 'Baton',
    baseURL: given.url,
    secret: given.secret,
    database: { dialect: dialectOf(given.db), type: 'postgres', transaction: false },
    user: {
      modelName: 'app_user',
      fields: { ...TIMES, emailVerified: 'email_verified' },
      additionalFields: {
        role: { type: 'string', input: false },
        active: { type: 'boolean', input: false },
      },
    },
    session: {
      modelName: 'user_session',
      fields: {
        ...TIMES,
        userId: 'user_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
      },
      expiresIn: SESSION_SECONDS,
      updateAge: RENEW_SECONDS,
      // Every call asks the database, so a session that is ended is ended at once.
      cookieCache: { enabled: false },
    },
    account: {
      modelName: 'credential',
      fields: {
        ...TIMES,
        userId: 'user_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
      },
    },
    verification: { modelName: 'verification', fields: { ...TIMES, expiresAt: 'expires_at' } },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: MIN_PASSWORD,
      maxPasswordLength: MAX_PASSWORD,
    },
    // Attempts are counted in loop/access/attempt, by account and by address.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: given.url.startsWith('https:'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
      ipAddress: { disableIpTracking: true },
      // A test compares every statement with the schema; the library need not do so at each start.
      database: { validateSchema: false },
    },
    logger: {
      level: 'error',
      log: (_level, message) => given.onWarning(message),
    },
    databaseHooks: {
      session: {
        create: {
          before: async ({ userId }) => {
            if ((await findUserRow(given.db, userId))?.active === true) return;
            // Only who has given the right password gets to read this.
            const message = 'This account is switched off. Ask an administrator.';
            throw new APIError('FORBIDDEN', { message });
          },
        },
      },
    },
    plugins: [OPEN_SESSION],
  });
}

/** Opens a session for a person without a password: a call inside the process; it has no path to call it by. */
const OPEN_SESSION = {
  id: 'baton',
  endpoints: {
    openSession: createAuthEndpoint(
      { method: 'POST', body: z.object({ userId: z.string() }) },
      async context => {
        const { internalAdapter } = context.context;
        const user = await internalAdapter.findUserById(context.body.userId);
        if (user === null) throw new APIError('NOT_FOUND', { message: 'No such user.' });
        const session = await internalAdapter.createSession(user.id);
        await setSessionCookie(context, { session, user });
        return { ok: true };
      },
    ),
  },
};

export type Auth = ReturnType<typeof makeAuth>;
