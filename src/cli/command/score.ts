import type { Command } from 'commander';
import { counted } from '../../core/text/number.ts';
import { EXIT, Failure } from '../failure.ts';
import { write } from '../file/print.ts';
import { piecesOf } from '../history/load.ts';
import { addHistoryOptions, type HistoryOptions, openHistory, timeOf } from '../history/options.ts';
import { inOrder } from '../history/order.ts';

interface Options extends HistoryOptions {
  readonly at?: string;
}

/** Adds `baton score`: pure, no database; one JSON line per contact. */
export function addScore(program: Command): void {
  addHistoryOptions(program.command('score'))
    .option('--at <time>', 'the instant to score at, RFC 3339 (default: now)')
    .description('score contacts from files; prints one JSON line per contact')
    .action(runScore);
}

async function runScore(options: Options): Promise<void> {
  const at = timeOf('--at', options.at) ?? Date.now();
  await openHistory(options, [options.agreement], async (crew, { contacts, wrong }) => {
    const scored = inOrder(piecesOf(contacts), crew.width, piece => crew.ask('score', { ...piece, at }));
    for await (const { answer } of scored) await write(answer);
    if (wrong > 0)
      throw new Failure(`${counted(wrong, 'line')} could not be used; the rest was scored`, EXIT.failed);
  });
}
