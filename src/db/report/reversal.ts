import { type Sql, stamp, statement } from '../database.ts';

const KEEP = statement(
  'keep_reversal',
  {},
  `insert into reversal (episode_id, taken_back_at, decision, decided_at, reason, reason_label, first_touch_at, opportunity_at,
     state, ended_at, amount, currency)
   select id, $2, decision, decided_at, reason, reason_label, first_touch_at, opportunity_at, state, ended_at, amount, currency
   from episode where id = $1`,
);

/** Keeps how an episode stands before its decision or outcome is taken back at `at` (epoch ms), for reports on past days. */
export async function keepReversal(sql: Sql, episodeId: string, at: number): Promise<void> {
  await KEEP.rows(sql, episodeId, stamp(at));
}
