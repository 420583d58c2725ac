import type { Command } from 'commander';
import type { ReviewKind } from '../../core/review/kind.ts';
import type { ReportOptions } from '../work/report.ts';
import { addDataDirOption } from './option.ts';

/** The reviews as their help says them; help is printed without loading the rules. */
const REVIEWS = [
  { kind: 'weekly', span: 'week', example: '2026-W48', name: 'weekly digest' },
  { kind: 'monthly', span: 'month', example: '2026-10', name: 'monthly review' },
  { kind: 'quarterly', span: 'quarter', example: '2026-Q3', name: 'definition review' },
] as const satisfies readonly { readonly kind: ReviewKind; readonly [name: string]: string }[];

/** Adds `baton report weekly`, `monthly` and `quarterly`. */
export function addReport(program: Command): void {
  const report = program.command('report').description('write a review as a file, to print or to pass on');
  for (const review of REVIEWS) addReview(report, review);
}

function addReview(report: Command, { kind, span, example, name }: (typeof REVIEWS)[number]): void {
  addDataDirOption(report.command(kind))
    .option(`--${span} <${span}>`, `which one, such as ${example}; without it, the last that is over`)
    .option('--out <file>', 'the file to write; without it, the page is printed')
    .option('--at <time>', 'as of when: what is later has not happened')
    .option('--json', 'write the review as JSON')
    .description(`the ${name} as a page that stands alone`)
    .action(async (options: ReportOptions) => (await import('../work/report.ts')).runReport(kind, options));
}
