import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mapping, NO_MAPPING } from '../../src/core/import/mapping.ts';
import type { ImportKind } from '../../src/core/import/target.ts';
import type { App } from '../../src/loop/app.ts';
import { openImport } from '../../src/loop/import/batch.ts';
import { openRows } from '../../src/loop/import/rows.ts';

/** What became of a file. */
export interface Imported {
  readonly batchId: string;
  readonly taken: number;
  /** `line: reason` of each row that could be read but not taken. */
  readonly refused: readonly string[];
}

/** Imports lines of a file as the command does, without the command. */
export async function importLines(
  app: App,
  kind: ImportKind,
  lines: readonly object[] | string,
  how: { readonly opensNow?: boolean; readonly batchSize?: number; readonly mapping?: Mapping } = {},
): Promise<Imported> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-imported-'));
  const isText = typeof lines === 'string';
  const path = join(folder, isText ? 'file.csv' : 'file.jsonl');
  await writeFile(path, isText ? lines : lines.map(line => `${JSON.stringify(line)}\n`).join(''));
  try {
    return await importFile(app, { kind, path, ...how });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Imports a file; a row that cannot be read is an error of the test. */
export async function importFile(
  app: App,
  of: {
    readonly kind: ImportKind;
    readonly path: string;
    readonly opensNow?: boolean;
    readonly batchSize?: number;
    readonly mapping?: Mapping;
  },
): Promise<Imported> {
  const { kind, path, opensNow = false, batchSize = 2_000, mapping = NO_MAPPING } = of;
  const { file, problems } = await openRows({ path, kind, batchSize, mapping });
  if (file === null) throw new Error(problems.map(({ message }) => message).join('; '));
  const batch = await openImport(app, { kind, file: path, opensNow }).catch((error: unknown) => {
    file.close();
    throw error;
  });
  const refused: string[] = [];
  let taken = 0;
  const count = (done: Awaited<ReturnType<typeof batch.take>>) => {
    taken += done.taken;
    refused.push(...done.refused.map(({ line, reason }) => `${line}: ${reason}`));
  };
  for await (const rows of file.batches) {
    count(
      await batch.take(
        rows.map(({ line, result }) => {
          if (result.kind === 'problem' || result.kind === 'passed')
            throw new Error(`${line}: ${result.reason}`);
          return { line, result };
        }),
      ),
    );
  }
  count(await batch.finish());
  return { batchId: batch.batchId, taken, refused };
}
