import type { WorkSpan } from '../../core/agreement/practice.ts';
import { counted } from '../../core/text/number.ts';
import { spanWords } from '../../core/time/span.ts';

/** A span of a calendar. @example workWords({ kind: 'workdays', days: 5 }) // '5 working days' */
export function workWords(span: WorkSpan): string {
  return span.kind === 'workdays' ? counted(span.days, 'working day') : spanWords(span.ms);
}
