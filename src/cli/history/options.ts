import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { Agreement } from '../../core/agreement/agreement.ts';
import { isOnWire, parseInstant } from '../../core/time/instant.ts';
import { Failure } from '../failure.ts';
import { loadAgreement } from '../file/agreement.ts';
import { type Crew, startCrew } from './crew.ts';
import { type Files, type History, loadHistory } from './load.ts';

/** The options of commands that read a history from files. */
export interface HistoryOptions extends Files {
  readonly agreement: string;
  readonly threads?: number;
}

/** Below this many bytes on disk the work is done before threads have started. */
const SMALL_BYTES = 4 * 1024 * 1024;

/** Reads the time that an option gives, into epoch ms; null when it is not given. Refuses text that is not a time. */
export function timeOf(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const at = parseInstant(text);
  if (at === null || !isOnWire(at))
    throw new Failure(`${option} ${text}: expected an RFC 3339 date-time or date, from 1970 to 9999`);
  return at;
}

/** Reads a history for some agreement files and has it used, by as many threads as it is worth. */
export async function openHistory(
  options: HistoryOptions,
  names: readonly string[],
  use: (crew: Crew, history: History) => Promise<void>,
): Promise<void> {
  const agreements: Agreement[] = [];
  for (const name of names) agreements.push((await loadAgreement(name)).agreement);
  const threads = options.threads ?? ((await isSmall(options)) ? 0 : availableParallelism());
  const crew = startCrew(threads, agreements);
  try {
    await use(crew, await loadHistory(crew, agreements, options));
  } finally {
    await crew.close();
  }
}

async function isSmall({ contacts, events }: Files): Promise<boolean> {
  const sizes = await Promise.all(
    [...contacts, ...events].map(file =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0) < SMALL_BYTES;
}
