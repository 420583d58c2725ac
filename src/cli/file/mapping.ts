import { readFile } from 'node:fs/promises';
import type { PlacedProblem } from '../../contract/file/document.ts';
import { readMappingFile } from '../../contract/file/mapping.ts';
import { isObject } from '../../core/condition/reading.ts';
import { isZoneName, readFormat } from '../../core/import/date.ts';
import { KNOWN_SOURCES, type Mapping, readMapping } from '../../core/import/mapping.ts';
import { type Problem, quote } from '../../core/problem.ts';
import { listed } from '../../core/text/number.ts';
import { Failure } from '../failure.ts';
import { formatProblem } from './agreement.ts';

/** A mapping as the options of a call name it. */
export interface LoadedMapping {
  readonly path: string;
  /** The content of its file, with the options laid over it. */
  readonly raw: Readonly<Record<string, unknown>>;
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
  const { dates: format, zone, encoding } = options;
  if (format !== undefined && readFormat(format) === null)
    throw new Failure(
      `--dates: expected a date format such as DD.MM.YYYY, MM/DD/YYYY or YYYY-MM-DD, got ${quote(format)}`,
    );
  if (zone !== undefined && !isZoneName(zone))
    throw new Failure(
      `--zone: expected a time zone such as Europe/Berlin, or an offset such as +01:00, got ${quote(zone)}`,
    );
  const { path, raw: written, place } = await loadMapping(options.mapping);
  const dates = {
    ...(isObject(written.dates) ? written.dates : {}),
    ...(format === undefined ? {} : { format }),
    ...(zone === undefined ? {} : { zone }),
  };
  const raw = {
    ...written,
    ...(Object.keys(dates).length === 0 ? {} : { dates }),
    ...(encoding === undefined ? {} : { encoding }),
  };
  const { mapping, problems } = readMapping(raw);
  if (mapping !== null) return { path, raw, mapping, place };
  throw new Failure(problems.map(({ path: at, message }) => `${at}: ${message}`).join('\n'));
}

async function loadMapping(name: string | undefined): Promise<Pick<LoadedMapping, 'path' | 'raw' | 'place'>> {
  if (name === undefined) return { path: '', raw: {}, place: null };
  if (KNOWN_SOURCES.some(source => source === name)) return { path: name, raw: { like: name }, place: null };
  const text = await readFile(name, 'utf8').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(
      `${name}: cannot be read (${reason}); expected a file, or ${listed(KNOWN_SOURCES, 'or')}`,
    );
  });
  const read = readMappingFile(text);
  if (read.problems !== null)
    throw new Failure(read.problems.map(problem => formatProblem(name, problem)).join('\n'));
  return { path: name, raw: read.raw, place: read.place };
}
