import { expect, it } from 'vitest';
import { scoringWords } from '../../src/web/agreement/progresswords.ts';

it.each([
  [0, 1, 'Scoring contacts under version 4: 0 of 1', 0],
  [12_300, 300_000, 'Scoring contacts under version 4: 12,300 of 300,000', 4],
  [299_999, 300_000, 'Scoring contacts under version 4: 299,999 of 300,000', 99],
])('the progress of scoring says how many of how many: %i of %i', (scored, contacts, words, percent) => {
  expect(scoringWords({ version: 4, scoring: { scored, contacts } })).toEqual({ words, percent });
});

it('there is nothing to say once all contacts are scored', () => {
  expect(scoringWords({ version: 4, scoring: null })).toBeNull();
});
