import type { Command } from 'commander';
import { Failure } from '../failure.ts';

/** Adds the command-line twins of settings to a command that serves. */
export function addServingOptions(command: Command): Command {
  return command
    .option('--host <host>', 'address to listen at (BATON_HOST; default 127.0.0.1)')
    .option('--port <port>', 'port to listen at, 0 for any free one (BATON_PORT; default 4800)');
}

/** Adds `--data-dir`. */
export function addDataDirOption(command: Command): Command {
  return command.option(
    '--data-dir <folder>',
    'folder of the embedded database (BATON_DATA_DIR; default ./baton-data)',
  );
}

/** Adds the options that name an agreement and a history. */
export function addHistoryOptions(command: Command): Command {
  return command
    .requiredOption('--agreement <file>', 'agreement file')
    .requiredOption('--contacts <file>', 'contacts, JSON lines (.gz is read as is); may be repeated', addFile)
    .requiredOption(
      '--events <file>',
      'events in the shape of Segment calls, JSON lines (.gz is read as is); may be repeated',
      addFile,
    )
    .option(
      '--threads <number>',
      'worker threads (default: one for each core, none for small files)',
      parseThreads,
    );
}

function addFile(file: string, files: readonly string[] = []): readonly string[] {
  return [...files, file];
}

const MAX_THREADS = 64;

function parseThreads(text: string): number {
  const threads = Number(text);
  if (/^\d+$/.test(text) && threads <= MAX_THREADS) return threads;
  throw new Failure(`--threads ${text}: expected a whole number from 0 to ${MAX_THREADS}`);
}
