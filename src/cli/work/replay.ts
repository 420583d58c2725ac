import type { EventSpan } from '../../core/replay/columns.ts';
import { counted, whole } from '../../core/text/number.ts';
import { FIRST_INSTANT, formatInstant } from '../../core/time/instant.ts';
import { EXIT, Failure } from '../failure.ts';
import { note, write } from '../file/print.ts';
import { startProgress } from '../file/progress.ts';
import type { Crew } from '../history/crew.ts';
import { piecesOf } from '../history/load.ts';
import { type HistoryOptions, openHistory, timeOf } from '../history/options.ts';
import { inOrder } from '../history/order.ts';

export interface ReplayOptions extends HistoryOptions {
  readonly against?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Replays the history of files; prints the spans in which each contact qualifies, or how two agreements differ. */
export async function runReplay(options: ReplayOptions): Promise<void> {
  const range = { from: timeOf('--from', options.from), to: timeOf('--to', options.to) };
  if (range.from !== null && range.to !== null && range.from > range.to)
    throw new Failure(`--from ${options.from} is after --to ${options.to}; expected the earlier time first`);
  const names = [options.agreement, ...(options.against === undefined ? [] : [options.against])];
  await openHistory(options, names, async (crew, history) => {
    const bounds = boundsOf(range, history.bounds);
    const found = await replay(crew, history.contacts, bounds);
    note(summaryOf(names, { contacts: history.contacts, found, bounds }));
    if (history.wrong > 0)
      throw new Failure(
        `${counted(history.wrong, 'line')} could not be used; the rest was replayed`,
        EXIT.failed,
      );
  });
}

/** What is not given is the first or the last event; where nothing ever happened, all of time until then, or one moment. */
function boundsOf(
  given: { readonly from: number | null; readonly to: number | null },
  events: EventSpan,
): EventSpan {
  const isEmpty = events.from > events.to;
  const from = given.from ?? (isEmpty ? FIRST_INSTANT : events.from);
  const to = given.to ?? (isEmpty ? from : events.to);
  if (from <= to) return { from, to };
  throw new Failure(
    given.from === null
      ? `--to ${formatInstant(to)} is before the first event, ${formatInstant(from)}; expected --from as well, or a later time`
      : `--from ${formatInstant(from)} is after the last event, ${formatInstant(to)}; expected --to as well, or an earlier time`,
  );
}

interface Found {
  /** How many contacts qualify under each agreement, and how many were printed. */
  readonly qualified: readonly number[];
  readonly told: number;
}

async function replay(crew: Crew, contacts: number, bounds: EventSpan): Promise<Found> {
  const progress = startProgress('replaying contacts', contacts);
  let qualified: readonly number[] = [];
  let told = 0;
  const pieces = inOrder(piecesOf(contacts), crew.width, piece =>
    crew.ask('replay', { ...piece, ...bounds }),
  );
  for await (const { item, answer } of pieces) {
    await write(answer.printed);
    qualified = answer.qualified.map((count, index) => count + (qualified[index] ?? 0));
    told += answer.told;
    progress.report(item.end);
  }
  progress.stop();
  return { qualified, told };
}

function summaryOf(
  [name, other]: readonly string[],
  of: { readonly contacts: number; readonly found: Found; readonly bounds: EventSpan },
): string {
  const { contacts, found, bounds } = of;
  const [first = 0, second = 0] = found.qualified;
  const verb = first === 1 ? 'qualifies' : 'qualify';
  const head = `${whole(first)} of ${counted(contacts, 'contact')} ${verb}`;
  const when = `between ${formatInstant(bounds.from)} and ${formatInstant(bounds.to)}`;
  return other === undefined
    ? `${head} ${when}`
    : `${head} under ${name} and ${whole(second)} under ${other} ${when}; ${whole(found.told)} ${found.told === 1 ? 'differs' : 'differ'}`;
}
