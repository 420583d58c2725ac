import { LEADING } from '../contact/contact.ts';
import { type RowOf, type Sql, stampOrNull, statement } from '../database.ts';

const LIKENESS = {
  id: 'uuid',
  a_id: 'uuid',
  b_id: 'uuid',
  score: 'float8',
  reasons: 'jsonb',
  state: 'text',
  found_at: 'timestamptz',
  decided_at: 'timestamptz?',
  decided_by: 'text?',
  note: 'text?',
  merge_id: 'uuid?',
  into_id: 'uuid?',
} as const;

/** Two contacts that may be one person, with the merge that joined them. */
export type DuplicateRow = RowOf<typeof LIKENESS>;

const SELECT = `select l.id, l.a_id, l.b_id, l.score, l.reasons, l.state, l.found_at, l.decided_at, l.decided_by, l.note,
     m.id as merge_id, m.into_id
   from likeness l left join contact_merge m on m.undone_at is null and l.state = 'merged'
     and m.from_id in (l.a_id, l.b_id) and m.into_id in (l.a_id, l.b_id)`;
const OF = '($1::uuid is null or l.a_id = $1 or l.b_id = $1)';
/** A pair of which one was joined to a third is no longer a question; it is one again when that is undone. */
const ASKED = `exists (select from contact c where c.id = l.a_id and c.merged_into is null)
     and exists (select from contact c where c.id = l.b_id and c.merged_into is null)`;

const LIST_OPEN = statement(
  'list_open_likenesses',
  LIKENESS,
  `${SELECT}
   where l.state = 'open' and ${OF} and ${ASKED}
     and ($2::float8 is null or l.score < $2 or (l.score = $2 and l.id > $3::uuid))
   order by l.score desc, l.id limit $4`,
);

const LIST_DECIDED = statement(
  'list_decided_likenesses',
  LIKENESS,
  `${SELECT}
   where l.state = $5 and ${OF} and ($2::timestamptz is null or (l.decided_at, l.id) < ($2, $3::uuid))
   order by l.decided_at desc, l.id desc limit $4`,
);

/** One page of pairs: of one contact or of all, at most `limit`. */
interface Page {
  readonly contactId: string | null;
  readonly limit: number;
}

/** Lists the pairs that wait for a decision, the surest first. */
export function listOpenDuplicates(
  sql: Sql,
  page: Page & { readonly after: { readonly score: number; readonly id: string } | null },
) {
  return LIST_OPEN.rows(sql, page.contactId, page.after?.score ?? null, page.after?.id ?? null, page.limit);
}

/** Lists the pairs that were merged or kept apart, the latest decision first. */
export function listDecidedDuplicates(
  sql: Sql,
  page: Page & {
    readonly state: 'merged' | 'apart';
    readonly after: { readonly at: number; readonly id: string } | null;
  },
) {
  const { contactId, after, limit, state } = page;
  return LIST_DECIDED.rows(sql, contactId, stampOrNull(after?.at ?? null), after?.id ?? null, limit, state);
}

const COUNT = statement(
  'count_likenesses',
  { state: 'text', n: 'int8' },
  `select l.state, count(*) as n from likeness l where ${OF} and (l.state <> 'open' or (${ASKED})) group by l.state`,
);

/** Counts pairs by what was decided on them. */
export function countDuplicates(sql: Sql, contactId: string | null) {
  return COUNT.rows(sql, contactId);
}

const DOUBLES = statement(
  'list_doubles',
  {
    id: 'uuid',
    name: 'text',
    title: 'text?',
    email: 'text?',
    company: 'text?',
    score: 'float8',
    reasons: 'jsonb',
  },
  `select c.id, c.name, c.title, c.email, c.company_name as company, l.score, l.reasons
   from likeness l join contact c on c.id = case when l.a_id = $1 then l.b_id else l.a_id end
   where (l.a_id = $1 or l.b_id = $1) and l.state = 'open' and ${ASKED}
   order by l.score desc, l.id limit $2`,
);

/** The contacts that may be the same person as one, the surest first. */
export function listDoubles(sql: Sql, contactId: string, limit: number) {
  return DOUBLES.rows(sql, contactId, limit);
}

const FIND_ONE = statement('find_likeness', LIKENESS, `${SELECT} where l.id = $1`);

/** Finds a pair; null when there is none of that id. */
export function findDuplicateRow(sql: Sql, id: string) {
  return FIND_ONE.first(sql, id);
}

const FIND_OF = statement('find_likeness_of', LIKENESS, `${SELECT} where l.a_id = $1 and l.b_id = $2`);

/** Finds the pair of two contacts, the lower id first; null when nobody took them for one person. */
export function findPairOf(sql: Sql, aId: string, bId: string) {
  return FIND_OF.first(sql, aId, bId);
}

const LOCK = statement('lock_likeness', {}, 'select from likeness where id = $1 for update');

/** Locks a pair, whose contacts are locked already. */
export async function lockDuplicate(sql: Sql, id: string): Promise<void> {
  await LOCK.rows(sql, id);
}

const DECIDE = statement(
  'decide_likeness',
  {},
  'update likeness set state = $2, decided_at = $3, decided_by = $4, note = $5 where id = $1',
);

/** Saves what was decided on a pair; `open` takes a decision back. */
export async function decideDuplicate(
  sql: Sql,
  decided: {
    readonly id: string;
    readonly state: 'open' | 'merged' | 'apart';
    readonly at: number | null;
    readonly by: string | null;
    readonly note: string | null;
  },
): Promise<void> {
  await DECIDE.rows(sql, decided.id, decided.state, stampOrNull(decided.at), decided.by, decided.note);
}

const SIDES = statement(
  'load_likeness_sides',
  {
    id: 'uuid',
    name: 'text',
    title: 'text?',
    email: 'text?',
    company: 'text?',
    phone: 'text?',
    created_at: 'timestamptz',
    last_seen_at: 'timestamptz?',
    merged_into: 'uuid?',
    stage: 'text',
    total: 'int4?',
    owner_id: 'text?',
    owner_name: 'text?',
    episode_id: 'uuid?',
    episode_state: 'text?',
    handed_off_at: 'timestamptz?',
    waiting_for: 'text?',
    episode_owner_id: 'text?',
    episode_owner_name: 'text?',
  },
  `select c.id, c.name, c.title, c.email, c.company_name as company,
     coalesce(c.contact ->> 'phone', c.contact ->> 'mobile', c.contact ->> 'mobilePhone') as phone,
     c.created_at, c.last_seen_at, c.merged_into, coalesce(s.stage, 'lead') as stage, s.total, s.owner_id, u.name as owner_name,
     e.id as episode_id, e.state as episode_state, e.handed_off_at, e.waiting_for, e.owner_id as episode_owner_id,
     eu.name as episode_owner_name
   from contact c left join standing s on s.contact_id = c.id and s.agreement_id = ${LEADING}
   left join app_user u on u.id = s.owner_id
   left join lateral (
     select id, state, handed_off_at, waiting_for, owner_id from episode where contact_id = c.id and ended_at is null
     order by array_position(array['opportunity', 'accepted', 'open'], state), handed_off_at, id limit 1) e on true
   left join app_user eu on eu.id = e.owner_id
   where c.id = any($1::uuid[])`,
);

/** Contacts as a reviewer compares them, each with its open handoff; those joined to others too. */
export type SideRow = RowOf<(typeof SIDES)['columns']>;

/** Loads what a reviewer compares of contacts. */
export function loadSides(sql: Sql, ids: readonly string[]): Promise<readonly SideRow[]> {
  return SIDES.rows(sql, ids);
}

const WAITING = statement(
  'list_waiting_episodes',
  { id: 'uuid' },
  `select id from episode where contact_id = any($1::uuid[]) and ended_at is null and owner_id is null order by id`,
);

/** The open episodes of contacts that nobody owns. */
export async function listWaitingEpisodes(
  sql: Sql,
  contactIds: readonly string[],
): Promise<readonly string[]> {
  if (contactIds.length === 0) return [];
  return (await WAITING.rows(sql, contactIds)).map(({ id }) => id);
}
