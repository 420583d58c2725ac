import { describe, expect, it } from 'vitest';
import { standingWords } from '../../src/web/contact/changewords.ts';

const names = { path: (id: string) => id.toUpperCase(), disqualifier: (id: string) => `“${id}”` };
const moment = (
  more: { qualifies?: string; disqualified?: string[]; grade?: string; applies?: boolean } = {},
) => ({
  at: '2026-03-01T00:00:00.000Z',
  applies: true,
  total: 50,
  grade: null,
  qualifies: null,
  disqualified: [],
  ...more,
});

describe('what turned beside the points', () => {
  it.each([
    ['nothing', moment(), moment(), []],
    ['a first path', moment(), moment({ qualifies: 'a' }), ['Began to qualify: A.']],
    ['a path no longer', moment({ qualifies: 'a' }), moment(), ['No longer qualifies: A.']],
    [
      'another path',
      moment({ qualifies: 'a' }),
      moment({ qualifies: 'b' }),
      ['Qualifies by B, before by A.'],
    ],
    [
      'a disqualifier more and one less',
      moment({ disqualified: ['x', 'y'] }),
      moment({ disqualified: ['y', 'z'] }),
      ['Became disqualified: “z”.', 'No longer disqualified: “x”.'],
    ],
    ['a grade', moment({ grade: 'B2' }), moment({ grade: 'A1' }), ['Grade from B2 to A1.']],
    ['a grade that begins', moment(), moment({ grade: 'A1' }), []],
    ['a score that begins', moment({ applies: false }), moment(), ['Began to be scored.']],
    ['a score that ends', moment(), moment({ applies: false }), ['Is no longer scored.']],
  ])('%s', (_name, from, to, words) => {
    expect(standingWords({ from, to }, names)).toEqual(words);
  });
});
