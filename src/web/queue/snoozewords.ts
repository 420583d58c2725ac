import type { SnoozePreset } from '../../core/followup/snooze.ts';
import { dayTimeWords } from '../words/time.ts';

/** What a time that is offered for a snooze is called. */
export const PRESET_WORDS: Readonly<Record<SnoozePreset, string>> = {
  hour: 'In 1 hour',
  afternoon: 'This afternoon',
  tomorrow: 'Tomorrow morning',
  monday: 'Next Monday',
};

/**
 * What a snooze says of a lead: until when it is out of sight, or that it came back; with its note. Times in epoch ms.
 *
 * @example snoozeWords({ until: '1970-01-01T00:00:00Z', note: 'Call back' }, 1) // 'Back from snooze: Call back'
 */
export function snoozeWords(
  { until, note }: { readonly until: string; readonly note: string | null },
  now: number,
): string {
  const at = Date.parse(until);
  const when = at > now ? `Snoozed until ${dayTimeWords(at)}` : 'Back from snooze';
  return note === null ? when : `${when}: ${note}`;
}
