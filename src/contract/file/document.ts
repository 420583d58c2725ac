import { type Document, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { type PathStep, type Problem, quote } from '../../core/problem.ts';

/** A problem with the line and column of the file at which it stands, counted from 1; null where none is known. */
export interface PlacedProblem extends Problem {
  readonly line: number | null;
  readonly column: number | null;
}

/** A YAML or JSON file read into plain data, still knowing where each value stood. */
interface SourceDocument {
  readonly value: unknown;
  /** What keeps the text from being read at all. */
  readonly problems: readonly PlacedProblem[];
  /** What is probably not meant, though it can be read. */
  readonly warnings: readonly PlacedProblem[];
  readonly place: (problem: Problem) => PlacedProblem;
}

/** The largest agreement file: 1 MiB, far above any that people can read. */
const MAX_FILE_BYTES = 1024 * 1024;

/**
 * Reads YAML 1.2 (core schema; JSON is a part of it). Nothing is thrown: what is wrong is in `problems`.
 *
 * @example readDocument('a: yes').warnings[0]?.message // '"yes" is text in YAML 1.2; …'
 */
export function readDocument(text: string): SourceDocument {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MAX_FILE_BYTES) {
    const message = `the file has ${bytes} bytes; expected at most ${MAX_FILE_BYTES} (1 MiB)`;
    return refuse({ path: '', steps: [], message, line: null, column: null });
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    lineCounter: lines,
    prettyErrors: false,
  });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const problems = document.errors.map(error => ({
    path: '',
    steps: [],
    message: error.message,
    ...at(error.pos[0]),
  }));
  if (problems.length > 0) return refuse(...problems);
  const value = plain(document);
  if (value.problem !== null)
    return refuse({ path: '', steps: [], message: value.problem, line: null, column: null });
  return {
    value: value.data,
    problems: [],
    warnings: findYaml11(document, at),
    place: problem => ({ ...problem, ...locate(document, problem.steps, at) }),
  };
}

function refuse(...problems: readonly PlacedProblem[]): SourceDocument {
  return {
    value: null,
    problems,
    warnings: [],
    place: problem => ({ ...problem, line: null, column: null }),
  };
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
  const found: PlacedProblem[] = [];
  visit(document, {
    Scalar: (key, node) => {
      if (key === 'key' || node.type !== 'PLAIN' || typeof node.value !== 'string') return;
      if (!YAML11_SWITCH.test(node.value)) return;
      const message = `${quote(node.value)} is text in YAML 1.2; write true or false if a switch is meant, or quote it`;
      found.push({ path: '', steps: [], message, ...placeOf(node, at) });
    },
  });
  if (document.directives?.yaml.explicit === true && document.directives.yaml.version === '1.1') {
    found.unshift({
      path: '',
      steps: [],
      message: 'the file says %YAML 1.1; it is read as YAML 1.2',
      line: 1,
      column: 1,
    });
  }
  return found;
}

function placeOf(node: Node, at: At) {
  const offset = isScalar(node) ? offsetOf(node) : null;
  return offset === null ? { line: null, column: null } : at(offset);
}
