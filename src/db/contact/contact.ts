import { normaliseEmail } from '../../core/contact/email.ts';
import { likePart, type RowOf, type Sql, statement } from '../database.ts';

/** The agreement whose scores and stage are shown: the first active one. Who does not stand under it is a lead. */
export const LEADING =
  '(select id from agreement where active_version is not null order by created_at, agreement.id limit 1)';

const ITEM = {
  id: 'uuid',
  name: 'text',
  title: 'text?',
  email: 'text?',
  company: 'text?',
  created_at: 'timestamptz',
  last_seen_at: 'timestamptz?',
  name_key: 'text',
  stage: 'text',
  total: 'int4?',
  scores: 'json?',
  grade: 'text?',
  owner_id: 'text?',
  owner_name: 'text?',
  source: 'text?',
  campaign: 'text?',
  content: 'text?',
  segment: 'text?',
  open_episode_id: 'uuid?',
} as const;

/** A contact as lists show it. */
export type ContactItemRow = RowOf<typeof ITEM>;

// What the company belongs to: by its own word, else by that of the contact, as handoffs take it down.
const SEGMENT = `coalesce((select nullif(btrim(own.traits ->> 'segment'), '') from company own where own.id = c.company_id),
     nullif(btrim(c.company_part ->> 'segment'), ''), nullif(btrim(c.contact ->> 'segment'), ''))`;

const COLUMNS = `c.id, c.name, c.title, c.email, c.company_name as company, c.created_at, c.last_seen_at,
     lower(c.name) as name_key, coalesce(s.stage, 'lead') as stage, s.total, s.scores, s.grade, s.owner_id, u.name as owner_name,
     c.contact ->> 'source' as source, c.contact ->> 'campaign' as campaign, c.contact ->> 'content' as content,
     ${SEGMENT} as segment,
     (select e.id from episode e where e.contact_id = c.id and e.state = 'open' order by e.handed_off_at desc limit 1) as open_episode_id`;
const OWNER = 'left join app_user u on u.id = s.owner_id';
const ALL = `contact c left join standing s on s.contact_id = c.id and s.agreement_id = ${LEADING}`;
const SCORED = `standing s join contact c on c.id = s.contact_id`;

// Whole addresses and user ids are looked up once, by the index of identities: somebody joined with others has theirs too.
const FILTER = `c.merged_into is null
     and ($1::text is null or lower(c.name) like lower($1) or lower(c.email) like lower($1) or lower(c.company_name) like lower($1)
       or c.id in (
         select i.contact_id from contact_identity i where i.kind in ('email', 'user') and i.value = any($6::text[])))
     and ($2::text is null or coalesce(s.stage, 'lead') = $2)
     and ($3::text is null or s.owner_id = $3 or ($3 = 'none' and s.owner_id is null)) and ($4::text is null or s.grade = $4)
     and ($5::int8 is null or s.total >= $5)
     and ($7::text is null or c.contact ->> 'source' = $7) and ($8::text is null or c.contact ->> 'campaign' = $8)
     and ($9::text is null or ${SEGMENT} = $9)`;

/** What a list of contacts is narrowed to; null does not narrow. */
export interface ContactFilter {
  /** Part of a name, an address or a company; or a whole address or user id that the contact is also known by. */
  readonly q: string | null;
  readonly stage: string | null;
  /** A person, or `none` for contacts that nobody owns. */
  readonly ownerId: string | null;
  readonly grade: string | null;
  readonly minTotal: number | null;
  readonly source: string | null;
  readonly campaign: string | null;
  /** What the company belongs to, as the contact's own software says. */
  readonly segment: string | null;
}

/** Where a page ended: the value that the list is ordered by, as text, and the contact. */
export interface ContactPosition {
  readonly value: string | null;
  readonly id: string;
}

/** One page of a list: behind `after`, at most `limit` rows. */
export interface ContactPage {
  readonly filter: ContactFilter;
  readonly after: ContactPosition | null;
  readonly limit: number;
}

// One statement an order, so that each can walk its own index. In each, $10 is the contact of the position, $11 its value.
const BY_TOTAL = statement(
  'list_contacts_by_total',
  ITEM,
  `select ${COLUMNS} from ${SCORED} ${OWNER}
   where s.agreement_id = ${LEADING} and ${FILTER}
     and ($10::uuid is null or case when $11::int4 is null then s.total is null and s.contact_id > $10
       else s.total < $11 or s.total is null or (s.total = $11 and s.contact_id > $10) end)
   order by s.total desc nulls last, s.contact_id limit $12`,
);

/** Lists the contacts that stand under the leading agreement, the highest total first, those without one at the end. */
export function listByTotal(sql: Sql, page: ContactPage) {
  return BY_TOTAL.rows(sql, ...paramsOf(page));
}

const UNSCORED = statement(
  'list_contacts_unscored',
  ITEM,
  `select ${COLUMNS} from ${ALL} ${OWNER}
   where s.contact_id is null and ${FILTER} and ($10::uuid is null or c.id > $10) and $11::text is null
   order by c.id limit $12`,
);

/** Lists the contacts that do not stand under the leading agreement (yet). */
export function listUnscored(sql: Sql, page: ContactPage) {
  return UNSCORED.rows(sql, ...paramsOf(page));
}

const BY_NAME = statement(
  'list_contacts_by_name',
  ITEM,
  `select ${COLUMNS} from ${ALL} ${OWNER}
   where ${FILTER} and ($10::uuid is null or (lower(c.name), c.id) > ($11::text, $10))
   order by lower(c.name), c.id limit $12`,
);

/** Lists contacts by name. */
export function listByName(sql: Sql, page: ContactPage) {
  return BY_NAME.rows(sql, ...paramsOf(page));
}

const BY_CREATION = statement(
  'list_contacts_by_creation',
  ITEM,
  `select ${COLUMNS} from ${ALL} ${OWNER}
   where ${FILTER}
     and ($10::uuid is null or (c.created_at <= $11::timestamptz and (c.created_at < $11 or c.id > $10)))
   order by c.created_at desc, c.id limit $12`,
);

/** Lists contacts, the newest first. */
export function listByCreation(sql: Sql, page: ContactPage) {
  return BY_CREATION.rows(sql, ...paramsOf(page));
}

const BY_SIGHT = statement(
  'list_contacts_by_sight',
  ITEM,
  `select ${COLUMNS} from ${ALL} ${OWNER}
   where ${FILTER}
     and ($10::uuid is null or case when $11::timestamptz is null then c.last_seen_at is null and c.id > $10
       else c.last_seen_at < $11 or c.last_seen_at is null or (c.last_seen_at = $11 and c.id > $10) end)
   order by c.last_seen_at desc nulls last, c.id limit $12`,
);

/** Lists contacts, those seen last first, those never seen at the end. */
export function listBySight(sql: Sql, page: ContactPage) {
  return BY_SIGHT.rows(sql, ...paramsOf(page));
}

const COUNT = statement('count_contacts', { n: 'int8' }, `select count(*) as n from ${ALL} where ${FILTER}`);

/** Counts the contacts that a filter lets through. */
export async function countContacts(sql: Sql, filter: ContactFilter): Promise<number> {
  return (await COUNT.first(sql, ...filterParams(filter)))?.n ?? 0;
}

function paramsOf({ filter, after, limit }: ContactPage): readonly unknown[] {
  return [...filterParams(filter), after?.id ?? null, after?.value ?? null, limit];
}

function filterParams(filter: ContactFilter): readonly unknown[] {
  const { q, stage, ownerId, grade, minTotal, source, campaign, segment } = filter;
  const wholes = q === null ? null : [q, normaliseEmail(q)];
  return [likePart(q), stage, ownerId, grade, minTotal, wholes, source, campaign, segment];
}

const VALUES = statement(
  'list_contact_values',
  { field: 'text', value: 'text' },
  `with newest as (
     select c.id, c.contact, ${SEGMENT} as segment from contact c where c.merged_into is null order by c.created_at desc, c.id limit $1
   ), said as (
     select 'source' as field, contact ->> 'source' as value from newest
     union all select 'campaign', contact ->> 'campaign' from newest
     union all select 'segment', segment from newest
     union all select 'grade', s.grade from standing s join newest n on n.id = s.contact_id where s.agreement_id = ${LEADING}
   ), counted as (
     select field, value, count(*) as n, row_number() over (partition by field order by count(*) desc, value) as place
     from said where value <> '' group by field, value
   )
   select field, value from counted where place <= $2 order by field, lower(value), value`,
);

/** Lists which sources, campaigns, segments and grades the newest `of` contacts have, at most so many of each. */
export function listValueRows(sql: Sql, { of, most }: { readonly of: number; readonly most: number }) {
  return VALUES.rows(sql, of, most);
}

const BY_EMAIL = statement(
  'find_contact_by_email',
  { id: 'uuid' },
  `select contact_id as id from contact_identity where kind = 'email' and value = $1`,
);

/** Finds the contact that is known by an address, in its normal form; null where nobody is. */
export async function findContactByEmail(sql: Sql, email: string): Promise<string | null> {
  return (await BY_EMAIL.first(sql, email))?.id ?? null;
}

const FIND = statement(
  'find_contact',
  {
    ...ITEM,
    contact: 'jsonb',
    company_part: 'jsonb',
    unverified: 'text[]',
    company_traits: 'jsonb?',
    first_mql_at: 'timestamptz?',
  },
  `with recursive line as (
     select id, merged_into from contact where id = $1
     union select n.id, n.merged_into from contact n join line on n.id = line.merged_into
   )
   select ${COLUMNS}, c.contact, c.company_part, c.unverified, k.traits as company_traits,
     (select min(f.first_mql_at) from standing f where f.contact_id = c.id) as first_mql_at
   from ${ALL} ${OWNER} left join company k on k.id = c.company_id
   where c.merged_into is null and c.id in (select id from line)`,
);

/** Finds a contact; one that was joined to another gives that other. */
export function findContactRow(sql: Sql, id: string) {
  return FIND.first(sql, id);
}

const IDENTITIES = statement(
  'list_identities',
  { kind: 'text', value: 'text' },
  `select kind, value from contact_identity where contact_id = $1 order by kind desc, value limit $2`,
);

/** Lists the identifiers that a contact is known by: user ids first, then addresses, then anonymous ids. */
export async function listIdentityRows(sql: Sql, contactId: string, limit: number) {
  return IDENTITIES.rows(sql, contactId, limit);
}

const RECALL = statement(
  'recall_contacts',
  {},
  `update contact set profile_at = null, last_seen_at = told.last_seen_at,
     created_at = least(told.first_seen_at, told.first_event_at, told.created_at)
   from unnest($1::uuid[]) as asked(id) cross join lateral (
     select (select min(first_seen_at) from contact c where c.id = asked.id or c.merged_into = asked.id) as first_seen_at,
       (select min(at) from event where contact_id = asked.id) as first_event_at,
       (select max(at) from event where contact_id = asked.id and machine is null) as last_seen_at,
       (select min(least(created_at, case when batch_id is null then at end)) from profile_fact
        where contact_id = asked.id) as created_at) told
   where contact.id = asked.id`,
);

/** Sets when contacts were created and last seen by what is still known of them. */
export async function recallContacts(sql: Sql, ids: readonly string[]): Promise<void> {
  await RECALL.rows(sql, ids);
}
