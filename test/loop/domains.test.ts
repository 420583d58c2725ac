import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { kindOfDomain } from '../../src/loop/contact/domains.ts';

const require = createRequire(import.meta.url);
const listOf = (file: string) =>
  z.array(z.string()).parse(JSON.parse(readFileSync(require.resolve(file), 'utf8')));
const disposable = new Set(listOf('disposable-email-domains/index.json'));
const free = new Set(listOf('email-providers/all.json'));

test('every domain of the published lists has the kind that they say', () => {
  expect(Math.min(disposable.size, free.size)).toBeGreaterThan(5_000);
  const reserved = ['example.com', 'example.net', 'example.org'];
  expect([...disposable].filter(domain => kindOfDomain(domain) !== 'disposable')).toEqual([]);
  const others = [...free].filter(domain => !disposable.has(domain) && kindOfDomain(domain) !== 'free');
  expect(others.filter(domain => !reserved.includes(domain))).toEqual([]);
});

test('what stands on no list is business, however close it comes', () => {
  const near = [...disposable, ...free]
    .flatMap(domain => [`0${domain}`, domain.slice(0, -1), `${domain}\n`])
    .filter(domain => !disposable.has(domain) && !free.has(domain));
  expect(near.filter(domain => kindOfDomain(domain) !== 'business')).toEqual([]);
  expect(['', '\n', '!', '~', 'acme.example', 'example.com'].map(kindOfDomain)).toEqual(
    Array.from({ length: 6 }, () => 'business'),
  );
});
