import type { Command } from 'commander';
import {
  addContactLine,
  addEventLine,
  closeFactBook,
  type FactBook,
  makeFactBook,
  subjectAt,
} from '../core/facts.ts';
import { parseInstant } from '../core/instant.ts';
import { printScore } from '../core/print.ts';
import { compile, type Program } from '../core/program.ts';
import { nextChangeAt, scoreAt } from '../core/score.ts';
import { kindOfDomain } from '../server/domains.ts';
import { loadAgreement } from './agreement.ts';
import { EXIT, Failure } from './failure.ts';
import { eachLine } from './lines.ts';
import { printLines } from './print.ts';
import { startProgress } from './progress.ts';

interface Options {
  readonly agreement: string;
  readonly contacts: string;
  readonly events: string;
  readonly at?: string;
}

/** Adds `baton score`: pure, no database; one JSON line per contact. */
export function addScore(program: Command): void {
  program
    .command('score')
    .requiredOption('--agreement <file>', 'agreement file')
    .requiredOption('--contacts <file>', 'contacts, JSON lines (.gz is read as is)')
    .requiredOption('--events <file>', 'events in the shape of Segment calls, JSON lines (.gz is read as is)')
    .option('--at <time>', 'the instant to score at, RFC 3339 (default: now)')
    .description('score contacts from files; prints one JSON line per contact')
    .action(async (options: Options) => {
      const at = options.at === undefined ? Date.now() : parseInstant(options.at);
      if (at === null) throw new Failure(`--at ${options.at}: expected an RFC 3339 date-time or date`);
      const { agreement } = await loadAgreement(options.agreement);
      const compiled = compile(agreement);
      const { book, wrong } = await loadFacts(compiled, options);
      await printLines(scores(compiled, book, at));
      if (wrong > 0)
        throw new Failure(
          `${wrong} ${wrong === 1 ? 'line' : 'lines'} could not be used; the rest was scored`,
          EXIT.failed,
        );
    });
}

/** Reads the contacts and events files into a book; each unusable line is named on stderr and counted. */
export async function loadFacts(
  program: Program,
  files: { readonly contacts: string; readonly events: string },
): Promise<{ readonly book: FactBook; readonly wrong: number }> {
  const book = makeFactBook(program, kindOfDomain);
  let wrong = 0;
  let strangers = 0;
  const complain = (file: string) => (message: string, number: number) => {
    wrong += 1;
    process.stderr.write(`${file}:${number}: ${message}\n`);
  };
  const progress = startProgress('reading events');
  const onContact = complain(files.contacts);
  await eachLine(
    files.contacts,
    (text, number) => {
      const line = parseJson(text);
      const problem = line.ok ? addContactLine(book, line.value) : line.message;
      if (problem !== null) onContact(problem, number);
    },
    onContact,
  );
  const onEvent = complain(files.events);
  await eachLine(
    files.events,
    (text, number) => {
      const line = parseJson(text);
      const outcome = line.ok
        ? addEventLine(book, line.value)
        : ({ kind: 'wrong', message: line.message } as const);
      if (outcome.kind === 'wrong') onEvent(outcome.message, number);
      if (outcome.kind === 'unknownContact') strangers += 1;
      progress.report(number);
    },
    onEvent,
  );
  progress.stop();
  if (strangers > 0)
    process.stderr.write(
      `${files.events}: passed over ${strangers} events of contacts that ${files.contacts} does not have\n`,
    );
  closeFactBook(book);
  return { book, wrong };
}

function parseJson(
  text: string,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return {
      ok: false,
      message: `not JSON (${error instanceof Error ? error.message : String(error)}); expected one object per line`,
    };
  }
}

function* scores(program: Program, book: FactBook, at: number) {
  for (const facts of book.byId.values()) {
    const subject = subjectAt(program, facts, at);
    const score = scoreAt(program, subject, at);
    yield printScore({ id: facts.id, at, score, nextChangeAt: nextChangeAt(program, subject, at) });
  }
}
