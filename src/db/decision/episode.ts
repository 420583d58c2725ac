import { type Sql, stamp, stampOrNull, statement } from '../database.ts';
import { MAY_OWN } from '../routing/owner.ts';

const CASE = {
  id: 'uuid',
  contact_id: 'uuid',
  agreement_id: 'text',
  version: 'int4',
  state: 'text',
  handed_off_at: 'timestamptz',
  first_touch_at: 'timestamptz?',
  decided_at: 'timestamptz?',
  ended_at: 'timestamptz?',
  reason: 'text?',
  reason_label: 'text?',
  decision: 'text?',
  decided_by: 'text?',
  merge_id: 'uuid?',
  wake_at: 'timestamptz?',
  woke_at: 'timestamptz?',
  owner_id: 'text?',
  owner_name: 'text?',
  note: 'text?',
  path: 'text',
  team: 'text?',
  contact_name: 'text',
  contact_title: 'text?',
  contact_email: 'text?',
  contact_company: 'text?',
  total: 'int4',
  grade: 'text?',
  first_touch_due_at: 'timestamptz?',
  decision_due_at: 'timestamptz?',
  disqualifier: 'text?',
  amount: 'float8?',
  currency: 'text?',
  has_successor: 'bool',
} as const;

// A later one that a merge closed as the double of this one followed nothing.
const FROM_CASE = `select e.id, e.contact_id, e.agreement_id, e.version, e.state, e.handed_off_at, e.first_touch_at, e.decided_at,
     e.ended_at, e.reason, e.reason_label, e.decision, e.decided_by, e.merge_id, e.wake_at, e.woke_at, e.owner_id,
     u.name as owner_name, e.note, e.path, e.team, c.name as contact_name, c.title as contact_title,
     c.email as contact_email, c.company_name as contact_company, e.total, e.grade, e.first_touch_due_at, e.decision_due_at,
     e.disqualifier, e.amount, e.currency,
     exists (select from episode later where later.contact_id = e.contact_id and later.agreement_id = e.agreement_id
       and later.id <> e.id and (later.ended_at is null or (later.handed_off_at > e.handed_off_at
         and later.merge_id is null and not (later.state = 'recycled' and later.decided_at is null)))) as has_successor
   from episode e join contact c on c.id = e.contact_id
     left join app_user u on u.id = e.owner_id`;

const LOAD = statement('load_case', CASE, `${FROM_CASE} where e.id = $1 for no key update of e`);

const LOAD_OF = statement(
  'load_cases_of',
  CASE,
  `${FROM_CASE} where e.contact_id = any($1::uuid[]) and e.ended_at is null order by e.id for no key update of e`,
);

const LOCK_LEADS = statement(
  'lock_leads',
  { id: 'uuid' },
  `select id from contact where id in (select contact_id from episode where id = any($1::uuid[]))
   order by id for no key update`,
);

/**
 * Locks the contacts of episodes, ascending like everybody who locks several, as intake does before anything else: neither
 * then undoes what the other has saved.
 */
export async function lockLeads(sql: Sql, episodeIds: readonly string[]): Promise<void> {
  await LOCK_LEADS.rows(sql, episodeIds);
}

const LOAD_SEVERAL = statement(
  'load_cases',
  CASE,
  `${FROM_CASE} where e.id = any($1::uuid[]) order by e.id for no key update of e`,
);

/** Locks episodes, whose contacts are locked already, and loads what work on them needs. */
export function loadEpisodeRows(sql: Sql, ids: readonly string[]) {
  return LOAD_SEVERAL.rows(sql, ids);
}

/** Locks an episode and loads what deciding on it needs. */
export function loadEpisodeRow(sql: Sql, id: string) {
  return LOAD.first(sql, id);
}

/** Locks the episodes of contacts that are not over, whose rows are locked already, and loads what giving them away needs. */
export function loadEpisodesOf(sql: Sql, contactIds: readonly string[]) {
  return LOAD_OF.rows(sql, contactIds);
}

/** What a decision makes of an episode. */
interface EpisodeDecision {
  readonly id: string;
  readonly state: string;
  readonly decision: string | null;
  readonly decidedAt: number | null;
  readonly decidedBy: string | null;
  /** The person behind that name; null for a key. */
  readonly decidedById: string | null;
  /** The person that the next handoff passes over if it can. */
  readonly keptFrom: string | null;
  /** When the owner is told to look at the lead again. */
  readonly wakeAt: number | null;
  readonly reason: string | null;
  readonly reasonLabel: string | null;
  readonly note: string | null;
  readonly requalifyAt: number | null;
  readonly endedAt: number | null;
}

/** What counts as a touch: whatever a person did to reach the lead, but no note. */
const IS_TOUCH = `kind <> 'note' and not automated`;

const SAVE = statement(
  'save_decision',
  {},
  `with awake as (delete from snooze where episode_id = $1)
   update episode set state = $2, decision = $3, decided_at = $4, decided_by = $5, reason = $6, reason_label = $7, note = $8,
     requalify_at = $9, ended_at = $10, decided_by_id = $11, kept_from = $12, wake_at = $13, woke_at = null, merge_id = null,
     flag = null,
     first_touch_at = case when $4::timestamptz is null and first_touch_at = decided_at
       then (select min(at) from activity where episode_id = $1 and ${IS_TOUCH}) else first_touch_at end
   where id = $1`,
);

/**
 * Saves a decision, which ends a snooze. It does not count as a touch; earlier versions took it for one where there was none
 * before, which goes when it is taken back.
 */
export async function saveDecision(sql: Sql, decision: EpisodeDecision): Promise<void> {
  await SAVE.rows(
    sql,
    decision.id,
    decision.state,
    decision.decision,
    stampOrNull(decision.decidedAt),
    decision.decidedBy,
    decision.reason,
    decision.reasonLabel,
    decision.note,
    stampOrNull(decision.requalifyAt),
    stampOrNull(decision.endedAt),
    decision.decidedById,
    decision.keptFrom,
    stampOrNull(decision.wakeAt),
  );
}

const SAVE_MERGE = statement('save_decision_merge', {}, 'update episode set merge_id = $2 where id = $1');

/** Notes the merge that a rejection made. */
export async function saveDecisionMerge(sql: Sql, episodeId: string, mergeId: string): Promise<void> {
  await SAVE_MERGE.rows(sql, episodeId, mergeId);
}

const FIND_MERGE = statement(
  'find_decision_merge',
  { id: 'uuid' },
  `select m.id from episode e join contact_merge m on m.id = e.merge_id where e.id = $1 and m.undone_at is null`,
);

/** The merge that a rejection made, while it stands; null where it made none. */
export async function findDecisionMerge(sql: Sql, episodeId: string): Promise<string | null> {
  return (await FIND_MERGE.first(sql, episodeId))?.id ?? null;
}

const TOUCHES = statement(
  'count_touches',
  { n: 'int8' },
  `select count(*) as n from activity where episode_id = $1 and actor = $2 and kind in ('call', 'email', 'meeting', 'message')`,
);

/** How many touches of somebody, by name, were logged on an episode; a note does not count. */
export async function countTouches(sql: Sql, episodeId: string, name: string | null): Promise<number> {
  return name === null ? 0 : ((await TOUCHES.first(sql, episodeId, name))?.n ?? 0);
}

const SAVE_STAGE = statement(
  'save_stage',
  {},
  `update standing set stage = coalesce($3, stage), stage_since = case when $3::text is null then stage_since else $4 end,
     next_change_at = least(next_change_at, $5)
   where contact_id = $1 and agreement_id = $2`,
);

/** Moves a contact to a stage under an agreement, if there is one to move to; `lookAgainAt` is when it may qualify anew. */
export async function saveStage(
  sql: Sql,
  of: { readonly contactId: string; readonly agreementId: string },
  to: { readonly stage: string | null; readonly at: number; readonly lookAgainAt: number | null },
): Promise<void> {
  await SAVE_STAGE.rows(
    sql,
    of.contactId,
    of.agreementId,
    to.stage,
    stamp(to.at),
    stampOrNull(to.lookAgainAt),
  );
}

const ADD_ACTIVITY = statement(
  'add_activity',
  {},
  `insert into activity (id, episode_id, contact_id, kind, at, actor, note, outcome, automated, user_id)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
);

const TOUCH = statement(
  'touch_episode',
  {},
  'update episode set first_touch_at = least(first_touch_at, $2) where id = $1',
);

/** Logs an activity on an episode; the earliest touch is its first, which finishes the task. */
export async function addActivity(
  sql: Sql,
  activity: {
    readonly id: string;
    readonly episodeId: string;
    readonly contactId: string;
    readonly kind: string;
    readonly at: number;
    readonly actor: string;
    readonly note: string | null;
    readonly outcome: string | null;
    readonly automated: boolean;
    /** Whose it was; null where nobody's. */
    readonly userId: string | null;
    readonly isTouch: boolean;
  },
): Promise<void> {
  const { id, episodeId, contactId, kind, at, actor, note, outcome, automated, userId, isTouch } = activity;
  const said = [kind, stamp(at), actor, note, outcome, automated, userId];
  await ADD_ACTIVITY.rows(sql, id, episodeId, contactId, ...said);
  if (!isTouch) return;
  await TOUCH.rows(sql, episodeId, stamp(at));
  await finishTasks(sql, episodeId, at);
}

const FINISH = statement(
  'finish_episode_tasks',
  {},
  'update task set done_at = $2 where episode_id = $1 and done_at is null',
);

/** Marks what was to be done on an episode as done. */
export async function finishTasks(sql: Sql, episodeId: string, at: number): Promise<void> {
  await FINISH.rows(sql, episodeId, stamp(at));
}

const REOPEN_TASKS = statement(
  'reopen_tasks',
  {},
  `update task set done_at = null, owner_id = e.owner_id from episode e
   where e.id = $1 and task.episode_id = e.id and e.first_touch_at is null`,
);

/** Has the first touch of an episode still to be done, where nobody made it after all. */
export async function reopenTasks(sql: Sql, episodeId: string): Promise<void> {
  await REOPEN_TASKS.rows(sql, episodeId);
}

const REASSIGN_ALL = statement(
  'reassign_episodes',
  { name: 'text' },
  `with owner as (select u.id, u.name from app_user u where u.id = $4 and ${MAY_OWN} for share),
     given as (
       select episode_id, contact_id, agreement_id from owner
       cross join unnest($1::uuid[], $2::uuid[], $3::text[]) as new(episode_id, contact_id, agreement_id)),
     moved as (update episode set owner_id = $4, waiting_for = null from given where episode.id = given.episode_id),
     tasks as (update task set owner_id = $4 from given where task.episode_id = given.episode_id and done_at is null),
     standings as (
       update standing set owner_id = $4 from given
       where standing.contact_id = given.contact_id and standing.agreement_id = given.agreement_id)
   select name from owner`,
);

/**
 * Gives episodes to somebody who may own leads, and may until the transaction ends, and returns the name; null when they
 * may not.
 */
export async function reassign(
  sql: Sql,
  episodes: readonly { readonly id: string; readonly contactId: string; readonly agreementId: string }[],
  ownerId: string,
): Promise<string | null> {
  const owner = await REASSIGN_ALL.first(
    sql,
    episodes.map(({ id }) => id),
    episodes.map(({ contactId }) => contactId),
    episodes.map(({ agreementId }) => agreementId),
    ownerId,
  );
  return owner?.name ?? null;
}

const SAVE_OUTCOME = statement(
  'save_outcome',
  {},
  `update episode set state = $2, amount = $3, currency = $4, opportunity_at = $5, ended_at = $6 where id = $1`,
);

/** Saves how sales goes on with an accepted lead. */
export async function saveOutcome(
  sql: Sql,
  outcome: {
    readonly id: string;
    readonly state: string;
    readonly amount: number | null;
    readonly currency: string | null;
    readonly opportunityAt: number | null;
    readonly endedAt: number | null;
  },
): Promise<void> {
  await SAVE_OUTCOME.rows(
    sql,
    outcome.id,
    outcome.state,
    outcome.amount,
    outcome.currency,
    stampOrNull(outcome.opportunityAt),
    stampOrNull(outcome.endedAt),
  );
}

const HELD = statement(
  'list_held_leads',
  { owner_id: 'text?', owner_name: 'text?', team: 'text?' },
  `select e.owner_id, u.name as owner_name, e.team from episode e left join app_user u on u.id = e.owner_id
   where e.contact_id = $1 and e.ended_at is null order by e.handed_off_at, e.id`,
);

/** Whose lead a contact is: its episodes that are not over. */
export function listHeldLeads(sql: Sql, contactId: string) {
  return HELD.rows(sql, contactId);
}

const HELD_OF = statement(
  'list_held_leads_of',
  { contact_id: 'uuid', owner_id: 'text?', owner_name: 'text?', team: 'text?' },
  `select e.contact_id, e.owner_id, u.name as owner_name, e.team from episode e left join app_user u on u.id = e.owner_id
   where e.contact_id = any($1::uuid[]) and e.ended_at is null order by e.handed_off_at, e.id`,
);

/** Whose leads contacts are: their episodes that are not over. */
export function listHeldLeadsOf(sql: Sql, contactIds: readonly string[]) {
  return HELD_OF.rows(sql, contactIds);
}
