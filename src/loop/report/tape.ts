import type { Range } from '../../core/report/period.ts';
import { LONGEST_WALK_MS } from '../../core/worktime/calendar.ts';
import { layTape, type Tape } from '../../core/worktime/tape.ts';
import type { Database } from '../../db/database.ts';
import { findAgreement } from '../agreement/active.ts';

/** Leads that are due by one SLA entry of a version; null where no entry is known, as of imported leads. */
interface Due {
  readonly agreementId: string;
  readonly version: number;
  readonly entry: string | null;
}

/**
 * Lays out, from `from` to `to` (epoch ms), the working time by which leads are due: that of their entry, else of the first
 * entry of their version, else all of it. Of more than a hundred years only the last hundred are laid out.
 */
export async function loadTapes<Of extends Due>(
  db: Database,
  dues: readonly Of[],
  range: Range,
): Promise<(due: Of) => Tape> {
  const nameOf = ({ agreementId, version, entry }: Due) => JSON.stringify([agreementId, version, entry]);
  const laid = { from: Math.max(range.from, range.to - LONGEST_WALK_MS), to: range.to };
  const tapes = new Map<string, Tape>();
  for (const due of dues) {
    const name = nameOf(due);
    if (tapes.has(name)) continue;
    const running = await findAgreement(db, db, { id: due.agreementId, version: due.version });
    const entries = running?.desk.slas ?? [];
    const entry = entries.find(({ id }) => id === due.entry) ?? entries[0];
    tapes.set(name, layTape(entry?.calendar ?? null, laid));
  }
  return due => tapes.get(nameOf(due)) ?? layTape(null, laid);
}
