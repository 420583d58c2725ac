import { isObject } from '../condition/reading.ts';
import { quote } from '../problem.ts';
import { normaliseText } from '../text/normalise.ts';
import { formatInstant } from '../time/instant.ts';
import { unreachable } from '../unreachable.ts';
import { type DateForm, readDate } from './date.ts';
import { contactLine, eventLine, type ImportLine, outcomeLine, problem } from './line.ts';
import { isPhoneField } from './person.ts';
import type { ImportPlan } from './plan.ts';
import type { Root, Slot, Target } from './target.ts';

/**
 * Reads one row of a CSV file. Blank cells and words that mean missing say nothing about their place, as do cells that a
 * short row lacks; every fault of the row is in the problem's reason.
 */
export function readCells(plan: ImportPlan, cells: readonly string[]): ImportLine {
  const beyond = cells.slice(plan.width).filter(cell => cell.trim() !== '');
  if (beyond.length > 0) return problem(tooMany(plan.width, cells.length, beyond));
  if (cells.some(cell => cell.includes('\0'))) return problem('a cell contains a NUL character');
  const why = reasonToSkip(plan, cells);
  if (why !== null) return { kind: 'passed', reason: why };
  const values = makeRow();
  for (const { target, value } of plan.constants) put(values, target, value);
  for (const { index, target, form } of plan.columns) {
    const cell = plainCell(cells[index] ?? '');
    if (cell !== '' && !plan.missing.has(normaliseText(cell)))
      put(values, target, valueIn(cell, target, { plan, form }));
  }
  const line = lineOf(plan, values);
  return cells.length < plan.width && line.kind === 'contact'
    ? { ...line, notes: [...(line.notes ?? []), 'short'] }
    : line;
}

function lineOf(plan: ImportPlan, values: GrowingRow): ImportLine {
  const forms = Object.fromEntries(
    plan.columns.flatMap(({ target, form }) =>
      target.kind === 'slot' && form !== null ? [[target.slot, form]] : [],
    ),
  );
  const row = { ...values, forms, form: plan.form };
  switch (plan.kind) {
    case 'contacts':
      return contactLine(row, plan);
    case 'events':
      return eventLine(row);
    case 'outcomes':
      return outcomeLine(row);
    default:
      return unreachable(plan.kind);
  }
}

/** How many cells of a row that is too long are named. */
const NAMED_CELLS = 3;

function tooMany(width: number, length: number, beyond: readonly string[]): string {
  const named = beyond.slice(0, NAMED_CELLS).map(quote).join(', ');
  const more = beyond.length > NAMED_CELLS ? ', …' : '';
  return (
    `the row has ${length} columns, the header ${width}; beyond them stands ${named}${more}. ` +
    'A cell with the delimiter in it must be quoted'
  );
}

/** What ad platforms write into the leads of a test. */
const TEST_LEAD = /^(?:\w:)?<test lead: dummy data/i;

/** Why a row is not for import; null when it is. */
function reasonToSkip(plan: ImportPlan, cells: readonly string[]): string | null {
  if (cells.some(cell => TEST_LEAD.test(cell))) return 'a test lead of an ad platform';
  for (const [index, values] of plan.skip) {
    const cell = cells[index] ?? '';
    if (!values.has(normaliseText(cell))) continue;
    const header = plan.columns.find(column => column.index === index)?.header ?? `column ${index + 1}`;
    return `${header} is ${quote(cell.trim())}, which is left out`;
  }
  return null;
}

/** A cell without the spaces around it, and without the apostrophe that keeps a spreadsheet from running it as a formula. */
function plainCell(cell: string): string {
  return cell.trim().replace(/^'(?=[=+\-@])/, '');
}

const COMMA_NUMBER = /^-?(?:0|[1-9]\d{0,2}(?:[. \u00a0\u202f]\d{3})+|[1-9]\d*)(?:,\d+)?$/;

function valueIn(
  cell: string,
  target: Target,
  { plan, form }: { readonly plan: ImportPlan; readonly form: DateForm | null },
): string {
  if (target.kind === 'slot') {
    return target.slot === 'amount' && plan.numbers === 'comma' ? pointed(cell) : cell;
  }
  if (form !== null) {
    const { at } = readDate(cell, form);
    return at === null ? cell : formatInstant(at);
  }
  if (isPhoneField(target.name)) return cell.replace(/^p:(?=[+\d])/, '');
  return plan.numbers === 'comma' ? pointed(cell) : cell;
}

/** A number with a decimal comma as one with a point; any other text as it is: `1.250,50` becomes `1250.50`. */
function pointed(cell: string): string {
  return COMMA_NUMBER.test(cell) ? cell.replace(/[. \u00a0\u202f]/g, '').replace(',', '.') : cell;
}

/** The values of a row while they are gathered. */
export interface GrowingRow {
  readonly slots: Partial<Record<Slot, unknown>>;
  readonly roots: Partial<Record<Root, Record<string, unknown>>>;
}

/** A row that says nothing yet. */
function makeRow(): GrowingRow {
  return { slots: {}, roots: {} };
}

/** Puts a value in its place, making the objects on the way; the plan has refused paths through another column's value. */
export function put(row: GrowingRow, target: Target, value: unknown): void {
  if (target.kind === 'slot') {
    row.slots[target.slot] = value;
    return;
  }
  let place = row.roots[target.root] ?? {};
  row.roots[target.root] = place;
  target.path.forEach((key, index) => {
    if (index === target.path.length - 1) place[key] = value;
    else place = innerOf(place, key);
  });
}

function innerOf(outer: Record<string, unknown>, key: string): Record<string, unknown> {
  const known = Object.hasOwn(outer, key) ? outer[key] : undefined;
  const inner = isObject(known) ? { ...known } : {};
  outer[key] = inner;
  return inner;
}
