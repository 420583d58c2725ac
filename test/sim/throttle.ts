import { z } from 'zod';
import { parseDuration } from '../../src/core/time/duration.ts';
import { BrokenError } from './check.ts';
import { ask } from './snapshot.ts';
import type { Life } from './world.ts';

const practice = z.object({ alerts: z.array(z.object({ atMostEvery: z.string() })) });

/** Looks whether nobody was told of the same signal of a lead more often than the agreement allows. */
export async function checkThrottles(life: Life): Promise<void> {
  const least = Math.min(
    ...life.plan.versions.flatMap(body =>
      practice.parse(body).alerts.map(({ atMostEvery }) => parseDuration(atMostEvery) ?? 0),
    ),
  );
  // Who was joined with another, or parted from them, has had two rows of signals.
  const pairs = await ask(
    life.db,
    'signals',
    { contact_id: 'uuid', recipient: 'text', created_at: 'timestamptz', before: 'timestamptz?' },
    `select contact_id, recipient, created_at,
       lag(created_at) over (partition by contact_id, recipient order by created_at) as before
     from outbox o where channel = 'in_app' and payload->>'kind' = 'early'
       and not exists (select from contact_merge m where o.contact_id in (m.from_id, m.into_id))`,
  );
  const close = pairs.find(({ created_at: at, before }) => before !== null && at - before < least);
  if (close !== undefined)
    throw new BrokenError(
      `somebody was told of a signal again too soon: ${JSON.stringify({ ...close, least })}`,
    );
}
