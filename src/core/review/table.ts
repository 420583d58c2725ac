import { casesWords, intervalWords } from '../report/comparison.ts';
import type { Rate } from '../report/rate.ts';
import { whole } from '../text/number.ts';
import { toneAgainst } from './finding.ts';
import type { Cell, Column, ReviewTable, Tone } from './review.ts';

/** A cell with words alone. */
export function words(text: string, tone: Tone = 'plain'): Cell {
  return { text, bar: null, tone, leads: null };
}

/** The name of a row, which leads to the leads that it counts. */
export function named(row: { readonly label: string; readonly leads: string }): Cell {
  return { text: row.label, bar: null, tone: 'plain', leads: row.leads };
}

/** A count, with a bar that says how much of the greatest one it is. */
export function count(value: number, greatest: number | null = null, tone: Tone = 'plain'): Cell {
  const bar = greatest === null || greatest === 0 ? null : value / greatest;
  return { text: whole(value), bar, tone, leads: null };
}

/** A rate with a bar, coloured where it clearly differs from that of all others. */
export function portion(rate: Rate, all: Rate | null = null): Cell {
  const tone = all === null ? 'plain' : toneAgainst(rate, all);
  const few = rate.of > 0 && !rate.enough ? ' · few' : '';
  return { text: `${casesWords(rate)}${few}`, bar: rate.value, tone, leads: null };
}

/** The interval of a rate. */
export function interval(rate: Rate): Cell {
  return words(intervalWords(rate) || '–');
}

const FIGURE = /^#/;

/**
 * A table; columns of figures are marked with `#`.
 *
 * @example tableOf('Leads', ['Owner', '#Open'], []).columns[1] // { label: 'Open', isFigure: true }
 */
export function tableOf(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
): ReviewTable {
  const column = (label: string): Column => ({
    label: label.replace(FIGURE, ''),
    isFigure: FIGURE.test(label),
  });
  return { caption, columns: columns.map(column), rows: rows.map(cells => [...cells]) };
}
