import type { WorkSpan } from '../../core/agreement/practice.ts';
import { counted } from '../number.ts';

const UNITS = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1_000, 'second'],
] as const;

/**
 * A duration of an agreement in its largest whole unit.
 *
 * @example spanWords(7_776_000_000) // '90 days'
 * @example spanWords(5_400_000) // '90 minutes'
 */
export function spanWords(ms: number): string {
  const [unitMs, unit] = UNITS.find(([size]) => ms % size === 0) ?? [1, 'millisecond'];
  return counted(ms / unitMs, unit);
}

/** A span of a calendar. @example workWords({ kind: 'workdays', days: 5 }) // '5 working days' */
export function workWords(span: WorkSpan): string {
  return span.kind === 'workdays' ? counted(span.days, 'working day') : spanWords(span.ms);
}
