import type { Command } from 'commander';
import { STORIES } from '../../demo/story/size.ts';
import type { DemoOptions } from '../work/demo.ts';
import { addServingOptions } from './option.ts';
import { loadRings } from './ring.ts';

/** Adds `baton demo`. */
export function addDemo(program: Command): void {
  addServingOptions(program.command('demo'))
    .option('--seed <number>', 'another year of the same company', '1')
    .option('--contacts <number>', 'about how many leads', String(STORIES))
    .description('serve Baton on a throw-away database with a year of a made-up company, ready to click')
    .action(async (options: DemoOptions) => {
      await loadRings();
      const { runDemo } = await import('../work/demo.ts');
      await runDemo(options);
    });
}
