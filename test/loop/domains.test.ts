import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { kindOfDomain } from '../../src/loop/contact/domains.ts';
import { MAILBOXES } from '../../src/loop/contact/mailbox.ts';

const require = createRequire(import.meta.url);
const listOf = (file: string) =>
  z.array(z.string()).parse(JSON.parse(readFileSync(require.resolve(file), 'utf8')));
const disposable = new Set(listOf('disposable-email-domains/index.json'));
const free = new Set([...listOf('email-providers/all.json'), ...MAILBOXES]);

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

test('strangers at one provider have free mailboxes, those who work for one have not', () => {
  const providers =
    `ziggo.nl vodafone.de posteo.de fastmail.com duck.com tuta.com t-online.de orange.fr btinternet.com bt.com
    qq.com naver.com proton.me mailbox.org telenet.be bluewin.ch libero.it movistar.es seznam.cz wp.pl telia.com online.no
    comcast.net shaw.ca bigpond.com docomo.ne.jp hinet.net uol.com.br telkomsa.net gmx.ch`.split(/\s+/);
  expect(providers.filter(domain => kindOfDomain(domain) !== 'free')).toEqual([]);
  const firms = [
    'siemens.com',
    'vodafone.com',
    'orange.com',
    'kpn.com',
    'telekom.de',
    'verizon.com',
    'stanford.edu',
  ];
  expect(firms.filter(domain => kindOfDomain(domain) !== 'business')).toEqual([]);
});

test('our own list names domains as addresses have them, each once', () => {
  expect(new Set(MAILBOXES).size).toBe(MAILBOXES.length);
  expect(MAILBOXES.filter(domain => !/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(domain))).toEqual([]);
});
