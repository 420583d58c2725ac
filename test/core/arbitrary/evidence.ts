import fc from 'fast-check';
import type { Json } from '../reference/json.ts';
import { condition, duration, maybe, withoutAbsent } from './value.ts';

/** A field of a profile that generated profiles may have. */
export const profileField = fc.constantFrom(
  'contact.title',
  'contact.size',
  'contact.joined',
  'contact.joined',
  'contact.tags',
  'contact.address',
  'contact.address.city',
  'contact.createdAt',
  'contact.emailDomain',
  'contact.emailKind',
  'contact.email',
  'company.size',
  'company.renews',
  'company.name',
  'company.country',
);

/** Any valid condition over a profile. */
export const profileCondition = condition(profileField);
const gate = maybe(profileCondition, 2);

const eventField = fc.constantFrom(
  'plan',
  'name',
  'path',
  'when',
  'product.city',
  'context.page',
  'context.since',
);

/** The name of an event. */
export const eventName = fc.constantFrom('Demo', 'Demo', 'Demo', 'demo ', 'Page', 'page', 'screen', 'Opened');

const eventMatch: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.oneof(fc.constant('Demo'), eventName) },
  {
    weight: 3,
    arbitrary: fc
      .record(
        {
          event: fc.oneof(eventName, fc.uniqueArray(eventName, { minLength: 1, maxLength: 3 })),
          where: condition(eventField),
        },
        { requiredKeys: ['event'] },
      )
      .map(match => ({ ...match })),
  },
  fc.record({
    event: fc.constantFrom('Demo', 'page'),
    where: fc.oneof(
      fc.record({ when: fc.oneof(fc.record({ within: duration }), fc.record({ olderThan: duration })) }),
      fc.record({ name: fc.oneof(fc.constant('pricing'), fc.record({ isNot: fc.constant('Pricing') })) }),
    ),
  }),
);

const decay: fc.Arbitrary<unknown> = fc.oneof(
  fc.record({ halfLife: duration }),
  fc.record({ linear: duration }),
  fc.record({
    lose: fc.oneof(fc.constantFrom(25, 30, 33, 50, 90, 100), fc.constantFrom('25%', '7%', '100%')),
    every: duration,
  }),
);

const points = fc.oneof(
  fc.constantFrom(1, -1, 2, 5, -5, 10, 20, -20),
  fc.integer({ min: 1, max: 1000 }),
  fc.integer({ min: -1000, max: -1 }),
);

const patternItem = fc.oneof(
  eventMatch,
  fc.record({ on: eventMatch, times: fc.integer({ min: 1, max: 3 }) }, { requiredKeys: ['on'] }),
);

/** What a rule has beside its id, label and place: any kind of evidence and its gate. */
export const evidence: fc.Arbitrary<Json> = fc.oneof(
  fc.record({ points, when: profileCondition }),
  fc.record({
    when: gate,
    cases: fc.array(
      fc
        .record({
          when: profileCondition,
          points: fc.oneof(points, fc.constant(0)),
          label: maybe(fc.constantFrom('First', 'Second'), 7),
        })
        .map(withoutAbsent),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  {
    weight: 3,
    arbitrary: fc.record({
      points,
      when: gate,
      on: eventMatch,
      window: maybe(duration, 4),
      limit: maybe(fc.integer({ min: 1, max: 4 }), 3),
      decay: maybe(decay, 6),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      points,
      when: gate,
      pattern: fc.record({
        within: duration,
        all: fc.array(patternItem, { minLength: 1, maxLength: 3, size: 'max' }),
      }),
      window: maybe(duration, 4),
      decay: maybe(decay, 6),
    }),
  },
  fc.record({ points, when: gate, quiet: duration, of: maybe(eventMatch, 5) }),
);

/** What a path or disqualifier may ask to have been done. */
export const did = fc
  .record({
    on: eventMatch,
    within: maybe(duration, 7),
    times: maybe(fc.integer({ min: 1, max: 3 }), 5),
  })
  .map(withoutAbsent);
