import { z } from 'zod';
import type { Rate } from './rate.ts';

/** How the acceptance of a period stands against the agreement's targets. */
export const verdict = z.enum([
  'not_enough',
  'below_floor',
  'below_band',
  'in_band',
  'above_band',
  'above_ceiling',
]);
export type Verdict = z.infer<typeof verdict>;

/** What both sides agreed to aim at; shares from 0 to 1. */
export interface Targets {
  readonly acceptance?: [number, number] | undefined;
  readonly floor?: number | undefined;
  readonly ceiling?: number | undefined;
  /** The time that sales has for a decision, in ms. */
  readonly decisionWindowMs?: number | undefined;
  /** The sample from which on a rate says something. */
  readonly minSample: number;
  readonly mqlPerWeek?: number | undefined;
}

/**
 * Says how an acceptance rate stands against the band; null where the agreement names no band. The edges of the band are in
 * it, and floor and ceiling themselves are neither below nor above.
 *
 * @example verdictOf(rateOf({ n: 14, of: 20 }, 10), { acceptance: [0.65, 0.75] }) // 'in_band'
 * @example verdictOf(rateOf({ n: 14, of: 20 }, 30), { acceptance: [0.65, 0.75] }) // 'not_enough'
 */
export function verdictOf(
  { value, enough }: Rate,
  { acceptance, floor, ceiling }: Omit<Targets, 'minSample'>,
): Verdict | null {
  if (acceptance === undefined && floor === undefined && ceiling === undefined) return null;
  if (value === null || !enough) return 'not_enough';
  if (floor !== undefined && value < floor) return 'below_floor';
  if (ceiling !== undefined && value > ceiling) return 'above_ceiling';
  if (acceptance !== undefined && value < acceptance[0]) return 'below_band';
  if (acceptance !== undefined && value > acceptance[1]) return 'above_band';
  return 'in_band';
}
