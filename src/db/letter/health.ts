import { type Sql, statement } from '../database.ts';

const LOAD = statement(
  'load_letter_health',
  { is_planned: 'bool', failed: 'int8' },
  `select
     exists (
       select from agreement a join agreement_version v on v.agreement_id = a.id and v.version = a.active_version
       where jsonb_path_exists(v.body::jsonb, '$.outreach[*].email')
         or jsonb_path_exists(v.body::jsonb, '$.nurture[*].steps[*].email')) as is_planned,
     (select count(*) from outbox o join letter l on l.id = o.id
      where o.state = 'failed' and l.state in ('waiting', 'failed')) as failed`,
);

/** Whether an active agreement sends mail to leads, and how many letters could not be sent and may be sent again. */
export async function loadLetterHealth(
  sql: Sql,
): Promise<{ readonly isPlanned: boolean; readonly failed: number }> {
  const row = await LOAD.first(sql);
  return { isPlanned: row?.is_planned === true, failed: row?.failed ?? 0 };
}
