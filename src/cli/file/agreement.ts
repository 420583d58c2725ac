import { readFile } from 'node:fs/promises';
import { readAgreementFile } from '../../contract/file/agreement.ts';
import type { PlacedProblem } from '../../contract/file/document.ts';
import type { Agreement } from '../../core/agreement/agreement.ts';
import { Failure } from '../failure.ts';
import { note } from './print.ts';

/** Reads an agreement file; refuses, naming every problem with its line and path, when it is not one. */
export async function loadAgreement(
  file: string,
): Promise<{ readonly agreement: Agreement; readonly text: string }> {
  const text = await readText(file);
  const read = readAgreementFile(text);
  for (const warning of read.warnings) note(`warning: ${formatProblem(file, warning)}`);
  if (read.problems === null) return { agreement: read.agreement, text };
  throw new Failure(read.problems.map(problem => formatProblem(file, problem)).join('\n'));
}

async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new Failure(`${file}: cannot be read (${error instanceof Error ? error.message : String(error)})`);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Failure(`${file}: is not UTF-8 text; expected a YAML or JSON file in UTF-8`);
  }
}

/** Writes a problem the way compilers do: file, line, column, path, message. */
export function formatProblem(file: string, problem: PlacedProblem): string {
  const place = problem.line === null ? file : `${file}:${problem.line}:${problem.column ?? 1}`;
  return problem.path === ''
    ? `${place}: ${problem.message}`
    : `${place}: ${problem.path}: ${problem.message}`;
}
