import { type Command, Option } from 'commander';
import type { AgreementOptions } from '../work/agreement.ts';
import { addDataDirOption } from './option.ts';

/** Adds `baton agreement plan|apply|export`. */
export function addAgreement(program: Command): void {
  const agreement = program
    .command('agreement')
    .description('compare, activate or write out the agreement of a database');
  const work = () => import('../work/agreement.ts');
  addDataDirOption(agreement.command('plan'))
    .argument('<file>', 'agreement file, YAML or JSON')
    .option('--json', 'print the comparison as JSON')
    .description('show who would enter and leave if this file were the active version; changes nothing')
    .action(async (file: string, options: AgreementOptions) => (await work()).runPlan(file, options));
  addDataDirOption(agreement.command('apply'))
    .argument('<file>', 'agreement file, YAML or JSON')
    .option('--json', 'print the version as JSON')
    .addOption(
      new Option('--handoff <when>', 'now: hand over the contacts that this version makes qualify').choices([
        'now',
      ]),
    )
    .description('store a file as a version and make it the active one; nothing when it is that already')
    .action(async (file: string, options: AgreementOptions) => (await work()).runApply(file, options));
  addDataDirOption(agreement.command('export'))
    .argument('<file>', 'where to write it; - is the standard output')
    .description('write the active version as it was applied')
    .action(async (file: string, options: AgreementOptions) => (await work()).runExport(file, options));
}
