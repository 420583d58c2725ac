import { setFlagsFromString } from 'node:v8';
import { loadAgreement } from '../file/agreement.ts';
import { print } from '../file/print.ts';

/** Says what a valid agreement has; a file that is not one is refused with every problem. */
export async function runValidate(file: string): Promise<void> {
  // An agreement is read once. Optimising its readers takes a fifth of the command's time, and ends after they do.
  setFlagsFromString('--no-opt');
  const { agreement } = await loadAgreement(file);
  const { rules, mql, disqualify, scores } = agreement;
  print(
    `${file}: valid. "${agreement.name}": ${count(scores, 'score')}, ${count(rules, 'rule')}, ` +
      `${count(mql, 'MQL path')}, ${count(disqualify, 'disqualifier')}.`,
  );
}

function count(list: readonly unknown[], noun: string): string {
  return `${list.length} ${noun}${list.length === 1 ? '' : 's'}`;
}
