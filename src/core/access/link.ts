import { DAY_MS } from '../time/duration.ts';

/** What a link that lets a person in once is for. */
export const LINK_KINDS = ['invitation', 'reset'] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

/** The length of an hour, in ms. */
const HOUR_MS = 3_600_000;

/**
 * How long a link works, in ms: an invitation lies in a mailbox until its reader is back, and a new password is asked for by
 * a person who waits for the mail.
 */
const LINK_MS: Readonly<Record<LinkKind, number>> = { invitation: 7 * DAY_MS, reset: HOUR_MS };

/** When a link that is made now stops working; epoch ms. @example linkExpiry('reset', 0) // 3600000 */
export function linkExpiry(kind: LinkKind, now: number): number {
  return now + LINK_MS[kind];
}

/** The title and the text of the mail that carries a link; `until` is the end of the link in words. */
export function linkWords(of: { readonly kind: LinkKind; readonly actor: string; readonly until: string }): {
  readonly occasion: string;
  readonly sentence: string;
} {
  const { kind, actor, until } = of;
  if (kind === 'invitation')
    return {
      occasion: `${actor} invites you to Baton`,
      sentence: `Choose a password to sign in. The link works once, until ${until}.`,
    };
  return {
    occasion: 'Choose a new password for Baton',
    sentence: `Somebody, probably you, has forgotten the password of this address. The link works once, until ${until}. If it was not you, do nothing: your password stays as it is.`,
  };
}

/** The page on which a person chooses a password by a link. */
export const ACCESS_PATH = '/welcome';

/** The address of a link below that of Baton; the token is a fragment, which no log sees. @example accessAddress('t') // '/welcome#token=t' */
export function accessAddress(token: string): string {
  return `${ACCESS_PATH}#token=${token}`;
}
