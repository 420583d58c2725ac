import { readAgreement } from '../../core/agreement/agreement.ts';
import { type Desk, openDesk } from '../../core/handoff/desk.ts';
import { compile, type Program } from '../../core/scoring/program.ts';
import { loadActiveVersions, loadVersion } from '../../db/agreement/agreement.ts';
import type { Database, Sql } from '../../db/database.ts';

/** A version of an agreement, made ready to run. */
export interface RunningAgreement {
  readonly id: string;
  readonly version: number;
  readonly program: Program;
  readonly desk: Desk;
}

/** The active version of an agreement. */
export interface ActiveAgreement extends RunningAgreement {
  /** Whether those that it makes qualify are handed over, as was chosen when it was activated. */
  readonly handsOver: boolean;
}

/** How many compiled versions are kept: the active ones, and those that people look back at. */
const KEPT = 20;

/** Compiled versions by database; versions never change once they are stored. */
const compiled = new WeakMap<Database, Map<string, RunningAgreement>>();

/** The active agreements, the first one leading; each version is read and compiled once in the life of the process. */
export async function activeAgreements(sql: Sql, db: Database): Promise<readonly ActiveAgreement[]> {
  const active: ActiveAgreement[] = [];
  for (const { id, version, hands_over: handsOver } of await loadActiveVersions(sql)) {
    const found = await findAgreement(sql, db, { id, version });
    if (found !== null) active.push({ ...found, handsOver });
  }
  return active;
}

/** The version under which something was stored; it is there, as no version is ever deleted. */
export async function agreementOf(
  sql: Sql,
  db: Database,
  of: { readonly id: string; readonly version: number },
): Promise<RunningAgreement> {
  const found = await findAgreement(sql, db, of);
  if (found === null) throw new Error(`there is no version ${of.version} of agreement ${of.id}`);
  return found;
}

/** One version of an agreement; null when there is none. A stored version that is not valid stops the work. */
export async function findAgreement(
  sql: Sql,
  db: Database,
  of: { readonly id: string; readonly version: number },
): Promise<RunningAgreement | null> {
  const origin = db.origin ?? db;
  const kept = compiled.get(origin) ?? new Map<string, RunningAgreement>();
  compiled.set(origin, kept);
  const name = `${of.id}\u0000${of.version}`;
  const known = kept.get(name);
  if (known !== undefined) return known;
  const stored = await loadVersion(sql, of.id, of.version);
  if (stored === null) return null;
  const { agreement, problems } = readAgreement(stored.body);
  if (problems !== null) {
    throw new Error(
      `version ${of.version} of agreement ${of.id} is stored but not valid: ${problems[0]?.message}`,
    );
  }
  const program = compile(agreement);
  const made = { id: of.id, version: of.version, program, desk: openDesk(program) };
  kept.set(name, made);
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  return made;
}
