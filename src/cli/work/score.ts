import { counted } from '../../core/text/number.ts';
import { EXIT, Failure } from '../failure.ts';
import { write } from '../file/print.ts';
import { piecesOf } from '../history/load.ts';
import { type HistoryOptions, openHistory, timeOf } from '../history/options.ts';
import { inOrder } from '../history/order.ts';

export interface ScoreOptions extends HistoryOptions {
  readonly at?: string;
}

/** Scores the contacts of files; prints one JSON line for each. */
export async function runScore(options: ScoreOptions): Promise<void> {
  const at = timeOf('--at', options.at) ?? Date.now();
  await openHistory(options, [options.agreement], async (crew, { contacts, wrong }) => {
    const scored = inOrder(piecesOf(contacts), crew.width, piece => crew.ask('score', { ...piece, at }));
    for await (const { answer } of scored) await write(answer);
    if (wrong > 0)
      throw new Failure(`${counted(wrong, 'line')} could not be used; the rest was scored`, EXIT.failed);
  });
}
