import { createHash, randomBytes } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { formatInstant } from '../../core/time/instant.ts';

/** Says that a data folder cannot be used; the message is for a person. */
export class FolderError extends Error {}

/** A data folder that this process holds. */
export interface FolderLock {
  /** The file that shows it to others: its time says that the process lives, and it is ours while it is there. */
  readonly file: string;
  readonly unlock: () => void;
}

/** How long a lock that cannot be asked may show no life before it is taken over, in ms; it is renewed each second. */
const SILENT_MS = 10_000;
/** How often its time is looked at meanwhile, in ms. */
const LOOK_EVERY_MS = 500;
/** How often a process looks again whether others that came at the same moment have left, and after how long, in ms. */
const TRIES = 5;
const TRY_AGAIN_MS = 100;
/** The longest address of a socket, in bytes: macOS takes 103, Linux 107. */
const MAX_ADDRESS = 100;

/** What the name of a lock says: when it was made (base 36, so that names sort by age), on which kernel and disk, by which process. */
const NAME = /^lock-([0-9a-z]+)-([0-9a-f]{8})-(\d+)-[0-9a-f]{8}$/;

/**
 * Takes a data folder for this process alone; an embedded database in two processes would destroy itself. A lock is a
 * socket of its own name in the folder, shown before the others are looked at: of two that come at the same moment at
 * least one sees the other. The socket of a living process can be connected to, also from another container, however
 * busy it is; one that is refused was left behind. On another kernel that says nothing, nor is there a socket on every
 * disk: there a lock counts as left behind when its time stands still for ten seconds, and `onWait` is called first.
 */
export async function lockFolder(
  folder: string,
  { onWait = () => {}, silentMs = SILENT_MS } = {},
): Promise<FolderLock> {
  const origin = originOf(folder);
  const name = `lock-${Date.now().toString(36)}-${origin}-${process.pid}-${randomBytes(4).toString('hex')}`;
  const file = join(folder, name);
  const server = await show(folder, name);
  const unlock = () => {
    server?.close();
    rmSync(file, { force: true });
  };
  try {
    for (let tried = 1; ; tried++) {
      const [first] = await listLiving(folder, { name, origin, onWait, silentMs });
      if (first === undefined) return { file, unlock };
      // Who came first stays. It may be about to leave, for one that came before it.
      if (tried === TRIES || first < name) throw new FolderError(inUse(folder, first, origin));
      await wait(TRY_AGAIN_MS);
    }
  } catch (error) {
    unlock();
    throw error;
  }
}

function inUse(folder: string, name: string, origin: string): string {
  const [, since = '', theirs, pid] = NAME.exec(name) ?? [];
  const where = theirs === origin ? 'of this machine or of a container on it' : 'of another machine';
  return (
    `the data folder ${folder} is in use by process ${pid} ${where}, since ${formatInstant(Number.parseInt(since, 36))}; ` +
    'stop it, or choose another folder with --data-dir or BATON_DATA_DIR'
  );
}

/** Makes the folder if need be; answers by which kernel and on which disk it is seen: there, sockets can be asked. */
function originOf(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true });
    return createHash('sha256')
      .update(`${kernel()} ${statSync(folder).dev}`)
      .digest('hex')
      .slice(0, 8);
  } catch (error) {
    throw new FolderError(`the data folder ${folder} cannot be made: ${wordsOf(error)}`);
  }
}

/** Containers share the kernel of their host, and none of their names. */
function kernel(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
  } catch {
    return hostname();
  }
}

/** Shows a lock in the folder: a socket, which is named once it can be connected to, or a file where there are none. */
async function show(folder: string, name: string): Promise<Server | null> {
  const file = join(folder, name);
  try {
    const server = await withAddress(folder, `${name}.new`, listen).catch(() => null);
    if (server === null) writeFileSync(file, '');
    else renameSync(`${file}.new`, file);
    return server;
  } catch (error) {
    throw new FolderError(`the data folder ${folder} cannot be written: ${wordsOf(error)}`);
  }
}

function listen(address: string): Promise<Server> {
  return new Promise((done, fail) => {
    const server = createServer(socket => socket.destroy());
    server.once('error', fail);
    server.listen(address, () => done(server.unref()));
  });
}

interface Own {
  readonly name: string;
  readonly origin: string;
  readonly onWait: () => void;
  readonly silentMs: number;
}

/** The locks of other living processes, the oldest first; those that were left behind are removed. */
async function listLiving(folder: string, own: Own): Promise<readonly string[]> {
  const others = readdirSync(folder).filter(name => NAME.test(name) && name !== own.name);
  const living = await Promise.all(
    others.map(async name => {
      if (await isAlive(folder, name, own)) return [name];
      rmSync(join(folder, name), { force: true });
      return [];
    }),
  );
  return living.flat().sort();
}

async function isAlive(folder: string, name: string, own: Own): Promise<boolean> {
  const file = join(folder, name);
  const before = lstatSync(file, { throwIfNoEntry: false });
  if (before === undefined) return false;
  if (before.isSocket() && NAME.exec(name)?.[2] === own.origin) {
    const isAnswered = await withAddress(folder, name, answers).catch(() => null);
    if (isAnswered !== null) return isAnswered;
  }
  own.onWait();
  for (let waitedMs = 0; waitedMs < own.silentMs; waitedMs += LOOK_EVERY_MS) {
    await wait(LOOK_EVERY_MS);
    // Another one that waits must see that we live.
    renewLock(join(folder, own.name));
    const now = lstatSync(file, { throwIfNoEntry: false });
    if (now?.mtimeMs !== before.mtimeMs) return now !== undefined;
  }
  return false;
}

/** Says by the time of a lock that its process lives. */
function renewLock(file: string): void {
  const now = new Date();
  utimesSync(file, now, now);
}

/** Whether a process listens at an address. The system connects even while that process is busy or halted. */
function answers(address: string): Promise<boolean> {
  return new Promise(done => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', error => done(!('code' in error) || !NOBODY.has(String(error.code))));
  });
}

/** How the system says that nobody listens; anything else, such as a lack of rights, says nothing. */
const NOBODY = new Set(['ECONNREFUSED', 'ENOENT']);

/** Uses the address of a socket in a folder; a folder with a long path is reached by a link with a short one. */
async function withAddress<T>(
  folder: string,
  name: string,
  use: (address: string) => Promise<T>,
): Promise<T> {
  const direct = [join(folder, name), relative('', join(folder, name))].find(
    path => Buffer.byteLength(path) <= MAX_ADDRESS,
  );
  if (direct !== undefined) return use(direct);
  const short = mkdtempSync(join(tmpdir(), 'baton-'));
  try {
    symlinkSync(resolve(folder), join(short, 'd'));
    return await use(join(short, 'd', name));
  } finally {
    rmSync(short, { recursive: true, force: true });
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
