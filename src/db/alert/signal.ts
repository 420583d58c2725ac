import { json, type RowOf, type Sql, stamp, stampOrNull, statement } from '../database.ts';
import { MAY_OWN } from '../routing/owner.ts';

const THROTTLE = {
  contact_id: 'uuid',
  agreement_id: 'text',
  rule: 'text',
  sent_at: 'timestamptz',
  until_at: 'timestamptz',
  held: 'int4',
  held_since: 'timestamptz?',
  held_alert: 'jsonb?',
} as const;

/** When a rule last told of a contact, and what it has held back since. */
export type ThrottleRow = RowOf<typeof THROTTLE>;

const COLUMNS = 'contact_id, agreement_id, rule, sent_at, until_at, held, held_since, held_alert';

const LOAD = statement(
  'load_throttles',
  THROTTLE,
  `select ${COLUMNS} from alert_throttle where contact_id = any($1::uuid[]) and agreement_id = $2
   order by contact_id, rule for update`,
);

/** Locks and loads when rules of an agreement last told of contacts. */
export function loadThrottles(
  sql: Sql,
  contactIds: readonly string[],
  agreementId: string,
): Promise<readonly ThrottleRow[]> {
  return LOAD.rows(sql, contactIds, agreementId);
}

const FIND_DUE = statement(
  'find_due_throttles',
  { contact_id: 'uuid' },
  `select contact_id from alert_throttle where held > 0 and until_at <= $1 and contact_id <> all($3::uuid[])
   order by until_at limit $2`,
);

/** Contacts of which something was held back that may be told now, up to `limit` but for some, the longest due first. */
export async function findDueThrottles(
  sql: Sql,
  due: { readonly now: number; readonly limit: number; readonly but: readonly string[] },
): Promise<readonly string[]> {
  return (await FIND_DUE.rows(sql, stamp(due.now), due.limit, due.but)).map(row => row.contact_id);
}

const TAKE_DUE = statement(
  'take_due_throttles',
  THROTTLE,
  `select ${COLUMNS} from alert_throttle where held > 0 and until_at <= $1 and contact_id = any($2::uuid[])
   order by until_at for update skip locked`,
);

/** Locks and loads what was held back of contacts and may be told at `now` (epoch ms), the longest due first. */
export function takeDueThrottles(
  sql: Sql,
  contactIds: readonly string[],
  now: number,
): Promise<readonly ThrottleRow[]> {
  return TAKE_DUE.rows(sql, stamp(now), contactIds);
}

/** A throttle to save. Times in epoch ms. */
export interface NewThrottle {
  readonly contactId: string;
  readonly agreementId: string;
  readonly rule: string;
  readonly sentAt: number;
  readonly untilAt: number;
  readonly held: number;
  readonly heldSince: number | null;
  readonly heldAlert: unknown;
}

const SAVE = statement(
  'save_throttles',
  {},
  `insert into alert_throttle (contact_id, agreement_id, rule, sent_at, until_at, held, held_since, held_alert)
   select contact_id, agreement_id, rule, sent_at, until_at, held, held_since, held_alert
   from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::int[], $7::timestamptz[],
     $8::jsonb[]) as new(contact_id, agreement_id, rule, sent_at, until_at, held, held_since, held_alert)
   on conflict (contact_id, agreement_id, rule) do update set sent_at = excluded.sent_at, until_at = excluded.until_at,
     held = excluded.held, held_since = excluded.held_since, held_alert = excluded.held_alert`,
);

/** Saves when rules told of contacts and what they hold back. */
export async function saveThrottles(sql: Sql, rows: readonly NewThrottle[]): Promise<void> {
  if (rows.length === 0) return;
  await SAVE.rows(
    sql,
    rows.map(({ contactId }) => contactId),
    rows.map(({ agreementId }) => agreementId),
    rows.map(({ rule }) => rule),
    rows.map(({ sentAt }) => stamp(sentAt)),
    rows.map(({ untilAt }) => stamp(untilAt)),
    rows.map(({ held }) => held),
    rows.map(({ heldSince }) => stampOrNull(heldSince)),
    rows.map(({ heldAlert }) => (heldAlert === null ? null : json(heldAlert))),
  );
}

const ADDRESSEES = statement(
  'load_addressees',
  {
    contact_id: 'uuid',
    agreement_id: 'text',
    owner_id: 'text?',
    owner_name: 'text?',
    is_away: 'bool',
    episode_id: 'uuid?',
    state: 'text?',
    total: 'int4?',
    grade: 'text?',
    first_touch_at: 'timestamptz?',
    first_touch_due_at: 'timestamptz?',
    decision_due_at: 'timestamptz?',
    team: 'text?',
    slack_channel: 'text?',
  },
  `select w.contact_id, w.agreement_id, u.id as owner_id, u.name as owner_name,
     coalesce(a.paused, false) or exists (
       select from time_off o where o.user_id = u.id and o.starts_at <= $4 and o.ends_at > $4) as is_away,
     e.id as episode_id, e.state, e.total, e.grade, e.first_touch_at, e.first_touch_due_at, e.decision_due_at,
     coalesce(t.name, w.fallback) as team, t.slack_channel
   from unnest($1::uuid[], $2::text[], $3::text[]) as w(contact_id, agreement_id, fallback)
   left join lateral (
     select id, owner_id, team, state, total, grade, first_touch_at, first_touch_due_at, decision_due_at from episode
     where contact_id = w.contact_id and agreement_id = w.agreement_id and ended_at is null limit 1) e on true
   left join standing s on s.contact_id = w.contact_id and s.agreement_id = w.agreement_id
   left join app_user u on u.id = coalesce(e.owner_id, s.owner_id) and ${MAY_OWN}
   left join availability a on a.user_id = u.id
   left join team t on t.name = coalesce(
     e.team, (select m.team from team_member m where m.user_id = u.id order by m.team limit 1), w.fallback)`,
);

/**
 * Who looks after leads: the owner, who may work them, and whether they are away at `now` (epoch ms), the open episode with
 * its due times, and the team: `fallback` without any.
 */
export function loadAddressees(
  sql: Sql,
  of: readonly {
    readonly contactId: string;
    readonly agreementId: string;
    readonly fallback: string | null;
  }[],
  now: number,
) {
  return ADDRESSEES.rows(
    sql,
    of.map(({ contactId }) => contactId),
    of.map(({ agreementId }) => agreementId),
    of.map(({ fallback }) => fallback),
    stamp(now),
  );
}

const TEAM_PEOPLE = statement(
  'load_team_people',
  { team: 'text', user_ids: 'text[]?' },
  `select t.name as team, coalesce(
     (select array_agg(u.id order by u.id) from team_member m join app_user u on u.id = m.user_id and ${MAY_OWN}
      where m.team = t.name),
     (select array_agg(id order by id) from app_user where active and role in ('manager', 'admin'))) as user_ids
   from unnest($1::text[]) as t(name)`,
);

/** The active members of teams who may work leads; managers and admins for a team that has none. */
export async function loadTeamPeople(
  sql: Sql,
  teams: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await TEAM_PEOPLE.rows(sql, teams);
  return new Map(rows.map(row => [row.team, row.user_ids ?? []]));
}

const VISITS = statement(
  'load_visits',
  {
    contact_id: 'uuid',
    at: 'timestamptz',
    name: 'text',
    properties: 'jsonb',
    context: 'jsonb',
  },
  `select v.contact_id, e.at, e.name, e.properties, e.context
   from unnest($1::uuid[], $2::timestamptz[]) as v(contact_id, since) cross join lateral (
     (select at, name, properties, context from event
      where contact_id = v.contact_id and machine is null and at > v.since order by at limit $3)
     union all
     (select at, name, properties, context from event
      where contact_id = v.contact_id and machine is null and at <= v.since order by at desc limit 1)
   ) e
   order by v.contact_id, e.at`,
);

/** The events of persons since a time (epoch ms), at most `limit` each, and the last one before; ascending. */
export function loadVisits(
  sql: Sql,
  of: readonly { readonly contactId: string; readonly since: number }[],
  limit: number,
) {
  return VISITS.rows(
    sql,
    of.map(({ contactId }) => contactId),
    of.map(({ since }) => stamp(since)),
    limit,
  );
}
