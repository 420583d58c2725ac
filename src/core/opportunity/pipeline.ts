import { capital, nameWords } from '../condition/words.ts';
import type { SqlTerms } from '../qualification/question.ts';

/** A stage that an opportunity stands in while it is open. */
export interface PipelineStage {
  readonly id: string;
  readonly label: string;
  /** How likely it is won, 0 to 1. */
  readonly probability: number;
}

/** How an opportunity ends. */
export const ENDS = ['won', 'lost'] as const;
export type End = (typeof ENDS)[number];

/** The stages of an agreement that names none. */
const DEFAULT: readonly PipelineStage[] = [
  { id: 'discovery', label: 'Discovery', probability: 0.2 },
  { id: 'proposal', label: 'Proposal', probability: 0.5 },
  { id: 'negotiation', label: 'Negotiation', probability: 0.75 },
];

/** Whether a stage is an end. @example isEnd('won') // true */
export function isEnd(stage: string): stage is End {
  return ENDS.some(end => end === stage);
}

/**
 * The stages of opportunities under an agreement, in order, without their ends: those that it names, else discovery, proposal
 * and negotiation.
 *
 * @example pipelineOf(undefined).map(({ id }) => id) // ['discovery', 'proposal', 'negotiation']
 */
export function pipelineOf(sql: Pick<SqlTerms, 'pipeline'> | undefined): readonly PipelineStage[] {
  const named = (sql?.pipeline ?? [])
    .filter(({ id }) => !isEnd(id))
    .map(({ id, label, probability }) => ({ id, label: label ?? capital(nameWords(id)), probability }));
  return named.length === 0 ? DEFAULT : named;
}

/**
 * A stage as people read it; by its id where the pipeline does not have it.
 *
 * @example stageLabel([], 'won') // 'Won'
 */
export function stageLabel(pipeline: readonly PipelineStage[], id: string): string {
  return pipeline.find(stage => stage.id === id)?.label ?? capital(nameWords(id));
}
