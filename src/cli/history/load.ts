import type { Agreement } from '../../core/agreement/agreement.ts';
import { type EventSpan, joinRows } from '../../core/replay/columns.ts';
import type { Rows } from '../../core/replay/eventrows.ts';
import { compile } from '../../core/scoring/program.ts';
import { counted } from '../../core/text/number.ts';
import { type Block, readBlocks } from '../../loop/import/blocks.ts';
import { isDamage, openFile } from '../../loop/import/file.ts';
import { Failure } from '../failure.ts';
import { note } from '../file/print.ts';
import { startProgress } from '../file/progress.ts';
import { addContacts, type Contacts, makeContacts } from './contacts.ts';
import type { Crew } from './crew.ts';
import type { Range } from './hand.ts';
import { type Fault, MAX_LINE_BYTES } from './jsonlines.ts';
import { inOrder } from './order.ts';

/** A history that a crew holds ready. */
export interface History {
  readonly contacts: number;
  /** The first and the last event of all; infinity and minus infinity without any. Epoch ms. */
  readonly bounds: EventSpan;
  /** How many lines could not be used; each was named on stderr. */
  readonly wrong: number;
}

/** Files of contacts and of events, each read in turn as if they were one. */
export interface Files {
  readonly contacts: readonly string[];
  readonly events: readonly string[];
}

const BLOCK_BYTES = 4 * 1024 * 1024;
/** How many contacts are one piece of work: enough that asking costs nothing, and their printed lines are not much. */
const PIECE = 2_000;

/** Reads files into the memory of a crew, ready to be scored or replayed under the agreements that it works for. */
export async function loadHistory(
  crew: Crew,
  agreements: readonly Agreement[],
  files: Files,
): Promise<History> {
  const keepsProfiles = agreements.some(agreement => compile(agreement).table.fields.length > 0);
  const known = await loadContacts(crew, files.contacts, keepsProfiles);
  await crew.tell('meet', known.contacts);
  const { parts, wrong } = await loadEvents(crew, files);
  const contacts = known.contacts.roster.count;
  await crew.tell('hold', joinRows(parts.splice(0), contacts));
  const bounds = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };
  for await (const { answer } of inOrder(piecesOf(contacts), crew.width, piece =>
    crew.ask('settle', piece),
  )) {
    bounds.from = Math.min(bounds.from, answer.from);
    bounds.to = Math.max(bounds.to, answer.to);
  }
  return { contacts, bounds, wrong: known.wrong + wrong };
}

/** Cuts so many contacts into pieces of work. */
export function* piecesOf(contacts: number): Generator<Range> {
  for (let first = 0; first < contacts; first += PIECE)
    yield { first, end: Math.min(contacts, first + PIECE) };
}

async function loadContacts(
  crew: Crew,
  files: readonly string[],
  keepsProfiles: boolean,
): Promise<{ readonly contacts: Contacts; readonly wrong: number }> {
  const contacts = makeContacts();
  let wrong = 0;
  for (const file of files) {
    wrong += await readFile(file, {
      what: 'contacts',
      crew,
      ask: block => crew.ask('readContacts', block),
      take: (rows, bytes) => {
        addContacts(contacts, rows, keepsProfiles ? bytes : null);
        return !keepsProfiles;
      },
    });
  }
  return { contacts, wrong };
}

async function loadEvents(
  crew: Crew,
  { contacts, events }: Files,
): Promise<{ readonly parts: Rows[]; readonly wrong: number }> {
  const parts: Rows[] = [];
  let wrong = 0;
  for (const file of events) {
    let strangers = 0;
    wrong += await readFile(file, {
      what: 'events',
      crew,
      ask: block => crew.ask('readEvents', block),
      take: answer => {
        parts.push(answer.rows);
        strangers += answer.strangers;
        return true;
      },
    });
    if (strangers > 0)
      note(
        `${file}: passed over ${counted(strangers, 'event')} of contacts that ${contacts.join(', ')} does not have`,
      );
  }
  return { parts, wrong };
}

interface Reading<Answer> {
  readonly what: string;
  readonly crew: Crew;
  readonly ask: (block: Block) => Promise<Answer>;
  /** Takes what a block gave; true when the memory of the block can be used again. */
  readonly take: (answer: Answer, bytes: Uint8Array) => boolean;
}

/** Reads a file block by block, in the order of the file; names each line that cannot be used, and returns how many. */
async function readFile<Answer extends { readonly lines: number; readonly faults: readonly Fault[] }>(
  path: string,
  { what, crew, ask, take }: Reading<Answer>,
): Promise<number> {
  const file = await openFile(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  const free: Buffer[] = [];
  const sizes = {
    blockBytes: BLOCK_BYTES,
    maxLineBytes: MAX_LINE_BYTES,
    allocate: (bytes: number) =>
      (bytes === BLOCK_BYTES ? free.pop() : undefined) ?? Buffer.from(new SharedArrayBuffer(bytes)),
  };
  const { totalBytes } = file.progress();
  const progress = startProgress(`reading ${what} (MB)`, Math.ceil(totalBytes / 1e6));
  let lines = 0;
  let wrong = 0;
  const complain = (message: string, line: number) => {
    wrong += 1;
    note(`${path}:${line}: ${message}`);
  };
  try {
    for await (const { item, answer } of inOrder(readBlocks(file.chunks, sizes), crew.width, ask)) {
      for (const { line, message } of answer.faults) complain(message, lines + line + 1);
      lines += answer.lines;
      const isFree = take(answer, item.bytes);
      if (isFree && item.bytes.buffer.byteLength === BLOCK_BYTES) free.push(Buffer.from(item.bytes.buffer));
      progress.report(Math.round(file.progress().readBytes / 1e6));
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    complain(`the file cannot be read further: ${error.message}`, lines + 1);
  } finally {
    progress.stop();
    file.close();
  }
  return wrong;
}

function unreadable(path: string, error: unknown): unknown {
  if (!isDamage(error)) return error;
  return new Failure(`${path}: cannot be read (${error.message}); expected a readable file`);
}
