import type { LedTeam } from '../../core/routing/remit.ts';
import { type Sql, statement } from '../database.ts';
import { MAY_OWN } from './owner.ts';

const ADD = statement(
  'add_team',
  {},
  `insert into team (name, label) values ($1, $2) on conflict (name) do nothing`,
);

/** Makes a team with nobody in it, unless it is there. */
export async function addTeamRow(
  sql: Sql,
  team: { readonly name: string; readonly label: string },
): Promise<void> {
  await ADD.rows(sql, team.name, team.label);
}

const SAVE = statement(
  'save_team',
  {},
  'update team set label = $2, manager_id = $3, slack_channel = $4, turn = $5 where name = $1',
);

/** Saves what a team is called, who deals with its exceptions, its channel, and how far it has come. */
export async function saveTeamRow(
  sql: Sql,
  team: {
    readonly name: string;
    readonly label: string;
    readonly managerId: string | null;
    readonly slackChannel: string | null;
    readonly turn: number;
  },
): Promise<void> {
  await SAVE.rows(sql, team.name, team.label, team.managerId, team.slackChannel, team.turn);
}

const KEEP = statement(
  'keep_team_members',
  {},
  'delete from team_member where team = $1 and user_id <> all ($2::text[])',
);
const SET = statement(
  'set_team_members',
  {},
  `insert into team_member (team, user_id, weight, pass, capacity_open, capacity_day, tokens, tokens_day)
   select $1, user_id, weight, pass, capacity_open, capacity_day, tokens, tokens_day
   from unnest($2::text[], $3::float8[], $4::float8[], $5::int[], $6::float8[], $7::float8[], $8::int[])
     as new(user_id, weight, pass, capacity_open, capacity_day, tokens, tokens_day)
   on conflict (team, user_id) do update set weight = excluded.weight, pass = excluded.pass,
     capacity_open = excluded.capacity_open, capacity_day = excluded.capacity_day, tokens = excluded.tokens,
     tokens_day = excluded.tokens_day`,
);

/** A member of a team as it is stored. */
export interface MemberToSave {
  readonly userId: string;
  readonly weight: number;
  readonly pass: number;
  readonly mostOpen: number | null;
  readonly perDay: number | null;
  readonly tokens: number | null;
  readonly tokensDay: number | null;
}

/** Makes these the members of a team. Call it in a transaction. */
export async function saveMemberRows(
  sql: Sql,
  team: string,
  members: readonly MemberToSave[],
): Promise<void> {
  await KEEP.rows(
    sql,
    team,
    members.map(({ userId }) => userId),
  );
  if (members.length === 0) return;
  await SET.rows(
    sql,
    team,
    members.map(({ userId }) => userId),
    members.map(({ weight }) => weight),
    members.map(({ pass }) => pass),
    members.map(({ mostOpen }) => mostOpen),
    members.map(({ perDay }) => perDay),
    members.map(({ tokens }) => tokens),
    members.map(({ tokensDay }) => tokensDay),
  );
}

const DELETE = statement('delete_team', {}, 'delete from team where name = $1');

/** Removes a team that no longer has members. */
export async function deleteTeamRow(sql: Sql, name: string): Promise<void> {
  await DELETE.rows(sql, name);
}

const OWNERS = statement(
  'list_possible_owners',
  { id: 'text' },
  `select u.id from app_user u where u.id = any ($1::text[]) and ${MAY_OWN}`,
);

/** Tells which of these people may own leads. */
export async function listPossibleOwners(sql: Sql, ids: readonly string[]): Promise<ReadonlySet<string>> {
  return new Set((await OWNERS.rows(sql, ids)).map(({ id }) => id));
}

const COUNT_WAITING = statement(
  'count_waiting_leads',
  { team: 'text', waiting: 'int8' },
  `select team, count(*) as waiting from episode
   where state = 'open' and owner_id is null and team is not null group by team`,
);

/** How many leads wait in the queue of each team that has any. */
export async function countWaiting(sql: Sql): Promise<ReadonlyMap<string, number>> {
  return new Map((await COUNT_WAITING.rows(sql)).map(({ team, waiting }) => [team, waiting]));
}

const LED = statement(
  'load_led_people',
  { user_ids: 'text[]?' },
  `select coalesce(
     (select array_agg(distinct m.user_id) from team t join team_member m on m.team = t.name
      where t.manager_id = $1),
     case when not exists (select from team where manager_id = $1) then (select array_agg(id) from app_user) end
   ) as user_ids`,
);

/** The members of the teams that a person leads; somebody who leads none in particular looks after everybody. */
export async function loadLedPeople(sql: Sql, userId: string): Promise<readonly string[]> {
  return (await LED.first(sql, userId))?.user_ids ?? [];
}

const LED_TEAMS = statement(
  'list_led_teams',
  { name: 'text', label: 'text', manager_id: 'text?', manager_name: 'text?', user_ids: 'text[]' },
  `select t.name, t.label, u.id as manager_id, u.name as manager_name,
     array(select m.user_id from team_member m where m.team = t.name) as user_ids
   from team t left join app_user u on u.id = t.manager_id and u.active and u.role in ('manager', 'admin')
   order by t.name`,
);

/** Every team with its members and the manager or admin who manages it, null where nobody active does. */
export async function listLedTeams(sql: Sql): Promise<readonly LedTeam[]> {
  return (await LED_TEAMS.rows(sql)).map(
    ({ name, label, manager_id: id, manager_name: manager, user_ids }) => ({
      name,
      label,
      manager: id === null || manager === null ? null : { id, name: manager },
      memberIds: user_ids,
    }),
  );
}

const LABELS = statement('list_team_labels', { name: 'text', label: 'text' }, 'select name, label from team');

/** The labels of all teams, by their names. */
export async function listTeamLabels(sql: Sql): Promise<ReadonlyMap<string, string>> {
  return new Map((await LABELS.rows(sql)).map(({ name, label }) => [name, label]));
}
