import { expect, test } from 'vitest';
import { isProvider } from '../../../src/core/contact/provider.ts';

test.each([
  ['bt.com', 'BT'],
  ['bt.com', ' bt group PLC '],
  ['bt.com', 'B.T.'],
  ['bt.com', 'British Telecommunications plc'],
  ['orange.fr', 'Orange'],
  ['orange.com', 'Orange Business Services SA'],
  ['vodafone.de', 'Vodafone GmbH'],
  ['vodafone.com', 'Vodafone Group Plc'],
  ['ziggo.nl', 'VodafoneZiggo Group B.V.'],
  ['t-online.de', 'Deutsche Telekom AG'],
  ['t-online.de', 'T-Online'],
  ['docomo.ne.jp', 'Docomo'],
  ['telefonica.net', 'Telefónica, S.A.'],
  ['fastmail.com', 'Fastmail Pty Ltd'],
])('somebody at %s who names %s works there', (domain, company) => {
  expect(isProvider(domain, company)).toBe(true);
});

test.each([
  ['ziggo.nl', 'Bos Bouw'],
  ['orange.fr', 'Orange Juice Ltd'],
  ['bt.com', 'BTU Energy'],
  ['bt.com', ''],
  ['bt.com', null],
  ['bt.com', { name: 'BT' }],
  ['bt.com', 'BT '.repeat(200)],
  ['gmail.com', 'Gmail'],
  ['outlook.com', 'Outlook'],
  ['web.de', 'Web'],
  ['', ''],
  ['.', '.'],
])('somebody at %s who names %j is a customer', (domain, company) => {
  expect(isProvider(domain, company)).toBe(false);
});
