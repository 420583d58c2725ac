import { randomInt } from 'node:crypto';
import { passwordProblem } from '../../core/access/password.ts';
import { refusalOf } from '../../loop/error.ts';

// Letters that are not mistaken for each other when read aloud or copied by hand.
const CONSONANTS = 'bdfghjkmnprstvwz';
const VOWELS = 'aeiou';

/**
 * Makes a random password that a person can read and type: three groups of three syllables and four digits, 70 bits.
 *
 * @example makePassword() // Something like rafoki-betuza-wenimo-4831
 */
export function makePassword(): string {
  const syllable = () => `${pick(CONSONANTS)}${pick(VOWELS)}`;
  const group = () => `${syllable()}${syllable()}${syllable()}`;
  return `${group()}-${group()}-${group()}-${String(randomInt(10_000)).padStart(4, '0')}`;
}

function pick(from: string): string {
  return from.charAt(randomInt(from.length));
}

/** Refuses a password that is easily guessed, naming the field in which it was given. */
export function mustBeGood(
  path: string,
  password: string,
  owner: { readonly name: string; readonly email: string },
): void {
  const message = passwordProblem(password, owner);
  if (message !== null) throw refusalOf('invalid', [{ path, message }]);
}
