import { type RowOf, type Sql, stampOrNull, statement } from '../database.ts';

const OPPORTUNITY = {
  episode_id: 'uuid',
  name: 'text',
  stage: 'text',
  stage_before: 'text?',
  expected_close_at: 'timestamptz?',
  reason: 'text?',
  opened_at: 'timestamptz?',
  moved_at: 'timestamptz?',
} as const;

/** What is kept of an opportunity beside its episode. */
export type OpportunityRow = RowOf<typeof OPPORTUNITY>;

const LIST = statement(
  'list_opportunities',
  OPPORTUNITY,
  `select episode_id, name, stage, stage_before, expected_close_at, reason, opened_at, moved_at from opportunity
   where episode_id = any($1::uuid[]) order by episode_id`,
);

/** Lists the opportunities of episodes. */
export function listOpportunities(
  sql: Sql,
  episodeIds: readonly string[],
): Promise<readonly OpportunityRow[]> {
  return LIST.rows(sql, episodeIds);
}

const SAVE = statement(
  'save_opportunity',
  {},
  `insert into opportunity (episode_id, name, stage, stage_before, expected_close_at, reason, opened_at, moved_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)
   on conflict (episode_id) do update set name = excluded.name, stage = excluded.stage, stage_before = excluded.stage_before,
     expected_close_at = excluded.expected_close_at, reason = excluded.reason, opened_at = excluded.opened_at,
     moved_at = excluded.moved_at`,
);

/** Saves the opportunity of an episode; times in epoch ms. */
export async function saveOpportunity(
  sql: Sql,
  episodeId: string,
  opportunity: {
    readonly name: string;
    readonly stage: string;
    readonly stageBefore: string | null;
    readonly expectedCloseAt: number | null;
    readonly reason: string | null;
    readonly openedAt: number | null;
    readonly movedAt: number | null;
  },
): Promise<void> {
  const { name, stage, stageBefore, expectedCloseAt, reason, openedAt, movedAt } = opportunity;
  const times = [expectedCloseAt, openedAt, movedAt].map(stampOrNull);
  await SAVE.rows(sql, episodeId, name, stage, stageBefore, times[0], reason, times[1], times[2]);
}

const DROP = statement('drop_opportunity', {}, 'delete from opportunity where episode_id = $1');

/** Forgets the opportunity of an episode. */
export async function dropOpportunityRow(sql: Sql, episodeId: string): Promise<void> {
  await DROP.rows(sql, episodeId);
}
