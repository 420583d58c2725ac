import { isObject, valueAt } from '../condition/reading.ts';
import { normaliseText } from '../text/normalise.ts';
import { isProgram } from './agent.ts';
import { isFollowed, MAIL_BOOK, type MailBook } from './mail.ts';

/** The mark of links that no person sees: only a machine follows one. */
const TRAP = 'baton-trap';
/** Where an event says which page or link it is about. */
const PLACES = ['url', 'path', 'href', 'hash', 'link', 'link_url', 'linkUrl', 'search'] as const;

/**
 * Why an event was made by a machine, as far as it tells itself: it followed a link that no person sees, or names a
 * program as its user agent; null when nothing says so. What happened around it may say so later.
 *
 * @example machineReason({ name: 'page', properties: {}, context: { userAgent: 'ThornBot/1.0' } }) // 'user agent of a program: ThornBot/1.0'
 */
export function machineReason(
  event: { readonly name: string; readonly properties: unknown; readonly context: unknown },
  mails: MailBook = MAIL_BOOK,
): string | null {
  if (isTrapped(event.properties) || isTrapped(valueAt(event.context, ['page'])))
    return 'followed a link that people do not see';
  const userAgent = valueAt(event.context, ['userAgent']);
  if (typeof userAgent !== 'string') return null;
  const isMail = isFollowed(mails.kindOf(normaliseText(event.name)));
  if (!isProgram(userAgent, { isMail })) return null;
  return `user agent of a program: ${userAgent.slice(0, 120)}`;
}

function isTrapped(said: unknown): boolean {
  if (!isObject(said)) return false;
  if (valueAt(said, ['honeypot']) === true) return true;
  return PLACES.some(place => {
    const text = valueAt(said, [place]);
    return typeof text === 'string' && text.includes(TRAP);
  });
}
