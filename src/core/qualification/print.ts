import { type KeptAnswer, printAnswer } from './change.ts';
import { unsatisfied } from './missing.ts';
import { questionsOf, type SqlTerms } from './question.ts';
import type { Answer, Qualification } from './shape.ts';

/** Prints what sales asks about a lead and knows of it, as the API gives it. */
export function printQualification(
  sql: SqlTerms,
  answers: readonly KeptAnswer[],
  earlier: readonly KeptAnswer[],
): Qualification {
  const questions = questionsOf(sql);
  return {
    framework: sql.framework,
    questions: questions.map(({ id, label, help, type, options, isRequired: required }) => ({
      ...{ id, label, help, type, options: [...options], required },
    })),
    answers: inOrder(questions, answers),
    missing: unsatisfied(questions, answers).map(({ id }) => id),
    earlier: inOrder(questions, earlier),
  };
}

/** The answers that say something, in the order of the questions; then those whose question is no longer asked. */
function inOrder(questions: readonly { readonly id: string }[], kept: readonly KeptAnswer[]): Answer[] {
  const place = new Map(questions.map(({ id }, index) => [id, index]));
  const placeOf = ({ question }: KeptAnswer) => place.get(question) ?? questions.length;
  return kept
    .filter(({ value, isUnknown }) => value !== null || isUnknown)
    .sort((a, b) => placeOf(a) - placeOf(b))
    .map(printAnswer);
}
