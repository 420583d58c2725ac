import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The file in a data folder that says where the server at work on it is, and opens it to the folder's owner. */
export const SERVER_FILE = 'server.json';

/**
 * Makes a key for the time of this process and leaves it in the data folder, with the address of the server. The file can
 * be read by the owner of the folder alone, who could read the database itself: so the command line works beside a server.
 */
export function leaveLocalKey(
  folder: string,
  url: string,
): { readonly secret: string; readonly remove: () => void } {
  const file = join(folder, SERVER_FILE);
  const secret = `bt_local_${randomBytes(32).toString('base64url')}`;
  // Made anew under another name: a file that is there already keeps the rights it has.
  const made = `${file}.${process.pid}`;
  rmSync(made, { force: true });
  writeFileSync(made, JSON.stringify({ url, key: secret }), { mode: 0o600, flag: 'wx' });
  renameSync(made, file);
  return { secret, remove: () => rmSync(file, { force: true }) };
}
