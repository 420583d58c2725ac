import { KEY_KINDS } from '../../contract/api/administration.ts';
import { ROLES } from '../../contract/role.ts';
import { makeKey } from '../../loop/access/key.ts';
import { withApp } from '../app.ts';
import { Failure } from '../failure.ts';
import { print } from '../file/print.ts';
import { callServer, findServer, refuse } from '../file/server.ts';
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
  const asked = { kind, role: role ?? undefined, name: options.name };
  const server = await findServer(settingsOf(options));
  const { secret } =
    server === null
      ? await withApp(options, app => makeKey(app, asked, { actor: 'baton key create', now: app.clock() }))
      : await callServer(server, 'createKey', { body: asked }).catch(refuse);
  print(secret);
}
