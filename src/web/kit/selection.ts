import { useEffect, useRef, useState } from 'react';

/** How much of the window's upper edge the head of the page covers. */
const HEAD_PX = 56;

/**
 * Keeps one item of a list selected by its id, also while the list changes under it: what takes its place is selected
 * when it goes. `first` is selected to begin with, the top one without it.
 */
export function useSelection<Item extends { readonly id: string }>(
  items: readonly Item[],
  first: string | null = null,
) {
  const [chosen, setChosen] = useState<string | null>(null);
  const place = useRef(0);
  const rows = useRef(new Map<string, HTMLButtonElement>());
  const found = items.findIndex(({ id }) => id === (chosen ?? first));
  const index = found === -1 ? Math.max(0, Math.min(place.current, items.length - 1)) : found;
  const selected = items[index];
  useEffect(() => {
    place.current = index;
  }, [index]);
  const select = (position: number, withFocus = false) => {
    const item = items[position];
    setChosen(item?.id ?? null);
    const row = item === undefined ? undefined : rows.current.get(item.id);
    row?.scrollIntoView({ block: 'nearest' });
    if (withFocus) row?.focus({ preventScroll: true });
  };
  return {
    selected,
    index,
    select,
    /** Selects an item by its id, at the latest when it comes into the list. */
    choose: setChosen,
    /** Whether the selected item is on the screen. */
    isInView: () => {
      const box = rows.current.get(selected?.id ?? '')?.getBoundingClientRect();
      if (box === undefined) return false;
      const middle = (box.top + box.bottom) / 2;
      return middle > HEAD_PX && middle < window.innerHeight;
    },
    /** Selects the item that many places further, within the list, and moves the focus there. */
    move: (step: number) => select(Math.min(Math.max(index + step, 0), items.length - 1), true),
    rowRef: (id: string) => (element: HTMLButtonElement | null) => {
      if (element === null) rows.current.delete(id);
      else rows.current.set(id, element);
    },
  };
}

/** From this width on a list and what is selected in it stand side by side. */
export const WIDE = '(min-width: 75em)';
