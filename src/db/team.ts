import { type RowOf, type Sql, statement } from './database.ts';

const MEMBER = {
  team: 'text',
  label: 'text',
  user_id: 'text?',
  name: 'text?',
  weight: 'float8?',
} as const;

/** A team with one of its members; an empty team has one row without a member. */
export type TeamMemberRow = RowOf<typeof MEMBER>;

const LIST = statement(
  'list_teams',
  MEMBER,
  `select team.name as team, team.label, team_member.user_id, app_user.name, team_member.weight
   from team
   left join team_member on team_member.team = team.name
   left join app_user on app_user.id = team_member.user_id
   where $1::text is null or team.name = $1
   order by team.name, lower(app_user.name), app_user.id`,
);

/** Lists the members of all teams, or of one. */
export function listTeamRows(sql: Sql, name: string | null): Promise<readonly TeamMemberRow[]> {
  return LIST.rows(sql, name);
}

const SAVE = statement(
  'save_team',
  {},
  'insert into team (name, label) values ($1, $2) on conflict (name) do update set label = excluded.label',
);
const KEEP = statement(
  'keep_team_members',
  {},
  'delete from team_member where team = $1 and user_id <> all ($2::text[])',
);
// Whoever stands lowest is next: a member who began below the others would get every lead until they have caught up.
const SET = statement(
  'set_team_members',
  {},
  `insert into team_member (team, user_id, weight, pass)
   select $1, given.user_id, given.weight,
     coalesce((select min(pass) from team_member where team = $1), 0)
   from unnest($2::text[], $3::float8[]) as given (user_id, weight)
   on conflict (team, user_id) do update set weight = excluded.weight`,
);

/**
 * Makes a team or sets its label and members. Who stays keeps their place in the rota, who is new starts level with the
 * lowest of those who stay. Call it in a transaction.
 */
export async function saveTeamRows(
  sql: Sql,
  team: {
    readonly name: string;
    readonly label: string;
    readonly members: readonly { readonly userId: string; readonly weight: number }[];
  },
): Promise<void> {
  const ids = team.members.map(({ userId }) => userId);
  const weights = team.members.map(({ weight }) => weight);
  await SAVE.rows(sql, team.name, team.label);
  await KEEP.rows(sql, team.name, ids);
  await SET.rows(sql, team.name, ids, weights);
}

const ACTIVE = statement(
  'list_active_users',
  { id: 'text' },
  'select id from app_user where id = any ($1::text[]) and active',
);

/** Tells which of these people may sign in. */
export async function listActiveIds(sql: Sql, ids: readonly string[]): Promise<ReadonlySet<string>> {
  return new Set((await ACTIVE.rows(sql, ids)).map(({ id }) => id));
}
