import type { Command } from 'commander';
import type { StartOptions } from '../work/start.ts';
import { addDataDirOption, addServingOptions } from './option.ts';
import { loadRings } from './ring.ts';

/** Adds `baton start`. */
export function addStart(program: Command): void {
  addDataDirOption(addServingOptions(program.command('start')))
    .option('--agreement <file>', 'agreement file; becomes the active version when it differs')
    .description('serve web app, API and workers on one port')
    .action(async (options: StartOptions) => {
      await loadRings();
      const { runStart } = await import('../work/start.ts');
      await runStart(options);
    });
}
