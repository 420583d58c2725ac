import { type Sql, statement } from '../database.ts';

const LOCK = statement(
  'lock_leads',
  { id: 'uuid' },
  `select id from contact where id in (select contact_id from episode where id = any($1::uuid[]))
   order by id for no key update`,
);

/** Locks the contacts of episodes, ascending like everybody who locks several. */
export async function lockLeads(sql: Sql, episodeIds: readonly string[]): Promise<void> {
  await LOCK.rows(sql, episodeIds);
}
