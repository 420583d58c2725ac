import { json, type Sql, stamp, stampOrNull, statement } from '../database.ts';

const LOAD = statement(
  'load_told_episodes',
  {
    id: 'uuid',
    contact_id: 'uuid',
    state: 'text',
    handed_off_at: 'timestamptz',
    first_touch_at: 'timestamptz?',
    decision: 'text?',
    decided_at: 'timestamptz?',
    decided_by: 'text?',
    reason: 'text?',
    reason_label: 'text?',
    note: 'text?',
    requalify_at: 'timestamptz?',
    opportunity_at: 'timestamptz?',
    amount: 'float8?',
    currency: 'text?',
    source: 'text?',
    campaign: 'text?',
    content: 'text?',
    ended_at: 'timestamptz?',
  },
  `select id, contact_id, state, handed_off_at, first_touch_at, decision, decided_at, decided_by, reason, reason_label, note,
     requalify_at, opportunity_at, amount, currency, source, campaign, content, ended_at
   from episode where contact_id = any($1::uuid[]) and agreement_id = $2 order by handed_off_at, id for update`,
);

/** Locks and loads the episodes of contacts under an agreement, the earliest first. */
export function loadToldEpisodes(sql: Sql, contactIds: readonly string[], agreementId: string) {
  return LOAD.rows(sql, contactIds, agreementId);
}

/** What history says of an episode; times in epoch ms. An `ownerId` of null leaves the owner as it is. */
export interface EpisodeHistory {
  readonly id: string;
  readonly state: string;
  readonly decision: string | null;
  readonly decidedAt: number | null;
  readonly decidedBy: string | null;
  readonly firstTouchAt: number | null;
  readonly endedAt: number | null;
  readonly reason: string | null;
  readonly reasonLabel: string | null;
  readonly note: string | null;
  readonly requalifyAt: number | null;
  readonly opportunityAt: number | null;
  readonly amount: number | null;
  readonly currency: string | null;
  readonly source: string | null;
  readonly campaign: string | null;
  readonly content: string | null;
  readonly ownerId: string | null;
  readonly ownerName: string | null;
  readonly waitingFor: string | null;
}

/** An episode that history opened, with the score as it was then. */
export interface PastEpisode extends EpisodeHistory {
  readonly contactId: string;
  readonly path: string;
  readonly pathLabel: string;
  readonly total: number;
  readonly grade: string | null;
  readonly sentence: string;
  /** What the sentence rests on; null where there was no score. */
  readonly grounds: unknown;
  readonly breakdown: unknown;
  /** The rules with a line in the breakdown, and those that were decisive. */
  readonly fired: readonly string[];
  readonly decisive: readonly string[];
  readonly qualifiedAt: number;
  readonly handedOffAt: number;
}

const HISTORY = `state text, decision text, decided_at timestamptz, decided_by text, first_touch_at timestamptz,
     ended_at timestamptz, reason text, reason_label text, note text, requalify_at timestamptz, opportunity_at timestamptz, amount float8, currency text,
     source text, campaign text, content text, owner_id text, owner_name text, waiting_for text`;

const ADD = statement(
  'add_past_episodes',
  {},
  `insert into episode (id, contact_id, agreement_id, version, batch_id, imported, state, path, path_label, total, grade,
     sentence, grounds, breakdown, qualified_at, handed_off_at, owner_id, owner_name, waiting_for, routed_because, source, campaign,
     content, first_touch_at, decision, decided_at, decided_by, reason, reason_label, note, requalify_at, opportunity_at, amount, currency, ended_at,
     fired, decisive)
   select id, contact_id, $2, $3, $4, true, state, path, path_label, total, grade, sentence, grounds, breakdown, qualified_at,
     handed_off_at, owner_id, owner_name, waiting_for, 'imported', source, campaign, content, first_touch_at, decision, decided_at,
     decided_by, reason, reason_label, note, requalify_at, opportunity_at, amount, currency, ended_at, fired, decisive
   from json_to_recordset($1::json) as new(id uuid, contact_id uuid, path text, path_label text, total int, grade text,
     sentence text, grounds json, breakdown json, qualified_at timestamptz, handed_off_at timestamptz, fired text[],
     decisive text[], ${HISTORY})`,
);

/** Opens episodes as of past times, as part of an import; nobody is told. */
export async function addPastEpisodes(
  sql: Sql,
  episodes: readonly PastEpisode[],
  under: { readonly agreementId: string; readonly version: number; readonly batchId: string },
): Promise<void> {
  if (episodes.length === 0) return;
  const rows = episodes.map(episode => ({
    ...columnsOf(episode),
    contact_id: episode.contactId,
    path: episode.path,
    path_label: episode.pathLabel,
    total: episode.total,
    grade: episode.grade,
    sentence: episode.sentence,
    grounds: episode.grounds,
    breakdown: episode.breakdown,
    fired: episode.fired,
    decisive: episode.decisive,
    qualified_at: stamp(episode.qualifiedAt),
    handed_off_at: stamp(episode.handedOffAt),
  }));
  await ADD.rows(sql, json(rows), under.agreementId, under.version, under.batchId);
}

function columnsOf(episode: EpisodeHistory) {
  return {
    id: episode.id,
    state: episode.state,
    decision: episode.decision,
    decided_at: stampOrNull(episode.decidedAt),
    decided_by: episode.decidedBy,
    first_touch_at: stampOrNull(episode.firstTouchAt),
    ended_at: stampOrNull(episode.endedAt),
    reason: episode.reason,
    reason_label: episode.reasonLabel,
    note: episode.note,
    requalify_at: stampOrNull(episode.requalifyAt),
    opportunity_at: stampOrNull(episode.opportunityAt),
    amount: episode.amount,
    currency: episode.currency,
    source: episode.source,
    campaign: episode.campaign,
    content: episode.content,
    owner_id: episode.ownerId,
    owner_name: episode.ownerName,
    waiting_for: episode.waitingFor,
  };
}

const KEEP_BEFORE = statement(
  'keep_episodes_before',
  {},
  `insert into import_change (batch_id, episode_id, before)
   select $1, e.id, to_jsonb(e) from episode e where e.id = any($2::uuid[]) and e.batch_id is distinct from $1
   on conflict (batch_id, episode_id) do nothing`,
);

const CHANGE = statement(
  'change_told_episodes',
  {},
  `update episode set state = new.state, decision = new.decision, decided_at = new.decided_at, decided_by = new.decided_by,
     first_touch_at = new.first_touch_at, ended_at = new.ended_at, reason = new.reason, reason_label = new.reason_label,
     note = new.note, requalify_at = new.requalify_at, opportunity_at = new.opportunity_at, amount = new.amount, currency = new.currency, source = new.source,
     campaign = new.campaign, content = new.content, owner_id = coalesce(new.owner_id, episode.owner_id),
     owner_name = case when new.owner_id is null then coalesce(new.owner_name, episode.owner_name) end,
     waiting_for = case when new.owner_id is null and new.owner_name is null then episode.waiting_for end
   from jsonb_to_recordset($1::jsonb) as new(id uuid, ${HISTORY})
   where episode.id = new.id`,
);

const KEEP_AFTER = statement(
  'keep_episodes_after',
  {},
  `update import_change set after = to_jsonb(e) from episode e
   where e.id = import_change.episode_id and import_change.batch_id = $1 and e.id = any($2::uuid[])`,
);

/** Changes episodes that were there before the import, keeping what they were, so that it can be taken back. */
export async function changeToldEpisodes(
  sql: Sql,
  episodes: readonly EpisodeHistory[],
  batchId: string,
): Promise<void> {
  if (episodes.length === 0) return;
  const ids = episodes.map(({ id }) => id);
  await KEEP_BEFORE.rows(sql, batchId, ids);
  await CHANGE.rows(sql, json(episodes.map(columnsOf)));
  await KEEP_AFTER.rows(sql, batchId, ids);
}

const ADD_TOUCHES = statement(
  'add_past_touches',
  {},
  `insert into activity (id, episode_id, contact_id, kind, at, actor, note, batch_id)
   select id, episode_id, contact_id, 'touch', at, actor, note, $7
   from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::text[], $6::text[])
     as new(id, episode_id, contact_id, at, actor, note)`,
);

/** Logs touches of another system, which does not say of what kind they were. */
export async function addPastTouches(
  sql: Sql,
  touches: readonly {
    readonly id: string;
    readonly episodeId: string;
    readonly contactId: string;
    readonly at: number;
    readonly actor: string;
    readonly note: string | null;
  }[],
  batchId: string,
): Promise<void> {
  if (touches.length === 0) return;
  await ADD_TOUCHES.rows(
    sql,
    touches.map(({ id }) => id),
    touches.map(({ episodeId }) => episodeId),
    touches.map(({ contactId }) => contactId),
    touches.map(({ at }) => stamp(at)),
    touches.map(({ actor }) => actor),
    touches.map(({ note }) => note),
    batchId,
  );
}
