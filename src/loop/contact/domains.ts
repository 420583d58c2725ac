import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';
import type { KindOfDomain } from '../../core/contact/email.ts';
import { MAILBOXES } from './mailbox.ts';

const require = createRequire(import.meta.url);

/** Domains that RFC 2606 keeps for documentation; lists of free mailboxes name some of them by mistake. */
const RESERVED = new Set(['example.com', 'example.net', 'example.org']);

/** Sorted domains as lines of one text: as a set of 130,000 small strings they take six times the memory. */
let lists: { readonly free: string; readonly disposable: string } | null = null;

/**
 * Decides the kind of an e-mail domain from the published lists of free and of throw-away mailboxes, which are read
 * at the first call, and from our own. A domain on both kinds of lists is disposable.
 *
 * @example kindOfDomain('gmail.com') // 'free'
 */
export const kindOfDomain: KindOfDomain = domain => {
  lists ??= {
    free: linesOf([...readList('email-providers/all.json'), ...MAILBOXES]),
    disposable: linesOf(readList('disposable-email-domains/index.json')),
  };
  if (hasLine(lists.disposable, domain)) return 'disposable';
  return hasLine(lists.free, domain) && !RESERVED.has(domain) ? 'free' : 'business';
};

function readList(file: string): readonly string[] {
  return z.array(z.string()).parse(JSON.parse(readFileSync(require.resolve(file), 'utf8')));
}

function linesOf(domains: readonly string[]): string {
  return [...domains].sort().join('\n').concat('\n');
}

/** Looks for a line by halving; both ends always lie between two lines. */
function hasLine(lines: string, sought: string): boolean {
  let [from, to] = [0, lines.length];
  while (from < to) {
    const start = lines.lastIndexOf('\n', ((from + to) >> 1) - 1) + 1;
    const end = lines.indexOf('\n', start);
    const line = lines.slice(start, end);
    if (line === sought) return true;
    if (line < sought) from = end + 1;
    else to = start;
  }
  return false;
}
