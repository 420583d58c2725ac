import { channelTo, formatRecipient, type Recipient } from '../../core/delivery/recipient.ts';
import { type Sql, stamp, stampOrNull, statement } from '../database.ts';
import { leadsTo, readRecipient, withRecipient } from './recipient.ts';

// One statement, as several attempts fail at the same moment when a way out breaks: only the first of them counts. One that
// a person asked for in between leaves the hold as it was.
const HOLD = statement(
  'hold_lane',
  { held_until: 'timestamptz' },
  `insert into lane (channel, recipient, failures, failing_since, held_until, cause, last_error)
   values ($1, $2, 1, $3, $3::timestamptz + ($5::int8[])[1] * interval '1 ms', $7, $8)
   on conflict (channel, recipient) do update set
     failures = case when lane.waits_until > $3 or lane.held_until > $4 then lane.failures else lane.failures + 1 end,
     held_until = case when lane.waits_until > $3 then greatest(lane.waits_until, $6) when lane.held_until <= $4
       then $3::timestamptz + ($5::int8[])[least(lane.failures + 1, array_length($5::int8[], 1))] * interval '1 ms'
       else greatest(lane.held_until, $6) end,
     waits_until = null, cause = $7, last_error = $8
   returning held_until`,
);

/** What went wrong on a way out. Times in epoch ms. */
export interface LaneFailure {
  readonly recipient: Recipient;
  readonly now: number;
  readonly cause: string;
  readonly error: string;
}

/**
 * Notes that a way out failed and leaves it alone for a while: for the first of `holdsMs` after the first failure in a row,
 * and so on. An attempt that began before the present hold ended tells nothing new. Gives until when it is held, in epoch
 * ms.
 */
export async function holdLane(
  sql: Sql,
  failure: LaneFailure & {
    readonly startedAt: number;
    readonly holdsMs: readonly number[];
    /** Until when the other side asked to be left alone; null when it did not. */
    readonly askedUntil: number | null;
  },
): Promise<number> {
  const { recipient, now, startedAt, holdsMs, askedUntil, cause, error } = failure;
  const times = [stamp(now), stamp(startedAt), holdsMs, stampOrNull(askedUntil)];
  const held = await HOLD.first(
    sql,
    channelTo(recipient),
    formatRecipient(recipient),
    ...times,
    cause,
    error,
  );
  return held?.held_until ?? now;
}

const NOTE = statement(
  'note_lane',
  {},
  `insert into lane (channel, recipient, failures, failing_since, held_until, cause, last_error)
   values ($1, $2, 0, $3, $3, $4, $5)
   on conflict (channel, recipient) do update set cause = $4, last_error = $5`,
);

/** Notes that a way out refused a message; the next one may well pass, so nothing waits. */
export async function noteLane(sql: Sql, failure: LaneFailure): Promise<void> {
  const { recipient, now, cause, error } = failure;
  await NOTE.rows(sql, channelTo(recipient), formatRecipient(recipient), stamp(now), cause, error);
}

// What waits for a way is due when its hold ends, to the millisecond; what is due then by chance alone is looked at early.
const CLEAR = statement(
  'clear_lanes',
  { channel: 'text', recipient: 'text' },
  `with gone as (
     delete from lane where channel = $1 and recipient = any($2::text[])
     returning channel, recipient, coalesce(waits_until, held_until) as waits_until
   ), freed as (
     update outbox set next_attempt_at = $3 from gone
     where outbox.state = 'waiting' and outbox.channel = gone.channel and outbox.next_attempt_at = gone.waits_until
       and gone.waits_until > $3
   )
   select channel, recipient from gone`,
);

/** Notes that ways out of one channel work again at `now` (epoch ms): what waited for them is due at once. Gives those that failed before. */
export async function clearLanes(
  sql: Sql,
  cleared: { readonly channel: string; readonly recipients: readonly Recipient[]; readonly now: number },
): Promise<readonly Recipient[]> {
  const { channel, recipients, now } = cleared;
  return (await CLEAR.rows(sql, channel, recipients.map(formatRecipient), stamp(now))).map(readRecipient);
}

const UNTOLD = `told_at is null and failures > 0 and failing_since <= $1 and channel in ('email', 'slack')`;
const KEY = `channel || ' ' || recipient`;

const FIND_UNTOLD = statement(
  'find_untold_lanes',
  { key: 'text' },
  `select ${KEY} as key from lane where ${UNTOLD} and ${KEY} <> all($2::text[]) order by failing_since`,
);

/** Ways to people, each as one text, but for some, that have failed since an instant and of which nobody was told. */
export async function findUntold(
  sql: Sql,
  of: { readonly failingSince: number; readonly but: readonly string[] },
): Promise<readonly string[]> {
  return (await FIND_UNTOLD.rows(sql, stamp(of.failingSince), of.but)).map(({ key }) => key);
}

const TAKE_UNTOLD = statement(
  'take_untold_lanes',
  { channel: 'text', recipient: 'text', failing_since: 'timestamptz', cause: 'text', last_error: 'text' },
  `update lane set told_at = $2 where ${UNTOLD} and ${KEY} = any($3::text[])
   returning channel, recipient, failing_since, cause, last_error`,
);

/**
 * Takes those of these ways to people that have failed since an instant and of which nobody was told: each once as long as
 * it fails. Times in epoch ms.
 */
export async function takeUntold(
  sql: Sql,
  keys: readonly string[],
  of: { readonly failingSince: number; readonly now: number },
) {
  const rows = await TAKE_UNTOLD.rows(sql, stamp(of.failingSince), stamp(of.now), keys);
  return rows.map(withRecipient);
}

const LIST = statement(
  'list_lanes',
  {
    channel: 'text',
    recipient: 'text',
    name: 'text?',
    failing_since: 'timestamptz',
    held_until: 'timestamptz',
    last_error: 'text',
  },
  `select l.channel, l.recipient, coalesce(u.name, w.url) as name, l.failing_since, l.held_until, l.last_error
   from lane l
   left join app_user u on ${leadsTo('u.id', 'l')}
   left join webhook w on l.channel = 'webhook' and w.id::text = l.recipient
   order by l.failing_since, l.channel, l.recipient limit 200`,
);

/** Lists the ways out that fail at present, the longest failing first. */
export async function listLanes(sql: Sql) {
  return (await LIST.rows(sql)).map(withRecipient);
}
