import { readFile } from 'node:fs/promises';
import { readAgreementFile } from '../../contract/file/agreement.ts';
import type { Agreement } from '../../core/agreement/agreement.ts';
import { entry } from '../../core/contact/journal.ts';
import { slugOf } from '../../core/text/slug.ts';
import {
  activateVersion,
  loadActiveVersions,
  loadVersion,
  saveAgreementVersion,
} from '../../db/agreement/agreement.ts';
import type { Database, Sql } from '../../db/database.ts';
import { addJournal } from '../../db/journal.ts';
import { FIRST_START } from '../access/firststep.ts';
import { refusalOf } from '../error.ts';

/** The agreement that a first start activates. */
export const TEMPLATE = new URL('../../../templates/b2b-saas.yaml', import.meta.url);

/** Who activates a version, and when; with `handsOver` the contacts that it makes qualify are handed over. */
interface Activating {
  readonly actor: string;
  readonly now: number;
  readonly handsOver?: boolean;
}

/** What became of a file: the version that is active now, and whether that is new. */
interface Applied {
  readonly agreement: string;
  readonly name: string;
  readonly version: number;
  readonly changed: boolean;
}

/** Reads the text of an agreement file; refuses what is not valid, naming every problem. */
export function mustReadAgreement(text: string): Agreement {
  const read = readAgreementFile(text);
  if (read.problems === null) return read.agreement;
  const problems = read.problems.map(({ path, message, line }) => ({
    path,
    message: line === null ? message : `line ${line}: ${message}`,
  }));
  throw refusalOf('invalid', problems);
}

/** Stores the text of an agreement file and makes it the active version; refuses what is not valid. */
export async function applyAgreementFile(database: Database, text: string, by: Activating): Promise<Applied> {
  mustReadAgreement(text);
  const changed = await activateAgreement(database, text, by);
  const [active] = await loadActiveVersions(database);
  if (active === undefined) throw new Error('no agreement is active after one was activated');
  const stored = await loadVersion(database, active.id, active.version);
  return { agreement: active.id, name: stored?.name ?? active.id, version: active.version, changed };
}

/**
 * Stores the text of a valid agreement file and makes it the active version; true when that changed anything.
 */
export async function activateAgreement(database: Database, text: string, by: Activating): Promise<boolean> {
  const read = readAgreementFile(text);
  if (read.problems !== null) throw new Error(`the agreement is not valid: ${read.problems[0]?.message}`);
  const { name } = read.agreement;
  const { actor: createdBy, now } = by;
  return database.transaction(async sql => {
    const [leading] = await loadActiveVersions(sql);
    // One active agreement for now: a new file is a new version of it, whatever its name.
    const id = leading?.id ?? slugOf(name);
    const made = { id, name, source: text, body: read.value, createdBy, now };
    const { version } = await saveAgreementVersion(sql, made);
    return activate(sql, { id, name, version }, by);
  });
}

/**
 * Makes a stored version the active one of its agreement, in the caller's transaction that holds the agreement locked,
 * and says so in the journal: who did it, and which version was active before. False when it is active already.
 */
async function activate(
  sql: Sql,
  { id, name, version }: { readonly id: string; readonly name: string; readonly version: number },
  { actor, now, handsOver = false }: Activating,
): Promise<boolean> {
  const before = (await loadActiveVersions(sql)).find(active => active.id === id)?.version ?? null;
  if (before === version) return false;
  if (!(await activateVersion(sql, { id, version, now, handsOver })))
    throw new Error(`version ${version} of agreement ${id} was not stored`);
  const about = { agreementId: id, version, at: now, by: actor };
  await addJournal(sql, [entry('agreement_activated', { name, version, before, handsOver }, about)]);
  return true;
}

/** Activates the template when nothing is active yet. */
export async function ensureAgreement(database: Database, now: number): Promise<void> {
  const active = await loadActiveVersions(database);
  if (active.length === 0)
    await activateAgreement(database, await readFile(TEMPLATE, 'utf8'), { actor: FIRST_START, now });
}
