import { valueAt } from './reading.ts';

/**
 * Words in a user agent that programs use of themselves; people's browsers have none of them. A headless browser alone is
 * not taken for one: teams check their own tracking with it. Cubot makes telephones.
 */
const MARKS =
  /(?<!cu)bot\b|crawler|spider|phantomjs|python-requests|python-urllib|\bcurl\/|\bwget\/|go-http-client|linkscanner|link-scanner|link scanner|safelinks|mimecast|barracuda|proofpoint|googleimageproxy|preview|monitor|lighthouse/i;

/**
 * Why an event was made by a machine, as far as its context tells; null when nothing says so.
 *
 * @example machineReason({ userAgent: 'ThornBot/1.0' }) // 'user agent of a program: ThornBot/1.0'
 */
export function machineReason(context: unknown): string | null {
  const userAgent = valueAt(context, ['userAgent']);
  if (typeof userAgent !== 'string' || !MARKS.test(userAgent)) return null;
  return `user agent of a program: ${userAgent.slice(0, 120)}`;
}
