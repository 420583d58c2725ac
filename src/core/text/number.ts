// Made when they are first used: that takes longer than reading most agreements that need none.
let wholeFormat: Intl.NumberFormat | null = null;
let figureFormat: Intl.NumberFormat | null = null;

/** Writes a whole number with thousands separated. @example whole(1240) // '1,240' */
export function whole(value: number): string {
  wholeFormat ??= new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
  return wholeFormat.format(value);
}

/** Writes points with their sign, a true minus for negative ones. @example signed(-4) // '−4' */
export function signed(points: number): string {
  return points < 0 ? `−${whole(-points)}` : `+${whole(points)}`;
}

/**
 * Writes a figure that may be negative, with a true minus, or fractional.
 *
 * @example figure(-4) // '−4'
 * @example figure(2.5) // '2.5'
 */
export function figure(value: number): string {
  figureFormat ??= new Intl.NumberFormat('en', { maximumFractionDigits: 6 });
  return value < 0 ? `−${figureFormat.format(-value)}` : figureFormat.format(value);
}

/** Writes a share from 0 to 1 in whole percent; a dash where there is none. @example percentWords(0.675) // '68%' */
export function percentWords(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)}%`;
}

/**
 * A count with its noun.
 *
 * @example counted(1, 'lead') // '1 lead'
 * @example counted(2, 'reply', 'replies') // '2 replies'
 */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${whole(count)} ${count === 1 ? one : many}`;
}

/** Joins words as a sentence does. @example listed(['a', 'b', 'c'], 'or') // 'a, b or c' */
export function listed(words: readonly string[], last: 'and' | 'or'): string {
  const head = words.slice(0, -1).join(', ');
  const tail = words.at(-1) ?? '';
  return head === '' ? tail : `${head} ${last} ${tail}`;
}

const WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'] as const;

/** A count as people say it: a word up to ten. @example countWords(2) // 'two' */
export function countWords(count: number): string {
  return WORDS[count] ?? whole(count);
}

/** How often, in words. @example timesWords(2) // 'twice' */
export function timesWords(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${countWords(count)} times`;
}
