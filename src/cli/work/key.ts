import { KEY_KINDS } from '../../contract/api/administration.ts';
import { ROLES } from '../../contract/role.ts';
import { makeKey } from '../../loop/access/key.ts';
import { makeApp } from '../../loop/app.ts';
import { makeLog } from '../../server/operation/log.ts';
import { openForWork } from '../database.ts';
import { Failure } from '../failure.ts';
import { print } from '../file/print.ts';
import { type SettingOptions, settingsOf } from '../settings.ts';

export interface KeyOptions extends SettingOptions {
  readonly role: string;
  readonly name: string;
}

/** Makes a key and prints its secret, once. */
export async function runKeyCreate(options: KeyOptions): Promise<void> {
  const role = ROLES.find(known => known === options.role) ?? null;
  const kind =
    KEY_KINDS.find(known => known === options.role && known !== 'api') ?? (role === null ? null : 'api');
  if (kind === null)
    throw new Failure(`--role ${options.role}: expected ${ROLES.join(', ')}, server or public`);
  const settings = settingsOf(options);
  const log = makeLog(settings);
  const database = await openForWork(settings, log);
  try {
    const app = makeApp({ settings, db: database, log });
    const asked = { kind, role: role ?? undefined, name: options.name };
    const made = await makeKey(app, asked, { actor: 'baton key create', now: app.clock() });
    print(made.secret);
  } finally {
    await database.close();
  }
}
