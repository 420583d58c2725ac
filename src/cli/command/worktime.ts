import type { Command } from 'commander';
import type { WorktimeOptions } from '../work/worktime.ts';

/** Adds `baton worktime`: pure, no database; one JSON line per question. */
export function addWorktime(program: Command): void {
  program
    .command('worktime')
    .requiredOption('--agreement <file>', 'agreement file')
    .requiredOption('--calendar <name>', 'a calendar of it, or always')
    .description('answer questions about working time, JSON lines on stdin, one answer a line')
    .addHelpText('after', HELP)
    .action(async (options: WorktimeOptions) => (await import('../work/worktime.ts')).runWorktime(options));
}

const HELP = `
questions and their answers:
  {"from":"2026-03-02T09:00:00Z","add":"4h"}                  {"at":"2026-03-02T14:00:00.000Z"}
  {"from":"2026-03-02T09:00:00Z","to":"2026-03-03T09:00:00Z"} {"ms":27000000}
  anything else                                               {"error":"…"}, and exit code 1 at the end`;
