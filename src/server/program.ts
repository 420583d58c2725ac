import { readAgreement } from '../core/agreement/agreement.ts';
import { type Desk, openDesk } from '../core/handoff.ts';
import { compile, type Program } from '../core/program.ts';
import { loadActiveAgreements } from '../db/agreement.ts';
import type { Sql } from '../db/database.ts';

/** An active version of an agreement, made ready to run. */
export interface ActiveAgreement {
  readonly id: string;
  readonly version: number;
  readonly program: Program;
  readonly desk: Desk;
}

/** How many compiled versions are kept: the active ones, and those that people look back at. */
const KEPT = 20;

const compiled = new Map<string, ActiveAgreement>();

/** The active agreements, the first one leading; each version is compiled once in the life of the process. */
export async function activeAgreements(sql: Sql): Promise<readonly ActiveAgreement[]> {
  return (await loadActiveAgreements(sql)).map(compileVersion);
}

/** A stored version made ready to run. Its body was checked when it was stored; a broken one stops the work. */
export function compileVersion(stored: {
  readonly id: string;
  readonly version: number;
  readonly body: unknown;
}): ActiveAgreement {
  const body = JSON.stringify(stored.body);
  const name = `${stored.id}\u0000${stored.version}\u0000${body}`;
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const { agreement, problems } = readAgreement(stored.body);
  if (problems !== null) {
    throw new Error(
      `version ${stored.version} of agreement ${stored.id} is stored but not valid: ${problems[0]?.message}`,
    );
  }
  const program = compile(agreement);
  const made = { id: stored.id, version: stored.version, program, desk: openDesk(program) };
  compiled.set(name, made);
  const [oldest] = compiled.keys();
  if (compiled.size > KEPT && oldest !== undefined) compiled.delete(oldest);
  return made;
}
