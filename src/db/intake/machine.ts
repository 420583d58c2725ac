import { type Sql, stamp, statement } from '../database.ts';

/** The most events of one contact around an instant that are looked at: a flood is a machine's anyway. */
const MAX_AROUND = 400;

const AROUND = statement(
  'load_events_around',
  {
    id: 'int8',
    contact_id: 'uuid',
    at: 'timestamptz',
    message_id: 'text',
    name: 'text',
    name_key: 'text',
    properties: 'jsonb',
    context: 'jsonb',
    machine: 'text?',
    classed_at: 'timestamptz?',
  },
  `select distinct on (e.id) e.id, e.contact_id, e.at, e.message_id, e.name, e.name_key, e.properties, e.context, e.machine,
     e.classed_at
   from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) as span(contact_id, from_at, to_at)
   cross join lateral (
     select * from event
     where contact_id = span.contact_id and at >= span.from_at and at <= span.to_at and name_key = any($4::text[])
     order by at desc limit ${MAX_AROUND}) e
   order by e.id`,
);

/** A span of time of one contact; epoch ms, both ends included. */
export interface Span {
  readonly contactId: string;
  readonly from: number;
  readonly to: number;
}

/** The events of these names that lie in spans of time of contacts, each once. */
export function loadEventsAround(sql: Sql, spans: readonly Span[], names: readonly string[]) {
  return AROUND.rows(
    sql,
    spans.map(({ contactId }) => contactId),
    spans.map(({ from }) => stamp(from)),
    spans.map(({ to }) => stamp(to)),
    names,
  );
}

const CLASS = statement(
  'class_by_pace',
  { event_id: 'int8' },
  `with new as (
     select * from unnest($1::int8[], $2::text[], $3::bool[]) as n(id, machine, is_new)
   ), changed as (
     update event set machine = new.machine, classed_at = case when new.is_new then null else $4::timestamptz end
     from new where event.id = new.id and event.machine is null returning event.id, new.machine, new.is_new
   ), kept as (
     insert into event_class (event_id, was, machine, note, actor, recorded_at)
     select id, null, machine, null, 'intake', $4 from changed where not is_new
   )
   select id as event_id from changed`,
);

/**
 * Classes events as machine-made. Those of the batch that is being taken in were never anything else; of the others what
 * they were is kept. `at` is epoch ms.
 */
export async function saveMachines(
  sql: Sql,
  found: readonly { readonly id: number; readonly reason: string; readonly isNew: boolean }[],
  at: number,
): Promise<void> {
  await CLASS.rows(
    sql,
    found.map(({ id }) => id),
    found.map(({ reason }) => reason),
    found.map(({ isNew }) => isNew),
    stamp(at),
  );
}
