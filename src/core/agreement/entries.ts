import { isObject } from '../condition/reading.ts';
import { quote, type Report } from '../problem.ts';

/** A map of an agreement as written. */
export type Raw = Readonly<Record<string, unknown>>;

/** Reports ids that stand twice in a list. */
export function checkUnique(entries: readonly Raw[], report: Report): void {
  const seen = new Map<string, number>();
  entries.forEach(({ id }, index) => {
    if (typeof id !== 'string') return;
    const first = seen.get(id);
    if (first === undefined) seen.set(id, index);
    else
      report.add(
        `duplicate id ${quote(id)}, first used by entry ${first}; expected ids unique within the list`,
        index,
        'id',
      );
  });
}

/** Reports a name that is not among those known; `what` is what it should name. */
export function checkKnown(name: unknown, known: ReadonlySet<unknown>, what: string, report: Report): void {
  if (typeof name !== 'string' || known.has(name)) return;
  const names = [...known].join(', ');
  report.add(
    `unknown ${what} ${quote(name)}; expected ${names === '' ? `a declared ${what} (none is)` : `one of ${names}`}`,
  );
}

/** The map at a key; an empty one where there is none. */
export function mapIn(raw: Raw, key: string): Raw {
  const value = Object.hasOwn(raw, key) ? raw[key] : null;
  return isObject(value) ? value : {};
}

/** The entries of a list that are maps; other entries keep their place as an empty map. */
export function listIn(raw: Raw, key: string): readonly Raw[] {
  const value = Object.hasOwn(raw, key) ? raw[key] : null;
  return Array.isArray(value) ? value.map(entry => (isObject(entry) ? entry : {})) : [];
}
