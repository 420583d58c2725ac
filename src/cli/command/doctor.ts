import type { Command } from 'commander';
import type { DoctorOptions } from '../work/doctor.ts';
import { addDataDirOption, addServingOptions } from './option.ts';

/** Adds `baton doctor`. */
export function addDoctor(program: Command): void {
  addServingOptions(addDataDirOption(program.command('doctor')))
    .option('--json', 'print what was found as JSON')
    .description('check database, clock, mail, Slack, CRM, workers, outbox, and that no lead is lost')
    .action(async (options: DoctorOptions) => (await import('../work/doctor.ts')).runDoctor(options));
}
