import fc from 'fast-check';
import { agreement } from './arbitrary/agreement.ts';
import { contactLine, eventLine } from './arbitrary/line.ts';
import { instant, midday } from './arbitrary/value.ts';
import type { KindOf } from './reference/facts.ts';
import type { Json } from './reference/json.ts';

/** A whole question to a scorer: valid agreement, lines of both files, epoch milliseconds. */
export type Question = {
  readonly agreement: Json;
  readonly contacts: readonly Json[];
  readonly events: readonly Json[];
  readonly at: number;
};

/** The mail domains of the generated contacts. */
export const kindOf: KindOf = domain => {
  if (domain === 'free.example') return 'free';
  return domain === 'throwaway.example' ? 'disposable' : 'business';
};

/** A whole question whose contacts, events and instants are likely to meet the agreement's edges. */
export const question: fc.Arbitrary<Question> = fc
  .record({
    agreement,
    contacts: fc.array(contactLine, { minLength: 1, maxLength: 4 }),
    events: fc.oneof(fc.array(eventLine, { maxLength: 2 }), {
      weight: 4,
      arbitrary: fc.array(eventLine, { minLength: 4, maxLength: 14, size: 'max' }),
    }),
    at: fc.oneof(instant, { weight: 2, arbitrary: instant.map(ms => Math.max(ms, 2 * midday - ms)) }),
  })
  .map(({ events, ...rest }) => ({
    ...rest,
    events: events.map((line, index) => ({ messageId: `m${index}`, ...line })),
  }));
