import type { Command } from 'commander';
import { loadAgreement } from '../file/agreement.ts';

/** Adds `baton validate FILE`. */
export function addValidate(program: Command): void {
  program
    .command('validate')
    .argument('<file>', 'agreement file, YAML or JSON')
    .description('check an agreement; prints every problem with its line and path, exit code 2 if any')
    .action(async (file: string) => {
      const { agreement } = await loadAgreement(file);
      const { rules, mql, disqualify, scores } = agreement;
      process.stdout.write(
        `${file}: valid. "${agreement.name}": ${count(scores, 'score')}, ${count(rules, 'rule')}, ` +
          `${count(mql, 'MQL path')}, ${count(disqualify, 'disqualifier')}.\n`,
      );
    });
}

function count(list: readonly unknown[], noun: string): string {
  return `${list.length} ${noun}${list.length === 1 ? '' : 's'}`;
}
