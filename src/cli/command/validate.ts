import type { Command } from 'commander';

/** Adds `baton validate FILE`. */
export function addValidate(program: Command): void {
  program
    .command('validate')
    .argument('<file>', 'agreement file, YAML or JSON')
    .description('check an agreement; prints every problem with its line and path, exit code 2 if any')
    .action(async (file: string) => (await import('../work/validate.ts')).runValidate(file));
}
