import { type Document, isScalar, LineCounter, type Node, parseDocument, type Scalar, visit } from 'yaml';
import { type PathStep, type Problem, quote } from '../../core/problem.ts';
import { keepDigits } from './number.ts';

/** A problem with the line and column of the file at which it stands, counted from 1; null where none is known. */
export interface PlacedProblem extends Problem {
  readonly line: number | null;
  readonly column: number | null;
}

/** A YAML or JSON file read into plain data, still knowing where each value stood. Lists of problems have an end. */
interface SourceDocument {
  readonly value: unknown;
  /** What keeps the text from being read at all. */
  readonly problems: readonly PlacedProblem[];
  /** What is probably not meant, though it can be read. */
  readonly warnings: readonly PlacedProblem[];
  readonly place: (problem: Problem) => PlacedProblem;
  /** Finds the places of several problems: of the first hundred, with a last one that counts the others. */
  readonly placeAll: (problems: readonly Problem[]) => readonly PlacedProblem[];
}

/** The largest agreement file: 1 MiB, far above any that people can read. */
const MAX_FILE_BYTES = 1024 * 1024;
/** How many aliases (`*name`) a file may use; each is looked for among all anchors. */
const MAX_ALIASES = 1_000;
/** How many problems are named: more than anybody mends before the next try. Finding the place of each takes time. */
const MAX_PROBLEMS = 100;

/**
 * Reads YAML 1.2 (core schema; JSON is a part of it). Nothing is thrown: what is wrong is in `problems`.
 *
 * @example readDocument('a: yes').warnings[0]?.message // '"yes" is text in YAML 1.2; …'
 */
export function readDocument(text: string): SourceDocument {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MAX_FILE_BYTES) {
    const message = `the file has ${bytes} bytes; expected at most ${MAX_FILE_BYTES} (1 MiB)`;
    return refuse([wholly(message)]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    lineCounter: lines,
    prettyErrors: false,
    // The library compares each key with all before it: minutes for 100,000 of them. See `findFaults`.
    uniqueKeys: false,
  });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const errors = firstOf(document.errors, ({ message, pos }) => ({ ...wholly(message), ...at(pos[0]) }));
  if (errors.length > 0) return refuse(errors);
  const faults = findFaults(document, at);
  if (faults.length > 0) return refuse(faults);
  const doubts = firstOf(keepDigits(document), ({ node, message }) => ({
    ...wholly(message),
    ...placeOf(node, at),
  }));
  const value = plain(document);
  if (value.problem !== null) return refuse([wholly(value.problem)]);
  const place = (problem: Problem) => ({ ...problem, ...locate(document, problem.steps, at) });
  return {
    value: value.data,
    problems: [],
    warnings: [...findYaml11(document, at), ...doubts],
    place,
    placeAll: found => firstOf(found, place),
  };
}

/** A problem of the file as a whole. */
function wholly(message: string): PlacedProblem {
  return { path: '', steps: [], message, line: null, column: null };
}

function refuse(problems: readonly PlacedProblem[]): SourceDocument {
  const place = (problem: Problem) => ({ ...problem, line: null, column: null });
  return { value: null, problems, warnings: [], place, placeAll: found => firstOf(found, place) };
}

/** The first hundred of some finds as problems, and how many more there are. */
function firstOf<Find>(
  finds: readonly Find[],
  place: (find: Find) => PlacedProblem,
): readonly PlacedProblem[] {
  const more = finds.length - MAX_PROBLEMS;
  const first = finds.slice(0, MAX_PROBLEMS).map(place);
  return more > 0 ? [...first, wholly(`${more} more; mend these first`)] : first;
}

/** Keys that stand twice in one map, and more aliases than can be looked up. */
function findFaults(document: Document, at: At): readonly PlacedProblem[] {
  const twice: Scalar[] = [];
  let aliases = 0;
  visit(document, {
    Alias: () => {
      aliases += 1;
    },
    Map: (_key, map) => {
      const keys = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (keys.has(key.value)) twice.push(key);
        keys.add(key.value);
      }
    },
  });
  if (aliases > MAX_ALIASES)
    return [wholly(`the file has ${aliases} aliases; expected at most ${MAX_ALIASES}`)];
  return firstOf(twice, key => ({
    ...wholly(`the key ${quote(String(key.value))} stands twice; expected each key once`),
    ...placeOf(key, at),
  }));
}

function plain(document: Document): { readonly data: unknown; readonly problem: string | null } {
  try {
    return { data: document.toJS({ maxAliasCount: 100 }), problem: null };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { data: null, problem: `the file cannot be expanded: ${reason}` };
  }
}

type At = (offset: number) => { readonly line: number; readonly column: number };

/** The place of the deepest node on a path that the file really has. */
function locate(document: Document, steps: readonly PathStep[], at: At) {
  for (let length = steps.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(steps.slice(0, length), true);
    const offset = offsetOf(node);
    if (offset !== null) return at(offset);
  }
  return { line: null, column: null };
}

function offsetOf(node: unknown): number | null {
  if (typeof node !== 'object' || node === null || !('range' in node)) return null;
  const { range } = node;
  const start: unknown = Array.isArray(range) ? range[0] : null;
  return typeof start === 'number' ? start : null;
}

const YAML11_SWITCH = /^(?:yes|no|on|off)$/i;

function findYaml11(document: Document, at: At): readonly PlacedProblem[] {
  const switches: Scalar<string>[] = [];
  visit(document, {
    Scalar: (key, node) => {
      if (key === 'key' || node.type !== 'PLAIN' || !isText(node)) return;
      if (YAML11_SWITCH.test(node.value)) switches.push(node);
    },
  });
  const doubts = firstOf(switches, node => ({
    ...wholly(
      `${quote(node.value)} is text in YAML 1.2; write true or false if a switch is meant, or quote it`,
    ),
    ...placeOf(node, at),
  }));
  if (document.directives?.yaml.explicit !== true || document.directives.yaml.version !== '1.1')
    return doubts;
  const version = { ...wholly('the file says %YAML 1.1; it is read as YAML 1.2'), line: 1, column: 1 };
  return [version, ...doubts];
}

function isText(node: Scalar): node is Scalar<string> {
  return typeof node.value === 'string';
}

function placeOf(node: Node, at: At) {
  const offset = isScalar(node) ? offsetOf(node) : null;
  return offset === null ? { line: null, column: null } : at(offset);
}
