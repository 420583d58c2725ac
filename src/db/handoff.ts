import { json, type Sql, stamp, stampOrNull, statement } from './database.ts';

const LOAD_REPS = statement(
  'load_reps',
  { id: 'text', name: 'text', email: 'text', role: 'text' },
  'select id, name, email, role from app_user where active order by id',
);

/** Everybody who may be given leads or told of them. */
export function loadReps(sql: Sql) {
  return LOAD_REPS.rows(sql);
}

const LOAD_MEMBERS = statement(
  'load_team_members',
  { team: 'text', user_id: 'text', weight: 'float8', pass: 'float8' },
  `select m.team, m.user_id, m.weight, m.pass from team_member m join app_user u on u.id = m.user_id
   where u.active order by m.team, m.user_id for update of m`,
);

/** Locks and loads the active members of all teams: one transaction at a time gives out leads. */
export function loadMembers(sql: Sql) {
  return LOAD_MEMBERS.rows(sql);
}

const COUNT_OPEN = statement(
  'count_open_leads',
  { owner_id: 'text', open: 'int8' },
  `select owner_id, count(*) as open from episode where state = 'open' and owner_id is not null group by owner_id`,
);

/** How many leads wait for the decision of each owner who has any. */
export function countOpenLeads(sql: Sql) {
  return COUNT_OPEN.rows(sql);
}

const LOAD_COMPANY_OWNERS = statement(
  'load_company_owners',
  { company_id: 'uuid', owner_id: 'text' },
  `select distinct on (c.company_id) c.company_id, s.owner_id
   from contact c join standing s on s.contact_id = c.id join app_user u on u.id = s.owner_id
   where c.company_id = any($1::uuid[]) and u.active
   order by c.company_id, s.stage_since desc`,
);

/** Who owns the latest lead of each company; companies without an active owner are left out. */
export function loadCompanyOwners(sql: Sql, companyIds: readonly string[]) {
  return LOAD_COMPANY_OWNERS.rows(sql, companyIds);
}

const SAVE_PASSES = statement(
  'save_passes',
  {},
  `update team_member set pass = new.pass from unnest($1::text[], $2::text[], $3::float8[]) as new(team, user_id, pass)
   where team_member.team = new.team and team_member.user_id = new.user_id`,
);

/** Saves where members of teams stand after being given leads. */
export async function savePasses(
  sql: Sql,
  passes: readonly { readonly team: string; readonly userId: string; readonly pass: number }[],
): Promise<void> {
  await SAVE_PASSES.rows(
    sql,
    passes.map(({ team }) => team),
    passes.map(({ userId }) => userId),
    passes.map(({ pass }) => pass),
  );
}

/** An episode to open. */
export interface NewEpisode {
  readonly id: string;
  readonly contactId: string;
  readonly agreementId: string;
  readonly version: number;
  readonly path: string;
  readonly pathLabel: string;
  readonly total: number;
  readonly grade: string | null;
  readonly sentence: string;
  readonly breakdown: unknown;
  readonly qualifiedAt: number;
  readonly handedOffAt: number;
  readonly ownerId: string | null;
  readonly team: string | null;
  readonly waitingFor: string | null;
  readonly routedBecause: string;
  readonly source: string | null;
  readonly firstTouchDueAt: number | null;
  readonly decisionDueAt: number | null;
}

const ADD_EPISODES = statement(
  'add_episodes',
  { id: 'uuid' },
  `insert into episode (id, contact_id, agreement_id, version, state, path, path_label, total, grade, sentence, breakdown,
     qualified_at, handed_off_at, owner_id, team, waiting_for, routed_because, source, first_touch_due_at, decision_due_at)
   select id, contact_id, agreement_id, version, 'open', path, path_label, total, grade, sentence, breakdown,
     qualified_at, handed_off_at, owner_id, team, waiting_for, routed_because, source, first_touch_due_at, decision_due_at
   from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::text[], $7::int[], $8::text[], $9::text[],
     $10::jsonb[], $11::timestamptz[], $12::timestamptz[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[],
     $18::timestamptz[], $19::timestamptz[])
     as new(id, contact_id, agreement_id, version, path, path_label, total, grade, sentence, breakdown, qualified_at,
       handed_off_at, owner_id, team, waiting_for, routed_because, source, first_touch_due_at, decision_due_at)
   on conflict (contact_id, agreement_id) where ended_at is null do nothing returning id`,
);

/** Opens episodes; returns the ids of those that were opened: a contact with an open one already gets none. */
export async function addEpisodes(sql: Sql, episodes: readonly NewEpisode[]): Promise<ReadonlySet<string>> {
  const rows = await ADD_EPISODES.rows(
    sql,
    episodes.map(({ id }) => id),
    episodes.map(({ contactId }) => contactId),
    episodes.map(({ agreementId }) => agreementId),
    episodes.map(({ version }) => version),
    episodes.map(({ path }) => path),
    episodes.map(({ pathLabel }) => pathLabel),
    episodes.map(({ total }) => total),
    episodes.map(({ grade }) => grade),
    episodes.map(({ sentence }) => sentence),
    episodes.map(({ breakdown }) => json(breakdown)),
    episodes.map(({ qualifiedAt }) => stamp(qualifiedAt)),
    episodes.map(({ handedOffAt }) => stamp(handedOffAt)),
    episodes.map(({ ownerId }) => ownerId),
    episodes.map(({ team }) => team),
    episodes.map(({ waitingFor }) => waitingFor),
    episodes.map(({ routedBecause }) => routedBecause),
    episodes.map(({ source }) => source),
    episodes.map(({ firstTouchDueAt }) => stampOrNull(firstTouchDueAt)),
    episodes.map(({ decisionDueAt }) => stampOrNull(decisionDueAt)),
  );
  return new Set(rows.map(({ id }) => id));
}

/** Something for the owner of an episode to do by a time. */
export interface NewTask {
  readonly id: string;
  readonly episodeId: string;
  readonly ownerId: string | null;
  readonly title: string;
  readonly dueAt: number | null;
}

const ADD_TASKS = statement(
  'add_tasks',
  {},
  `insert into task (id, episode_id, owner_id, title, due_at)
   select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[])`,
);

/** Gives owners of episodes something to do. */
export async function addTasks(sql: Sql, tasks: readonly NewTask[]): Promise<void> {
  await ADD_TASKS.rows(
    sql,
    tasks.map(({ id }) => id),
    tasks.map(({ episodeId }) => episodeId),
    tasks.map(({ ownerId }) => ownerId),
    tasks.map(({ title }) => title),
    tasks.map(({ dueAt }) => stampOrNull(dueAt)),
  );
}

/** An alert to put in somebody's app. */
export interface NewAlert {
  readonly id: string;
  readonly userId: string;
  readonly at: number;
  readonly label: string;
  readonly text: string;
  readonly contactId: string;
  readonly episodeId: string;
}

const ADD_ALERTS = statement(
  'add_alerts',
  {},
  `insert into alert (id, user_id, at, label, text, contact_id, episode_id)
   select * from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::uuid[], $7::uuid[])`,
);

/** Puts alerts in the app of people. */
export async function addAlerts(sql: Sql, alerts: readonly NewAlert[]): Promise<void> {
  await ADD_ALERTS.rows(
    sql,
    alerts.map(({ id }) => id),
    alerts.map(({ userId }) => userId),
    alerts.map(({ at }) => stamp(at)),
    alerts.map(({ label }) => label),
    alerts.map(({ text }) => text),
    alerts.map(({ contactId }) => contactId),
    alerts.map(({ episodeId }) => episodeId),
  );
}
