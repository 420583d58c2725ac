import { useLayoutEffect, useSyncExternalStore } from 'react';

/** How often words such as "due in 5 min" are renewed: twice a minute, so that none is a minute old. */
const TICK_MS = 30_000;

/** How old the time may be when something new comes to the page. */
const NEW_MS = 1_000;

let now = Date.now();
const watchers = new Set<() => void>();
let timer: number | undefined;

function renew(): void {
  now = Date.now();
  for (const watcher of watchers) watcher();
}

function watch(tell: () => void): () => void {
  watchers.add(tell);
  timer ??= window.setInterval(renew, TICK_MS);
  // What is new on the page may be younger than the last tick.
  if (Date.now() - now > NEW_MS) renew();
  return () => {
    watchers.delete(tell);
    if (watchers.size > 0) return;
    window.clearInterval(timer);
    timer = undefined;
  };
}

/**
 * The time now in epoch milliseconds, renewed twice a minute; one clock for the whole page. It is never behind `seen`, an instant
 * on the page that has passed.
 */
export function useNow(seen = 0): number {
  const known = useSyncExternalStore(watch, () => now);
  useLayoutEffect(() => {
    if (seen > now && seen <= Date.now()) renew();
  }, [seen]);
  return known;
}
