import { type RowOf, type Sql, stampOrNull, statement } from '../database.ts';

const OPPORTUNITY = {
  episode_id: 'uuid',
  name: 'text',
  stage: 'text',
  stage_before: 'text?',
  expected_close_at: 'timestamptz?',
  reason: 'text?',
  opportunity_at: 'timestamptz?',
  moved_at: 'timestamptz?',
} as const;

/** What is kept of an opportunity beside its episode. */
export type OpportunityRow = RowOf<typeof OPPORTUNITY>;

const LIST = statement(
  'list_opportunities',
  OPPORTUNITY,
  `select o.episode_id, o.name, o.stage, o.stage_before, o.expected_close_at, o.reason, e.opportunity_at, o.moved_at
   from opportunity o join episode e on e.id = o.episode_id where o.episode_id = any($1::uuid[]) order by o.episode_id`,
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
  `insert into opportunity (episode_id, name, stage, stage_before, expected_close_at, reason, moved_at)
   values ($1, $2, $3, $4, $5, $6, $7)
   on conflict (episode_id) do update set name = excluded.name, stage = excluded.stage, stage_before = excluded.stage_before,
     expected_close_at = excluded.expected_close_at, reason = excluded.reason, moved_at = excluded.moved_at`,
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
    readonly movedAt: number | null;
  },
): Promise<void> {
  const { name, stage, stageBefore, expectedCloseAt, reason, movedAt } = opportunity;
  const [closeAt, moved] = [expectedCloseAt, movedAt].map(stampOrNull);
  await SAVE.rows(sql, episodeId, name, stage, stageBefore, closeAt, reason, moved);
}

const DROP = statement('drop_opportunity', {}, 'delete from opportunity where episode_id = $1');

/** Forgets the opportunity of an episode. */
export async function dropOpportunityRow(sql: Sql, episodeId: string): Promise<void> {
  await DROP.rows(sql, episodeId);
}
