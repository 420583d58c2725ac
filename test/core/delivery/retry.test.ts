import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CHANNELS } from '../../../src/core/alert/message.ts';
import { answerWords, failureWords } from '../../../src/core/delivery/failure.ts';
import {
  HOOK_RETRY_AFTER_MS,
  holdsMs,
  nextAttemptAt,
  patienceMs,
  RETRY_AFTER_MS,
  retryAfterMs,
} from '../../../src/core/delivery/retry.ts';
import { bodyOf, urlProblem } from '../../../src/core/delivery/webhook.ts';
import { slugOf } from '../../../src/core/text/slug.ts';

const NOW = Date.UTC(2026, 2, 15, 10);
const DAY = 86_400_000;

test('each wait is longer than the one before, and together they outlast a weekend in hours of trying', () => {
  for (const [index, wait] of RETRY_AFTER_MS.entries()) {
    expect(wait).toBeGreaterThan(RETRY_AFTER_MS[index - 1] ?? 0);
  }
  expect(RETRY_AFTER_MS.reduce((sum, wait) => sum + wait)).toBeGreaterThan(1.5 * DAY);
});

test.each([
  { attempts: 1, asked: null, wait: 10_000 },
  { attempts: 8, asked: null, wait: DAY },
  { attempts: 9, asked: null, wait: null },
  { attempts: 9, asked: 1000, wait: null },
  { attempts: 1, asked: 1000, wait: 10_000 },
  { attempts: 1, asked: 60_000, wait: 60_000 },
  { attempts: 1, asked: 90 * DAY, wait: DAY },
])(
  'after attempt $attempts, asked to wait $asked ms, the next one is in $wait ms',
  ({ attempts, asked, wait }) => {
    const at = nextAttemptAt({ attempts, now: NOW, retryAfterMs: asked });
    expect(at === null ? null : at - NOW).toBe(wait);
  },
);

test('webhooks are repeated as Standard Webhooks says: ten attempts in three days', () => {
  expect(HOOK_RETRY_AFTER_MS.map(wait => wait / 1000)).toEqual([
    5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400,
  ]);
  expect(nextAttemptAt({ attempts: 9, now: NOW, retryAfterMs: null, channel: 'webhook' })).toBe(NOW + DAY);
  expect(nextAttemptAt({ attempts: 10, now: NOW, retryAfterMs: null, channel: 'webhook' })).toBeNull();
});

test('a message is waited for no longer than its attempts take together', () => {
  for (const channel of CHANNELS) {
    let at: number | null = NOW;
    let last = NOW;
    for (let attempts = 1; at !== null; attempts++) {
      last = at;
      at = nextAttemptAt({ attempts, now: at, retryAfterMs: null, channel });
    }
    expect(last - NOW).toBe(patienceMs(channel));
  }
});

test('a way out that fails is left alone longer and longer, half an hour at most, or as long as it asks up to a day', () => {
  const asked = fc.option(fc.integer({ min: 0, max: 3 * DAY }), { nil: null });
  fc.assert(
    fc.property(fc.constantFrom(...CHANNELS), asked, (channel, retryAfter) => {
      const holds = holdsMs(channel, retryAfter);
      const least = Math.min(retryAfter ?? 0, DAY);
      holds.forEach((hold, index) => {
        expect(hold).toBeGreaterThanOrEqual(Math.max(least, holds[index - 1] ?? 0));
        expect(hold).toBeLessThanOrEqual(Math.max(least, 30 * 60_000));
      });
    }),
  );
});

test.each([
  ['https://crm.acme.example/hook?x=1', false, null],
  ['HTTPS://crm.acme.example', false, null],
  ['http://crm.local/hook', true, null],
  ['http://crm.acme.example/hook', false, 'plain http'],
  ['https://user:pass@crm.acme.example/', false, 'no name or password'],
  ['ftp://crm.acme.example/', true, 'http://'],
  ['https:///hook', false, 'https://'],
  ['//crm.acme.example', false, 'https://'],
  ['javascript:alert(1)', false, 'https://'],
  ['', false, 'https://'],
])('the address %j with allowPrivate %s is refused for %j', (url, allowPrivate, words) => {
  const problem = urlProblem(url, { allowPrivate });
  if (words === null) expect(problem).toBeNull();
  else expect(problem).toContain(words);
});

test('the body of a webhook is the same text whatever order its parts are kept in', () => {
  const body = bodyOf({ type: 'lead.accepted', timestamp: 't', data: { b: 1, a: [2] } });
  expect(bodyOf({ data: { b: 1, a: [2] }, timestamp: 't', type: 'lead.accepted' })).toBe(body);
  expect(JSON.parse(body)).toEqual({ type: 'lead.accepted', timestamp: 't', data: { b: 1, a: [2] } });
});

test.each([
  [null, null],
  ['', null],
  ['30', 30_000],
  [' 30 ', 30_000],
  ['0', 0],
  ['-1', null],
  ['1.5', null],
  ['Sun, 15 Mar 2026 10:00:30 GMT', 30_000],
  ['Sun, 15 Mar 2026 09:00:00 GMT', 0],
  ['2026-03-15', null],
  ['Sun, nonsense', null],
])('a Retry-After of %j is %j ms', (header, ms) => {
  expect(retryAfterMs(header, NOW)).toBe(ms);
});

test.each([
  ['B2B SaaS core', 'b2b-saas-core'],
  ['  Größe & Maß – Zürich  ', 'grosse-mass-zurich'],
  ['北京 2026', '北京-2026'],
  ['../../etc/passwd', 'etc-passwd'],
  ['!!!', 'agreement'],
  ['', 'agreement'],
  ['a'.repeat(200), 'a'.repeat(80)],
])('the id of an agreement named %j is %j', (name, id) => {
  expect(slugOf(name)).toBe(id);
});

test.each([
  ['connect ECONNREFUSED 127.0.0.1:25', 'Nobody answers at 127.0.0.1:25 (connection refused)'],
  ['getaddrinfo ENOTFOUND mail.acme.test', 'The name mail.acme.test cannot be found'],
  ['connect ETIMEDOUT', 'No answer from the other side in time'],
  ['read ECONNRESET', 'The connection to the other side broke off'],
  ['550 no such mailbox: ana', '550 no such mailbox: ana'],
])('what went wrong is told in words: %s', (error, words) => {
  expect(failureWords(error)).toBe(words);
});

test('the page that a webhook answered with is left out of the words', () => {
  expect(answerWords(500, '<html>no</html>')).toBe('the webhook answered 500: <html>no</html>');
  expect(failureWords(answerWords(500, '<html>no</html>'))).toBe('The webhook answered 500');
  expect(failureWords(answerWords(502, ''))).toBe('The webhook answered 502');
});
