import type { Command } from 'commander';
import { ROLES } from '../../contract/endpoint.ts';
import { KEY_KINDS } from '../../contract/shapes.ts';
import { makeApp } from '../../loop/app.ts';
import { makeKey } from '../../server/access/key.ts';
import { makeLog } from '../../server/operation/log.ts';
import { openForWork } from '../database.ts';
import { Failure } from '../failure.ts';
import { addDataDirOption, type SettingOptions, settingsOf } from '../settings.ts';

/** Adds `baton key create`. */
export function addKey(program: Command): void {
  const key = program.command('key').description('manage keys');
  addDataDirOption(key.command('create'))
    .requiredOption('--role <role>', `${ROLES.join(', ')} for the API; server or public for the intake`)
    .requiredOption('--name <name>', 'what the key is for')
    .description('make a key and print it once')
    .action(async (options: SettingOptions & { readonly role: string; readonly name: string }) => {
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
        const made = await makeKey(app, {
          kind,
          role: role ?? undefined,
          name: options.name,
          now: Date.now(),
        });
        process.stdout.write(`${made.secret}\n`);
      } finally {
        await database.close();
      }
    });
}
