import { moneyWords } from '../text/currency.ts';
import { unreachable } from '../unreachable.ts';
import type { Particulars } from './journal.ts';
import { shown } from './timeline.ts';

/** A title, and lines below it; null means that there is no line. */
type Lines = readonly [string, ...(string | null)[]];

/** Says an answer that sales gave about a lead. */
export function answeredWords({ label, value, unknown, note, before }: Particulars<'answered'>): Lines {
  const now = unknown ? 'Unknown' : shown(value);
  const was = shown(before);
  return [
    now === null
      ? `Answer taken back: ${shown(label) ?? 'a question'}`
      : `Answered: ${shown(label) ?? 'a question'}`,
    now,
    shown(note),
    was === null || was === now ? null : `Before: ${was}`,
  ];
}

/** Says what happened to an opportunity. */
export function opportunityWords(particulars: Particulars<'opportunity'>): Lines {
  const { change, name, stageLabel, amount, currency, reason } = particulars;
  const title = shown(name) ?? 'Opportunity';
  const money = amount === null ? null : moneyWords({ amount, currency: currency ?? '' });
  switch (change) {
    case 'opened':
      return [`Opportunity opened: ${title}`, shown(stageLabel), money];
    case 'corrected':
      return [`Opportunity corrected: ${title}`, money];
    case 'moved':
      return [`Opportunity moved to ${shown(stageLabel) ?? 'another stage'}`, title, money, shown(reason)];
    case 'won':
      return [`Opportunity won: ${title}`, money, shown(reason)];
    case 'lost':
      return [`Opportunity lost: ${title}`, shown(reason), money];
    case 'reopened':
      return [`Opportunity reopened: ${title}`, shown(stageLabel), shown(reason)];
    case 'dropped':
      return [`Opportunity taken back: ${title}`];
    default:
      return unreachable(change);
  }
}
