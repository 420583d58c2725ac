import { expect, test } from 'vitest';
import { checkPasswordReset, checkUserChange } from '../../../src/core/access/user.ts';

const LAST = {
  kind: 'refused',
  as: 'conflict',
  path: '',
  message: 'The last active admin cannot be changed or switched off.',
};

test.each([
  ['the last admin may have another name', 'ada', {}, ['ada'], null],
  ['the last admin may be made what they are', 'ada', { role: 'admin', active: true }, ['ada'], null],
  ['the last admin may not become a rep', 'ada', { role: 'rep' }, ['ada'], LAST],
  ['the last admin may not be switched off', 'ada', { active: false }, ['ada'], LAST],
  [
    'the last admin may not be switched off, though named an admin',
    'ada',
    { role: 'admin', active: false },
    ['ada'],
    LAST,
  ],
  ['one of two admins may', 'ada', { role: 'rep', active: false }, ['ada', 'eve'], null],
  ['somebody else may', 'bo', { role: 'rep', active: false }, ['ada'], null],
  ['an admin who is switched off already may', 'ada', { active: false }, ['eve'], null],
  ['where there is no admin, nobody is kept', 'ada', { active: false }, [], null],
] as const)('%s', (_name, id, change, activeAdmins, expected) => {
  expect(checkUserChange(id, change, activeAdmins)).toEqual(expected);
});

test('the own password is not reset, everybody else’s may be, and a key has none of its own', () => {
  expect(checkPasswordReset('ada', 'ada')).toMatchObject({ kind: 'refused', as: 'conflict' });
  expect(checkPasswordReset('bo', 'ada')).toBeNull();
  expect(checkPasswordReset('ada', null)).toBeNull();
});
