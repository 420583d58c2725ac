import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { z } from 'zod';
import { type StreamMessage, streamMessage } from '../../contract/stream.ts';
import type { Database } from '../../db/database.ts';
import { notifyNodes } from '../../db/notification.ts';
import type { Hub } from '../app.ts';

/** The channel on which nodes tell each other. */
const CHANNEL = 'baton';
/** PostgreSQL refuses a notification of 8000 bytes or more. */
const MAX_PAYLOAD_BYTES = 7_900;
/** Messages are gathered this long, so that a contact with fifty events is told of once; alerts do not wait. */
const GATHER_MS = 100;
/** How many contacts one gathering names: an import must not drown the browsers. */
const MAX_GATHERED = 400;
/** How much of an alert other nodes are sent when it is too long for a notification, in characters. */
const CUT_LABEL = 200;
const CUT_TEXT = 500;

/** A message on its way: to one user, or to everybody for null. */
interface Letter {
  readonly to: string | null;
  readonly message: StreamMessage;
}

const packet = z.object({
  from: z.string(),
  letters: z.array(z.object({ to: z.string().nullable(), message: streamMessage })),
});

/** A hub that holds a listening connection until it is closed. */
export interface OpenHub extends Hub {
  readonly close: () => Promise<void>;
}

/**
 * Opens the hub of this node: browsers here are told directly, those of other nodes by a notification through the
 * database. Publish after the commit, never before. Messages may be lost with a connection to the database; browsers are then told to
 * ask for everything again.
 */
export async function makeHub(db: Database, log: Logger): Promise<OpenHub> {
  const node = randomUUID();
  const listeners = new Map<string, Set<(message: StreamMessage) => void>>();
  const gathered = new Map<string, Letter>();
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;
  let telling: Promise<void> = Promise.resolve();

  const deliver = ({ to, message }: Letter) => {
    const sets = to === null ? listeners.values() : [listeners.get(to) ?? new Set()];
    for (const set of sets) for (const listener of set) listener(message);
  };
  const flush = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const letters = [...gathered.values()];
    gathered.clear();
    letters.forEach(deliver);
    if (isShared && !isClosed && letters.length > 0) tell(letters);
  };
  const tell = (letters: readonly Letter[]) => {
    telling = notifyNodes(db, { channel: CHANNEL, payloads: pack(node, letters) }).catch((error: unknown) => {
      log.warn({ err: error }, 'other nodes could not be told what changed');
    });
  };
  const receive = (payload: string) => {
    const read = packet.safeParse(parse(payload));
    if (!read.success) return log.warn('a notification of another node could not be read');
    if (read.data.from !== node) read.data.letters.forEach(deliver);
  };

  // Nobody knows what other nodes said meanwhile: everything that is shown may be out of date.
  const onGap = () => deliver({ to: null, message: { kind: 'gap' } });

  // PGlite lives in one process: there are no other nodes to tell.
  const isShared = db.kind === 'postgres';
  const stopListening = isShared ? await db.listen(CHANNEL, { onMessage: receive, onGap }) : async () => {};
  return {
    publish: (to, message) => {
      if (isClosed || (message.kind === 'contact' && gathered.size >= MAX_GATHERED)) return;
      // Of how far the demo has come, only the last word counts.
      gathered.set(JSON.stringify([to, message.kind === 'demo' ? 'demo' : message]), { to, message });
      if (message.kind === 'alert') return flush();
      timer ??= setTimeout(flush, GATHER_MS).unref();
    },
    subscribe: (userId, onMessage) => {
      const set = listeners.get(userId) ?? new Set();
      listeners.set(userId, set.add(onMessage));
      return () => {
        set.delete(onMessage);
        if (set.size === 0 && listeners.get(userId) === set) listeners.delete(userId);
      };
    },
    close: async () => {
      flush();
      isClosed = true;
      await telling;
      await stopListening();
    },
  };
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return null;
  }
}

/** Writes letters into as few payloads as fit. */
function pack(from: string, letters: readonly Letter[]): readonly string[] {
  const payloads: string[] = [];
  const room = MAX_PAYLOAD_BYTES - JSON.stringify({ from, letters: [] }).length;
  let parts: string[] = [];
  let used = 0;
  const close = () => {
    if (parts.length > 0) payloads.push(`{"from":${JSON.stringify(from)},"letters":[${parts.join(',')}]}`);
    parts = [];
    used = 0;
  };
  for (const letter of letters) {
    const part = write(letter, room);
    const bytes = Buffer.byteLength(part) + 1;
    if (used + bytes > room) close();
    parts.push(part);
    used += bytes;
  }
  close();
  return payloads;
}

function write(letter: Letter, room: number): string {
  const whole = JSON.stringify(letter);
  const { message } = letter;
  if (message.kind !== 'alert' || Buffer.byteLength(whole) < room) return whole;
  const { label, text } = message.alert;
  const alert = { ...message.alert, label: cut(label, CUT_LABEL), text: cut(text, CUT_TEXT) };
  return JSON.stringify({ ...letter, message: { ...message, alert } });
}

/** Cuts text to a number of characters, never through one. */
function cut(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}
