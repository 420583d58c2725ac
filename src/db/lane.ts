import { type Sql, stamp, stampOrNull, statement } from './database.ts';

// One statement, as several attempts fail at the same moment when a way out breaks: only the first of them counts.
const HOLD = statement(
  'hold_lane',
  { failing_since: 'timestamptz', held_until: 'timestamptz' },
  `insert into lane (channel, recipient, failures, failing_since, held_until, cause, last_error)
   values ($1, $2, 1, $3, $3::timestamptz + ($5::int8[])[1] * interval '1 ms', $7, $8)
   on conflict (channel, recipient) do update set
     failures = case when lane.held_until <= $4 then lane.failures + 1 else lane.failures end,
     held_until = case when lane.held_until <= $4
       then $3::timestamptz + ($5::int8[])[least(lane.failures + 1, array_length($5::int8[], 1))] * interval '1 ms'
       else greatest(lane.held_until, $6) end,
     cause = $7, last_error = $8
   returning failing_since, held_until`,
);

/** What went wrong on a way out. Times in epoch ms. */
export interface LaneFailure {
  readonly channel: string;
  readonly recipient: string;
  readonly now: number;
  readonly cause: string;
  readonly error: string;
}

/**
 * Notes that a way out failed and leaves it alone for a while: for the first of `holdsMs` after the first failure in a row,
 * and so on. An attempt that began before the present hold ended tells nothing new. Gives since when it fails and until
 * when it is held, in epoch ms.
 */
export async function holdLane(
  sql: Sql,
  failure: LaneFailure & {
    readonly startedAt: number;
    readonly holdsMs: readonly number[];
    /** Until when the other side asked to be left alone; null when it did not. */
    readonly askedUntil: number | null;
  },
): Promise<{ readonly failingSince: number; readonly heldUntil: number }> {
  const { channel, recipient, now, startedAt, holdsMs, askedUntil, cause, error } = failure;
  const times = [stamp(now), stamp(startedAt), holdsMs, stampOrNull(askedUntil)];
  const row = await HOLD.first(sql, channel, recipient, ...times, cause, error);
  return { failingSince: row?.failing_since ?? now, heldUntil: row?.held_until ?? now };
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
  const { channel, recipient, now, cause, error } = failure;
  await NOTE.rows(sql, channel, recipient, stamp(now), cause, error);
}

const CLEAR = statement(
  'clear_lanes',
  { recipient: 'text' },
  'delete from lane where channel = $1 and recipient = any($2::text[]) returning recipient',
);

/** Notes that ways out work again; gives those that failed before. */
export async function clearLanes(
  sql: Sql,
  channel: string,
  recipients: readonly string[],
): Promise<readonly string[]> {
  return (await CLEAR.rows(sql, channel, recipients)).map(({ recipient }) => recipient);
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
   left join app_user u on l.channel in ('in_app', 'slack') and u.id = regexp_replace(l.recipient, '^user:', '')
   left join webhook w on l.channel = 'webhook' and w.id::text = l.recipient
   order by l.failing_since, l.channel, l.recipient limit 200`,
);

/** Lists the ways out that fail at present, the longest failing first. */
export function listLanes(sql: Sql) {
  return LIST.rows(sql);
}
