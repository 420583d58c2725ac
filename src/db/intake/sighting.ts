import { type Sql, stamp, stampOrNull, statement } from '../database.ts';

/** What a browser did over a time, `since` null from the beginning, as it is stored: of the contacts `from`. Epoch ms. */
export interface StoredStretch {
  readonly browser: string;
  readonly since: number | null;
  readonly until: number | null;
  readonly from: string;
}

const STRETCH = 'unnest($1::text[], $2::timestamptz[], $3::timestamptz[], $4::uuid[])';
const DURING = `at >= coalesce(s.since, '-infinity') and at < coalesce(s.until, 'infinity')`;

const stretchParams = (stretches: readonly StoredStretch[]) => [
  stretches.map(({ browser }) => browser),
  stretches.map(({ since }) => stampOrNull(since)),
  stretches.map(({ until }) => stampOrNull(until)),
  stretches.map(({ from }) => from),
];

const NAMED = statement(
  'find_named_events',
  { browser: 'text', at: 'timestamptz', contact_id: 'uuid', kind: 'text', value: 'text' },
  `select s.browser, first.at, s.from_id as contact_id, known.kind, known.value
   from ${STRETCH} as s(browser, since, until, from_id) cross join lateral (
     select min(at) as at from event where contact_id = s.from_id and browser = s.browser and named and ${DURING}) first
   cross join lateral (
     select kind, value from contact_identity where contact_id = s.from_id and kind in ('user', 'email')
     order by kind desc, value limit 1) known
   where first.at is not null`,
);

/**
 * The first event of each stretch that named the contact on that browser, which counts as a sighting only once somebody else
 * was there.
 */
export function findNamedEvents(sql: Sql, stretches: readonly StoredStretch[]) {
  return NAMED.rows(sql, ...stretchParams(stretches));
}

/** What moves counts as arrived at the contact that it moves to; where it was stays on record. */
const move = (table: string, record: string, id: string, isFree: string) =>
  statement(
    `move_${table}_rows`,
    { contact_id: 'uuid' },
    `with gone as (
       select r.id, r.contact_id, coalesce(r.origin_id, r.contact_id) as was_id, s.into_id
       from unnest($1::text[], $2::timestamptz[], $3::timestamptz[], $4::uuid[], $5::uuid[])
         as s(browser, since, until, from_id, into_id)
       join ${table} r on r.contact_id = s.from_id and r.browser = s.browser and ${isFree} and r.${DURING.replace(' and at', ' and r.at')}
     ), moved as (
       update ${table} set contact_id = gone.into_id, origin_id = null, moved_at = $6 from gone where ${table}.id = gone.id
     ), noted as (
       insert into ${record} (${id}, was_id, recorded_at) select id, was_id, $6 from gone
     )
     select contact_id from gone union select into_id from gone`,
  );

const MOVES = [
  move('event', 'event_move', 'event_id', 'not r.named'),
  move('profile_fact', 'fact_move', 'fact_id', 'true'),
];

/** Gives what came from browsers, and names nobody, to other contacts; both must be locked. Returns those it changed. */
export async function moveStretches(
  sql: Sql,
  stretches: readonly (StoredStretch & { readonly into: string })[],
  recordedAt: number,
): Promise<readonly string[]> {
  const params = [...stretchParams(stretches), stretches.map(({ into }) => into), stamp(recordedAt)];
  const moved = new Set<string>();
  for (const each of MOVES) for (const row of await each.rows(sql, ...params)) moved.add(row.contact_id);
  return [...moved].sort();
}
