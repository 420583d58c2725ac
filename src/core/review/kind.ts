import type { PeriodSpan } from '../report/period.ts';

/** The reviews there are: of a week, of a month, and of a quarter. */
export const REVIEW_KINDS = ['weekly', 'monthly', 'quarterly'] as const;
export type ReviewKind = (typeof REVIEW_KINDS)[number];

/** What a review of each kind covers. */
export const REVIEW_SPANS: Readonly<Record<ReviewKind, PeriodSpan>> = {
  weekly: 'week',
  monthly: 'month',
  quarterly: 'quarter',
};

/** How the key of each kind is written, for people who have to give one. */
export const KEY_EXAMPLES: Readonly<Record<ReviewKind, string>> = {
  weekly: '2026-W48',
  monthly: '2026-10',
  quarterly: '2026-Q3',
};

const NAMES: Readonly<Record<ReviewKind, string>> = {
  weekly: 'Weekly digest',
  monthly: 'Monthly review',
  quarterly: 'Definition review',
};

/** What the reviews of a kind are called. @example reviewName('quarterly') // 'Definition review' */
export function reviewName(kind: ReviewKind): string {
  return NAMES[kind];
}
