import { z } from 'zod';
import { QUESTION_TYPES } from '../agreement/qualification.ts';
import { instant } from '../time/instant.ts';

/** What a question is answered with. */
export const answerValue = z.union([
  z.boolean(),
  z.number(),
  z.string(),
  z.object({ amount: z.number(), currency: z.string() }),
]);

/** An answer that was given. */
export const answer = z.object({
  id: z.string(),
  label: z.string(),
  value: answerValue.nullable(),
  unknown: z.boolean(),
  note: z.string().nullable(),
  at: instant,
  by: z.string(),
  /** Counts how often the answer was changed; the one who changes it says which they saw. */
  revision: z.number(),
});
export type Answer = z.infer<typeof answer>;

/** What two people answered at once; `theirs` is null where they took the answer back. */
export const answerConflict = z.object({
  id: z.string(),
  theirs: answer,
  yours: z.object({
    value: answerValue.nullable(),
    unknown: z.boolean(),
    note: z.string().nullable(),
  }),
});
export type AnswerConflict = z.infer<typeof answerConflict>;

/** What sales asks about a lead, what it found out, and what it must still find out before it accepts. */
export const leadQualification = z.object({
  framework: z.string(),
  questions: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      help: z.string().nullable(),
      type: z.enum(QUESTION_TYPES),
      options: z.array(z.string()),
      required: z.boolean(),
    }),
  ),
  /** The answers there are, in the order of the questions. */
  answers: z.array(answer),
  /** The required questions whose answer is missing or unknown. */
  missing: z.array(z.string()),
  /** The latest answer to each question in earlier handoffs of the contact. */
  earlier: z.array(answer),
});
export type Qualification = z.infer<typeof leadQualification>;
