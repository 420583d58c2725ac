import type { ImportLine } from '../../core/import/line.ts';
import { oneLine } from '../../core/text/safe.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { EXIT, Failure } from '../failure.ts';
import { print, write } from '../file/print.ts';
import type { RowFile } from '../file/rows.ts';

/** How many rows a preview shows as they are understood. */
const SHOWN_ROWS = 5;
/** How many kinds of problem a preview names. */
const SHOWN_PROBLEMS = 20;

/** The longest line that is printed. */
const MAX_LINE = 4_000;

const clean = (text: string) => oneLine(text, MAX_LINE);

interface ProblemCount {
  readonly example: string;
  readonly lines: number[];
  count: number;
}

/** Shows what an import would read, and every kind of problem with how often it occurs. Writes nothing anywhere. */
export async function previewRows(
  rows: RowFile,
  how: { readonly file: string; readonly isJson: boolean },
): Promise<void> {
  const first: unknown[] = [];
  const problems = new Map<string, ProblemCount>();
  const counts = { rows: 0, usable: 0, refused: 0, passed: 0 };
  for await (const batch of rows.batches) {
    for (const { line, result } of batch) {
      counts.rows += 1;
      if (result.kind === 'problem') {
        counts.refused += 1;
        count(problems, line, result.reason);
      } else if (result.kind === 'passed') counts.passed += 1;
      else {
        counts.usable += 1;
        if (first.length < SHOWN_ROWS) first.push({ line, ...shown(result) });
      }
    }
  }
  const columns = rows.plan.columns.map(({ header, target }) => ({ column: header, readAs: target.name }));
  const found = [...problems.values()].sort((a, b) => b.count - a.count);
  if (how.isJson) {
    const { ignored } = rows.plan;
    const preview = { file: how.file, ...counts, columns, ignored, first, problems: found };
    await write(`${JSON.stringify(preview)}\n`);
  } else {
    const lines = [
      ...columns.map(({ column, readAs }) => clean(`${column} as ${readAs}`)),
      ...(rows.plan.ignored.length === 0 ? [] : [clean(`Not read: ${rows.plan.ignored.join(', ')}`)]),
      ...(first.length === 0 ? [] : ['', 'The first rows as they are understood:']),
      ...first.map(row => `  ${clean(JSON.stringify(row))}`),
      ...(found.length === 0 ? [] : ['', 'Problems:']),
      ...found.slice(0, SHOWN_PROBLEMS).map(problem => `  ${clean(wordsOf(problem))}`),
      '',
      `${how.file}: ${counts.rows} rows: ${counts.usable} can be used, ${counts.refused} cannot` +
        `${counts.passed === 0 ? '' : `, ${counts.passed} are passed over`}. Nothing was written.`,
    ];
    print(lines.map(line => oneLine(line, MAX_LINE)).join('\n'));
  }
  if (counts.refused > 0) throw new Failure(`${counts.refused} rows cannot be used`, EXIT.failed);
}

/** Problems that differ only in the value they name are one kind. */
function count(problems: Map<string, ProblemCount>, line: number, reason: string): void {
  const kind = reason.replace(/"(?:[^"\\]|\\.)*"/g, '"…"').replace(/\d+/g, '0');
  const known = problems.get(kind);
  if (known === undefined) problems.set(kind, { example: reason, lines: [line], count: 1 });
  else {
    known.count += 1;
    if (known.lines.length < SHOWN_ROWS) known.lines.push(line);
  }
}

function wordsOf({ example, lines, count: times }: ProblemCount): string {
  return times === 1
    ? `line ${lines[0]}: ${example}`
    : `${times} rows (lines ${lines.join(', ')}${times > lines.length ? ', …' : ''}): ${example}`;
}

/** A row with what it says nothing about left out, and times as text. */
function shown(line: Exclude<ImportLine, { readonly reason: string }>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(line).filter(
    ([key, value]) =>
      key !== 'kind' &&
      value !== null &&
      value !== false &&
      !(typeof value === 'object' && Object.keys(value).length === 0),
  );
  return Object.fromEntries(
    entries.map(([key, value]) =>
      (key === 'at' || key === 'createdAt') && typeof value === 'number'
        ? [key, formatInstant(value)]
        : [key, value],
    ),
  );
}
