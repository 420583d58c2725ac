import type { Frame } from '../../core/report/frame.ts';
import type { RejectionCount } from '../../core/report/rejection.ts';
import { type Sql, statement } from '../database.ts';
import {
  AS_OF,
  FRAME_SIZE,
  frameParams,
  GROUP_KEY,
  GROUP_LABEL,
  groupKey,
  groupLabel,
  groupParams,
  hasTraits,
  IN_POPULATION,
  IS_MQL,
  LEADS,
  traitParams,
} from './population.ts';

const [AND, STARTS] = [FRAME_SIZE + 1, FRAME_SIZE + 2];

const COUNT = statement(
  'count_rejections',
  { key: 'text?', label: 'text?', cell: 'text?', cell_label: 'text?', rejected: 'int8' },
  `select key, max(label) as label, cell, max(cell_label) as cell_label, count(*) as rejected
   from (
     select ${GROUP_KEY} as key, ${GROUP_LABEL} as label, ${groupKey(AND, STARTS)} as cell, ${groupLabel(AND)} as cell_label
     from ${LEADS} where ${IN_POPULATION} and ${IS_MQL} and ${AS_OF.decision} = 'rejected'
       and ${hasTraits(STARTS)} offset 0) lead
   group by key, cell`,
);

/** Counts rejected leads by group and, within it, by the groups of another frame of the same leads, if any. */
export async function countRejections(
  sql: Sql,
  frame: Frame,
  cross: Frame | null,
): Promise<readonly RejectionCount[]> {
  const others = cross === null ? [null, null] : groupParams(cross);
  const rows = await COUNT.rows(sql, ...frameParams(frame), ...others, ...traitParams(frame.traits));
  return rows.map(({ cell_label: cellLabel, ...count }) => ({ ...count, cellLabel }));
}
