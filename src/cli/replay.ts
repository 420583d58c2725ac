import type { Command } from 'commander';
import type { Facts } from '../core/facts.ts';
import { formatInstant, parseInstant } from '../core/instant.ts';
import { compile, type Program } from '../core/program.ts';
import { qualificationSpans, type Span } from '../core/replay.ts';
import { loadAgreement } from './agreement.ts';
import { EXIT, Failure } from './failure.ts';
import { printLines } from './print.ts';
import { startProgress } from './progress.ts';
import { loadFacts } from './score.ts';

interface Options {
  readonly agreement: string;
  readonly against?: string;
  readonly contacts: string;
  readonly events: string;
  readonly from?: string;
  readonly to?: string;
}

/** Adds `baton replay`: pure, no database; when each contact would have qualified, under one agreement or two. */
export function addReplay(program: Command): void {
  program
    .command('replay')
    .requiredOption('--agreement <file>', 'agreement file')
    .option('--against <file>', 'another agreement; prints only contacts for which the two differ')
    .requiredOption('--contacts <file>', 'contacts, JSON lines (.gz is read as is)')
    .requiredOption('--events <file>', 'events in the shape of Segment calls, JSON lines (.gz is read as is)')
    .option('--from <time>', 'start, RFC 3339 (default: the first event)')
    .option('--to <time>', 'end, RFC 3339 (default: the last event)')
    .description('replay a history: the exact spans in which each contact qualifies')
    .action(runReplay);
}

async function runReplay(options: Options): Promise<void> {
  const range = { from: timeOf('--from', options.from), to: timeOf('--to', options.to) };
  const a = await loadSide(options.agreement, options);
  const b = options.against === undefined ? null : await loadSide(options.against, options);
  const all = boundsOf(a.facts);
  const from = range.from ?? all.from;
  const to = range.to ?? all.to;
  if (from > to) throw new Failure(`--from ${formatInstant(from)} is after --to ${formatInstant(to)}`);
  const progress = startProgress('replaying contacts', a.facts.length);
  let count = 0;
  let differing = 0;
  const printed = a.facts.flatMap((facts, index): readonly object[] => {
    progress.report(index + 1);
    const spans = spansOf(a.program, facts, { from, to });
    const others = b === null ? null : spansOf(b.program, b.facts[index], { from, to });
    if (spans.length > 0) count += 1;
    if (others === null) return spans.length === 0 ? [] : [{ id: facts.id, spans }];
    if (JSON.stringify(spans) === JSON.stringify(others)) return [];
    differing += 1;
    return [{ id: facts.id, a: spans, b: others }];
  });
  progress.stop();
  await printLines(printed);
  const which = b === null ? '' : `; ${differing} differ`;
  process.stderr.write(
    `${count} of ${a.facts.length} contacts qualify between ${formatInstant(from)} and ${formatInstant(to)}${which}\n`,
  );
  if (a.wrong > 0)
    throw new Failure(`${a.wrong} lines could not be used; the rest was replayed`, EXIT.failed);
}

function timeOf(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const at = parseInstant(text);
  if (at === null) throw new Failure(`${option} ${text}: expected an RFC 3339 date-time or date`);
  return at;
}

async function loadSide(file: string, files: { readonly contacts: string; readonly events: string }) {
  const { agreement } = await loadAgreement(file);
  const program = compile(agreement);
  const { book, wrong } = await loadFacts(program, files);
  return { program, facts: [...book.byId.values()], wrong };
}

/** From the first event of all contacts to the last; an empty history is the moment of 1970. */
function boundsOf(facts: readonly Facts[]): { readonly from: number; readonly to: number } {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const { firstEventAt, lastEventAt } of facts) {
    from = Math.min(from, firstEventAt ?? from);
    to = Math.max(to, lastEventAt ?? to);
  }
  return Number.isFinite(from) ? { from, to } : { from: 0, to: 0 };
}

function spansOf(
  program: Program,
  facts: Facts | undefined,
  range: { readonly from: number; readonly to: number },
) {
  if (facts === undefined) return [];
  const { versions, times: history } = facts;
  const createdAt = Math.min(
    facts.createdAt ?? Number.POSITIVE_INFINITY,
    facts.firstEventAt ?? Number.POSITIVE_INFINITY,
  );
  return qualificationSpans(program, { createdAt, versions, history }, range).map(printSpan);
}

function printSpan({ from, to, path }: Span) {
  return { from: formatInstant(from), to: to === null ? null : formatInstant(to), path };
}
