import { type Sql, statement } from '../database.ts';

const OPEN = statement(
  'load_open_handoffs',
  {
    episode_id: 'uuid',
    contact_id: 'uuid',
    agreement_id: 'text',
    version: 'int4',
    episode_version: 'int4',
    state: 'text',
    handed_off_at: 'timestamptz',
    owner_id: 'text?',
    owner_name: 'text?',
    flag: 'text?',
    path_label: 'text',
    source: 'text?',
    qualifies: 'text?',
    total: 'int4?',
    grade: 'text?',
    name: 'text',
    title: 'text?',
    company_name: 'text?',
    email: 'text?',
  },
  `select e.id as episode_id, e.contact_id, e.agreement_id, s.version, e.version as episode_version, e.state, e.handed_off_at,
     e.owner_id, u.name as owner_name, e.flag, e.path_label, e.source, s.qualifies, s.total, s.grade, c.name, c.title,
     c.company_name, c.email
   from episode e join standing s on s.contact_id = e.contact_id and s.agreement_id = e.agreement_id
     join contact c on c.id = e.contact_id left join app_user u on u.id = e.owner_id
   where e.contact_id = any($1::uuid[]) and e.ended_at is null and e.disqualifier is null order by e.id`,
);

/** An open episode with where its lead stands now: the path by which it qualifies, null where it does not. */
export type OpenHandoff = Awaited<ReturnType<typeof loadOpenHandoffs>>[number];

/** The open episodes of contacts, those that a disqualifier sent elsewhere left out. */
export function loadOpenHandoffs(sql: Sql, contactIds: readonly string[]) {
  return OPEN.rows(sql, contactIds);
}

const FLAG = statement(
  'save_flags',
  {},
  `update episode set flag = new.flag from unnest($1::uuid[], $2::text[]) as new(id, flag) where episode.id = new.id`,
);

/** Says of episodes why they should be looked at again; null takes it back. */
export async function saveFlags(
  sql: Sql,
  flags: readonly { readonly episodeId: string; readonly flag: string | null }[],
): Promise<void> {
  await FLAG.rows(
    sql,
    flags.map(({ episodeId }) => episodeId),
    flags.map(({ flag }) => flag),
  );
}
