import { FRAMEWORK_NAMES, type Framework } from '../../core/agreement/framework.ts';
import { replyWords } from '../../core/qualification/answer.ts';
import { missingWords } from '../../core/qualification/missing.ts';
import type { Answer, Qualification } from '../../core/qualification/shape.ts';
import type { Saving } from './draft.ts';

/** A question as the form asks it. */
export type AskedQuestion = Qualification['questions'][number];

/** How a framework is written; nothing for questions of one's own. */
export function frameworkName(framework: string): string {
  const isKnown = (id: string): id is Framework => Object.hasOwn(FRAMEWORK_NAMES, id);
  return isKnown(framework) && framework !== 'custom' ? FRAMEWORK_NAMES[framework] : '';
}

/** What is still to be found out before a lead is accepted; null when nothing is. */
export function stillMissing(qualification: Qualification | null): string | null {
  if (qualification === null) return null;
  const { questions, missing } = qualification;
  const labels = questions.filter(({ id }) => missing.includes(id)).map(({ label }) => label);
  return labels.length === 0 ? null : missingWords(labels);
}

/** An answer in words. */
export function saidWords({ value, unknown }: Pick<Answer, 'value' | 'unknown'>): string {
  return value === null ? (unknown ? 'Unknown' : 'Nothing') : replyWords(value);
}

/** How far the saving of an answer is, in words. */
export function savingWords(saving: Saving): string {
  switch (saving.kind) {
    case 'waiting':
    case 'saving':
      return 'Saving…';
    case 'saved':
      return 'Saved';
    case 'failed':
      return `Not saved yet. ${saving.words} It is tried again by itself.`;
    case 'refused':
      return `Not saved: ${saving.words}`;
    default:
      return 'Answered by two people';
  }
}
