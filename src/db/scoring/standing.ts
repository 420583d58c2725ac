import { json, type Sql, stamp, stampOrNull, statement } from '../database.ts';

const UNSETTLE = statement(
  'mark_unsettled',
  {},
  `update standing set version = 0, next_change_at = null where contact_id = any($1::uuid[]) and version <> 0`,
);

/** Lets contacts count as never evaluated under any version: what is found by `loadStale`, and by nothing else. */
export async function markUnsettled(sql: Sql, ids: readonly string[]): Promise<void> {
  await UNSETTLE.rows(sql, ids);
}

const LOAD_STANDINGS = statement(
  'load_standings',
  {
    contact_id: 'uuid',
    version: 'int4',
    digested: 'bool',
    stage: 'text',
    stage_since: 'timestamptz',
    qualifies: 'text?',
    first_mql_at: 'timestamptz?',
    owner_id: 'text?',
    evaluated_at: 'timestamptz',
    left_alone: 'text?',
    disqualified: 'text[]',
    episode_id: 'uuid?',
    episode_state: 'text?',
    episode_disqualifier: 'text?',
    episode_waits: 'bool?',
    episode_owner_id: 'text?',
    episode_ended_at: 'timestamptz?',
    episode_decided_at: 'timestamptz?',
    requalify_at: 'timestamptz?',
    kept_from: 'text?',
    is_dated: 'bool',
    is_nurtured: 'bool',
  },
  `select s.contact_id, s.version, s.digested, s.stage, s.stage_since, s.qualifies, s.first_mql_at, s.owner_id, s.evaluated_at,
     s.left_alone, s.disqualified, e.id as episode_id, e.state as episode_state, e.disqualifier as episode_disqualifier,
     e.state = 'open' and e.owner_id is null and not e.imported as episode_waits,
     e.owner_id as episode_owner_id, e.ended_at as episode_ended_at,
     e.decided_at as episode_decided_at, e.requalify_at, e.kept_from,
     exists (
       select from episode o where o.contact_id = s.contact_id and o.agreement_id = s.agreement_id
         and (o.wake_at is not null or o.woke_at is not null)) as is_dated,
     exists (
       select from episode o join nurture n on n.episode_id = o.id and n.left_at is null
       where o.contact_id = s.contact_id and o.agreement_id = s.agreement_id) as is_nurtured
   from standing s left join lateral (
     select id, state, disqualifier, owner_id, imported, ended_at, decided_at, requalify_at, kept_from from episode
     where contact_id = s.contact_id and agreement_id = s.agreement_id and merge_id is null
     order by ended_at is null desc, ended_at desc, handed_off_at desc limit 1) e on true
   where s.contact_id = any($1::uuid[]) and s.agreement_id = $2`,
);

/**
 * Where contacts stand under an agreement, each with its open episode, else the one that ended last. One that was closed because
 * the contact was somebody else says nothing of who stayed. A track and a date are of any episode: after a merge an earlier one
 * may have them.
 */
export function loadStandings(sql: Sql, ids: readonly string[], agreementId: string) {
  return LOAD_STANDINGS.rows(sql, ids, agreementId);
}

/** A standing after an evaluation. */
export interface StandingRow {
  readonly contactId: string;
  readonly stage: string;
  readonly stageSince: number;
  readonly applies: boolean;
  readonly scores: unknown;
  readonly total: number | null;
  readonly grade: string | null;
  readonly qualifies: string | null;
  readonly disqualified: readonly string[];
  readonly firstMqlAt: number | null;
  readonly ownerId: string | null;
  readonly nextChangeAt: number | null;
  readonly evaluatedAt: number;
  /** Why it was not handed over though it qualifies; null otherwise. */
  readonly leftAlone: string | null;
  /** The lines of the score while sales works on the lead; null otherwise. */
  readonly lines: unknown;
  /** Whether the stored tally holds all events up to the evaluation. */
  readonly digested: boolean;
}

const SAVE_STANDINGS = statement(
  'save_standings',
  {},
  `insert into standing (contact_id, agreement_id, version, stage, stage_since, applies, scores, total, grade, qualifies,
     disqualified, first_mql_at, owner_id, next_change_at, evaluated_at, digested, left_alone, lines)
   select contact_id, $1, $2, stage, stage_since, applies, scores, total, grade, qualifies,
     (select coalesce(array_agg(value), '{}') from jsonb_array_elements_text(disqualified) as value),
     first_mql_at, owner_id, next_change_at, evaluated_at, digested, left_alone, lines
   from unnest($3::uuid[], $4::text[], $5::timestamptz[], $6::bool[], $7::json[], $8::int[], $9::text[], $10::text[],
     $11::jsonb[], $12::timestamptz[], $13::text[], $14::timestamptz[], $15::timestamptz[], $16::bool[], $17::text[],
     $18::json[])
     as new(contact_id, stage, stage_since, applies, scores, total, grade, qualifies, disqualified, first_mql_at, owner_id,
       next_change_at, evaluated_at, digested, left_alone, lines)
   on conflict (contact_id, agreement_id) do update set version = excluded.version, stage = excluded.stage,
     stage_since = excluded.stage_since, applies = excluded.applies, scores = excluded.scores, total = excluded.total,
     grade = excluded.grade, qualifies = excluded.qualifies, disqualified = excluded.disqualified,
     first_mql_at = excluded.first_mql_at, owner_id = excluded.owner_id, next_change_at = excluded.next_change_at,
     evaluated_at = excluded.evaluated_at, digested = excluded.digested, left_alone = excluded.left_alone,
     lines = excluded.lines`,
);

/** Saves where contacts stand under a version of an agreement. */
export async function saveStandings(
  sql: Sql,
  under: { readonly id: string; readonly version: number },
  rows: readonly StandingRow[],
): Promise<void> {
  await SAVE_STANDINGS.rows(
    sql,
    under.id,
    under.version,
    rows.map(({ contactId }) => contactId),
    rows.map(({ stage }) => stage),
    rows.map(({ stageSince }) => stamp(stageSince)),
    rows.map(({ applies }) => applies),
    rows.map(({ scores }) => json(scores)),
    rows.map(({ total }) => total),
    rows.map(({ grade }) => grade),
    rows.map(({ qualifies }) => qualifies),
    rows.map(({ disqualified }) => json(disqualified)),
    rows.map(({ firstMqlAt }) => stampOrNull(firstMqlAt)),
    rows.map(({ ownerId }) => ownerId),
    rows.map(({ nextChangeAt }) => stampOrNull(nextChangeAt)),
    rows.map(({ evaluatedAt }) => stamp(evaluatedAt)),
    rows.map(({ digested }) => digested),
    rows.map(({ leftAlone }) => leftAlone),
    rows.map(({ lines }) => (lines === null ? null : json(lines))),
  );
}

const LOAD_DUE = statement(
  'load_due_standings',
  { contact_id: 'uuid' },
  `select distinct contact_id from (
     select contact_id from standing where next_change_at <= $1 and contact_id <> all($3::uuid[])
     order by next_change_at limit $2) due`,
);

/** Contacts whose score changes by the passing of time, up to `limit` but for some, the longest due first. */
export async function loadDue(
  sql: Sql,
  due: { readonly now: number; readonly limit: number; readonly but: readonly string[] },
): Promise<readonly string[]> {
  return (await LOAD_DUE.rows(sql, stamp(due.now), due.limit, due.but)).map(row => row.contact_id);
}

const COUNT_SCORED = statement(
  'count_scored_contacts',
  { scored: 'int8', contacts: 'int8' },
  `select count(s.contact_id) as scored, count(*) as contacts from contact c
   left join standing s on s.contact_id = c.id and s.agreement_id = $1 and s.version = $2
   where c.merged_into is null`,
);

/** How many contacts were evaluated under this version of an agreement, and how many there are; it reads them all. */
export async function countScored(
  sql: Sql,
  under: { readonly agreementId: string; readonly version: number },
): Promise<{ readonly scored: number; readonly contacts: number }> {
  const row = await COUNT_SCORED.first(sql, under.agreementId, under.version);
  return row ?? { scored: 0, contacts: 0 };
}

const LOAD_STALE = statement(
  'load_stale_contacts',
  { id: 'uuid' },
  `select c.id from contact c
   where c.merged_into is null and not exists (
     select from standing s where s.contact_id = c.id and s.agreement_id = $1 and s.version = $2 and s.evaluated_at <= $3)
     and c.id <> all($5::uuid[])
   order by c.id limit $4`,
);

/**
 * Contacts that were never evaluated under this version of an agreement by `until` (epoch ms), up to `limit` but for some. One
 * that was evaluated later was so by a clock that ran ahead.
 */
export async function loadStale(
  sql: Sql,
  under: { readonly agreementId: string; readonly version: number },
  stale: { readonly until: number; readonly limit: number; readonly but: readonly string[] },
): Promise<readonly string[]> {
  const { until, limit, but } = stale;
  return (await LOAD_STALE.rows(sql, under.agreementId, under.version, stamp(until), limit, but)).map(
    ({ id }) => id,
  );
}

const RESTAGE = statement(
  'restage_contacts',
  {},
  `update standing set stage = told.stage, stage_since = coalesce(told.since, contact.created_at),
     first_mql_at = told.first_mql_at, owner_id = told.owner_id
   from contact cross join lateral (
     select case
         when bool_or(e.state = 'won') then 'customer'
         else coalesce((array_agg(case e.state when 'open' then 'mql' when 'accepted' then 'sql'
           when 'opportunity' then 'opportunity' when 'disqualified' then 'disqualified' else 'nurture' end
           order by e.handed_off_at desc, e.id))[1], 'lead') end as stage,
       max(coalesce(e.ended_at, e.decided_at, e.handed_off_at)) as since, min(e.qualified_at) as first_mql_at,
       (array_agg(e.owner_id order by e.handed_off_at desc, e.id) filter (where e.owner_id is not null))[1] as owner_id
     from episode e
     where e.contact_id = contact.id and e.agreement_id = $2 and e.state <> 'handled' and e.merge_id is null) told
   where contact.id = any($1::uuid[]) and standing.contact_id = contact.id and standing.agreement_id = $2`,
);

/**
 * Sets the stages of contacts by their episodes: that of the latest one, but a contact that has bought stays
 * a customer; a contact without episodes is a lead.
 */
export async function restage(sql: Sql, contactIds: readonly string[], agreementId: string): Promise<void> {
  await RESTAGE.rows(sql, contactIds, agreementId);
}
