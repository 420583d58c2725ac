import { json, type RowOf, type Sql, stamp, statement } from '../database.ts';

/** One thing that routing did or that changed a team's turns. `at` in epoch ms; `because` is a sentence. */
export interface LedgerLine {
  readonly at: number;
  readonly kind: string;
  readonly team: string | null;
  readonly userId: string | null;
  readonly episodeId: string | null;
  readonly contactId: string | null;
  readonly agreementId: string | null;
  readonly entry: string | null;
  readonly because: string;
  readonly particulars: unknown;
  readonly actor: string;
}

const ADD = statement(
  'add_ledger',
  {},
  `insert into routing_ledger (at, kind, team, user_id, episode_id, contact_id, agreement_id, entry, because, particulars, actor)
   select at, kind, team, user_id, episode_id, contact_id, agreement_id, entry, because, particulars, actor
   from unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::text[],
     $9::text[], $10::jsonb[], $11::text[]) with ordinality
     as new(at, kind, team, user_id, episode_id, contact_id, agreement_id, entry, because, particulars, actor, place)
   order by place`,
);

/** Appends to the ledger of routing, in the order given. */
export async function addLedger(sql: Sql, lines: readonly LedgerLine[]): Promise<void> {
  if (lines.length > 0) await ADD.rows(sql, ...paramsOf(lines));
}

function paramsOf(lines: readonly LedgerLine[]): readonly unknown[] {
  return [
    lines.map(({ at }) => stamp(at)),
    lines.map(({ kind }) => kind),
    lines.map(({ team }) => team),
    lines.map(({ userId }) => userId),
    lines.map(({ episodeId }) => episodeId),
    lines.map(({ contactId }) => contactId),
    lines.map(({ agreementId }) => agreementId),
    lines.map(({ entry }) => entry),
    lines.map(({ because }) => because),
    lines.map(({ particulars }) => json(particulars)),
    lines.map(({ actor }) => actor),
  ];
}

/** Where a member of a team stands: their place in the rota, and what is left of their leads of a day. */
export interface PlaceRow {
  readonly team: string;
  readonly userId: string;
  readonly pass: number;
  readonly tokens: number | null;
  readonly tokensDay: number | null;
}

const SAVE_ROUND = statement(
  'save_round',
  {},
  `with turned as (
     update team set turn = new.turn from unnest($12::text[], $13::float8[]) as new(name, turn) where team.name = new.name
   ), placed as (
     update team_member set pass = new.pass, tokens = new.tokens, tokens_day = new.tokens_day
     from unnest($14::text[], $15::text[], $16::float8[], $17::float8[], $18::int[])
       as new(team, user_id, pass, tokens, tokens_day)
     where team_member.team = new.team and team_member.user_id = new.user_id
   )
   ${ADD.text}`,
);

/** Saves what giving out leads did, in one statement: turns of teams, places of members, and the lines of the ledger. */
export async function saveRound(
  sql: Sql,
  round: {
    readonly turns: readonly { readonly team: string; readonly turn: number }[];
    readonly places: readonly PlaceRow[];
    readonly lines: readonly LedgerLine[];
  },
): Promise<void> {
  const { turns, places, lines } = round;
  if (turns.length + lines.length === 0) return;
  await SAVE_ROUND.rows(
    sql,
    ...paramsOf(lines),
    turns.map(({ team }) => team),
    turns.map(({ turn }) => turn),
    places.map(({ team }) => team),
    places.map(({ userId }) => userId),
    places.map(({ pass }) => pass),
    places.map(({ tokens }) => tokens),
    places.map(({ tokensDay }) => tokensDay),
  );
}

const LINE = {
  id: 'int8',
  at: 'timestamptz',
  kind: 'text',
  team: 'text?',
  user_id: 'text?',
  user_name: 'text?',
  contact_id: 'uuid?',
  contact_name: 'text?',
  episode_id: 'uuid?',
  entry: 'text?',
  because: 'text',
  particulars: 'jsonb',
  actor: 'text',
} as const;

/** A line of the ledger with the names of those it speaks of, where they are still known. */
export type LedgerRow = RowOf<typeof LINE>;

const LIST_OF_TEAM = statement(
  'list_team_ledger',
  LINE,
  `select l.id, l.at, l.kind, l.team, l.user_id, u.name as user_name, l.contact_id, c.name as contact_name, l.episode_id,
     l.entry, l.because, l.particulars, l.actor
   from routing_ledger l left join app_user u on u.id = l.user_id left join contact c on c.id = l.contact_id
   where l.team = $1 and ($2::int8 is null or (l.at, l.id) < (select at, id from routing_ledger where id = $2))
   order by l.at desc, l.id desc limit $3`,
);

/** The ledger of a team, newest first, from before a line. */
export function listTeamLedger(
  sql: Sql,
  of: { readonly team: string; readonly before: number | null; readonly limit: number },
): Promise<readonly LedgerRow[]> {
  return LIST_OF_TEAM.rows(sql, of.team, of.before, of.limit);
}

const LIST_OF_EPISODE = statement(
  'list_episode_ledger',
  LINE,
  `select l.id, l.at, l.kind, l.team, l.user_id, u.name as user_name, l.contact_id, c.name as contact_name, l.episode_id,
     l.entry, l.because, l.particulars, l.actor
   from routing_ledger l left join app_user u on u.id = l.user_id left join contact c on c.id = l.contact_id
   where l.episode_id = $1 order by l.id`,
);

const LIST_LATEST = statement(
  'list_latest_routing',
  { episode_id: 'uuid', particulars: 'jsonb' },
  `select distinct on (episode_id) episode_id, particulars from routing_ledger
   where episode_id = any($1::uuid[]) order by episode_id, id desc`,
);

/** The latest line of the ledger of each of these episodes: what brought it where it is. */
export function listLatestRouting(sql: Sql, episodeIds: readonly string[]) {
  return LIST_LATEST.rows(sql, episodeIds);
}

/** How an episode came to its owner, oldest first. */
export function listEpisodeLedger(sql: Sql, episodeId: string): Promise<readonly LedgerRow[]> {
  return LIST_OF_EPISODE.rows(sql, episodeId);
}

const LIST_ASSIGNED = statement(
  'list_assigned',
  { at: 'timestamptz', team: 'text?', user_id: 'text', particulars: 'jsonb' },
  `select at, team, user_id, particulars from (
     select id, at, team, user_id, particulars from routing_ledger
     where kind = 'assigned' and user_id is not null order by at desc, id desc limit $1) latest
   order by at, id`,
);

/** The latest leads that were given out, the oldest of them first. */
export function listAssigned(sql: Sql, count: number) {
  return LIST_ASSIGNED.rows(sql, count);
}

const COUNT_GIVEN = statement(
  'count_given',
  { team: 'text', user_id: 'text', today: 'int8', month: 'int8' },
  `select team, user_id, count(*) filter (where at >= $2) as today, count(*) as month from routing_ledger
   where kind = 'assigned' and team is not null and user_id is not null and at >= $1 group by team, user_id`,
);

/** How many leads each member got of each team since two instants (epoch ms), the first being the earlier. */
export function countGiven(sql: Sql, since: { readonly month: number; readonly today: number }) {
  return COUNT_GIVEN.rows(sql, stamp(since.month), stamp(since.today));
}

const LIST_STEPS = statement(
  'list_rota_steps',
  { kind: 'text', user_id: 'text', particulars: 'jsonb' },
  `select kind, user_id, particulars from routing_ledger
   where team = $1 and kind in ('joined', 'left', 'weighed', 'assigned') and user_id is not null order by id`,
);

/** Everything that moved a team's rota on, the oldest first. */
export function listRotaSteps(sql: Sql, team: string) {
  return LIST_STEPS.rows(sql, team);
}
