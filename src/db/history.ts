import { type Sql, stamp, statement } from './database.ts';

const QUIET_OUTBOX = statement(
  'quiet_outbox',
  {},
  `update outbox set state = 'sent', sent_at = created_at, next_attempt_at = null, attempts = 1
   where state = 'waiting' and created_at < $1`,
);

const QUIET_ALERTS = statement(
  'quiet_alerts',
  {},
  'update alert set read_at = at where read_at is null and at < $1',
);

const QUIET_THROTTLES = statement(
  'quiet_throttles',
  {},
  'update alert_throttle set held = 0, held_since = null, held_alert = null where held > 0 and until_at < $1',
);

const QUIET_EXCEPTIONS = statement(
  'quiet_exceptions',
  {},
  'update exception set overdue_at = due_at where overdue_at is null and due_at < $1',
);

/** Lets what was promised before an instant count as sent, read and told: told history must not ring anybody's bell. */
export async function quietHistory(sql: Sql, before: number): Promise<void> {
  await QUIET_OUTBOX.rows(sql, stamp(before));
  await QUIET_ALERTS.rows(sql, stamp(before));
  await QUIET_THROTTLES.rows(sql, stamp(before));
  await QUIET_EXCEPTIONS.rows(sql, stamp(before));
}
