import { describe, expect, test } from 'vitest';
import { readText, trackedFiles } from './tree.ts';
import { bannedWordings, withoutCode } from './wording.ts';

const documents = trackedFiles()
  .filter(path => path.endsWith('.md'))
  .map(path => ({ path, text: readText(path) }));

describe('the scan of wordings', () => {
  test.each([
    ['Left out is of whom nothing was known.', ':1: whom'],
    ['\nWhoever signs in.', ':2: Whoever'],
    ['its owner is no active user', ':1: is no'],
    ['calls that are no events', ':1: are no'],
    ['the phone number is none', ':1: is none'],
    ['Its owner is\nno active user.', ':1: is no'],
    ['/**\n * Its owner is\n * no active user.\n */', ':2: is * no'],
    ['// Its owner was\n// no user.', ':1: was // no'],
  ])('sees %j', (text, found) => {
    expect(bannedWordings({ path: 'made-up', text })).toEqual([`made-up${found}`]);
  });

  test.each([
    'its owner is no longer active',
    'there is no owner',
    'where there are none',
    'There was\nno owner.',
    'it is noted, and nobody is known',
    'the person who signs in',
  ])('passes over %j', text => {
    expect(bannedWordings({ path: 'made-up', text })).toEqual([]);
  });

  test('passes over what a document quotes as code, and not over its blocks of code', () => {
    const quoted = withoutCode({
      path: 'made-up',
      text: 'Never `is no X`.\n\n```yaml\nname: a # whom\n```\n',
    });
    expect(bannedWordings(quoted)).toEqual(['made-up:4: whom']);
  });
});

test('documents are in plain English: no "whom", no "whoever", no "is no X"', () => {
  expect(documents.length).toBeGreaterThan(25);
  expect(documents.map(withoutCode).flatMap(bannedWordings)).toEqual([]);
});

test('what the product says, and what its source says of it, is in plain English too', () => {
  const sources = trackedFiles()
    .filter(path => /^src\/.*\.tsx?$/.test(path))
    .map(path => ({ path, text: readText(path) }));
  expect(sources.length).toBeGreaterThan(400);
  expect(sources.flatMap(bannedWordings)).toEqual([]);
});
