import { type Sql, stamp, statement } from '../database.ts';

/** A merge counts from when it was recorded until it was undone. */
const KNOWN = 'm.recorded_at <= $2 and (m.undone_at is null or m.undone_at > $2)';
/** Nobody was joined to others as often; a clock that ran back between a merge and its undoing must not lead in a circle. */
const MAX_STEPS = 100;

/** The contact that a row counted as arrived at by $n: by the first move after that time, else as it stands. */
const originBy = (table: 'event' | 'profile_fact', n: number) => {
  const [moves, id] = table === 'event' ? ['event_move', 'event_id'] : ['fact_move', 'fact_id'];
  return `case when ${table}.moved_at > $${n} then (
    select v.was_id from ${moves} v where v.${id} = ${table}.id and v.recorded_at > $${n} order by v.recorded_at, v.id limit 1)
    else coalesce(${table}.origin_id, ${table}.contact_id) end`;
};

// From each contact asked for along the merges known by then to who held its facts, and from there back to everybody
// whose facts that one held. Who was joined before merges were recorded counts as joined ever since.
const HOLDERS = statement(
  'load_holders',
  {
    asked_id: 'uuid',
    id: 'uuid',
    owner_ids: 'text[]',
    origin_ids: 'text[]',
    seen_at: 'timestamptz?',
    first_event_at: 'timestamptz?',
  },
  `with recursive up as (
     select asked.id as asked_id, asked.id, 0 as step from (select distinct unnest($1::uuid[]) as id) asked
     union all
     select up.asked_id, coalesce(m.into_id, c.merged_into), step + 1
     from up join contact c on c.id = up.id left join contact_merge m on m.from_id = c.id and ${KNOWN}
     where step < ${MAX_STEPS} and (m.from_id is not null
       or (c.merged_into is not null and not exists (select from contact_merge r where r.from_id = c.id)))
   ), holder as (
     select distinct on (asked_id) asked_id, id from up order by asked_id, step desc
   ), held as (
     select id, id as origin_id, 0 as step from (select distinct id from holder) h
     union all
     select held.id, m.from_id, step + 1 from held join contact_merge m on m.into_id = held.origin_id
     where step < ${MAX_STEPS} and ${KNOWN}
   ), known as (
     select held.id, array_agg(distinct held.origin_id) as origin_ids,
       array_agg(distinct coalesce(c.merged_into, c.id)) as owner_ids,
       min(c.first_seen_at) filter (where c.first_seen_at <= $2) as seen_at
     from held join contact c on c.id = held.origin_id group by held.id
   )
   select holder.asked_id, holder.id, known.owner_ids::text[] as owner_ids, known.origin_ids::text[] as origin_ids,
     known.seen_at, first.at as first_event_at
   from holder join contact c on c.id = holder.id join known on known.id = holder.id
   left join lateral (
     select e.at from (
       select e.at from unnest(known.owner_ids) as owner(id) cross join lateral (
         select at from event
         where contact_id = owner.id and ${originBy('event', 2)} = any(known.origin_ids) and recorded_at <= $2
         order by at limit 1) e
       union all
       select event.at from event_move g join event on event.id = g.event_id
       where g.was_id = any(known.origin_ids) and g.recorded_at > $2
         and ${originBy('event', 2)} = any(known.origin_ids) and event.recorded_at <= $2) e
     order by e.at limit 1) first on true`,
);

/** A contact's facts as of some time: whose they were (`id`), whose they are now (of several after an undone merge), and all the contacts they arrived at. */
export type HolderRow = Awaited<ReturnType<typeof loadHolders>>[number];

/**
 * Who held the facts of contacts at `knownAt`: each itself, or the one it was joined to by then; with when
 * that one was first seen and its first event, as far as it was known. Ids of nobody are left out.
 */
export function loadHolders(sql: Sql, ids: readonly string[], knownAt: number) {
  return HOLDERS.rows(sql, ids, stamp(knownAt));
}

/** The contacts that hold rows now, those they arrived at, and by when they were recorded. */
interface Held {
  readonly ownerIds: readonly string[];
  readonly originIds: readonly string[];
  readonly knownAt: number;
}

// The company as of then is what the first time that links were taken apart after it found.
const FACTS = statement(
  'load_past_facts',
  {
    origin_id: 'uuid',
    at: 'timestamptz?',
    message_id: 'text',
    mode: 'text',
    contact: 'jsonb',
    company_part: 'jsonb',
    company_id: 'uuid?',
    created_at: 'timestamptz?',
    said_at: 'timestamptz?',
  },
  `select ${originBy('profile_fact', 3)} as origin_id, at, message_id, mode, contact,
     case when was.recorded_at is null then company_part else was.was_part end as company_part,
     case when was.recorded_at is null then company_id else was.was_company_id end as company_id,
     created_at, case when batch_id is null then at end as said_at
   from profile_fact left join lateral (
     select l.was_part, l.was_company_id, l.recorded_at from fact_link l
     where profile_fact.relinked_at > $3 and l.fact_id = profile_fact.id and l.recorded_at > $3
     order by l.recorded_at, l.id limit 1) was on true
   where (contact_id = any($1::uuid[])
       or profile_fact.id = any(array(select fact_id from fact_move where was_id = any($2::uuid[]) and recorded_at > $3)))
     and ${originBy('profile_fact', 3)} = any($2::uuid[]) and profile_fact.recorded_at <= $3`,
);

/** Profile facts by the contact they arrived at; `said_at` is when a call said so, null for a row of a file. */
export function loadPastFacts(sql: Sql, { ownerIds, originIds, knownAt }: Held) {
  return FACTS.rows(sql, ownerIds, originIds, stamp(knownAt));
}

// The class as of then is what the first change after that time found.
const EVENTS = statement(
  'load_past_events',
  {
    origin_id: 'uuid',
    id: 'int8',
    at: 'timestamptz',
    name: 'text',
    written: 'text',
    properties: 'jsonb?',
    context: 'jsonb?',
  },
  `select ${originBy('event', 3)} as origin_id, id, at, name_key as name, name as written,
     case when name_key = any($4::text[]) then properties end as properties,
     case when name_key = any($4::text[]) then context end as context
   from event
   where (contact_id = any($1::uuid[])
       or id = any(array(select event_id from event_move where was_id = any($2::uuid[]) and recorded_at > $3)))
     and ${originBy('event', 3)} = any($2::uuid[]) and recorded_at <= $3
     and ($5 or name_key = any($4::text[]))
     and case when classed_at > $3 then (
       select c.was from event_class c where c.event_id = event.id and c.recorded_at > $3
       order by c.recorded_at, c.id limit 1) else machine end is null`,
);

/** An event as it was known; `name` as agreements compare it, `written` as it arrived. */
export type PastEvent = Awaited<ReturnType<typeof loadPastEvents>>[number];

/**
 * The events that an agreement can match (all of them when `any`), by the contact they arrived at, in no order; without
 * those that counted as machine-made by then.
 */
export function loadPastEvents(
  sql: Sql,
  { ownerIds, originIds, knownAt }: Held,
  which: { readonly names: readonly string[]; readonly any: boolean },
) {
  return EVENTS.rows(sql, ownerIds, originIds, stamp(knownAt), which.names, which.any);
}

const FIRST_EVENTS = statement(
  'load_first_events',
  { contact_id: 'uuid', at: 'timestamptz' },
  `select asked.id as contact_id, first.at
   from unnest($1::uuid[], $2::timestamptz[]) as asked(id, after) cross join lateral (
     select at from event where contact_id = asked.id and at > asked.after and machine is null order by at limit 1) first`,
);

/** The first thing that each contact did, rather than a machine, later than an instant of its own; epoch ms. */
export async function loadFirstEvents(
  sql: Sql,
  asked: readonly { readonly id: string; readonly after: number }[],
): Promise<ReadonlyMap<string, number>> {
  if (asked.length === 0) return new Map();
  const rows = await FIRST_EVENTS.rows(
    sql,
    asked.map(({ id }) => id),
    asked.map(({ after }) => stamp(after)),
  );
  return new Map(rows.map(row => [row.contact_id, row.at]));
}
