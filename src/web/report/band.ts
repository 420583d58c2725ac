import type { AcceptanceReport } from '../../contract/report/report.ts';
import type { Acceptance } from '../../core/report/acceptance.ts';
import { counted, percentWords } from '../../core/text/number.ts';

type Targets = AcceptanceReport['targets'];

/** How an acceptance rate stands to what both teams agreed on. */
export interface Verdict {
  readonly kind: 'within' | 'below' | 'above' | 'small' | 'none';
  readonly words: string;
}

/** How many leads of a row were decided. */
export function decidedOf(row: Pick<Acceptance, 'accepted' | 'rejected'>): number {
  return row.accepted + row.rejected;
}

/** Whether a row has too few decisions to judge by. */
export function isSmall(row: Pick<Acceptance, 'accepted' | 'rejected'>, { minSample }: Targets): boolean {
  return decidedOf(row) < minSample;
}

/** Judges a row's acceptance rate by the targets, in plain words. */
export function judge(row: Acceptance, targets: Targets): Verdict {
  const { acceptance, floor, ceiling } = targets;
  const rate = row.acceptanceRate.value;
  if (rate === null) return { kind: 'none', words: 'Nothing was decided in this period.' };
  if (isSmall(row, targets))
    return {
      kind: 'small',
      words: `Too few to judge: ${counted(decidedOf(row), 'decision')}, ${targets.minSample} needed.`,
    };
  if (acceptance === null) return { kind: 'none', words: 'The agreement names no target.' };
  const [low, high] = acceptance;
  const band = `${percentWords(low)} to ${percentWords(high)}`;
  if (floor !== null && rate < floor)
    return {
      kind: 'below',
      words: `Below the floor of ${percentWords(floor)}: far more is handed over than sales wants.`,
    };
  if (rate < low)
    return { kind: 'below', words: `Below the band of ${band}: sales rejects more than agreed.` };
  if (ceiling !== null && rate > ceiling)
    return {
      kind: 'above',
      words: `Above the ceiling of ${percentWords(ceiling)}: marketing holds too much back.`,
    };
  if (rate > high)
    return { kind: 'above', words: `Above the band of ${band}: marketing could hand over more.` };
  return { kind: 'within', words: `Within the band of ${band}.` };
}
