import type { Command } from 'commander';
import type { ReplayOptions } from '../work/replay.ts';
import { addHistoryOptions } from './option.ts';

/** Adds `baton replay`: pure, no database; when each contact would have qualified, under one agreement or two. */
export function addReplay(program: Command): void {
  addHistoryOptions(program.command('replay'))
    .option('--against <file>', 'another agreement; prints only contacts for which the two differ')
    .option('--from <time>', 'start, RFC 3339 (default: the first event)')
    .option('--to <time>', 'end, RFC 3339 (default: the last event)')
    .description('replay a history: the exact spans in which each contact qualifies')
    .action(async (options: ReplayOptions) => (await import('../work/replay.ts')).runReplay(options));
}
