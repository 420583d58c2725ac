import { isObject } from '../condition/reading.ts';
import { normaliseText } from '../text/normalise.ts';
import { unreachable } from '../unreachable.ts';
import { contactLine, eventLine, type ImportLine, outcomeLine, problem } from './line.ts';
import type { Root, Slot, Target } from './mapping.ts';
import type { ImportPlan } from './plan.ts';

/**
 * Reads one row of a CSV file. Blank cells and words that mean missing say nothing about their place; every fault of
 * the row is in the problem's reason.
 */
export function readCells(plan: ImportPlan, cells: readonly string[]): ImportLine {
  if (cells.length !== plan.width) return problem(`expected ${plan.width} columns, got ${cells.length}`);
  if (cells.some(cell => cell.includes('\0'))) return problem('a cell contains a NUL character');
  const values = makeRow();
  for (const { target, value } of plan.constants) put(values, target, value);
  for (const { index, target } of plan.columns) {
    const cell = (cells[index] ?? '').trim();
    if (cell !== '' && !plan.missing.has(normaliseText(cell))) put(values, target, cell);
  }
  switch (plan.kind) {
    case 'contacts':
      return contactLine(values);
    case 'events':
      return eventLine(values);
    case 'outcomes':
      return outcomeLine(values);
    default:
      return unreachable(plan.kind);
  }
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
