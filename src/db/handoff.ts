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

const ADD_EPISODE = statement(
  'add_episode',
  { id: 'uuid' },
  `insert into episode (id, contact_id, agreement_id, version, state, path, path_label, total, grade, sentence, breakdown,
     qualified_at, handed_off_at, owner_id, team, waiting_for, routed_because, source, first_touch_due_at, decision_due_at)
   values ($1, $2, $3, $4, 'open', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
   on conflict (contact_id, agreement_id) where ended_at is null do nothing returning id`,
);

/** Opens an episode; false when the contact has an open one already. */
export async function addEpisode(sql: Sql, episode: NewEpisode): Promise<boolean> {
  const added = await ADD_EPISODE.first(
    sql,
    episode.id,
    episode.contactId,
    episode.agreementId,
    episode.version,
    episode.path,
    episode.pathLabel,
    episode.total,
    episode.grade,
    episode.sentence,
    json(episode.breakdown),
    stamp(episode.qualifiedAt),
    stamp(episode.handedOffAt),
    episode.ownerId,
    episode.team,
    episode.waitingFor,
    episode.routedBecause,
    episode.source,
    stampOrNull(episode.firstTouchDueAt),
    stampOrNull(episode.decisionDueAt),
  );
  return added !== null;
}

const ADD_TASK = statement(
  'add_task',
  {},
  'insert into task (id, episode_id, owner_id, title, due_at) values ($1, $2, $3, $4, $5)',
);

/** Gives the owner of an episode something to do by a time. */
export async function addTask(
  sql: Sql,
  task: {
    readonly id: string;
    readonly episodeId: string;
    readonly ownerId: string | null;
    readonly title: string;
    readonly dueAt: number | null;
  },
): Promise<void> {
  await ADD_TASK.rows(sql, task.id, task.episodeId, task.ownerId, task.title, stampOrNull(task.dueAt));
}

const ADD_ALERTS = statement(
  'add_alerts',
  {},
  `insert into alert (id, user_id, at, label, text, contact_id, episode_id)
   select id, user_id, $3, $4, $5, $6, $7 from unnest($1::uuid[], $2::text[]) as new(id, user_id)`,
);

/** Puts the same alert in the app of several people. */
export async function addAlerts(
  sql: Sql,
  to: readonly { readonly id: string; readonly userId: string }[],
  alert: {
    readonly at: number;
    readonly label: string;
    readonly text: string;
    readonly contactId: string;
    readonly episodeId: string;
  },
): Promise<void> {
  await ADD_ALERTS.rows(
    sql,
    to.map(({ id }) => id),
    to.map(({ userId }) => userId),
    stamp(alert.at),
    alert.label,
    alert.text,
    alert.contactId,
    alert.episodeId,
  );
}
