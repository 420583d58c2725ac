import { json, type Sql, stamp, statement } from '../database.ts';

const LOAD = statement(
  'load_digests',
  { contact_id: 'uuid', slot: 'int4', state: 'json' },
  'select contact_id, slot, state from digest where contact_id = any($1::uuid[]) and agreement_id = $2',
);

/** What is kept of contacts' events under an agreement, by slot. */
export function loadTallies(sql: Sql, ids: readonly string[], agreementId: string) {
  return LOAD.rows(sql, ids, agreementId);
}

const SAVE = statement(
  'save_digests',
  {},
  `insert into digest (contact_id, agreement_id, slot, state)
   select contact_id, $1, slot, state from unnest($2::uuid[], $3::int[], $4::json[]) as new(contact_id, slot, state)
   on conflict (contact_id, agreement_id, slot) do update set state = excluded.state`,
);

/** Saves what is kept of contacts' events; each contact and slot once. */
export async function saveTallies(
  sql: Sql,
  agreementId: string,
  rows: readonly { readonly contactId: string; readonly slot: number; readonly state: unknown }[],
): Promise<void> {
  await SAVE.rows(
    sql,
    agreementId,
    rows.map(({ contactId }) => contactId),
    rows.map(({ slot }) => slot),
    rows.map(({ state }) => json(state)),
  );
}

const DROP = statement(
  'drop_digests',
  {},
  'delete from digest where contact_id = any($1::uuid[]) and agreement_id = $2',
);

/** Forgets what was kept of contacts' events under an agreement. */
export async function dropTallies(sql: Sql, ids: readonly string[], agreementId: string): Promise<void> {
  await DROP.rows(sql, ids, agreementId);
}

const EVENT = { at: 'timestamptz', name: 'text', properties: 'jsonb', context: 'jsonb' } as const;

const LOAD_AFTER = statement(
  'load_events_after',
  { place: 'int4', ...EVENT },
  `select w.place::int, e.at, e.name, e.properties, e.context
   from unnest($1::uuid[], $2::timestamptz[]) with ordinality as w(contact_id, after, place)
   cross join lateral (
     select at, name_key as name, properties, context from event
     where contact_id = w.contact_id and at > w.after and machine is null and name_key = any($3::text[])
     order by at fetch first ($4::int) rows with ties) e
   order by w.place, e.at`,
);

/** The next events after an instant, for each of some contacts; all that fall on the last instant together. */
export function loadEventsAfter(
  sql: Sql,
  wanted: readonly { readonly contactId: string; readonly after: number }[],
  which: { readonly names: readonly string[]; readonly limit: number },
) {
  return LOAD_AFTER.rows(
    sql,
    wanted.map(({ contactId }) => contactId),
    wanted.map(({ after }) => stamp(after)),
    which.names,
    which.limit,
  );
}

const LOAD_BETWEEN = statement(
  'load_events_between',
  { contact_id: 'uuid', ...EVENT },
  `select e.contact_id, e.at, e.name_key as name, e.properties, e.context
   from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) as w(contact_id, after, until)
   join event e on e.contact_id = w.contact_id and e.at > w.after and e.at < w.until
   where e.machine is null and e.name_key = any($4::text[])`,
);

/** The events of contacts between two instants, both left out. */
export function loadEventsBetween(
  sql: Sql,
  wanted: readonly { readonly contactId: string; readonly after: number; readonly until: number }[],
  names: readonly string[],
) {
  return LOAD_BETWEEN.rows(
    sql,
    wanted.map(({ contactId }) => contactId),
    wanted.map(({ after }) => stamp(after)),
    wanted.map(({ until }) => stamp(until)),
    names,
  );
}
