import { json, type Sql, stamp, stampOrNull, statement } from '../database.ts';

/** An episode to open. */
export interface NewEpisode {
  readonly id: string;
  readonly contactId: string;
  readonly agreementId: string;
  readonly version: number;
  readonly path: string;
  readonly pathLabel: string;
  readonly total: number;
  readonly grade: string | null;
  readonly sentence: string;
  /** What the sentence rests on. */
  readonly grounds: unknown;
  readonly breakdown: unknown;
  readonly qualifiedAt: number;
  readonly handedOffAt: number;
  readonly ownerId: string | null;
  readonly team: string | null;
  readonly waitingFor: string | null;
  readonly routedBecause: string;
  readonly source: string | null;
  readonly segment: string | null;
  readonly campaign: string | null;
  readonly content: string | null;
  /** The rules with a line in the breakdown, and those that were decisive. */
  readonly fired: readonly string[];
  readonly decisive: readonly string[];
  readonly firstTouchDueAt: number | null;
  readonly decisionDueAt: number | null;
  readonly state: 'open' | 'disqualified';
  readonly endedAt: number | null;
  /** What sends the lead to a team of its own, or closes it. */
  readonly disqualifier: { readonly id: string; readonly label: string } | null;
}

const ADD_EPISODES = statement(
  'add_episodes',
  { id: 'uuid' },
  `insert into episode (id, contact_id, agreement_id, version, state, path, path_label, total, grade, sentence, breakdown,
     qualified_at, handed_off_at, owner_id, team, waiting_for, routed_because, source, first_touch_due_at, decision_due_at,
     ended_at, disqualifier, disqualifier_label, segment, campaign, content, grounds, fired, decisive)
   select id, contact_id, agreement_id, version, state, path, path_label, total, grade, sentence, breakdown,
     qualified_at, handed_off_at, owner_id, team, waiting_for, routed_because, source, first_touch_due_at, decision_due_at,
     ended_at, disqualifier, disqualifier_label, segment, campaign, content, grounds,
     array(select json_array_elements_text(fired)), array(select json_array_elements_text(decisive))
   from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::text[], $7::int[], $8::text[], $9::text[],
     $10::jsonb[], $11::timestamptz[], $12::timestamptz[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[],
     $18::timestamptz[], $19::timestamptz[], $20::text[], $21::timestamptz[], $22::text[], $23::text[], $24::text[], $25::text[],
     $26::text[], $27::json[], $28::json[], $29::json[])
     as new(id, contact_id, agreement_id, version, path, path_label, total, grade, sentence, breakdown, qualified_at,
       handed_off_at, owner_id, team, waiting_for, routed_because, source, first_touch_due_at, decision_due_at, state, ended_at,
       disqualifier, disqualifier_label, segment, campaign, content, grounds, fired, decisive)
   on conflict (contact_id, agreement_id) where ended_at is null do nothing returning id`,
);

/** Opens episodes; returns the ids of those that were opened: a contact with an open one already gets none. */
export async function addEpisodes(sql: Sql, episodes: readonly NewEpisode[]): Promise<ReadonlySet<string>> {
  if (episodes.length === 0) return new Set();
  const rows = await ADD_EPISODES.rows(
    sql,
    episodes.map(({ id }) => id),
    episodes.map(({ contactId }) => contactId),
    episodes.map(({ agreementId }) => agreementId),
    episodes.map(({ version }) => version),
    episodes.map(({ path }) => path),
    episodes.map(({ pathLabel }) => pathLabel),
    episodes.map(({ total }) => total),
    episodes.map(({ grade }) => grade),
    episodes.map(({ sentence }) => sentence),
    episodes.map(({ breakdown }) => json(breakdown)),
    episodes.map(({ qualifiedAt }) => stamp(qualifiedAt)),
    episodes.map(({ handedOffAt }) => stamp(handedOffAt)),
    episodes.map(({ ownerId }) => ownerId),
    episodes.map(({ team }) => team),
    episodes.map(({ waitingFor }) => waitingFor),
    episodes.map(({ routedBecause }) => routedBecause),
    episodes.map(({ source }) => source),
    episodes.map(({ firstTouchDueAt }) => stampOrNull(firstTouchDueAt)),
    episodes.map(({ decisionDueAt }) => stampOrNull(decisionDueAt)),
    episodes.map(({ state }) => state),
    episodes.map(({ endedAt }) => stampOrNull(endedAt)),
    episodes.map(({ disqualifier }) => disqualifier?.id ?? null),
    episodes.map(({ disqualifier }) => disqualifier?.label ?? null),
    episodes.map(({ segment }) => segment),
    episodes.map(({ campaign }) => campaign),
    episodes.map(({ content }) => content),
    episodes.map(({ grounds }) => json(grounds)),
    episodes.map(({ fired }) => json(fired)),
    episodes.map(({ decisive }) => json(decisive)),
  );
  return new Set(rows.map(({ id }) => id));
}

/** Something for the owner of an episode to do by a time. */
export interface NewTask {
  readonly id: string;
  readonly episodeId: string;
  readonly ownerId: string | null;
  readonly title: string;
  readonly dueAt: number | null;
}

const ADD_TASKS = statement(
  'add_tasks',
  {},
  `insert into task (id, episode_id, owner_id, title, due_at)
   select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[])`,
);

/** Gives owners of episodes something to do. */
export async function addTasks(sql: Sql, tasks: readonly NewTask[]): Promise<void> {
  if (tasks.length === 0) return;
  await ADD_TASKS.rows(
    sql,
    tasks.map(({ id }) => id),
    tasks.map(({ episodeId }) => episodeId),
    tasks.map(({ ownerId }) => ownerId),
    tasks.map(({ title }) => title),
    tasks.map(({ dueAt }) => stampOrNull(dueAt)),
  );
}

const KNOWN = statement(
  'load_known_contacts',
  { contact_id: 'uuid' },
  `select distinct contact_id from contact_identity where contact_id = any($1::uuid[]) and kind in ('user', 'email')`,
);

/** Of these contacts, those known by an address or a user id. */
export async function loadKnown(sql: Sql, ids: readonly string[]): Promise<ReadonlySet<string>> {
  return new Set((await KNOWN.rows(sql, ids)).map(row => row.contact_id));
}
