import type { Command } from 'commander';
import type { ScoreOptions } from '../work/score.ts';
import { addHistoryOptions } from './option.ts';

/** Adds `baton score`: pure, no database; one JSON line per contact. */
export function addScore(program: Command): void {
  addHistoryOptions(program.command('score'))
    .option('--at <time>', 'the instant to score at, RFC 3339 (default: now)')
    .description('score contacts from files; prints one JSON line per contact')
    .action(async (options: ScoreOptions) => (await import('../work/score.ts')).runScore(options));
}
