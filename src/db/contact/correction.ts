import { type RowOf, type Sql, statement } from '../database.ts';

const anId = (kind: string) =>
  `(select min(i.value) from contact_identity i where i.contact_id = c.id and i.kind = '${kind}') as ${kind}_id`;

const LOAD = statement(
  'load_contacts_to_correct',
  {
    id: 'uuid',
    contact: 'jsonb',
    company_part: 'jsonb',
    company_name: 'text?',
    unverified: 'text[]',
    company_id: 'uuid?',
    company_traits: 'jsonb?',
    company_domain: 'text?',
    user_id: 'text?',
    email_id: 'text?',
    anonymous_id: 'text?',
  },
  `select c.id, c.contact, c.company_part, c.company_name, c.unverified, c.company_id, k.traits as company_traits,
     k.domain as company_domain, ${anId('user')}, ${anId('email')}, ${anId('anonymous')}
   from contact c left join company k on k.id = c.company_id
   where c.id = any($1::uuid[]) and c.merged_into is null order by c.id`,
);

/** A contact as far as correcting it needs it: its profile, its company, and one identity of each kind. */
export type CorrectedRow = RowOf<(typeof LOAD)['columns']>;

/** Loads contacts that a person corrects; those joined to others are left out. */
export function loadCorrected(sql: Sql, ids: readonly string[]): Promise<readonly CorrectedRow[]> {
  return LOAD.rows(sql, ids);
}

const NAMED = statement(
  'find_company_named',
  { company_id: 'uuid' },
  `select distinct company_id from contact
   where lower(company_name) = lower($1) and merged_into is null and company_id is not null limit 2`,
);

/** Finds the one company that contacts are of under a name; null where there is none, or several. */
export async function findCompanyNamed(sql: Sql, name: string): Promise<string | null> {
  const [only, another] = await NAMED.rows(sql, name);
  return another === undefined ? (only?.company_id ?? null) : null;
}
