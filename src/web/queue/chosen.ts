import { useRef, useState } from 'react';

/** Items of a list that are chosen to be worked on together: one by one, or all from the last one chosen to another. */
export function useChosen<Item extends { readonly id: string }>(items: readonly Item[]) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string | null>(null);
  const chosen = items.filter(({ id }) => ids.has(id));
  return {
    /** Those of the list that are chosen; what left the list is not. */
    chosen,
    has: (id: string) => ids.has(id),
    /** Chooses an item or leaves it out; with `toHere` all from the last one chosen to it. */
    toggle: (id: string, toHere: boolean) => {
      const [a, b] = [last.current, id].map(one => items.findIndex(item => item.id === one));
      const next = new Set(ids);
      if (toHere && a !== undefined && b !== undefined && a >= 0 && b >= 0) {
        for (const item of items.slice(Math.min(a, b), Math.max(a, b) + 1)) next.add(item.id);
      } else if (!next.delete(id)) next.add(id);
      last.current = id;
      setIds(next);
    },
    clear: () => setIds(new Set()),
  };
}

export type Chosen = Omit<ReturnType<typeof useChosen>, 'chosen'>;
