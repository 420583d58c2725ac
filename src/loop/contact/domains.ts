import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';
import type { KindOfDomain } from '../../core/contact/email.ts';

const require = createRequire(import.meta.url);

/** Domains that RFC 2606 keeps for documentation; lists of free mailboxes name some of them by mistake. */
const RESERVED = new Set(['example.com', 'example.net', 'example.org']);

let lists: { readonly free: ReadonlySet<string>; readonly disposable: ReadonlySet<string> } | null = null;

/**
 * Decides the kind of an e-mail domain from the published lists of free and of throw-away mailboxes, which are read
 * at the first call. A domain on both lists is disposable.
 *
 * @example kindOfDomain('gmail.com') // 'free'
 */
export const kindOfDomain: KindOfDomain = domain => {
  lists ??= {
    free: new Set(readList('email-providers/all.json')),
    disposable: new Set(readList('disposable-email-domains/index.json')),
  };
  if (lists.disposable.has(domain)) return 'disposable';
  return lists.free.has(domain) && !RESERVED.has(domain) ? 'free' : 'business';
};

function readList(file: string): readonly string[] {
  return z.array(z.string()).parse(JSON.parse(readFileSync(require.resolve(file), 'utf8')));
}
