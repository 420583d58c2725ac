import { expect, test } from 'vitest';
import { nextAttemptAt, RETRY_AFTER_MS, retryAfterMs } from '../../src/core/delivery.ts';
import { slugOf } from '../../src/core/slug.ts';

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
