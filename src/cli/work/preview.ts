import type { Preview, ProblemKind } from '../../core/import/preview.ts';
import { oneLine } from '../../core/text/safe.ts';
import { EXIT, Failure } from '../failure.ts';
import { print, write } from '../file/print.ts';

/** How many kinds of problem a preview names. */
const SHOWN_PROBLEMS = 20;

/** The longest line that is printed. */
const MAX_LINE = 4_000;

const clean = (text: string) => oneLine(text, MAX_LINE);

/** Prints what an import would read, and every kind of problem with how often it occurs. Fails when rows cannot be used. */
export async function printPreview(
  preview: Preview,
  how: { readonly file: string; readonly isJson: boolean },
): Promise<void> {
  const { rows, usable, refused, passed } = preview;
  if (how.isJson) await write(`${JSON.stringify({ file: how.file, ...preview })}\n`);
  else {
    const lines = [
      ...preview.notes.map(clean),
      ...(preview.notes.length === 0 ? [] : ['']),
      ...preview.columns.map(({ column, readAs }) => clean(`${column} as ${readAs}`)),
      ...(preview.ignored.length === 0 ? [] : [clean(`Not read: ${preview.ignored.join(', ')}`)]),
      ...unreadWords(preview.unread),
      ...(preview.first.length === 0 ? [] : ['', 'The first rows as they are understood:']),
      ...preview.first.map(row => `  ${clean(JSON.stringify(row))}`),
      ...(preview.problems.length === 0 ? [] : ['', 'Problems:']),
      ...preview.problems
        .slice(0, SHOWN_PROBLEMS)
        .flatMap(wordsOf)
        .map(line => `  ${clean(line)}`),
      '',
      `${how.file}: ${rows} rows: ${usable} can be used, ${refused} cannot` +
        `${passed === 0 ? '' : `, ${passed} are passed over`}. Nothing was written.`,
    ];
    print(lines.map(clean).join('\n'));
  }
  if (refused > 0) throw new Failure(`${refused} rows cannot be used`, EXIT.failed);
}

function unreadWords(unread: Preview['unread']): readonly string[] {
  if (unread === null)
    return ['', 'No agreement is active here, so it is not known which columns the rules read.'];
  if (unread.length === 0) return [];
  const lines = unread.map(({ column, readAs, suggestion }) =>
    clean(`  ${column} as ${readAs}${suggestion === null ? '' : `; did you mean ${suggestion}?`}`),
  );
  return ['', 'No rule of the active agreement reads these columns:', ...lines];
}

/** A kind of problem: once where all rows say the same, else the first rows with their own reasons. */
function wordsOf({ count, lines, example, examples }: ProblemKind): readonly string[] {
  if (count === 1) return [`line ${lines[0]}: ${example}`];
  const isSame = examples.every(({ reason }) => reason === example);
  const more = count > lines.length ? ', …' : '';
  if (isSame) return [`${count} rows (lines ${lines.join(', ')}${more}): ${example}`];
  return [
    `${count} rows (lines ${lines.join(', ')}${more}):`,
    ...examples.map(({ line, reason }) => `  line ${line}: ${reason}`),
  ];
}
