import { type Sql, stamp, statement } from '../database.ts';

const LIST = statement(
  'list_grouped_contacts',
  { id: 'uuid', domain: 'text?', traits: 'jsonb?' },
  `select c.id, case when c.contact ->> 'emailKind' = 'business' then c.contact ->> 'emailDomain' end as domain, said.traits
   from contact c left join lateral (
     select t.traits from profile_fact f
     join company_fact t on t.company_id = f.company_id and t.at = f.at and t.message_id = f.message_id
     where f.contact_id = c.id and f.company_id = $1 and f.recorded_at > $2
     order by f.at desc, f.message_id desc limit 1) said on true
   where c.company_id = $1 and c.merged_into is null and ($3::uuid is null or c.id > $3)
   order by c.id limit $4`,
);

/**
 * Lists the contacts of a company by their id, with the domain of a business address, and what the last of the group calls that
 * linked them to it since an instant said of the company; null where none did.
 */
export function listGrouped(
  sql: Sql,
  of: { readonly companyId: string; readonly since: number },
  page: { readonly after: string | null; readonly limit: number },
) {
  return LIST.rows(sql, of.companyId, stamp(of.since), page.after, page.limit);
}

const RELINK = statement(
  'relink_facts',
  {},
  `with gone as (
     select f.id, f.company_id as was_company_id, f.company_part as was_part, into_id, t.traits
     from unnest($1::uuid[], $2::uuid[]) as target(contact_id, into_id)
     join profile_fact f on f.contact_id = target.contact_id and f.company_id = $3 and f.recorded_at > $4
     left join company_fact t on t.company_id = f.company_id and t.at = f.at and t.message_id = f.message_id
     where into_id is distinct from f.company_id or f.company_part <> coalesce(t.traits, f.company_part)
   ), relinked as (
     update profile_fact set company_id = gone.into_id, company_part = coalesce(gone.traits, gone.was_part), relinked_at = $5
     from gone where profile_fact.id = gone.id
   )
   insert into fact_link (fact_id, was_company_id, was_part, recorded_at) select id, was_company_id, was_part, $5 from gone`,
);

/**
 * Gives contacts the company that is theirs, or none, wherever facts since an instant led to another one; what was said of
 * that one becomes their own view of a company. Where the facts led is kept.
 */
export async function relinkFacts(
  sql: Sql,
  targets: readonly { readonly contactId: string; readonly companyId: string | null }[],
  from: { readonly companyId: string; readonly since: number },
  now: number,
): Promise<void> {
  await RELINK.rows(
    sql,
    targets.map(({ contactId }) => contactId),
    targets.map(({ companyId }) => companyId),
    from.companyId,
    stamp(from.since),
    stamp(now),
  );
}

const WITHDRAW = statement(
  'withdraw_company_facts',
  {},
  'update company_fact set withdrawn_at = $3 where company_id = $1 and recorded_at > $2 and withdrawn_at is null',
);

/** Takes back what was said of a company since an instant; what was known by then stays on record. */
export async function withdrawCompanyFacts(
  sql: Sql,
  of: { readonly companyId: string; readonly since: number },
  now: number,
): Promise<void> {
  await WITHDRAW.rows(sql, of.companyId, stamp(of.since), stamp(now));
}
