import { z } from 'zod';
import { identifier, record, share, text } from './pieces.ts';

/** How an answer to a question is given. */
export const QUESTION_TYPES = ['yes_no', 'choice', 'text', 'number', 'amount', 'date', 'person'] as const;

const question = record({
  id: identifier,
  label: text,
  help: text.optional(),
  type: z.enum(QUESTION_TYPES),
  options: z.array(text).min(2).max(50).optional(),
  required: z.boolean().optional(),
});

const pipelineStage = record({ id: identifier, label: text.optional(), probability: share });

/** What makes a lead sales qualified: the questions of a framework and of one's own, and the stages of a deal after it. */
export const qualification = record({
  framework: z.enum(['bant', 'meddic', 'champ', 'gpctba_ci', 'custom']),
  require: z.array(identifier).optional(),
  questions: z.array(question).max(50).optional(),
  pipeline: z.array(pipelineStage).min(1).max(20).optional(),
});
