import { timeWords } from '../time/zone.ts';
import { unreachable } from '../unreachable.ts';
import type { JournalRecord } from './journal.ts';
import { shown } from './timeline.ts';

/** What the journal says of a clock. */
type ClockRecord = Extract<
  JournalRecord,
  { readonly kind: 'clock_paused' | 'clock_resumed' | 'clock_missed' | 'reminded' | 'taken_away' }
>;

const CLOCK_WORDS: ReadonlyMap<string, string> = new Map([
  ['firstTouch', 'The first touch'],
  ['decision', 'The decision'],
]);

/** Says what happened to a clock: a title, and lines below it; null means that there is no line. */
export function clockLines(record: ClockRecord): readonly [string, ...(string | null)[]] {
  switch (record.kind) {
    case 'taken_away':
      return [
        `Taken from ${shown(record.particulars.owner) ?? 'its owner'}, to be given to somebody else`,
        `${CLOCK_WORDS.get(record.particulars.clock) ?? 'A clock'} was missed`,
      ];
    case 'clock_paused':
      return [
        'The clock of the decision was paused',
        shown(record.particulars.reason),
        `Until ${moment(record.particulars.until)}`,
      ];
    case 'clock_resumed':
      return [
        'The clock of the decision goes on',
        record.particulars.dueAt === null ? null : `Due ${moment(record.particulars.dueAt)}`,
      ];
    case 'clock_missed': {
      const { clock, dueAt, to } = record.particulars;
      const told = shown(to);
      return [
        `${CLOCK_WORDS.get(clock) ?? 'A clock'} was missed`,
        `It was due ${moment(dueAt)}`,
        told === null ? null : `Told: ${told}`,
      ];
    }
    case 'reminded': {
      const { clock, share, dueAt, to } = record.particulars;
      const what = (CLOCK_WORDS.get(clock) ?? 'A clock').toLowerCase();
      return [
        `Reminded ${shown(to) ?? 'who looks after the team'} of ${what}`,
        `${share} % of the time was gone; due ${moment(dueAt)}`,
      ];
    }
    default:
      return unreachable(record);
  }
}

function moment(instant: string): string {
  const at = Date.parse(instant);
  return Number.isNaN(at) ? instant : timeWords(at);
}
