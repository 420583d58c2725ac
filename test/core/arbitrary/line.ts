import fc from 'fast-check';
import type { Json } from '../reference/json.ts';
import { durationMs } from '../reference/time.ts';
import { eventName } from './evidence.ts';
import {
  duration,
  instant,
  iso,
  maybe,
  midday,
  numeric,
  single,
  value,
  wireInstant,
  withoutAbsent,
  word,
  writtenInstant,
} from './value.ts';

const contactId = fc.constantFrom('c1', 'c1', 'c1', 'c2');

const email = fc.constantFrom(
  'a@free.example',
  ' B@Throwaway.example ',
  'c@corp.example',
  'not one',
  '',
  null,
);

/** A line of a contacts file; lines of one id are its versions. */
export const contactLine: fc.Arbitrary<Json> = fc
  .record({
    id: contactId,
    createdAt: fc.oneof({ weight: 4, arbitrary: fc.constant('2025-06-01T00:00:00Z') }, wireInstant),
    at: maybe(wireInstant, 4),
    contact: fc.record(
      {
        title: value,
        size: value,
        joined: fc.oneof(writtenInstant, value),
        tags: fc.array(single, { maxLength: 3 }),
        address: fc.oneof(fc.record({ city: value }), value),
        email,
        createdAt: wireInstant,
      },
      { requiredKeys: [] },
    ),
    company: maybe(
      fc.record(
        {
          size: value,
          renews: fc.oneof(writtenInstant, value),
          name: word,
          country: fc.oneof(fc.constantFrom('Deutschland', 'deu', 'France'), value),
        },
        { requiredKeys: [] },
      ),
      8,
    ),
  })
  .map(withoutAbsent);

const anyEventLine: fc.Arbitrary<Json> = fc
  .record({
    userId: contactId,
    timestamp: maybe(wireInstant, 9),
    receivedAt: maybe(wireInstant, 3),
    sentAt: maybe(wireInstant, 4),
    machine: maybe(fc.boolean(), 3),
    call: fc.oneof(
      fc.record({ type: fc.constant('track'), event: eventName }),
      fc.record({
        type: fc.constantFrom('page', 'screen'),
        name: maybe(word, 8),
      }),
      fc.constant({ type: 'identify', event: 'Demo' }),
    ),
    properties: maybe(
      fc.record(
        {
          plan: value,
          name: fc.oneof(word, numeric),
          path: word,
          when: fc.oneof(writtenInstant, value),
          product: fc.record({ city: single }),
        },
        { requiredKeys: [] },
      ),
      7,
    ),
    context: maybe(fc.record({ page: value, since: writtenInstant }, { requiredKeys: [] }), 5),
  })
  .map(({ call, ...line }) => {
    const { timestamp, receivedAt } = line;
    const timed = timestamp === undefined && receivedAt === undefined ? { timestamp: iso(midday) } : {};
    return withoutAbsent({ ...line, ...timed, ...call });
  });

/** A line of an events file but for its message id. */
export const eventLine: fc.Arbitrary<Json> = fc.oneof(anyEventLine, {
  // Without many plain events of one name, windows, limits and decays would seldom have anything to count.
  weight: 2,
  arbitrary: fc
    .tuple(instant, duration, fc.constantFrom('Demo', 'Demo', 'Page'), fc.boolean())
    .map(([ms, earlier, event, isPage]) => ({
      userId: 'c1',
      ...(isPage && event === 'Page' ? { type: 'page', name: 'Pricing' } : { type: 'track', event }),
      timestamp: iso(ms),
      properties: { when: iso(ms - durationMs(earlier)), plan: 'pro' },
    })),
});
