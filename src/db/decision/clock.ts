import { json, type RowOf, type Sql, stamp, stampOrNull, statement } from '../database.ts';

/** A clock that a handoff starts. Epoch ms. */
export interface NewClock {
  readonly episodeId: string;
  readonly kind: string;
  /** The SLA entry that sets it. */
  readonly entry: string;
  /** When the sweeps look at it first. */
  readonly tickAt: number;
}

const ADD = statement(
  'add_clocks',
  {},
  `insert into clock (episode_id, kind, entry, tick_at)
   select * from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[])`,
);

/** Starts clocks of episodes. */
export async function addClocks(sql: Sql, clocks: readonly NewClock[]): Promise<void> {
  if (clocks.length === 0) return;
  await ADD.rows(
    sql,
    clocks.map(({ episodeId }) => episodeId),
    clocks.map(({ kind }) => kind),
    clocks.map(({ entry }) => entry),
    clocks.map(({ tickAt }) => stamp(tickAt)),
  );
}

const KEPT = {
  episode_id: 'uuid',
  kind: 'text',
  entry: 'text?',
  reminded: 'text[]',
  missed_at: 'timestamptz?',
  rerouted_at: 'timestamptz?',
} as const;

/** What the sweeps have made of a clock. */
export type ClockRow = RowOf<typeof KEPT>;

const LOAD = statement(
  'load_clocks',
  KEPT,
  `select episode_id, kind, entry, reminded, missed_at, rerouted_at from clock where episode_id = any($1::uuid[])
   order by episode_id, kind desc`,
);

/** Loads what the sweeps have made of the clocks of episodes. */
export function loadClockRows(sql: Sql, episodeIds: readonly string[]): Promise<readonly ClockRow[]> {
  return LOAD.rows(sql, episodeIds);
}

const PAUSE = {
  id: 'uuid',
  episode_id: 'uuid',
  kind: 'text',
  started_at: 'timestamptz',
  until: 'timestamptz',
  reason: 'text?',
  by_name: 'text',
  resumed_by: 'text?',
  told_at: 'timestamptz?',
} as const;

/** A time that does not count on a clock. */
export type PauseRow = RowOf<typeof PAUSE>;

const PAUSES = statement(
  'load_pauses',
  PAUSE,
  `select id, episode_id, kind, started_at, until, reason, by_name, resumed_by, told_at from pause
   where episode_id = any($1::uuid[]) order by episode_id, started_at, until, id`,
);

/** Loads the times that do not count on the clocks of episodes, in their order. */
export function loadPauseRows(sql: Sql, episodeIds: readonly string[]): Promise<readonly PauseRow[]> {
  return PAUSES.rows(sql, episodeIds);
}

/** A time that does not count; epoch ms. Without a reason it is that between a decision and its being taken back. */
export interface NewPause {
  readonly id: string;
  readonly episodeId: string;
  readonly kind: string;
  readonly startedAt: number;
  readonly until: number;
  readonly reason: string | null;
  readonly by: string;
  /** Whether its end needs no telling. */
  readonly isOver: boolean;
}

const ADD_PAUSE = statement(
  'add_pause',
  {},
  `insert into pause (id, episode_id, kind, started_at, until, planned_until, reason, by_name, told_at)
   values ($1, $2, $3, $4, $5, $5, $6, $7, $8)`,
);

/** Keeps a time that does not count on a clock. */
export async function addPause(sql: Sql, of: NewPause): Promise<void> {
  const { id, episodeId, kind, startedAt, until, reason, by, isOver } = of;
  const toldAt = isOver ? stamp(until) : null;
  await ADD_PAUSE.rows(sql, id, episodeId, kind, stamp(startedAt), stamp(until), reason, by, toldAt);
}

const END_PAUSE = statement(
  'end_pause',
  {},
  'update pause set until = $2, resumed_by = $3, told_at = $2 where id = $1',
);

/** Ends a pause before its time. */
export async function endPause(
  sql: Sql,
  id: string,
  { at, by }: { readonly at: number; readonly by: string },
): Promise<void> {
  await END_PAUSE.rows(sql, id, stamp(at), by);
}

const TOLD = statement('mark_pauses_told', {}, 'update pause set told_at = $2 where id = any($1::uuid[])');

/** Notes that people know that these pauses are over. */
export async function markPausesTold(sql: Sql, ids: readonly string[], at: number): Promise<void> {
  if (ids.length > 0) await TOLD.rows(sql, ids, stamp(at));
}

const MOVE_DUE = statement(
  'move_due_times',
  {},
  `update episode set first_touch_due_at = coalesce(new.first_touch_due_at, episode.first_touch_due_at),
     decision_due_at = coalesce(new.decision_due_at, episode.decision_due_at)
   from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) as new(id, first_touch_due_at, decision_due_at)
   where episode.id = new.id`,
);

const MOVE_TASKS = statement(
  'move_task_due_times',
  {},
  `update task set due_at = e.first_touch_due_at from episode e
   where e.id = any($1::uuid[]) and task.episode_id = e.id and task.done_at is null`,
);

/** Moves when clocks of episodes are due; null leaves one where it is. */
export async function moveDue(
  sql: Sql,
  moved: readonly {
    readonly episodeId: string;
    readonly firstTouch: number | null;
    readonly decision: number | null;
  }[],
): Promise<void> {
  if (moved.length === 0) return;
  const ids = moved.map(({ episodeId }) => episodeId);
  await MOVE_DUE.rows(
    sql,
    ids,
    moved.map(({ firstTouch }) => stampOrNull(firstTouch)),
    moved.map(({ decision }) => stampOrNull(decision)),
  );
  if (moved.some(({ firstTouch }) => firstTouch !== null)) await MOVE_TASKS.rows(sql, ids);
}

const WAKE = statement(
  'wake_clocks',
  {},
  'update clock set tick_at = least(tick_at, $2) where episode_id = any($1::uuid[])',
);

/** Has the sweeps look at the clocks of episodes at once: what they count from has changed. */
export async function wakeClocks(sql: Sql, episodeIds: readonly string[], now: number): Promise<void> {
  if (episodeIds.length > 0) await WAKE.rows(sql, episodeIds, stamp(now));
}

// The index of what is due next alone is read; the row of the episode only for what is due.
const FIND = statement(
  'find_due_clocks',
  { contact_id: 'uuid' },
  `select e.contact_id from clock k join episode e on e.id = k.episode_id
   where k.tick_at <= $1 and e.contact_id <> all($3::uuid[]) order by k.tick_at limit $2`,
);

/** Contacts with a clock that has something to do by `now`, up to `limit` but for some, the longest due first. */
export async function findDueClocks(
  sql: Sql,
  due: { readonly now: number; readonly limit: number; readonly but: readonly string[] },
): Promise<readonly string[]> {
  return (await FIND.rows(sql, stamp(due.now), due.limit, due.but)).map(row => row.contact_id);
}

const TIMED = {
  id: 'uuid',
  contact_id: 'uuid',
  agreement_id: 'text',
  version: 'int4',
  state: 'text',
  handed_off_at: 'timestamptz',
  first_touch_at: 'timestamptz?',
  first_touch_due_at: 'timestamptz?',
  decision_due_at: 'timestamptz?',
  decided_at: 'timestamptz?',
  ended_at: 'timestamptz?',
} as const;

/** An episode as its clocks need it. */
export type TimedRow = RowOf<typeof TIMED>;

const TICKING = {
  ...TIMED,
  contact_name: 'text',
  contact_title: 'text?',
  contact_email: 'text?',
  contact_company: 'text?',
  path_label: 'text',
  total: 'int4',
  grade: 'text?',
  source: 'text?',
  owner_id: 'text?',
  owner_name: 'text?',
  team: 'text?',
} as const;

/** An episode with the person and the owner its clocks are about. */
export type TickingRow = RowOf<typeof TICKING>;

const TAKE = statement(
  'take_due_clocks',
  TICKING,
  `select e.id, e.contact_id, e.agreement_id, e.version, e.state, e.handed_off_at, e.first_touch_at, e.first_touch_due_at,
     e.decision_due_at, e.decided_at, e.ended_at, c.name as contact_name, c.title as contact_title, c.email as contact_email,
     c.company_name as contact_company, e.path_label, e.total, e.grade, e.source, e.owner_id, u.name as owner_name, e.team
   from episode e join contact c on c.id = e.contact_id left join app_user u on u.id = e.owner_id
   where e.contact_id = any($1::uuid[])
     and exists (select from clock k where k.episode_id = e.id and k.tick_at <= $2)
   order by e.id for no key update of e`,
);

/** Locks the episodes of contacts, locked before, of which a clock has something to do by `now`. */
export function takeDueClocks(
  sql: Sql,
  contactIds: readonly string[],
  now: number,
): Promise<readonly TickingRow[]> {
  return TAKE.rows(sql, contactIds, stamp(now));
}

const TIMED_BY_ID = statement(
  'load_timed_episodes',
  TIMED,
  `select id, contact_id, agreement_id, version, state, handed_off_at, first_touch_at, first_touch_due_at, decision_due_at,
     decided_at, ended_at
   from episode where id = any($1::uuid[]) order by id`,
);

/** Loads episodes as their clocks need them. */
export function loadTimed(sql: Sql, episodeIds: readonly string[]): Promise<readonly TimedRow[]> {
  return TIMED_BY_ID.rows(sql, episodeIds);
}

const SAVE = statement(
  'save_clocks',
  {},
  `update clock set entry = new.entry, tick_at = new.tick_at, reminded = new.reminded, missed_at = new.missed_at,
     rerouted_at = new.rerouted_at
   from jsonb_to_recordset($1::jsonb) as new(episode_id uuid, kind text, entry text, tick_at timestamptz, reminded text[],
     missed_at timestamptz, rerouted_at timestamptz)
   where clock.episode_id = new.episode_id and clock.kind = new.kind`,
);

/** Keeps what a sweep has made of clocks, and when it looks at them next (null: never). */
export async function saveClocks(
  sql: Sql,
  clocks: readonly {
    readonly episodeId: string;
    readonly kind: string;
    readonly entry: string | null;
    readonly tickAt: number | null;
    readonly reminded: readonly string[];
    readonly missedAt: number | null;
    readonly reroutedAt: number | null;
  }[],
): Promise<void> {
  if (clocks.length === 0) return;
  const rows = clocks.map(({ episodeId, kind, entry, tickAt, reminded, missedAt, reroutedAt }) => ({
    episode_id: episodeId,
    kind,
    entry,
    tick_at: stampOrNull(tickAt),
    reminded,
    missed_at: stampOrNull(missedAt),
    rerouted_at: stampOrNull(reroutedAt),
  }));
  await SAVE.rows(sql, json(rows));
}

const ATTEMPTS = statement(
  'count_attempts',
  { episode_id: 'uuid', n: 'int8' },
  `select a.episode_id, count(*) as n from activity a join episode e on e.id = a.episode_id
   where a.episode_id = any($1::uuid[]) and a.kind <> 'note' and not a.automated and a.user_id = e.owner_id
   group by a.episode_id`,
);

/** How often the owners of leads have tried to reach them, by episode: calls, mails, meetings and messages. */
export async function countAttempts(
  sql: Sql,
  episodeIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  return new Map((await ATTEMPTS.rows(sql, episodeIds)).map(row => [row.episode_id, row.n]));
}

const MEMBERS = statement(
  'list_told_members',
  { team: 'text', user_id: 'text' },
  `select m.team, m.user_id from team_member m join app_user u on u.id = m.user_id
   where m.team = any($1::text[]) and u.active order by m.team, m.user_id`,
);

/** The active members of teams, to be told of what was missed there. */
export function listTeamMembers(sql: Sql, teams: readonly string[]) {
  return MEMBERS.rows(sql, teams);
}

const BY_ADDRESS = statement(
  'find_users_by_address',
  { id: 'text', email: 'text' },
  'select id, lower(email) as email from app_user where active and lower(email) = any($1::text[]) order by id',
);

/** The active people with these addresses, in lower case. */
export function findByAddress(sql: Sql, addresses: readonly string[]) {
  return BY_ADDRESS.rows(sql, addresses);
}
