import { isObject } from '../condition/reading.ts';

/** Something that an agreement may say and that Baton does not act on yet. */
interface Pending {
  /** The key as agreements write it; `[]` stands for each entry of a list. */
  readonly path: string;
  /** The one value of the key that is meant; null for any. */
  readonly value: string | null;
  /** What would be done. */
  readonly words: string;
}

/**
 * What Baton checks, keeps and shows of an agreement, and does not act on yet. Pages, `baton validate` and the guide take
 * their marks from here; what gets built is taken out, and its marks go.
 */
export const PENDING: readonly Pending[] = [
  { path: 'targets.decisionWindow', value: null, words: 'a report that measures the time to a decision' },
  { path: 'targets.mqlPerWeek', value: null, words: 'a report that counts the MQLs of a week' },
];

/** Says beside a part of an agreement that nothing follows from it yet. */
export const PENDING_WORDS = 'not yet acted on';

/**
 * Whether a key of the agreement is kept and not yet acted on.
 *
 * @example isPending('sla[].firstTouch') // false
 */
export function isPending(path: string, value: string | null = null): boolean {
  return PENDING.some(entry => entry.path === path && entry.value === value);
}

/**
 * A sentence about a part of an agreement, with a mark where nothing follows from that part yet.
 *
 * @example pendingWords('First touch within 1 hour.', 'sla[].firstTouch') // 'First touch within 1 hour.'
 */
export function pendingWords(sentence: string, path: string, value: string | null = null): string {
  if (!isPending(path, value)) return sentence;
  return `${sentence.replace(/\.$/, '')} (${PENDING_WORDS})${sentence.endsWith('.') ? '.' : ''}`;
}

/** What an agreement says that is not yet acted on, and how often it says so. */
export function pendingIn(agreement: unknown): readonly (Pending & { readonly times: number })[] {
  return PENDING.flatMap(entry => {
    const found = valuesAt(agreement, entry.path.split('.')).filter(
      value => value !== undefined && (entry.value === null || value === entry.value),
    );
    return found.length === 0 ? [] : [{ ...entry, times: found.length }];
  });
}

function valuesAt(from: unknown, [step, ...rest]: readonly string[]): readonly unknown[] {
  if (step === undefined) return [from];
  if (!isObject(from)) return [];
  const value = from[step.replace('[]', '')];
  const items: readonly unknown[] = step.endsWith('[]') ? (Array.isArray(value) ? value : []) : [value];
  return items.flatMap(item => valuesAt(item, rest));
}
