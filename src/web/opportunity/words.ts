import type { Opportunity } from '../../core/opportunity/shape.ts';
import { moneyWords } from '../../core/text/currency.ts';
import { percentWords } from '../../core/text/number.ts';
import { dateWords } from '../../core/time/span.ts';

/** The amount of an opportunity as people read it; null without one. */
export function amountWords({ amount, currency }: Pick<Opportunity, 'amount' | 'currency'>): string | null {
  return amount === null ? null : moneyWords({ amount, currency: currency ?? '' });
}

/** What an open opportunity is worth and how likely, in a line. @example dealWords(deal) // '£12,000 · 50% likely · close expected 30 Jun 2026' */
export function dealWords(deal: Opportunity): string {
  const { expectedCloseAt, probability, closedAt } = deal;
  return [
    amountWords(deal),
    closedAt === null ? `${percentWords(probability)} likely` : null,
    expectedCloseAt === null || closedAt !== null
      ? null
      : `close expected ${dateWords(Date.parse(expectedCloseAt))}`,
  ]
    .filter(part => part !== null)
    .join(' · ');
}

/** The day of an instant as a date field has it. @example dayOf('2026-06-30T00:00:00.000Z') // '2026-06-30' */
export function dayOf(instant: string | null): string {
  return instant?.slice(0, 10) ?? '';
}
