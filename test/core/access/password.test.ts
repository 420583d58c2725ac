import { expect, test } from 'vitest';
import { MAX_PASSWORD, passwordProblem } from '../../../src/core/access/password.ts';
import { makePassword } from '../../../src/server/access/password.ts';

const ADA = { name: 'Ada Lovelace', email: 'ada.king@analytical-engines.example' };

test.each([
  'correct horse',
  'battery staple',
  'long enough to keep',
  'Tr0ub4dor&3x!kz',
  'kx7-qv2-mw9p',
  'пароль из пяти слов',
  'ada likes a walk by the river',
])('%s is a password', password => {
  expect(passwordProblem(password, ADA)).toBeNull();
});

test.each([
  ['', '10 characters'],
  ['short', '10 characters'],
  ['x7!kq2#mw', '10 characters'],
  ['kx7-qv2'.repeat(20), `${MAX_PASSWORD} characters`],
])('%s has the wrong length', (password, words) => {
  expect(passwordProblem(password, ADA)).toContain(words);
});

test.each([
  'ada.king@analytical-engines.example',
  'ADA.KING@analytical-engines.EXAMPLE',
  'Ada Lovelace',
  'lovelace1815',
  'AdaLovelace!',
  'ada-king-2024',
  'analytical-engines',
  'L0vel@ce-1815',
  'lovelacelovelace',
])('%s is made of what everybody knows of Ada', password => {
  expect(passwordProblem(password, ADA)).toContain('name or your e-mail address');
});

test.each([
  'aaaaaaaaaa',
  '1111111111',
  'abababababab',
  'kq7x9kq7x9',
  '1234567890',
  '0987654321',
  '9876543210',
  'abcdefghij',
  'qwertyuiop',
  'QWERTZUIOP',
  'poiuytrewq',
  'asdfghjkl;',
  '1q2w3e4r5t',
  '1qaz2wsx3edc',
  'qwerty123456',
  'abcd1234!!',
])('%s is a row of keys, or one thing again and again', password => {
  expect(passwordProblem(password, ADA)).toContain('repeats');
});

test.each([
  'password12',
  'Password123!',
  'P@ssw0rd2024',
  'password1234',
  'passwordpassword',
  'welcome2024',
  'Summer2024!',
  'iloveyou123',
  'letmein1234',
  'administrator',
  'changeme123',
  'michaeljordan',
  'sunshine99!',
  'basketball1',
  'football2023',
  'baton12345',
  'trustno1trustno1',
  'dragonmaster',
  'princess2010',
  'liverpoolfc',
  'superman123',
  'monkey.2022',
  '1029384756',
  '4915112345678',
])('%s is among the first that are tried', password => {
  expect(passwordProblem(password, ADA)).not.toBeNull();
});

test('a short part of a name counts for nothing, and nobody’s name is no obstacle', () => {
  expect(passwordProblem('a jug of cold water', { name: 'A B', email: 'a@b.co' })).toBeNull();
  expect(passwordProblem('a jug of cold water', { name: '', email: '' })).toBeNull();
});

test('a password that Baton makes always passes', () => {
  for (let run = 0; run < 500; run++) expect(passwordProblem(makePassword(), ADA)).toBeNull();
});
