import type { Command } from 'commander';
import {
  KEY_EXAMPLES,
  REVIEW_KINDS,
  REVIEW_SPANS,
  type ReviewKind,
  reviewName,
} from '../../core/review/kind.ts';
import type { ReportOptions } from '../work/report.ts';
import { addDataDirOption } from './option.ts';

/** Adds `baton report weekly`, `monthly` and `quarterly`. */
export function addReport(program: Command): void {
  const report = program.command('report').description('write a review as a file, to print or to pass on');
  for (const kind of REVIEW_KINDS) addKind(report, kind);
}

function addKind(report: Command, kind: ReviewKind): void {
  const span = REVIEW_SPANS[kind];
  addDataDirOption(report.command(kind))
    .option(
      `--${span} <${span}>`,
      `which one, such as ${KEY_EXAMPLES[kind]}; without it, the last that is over`,
    )
    .option('--out <file>', 'the file to write; without it, the page is printed')
    .option('--at <time>', 'as of when: what is later has not happened')
    .option('--json', 'write the review as JSON')
    .description(`the ${reviewName(kind).toLowerCase()} as a page that stands alone`)
    .action(async (options: ReportOptions) => (await import('../work/report.ts')).runReport(kind, options));
}
