import { capital } from '../condition/words.ts';
import { listed } from '../text/number.ts';
import type { AnswerValue } from './answer.ts';
import type { Question } from './question.ts';

/** As much of an answer as says whether it satisfies a question. */
interface Given {
  readonly question: string;
  /** Null for an answer that is unknown, or was taken back. */
  readonly value: AnswerValue | null;
}

/**
 * The required questions that no answer satisfies: an answer that says that it is unknown does not.
 *
 * @example unsatisfied([], []) // []
 */
export function unsatisfied(questions: readonly Question[], answers: readonly Given[]): readonly Question[] {
  const satisfied = new Set(answers.flatMap(({ question, value }) => (value === null ? [] : [question])));
  return questions.filter(({ id, isRequired }) => isRequired && !satisfied.has(id));
}

/**
 * What is still to be found out before a lead is accepted.
 *
 * @example missingWords(['Need', 'Authority']) // 'Need and Authority still to be found out'
 */
export function missingWords(labels: readonly string[]): string {
  return `${capital(listed(labels, 'and'))} still to be found out`;
}

/** What is wrong with accepting a lead while answers are missing, one entry for each. */
export function missingProblems(
  missing: readonly Question[],
): readonly { readonly path: string; readonly message: string }[] {
  return missing.map(({ id, label }) => ({
    path: `qualification.${id}`,
    message: `expected an answer to “${label}”; unknown does not do`,
  }));
}
