import { type Sql, stamp, stampOrNull, statement } from '../database.ts';

/** How a worker of a node is. Times in epoch ms. */
export interface WorkerState {
  readonly name: string;
  /** When it last came to the end of its work. */
  readonly doneAt: number | null;
  /** How far behind its turn it is, in ms. */
  readonly lagMs: number;
  readonly error: string | null;
  readonly errorAt: number | null;
}

const SAVE = statement(
  'save_workers',
  {},
  `insert into worker (node, name, at, done_at, lag_ms, error, error_at)
   select $1, name, $2, done_at, lag_ms, error, error_at
   from unnest($3::text[], $4::timestamptz[], $5::bigint[], $6::text[], $7::timestamptz[])
     as new(name, done_at, lag_ms, error, error_at)
   on conflict (node, name) do update set at = excluded.at, done_at = excluded.done_at, lag_ms = excluded.lag_ms,
     error = excluded.error, error_at = excluded.error_at`,
);

/** Says how the workers of a node are. */
export async function saveWorkers(
  sql: Sql,
  { node, at }: { readonly node: string; readonly at: number },
  workers: readonly WorkerState[],
): Promise<void> {
  await SAVE.rows(
    sql,
    node,
    stamp(at),
    workers.map(({ name }) => name),
    workers.map(({ doneAt }) => stampOrNull(doneAt)),
    workers.map(({ lagMs }) => lagMs),
    workers.map(({ error }) => error),
    workers.map(({ errorAt }) => stampOrNull(errorAt)),
  );
}

const FORGET = statement('forget_workers', {}, 'delete from worker where node = $1');

/** Forgets the workers of a node that stops. */
export async function forgetWorkers(sql: Sql, node: string): Promise<void> {
  await FORGET.rows(sql, node);
}

const FORGET_SILENT = statement('forget_silent_workers', {}, 'delete from worker where at < $1 or at > $2');

/** Forgets workers that were silent since `before`, or spoke by a clock that was ahead, `after`; epoch ms. */
export async function forgetSilent(
  sql: Sql,
  { before, after }: { readonly before: number; readonly after: number },
): Promise<void> {
  await FORGET_SILENT.rows(sql, stamp(before), stamp(after));
}

const LIST = statement(
  'list_workers',
  {
    node: 'text',
    name: 'text',
    at: 'timestamptz',
    done_at: 'timestamptz?',
    lag_ms: 'int8',
    error: 'text?',
    error_at: 'timestamptz?',
  },
  'select node, name, at, done_at, lag_ms, error, error_at from worker order by name, at desc, node',
);

/** The workers of all nodes that are not forgotten. */
export function listWorkers(sql: Sql) {
  return LIST.rows(sql);
}
