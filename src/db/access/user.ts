import { type RowOf, type Sql, stamp, statement } from '../database.ts';

const USER = {
  id: 'text',
  name: 'text',
  email: 'text',
  role: 'text',
  active: 'bool',
  created_at: 'timestamptz',
  password_given: 'bool',
} as const;

/** A person as the database keeps them. */
export type UserRow = RowOf<typeof USER>;

const LIST = statement(
  'list_users',
  USER,
  'select id, name, email, role, active, created_at, password_given from app_user order by active desc, lower(name), id',
);

/** Lists everybody, those who may sign in first. */
export function listUserRows(sql: Sql): Promise<readonly UserRow[]> {
  return LIST.rows(sql);
}

const FIND = statement(
  'find_user',
  USER,
  'select id, name, email, role, active, created_at, password_given from app_user where id = $1',
);

/** Finds a person by id. */
export function findUserRow(sql: Sql, id: string): Promise<UserRow | null> {
  return FIND.first(sql, id);
}

const FIND_ADDRESS = statement(
  'find_user_by_email',
  USER,
  'select id, name, email, role, active, created_at, password_given from app_user where email = $1',
);

/** Finds a person by their e-mail address in lower case. */
export function findUserByEmail(sql: Sql, email: string): Promise<UserRow | null> {
  return FIND_ADDRESS.first(sql, email);
}

const LOAD = statement(
  'load_user',
  USER,
  'select id, name, email, role, active, created_at, password_given from app_user where id = $1 for no key update',
);

/** Loads a person and locks them until the transaction ends. */
export function loadUser(sql: Sql, id: string): Promise<UserRow | null> {
  return LOAD.first(sql, id);
}

const SETUP = statement(
  'needs_setup',
  { needed: 'bool' },
  `select not exists (select from app_user where role = 'admin') as needed`,
);

/** Tells whether the first admin is still missing. */
export async function needsSetup(sql: Sql): Promise<boolean> {
  return (await SETUP.first(sql))?.needed ?? true;
}

/** A person to be, with the hash of their password in the sign-in library's own form. */
interface NewUser {
  readonly id: string;
  readonly credentialId: string;
  readonly name: string;
  /** In lower case: the sign-in library looks addresses up so. */
  readonly email: string;
  readonly role: string;
  readonly passwordHash: string;
  /** Whether somebody else hands the password over. */
  readonly isGiven: boolean;
  readonly now: number;
}

function insertUser(condition: string): string {
  return `with made as (
      insert into app_user (id, name, email, role, created_at, updated_at, password_given)
      select $1, $2, $3, $4, $5::timestamptz, $5::timestamptz, $8 ${condition}
      on conflict (email) do nothing
      returning id, name, email, role, active, created_at, password_given
    ), credentials as (
      insert into credential (id, user_id, account_id, provider_id, password, created_at, updated_at)
      select $6, id, id, 'credential', $7, $5::timestamptz, $5::timestamptz from made
    )
    select id, name, email, role, active, created_at, password_given from made`;
}

const ADD = statement('add_user', USER, insertUser(''));
const ADD_FIRST = statement(
  'add_first_admin',
  USER,
  insertUser(`where not exists (select from app_user where role = 'admin')`),
);

/** Adds a person who signs in by password; null when the e-mail address is taken. */
export function addUser(sql: Sql, user: NewUser): Promise<UserRow | null> {
  return ADD.first(sql, ...insertParams(user));
}

/** Adds the first admin; null when there is one already. Only under {@link lockSetup} can just one caller win. */
export function addFirstAdmin(sql: Sql, user: NewUser): Promise<UserRow | null> {
  return ADD_FIRST.first(sql, ...insertParams(user));
}

function insertParams(user: NewUser): readonly unknown[] {
  const { id, name, email, role, now, credentialId, passwordHash, isGiven } = user;
  return [id, name, email, role, stamp(now), credentialId, passwordHash, isGiven];
}

/** The advisory lock under which the first admin is made: any number that nothing else uses. */
const SETUP_LOCK = 4_800_002;

const LOCK_SETUP = statement(
  'lock_setup',
  { locked: 'bool' },
  'select pg_advisory_xact_lock($1) is null as locked',
);

/** Makes others who set up wait until the transaction ends. */
export async function lockSetup(sql: Sql): Promise<void> {
  await LOCK_SETUP.rows(sql, SETUP_LOCK);
}

const LOCK_ADMINS = statement(
  'lock_active_admins',
  { id: 'text' },
  `select id from app_user where role = 'admin' and active order by id for no key update`,
);

/** Lists the active admins and keeps them from changing until the transaction ends. */
export async function lockActiveAdmins(sql: Sql): Promise<readonly string[]> {
  return (await LOCK_ADMINS.rows(sql)).map(({ id }) => id);
}

const UPDATE = statement(
  'update_user',
  USER,
  `update app_user
   set name = coalesce($2, name), role = coalesce($3, role), active = coalesce($4, active), updated_at = $5
   where id = $1
   returning id, name, email, role, active, created_at, password_given`,
);

/** Changes what is given of a person; null when there is nobody of that id. */
export function updateUserRow(
  sql: Sql,
  change: {
    readonly id: string;
    readonly name: string | null;
    readonly role: string | null;
    readonly active: boolean | null;
    readonly now: number;
  },
): Promise<UserRow | null> {
  return UPDATE.first(sql, change.id, change.name, change.role, change.active, stamp(change.now));
}

const END_SESSIONS = statement('end_sessions', {}, 'delete from user_session where user_id = $1');

/** Signs a person out everywhere. */
export async function endSessions(sql: Sql, userId: string): Promise<void> {
  await END_SESSIONS.rows(sql, userId);
}

const SAVE_PASSWORD = statement(
  'save_password',
  {},
  `with marked as (update app_user set password_given = $4 where id = $1)
   update credential set password = $2, updated_at = $3 where user_id = $1 and provider_id = 'credential'`,
);

/** Gives a person another password, by its hash in the sign-in library's own form; `isGiven` where another hands it over. */
export async function savePassword(
  sql: Sql,
  password: {
    readonly id: string;
    readonly passwordHash: string;
    readonly isGiven: boolean;
    readonly now: number;
  },
): Promise<void> {
  const { id, passwordHash, isGiven, now } = password;
  await SAVE_PASSWORD.rows(sql, id, passwordHash, stamp(now), isGiven);
}

const OWN_PASSWORD = statement(
  'own_password',
  {},
  'update app_user set password_given = false where id = $1',
);

/** Notes that a person has chosen their password themselves. */
export async function ownPassword(sql: Sql, id: string): Promise<void> {
  await OWN_PASSWORD.rows(sql, id);
}

const STEWARDS = statement(
  'list_stewards',
  { id: 'text' },
  `select id from app_user where active and role in ('manager', 'admin') order by role desc, created_at, id`,
);

/** The active managers, and after them the admins: who deals with what nobody else does. */
export async function listStewards(sql: Sql): Promise<readonly string[]> {
  return (await STEWARDS.rows(sql)).map(({ id }) => id);
}

const STEWARDS_OF = statement(
  'find_stewards',
  { team: 'text?', id: 'text?' },
  `select asked.team, (
     select u.id from app_user u left join team t on t.name = asked.team and t.manager_id = u.id
     where u.active and (u.role in ('manager', 'admin') or (t.name is not null and u.role = 'rep'))
     order by t.name is null, u.role desc, u.created_at, u.id limit 1) as id
   from unnest($1::text[]) as asked(team)`,
);

/**
 * The people who deal with exceptions of teams, or with those that are nobody's in particular (null): the manager of the
 * team, else the first active manager, else an admin; null while there is no such person.
 */
export async function findStewards(
  sql: Sql,
  teams: readonly (string | null)[],
): Promise<ReadonlyMap<string | null, string | null>> {
  return new Map((await STEWARDS_OF.rows(sql, teams)).map(({ team, id }) => [team, id]));
}

/** The same of one team. */
export async function findSteward(sql: Sql, team: string | null): Promise<string | null> {
  return (await findStewards(sql, [team])).get(team) ?? null;
}

const ADMINS = statement(
  'list_admins',
  { id: 'text' },
  `select id from app_user where role = 'admin' and active order by created_at, id`,
);

/** The active admins, the longest there first. */
export async function listAdmins(sql: Sql): Promise<readonly string[]> {
  return (await ADMINS.rows(sql)).map(({ id }) => id);
}
