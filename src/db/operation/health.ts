import { type Sql, stamp, statement } from '../database.ts';

/** How many rejected calls are counted at most: people need to know no more. */
const MOST_REJECTED = 10_000;

const LOAD = statement(
  'load_health',
  { gauge: 'text', label: 'text', value: 'float8' },
  `select 'exceptions_open' as gauge, kind as label, count(*)::float8 as value
   from exception where closed_at is null group by kind
   union all
   select 'exceptions_overdue', '', count(*)::float8 from exception where closed_at is null and due_at <= $1
   union all
   select 'outbox_' || state, channel, count(*)::float8 from outbox where state <> 'sent' group by state, channel
   union all
   select 'outbox_oldest', '', coalesce(greatest(0, extract(epoch from $1 - min(created_at))), 0)::float8
   from outbox where state = 'waiting'
   union all
   select 'worker_lag', name, (min(lag_ms + greatest(0, extract(epoch from $1 - at) * 1000)) / 1000)::float8
   from worker group by name
   union all
   select 'conservation', breach.key, breach.value::float8
   from setting, jsonb_each_text(setting.value->'counts') breach where setting.name = 'conservation'
   union all
   select 'conservation_at', '', (value->>'at')::float8 from setting where name = 'conservation'
   union all
   select 'rejected_waiting', '', count(*)::float8 from (
     select 1 from rejected_call where received_at > $1::timestamptz - interval '1 day' and replayed_at is null
     limit ${MOST_REJECTED}) as waiting
   union all
   select 'clock', '', (extract(epoch from clock_timestamp()) * 1000)::float8`,
);

/** What `baton doctor` and `/metrics` tell of the work that is to be done, at `now`; a gauge each, with its label. */
export function loadHealth(sql: Sql, now: number) {
  return LOAD.rows(sql, stamp(now));
}

const DESCRIBE = statement(
  'describe_server',
  { version: 'text', number: 'int4', now: 'timestamptz' },
  `select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
     clock_timestamp() as now`,
);

/** The version of the database, and what its clock shows. */
export function describeServer(sql: Sql) {
  return DESCRIBE.first(sql);
}
