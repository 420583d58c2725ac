import { isObject } from '../../core/condition/reading.ts';
import { type Mapping, readMapping } from '../../core/import/mapping.ts';
import type { Problem } from '../../core/problem.ts';
import { type PlacedProblem, readDocument } from './document.ts';

type MappingFile =
  | {
      readonly mapping: Mapping;
      /** What stands in the file. */
      readonly raw: Readonly<Record<string, unknown>>;
      readonly problems: null;
      /** Finds the line of a problem that shows only when the mapping meets a file. */
      readonly place: (problem: Problem) => PlacedProblem;
    }
  | { readonly mapping: null; readonly problems: readonly PlacedProblem[] };

/**
 * Reads the text of a mapping file (YAML or JSON): the mapping, or every problem with its path and line. An empty file
 * maps nothing, which is a mapping too.
 *
 * @example readMappingFile('id: Prospect ID\nmissing: [Select]').mapping?.missing // ['Select']
 */
export function readMappingFile(text: string): MappingFile {
  const { value, problems, place, placeAll } = readDocument(text);
  if (problems.length > 0) return { mapping: null, problems };
  const result = readMapping(value ?? {});
  if (result.problems !== null) return { mapping: null, problems: placeAll(result.problems) };
  return { mapping: result.mapping, raw: isObject(value) ? value : {}, problems: null, place };
}
