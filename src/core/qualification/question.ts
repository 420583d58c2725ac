import type { Practice } from '../agreement/agreement.ts';
import { FRAMEWORKS, type Framework } from '../agreement/framework.ts';
import type { QUESTION_TYPES } from '../agreement/qualification.ts';
import { capital, nameWords } from '../condition/words.ts';

/** How an answer to a question is given. */
export type QuestionType = (typeof QUESTION_TYPES)[number];

/** A question that sales asks about a lead. */
export interface Question {
  readonly id: string;
  readonly label: string;
  readonly help: string | null;
  readonly type: QuestionType;
  /** What a choice is made from; empty for every other type. */
  readonly options: readonly string[];
  /** Whether it must have an answer before the lead is accepted. */
  readonly isRequired: boolean;
}

/** What an agreement says of sales qualified leads. */
export type SqlTerms = NonNullable<Practice['sql']>;

/**
 * The questions of an agreement in the order in which they are asked: those of its framework, its own, and what it requires
 * without asking it anywhere, as a question of its own that is answered in words.
 *
 * @example questionsOf({ framework: 'bant', require: ['need'] }).map(({ id }) => id) // ['budget', 'authority', 'need', 'timeline']
 * @example questionsOf({ framework: 'custom', require: ['next_step'] })[0]?.label // 'Next step'
 */
export function questionsOf(sql: SqlTerms): readonly Question[] {
  const required = new Set(sql.require ?? []);
  const framework: readonly Question[] = frameworkQuestions(sql.framework).map(({ id, label, help }) => ({
    ...{ id, label, help, type: 'text', options: [], isRequired: required.has(id) },
  }));
  const own: readonly Question[] = (sql.questions ?? []).map(question => ({
    id: question.id,
    label: question.label,
    help: question.help ?? null,
    type: question.type,
    options: question.options ?? [],
    isRequired: question.required === true || required.has(question.id),
  }));
  const asked = new Set([...framework, ...own].map(({ id }) => id));
  const others: readonly Question[] = [...required]
    .filter(id => !asked.has(id))
    .map(id => ({
      ...{ id, label: capital(nameWords(id)), help: null, type: 'text', options: [], isRequired: true },
    }));
  return [...framework, ...own, ...others];
}

function frameworkQuestions(framework: Framework) {
  const questions: readonly { readonly id: string; readonly label: string; readonly help: string }[] =
    FRAMEWORKS[framework];
  return questions;
}
