import { type RowOf, type Sql, stamp, statement } from '../database.ts';
import { MAY_OWN } from '../routing/owner.ts';

const WAITING = statement(
  'load_waiting',
  {
    episode_id: 'uuid',
    path_label: 'text',
    sentence: 'text',
    grounds: 'json?',
    disqualifier: 'text?',
    team: 'text?',
    first_touch_due_at: 'timestamptz?',
    has_exception: 'bool',
    reason: 'text?',
    particulars: 'jsonb?',
    handed_back_by: 'text[]?',
  },
  `select e.id as episode_id, e.path_label, e.sentence, e.grounds, e.disqualifier, e.team, e.first_touch_due_at,
     x.id is not null as has_exception, x.reason, x.particulars,
     (select array_agg(l.user_id) from routing_ledger l where l.episode_id = e.id and l.kind in ('handed_back', 'missed')) as handed_back_by
   from episode e left join exception x on x.episode_id = e.id and x.closed_at is null
   where e.id = any($1::uuid[]) and e.state = 'open' and e.owner_id is null for no key update of e`,
);

/** Locks episodes that still wait for an owner and loads in which exception they do. */
export function loadWaiting(sql: Sql, episodeIds: readonly string[]) {
  return WAITING.rows(sql, episodeIds);
}

/** Where an episode goes after routing was tried again. */
export interface Routed {
  readonly episodeId: string;
  readonly ownerId: string | null;
  readonly team: string | null;
  readonly waitingFor: string | null;
  readonly because: string;
}

const ROUTE = statement(
  'route_waiting_episodes',
  {},
  `with routed as (
     update episode set owner_id = new.owner_id, team = new.team, waiting_for = new.waiting_for, routed_because = new.because
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) as new(id, owner_id, team, waiting_for, because)
     where episode.id = new.id
     returning episode.id, episode.contact_id, episode.agreement_id, episode.owner_id
   ), tasks as (
     update task set owner_id = routed.owner_id from routed where task.episode_id = routed.id and task.done_at is null
   )
   update standing set owner_id = routed.owner_id from routed
   where routed.owner_id is not null and standing.contact_id = routed.contact_id
     and standing.agreement_id = routed.agreement_id`,
);

/** Gives waiting episodes to their owners, with what is to be done on them; or says why they wait now. */
export async function routeEpisodes(sql: Sql, routed: readonly Routed[]): Promise<void> {
  if (routed.length === 0) return;
  await ROUTE.rows(
    sql,
    routed.map(({ episodeId }) => episodeId),
    routed.map(({ ownerId }) => ownerId),
    routed.map(({ team }) => team),
    routed.map(({ waitingFor }) => waitingFor),
    routed.map(({ because }) => because),
  );
}

const CLOSE = statement(
  'close_waiting_episodes',
  {},
  `with closed as (
     update episode set state = 'disqualified', ended_at = $4, waiting_for = null, disqualifier = new.disqualifier,
       disqualifier_label = new.label
     from unnest($1::uuid[], $2::text[], $3::text[]) as new(id, disqualifier, label)
     where episode.id = new.id returning episode.id
   )
   update task set done_at = $4 from closed where task.episode_id = closed.id and task.done_at is null`,
);

/** Closes waiting episodes that something disqualifies meanwhile. */
export async function closeWaiting(
  sql: Sql,
  closed: readonly { readonly episodeId: string; readonly id: string; readonly label: string }[],
  now: number,
): Promise<void> {
  if (closed.length === 0) return;
  await CLOSE.rows(
    sql,
    closed.map(({ episodeId }) => episodeId),
    closed.map(({ id }) => id),
    closed.map(({ label }) => label),
    stamp(now),
  );
}

const LEFT = {
  id: 'uuid',
  contact_id: 'uuid',
  contact_name: 'text',
  agreement_id: 'text',
  version: 'int4',
  state: 'text',
  team: 'text?',
  owner_id: 'text',
  owner_name: 'text',
  owner_active: 'bool',
  decision_due_at: 'timestamptz?',
  first_touch_due_at: 'timestamptz?',
  first_touch_at: 'timestamptz?',
} as const;

/** A lead whose owner can no longer work on it. */
export type LeaverRow = RowOf<typeof LEFT>;

const FIND_LEFT = statement(
  'find_left_leads',
  { contact_id: 'uuid' },
  `select owned.contact_id from app_user u cross join lateral (
     select e.contact_id from episode e
     where e.owner_id = u.id and e.ended_at is null and e.contact_id <> all($2::uuid[]) limit $1) owned
   where not (${MAY_OWN}) order by owned.contact_id limit $1`,
);

/** Contacts, up to `limit` but for some, with an open handoff whose owner is not an active user, or may not work leads. */
export async function findLeavers(
  sql: Sql,
  { limit, but }: { readonly limit: number; readonly but: readonly string[] },
): Promise<readonly string[]> {
  return (await FIND_LEFT.rows(sql, limit, but)).map(row => row.contact_id);
}

const TAKE_LEFT = statement(
  'take_left_leads',
  LEFT,
  `with taken as (
     update episode set owner_id = null, waiting_for = $2 from app_user u, contact c
     where episode.contact_id = any($1::uuid[]) and episode.ended_at is null and u.id = episode.owner_id
       and not (${MAY_OWN})
       and c.id = episode.contact_id
     returning episode.id, episode.contact_id, c.name as contact_name, episode.agreement_id, episode.version, episode.state,
       episode.team, u.id as owner_id, u.name as owner_name, u.active as owner_active, episode.decision_due_at,
       episode.first_touch_due_at, episode.first_touch_at
   ), standings as (
     update standing set owner_id = null from taken
     where standing.contact_id = taken.contact_id and standing.agreement_id = taken.agreement_id
   ), tasks as (
     update task set owner_id = null from taken where task.episode_id = taken.id and task.done_at is null
   )
   select id, contact_id, contact_name, agreement_id, version, state, team, owner_id, owner_name, owner_active,
     decision_due_at, first_touch_due_at, first_touch_at from taken`,
);

/** Takes leads of these contacts from owners who are no longer active, or may no longer work leads; they then wait. */
export function takeFromLeavers(sql: Sql, contactIds: readonly string[], waitingFor: string) {
  return TAKE_LEFT.rows(sql, contactIds, waitingFor);
}

const PUT_BACK = statement(
  'put_episodes_back',
  {},
  `with put as (
     update episode set owner_id = null, waiting_for = $2 where id = any($1::uuid[]) returning id, contact_id, agreement_id
   ), tasks as (
     update task set owner_id = null from put where task.episode_id = put.id and task.done_at is null
   )
   update standing set owner_id = null from put
   where standing.contact_id = put.contact_id and standing.agreement_id = put.agreement_id`,
);

/** Takes episodes from their owners; they wait from then on. */
export async function putAllBack(sql: Sql, episodeIds: readonly string[], waitingFor: string): Promise<void> {
  await PUT_BACK.rows(sql, episodeIds, waitingFor);
}

const DUE_RETRY = 'closed_at is null and retry_at is not null and retry_at <= $1 and episode_id is not null';

const FIND_RETRIES = statement(
  'find_due_retries',
  { contact_id: 'uuid' },
  `select contact_id from exception where ${DUE_RETRY} and contact_id <> all($3::uuid[]) order by retry_at limit $2`,
);

/** Contacts whose waiting episode is to be routed again, up to `limit` but for some, the longest due first. */
export async function findRetries(
  sql: Sql,
  due: { readonly now: number; readonly limit: number; readonly but: readonly string[] },
): Promise<readonly string[]> {
  const rows = await FIND_RETRIES.rows(sql, stamp(due.now), due.limit, due.but);
  return rows.map(row => row.contact_id);
}

const TAKE_RETRIES = statement(
  'take_due_retries',
  { contact_id: 'uuid' },
  `update exception set retry_at = $2 where id in (
     select id from exception where ${DUE_RETRY} and contact_id = any($3::uuid[]) order by id for update skip locked)
   returning contact_id`,
);

/**
 * Takes those of these contacts whose waiting episode is to be routed again; who takes them finds out when next, else it is
 * `again`.
 */
export async function takeRetries(
  sql: Sql,
  contactIds: readonly string[],
  take: { readonly now: number; readonly again: number },
): Promise<readonly string[]> {
  const rows = await TAKE_RETRIES.rows(sql, stamp(take.now), stamp(take.again), contactIds);
  return [...new Set(rows.map(row => row.contact_id))];
}

const CONTACTS_OF = statement(
  'load_contacts_of_episodes',
  { contact_id: 'uuid' },
  'select distinct contact_id from episode where id = any($1::uuid[]) order by contact_id',
);

/** The contacts of episodes. */
export async function loadContactsOf(sql: Sql, episodeIds: readonly string[]): Promise<readonly string[]> {
  return (await CONTACTS_OF.rows(sql, episodeIds)).map(row => row.contact_id);
}

const RETRY = statement(
  'retry_waiting_leads',
  {},
  `update exception set retry_at = $1 where closed_at is null and retry_at > $1 and episode_id is not null`,
);

/** Has every lead that waits for somebody to be there looked at again at once: who is there has changed. */
export async function retryWaiting(sql: Sql, now: number): Promise<void> {
  await RETRY.rows(sql, stamp(now));
}
