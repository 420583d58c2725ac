import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Sql } from '../../db/database.ts';
import { ensureSetting } from '../../db/setting.ts';
import type { App } from '../app.ts';

/** Where the secret is: in the settings, else in the database, in the caller's transaction if there is one. */
export interface Signer extends Pick<App, 'settings'> {
  readonly sql: Sql;
}

/** The secret that signs cookies and tokens: of the settings, or made at the first start and kept. */
export async function signInSecret({ sql, settings }: Signer): Promise<string> {
  if (settings.BATON_SECRET !== undefined) return settings.BATON_SECRET;
  const made = randomBytes(32).toString('base64url');
  return z.string().parse(await ensureSetting(sql, { name: 'sign_in_secret', value: made }));
}

/** The token that only holders of the secret can make of a text: all nodes have the same one, and nothing is stored of it. */
export async function tokenFor(signer: Signer, text: string): Promise<string> {
  return createHmac('sha256', await signInSecret(signer))
    .update(text)
    .digest('base64url');
}

/** Whether two tokens are the same, in a time that does not depend on where they differ. */
export function isSameToken(right: string, given: string): boolean {
  const [one, other] = [Buffer.from(right), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}
