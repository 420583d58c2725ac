import { useSyncExternalStore } from 'react';

/** How often words such as "due in 5 min" are renewed: twice a minute, so that none is a minute old. */
const TICK_MS = 30_000;

let now = Date.now();
const watchers = new Set<() => void>();
let timer: number | undefined;

function watch(tell: () => void): () => void {
  watchers.add(tell);
  if (timer === undefined) {
    now = Date.now();
    timer = window.setInterval(() => {
      now = Date.now();
      for (const watcher of watchers) watcher();
    }, TICK_MS);
  }
  return () => {
    watchers.delete(tell);
    if (watchers.size > 0) return;
    window.clearInterval(timer);
    timer = undefined;
  };
}

/** The time now in epoch milliseconds, renewed twice a minute; one clock for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(watch, () => now);
}
