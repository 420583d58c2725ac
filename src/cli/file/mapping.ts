import { readFile } from 'node:fs/promises';
import type { PlacedProblem } from '../../contract/file/document.ts';
import { readMappingFile } from '../../contract/file/mapping.ts';
import { isZoneName, readFormat } from '../../core/import/date.ts';
import { KNOWN_SOURCES, type Mapping, NO_MAPPING } from '../../core/import/mapping.ts';
import { type Problem, quote } from '../../core/problem.ts';
import { Failure } from '../failure.ts';
import { formatProblem } from './agreement.ts';

/** A mapping as the options of a call name it. */
export interface LoadedMapping {
  readonly path: string;
  readonly mapping: Mapping;
  /** Finds the line of a problem in the mapping's file; null where there is none. */
  readonly place: ((problem: Problem) => PlacedProblem) | null;
}

interface MappingOptions {
  readonly mapping?: string;
  readonly dates?: string;
  readonly zone?: string;
  readonly encoding?: string;
}

/** Reads the mapping that options name, a file or a shipped one, with what the other options say laid over it. */
export async function mappingOf(options: MappingOptions): Promise<LoadedMapping> {
  const loaded = await loadMapping(options.mapping);
  const { mapping } = loaded;
  const order = options.dates === undefined ? mapping.dates.order : readFormat(options.dates);
  if (options.dates !== undefined && order === null)
    throw new Failure(
      `--dates: expected a date format such as DD.MM.YYYY, MM/DD/YYYY or YYYY-MM-DD, got ${quote(options.dates)}`,
    );
  if (options.zone !== undefined && !isZoneName(options.zone))
    throw new Failure(
      `--zone: expected a time zone such as Europe/Berlin, or an offset such as +01:00, got ${quote(options.zone)}`,
    );
  return {
    ...loaded,
    mapping: {
      ...mapping,
      encoding: options.encoding ?? mapping.encoding,
      dates: { ...mapping.dates, order, zone: options.zone ?? mapping.dates.zone },
    },
  };
}

async function loadMapping(name: string | undefined): Promise<LoadedMapping> {
  if (name === undefined) return { path: '', mapping: NO_MAPPING, place: null };
  const shipped = KNOWN_SOURCES.find(source => source === name);
  if (shipped !== undefined) return { path: name, mapping: { ...NO_MAPPING, like: shipped }, place: null };
  const text = await readFile(name, 'utf8').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    const known = `${KNOWN_SOURCES.slice(0, -1).join(', ')} or ${KNOWN_SOURCES.at(-1)}`;
    throw new Failure(`${name}: cannot be read (${reason}); expected a file, or one of ${known}`);
  });
  const read = readMappingFile(text);
  if (read.problems !== null)
    throw new Failure(read.problems.map(problem => formatProblem(name, problem)).join('\n'));
  return { path: name, mapping: read.mapping, place: read.place };
}
