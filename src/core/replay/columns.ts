import type { Arrivals } from './arrival.ts';
import { float64s, uint32s } from './column.ts';
import { MACHINE_MADE, makeNumbering, type Rows } from './eventrows.ts';

/**
 * The events of many contacts, those of each together, in memory that any thread can read; 12 bytes for each event once
 * they are settled. Epoch ms.
 */
interface Columns {
  /** Where the events of each contact begin; the last number is the end of all. */
  readonly starts: Uint32Array;
  readonly at: Float64Array;
  /** For each program which of its `lists` holds the slots that an event matches. */
  readonly sets: readonly Uint32Array[];
  readonly lists: readonly (readonly (readonly number[])[])[];
  /** Where the events of each contact that count end, once it is settled. */
  readonly ends: Uint32Array;
  /** When each contact was first seen doing something, once it is settled; infinity for never. */
  readonly firstAt: Float64Array;
}

/** Columns whose contacts are still to be settled: their events are as the file has them, repeated ones too. */
export interface UnsettledColumns extends Columns {
  /** Two numbers an event that stand for its message id. */
  readonly message: Uint32Array;
}

/** Joins rows in the order of the file into columns, the events of each of so many contacts together. */
export function joinRows(parts: readonly Rows[], contacts: number): UnsettledColumns {
  const starts = uint32s(contacts + 1);
  for (const { count, contact } of parts) {
    for (let row = 0; row < count; row++) {
      const next = (contact[row] ?? 0) + 1;
      starts[next] = (starts[next] ?? 0) + 1;
    }
  }
  for (let contact = 1; contact <= contacts; contact++)
    starts[contact] = (starts[contact] ?? 0) + (starts[contact - 1] ?? 0);
  const total = starts[contacts] ?? 0;
  const columns = { at: float64s(total), message: uint32s(2 * total) };
  const sets = (parts[0]?.sets ?? []).map(() => uint32s(total));
  const numberings = sets.map(makeNumbering);
  const next = starts.slice();
  for (const { count, contact, at, message, sets: given, lists } of parts) {
    const into = numberings.map(({ number }, program) => (lists[program] ?? []).map(numberedBy(number)));
    for (let row = 0; row < count; row++) {
      const of = contact[row] ?? 0;
      const place = next[of] ?? 0;
      next[of] = place + 1;
      columns.at[place] = at[row] ?? 0;
      columns.message[2 * place] = message[2 * row] ?? 0;
      columns.message[2 * place + 1] = message[2 * row + 1] ?? 0;
      for (let program = 0; program < sets.length; program++) {
        const set = sets[program];
        if (set !== undefined) set[place] = into[program]?.[given[program]?.[row] ?? 0] ?? 0;
      }
    }
  }
  const lists = numberings.map(numbering => numbering.lists);
  return { ...columns, starts, sets, lists, ends: uint32s(contacts), firstAt: float64s(contacts) };
}

/** Where a part's set numbers lead: the set of machine-made events is the same in all. */
function numberedBy(number: (slots: readonly number[]) => number) {
  return (slots: readonly number[], index: number) => (index === MACHINE_MADE ? MACHINE_MADE : number(slots));
}

/** The first and the last event of some contacts; infinity and minus infinity when there are none. */
export interface EventSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * Settles contacts from `first` up to `end`, each of them once: of the events of one message id the first of the file
 * stays, those that a machine made only tell when the contact was first seen, and the rest stands in order of time.
 */
export function settle(
  columns: UnsettledColumns,
  { first, end }: { readonly first: number; readonly end: number },
): EventSpan {
  const { starts, ends, firstAt, at, sets } = columns;
  const repeats = makeRepeats(columns.message);
  let [allFrom, allTo] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let contact = first; contact < end; contact++) {
    const [start, stop] = [starts[contact] ?? 0, starts[contact + 1] ?? 0];
    repeats.clear(stop - start);
    let kept = start;
    let from = Number.POSITIVE_INFINITY;
    let ascends = true;
    for (let row = start; row < stop; row++) {
      if (repeats.isRepeated(row)) continue;
      const when = at[row] ?? 0;
      if (when < from) from = when;
      if (when > allTo) allTo = when;
      if (sets[0]?.[row] === MACHINE_MADE) continue;
      if (kept > start && when < (at[kept - 1] ?? 0)) ascends = false;
      at[kept] = when;
      for (const set of sets) set[kept] = set[row] ?? 0;
      kept += 1;
    }
    if (!ascends) sortByTime(columns, start, kept);
    ends[contact] = kept;
    firstAt[contact] = from;
    if (from < allFrom) allFrom = from;
  }
  return { from: allFrom, to: allTo };
}

/** Tells the rows whose message was there before, since it was cleared for at most so many rows. */
function makeRepeats(message: Uint32Array) {
  let places = new Uint32Array(64);
  let mask = 0;
  return {
    clear: (rows: number) => {
      let size = 4;
      while (size < 2 * rows) size *= 2;
      if (size > places.length) places = new Uint32Array(size);
      else places.fill(0, 0, size);
      mask = size - 1;
    },
    isRepeated: (row: number): boolean => {
      const [high, low] = [message[2 * row] ?? 0, message[2 * row + 1] ?? 0];
      for (let place = low & mask; ; place = (place + 1) & mask) {
        const known = (places[place] ?? 0) - 1;
        if (known === -1) {
          places[place] = row + 1;
          return false;
        }
        if (message[2 * known] === high && message[2 * known + 1] === low) return true;
      }
    },
  };
}

function sortByTime({ at, sets }: Columns, start: number, end: number): void {
  const times = at.slice(start, end);
  const order = Uint32Array.from(times, (_, index) => index);
  order.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
  for (const column of [at, ...sets]) {
    const before = column.slice(start, end);
    for (let index = 0; index < order.length; index++) column[start + index] = before[order[index] ?? 0] ?? 0;
  }
}

/** The events of a settled contact as one program sees them; programs are counted from 0. */
export function arrivalsOf(columns: Columns, contact: number, program: number): Arrivals {
  const { starts, ends, at, sets, lists } = columns;
  return {
    at,
    set: sets[program] ?? [],
    sets: lists[program] ?? [],
    start: starts[contact] ?? 0,
    end: ends[contact] ?? 0,
  };
}
