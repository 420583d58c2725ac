import { describe, expect, test } from 'vitest';
import { whichStays } from '../../../src/core/duplicate/keep.ts';

type Side = Parameters<typeof whichStays>[0];

/** From the contact that sales knows least of to the one it is furthest with. */
const LADDER: readonly (readonly [string, Omit<Side, 'createdAt'>])[] = [
  ['nobody has it', { isOwned: false, handoff: null }],
  ['somebody has it', { isOwned: true, handoff: null }],
  ['a handoff waits for an owner', { isOwned: true, handoff: { state: 'open', isOwned: false } }],
  ['a handoff is open', { isOwned: false, handoff: { state: 'open', isOwned: true } }],
  ['a handoff is accepted', { isOwned: false, handoff: { state: 'accepted', isOwned: true } }],
  ['a handoff is an opportunity', { isOwned: false, handoff: { state: 'opportunity', isOwned: true } }],
];

describe('of two contacts stays', () => {
  const pairs = LADDER.flatMap(([further, more], index) =>
    LADDER.slice(0, index).map(([behind, less]) => [further, behind, more, less] as const),
  );
  test.each(pairs)('the one of which %s, not the one of which %s', (_further, _behind, more, less) => {
    const [young, old] = [
      { ...more, createdAt: 9 },
      { ...less, createdAt: 1 },
    ];
    expect(whichStays(young, old)).toBe('a');
    expect(whichStays(old, young)).toBe('b');
  });

  test.each(LADDER)('the elder, where of both %s', (_name, side) => {
    const [young, old] = [
      { ...side, createdAt: 9 },
      { ...side, createdAt: 1 },
    ];
    expect(whichStays(young, old)).toBe('b');
    expect(whichStays(old, young)).toBe('a');
    expect(whichStays(old, old)).toBe('a');
  });

  test('the elder of two whose handoffs wait, no matter who owns the contacts', () => {
    const waiting = { state: 'accepted', isOwned: false } as const;
    const young = { createdAt: 9, isOwned: true, handoff: waiting };
    const old = { createdAt: 1, isOwned: false, handoff: { ...waiting, state: 'open' as const } };
    expect(whichStays(young, old)).toBe('b');
  });
});
