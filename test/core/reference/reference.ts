import { nextChange } from './change.ts';
import { contactIds, factsAt, type Source } from './facts.ts';
import type { Json } from './json.ts';
import { scoreAt } from './score.ts';
import { instantThere, printed } from './time.ts';

/** One call of `baton score`: a valid agreement as parsed, the lines of both files in file order, `at` in epoch milliseconds. */
export type Asked = Source & { readonly agreement: Json; readonly at: number };

/** The last instant that RFC 3339 can write in UTC: what would change later never does. */
const endOfTime = instantThere('9999-12-31T23:59:59.999Z');

/**
 * Prints what `baton score` prints, written from the agreement's page alone: slow, plain, and the judge of the real scorer.
 */
export function referenceScore({ agreement, at, ...source }: Asked): readonly object[] {
  return contactIds(source.contacts).map(id => {
    const facts = factsAt(id, source, at);
    const next = nextChange(agreement, facts, at);
    return {
      id,
      at: printed(at),
      ...scoreAt(agreement, facts, at),
      nextChangeAt: next === null || next > endOfTime ? null : printed(next),
    };
  });
}
