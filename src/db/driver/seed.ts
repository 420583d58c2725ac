import { closeSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { EmscriptenBuiltinFilesystem, type Filesystem } from '@electric-sql/pglite/basefs';

/** A file of a prepared data folder, or a folder in it (`bytes` is null); `path` begins with a slash. */
interface Entry {
  readonly path: string;
  readonly bytes: Uint8Array | null;
}

/** The file system inside the embedded PostgreSQL, as far as it is used here. */
interface Files {
  readonly mkdirTree: (path: string) => void;
  readonly writeFile: (path: string, bytes: Uint8Array, options: { readonly canOwn: boolean }) => void;
  readonly quit: () => void;
}

/** A tar consists of blocks of so many bytes: one for the header of an entry, then its bytes, filled up to whole blocks. */
const BLOCK = 512;
/** Where a header says the name, the size in octal digits, and the kind of an entry: from, to. */
const NAME = [0, 100] as const;
const SIZE = [124, 136] as const;
const KIND_AT = 156;
const FOLDER = '5'.charCodeAt(0);

/** Unpacks a prepared data folder to where none is; a process that ends meanwhile leaves nothing that looks like one. */
export function unpackSeed(seed: string, folder: string): void {
  const fresh = `${folder}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  for (const { path, bytes } of readSeed(seed)) {
    const place = join(fresh, path);
    mkdirSync(bytes === null ? place : dirname(place), { recursive: true });
    if (bytes !== null) writeFileSync(place, bytes);
  }
  renameSync(fresh, folder);
}

/** A file system in memory that begins with a prepared data folder. */
export function seededMemory(seed: string): Filesystem {
  const memory = new EmscriptenBuiltinFilesystem();
  let files: Files | null = null;
  const keep = (module: { readonly FS: Files }) => {
    files = module.FS;
  };
  return {
    init: (pg, options) => memory.init(pg, { ...options, preRun: [...(options.preRun ?? []), keep] }),
    initialSyncFs: async () => {
      if (files !== null) fill(files, seed);
    },
    syncToFs: relaxed => memory.syncToFs(relaxed),
    dumpTar: (name, compression) => memory.dumpTar(name, compression),
    closeFs: async () => files?.quit(),
  };
}

function fill(files: Files, seed: string): void {
  for (const { path, bytes } of readSeed(seed)) {
    const place = join(PGlite.paths.PGDATA, path);
    files.mkdirTree(bytes === null ? place : dirname(place));
    // What was read becomes the file; a copy would be garbage of the size of the database.
    if (bytes !== null) files.writeFile(place, bytes, { canOwn: true });
  }
}

/** Reads a tar entry by entry, so that it never lies in memory as a whole. */
function* readSeed(file: string): Generator<Entry> {
  const open = openSync(file, 'r');
  try {
    const header = Buffer.alloc(BLOCK);
    for (let at = 0; readSync(open, header, 0, BLOCK, at) === BLOCK; ) {
      const path = textOf(header, NAME);
      if (path === '') return;
      const size = Number.parseInt(textOf(header, SIZE), 8);
      if (header[KIND_AT] === FOLDER) yield { path, bytes: null };
      else {
        const bytes = new Uint8Array(size);
        readSync(open, bytes, 0, size, at + BLOCK);
        yield { path, bytes };
      }
      at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    }
  } finally {
    closeSync(open);
  }
}

function textOf(header: Buffer, [from, to]: readonly [number, number]): string {
  const text = header.toString('latin1', from, to);
  const end = text.indexOf('\0');
  return end === -1 ? text : text.slice(0, end);
}
