import { PERMISSIONS, type Permission } from '../../contract/access.ts';
import { valueAt } from '../../core/condition/reading.ts';
import { entry } from '../../core/contact/journal.ts';
import type { Sql } from '../../db/database.ts';
import { addJournal } from '../../db/journal.ts';
import { ensureSetting, findSetting, saveSetting } from '../../db/setting.ts';
import { type Doing, doneBy } from '../actor.ts';
import type { App } from '../app.ts';

/** What the workspace lets marketing do. */
export type Permissions = Readonly<Record<Permission, boolean>>;

const NAME = 'permissions';

/** Finds what the workspace lets marketing do: nothing of it until an admin allows it. */
export async function findPermissions(sql: Sql): Promise<Permissions> {
  return readPermissions(await findSetting(sql, NAME));
}

function readPermissions(stored: unknown): Permissions {
  const isGiven = (permission: Permission) => valueAt(stored, [permission]) === true;
  return {
    reviewDuplicates: isGiven('reviewDuplicates'),
    classEvents: isGiven('classEvents'),
    replayCalls: isGiven('replayCalls'),
  };
}

/** Sets what the workspace lets marketing do. */
export async function changePermissions(app: App, wanted: Permissions, by: Doing): Promise<void> {
  await app.db.transaction(async sql => {
    const before = readPermissions(await ensureSetting(sql, { name: NAME, value: {} }));
    const given = PERMISSIONS.filter(name => wanted[name] && !before[name]);
    const taken = PERMISSIONS.filter(name => before[name] && !wanted[name]);
    if (given.length + taken.length === 0) return;
    await saveSetting(sql, { name: NAME, value: wanted });
    await addJournal(sql, [entry('permissions_changed', { given, taken }, doneBy(by))]);
  });
}
