import { findFirstSteps, saveFirstSteps } from '../../db/access/firststep.ts';
import type { App } from '../app.ts';

/** The name under which a first start does things, such as to activate the template. */
export const FIRST_START = 'first start';

/** Whether the first steps are still to be taken: nothing has come in yet, and nobody has set them down as done. */
export async function needsFirstSteps({ db, demo }: App): Promise<boolean> {
  if (demo() !== null) return false;
  const { is_done: isDone, has_contacts: hasContacts } = await findFirstSteps(db, FIRST_START);
  return !isDone && !hasContacts;
}

/** Sets down whether the first steps are done, for all admins. */
export function closeFirstSteps({ db }: App, isDone: boolean): Promise<void> {
  return db.transaction(sql => saveFirstSteps(sql, isDone));
}
