import { describe, expect, it } from 'vitest';
import { conditions, tests } from '../edges/condition.ts';
import { type Edge, newYear, noon } from '../edges/edge.ts';
import { matches } from '../edges/event.ts';
import { occurrences } from '../edges/occurrence.ts';
import { patterns } from '../edges/pattern.ts';
import { grades, qualifications, sums } from '../edges/score.ts';
import { silences } from '../edges/silence.ts';
import { clocks, farTimes, profiles } from '../edges/time.ts';
import type { KindOf } from '../reference/facts.ts';
import { object } from '../reference/json.ts';
import { type Asked, referenceScore } from '../reference/reference.ts';
import { instantThere } from '../reference/time.ts';
import { subjectScore } from '../subject.ts';

const kindOf: KindOf = domain => {
  if (domain === 'free.example') return 'free';
  return domain === 'throwaway.example' ? 'disposable' : 'business';
};

function asked({ agreement, contacts = [{}], events = [], at = noon }: Edge): Asked {
  const [only, ...others] = contacts;
  const lines = others.length > 0 ? contacts : [{ id: 'c1', createdAt: newYear, ...only }];
  return {
    agreement: { agreement: 1, name: 'Edges', scores: { fit: {} }, ...agreement },
    contacts: lines,
    events,
    at: instantThere(at),
    kindOf,
  };
}

/** What is printed, as it reads back: keys without a value are not there. */
function printed(result: readonly object[]): readonly unknown[] {
  return JSON.parse(JSON.stringify(result));
}

const scorers = [
  { who: 'the scorer', score: subjectScore },
  { who: 'the reference', score: referenceScore },
];

describe.each(scorers)('$who', ({ score }) => {
  describe.each([
    { what: 'events', edges: matches },
    { what: 'occurrences', edges: occurrences },
    { what: 'patterns', edges: patterns },
    { what: 'silences, traits and cases', edges: silences },
    { what: 'sums', edges: sums },
    { what: 'grades', edges: grades },
    { what: 'qualification', edges: qualifications },
    { what: 'clocks', edges: clocks },
    { what: 'profiles', edges: profiles },
    { what: 'far times', edges: farTimes },
  ])('$what', ({ edges }) => {
    it.each(edges)('$name', edge => {
      const [first] = printed(score(asked(edge)));
      const actual = Object.keys(edge.expected).map(key => [key, object(first)[key]]);
      expect(Object.fromEntries(actual)).toEqual(edge.expected);
    });
  });

  const holds = (profile: Readonly<Record<string, unknown>>, when: unknown): unknown => {
    const agreement = { rules: [{ id: 'r', score: 'fit', points: 1, when }] };
    const [first] = printed(score(asked({ name: '', agreement, contacts: [profile], expected: {} })));
    return object(first).total === 1;
  };

  it.each(tests.map(([value, test, wanted]) => ({ value, test, wanted })))(
    'tests $value with $test: $wanted',
    ({ value, test, wanted }) => {
      expect(holds({ contact: value === undefined ? {} : { v: value } }, { 'contact.v': test })).toBe(wanted);
    },
  );

  it.each(conditions.map(([profile, condition, wanted]) => ({ profile, condition, wanted })))(
    'holds $condition against $profile: $wanted',
    ({ profile, condition, wanted }) => {
      expect(holds(profile, condition)).toBe(wanted);
    },
  );

  it('prints one object per id, in order of first appearance, for contacts without events too', () => {
    const line = (id: string, keys: object = {}) => ({ id, createdAt: newYear, ...keys });
    const result = score({
      ...asked({ name: '', agreement: { rules: [] }, expected: {} }),
      contacts: [line('b'), line('a'), line('b', { at: noon }), line('10'), line('9')],
      events: [{ messageId: 'm', userId: 'stranger', type: 'track', event: 'A', timestamp: noon }],
    });
    expect(printed(result).map(one => object(one).id)).toEqual(['b', 'a', '10', '9']);
  });

  it('prints the keys of the page and no others', () => {
    const [first] = printed(score(asked({ name: '', agreement: { rules: [] }, expected: {} })));
    expect(first).toEqual({
      id: 'c1',
      at: noon,
      scores: { fit: 0 },
      total: 0,
      lines: [],
      grade: null,
      disqualified: [],
      qualifies: null,
      nextChangeAt: null,
    });
  });
});
