import type { Problem } from '../problem.ts';
import { manyLines } from '../text/safe.ts';
import { formatInstant } from '../time/instant.ts';
import { type AnswerValue, isSameValue, MAX_TEXT, readAnswer, replyWords } from './answer.ts';
import type { Question } from './question.ts';
import type { Answer, AnswerConflict } from './shape.ts';

type Fault = Pick<Problem, 'path' | 'message'>;

/** An answer as it is kept; one that was taken back has no value and is not unknown. `at` in epoch ms. */
export interface KeptAnswer {
  readonly question: string;
  readonly label: string;
  readonly value: AnswerValue | null;
  readonly isUnknown: boolean;
  readonly note: string | null;
  readonly at: number;
  readonly actor: string;
  /** The person; null for an API key. */
  readonly userId: string | null;
  readonly revision: number;
}

/** What somebody says to a question. Without a note, the one that is there stays. */
export interface SaidAnswer {
  readonly value?: unknown;
  readonly unknown?: boolean | undefined;
  readonly note?: string | undefined;
  /** The revision of the answer that they saw, 0 for none. */
  readonly revision?: number | undefined;
}

/** An answer to be kept, and what was there before. */
export interface AnswerChange {
  readonly question: string;
  readonly label: string;
  readonly value: AnswerValue | null;
  readonly isUnknown: boolean;
  readonly note: string | null;
  readonly before: KeptAnswer | null;
}

/** What becomes of answers that somebody gives: all are kept, or none. */
export type AnswersDecided =
  | { readonly kind: 'done'; readonly changes: readonly AnswerChange[] }
  | { readonly kind: 'invalid'; readonly problems: readonly Fault[] }
  | {
      readonly kind: 'conflict';
      readonly problems: readonly Fault[];
      readonly conflicts: readonly AnswerConflict[];
    };

/**
 * Decides on answers that somebody gives. What another person answered meanwhile is not overwritten: somebody who changes it
 * says which revision they saw. The same answer again changes nothing, and one's own answer may always be changed.
 */
export function changeAnswers(
  questions: readonly Question[],
  kept: readonly KeptAnswer[],
  said: Readonly<Record<string, SaidAnswer>>,
  by: { readonly actor: string; readonly userId: string | null },
): AnswersDecided {
  const problems: Fault[] = [];
  const conflicts: AnswerConflict[] = [];
  const changes: AnswerChange[] = [];
  for (const [id, given] of Object.entries(said)) {
    const question = questions.find(asked => asked.id === id);
    if (question === undefined) {
      const ids = questions.map(asked => asked.id).join(', ');
      problems.push({ path: `answers.${id}`, message: `expected one of the questions (${ids})` });
      continue;
    }
    const before = kept.find(answer => answer.question === id) ?? null;
    const change = readChange(question, given, before);
    if (typeof change === 'string') {
      problems.push({ path: `answers.${id}`, message: change });
      continue;
    }
    if (isUnchanged(change)) continue;
    if (isOvertaken(before, given, by)) conflicts.push(conflictOf(change, before));
    changes.push(change);
  }
  if (problems.length > 0) return { kind: 'invalid', problems };
  if (conflicts.length === 0) return { kind: 'done', changes };
  return { kind: 'conflict', problems: conflicts.map(conflictProblem), conflicts };
}

function readChange(question: Question, given: SaidAnswer, before: KeptAnswer | null): AnswerChange | string {
  const { id, label } = question;
  const isUnknown = given.unknown === true;
  const hasValue = given.value !== undefined;
  if (isUnknown && hasValue && given.value !== null) return 'expected a value or unknown, got both';
  if (!isUnknown && !hasValue && given.note === undefined) return 'expected value or unknown: true';
  const read = isUnknown ? ({ value: null, fault: null } as const) : readAnswer(question, given.value);
  if (read.fault !== null) return read.fault;
  const isNoteOnly = !isUnknown && !hasValue;
  const answer = isNoteOnly
    ? { value: before?.value ?? null, isUnknown: before?.isUnknown ?? false }
    : { value: read.value, isUnknown };
  const isEmpty = answer.value === null && !answer.isUnknown;
  if (isNoteOnly && isEmpty) return 'expected an answer that the note is about';
  const note = given.note === undefined ? (before?.note ?? null) : textOrNull(given.note);
  return { question: id, label, ...answer, note: isEmpty ? null : note, before };
}

function textOrNull(note: string): string | null {
  const text = manyLines(note, MAX_TEXT);
  return text === '' ? null : text;
}

function isUnchanged({ before, value, isUnknown, note }: AnswerChange): boolean {
  if (before === null) return value === null && !isUnknown;
  return before.isUnknown === isUnknown && before.note === note && isSameValue(before.value, value);
}

/** Whether somebody else gave the answer that is there, and the one who changes it has not seen that. */
function isOvertaken(
  before: KeptAnswer | null,
  { revision = 0 }: SaidAnswer,
  by: { readonly actor: string; readonly userId: string | null },
): before is KeptAnswer {
  if (before === null || before.revision === revision || isBy(before, by)) return false;
  const isTakenBack = before.value === null && !before.isUnknown;
  return !(isTakenBack && revision === 0);
}

/** Whether an answer is somebody's own. @example isBy({ actor: 'Ann', userId: 'u1' }, { actor: 'Ann', userId: 'u1' }) // true */
export function isBy(
  answer: Pick<KeptAnswer, 'actor' | 'userId'>,
  by: { readonly actor: string; readonly userId: string | null },
): boolean {
  return answer.userId === by.userId && (by.userId !== null || answer.actor === by.actor);
}

function conflictOf({ question: id, value, isUnknown, note }: AnswerChange, theirs: KeptAnswer) {
  return { id, theirs: printAnswer(theirs), yours: { value, unknown: isUnknown, note } };
}

function conflictProblem({ id, theirs, yours }: AnswerConflict): Fault {
  const message = `${theirs.by} answered ${saidWords(theirs)} meanwhile; yours is ${saidWords(yours)}`;
  return { path: `answers.${id}`, message };
}

/**
 * What an answer says, quoted as in a sentence.
 *
 * @example saidWords({ value: 'CFO', unknown: false }) // '“CFO”'
 * @example saidWords({ value: null, unknown: true }) // 'that it is unknown'
 */
export function saidWords(said: { readonly value: AnswerValue | null; readonly unknown: boolean }): string {
  if (said.unknown) return 'that it is unknown';
  return said.value === null ? 'nothing any more' : `“${replyWords(said.value)}”`;
}

/** An answer as the API gives it. */
export function printAnswer(kept: KeptAnswer): Answer {
  const { question: id, label, value, isUnknown: unknown, note, at, actor: by, revision } = kept;
  return { id, label, value, unknown, note, at: formatInstant(at), by, revision };
}
