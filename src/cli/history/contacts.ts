import type { ProfileVersion } from '../../core/contact/profile.ts';
import { float64s, grown, uint32s } from '../../core/replay/column.ts';
import { enrol, makeRoster, type Roster } from '../../core/replay/roster.ts';
import { readContactLine } from '../../core/scoring/facts.ts';
import { type Fault, type Lines, readJsonLines } from './jsonlines.ts';

/**
 * The contacts of a history, in memory that any thread can read. Their lines are kept as the bytes of the file, and are
 * parsed when a contact's turn comes: a contact costs its lines, its id and about 100 bytes.
 */
export interface Contacts {
  roster: Roster;
  /** The earliest creation given with a line of each contact, epoch ms. */
  createdAt: Float64Array;
  /** The number of the last line of each contact, and of the line of the same contact before each line; 0 for none. */
  lastLine: Uint32Array;
  lineBefore: Uint32Array;
  /** Where the line of each number stands: its block, and its first byte and the end in it. Numbers begin with 1. */
  places: Uint32Array;
  lines: number;
  readonly blocks: Uint8Array[];
}

/** Nobody. */
export function makeContacts(): Contacts {
  return {
    roster: makeRoster(),
    createdAt: float64s(64),
    lastLine: uint32s(64),
    lineBefore: uint32s(64),
    places: uint32s(3 * 64),
    lines: 0,
    blocks: [],
  };
}

/** What is read of a block of a contacts file: for each line that is taken an id, a creation (epoch ms) and its place. */
export interface ContactRows {
  readonly lines: number;
  readonly faults: readonly Fault[];
  readonly ids: readonly string[];
  readonly createdAt: readonly number[];
  readonly places: readonly number[];
}

/** Reads a block of a contacts file. */
export function readContacts(block: Lines): ContactRows {
  const ids: string[] = [];
  const createdAt: number[] = [];
  const places: number[] = [];
  const read = readJsonLines(block, (line, { start, end }) => {
    const reading = readContactLine(line);
    if (reading.kind === 'wrong') return reading.message;
    ids.push(reading.contact.id);
    createdAt.push(reading.contact.createdAt);
    places.push(start, end);
    return null;
  });
  return { ids, createdAt, places, ...read };
}

/** Adds what was read of a block, which is kept; null keeps no profiles. */
export function addContacts(contacts: Contacts, rows: ContactRows, block: Uint8Array | null): void {
  const { roster } = contacts;
  rows.ids.forEach((id, row) => {
    const count = roster.count;
    const contact = enrol(roster, id);
    contacts.createdAt = grown(contacts.createdAt, roster.count, float64s);
    const created = rows.createdAt[row] ?? 0;
    const known = contact === count ? created : (contacts.createdAt[contact] ?? created);
    contacts.createdAt[contact] = Math.min(known, created);
    if (block !== null)
      addLine(contacts, contact, [rows.places[2 * row] ?? 0, rows.places[2 * row + 1] ?? 0]);
  });
  if (block !== null) contacts.blocks.push(block);
}

function addLine(contacts: Contacts, contact: number, [start, end]: readonly [number, number]): void {
  const line = contacts.lines + 1;
  contacts.lastLine = grown(contacts.lastLine, contact + 1, uint32s);
  contacts.lineBefore = grown(contacts.lineBefore, line + 1, uint32s);
  contacts.places = grown(contacts.places, 3 * (line + 1), uint32s);
  contacts.places.set([contacts.blocks.length, start, end], 3 * line);
  contacts.lineBefore[line] = contacts.lastLine[contact] ?? 0;
  contacts.lastLine[contact] = line;
  contacts.lines = line;
}

/** The versions of a contact's profile in the order of the file; none when no profiles were kept. */
export function versionsOf(contacts: Contacts, contact: number): readonly ProfileVersion[] {
  const versions: ProfileVersion[] = [];
  const { lastLine, lineBefore, places, blocks } = contacts;
  for (let line = lastLine[contact] ?? 0; line !== 0; line = lineBefore[line] ?? 0) {
    const block = blocks[places[3 * line] ?? 0];
    if (block === undefined) continue;
    const [start, end] = [places[3 * line + 1] ?? 0, places[3 * line + 2] ?? 0];
    const text = Buffer.from(block.buffer, block.byteOffset + start, end - start).toString('utf8');
    const reading = readContactLine(JSON.parse(text));
    if (reading.kind === 'contact') versions.push(reading.contact.version);
  }
  return versions.reverse();
}
