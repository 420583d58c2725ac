import { json, type Sql, stamp, statement } from '../database.ts';

const LOAD = statement(
  'load_companies',
  { id: 'uuid', domain: 'text?', traits: 'jsonb' },
  `select id, coalesce(domain, claimed_domain) as domain, traits from company where id = any($1::uuid[] || array(
     select company_id from contact where id = any($2::uuid[]) and company_id is not null))
   order by id for share`,
);

/**
 * Loads companies, by their ids and those that contacts are of, and keeps what is known of them from changing until the
 * transaction ends.
 */
export function loadCompanies(
  sql: Sql,
  of: { readonly ids: readonly string[]; readonly contactIds: readonly string[] },
) {
  return LOAD.rows(sql, of.ids, of.contactIds);
}

const FIND = statement(
  'find_companies',
  { id: 'uuid', domain: 'text?', group_id: 'text?', claimed_domain: 'text?', traits: 'jsonb' },
  `select id, domain, group_id, claimed_domain, traits from company
   where domain = any($1::text[]) or claimed_domain = any($1::text[]) or group_id = any($2::text[]) or id = any($3::uuid[])
   order by id for no key update`,
);

/** Locks companies and loads them by e-mail domain, by the id a product gave them, or by their own id. */
export function findCompanies(
  sql: Sql,
  by: {
    readonly domains: readonly string[];
    readonly groupIds: readonly string[];
    readonly ids: readonly string[];
  },
) {
  return FIND.rows(sql, by.domains, by.groupIds, by.ids);
}

const FIND_GROUP = statement(
  'find_group_company',
  { id: 'uuid' },
  'select id from company where group_id = $1',
);

/** Finds the company that a product's id stands for; null when it stands for none. */
export function findGroupCompany(sql: Sql, groupId: string) {
  return FIND_GROUP.first(sql, groupId);
}

/** A company to make, or to give an id of a product. */
interface CompanyRow {
  readonly id: string;
  readonly domain: string | null;
  readonly groupId: string | null;
  readonly claimedDomain: string | null;
  readonly traits: unknown;
}

const SAVE = statement(
  'save_companies',
  {},
  `insert into company (id, domain, group_id, claimed_domain, traits, traits_at, created_at)
   select id, domain, group_id, claimed_domain, traits, $6, $6
   from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[])
     as new(id, domain, group_id, claimed_domain, traits)
   on conflict (id) do update set domain = excluded.domain, group_id = excluded.group_id,
     claimed_domain = excluded.claimed_domain, traits = excluded.traits, traits_at = excluded.traits_at`,
);

/** Makes companies or replaces what is known of them. */
export async function saveCompanies(sql: Sql, companies: readonly CompanyRow[], now: number): Promise<void> {
  await SAVE.rows(
    sql,
    companies.map(({ id }) => id),
    companies.map(({ domain }) => domain),
    companies.map(({ groupId }) => groupId),
    companies.map(({ claimedDomain }) => claimedDomain),
    companies.map(({ traits }) => json(traits)),
    stamp(now),
  );
}

/** What was said of a company at one time. */
export interface NewCompanyFact {
  readonly companyId: string;
  readonly at: number;
  readonly messageId: string;
  readonly traits: unknown;
  readonly recordedAt: number;
}

const ADD_FACTS = statement(
  'add_company_facts',
  {},
  `insert into company_fact (company_id, at, recorded_at, message_id, mode, traits)
   select company_id, at, recorded_at, message_id, 'set', traits
   from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::jsonb[], $5::timestamptz[])
     as new(company_id, at, message_id, traits, recorded_at)`,
);

/** Stores facts about companies. */
export async function addCompanyFacts(sql: Sql, facts: readonly NewCompanyFact[]): Promise<void> {
  await ADD_FACTS.rows(
    sql,
    facts.map(({ companyId }) => companyId),
    facts.map(({ at }) => stamp(at)),
    facts.map(({ messageId }) => messageId),
    facts.map(({ traits }) => json(traits)),
    facts.map(({ recordedAt }) => stamp(recordedAt)),
  );
}

const LOAD_FACTS = statement(
  'load_company_facts',
  { company_id: 'uuid', at: 'timestamptz', message_id: 'text', traits: 'jsonb' },
  `select company_id, at, message_id, traits from company_fact
   where company_id = any($1::uuid[]) and recorded_at <= $2 and mode = 'set'
     and (withdrawn_at is null or withdrawn_at > $2)
   order by at, message_id`,
);

/** Everything that servers said of companies that was recorded up to `knownAt` and held by then, in the order of the time it holds from. */
export function loadCompanyFacts(sql: Sql, companyIds: readonly string[], knownAt: number) {
  return LOAD_FACTS.rows(sql, companyIds, stamp(knownAt));
}

const WAKE = statement(
  'wake_colleagues',
  {},
  `update standing set next_change_at = least(next_change_at, $2)
   where contact_id in (select id from contact where company_id = any($1::uuid[]) and merged_into is null)
     and not contact_id = any($3::uuid[])`,
);

/** Has the contacts of changed companies evaluated again by the next sweep, but for those evaluated right now. */
export async function wakeColleagues(
  sql: Sql,
  companyIds: readonly string[],
  but: readonly string[],
  now: number,
): Promise<void> {
  await WAKE.rows(sql, companyIds, stamp(now), but);
}

const FIND_COMPANY = statement(
  'find_company_of',
  { company_id: 'uuid?' },
  'select company_id from contact where id = $1 and merged_into is null',
);

/** The company of a contact; null when there is no such contact. */
export function findCompanyOf(sql: Sql, contactId: string) {
  return FIND_COMPANY.first(sql, contactId);
}
