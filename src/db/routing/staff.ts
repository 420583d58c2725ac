import { type RowOf, type Sql, stamp, stampOrNull, statement } from '../database.ts';
import { MAY_OWN } from './owner.ts';

const PERSON = {
  id: 'text',
  name: 'text',
  email: 'text',
  role: 'text',
  active: 'bool',
  timezone: 'text?',
  hours: 'jsonb?',
  holidays: 'text[]?',
  open_days: 'jsonb?',
  paused: 'bool?',
  open: 'int8',
  off_from: 'timestamptz?',
  off_to: 'timestamptz?',
} as const;

/** Somebody with what was said of their working time, null where nothing was; with several times off, once for each. */
type PersonRow = RowOf<typeof PERSON>;

const LOAD_PEOPLE = statement(
  'load_people',
  PERSON,
  `select u.id, u.name, u.email, u.role, u.active, a.timezone, a.hours, a.holidays, a.open_days, a.paused, coalesce(o.open, 0) as open,
     t.starts_at as off_from, t.ends_at as off_to
   from app_user u left join availability a on a.user_id = u.id
     left join time_off t on t.user_id = u.id and t.ends_at > $1
     left join (select owner_id, count(*) as open from episode where state = 'open' and owner_id is not null
       group by owner_id) o on o.owner_id = u.id
   order by u.id, t.starts_at, t.id`,
);

/**
 * Everybody, also those who may no longer sign in, with how many leads wait for their decision and the time
 * off that is not over at an instant (epoch ms).
 */
export function loadPeople(sql: Sql, now: number): Promise<readonly PersonRow[]> {
  return LOAD_PEOPLE.rows(sql, stamp(now));
}

const LOAD_TIME_OFF = statement(
  'load_time_off',
  {
    id: 'uuid',
    user_id: 'text',
    starts_at: 'timestamptz',
    ends_at: 'timestamptz',
    note: 'text?',
    created_by: 'text',
  },
  `select id, user_id, starts_at, ends_at, note, created_by from time_off
   where ends_at > $1 and ($2::text is null or user_id = $2) order by starts_at, id`,
);

/** Time off that is not over at an instant (epoch ms), of everybody or of one person, the first first. */
export function loadTimeOff(sql: Sql, of: { readonly now: number; readonly userId: string | null }) {
  return LOAD_TIME_OFF.rows(sql, stamp(of.now), of.userId);
}

const TEAM = {
  name: 'text',
  label: 'text',
  manager_id: 'text?',
  slack_channel: 'text?',
  turn: 'float8',
} as const;

const LOAD_TEAMS = statement(
  'load_teams',
  TEAM,
  'select name, label, manager_id, slack_channel, turn from team order by name',
);
const LOCK_TEAMS = statement(
  'lock_teams',
  TEAM,
  'select name, label, manager_id, slack_channel, turn from team order by name for no key update',
);

/** All teams; locked, so that one transaction at a time gives out leads or changes who is in a team. */
export function loadTeams(sql: Sql, isLocked: boolean) {
  return (isLocked ? LOCK_TEAMS : LOAD_TEAMS).rows(sql);
}

const LOAD_MEMBERS = statement(
  'load_team_members',
  {
    team: 'text',
    user_id: 'text',
    weight: 'float8',
    pass: 'float8',
    capacity_open: 'int4?',
    capacity_day: 'float8?',
    tokens: 'float8?',
    tokens_day: 'int4?',
  },
  `select team, user_id, weight, pass, capacity_open, capacity_day, tokens, tokens_day from team_member
   order by team, user_id collate "C"`,
);

/** The members of all teams, by user id. */
export function loadMembers(sql: Sql) {
  return LOAD_MEMBERS.rows(sql);
}

const LOAD_COMPANY_OWNERS = statement(
  'load_company_owners',
  { company_id: 'uuid', owner_id: 'text', what: 'text' },
  `select asked.company_id, found.owner_id, found.what
   from unnest($1::uuid[]) as asked(company_id) cross join lateral (
     (select e.owner_id, 'opportunity' as what
      from contact c join episode e on e.contact_id = c.id join app_user u on u.id = e.owner_id
      where c.company_id = asked.company_id and e.state = 'opportunity' and ${MAY_OWN}
      order by e.handed_off_at desc, e.id limit 1)
     union all
     (select s.owner_id, 'lead' as what
      from contact c join standing s on s.contact_id = c.id join app_user u on u.id = s.owner_id
      where c.company_id = asked.company_id and ${MAY_OWN}
      order by s.stage_since desc, s.contact_id limit 1)) found
   order by asked.company_id, found.what desc`,
);

/**
 * Who has the latest open opportunity with each company, and who owns its latest lead, in this order; companies of
 * which nobody who may own leads owns anything are left out.
 */
export function loadCompanyOwners(sql: Sql, companyIds: readonly string[]) {
  return LOAD_COMPANY_OWNERS.rows(sql, companyIds);
}

const AVAILABILITY = {
  user_id: 'text',
  name: 'text',
  timezone: 'text?',
  hours: 'jsonb?',
  holidays: 'text[]?',
  open_days: 'jsonb?',
  paused: 'bool?',
  paused_at: 'timestamptz?',
  paused_note: 'text?',
} as const;

const FIND_AVAILABILITY = statement(
  'find_availability',
  AVAILABILITY,
  `select u.id as user_id, u.name, a.timezone, a.hours, a.holidays, a.open_days, a.paused, a.paused_at, a.paused_note
   from app_user u left join availability a on a.user_id = u.id where u.id = $1`,
);

/** A person's working time; null when there is no such person. */
export function findAvailability(sql: Sql, userId: string) {
  return FIND_AVAILABILITY.first(sql, userId);
}

const SAVE_AVAILABILITY = statement(
  'save_availability',
  {},
  `insert into availability (user_id, timezone, hours, holidays, open_days, paused, paused_at, paused_note)
   values ($1, $2, $3::jsonb, $4::text[], $5::jsonb, $6, $7::timestamptz, $8)
   on conflict (user_id) do update set timezone = excluded.timezone, hours = excluded.hours, holidays = excluded.holidays,
     open_days = excluded.open_days, paused = excluded.paused, paused_note = excluded.paused_note,
     paused_at = case when excluded.paused then coalesce(availability.paused_at, excluded.paused_at) end`,
);

/** Sets a person's working time. `hours` and `open` are JSON text, or `hours` null. A pause that goes on keeps its beginning. */
export async function saveAvailabilityRow(
  sql: Sql,
  of: {
    readonly userId: string;
    readonly timezone: string;
    readonly hours: string | null;
    readonly holidays: readonly string[];
    readonly open: string;
    readonly pausedAt: number | null;
    readonly pausedNote: string | null;
  },
): Promise<void> {
  const { userId, timezone, hours, holidays, open, pausedAt, pausedNote } = of;
  const paused = [pausedAt !== null, stampOrNull(pausedAt), pausedAt === null ? null : pausedNote];
  await SAVE_AVAILABILITY.rows(sql, userId, timezone, hours, holidays, open, ...paused);
}

const ADD_TIME_OFF = statement(
  'add_time_off',
  {},
  `insert into time_off (id, user_id, starts_at, ends_at, note, created_by, created_at)
   values ($1, $2, $3, $4, $5, $6, $7)`,
);

/** Adds time off; times in epoch ms. */
export async function addTimeOffRow(
  sql: Sql,
  off: {
    readonly id: string;
    readonly userId: string;
    readonly from: number;
    readonly to: number;
    readonly note: string | null;
    readonly actor: string;
    readonly now: number;
  },
): Promise<void> {
  const { id, userId, from, to, note, actor, now } = off;
  await ADD_TIME_OFF.rows(sql, id, userId, stamp(from), stamp(to), note, actor, stamp(now));
}

const FIND_TIME_OFF = statement(
  'find_time_off',
  { user_id: 'text', starts_at: 'timestamptz', ends_at: 'timestamptz' },
  'select user_id, starts_at, ends_at from time_off where id = $1',
);

/** Finds time off by its id. */
export function findTimeOff(sql: Sql, id: string) {
  return FIND_TIME_OFF.first(sql, id);
}

const DELETE_TIME_OFF = statement('delete_time_off', {}, 'delete from time_off where id = $1');

/** Takes time off back. */
export async function deleteTimeOffRow(sql: Sql, id: string): Promise<void> {
  await DELETE_TIME_OFF.rows(sql, id);
}
