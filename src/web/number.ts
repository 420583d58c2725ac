const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** Writes a whole number with thousands separated. @example whole(1240) // '1,240' */
export function whole(value: number): string {
  return WHOLE.format(value);
}

/** Writes points with their sign, a true minus for negative ones. @example signed(-4) // '−4' */
export function signed(points: number): string {
  return points < 0 ? `−${whole(-points)}` : `+${whole(points)}`;
}

/** Writes a figure that may be negative with a true minus. @example figure(-4) // '−4' */
export function figure(value: number): string {
  return value < 0 ? `−${whole(-value)}` : whole(value);
}

/** Writes a share from 0 to 1 in whole percent; a dash where there is none. @example percent(0.675) // '68%' */
export function percent(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)}%`;
}

/** A count with its noun. @example counted(1, 'lead') // '1 lead' @example counted(2, 'reply', 'replies') // '2 replies' */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${whole(count)} ${count === 1 ? one : many}`;
}

/** Joins words as a sentence does. @example listed(['a', 'b', 'c'], 'or') // 'a, b or c' */
export function listed(words: readonly string[], last: 'and' | 'or'): string {
  const head = words.slice(0, -1).join(', ');
  const tail = words.at(-1) ?? '';
  return head === '' ? tail : `${head} ${last} ${tail}`;
}
