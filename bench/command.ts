import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildWhereStale } from './build.ts';
import type { Outcome } from './ratio.ts';
import { inTurns } from './turn.ts';

const USAGE = fileURLToPath(new URL('./usage.js', import.meta.url));

/** Commands that people wait for, with how they are measured and the word that each prints when it did its work. */
const COMMANDS = [
  { name: 'help', args: ['--help'], prints: 'Usage: baton', reach: 0.5 },
  { name: 'validate', args: ['validate', 'templates/b2b-saas.yaml'], prints: 'valid.', reach: 0.2 },
] as const;

/**
 * The processor time of short commands, user and system, against that of Node which starts and ends. It says how much
 * of Baton a command loads; unlike the time on the clock it hardly depends on what else the machine does.
 */
export async function measureCommands({ rounds }: { readonly rounds: number }): Promise<readonly Outcome[]> {
  buildWhereStale();
  const outcomes: Outcome[] = [];
  for (const { name, args, prints, reach } of COMMANDS) {
    const { ours, theirs } = await inTurns(
      {
        ours: async () => processorMs(['--import', USAGE, 'bin/baton.js', ...args], prints),
        theirs: async () => processorMs([USAGE], ''),
      },
      rounds,
    );
    outcomes.push({
      kind: 'ratio',
      name,
      ratio: theirs / ours,
      reach,
      unit: `processor time of Node that does nothing / of baton ${args[0]}`,
      detail: `baton ${args.join(' ')} ${ours.toFixed(0)} ms, Node alone ${theirs.toFixed(0)} ms`,
    });
  }
  return outcomes;
}

/** The processor time of a process of Node, in ms. Throws when it fails or does not print what is expected. */
function processorMs(args: readonly string[], prints: string): number {
  const { status, stdout, output } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  if (status !== 0 || !stdout.includes(prints))
    throw new Error(`${args.join(' ')} ended with ${status} and printed: ${stdout.slice(0, 500)}`);
  return Number(output[3]) / 1000;
}
