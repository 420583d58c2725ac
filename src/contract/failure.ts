import { z } from 'zod';
import { answerConflict } from '../core/qualification/shape.ts';

/** An error of the API: RFC 9457 problem details (`application/problem+json`). */
export const failure = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })),
  requestId: z.string(),
  /** With 409 on answers that somebody else changed meanwhile: both, for each question. */
  conflicts: z.array(answerConflict).optional(),
});
export type ApiFailure = z.infer<typeof failure>;
