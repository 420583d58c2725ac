import type { Mark } from '../../core/report/answer.ts';
import type { Population } from '../../core/report/frame.ts';
import { formatInstant } from '../../core/time/instant.ts';
import type { Sql } from '../../db/database.ts';
import { listActivations } from '../../db/report/mark.ts';

/** What the trends of a report should be read with: the versions of agreements that came into force. */
export async function loadMarks(sql: Sql, { range, filters }: Population): Promise<readonly Mark[]> {
  const activations = await listActivations(sql, range, filters.agreement ?? null);
  return activations.map(({ at, name, version }) => ({
    at: formatInstant(at),
    text: `Version ${version} of ${name} came into force`,
    version,
  }));
}
