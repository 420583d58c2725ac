import { z } from 'zod';

/** An error of the API: RFC 9457 problem details (`application/problem+json`). */
export const failure = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })),
  requestId: z.string(),
});
export type ApiFailure = z.infer<typeof failure>;
