import { type Sql, stamp, statement } from '../database.ts';

const SAVE = statement(
  'save_snooze',
  {},
  `insert into snooze (episode_id, owner_id, until, note, created_at, actor) values ($1, $2, $3, $4, $5, $6)
   on conflict (episode_id) do update set owner_id = excluded.owner_id, until = excluded.until, note = excluded.note,
     created_at = excluded.created_at, actor = excluded.actor`,
);

/** Hides a lead from its owner's queue until a time, in place of what was said before. Times in epoch ms. */
export async function saveSnooze(
  sql: Sql,
  snooze: {
    readonly episodeId: string;
    readonly ownerId: string;
    readonly until: number;
    readonly note: string | null;
    readonly now: number;
    readonly actor: string;
  },
): Promise<void> {
  const { episodeId, ownerId, until, note, now, actor } = snooze;
  await SAVE.rows(sql, episodeId, ownerId, stamp(until), note, stamp(now), actor);
}

const DROP = statement(
  'drop_snooze',
  { until: 'timestamptz' },
  'delete from snooze where episode_id = $1 returning until',
);

/** Brings a lead back into its owner's queue; null when nothing hid it. */
export async function dropSnooze(sql: Sql, episodeId: string): Promise<number | null> {
  return (await DROP.first(sql, episodeId))?.until ?? null;
}

const DROP_OVER = statement(
  'drop_snooze_that_is_over',
  {},
  'delete from snooze where episode_id = $1 and until <= $2',
);

/** Forgets a snooze that was over at an instant (epoch ms): what it was to remind of is done. */
export async function dropSnoozeOver(sql: Sql, episodeId: string, now: number): Promise<void> {
  await DROP_OVER.rows(sql, episodeId, stamp(now));
}
