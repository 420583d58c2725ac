import { json, type RowOf, type Sql, stamp, stampOrNull, statement } from '../database.ts';

const READER = {
  id: 'text',
  name: 'text',
  email: 'text',
  role: 'text',
  own_zone: 'text?',
  work_zone: 'text?',
  quiet: 'jsonb?',
  channels: 'jsonb?',
  digest: 'text?',
  digest_at: 'int4?',
  bulletin: 'text?',
  bulletin_at: 'int4?',
  booking_url: 'text?',
} as const;

/** A person with how they want to be told; null where they never said. */
export type ReaderRow = RowOf<typeof READER>;

const SELECT = `select u.id, u.name, u.email, u.role, p.timezone as own_zone, a.timezone as work_zone, p.quiet, p.channels,
     p.digest, p.digest_at, p.bulletin, p.bulletin_at, u.booking_url
   from app_user u left join preference p on p.user_id = u.id left join availability a on a.user_id = u.id`;

const LOAD = statement(
  'load_readers',
  READER,
  `${SELECT} where u.active and u.id = any($1::text[]) order by u.id`,
);

/** Loads the active ones of these people with how they want to be told. */
export function loadReaders(sql: Sql, userIds: readonly string[]): Promise<readonly ReaderRow[]> {
  return LOAD.rows(sql, userIds);
}

const LOAD_ADMINS = statement(
  'load_admin_readers',
  READER,
  `${SELECT} where u.active and u.role = 'admin' order by u.id`,
);

/** Loads the active admins with how they want to be told: who is told when nobody else is left. */
export function loadAdminReaders(sql: Sql): Promise<readonly ReaderRow[]> {
  return LOAD_ADMINS.rows(sql);
}

const SAVE = statement(
  'save_preference',
  {},
  `insert into preference (user_id, timezone, quiet, channels, digest, digest_at, bulletin, bulletin_at, bulletin_due_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
   on conflict (user_id) do update set timezone = excluded.timezone, quiet = excluded.quiet, channels = excluded.channels,
     digest = excluded.digest, digest_at = excluded.digest_at, bulletin = excluded.bulletin,
     bulletin_at = excluded.bulletin_at, bulletin_due_at = excluded.bulletin_due_at`,
);

/** Saves how a person wants to be told. Minutes count from local midnight; times in epoch ms. */
export async function savePreference(
  sql: Sql,
  preference: {
    readonly userId: string;
    readonly timezone: string | null;
    readonly quiet: unknown;
    readonly channels: unknown;
    readonly digest: string;
    readonly digestAt: number;
    readonly bulletin: string | null;
    readonly bulletinAt: number;
    readonly bulletinDueAt: number | null;
  },
): Promise<void> {
  await SAVE.rows(
    sql,
    preference.userId,
    preference.timezone,
    preference.quiet === null ? null : json(preference.quiet),
    json(preference.channels),
    preference.digest,
    preference.digestAt,
    preference.bulletin,
    preference.bulletinAt,
    stampOrNull(preference.bulletinDueAt),
  );
}

const REDUE = statement(
  'move_held_digests',
  {},
  `update held_message set due_at = least(due_at, $2) where user_id = $1`,
);

/** Lets what is held for a person leave by `dueAt` (epoch ms) at the latest. */
export async function hastenHeld(sql: Sql, userId: string, dueAt: number): Promise<void> {
  await REDUE.rows(sql, userId, stamp(dueAt));
}

const SAVE_BOOKING = statement('save_booking', {}, 'update app_user set booking_url = $2 where id = $1');

/** Saves where a person's calendar can be booked; null for nowhere. */
export async function saveBooking(sql: Sql, userId: string, url: string | null): Promise<void> {
  await SAVE_BOOKING.rows(sql, userId, url);
}
