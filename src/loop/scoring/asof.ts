import { type PrintedScore, printScore } from '../../core/scoring/print.ts';
import type { Program } from '../../core/scoring/program.ts';
import type { Database } from '../../db/database.ts';
import { readTogether } from '../../db/snapshot.ts';
import { activeAgreements, findAgreement, type RunningAgreement } from '../agreement/active.ts';
import { loadPasts, type Past, standingOf } from './past.ts';

/** Which score is asked for: whose, as of when, from the facts recorded up to `knownAt`, under which version. */
export interface AskedScore {
  readonly contactId: string;
  readonly at: number;
  readonly knownAt: number;
  readonly agreementId: string | null;
  readonly version: number | null;
}

/**
 * The score of a contact as of any time, from the facts recorded up to `knownAt`, under any version; null
 * when there is no such agreement or version. A contact joined to another by then answers with that other; a
 * contact about which nothing was known does not apply.
 */
export async function scoreOfContact(db: Database, asked: AskedScore): Promise<PrintedScore | null> {
  const { contactId, at, knownAt } = asked;
  const running = await findVersion(db, asked.agreementId, asked.version);
  if (running === null) return null;
  const { program } = running;
  const past = await loadPast(db, contactId, { program, knownAt });
  if (past === undefined)
    return printScore({ id: contactId.toLowerCase(), at, score: { applies: false }, nextChangeAt: null });
  return printScore({ id: past.id, at, ...standingOf(program, past, at) });
}

/** What was known of one contact, all read at one moment; nothing when it was not known. */
export async function loadPast(
  db: Database,
  contactId: string,
  by: { readonly program: Program; readonly knownAt: number },
): Promise<Past | undefined> {
  const pasts = await readTogether(db, sql => loadPasts(sql, [contactId], by));
  return pasts.values().next().value;
}

/** The largest version number that the database can hold. */
const MAX_VERSION = 2_147_483_647;

/** Whether there can be a version of this number; none (null) can. */
export function isStorable(version: number | null): boolean {
  return version === null || version <= MAX_VERSION;
}

/** The version asked for: without a number the active one, without an agreement the leading one; null when there is none. */
export async function findVersion(
  db: Database,
  agreementId: string | null,
  version: number | null,
): Promise<RunningAgreement | null> {
  const active = await activeAgreements(db, db);
  const chosen = agreementId === null ? active[0] : active.find(({ id }) => id === agreementId);
  if (version === null && chosen !== undefined) return chosen;
  const id = agreementId ?? chosen?.id;
  return id === undefined || version === null ? null : findAgreement(db, db, { id, version });
}
