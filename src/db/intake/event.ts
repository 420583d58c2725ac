import { type Sql, statement } from '../database.ts';

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
