import { hashText } from '../text/hash.ts';
import { grown, uint16s, uint32s } from './column.ts';

/**
 * Numbers ids from 0 in the order in which they come, in memory that any thread can read: about 60 bytes for an id of ten
 * characters. Ids are compared whole, so two different ones never share a number.
 */
export interface Roster {
  count: number;
  /**
   * Open addressing, four numbers for each place: a hash, the number of an id plus one (zero: the place is free), and where
   * its text begins and ends, so that a search reads two pieces of memory only.
   */
  places: Uint32Array;
  /** Where the text of each id begins among `units`, and the end of the last. */
  starts: Uint32Array;
  /** The UTF-16 units of all ids, one after the other. */
  units: Uint16Array;
}

const PLACE = 4;

/** A roster of no ids. */
export function makeRoster(): Roster {
  return { count: 0, places: uint32s(PLACE * 64), starts: uint32s(64), units: uint16s(1024) };
}

/** The number of an id; it gets the next one when it is new. */
export function enrol(roster: Roster, id: string): number {
  const known = numberOf(roster, id);
  if (known !== -1) return known;
  const number = roster.count;
  const start = roster.starts[number] ?? 0;
  const end = start + id.length;
  roster.starts = grown(roster.starts, number + 2, uint32s);
  roster.units = grown(roster.units, end, uint16s);
  for (let index = 0; index < id.length; index++) roster.units[start + index] = id.charCodeAt(index);
  roster.starts[number + 1] = end;
  roster.count = number + 1;
  // Half of the places stay free, so that a search ends soon.
  if (2 * PLACE * roster.count > roster.places.length) spread(roster);
  occupy(roster.places, [hashText(id, 0), number + 1, start, end]);
  return number;
}

/** The number of an id; -1 when it has none. */
export function numberOf({ places, units }: Roster, id: string): number {
  const hash = hashText(id, 0);
  const mask = places.length - 1;
  for (let place = (hash * PLACE) & mask; ; place = (place + PLACE) & mask) {
    const number = (places[place + 1] ?? 0) - 1;
    if (number === -1) return -1;
    if (places[place] !== hash) continue;
    const start = places[place + 2] ?? 0;
    if ((places[place + 3] ?? 0) - start === id.length && standsAt(units, start, id)) return number;
  }
}

/** The id that has a number. */
export function idOf({ starts, units }: Roster, number: number): string {
  const start = starts[number] ?? 0;
  const end = starts[number + 1] ?? start;
  let id = '';
  for (let index = start; index < end; index++) id += String.fromCharCode(units[index] ?? 0);
  return id;
}

function standsAt(units: Uint16Array, start: number, id: string): boolean {
  for (let index = 0; index < id.length; index++)
    if (units[start + index] !== id.charCodeAt(index)) return false;
  return true;
}

function spread(roster: Roster): void {
  const { places } = roster;
  roster.places = uint32s(2 * places.length);
  for (let place = 0; place < places.length; place += PLACE)
    if (places[place + 1] !== 0) occupy(roster.places, places.subarray(place, place + PLACE));
}

function occupy(places: Uint32Array, taken: ArrayLike<number>): void {
  const mask = places.length - 1;
  let place = ((taken[0] ?? 0) * PLACE) & mask;
  while (places[place + 1] !== 0) place = (place + PLACE) & mask;
  places.set(taken, place);
}
