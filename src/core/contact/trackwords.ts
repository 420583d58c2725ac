import { capital, nameWords } from '../condition/words.ts';
import { parseInstant } from '../time/instant.ts';
import { dateWords } from '../time/span.ts';
import { unreachable } from '../unreachable.ts';
import { exitWords } from './exit.ts';
import type { JournalRecord, Particulars } from './journal.ts';
import { shown } from './timeline.ts';

type Lines = readonly [string, ...(string | null)[]];

/** The records of what happens to a recycled lead. */
type NurtureRecord = Extract<
  JournalRecord,
  { readonly kind: 'woken' | 'wakeup_moved' | 'nurture_entered' | 'nurture_step' | 'nurture_left' }
>;

/** What happened to a recycled lead meanwhile: a title, and lines below it. */
export function nurtureWords(record: NurtureRecord): Lines {
  switch (record.kind) {
    case 'woken':
      return ['The date has come to look at the lead again', shown(record.particulars.reasonLabel)];
    case 'wakeup_moved':
      return [
        dayLine('To be looked at again on', record.particulars.until) ??
          'Left in nurture: no date to look again',
      ];
    case 'nurture_entered':
      return [`Entered the track ${shown(record.particulars.label) ?? ''}`.trim()];
    case 'nurture_step':
      return stepWords(record.particulars);
    case 'nurture_left':
      return [
        `Left the track ${shown(record.particulars.label) ?? ''}`.trim(),
        capital(exitWords({ because: record.particulars.because, note: shown(record.particulars.note) })),
      ];
    default:
      return unreachable(record);
  }
}

function stepWords({ label, step, action, name, refused }: Particulars<'nurture_step'>): Lines {
  const what =
    action === 'email'
      ? `mail “${nameWords(name ?? '')}”`
      : action === 'webhook'
        ? `webhook ${name ?? ''}`
        : 'wait';
  return [`${shown(label) ?? 'Track'}, step ${step + 1}: ${what}`, shown(refused)];
}

/** A date with what it is for; null where none is stored. @example dayLine('Until', '2026-09-01T00:00:00.000Z') // 'Until 1 Sept 2026' */
export function dayLine(words: string, stored: string | null): string | null {
  const at = stored === null ? null : parseInstant(stored);
  return at === null ? null : `${words} ${dateWords(at)}`;
}
