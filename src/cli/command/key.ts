import type { Command } from 'commander';
import { ROLES } from '../../contract/role.ts';
import type { KeyOptions } from '../work/key.ts';
import { addDataDirOption } from './option.ts';

/** Adds `baton key create`. */
export function addKey(program: Command): void {
  const key = program.command('key').description('manage keys');
  addDataDirOption(key.command('create'))
    .requiredOption('--role <role>', `${ROLES.join(', ')} for the API; server or public for the intake`)
    .requiredOption('--name <name>', 'what the key is for')
    .description('make a key and print it once')
    .action(async (options: KeyOptions) => (await import('../work/key.ts')).runKeyCreate(options));
}
