import { valueAt } from '../condition/reading.ts';
import { counted } from '../text/number.ts';
import { formatInstant } from '../time/instant.ts';
import { isNoNumber, type ReadFields, type UnreadColumn, unreadColumns } from './column.ts';
import { type ImportLine, ROW_NOTES, type RowNote } from './line.ts';
import type { ImportPlan } from './plan.ts';

/** How many rows a preview shows as they are understood, and of a kind of problem. */
const SHOWN_ROWS = 5;
/** How many reasons for rows that are passed over are told apart. */
const MAX_REASONS = 20;

/** A kind of problem: rows whose reasons differ only in the values that they name. */
export interface ProblemKind {
  readonly count: number;
  /** The lines of the first rows. */
  readonly lines: readonly number[];
  /** The reason of the first row. */
  readonly example: string;
  /** The first rows, each with its own reason. */
  readonly examples: readonly { readonly line: number; readonly reason: string }[];
}

/** What an import would read. */
export interface Preview {
  readonly rows: number;
  readonly usable: number;
  readonly refused: number;
  readonly passed: number;
  readonly columns: readonly { readonly column: string; readonly readAs: string }[];
  readonly ignored: readonly string[];
  /** The first rows as they are understood. */
  readonly first: readonly Readonly<Record<string, unknown>>[];
  readonly problems: readonly ProblemKind[];
  /** What people should know of how the file is read, in sentences. */
  readonly notes: readonly string[];
  /** Addresses that stand on rows of different people, who could be kept apart. */
  readonly disputed: readonly string[];
  /** Columns that nothing reads; null where it is not known what rules read. */
  readonly unread: readonly UnreadColumn[] | null;
}

/** How many disputed addresses are named. */
const MAX_DISPUTED = 20;

/** A row of a file as it was read. */
interface SeenRow {
  readonly line: number;
  readonly result: ImportLine;
}

/** Gathers a preview row by row. `fields`: what the active agreement reads; null where there is none. */
export function startPreview(plan: ImportPlan, fields: ReadFields | null) {
  const first: Readonly<Record<string, unknown>>[] = [];
  const problems = new Map<string, { count: number; examples: { line: number; reason: string }[] }>();
  const remarks = startRemarks(plan, fields);
  const counts = { rows: 0, usable: 0, refused: 0, passed: 0 };
  return {
    see: ({ line, result }: SeenRow): void => {
      counts.rows += 1;
      remarks.see(result);
      if (result.kind === 'passed') counts.passed += 1;
      else if (result.kind === 'problem') {
        counts.refused += 1;
        const kind = kindOf(result.reason);
        const known = problems.get(kind) ?? { count: 0, examples: [] };
        problems.set(kind, known);
        known.count += 1;
        if (known.examples.length < SHOWN_ROWS) known.examples.push({ line, reason: result.reason });
      } else {
        counts.usable += 1;
        if (first.length < SHOWN_ROWS) first.push({ line, ...shown(result) });
      }
    },
    result: (): Preview => ({
      ...counts,
      columns: plan.columns.map(({ header, target }) => ({ column: header, readAs: target.name })),
      ignored: plan.ignored,
      first,
      problems: [...problems.values()]
        .sort((a, b) => b.count - a.count)
        .map(({ count, examples }) => ({
          count,
          lines: examples.map(({ line }) => line),
          example: examples[0]?.reason ?? '',
          examples,
        })),
      notes: remarks.sentences(),
      disputed: [...plan.disputed.keys()].slice(0, MAX_DISPUTED),
      unread: fields === null && plan.kind === 'contacts' ? null : unreadColumns(plan, fields ?? new Map()),
    }),
  };
}

/** Reasons that differ only in the values they name are one kind. */
function kindOf(reason: string): string {
  return reason
    .replace(/"(?:[^"\\]|\\.)*"/g, '"…"')
    .replace(/"…"(?:, "…")+/g, '"…"')
    .replace(/\S+@\S+/g, '@')
    .replace(/\d+(?:, \d+)*/g, '0');
}

/** A row with what it says nothing about left out, and times as text. */
function shown(line: Exclude<ImportLine, { readonly reason: string }>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(line).filter(
    ([key, value]) =>
      key !== 'kind' &&
      key !== 'notes' &&
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

/** Gathers what people should know of rows that are taken or passed over, and of how the file is read. */
export function startRemarks(plan: ImportPlan, fields: ReadFields | null) {
  const noted = new Map<RowNote, number>();
  const passed = new Map<string, number>();
  const numbers = [...(fields ?? [])].flatMap(([name, { isNumber }]) => {
    const [root = '', ...path] = name.split('.');
    return isNumber ? [{ name, root, path, count: 0, examples: new Set<string>() }] : [];
  });
  return {
    see: (result: ImportLine): void => {
      if (result.kind === 'passed') {
        const reason =
          passed.size < MAX_REASONS || passed.has(result.reason) ? result.reason : 'other reasons';
        passed.set(reason, (passed.get(reason) ?? 0) + 1);
      }
      if (result.kind === 'passed' || result.kind === 'problem') return;
      for (const note of result.notes ?? []) noted.set(note, (noted.get(note) ?? 0) + 1);
      if (result.kind !== 'contact') return;
      for (const field of numbers) {
        const value = valueAt(field.root === 'contact' ? result.contact : result.company, field.path);
        if (!isNoNumber(value)) continue;
        field.count += 1;
        if (field.examples.size < NAMED_VALUES) field.examples.add(String(value).slice(0, MAX_VALUE));
      }
    },
    sentences: (): readonly string[] => [
      ...plan.notes,
      ...ROW_NOTES.flatMap(note => {
        const count = noted.get(note) ?? 0;
        return count === 0 ? [] : [`${counted(count, 'row')} ${NOTE_WORDS[note]}`];
      }),
      ...[...passed].map(([reason, count]) => `${counted(count, 'row')} passed over: ${reason}.`),
      ...numbers.flatMap(({ name, count, examples }) =>
        count === 0
          ? []
          : [
              `${counted(count, 'value')} of ${name} cannot be read as numbers, which the rules compare: ${[...examples].map(text => JSON.stringify(text)).join(', ')}${count > examples.size ? ', …' : ''}.`,
            ],
      ),
    ],
  };
}

/** How many values that are not numbers are named, and how long each may be. */
const NAMED_VALUES = 3;
const MAX_VALUE = 40;

const NOTE_WORDS: Readonly<Record<RowNote, string>> = {
  short: 'shorter than the header; what is lacking counts as blank.',
  standInId:
    'with an id that only stands for a missing one, such as undefined, N/A or 0; it names nobody, and what else the row has does.',
  severalAddresses:
    'with more than one address; the first that can be used is taken, the others are kept as contact.otherEmail.',
  byPhone: 'without an id and a usable address, known by phone number and name.',
  unusableAddress: 'with an address that cannot be used; it is kept as it is written.',
  sharedAddress: 'with an address that several people share; it does not say who they are.',
  destroyedPhone: 'with a phone number that a spreadsheet destroyed.',
};
