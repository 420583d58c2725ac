import { HOOK_DELETED, SWITCHED_OFF } from '../../core/delivery/webhook.ts';
import { type ExceptionSubject, formatExceptionSubject } from '../../core/exception/subject.ts';
import { BREACHES, type BreachKind } from '../../core/report/conservation.ts';
import { json, type Sql, stamp, statement } from '../database.ts';
import { deliverySubjectOf } from '../delivery/recipient.ts';
import { MAY_OWN } from '../routing/owner.ts';

/** How many lost leads of one kind are named; all are counted. */
const NAMED = 20;

/** An exception that is open about an episode: somebody must deal with it by its deadline. */
const WAITS = 'exists (select from exception x where x.episode_id = e.id and x.closed_at is null)';

// The same as the evaluation asks before it opens an episode, as of the evaluation: the contacts it should have handed over. Most
// contacts are told apart by indexes alone, before their rows are read.
const NOT_HANDED_OVER = `
  select s.contact_id, null::uuid as episode_id, 'by ' || s.qualifies as detail
  from (
    select contact_id, agreement_id from standing q
    where qualifies is not null and left_alone is null and not exists (
      select from episode e
      where e.contact_id = q.contact_id and e.agreement_id = q.agreement_id
        and (e.ended_at is null or e.state = 'won' or e.requalify_at > $2
          or (e.state = 'disqualified' and (e.disqualifier is null or e.decided_at is not null))))
    offset 0) q
  join standing s on s.contact_id = q.contact_id and s.agreement_id = q.agreement_id
  join agreement a on a.id = s.agreement_id and a.active_version = s.version
  join contact c on c.id = s.contact_id and c.merged_into is null
  left join lateral (
    select state, decided_at, ended_at, requalify_at from episode e
    where e.contact_id = s.contact_id and e.agreement_id = s.agreement_id
    order by e.ended_at is null desc, e.ended_at desc, e.handed_off_at desc limit 1) last on true
  where case
    when last.state is null or last.state = 'disqualified' then true
    when last.requalify_at > s.evaluated_at then false
    else c.last_seen_at > coalesce(last.decided_at, last.ended_at) end`;

const UNOWNED = `
  select e.contact_id, e.id as episode_id, coalesce('waits for ' || e.waiting_for, 'without a reason') as detail
  from episode e
  where e.ended_at is null and e.owner_id is null and not e.imported and (e.waiting_for is null or not ${WAITS})`;

const OWNER_INACTIVE = `
  select e.contact_id, e.id as episode_id, 'belongs to ' || u.name as detail
  from app_user u join episode e on e.owner_id = u.id
  where not (${MAY_OWN}) and e.ended_at is null and not e.imported and not ${WAITS}
    and e.owner_id = any(array(select u.id from app_user u where not (${MAY_OWN})))`;

const CLOSED_WITHOUT_REASON = `
  select e.contact_id, e.id as episode_id, e.state as detail from episode e
  where e.ended_at is not null and e.reason is null and e.disqualifier is null and e.note is null and not e.imported
    and e.state in ('recycled', 'disqualified')`;

const NO_TASK = `
  select e.contact_id, e.id as episode_id, e.sentence as detail
  from (
    select id from episode q
    where state = 'open' and first_touch_at is null and owner_id is not null and not imported
      and not exists (select from task t where t.episode_id = q.id and t.done_at is null) offset 0) q
  join episode e on e.id = q.id`;

const NOT_EVALUATED = `
  select s.contact_id, null::uuid as episode_id,
    'was due at ' || to_char(s.next_change_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as detail
  from standing s where s.next_change_at <= $1 and not exists (
    select from exception x
    where x.contact_id = s.contact_id and x.kind = 'breach' and x.subject = 'contact ' || s.contact_id and x.closed_at is null)`;

const MAIL_SERVER = formatExceptionSubject({ kind: 'delivery', recipient: { kind: 'mailServer' } });
const SLACK_BOT = formatExceptionSubject({ kind: 'delivery', recipient: { kind: 'slackBot' } });

const FAILED_UNSEEN = `
  select o.contact_id, o.episode_id, o.channel || ': ' || coalesce(o.last_error, 'failed') as detail from outbox o
  where o.state = 'failed' and o.channel <> 'in_app'
    and not exists (select from exception x
      where x.kind = 'delivery' and x.subject = ${deliverySubjectOf('o')}
        and (x.closed_at is null or x.closed_at >= o.created_at))
    and not exists (select from exception x
      where x.kind = 'delivery' and x.subject = case o.channel when 'email' then '${MAIL_SERVER}' when 'slack' then '${SLACK_BOT}' end
        and (x.closed_at is null or x.closed_at >= o.created_at))
    and not (o.channel = 'webhook' and coalesce(o.last_error, '') similar to '${SWITCHED_OFF}%|${HOOK_DELETED}')`;

const LOST: Readonly<Record<BreachKind, string>> = {
  not_handed_over: NOT_HANDED_OVER,
  unowned: UNOWNED,
  owner_inactive: OWNER_INACTIVE,
  closed_without_reason: CLOSED_WITHOUT_REASON,
  no_task: NO_TASK,
  not_evaluated: NOT_EVALUATED,
  failed_unseen: FAILED_UNSEEN,
};

// Each kind is found whole before some are named (materialized): planned for the few that are named, it would walk all
// episodes in the order of their ids. With a million contacts and a hundred thousand episodes that took ten times as long.
const FIND = statement(
  'find_lost_leads',
  { kind: 'text', contact_id: 'uuid?', episode_id: 'uuid?', detail: 'text', total: 'int8' },
  `with ${BREACHES.map(kind => `${kind} as materialized (${LOST[kind]})`).join(', ')}
   ${BREACHES.map(
     kind => `(select '${kind}'::text as kind, contact_id, episode_id, detail, count(*) over () as total
       from ${kind} order by episode_id, contact_id limit ${NAMED})`,
   ).join(' union all ')}`,
);

/**
 * Leads that are lost at `now`, a bounded number of each kind; a change of a score is overdue when it was due by
 * `overdueSince`. Epoch ms.
 */
export function findLost(
  sql: Sql,
  { now, overdueSince }: { readonly now: number; readonly overdueSince: number },
) {
  return FIND.rows(sql, stamp(overdueSince), stamp(now));
}

/** The advisory lock under which one node checks while others pass by: any number that nothing else uses. */
const LOCK = 4_800_012;

const TRY = statement(
  'try_conservation',
  { mine: 'bool', at: 'float8?', counts: 'jsonb?' },
  `select pg_try_advisory_xact_lock($1) as mine, (kept.value->>'at')::float8 as at, kept.value->'counts' as counts
   from (select 1) one left join setting kept on kept.name = 'conservation'`,
);

/** Takes the right to check in this transaction; with when (epoch ms) and what was found last. Not `mine` while another node checks. */
export function tryCheck(sql: Sql) {
  return TRY.first(sql, LOCK);
}

const KEEP = statement(
  'keep_conservation',
  {},
  `insert into setting (name, value) values ('conservation', $1)
   on conflict (name) do update set value = excluded.value`,
);

/** Keeps when the leads were last checked and how many were lost in each way. */
export async function keepChecked(
  sql: Sql,
  checked: { readonly at: number; readonly counts: Readonly<Record<string, number>> },
): Promise<void> {
  await KEEP.rows(sql, json(checked));
}

const UPDATE = statement(
  'update_breaches',
  {},
  `update exception set detail = new.detail, particulars = new.particulars
   from unnest($1::text[], $2::text[], $3::jsonb[]) as new(subject, detail, particulars)
   where exception.kind = 'breach' and exception.subject = new.subject and closed_at is null
     and exception.detail <> new.detail`,
);

/** Says of open breaches how many leads they concern now. */
export async function updateBreaches(
  sql: Sql,
  breaches: readonly {
    readonly subject: ExceptionSubject;
    readonly detail: string;
    readonly particulars: Readonly<Record<string, unknown>>;
  }[],
): Promise<void> {
  await UPDATE.rows(
    sql,
    breaches.map(({ subject }) => formatExceptionSubject(subject)),
    breaches.map(({ detail }) => detail),
    breaches.map(({ particulars }) => json(particulars)),
  );
}
