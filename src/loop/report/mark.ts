import type { Mark } from '../../core/report/answer.ts';
import type { Population } from '../../core/report/frame.ts';
import { oneLine } from '../../core/text/safe.ts';
import { formatInstant } from '../../core/time/instant.ts';
import type { Sql } from '../../db/database.ts';
import { listActivations } from '../../db/report/mark.ts';
import { listReviewDecisions } from '../../db/review/entry.ts';

/** The longest text of a mark: more does not fit beside a line. */
const MAX_TEXT = 80;

/** What the trends of a report should be read with: versions that came into force, and what was decided at reviews. */
export async function loadMarks(sql: Sql, { range, filters }: Population): Promise<readonly Mark[]> {
  const activations = await listActivations(sql, range, filters.agreement ?? null);
  const decisions = await listReviewDecisions(sql, range);
  const marks = [
    ...activations.map(({ at, name, version }) => ({
      ...{ at, version },
      text: `Version ${version} of ${name} came into force`,
    })),
    ...decisions.map(({ at, text }) => ({
      ...{ at, version: null },
      text: `Decided: ${oneLine(text, MAX_TEXT)}`,
    })),
  ];
  return marks.sort((a, b) => a.at - b.at).map(mark => ({ ...mark, at: formatInstant(mark.at) }));
}
