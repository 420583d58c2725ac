import { readFile } from 'node:fs/promises';
import { readAgreementFile } from '../../contract/file/agreement.ts';
import { slugOf } from '../../core/text/slug.ts';
import { activateVersion, loadActiveVersions, saveAgreementVersion } from '../../db/agreement/agreement.ts';
import type { Database } from '../../db/database.ts';

/** The agreement that a first start activates. */
export const TEMPLATE = new URL('../../../templates/b2b-saas.yaml', import.meta.url);

/**
 * Stores the text of a valid agreement file and makes it the active version; true when that changed anything. With
 * `handsOver` the contacts that it makes qualify are handed over.
 */
export async function activateAgreement(
  database: Database,
  text: string,
  by: { readonly actor: string; readonly now: number; readonly handsOver?: boolean },
): Promise<boolean> {
  const read = readAgreementFile(text);
  if (read.problems !== null) throw new Error(`the agreement is not valid: ${read.problems[0]?.message}`);
  const { name } = read.agreement;
  return database.transaction(async sql => {
    const [active] = await loadActiveVersions(sql);
    // One active agreement for now: a new file is a new version of it, whatever its name.
    const id = active?.id ?? slugOf(name);
    const saved = await saveAgreementVersion(sql, {
      id,
      name,
      source: text,
      body: read.value,
      createdBy: by.actor,
      now: by.now,
    });
    if (active?.version === saved.version) return false;
    const { now, handsOver = false } = by;
    return activateVersion(sql, { id, version: saved.version, now, handsOver });
  });
}

/** Activates the template when nothing is active yet. */
export async function ensureAgreement(database: Database, now: number): Promise<void> {
  const active = await loadActiveVersions(database);
  if (active.length === 0)
    await activateAgreement(database, await readFile(TEMPLATE, 'utf8'), { actor: 'first start', now });
}
