import type { Agreement } from '../agreement/agreement.ts';
import { compileMatches, type Happening } from '../condition/event.ts';
import type { Exit, ExitCause } from '../contact/exit.ts';
import { type MailSign, mailSign } from '../letter/reply.ts';
import { findTrack } from './track.ts';

/** How what is told of mail ends a track. */
export const EXIT_BY_MAIL: Readonly<Record<MailSign['kind'], ExitCause>> = {
  opted_out: 'unsubscribed',
  bounced: 'bounce',
  replied: 'reply',
};

/**
 * Why new events end a track that a lead entered at `enteredAt` (epoch ms); null when they do not. An event before that says
 * nothing of it.
 */
export function exitBy(
  agreement: Agreement,
  { track, enteredAt }: { readonly track: string; readonly enteredAt: number },
  events: readonly Happening[],
): Exit | null {
  const exitOn = findTrack(agreement, track)?.exitOn ?? null;
  const matcher = exitOn === null ? null : compileMatches([exitOn]);
  for (const event of events) {
    if (event.at < enteredAt) continue;
    const mail = mailSign(event)?.kind;
    if (mail !== undefined) return { because: EXIT_BY_MAIL[mail], note: event.name };
    if (matcher !== null && matcher(event).length > 0) return { because: 'event', note: event.name };
  }
  return null;
}
