import { capital } from '../condition/words.ts';

/**
 * What a webhook answered to a message that it did not take, as it is stored and sent.
 *
 * @example answerWords(500, '<html>') // 'the webhook answered 500: <html>'
 */
export function answerWords(status: number, page: string): string {
  return `the webhook answered ${status}${page === '' ? '' : `: ${page}`}`;
}

/** What `answerWords` writes before the page. */
const ANSWER = /^the webhook answered \d+(?=: |$)/i;

/**
 * What went wrong, without the page that a webhook answered with: it is for admins, who know the address.
 *
 * @example withoutPage('the webhook answered 500: <html>') // 'the webhook answered 500'
 */
export function withoutPage(error: string): string {
  return ANSWER.exec(error)?.[0] ?? error;
}

/**
 * What went wrong, for people who run no servers: the codes of the network in words, anything else as it was told, but
 * without the page that a webhook answered with.
 *
 * @example failureWords('connect ECONNREFUSED 10.0.0.1:25') // 'Nobody answers at 10.0.0.1:25 (connection refused)'
 * @example failureWords('the webhook answered 500: <html>') // 'The webhook answered 500'
 */
export function failureWords(error: string): string {
  const told = withoutPage(error);
  for (const [code, words] of NETWORK) {
    const found = code.exec(told);
    if (found !== null) return words.replace('$', found[1] ?? 'the other side');
  }
  return capital(told);
}

const NETWORK: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED(?: (\S+))?/, 'Nobody answers at $ (connection refused)'],
  [/(?:ENOTFOUND|EAI_AGAIN)(?: (\S+))?/, 'The name $ cannot be found'],
  [/ETIMEDOUT(?: (\S+))?/, 'No answer from $ in time'],
  [/(?:ECONNRESET|EPIPE)(?: (\S+))?/, 'The connection to $ broke off'],
];
