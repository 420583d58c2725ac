import { expect, test } from 'vitest';
import { readSettings } from '../../src/loop/settings.ts';

test.each([
  ['10.0.0.7', ['10.0.0.7']],
  [' 10.0.0.7 , 172.16.0.0/12,::1,2001:db8::/32 ', ['10.0.0.7', '172.16.0.0/12', '::1', '2001:db8::/32']],
  ['', undefined],
])('BATON_TRUSTED_PROXIES may be %j', (text, proxies) => {
  expect(readSettings({ BATON_TRUSTED_PROXIES: text }).settings?.BATON_TRUSTED_PROXIES).toEqual(proxies);
});

test.each(['1', 'true', 'proxy.internal', '10.0.0.256', '10.0.0.0/33', '10.0.0.7,', '*'])(
  'BATON_TRUSTED_PROXIES cannot be %j, and the start says what it may be',
  text => {
    expect(readSettings({ BATON_TRUSTED_PROXIES: text }).problems).toEqual([
      `BATON_TRUSTED_PROXIES is "${text}"; expected addresses and networks of proxies, such as 10.0.0.7, 172.16.0.0/12`,
    ]);
  },
);
