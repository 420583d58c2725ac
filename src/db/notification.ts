import { type Sql, statement } from './database.ts';

const NOTIFY = statement(
  'notify_nodes',
  { sent: 'int8' },
  'select count(pg_notify($1, payload)) as sent from unnest($2::text[]) as payload',
);

/** Sends payloads, each under 8000 bytes, to every node that listens on a channel. */
export async function notifyNodes(
  sql: Sql,
  { channel, payloads }: { readonly channel: string; readonly payloads: readonly string[] },
): Promise<void> {
  await NOTIFY.rows(sql, channel, payloads);
}
