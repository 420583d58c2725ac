import { type EventReading, readEventLine } from '../scoring/facts.ts';
import type { Program } from '../scoring/program.ts';
import { hashText } from '../text/hash.ts';
import { float64s, grown, uint32s } from './column.ts';
import { numberOf, type Roster } from './roster.ts';

/** Events as they are read, a row for each in the order of the file: 24 bytes for one program. Epoch ms. */
export interface Rows {
  readonly count: number;
  /** Whose event it is: the number of the contact in the roster. */
  readonly contact: Uint32Array;
  readonly at: Float64Array;
  /** Two numbers a row that stand for its message id: 64 bits, by which a contact's repeated messages are known. */
  readonly message: Uint32Array;
  /** For each program which of its `lists` holds the slots that the event matches; `MACHINE_MADE` counts for none. */
  readonly sets: readonly Uint32Array[];
  /** For each program the lists of slots that occur. */
  readonly lists: readonly (readonly (readonly number[])[])[];
}

/** The set of an event that a machine made: it tells when the contact was first seen, and nothing else. */
export const MACHINE_MADE = 0;

/** What became of an event line: taken, passed over with good reason, or wrong. */
type EventOutcome =
  | { readonly kind: 'taken' | 'unknownContact' }
  | Exclude<EventReading, { readonly kind: 'event' }>;

/** Gathers event lines into rows. */
interface Gatherer {
  readonly add: (line: unknown) => EventOutcome;
  /** The rows since the last call; the gatherer is empty afterwards. */
  readonly take: () => Rows;
}

const TAKEN: EventOutcome = { kind: 'taken' };
const UNKNOWN_CONTACT: EventOutcome = { kind: 'unknownContact' };

/** A gatherer for events of the contacts of a roster, matched for each of some programs. */
export function makeGatherer(programs: readonly Program[], roster: Roster): Gatherer {
  let count = 0;
  let contact = uint32s(1024);
  let at = float64s(1024);
  let message = uint32s(2 * 1024);
  let sets = programs.map(() => uint32s(1024));
  let numberings = programs.map(makeNumbering);
  return {
    add: line => {
      const reading = readEventLine(line);
      if (reading.kind !== 'event') return reading;
      const { contactId, messageId, isMachine, event } = reading.line;
      const number = numberOf(roster, contactId);
      if (number === -1) return UNKNOWN_CONTACT;
      if (count === at.length) {
        contact = grown(contact, count + 1, uint32s);
        at = grown(at, count + 1, float64s);
        message = grown(message, 2 * (count + 1), uint32s);
        sets = sets.map(set => grown(set, count + 1, uint32s));
      }
      contact[count] = number;
      at[count] = event.at;
      message[2 * count] = hashText(messageId, 1);
      message[2 * count + 1] = hashText(messageId, 2);
      for (let index = 0; index < programs.length; index++) {
        const [set, program] = [sets[index], programs[index]];
        if (set === undefined || program === undefined) continue;
        set[count] = isMachine ? MACHINE_MADE : (numberings[index]?.number(program.slotsOf(event)) ?? 0);
      }
      count += 1;
      return TAKEN;
    },
    take: () => {
      const rows = {
        count,
        contact: contact.slice(0, count),
        at: at.slice(0, count),
        message: message.slice(0, 2 * count),
        sets: sets.map(set => set.slice(0, count)),
        lists: numberings.map(({ lists }) => lists),
      };
      count = 0;
      numberings = programs.map(makeNumbering);
      return rows;
    },
  };
}

/** Numbers of lists of slots; equal lists get the same one. */
interface SetNumbering {
  readonly lists: readonly (readonly number[])[];
  readonly number: (slots: readonly number[]) => number;
}

/** A place in the tree of all lists by their elements: an empty list stands at its root. */
interface Place {
  number: number;
  readonly after: (Place | undefined)[];
}

/** A numbering in which `MACHINE_MADE` is taken already. */
export function makeNumbering(): SetNumbering {
  const lists: (readonly number[])[] = [[]];
  const root: Place = { number: -1, after: [] };
  return {
    lists,
    number: slots => {
      let place = root;
      for (let index = 0; index < slots.length; index++) {
        const slot = slots[index] ?? 0;
        let next = place.after[slot];
        if (next === undefined) {
          next = { number: -1, after: [] };
          place.after[slot] = next;
        }
        place = next;
      }
      if (place.number === -1) place.number = lists.push(slots) - 1;
      return place.number;
    },
  };
}
