import { readAgreement } from '../../src/core/agreement/agreement.ts';
import {
  addContactLine,
  addEventLine,
  closeFactBook,
  makeFactBook,
  subjectAt,
} from '../../src/core/facts.ts';
import { printScore } from '../../src/core/print.ts';
import { compile } from '../../src/core/program.ts';
import { nextChangeAt, scoreAt } from '../../src/core/score.ts';
import type { Asked } from './reference/reference.ts';

/** Asks the real scorer what the reference is asked; an agreement or a line that it refuses is an error. */
export function subjectScore({ agreement, contacts, events, at, kindOf }: Asked): readonly object[] {
  const read = readAgreement(agreement);
  if (read.agreement === null) throw new Error(`refused: ${JSON.stringify(read.problems)}`);
  const program = compile(read.agreement);
  const book = makeFactBook(program, kindOf);
  for (const line of contacts) {
    const problem = addContactLine(book, line);
    if (problem !== null) throw new Error(`refused: ${problem}`);
  }
  for (const line of events) {
    const outcome = addEventLine(book, line);
    if (outcome.kind === 'wrong') throw new Error(`refused: ${outcome.message}`);
  }
  closeFactBook(book);
  return [...book.byId.values()].map(facts => {
    const subject = subjectAt(program, facts, at);
    return printScore({
      id: facts.id,
      at,
      score: scoreAt(program, subject, at),
      nextChangeAt: nextChangeAt(program, subject, at),
    });
  });
}
