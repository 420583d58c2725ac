import { json, type Sql, stamp, stampOrNull, statement } from '../database.ts';

const LOAD_CONTACTS = statement(
  'load_contacts',
  {
    id: 'uuid',
    created_at: 'timestamptz',
    last_seen_at: 'timestamptz?',
    contact: 'jsonb',
    company_part: 'jsonb',
    company_name: 'text?',
    company_id: 'uuid?',
    unverified: 'text[]',
    profile_at: 'timestamptz?',
  },
  `select id, created_at, last_seen_at, contact, company_part, company_name, company_id, unverified, profile_at
   from contact where id = any($1::uuid[]) and merged_into is null order by id for no key update`,
);

/** Locks contacts and loads their profile as of now. Ascending ids, so that two nodes never deadlock. */
export function loadContacts(sql: Sql, ids: readonly string[]) {
  return LOAD_CONTACTS.rows(sql, ids);
}

const TOUCH_CONTACTS = statement(
  'touch_contacts',
  {},
  `with locked as (select id from contact where id = any($1::uuid[]) order by id for update)
   update contact set created_at = least(contact.created_at, new.created_at),
     last_seen_at = greatest(contact.last_seen_at, new.last_seen_at)
   from locked join unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) as new(id, created_at, last_seen_at)
     on new.id = locked.id
   where contact.id = locked.id`,
);

/** Moves the creation of contacts back and their last sight forward, where these say so. */
export async function touchContacts(
  sql: Sql,
  seen: readonly {
    readonly id: string;
    readonly createdAt: number | null;
    readonly lastSeenAt: number | null;
  }[],
): Promise<void> {
  await TOUCH_CONTACTS.rows(
    sql,
    seen.map(({ id }) => id),
    seen.map(({ createdAt }) => stampOrNull(createdAt)),
    seen.map(({ lastSeenAt }) => stampOrNull(lastSeenAt)),
  );
}

const UNSETTLE = statement(
  'mark_unsettled',
  {},
  `update standing set version = 0, next_change_at = null where contact_id = any($1::uuid[]) and version <> 0`,
);

/** Lets contacts count as never evaluated under any version: what is found by `loadStale`, and by nothing else. */
export async function markUnsettled(sql: Sql, ids: readonly string[]): Promise<void> {
  await UNSETTLE.rows(sql, ids);
}

const LOAD_FACTS = statement(
  'load_facts',
  {
    contact_id: 'uuid',
    at: 'timestamptz?',
    message_id: 'text',
    mode: 'text',
    contact: 'jsonb',
    company_part: 'jsonb',
    company_id: 'uuid?',
  },
  `select contact_id, at, message_id, mode, contact, company_part, company_id from profile_fact
   where contact_id = any($1::uuid[])`,
);

/** All profile facts of contacts. */
export function loadFacts(sql: Sql, ids: readonly string[]) {
  return LOAD_FACTS.rows(sql, ids);
}

const LOCK_CONTACTS = statement(
  'lock_contacts',
  { merged_into: 'uuid?' },
  'select merged_into from contact where id = any($1::uuid[]) order by id for no key update',
);

/** Locks contacts, ascending like everybody who locks several; false when one was joined to another meanwhile. */
export async function lockContacts(sql: Sql, ids: readonly string[]): Promise<boolean> {
  const rows = await LOCK_CONTACTS.rows(sql, ids);
  return rows.every(row => row.merged_into === null);
}

const LOAD_EVENTS = statement(
  'load_events',
  { contact_id: 'uuid', at: 'timestamptz', name: 'text', properties: 'jsonb?', context: 'jsonb?' },
  `select contact_id, at, name_key as name,
     case when name_key = any($2::text[]) then properties end as properties,
     case when name_key = any($2::text[]) then context end as context
   from event
   where contact_id = any($1::uuid[]) and machine is null and ($3 or name_key = any($2::text[]))`,
);

/** An event as scoring needs it. */
export type LoadedEvent = Awaited<ReturnType<typeof loadEvents>>[number];

/** The events of contacts that an agreement can match (all of them when `any`), machine-made ones left out. */
export function loadEvents(
  sql: Sql,
  ids: readonly string[],
  which: { readonly names: readonly string[]; readonly any: boolean },
) {
  return LOAD_EVENTS.rows(sql, ids, which.names, which.any);
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
  },
  `select s.contact_id, s.version, s.digested, s.stage, s.stage_since, s.qualifies, s.first_mql_at, s.owner_id, s.evaluated_at,
     s.left_alone, s.disqualified, e.id as episode_id, e.state as episode_state, e.disqualifier as episode_disqualifier,
     e.state = 'open' and e.owner_id is null and not e.imported as episode_waits,
     e.owner_id as episode_owner_id, e.ended_at as episode_ended_at,
     e.decided_at as episode_decided_at, e.requalify_at
   from standing s left join lateral (
     select id, state, disqualifier, owner_id, imported, ended_at, decided_at, requalify_at from episode
     where contact_id = s.contact_id and agreement_id = s.agreement_id
     order by ended_at is null desc, ended_at desc, handed_off_at desc limit 1) e on true
   where s.contact_id = any($1::uuid[]) and s.agreement_id = $2`,
);

/** Where contacts stand under an agreement, each with its open episode, else the one that ended last. */
export function loadStandings(sql: Sql, ids: readonly string[], agreementId: string) {
  return LOAD_STANDINGS.rows(sql, ids, agreementId);
}

/** A contact's row after its profile was folded. */
export interface ContactRow {
  readonly id: string;
  readonly createdAt: number;
  readonly lastSeenAt: number | null;
  readonly email: string | null;
  readonly name: string;
  readonly title: string | null;
  readonly companyName: string | null;
  readonly companyId: string | null;
  readonly contact: unknown;
  readonly companyPart: unknown;
  readonly unverified: readonly string[];
  readonly profileAt: number | null;
}

const SAVE_CONTACTS = statement(
  'save_contacts',
  {},
  `update contact set created_at = least(contact.created_at, new.created_at),
     last_seen_at = greatest(contact.last_seen_at, new.last_seen_at), email = new.email, name = new.name,
     title = new.title, company_name = new.company_name, company_id = new.company_id, contact = new.contact,
     company_part = new.company_part, profile_at = new.profile_at,
     unverified = (select coalesce(array_agg(value), '{}') from jsonb_array_elements_text(new.unverified) as value)
   from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[],
     $8::uuid[], $9::jsonb[], $10::jsonb[], $11::jsonb[], $12::timestamptz[])
     as new(id, created_at, last_seen_at, email, name, title, company_name, company_id, contact, company_part, unverified, profile_at)
   where contact.id = new.id`,
);

/** Saves what is known of contacts now; creation only moves back, last sight only forward. */
export async function saveContacts(sql: Sql, rows: readonly ContactRow[]): Promise<void> {
  if (rows.length === 0) return;
  await SAVE_CONTACTS.rows(
    sql,
    rows.map(({ id }) => id),
    rows.map(({ createdAt }) => stamp(createdAt)),
    rows.map(({ lastSeenAt }) => stampOrNull(lastSeenAt)),
    rows.map(({ email }) => email),
    rows.map(({ name }) => name),
    rows.map(({ title }) => title),
    rows.map(({ companyName }) => companyName),
    rows.map(({ companyId }) => companyId),
    rows.map(({ contact }) => json(contact)),
    rows.map(({ companyPart }) => json(companyPart)),
    rows.map(({ unverified }) => json(unverified)),
    rows.map(({ profileAt }) => stampOrNull(profileAt)),
  );
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
  /** Whether the stored digest holds all events up to the evaluation. */
  readonly digested: boolean;
}

const SAVE_STANDINGS = statement(
  'save_standings',
  {},
  `insert into standing (contact_id, agreement_id, version, stage, stage_since, applies, scores, total, grade, qualifies,
     disqualified, first_mql_at, owner_id, next_change_at, evaluated_at, digested, left_alone)
   select contact_id, $1, $2, stage, stage_since, applies, scores, total, grade, qualifies,
     (select coalesce(array_agg(value), '{}') from jsonb_array_elements_text(disqualified) as value),
     first_mql_at, owner_id, next_change_at, evaluated_at, digested, left_alone
   from unnest($3::uuid[], $4::text[], $5::timestamptz[], $6::bool[], $7::json[], $8::int[], $9::text[], $10::text[],
     $11::jsonb[], $12::timestamptz[], $13::text[], $14::timestamptz[], $15::timestamptz[], $16::bool[], $17::text[])
     as new(contact_id, stage, stage_since, applies, scores, total, grade, qualifies, disqualified, first_mql_at, owner_id,
       next_change_at, evaluated_at, digested, left_alone)
   on conflict (contact_id, agreement_id) do update set version = excluded.version, stage = excluded.stage,
     stage_since = excluded.stage_since, applies = excluded.applies, scores = excluded.scores, total = excluded.total,
     grade = excluded.grade, qualifies = excluded.qualifies, disqualified = excluded.disqualified,
     first_mql_at = excluded.first_mql_at, owner_id = excluded.owner_id, next_change_at = excluded.next_change_at,
     evaluated_at = excluded.evaluated_at, digested = excluded.digested, left_alone = excluded.left_alone`,
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
  );
}

const LOAD_DUE = statement(
  'load_due_standings',
  { contact_id: 'uuid' },
  `select distinct contact_id from (
     select contact_id from standing where next_change_at <= $1
     order by next_change_at limit $2) due`,
);

/** Contacts whose score changes by the passing of time, up to `limit`, the longest due first. */
export async function loadDue(sql: Sql, now: number, limit: number): Promise<readonly string[]> {
  return (await LOAD_DUE.rows(sql, stamp(now), limit)).map(row => row.contact_id);
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
     select from standing s where s.contact_id = c.id and s.agreement_id = $1 and s.version = $2)
   order by c.id limit $3`,
);

/** Contacts that were never evaluated under this version of an agreement. */
export async function loadStale(
  sql: Sql,
  under: { readonly agreementId: string; readonly version: number },
  limit: number,
): Promise<readonly string[]> {
  return (await LOAD_STALE.rows(sql, under.agreementId, under.version, limit)).map(({ id }) => id);
}
