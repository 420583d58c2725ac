import { z } from 'zod';
import { groupBy } from '../contact/group.ts';
import type { Definition } from './answer.ts';
import { INTERVAL, POPULATION } from './definition.ts';
import { type Frame, frameOf, type LeadGroup, leadsOf, type RowHead, rowsOf, UNKNOWN } from './frame.ts';
import type { Period } from './period.ts';
import { rate, rateOf } from './rate.ts';

/** What rejections may be grouped by, and crossed with. */
export const REJECTION_GROUPS = [
  'reason',
  'source',
  'campaign',
  'segment',
  'owner',
  'path',
  'grade',
  'month',
] as const;

/** The rejected leads of a row. */
export const rejection = z.object({
  rejected: z.number(),
  /** Of all that were rejected. */
  share: rate,
  /** The same leads by the other dimension that was asked for; those without leads are left out. */
  cells: z.array(
    z.object({
      key: z.string(),
      label: z.string(),
      rejected: z.number(),
      /** Of the rejected leads of the row. */
      share: rate,
      leads: z.string(),
    }),
  ),
});
export type RejectionFigures = z.infer<typeof rejection>;

/** The rejected leads of a group and, within it, of a group by the other dimension. */
export interface RejectionCount extends LeadGroup {
  readonly cell: string | null;
  readonly cellLabel: string | null;
  readonly rejected: number;
}

/** The same leads in groups by another dimension. */
export function crossFrame(frame: Frame, by: string): Frame {
  return frameOf(frame, { by, zone: frame.zone, isAsOf: frame.isAsOf });
}

const REJECTED = { outcome: 'rejected' };

const whichOf = (by: string, key: string): Readonly<Record<string, string>> =>
  by === 'reason' ? { ...REJECTED, reason: key } : REJECTED;

/** The report on rejections, whose rows may be split by `and`. */
export function rejectionReport(
  frame: Frame,
  counts: readonly RejectionCount[],
  of: { readonly and: string | null; readonly minSample: number },
): {
  readonly rows: readonly (RowHead & RejectionFigures)[];
  readonly total: RejectionFigures & { readonly leads: string };
} {
  const all = sumOf(counts);
  const cross = of.and === null ? null : crossFrame(frame, of.and);
  const rejectionOf = (
    members: readonly RejectionCount[],
    {
      narrowed,
      which,
    }: { readonly narrowed: Frame | null; readonly which: Readonly<Record<string, string>> },
  ): RejectionFigures => ({
    rejected: sumOf(members),
    share: rateOf({ n: sumOf(members), of: all }, of.minSample),
    cells: narrowed === null ? [] : [...cellsOf(narrowed, members, { which, minSample: of.minSample })],
  });
  const groups = merge(counts, ({ key, label }) => ({ key, label }));
  const rows = rowsOf(frame, groups, {
    size: ({ members }) => sumOf(members),
    make: (group, period) =>
      rejectionOf(group?.members ?? [], {
        narrowed: cross === null ? null : narrow(cross, frame.by, period ?? group?.key ?? UNKNOWN),
        which: whichOf(frame.by, group?.key ?? UNKNOWN),
      }),
    which: key => whichOf(frame.by, key),
  });
  const total = rejectionOf(counts, { narrowed: cross, which: REJECTED });
  return { rows, total: { ...total, leads: leadsOf(frame, { which: REJECTED }) } };
}

/** A frame with the leads of one row of another one. */
function narrow(frame: Frame, by: string, row: Period | string): Frame {
  return typeof row === 'string'
    ? { ...frame, filters: { ...frame.filters, [by]: [row] } }
    : { ...frame, range: row };
}

function cellsOf(
  frame: Frame,
  members: readonly RejectionCount[],
  { which, minSample }: { readonly which: Readonly<Record<string, string>>; readonly minSample: number },
): RejectionFigures['cells'] {
  const all = sumOf(members);
  const groups = merge(members, ({ cell, cellLabel }) => ({ key: cell, label: cellLabel }));
  return rowsOf(frame, groups, {
    size: group => sumOf(group.members),
    make: group => {
      const rejected = sumOf(group?.members ?? []);
      return { rejected, share: rateOf({ n: rejected, of: all }, minSample) };
    },
    which: key => ({ ...which, ...whichOf(frame.by, key) }),
  }).filter(({ rejected }) => rejected > 0);
}

interface Merged extends LeadGroup {
  readonly members: readonly RejectionCount[];
}

function merge(
  counts: readonly RejectionCount[],
  groupOf: (count: RejectionCount) => LeadGroup,
): readonly Merged[] {
  return [...groupBy(counts, count => groupOf(count).key)].map(([key, members]) => ({
    key,
    label: members.map(count => groupOf(count).label).find(label => label !== null) ?? null,
    members,
  }));
}

function sumOf(counts: readonly RejectionCount[]): number {
  return counts.reduce((total, { rejected }) => total + rejected, 0);
}

/** The rows as a file has them: a line for each cell, where there are cells, so that it can be pivoted. */
export function rejectionLines(
  rows: readonly (RowHead & RejectionFigures)[],
  and: string | null,
): readonly Readonly<Record<string, unknown>>[] {
  if (and === null) return rows;
  return rows.flatMap(({ key, label, cells }) =>
    cells.map(cell => ({
      key,
      label,
      [and]: cell.key,
      [`${and}.label`]: cell.label,
      ...{ rejected: cell.rejected, share: cell.share },
    })),
  );
}

/** What the figures of the report on rejections are. */
export const REJECTION_DEFINITIONS: readonly Definition[] = [
  POPULATION,
  {
    id: 'rejected',
    text: 'Rejected: leads of the period that sales has rejected, whenever it did so. A lead that was reopened since is not among them.',
  },
  { id: 'share', text: 'Share: rejected leads of the row ÷ all rejected leads.' },
  {
    id: 'cells',
    text: 'Each row may be split by a second thing: its cells add up to it, and those of the total to all rejected leads. The share of a cell is of the rejected leads of its row.',
  },
  INTERVAL,
];
