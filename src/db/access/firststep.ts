import { type Sql, statement } from '../database.ts';
import { ensureSetting, saveSetting } from '../setting.ts';

/** The name under which it is kept whether the first steps are done. */
const DONE = 'first_steps_done';

const FIND = statement(
  'find_first_steps',
  {
    is_done: 'bool',
    has_contacts: 'bool',
    is_template: 'bool',
    event: 'text?',
    event_at: 'timestamptz?',
  },
  `select coalesce((select value = 'true'::jsonb from setting where name = '${DONE}'), false) as is_done,
     exists (select from contact) as has_contacts,
     exists (
       select from agreement a join agreement_version v on v.agreement_id = a.id and v.version = a.active_version
       where v.created_by = $1) as is_template, e.name as event, e.recorded_at as event_at
   from (select 1) one left join lateral (select name, recorded_at from event order by id desc limit 1) e on true`,
);

/**
 * How far the first steps are: whether somebody has set them down as done, whether the active agreement is by `template`, and
 * the last event that came in; epoch ms.
 */
export async function findFirstSteps(sql: Sql, template: string) {
  const row = await FIND.first(sql, template);
  if (row === null) throw new Error('a select without a table gave no row');
  return row;
}

/** Sets down whether the first steps are done. */
export async function saveFirstSteps(sql: Sql, isDone: boolean): Promise<void> {
  await ensureSetting(sql, { name: DONE, value: isDone });
  await saveSetting(sql, { name: DONE, value: isDone });
}
