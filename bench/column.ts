import type { Chance } from './chance.ts';

/**
 * The events of many contacts as columns in shared memory: those of contact `i` stand from `offsets[i]` up to, not
 * including, `offsets[i + 1]`, ascending by time.
 */
export interface Columns {
  readonly offsets: Uint32Array;
  /** Epoch milliseconds, whole. */
  readonly at: Float64Array;
  /** Which kind of event, counted from 0. */
  readonly kind: Uint8Array;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
/** The year in which the events lie. */
export const YEAR = { from: Date.UTC(2025, 0, 1), to: Date.UTC(2026, 0, 1) } as const;

/** How likely an event follows the one before it within minutes, in the same visit. */
const SAME_VISIT = 0.6;

/**
 * Makes the events of a year up. Contacts come at any time of the year; the number of their events is spread as an
 * exponential law spreads it; events gather in visits; `shares` says how common each kind is.
 */
export function makeColumns(
  chance: Chance,
  size: { readonly contacts: number; readonly events: number; readonly shares: readonly number[] },
): Columns {
  const offsets = sharedOffsets(chance, size);
  const total = offsets[size.contacts] ?? 0;
  const at = new Float64Array(new SharedArrayBuffer(total * 8));
  const kind = new Uint8Array(new SharedArrayBuffer(total));
  const kinds = tableOf(size.shares);
  for (let contact = 0; contact < size.contacts; contact++) {
    const start = offsets[contact] ?? 0;
    const end = offsets[contact + 1] ?? 0;
    const firstAt = YEAR.from + chance() * (YEAR.to - YEAR.from - 30 * DAY);
    // The visits fill the rest of the year; what would come after its end is put there.
    const gap = (YEAR.to - firstAt) / Math.max(8, (1 - SAME_VISIT) * (end - start) * 1.5);
    let now = firstAt;
    for (let index = start; index < end; index++) {
      at[index] = Math.floor(Math.min(now, YEAR.to - 1));
      kind[index] = kinds[Math.floor(chance() * kinds.length)] ?? 0;
      now += -Math.log(1 - chance()) * (chance() < SAME_VISIT ? 2 * MINUTE : gap);
    }
  }
  return { offsets, at, kind };
}

function sharedOffsets(
  chance: Chance,
  { contacts, events }: { readonly contacts: number; readonly events: number },
): Uint32Array {
  const ends = new Float64Array(contacts);
  let drawn = 0;
  for (let contact = 0; contact < contacts; contact++) {
    drawn += -Math.log(1 - chance());
    ends[contact] = drawn;
  }
  const offsets = new Uint32Array(new SharedArrayBuffer((contacts + 1) * 4));
  // What was drawn is stretched to the number asked for.
  ends.forEach((end, contact) => {
    offsets[contact + 1] = Math.round((end / drawn) * events);
  });
  return offsets;
}

/** A list in which each number stands as often as its share says, out of a thousand. */
function tableOf(shares: readonly number[]): Uint8Array {
  const sum = shares.reduce((total, share) => total + share, 0);
  return Uint8Array.from(
    shares.flatMap((share, number) => Array.from({ length: Math.round((share / sum) * 1000) }, () => number)),
  );
}
