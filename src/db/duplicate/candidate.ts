import { isObject } from '../../core/condition/reading.ts';
import { keysOf, type Likeness, likeableOf } from '../../core/duplicate/likeness.ts';
import type { ContactRow } from '../contact/profile.ts';
import { json, type RowOf, type Sql, stamp, statement } from '../database.ts';

/** The hash of a key as it is stored: the same on every server and for ever. */
const HASH = (key: string) => `('x' || left(md5(${key}), 16))::bit(64)::bigint`;

const ADD_KEYS = statement(
  'add_contact_keys',
  {},
  `with added as (
     insert into contact_key (contact_id, key)
     select contact_id, ${HASH('text')} from unnest($1::uuid[], $2::text[]) as new(contact_id, text)
     on conflict do nothing returning contact_id
   )
   insert into likeness_queue (contact_id) select distinct contact_id from added where $3 on conflict do nothing`,
);

const DROP_KEYS = statement(
  'drop_contact_keys',
  {},
  `delete from contact_key k using unnest($1::uuid[], $2::text[]) as gone(contact_id, text)
   where k.contact_id = gone.contact_id and k.key = ${HASH('gone.text')}`,
);

/** A contact after a change, and what it was before; null where its keys were never saved. */
export interface Rekeyed {
  readonly row: Likely;
  readonly before: Likely | null;
  /** Whether all of its keys are saved again, changed or not. */
  readonly mustSave: boolean;
}

/**
 * Saves under which keys contacts are found, as far as these changed; contacts with new ones are looked up in the
 * background if `isQueued`. One statement, and another one where keys are gone; none where nothing changed.
 */
export async function saveKeys(sql: Sql, changed: readonly Rekeyed[], isQueued: boolean): Promise<void> {
  const added: FoundBy[] = [];
  const gone: FoundBy[] = [];
  for (const { row, before, mustSave } of changed) {
    const [known, next] = [before === null ? [] : keysOfRow(before), keysOfRow(row)];
    const isIn = (keys: readonly FoundBy[], { text }: FoundBy) => keys.some(key => key.text === text);
    added.push(...next.filter(key => mustSave || !isIn(known, key)));
    gone.push(...known.filter(key => !isIn(next, key)));
  }
  if (gone.length > 0) await DROP_KEYS.rows(sql, ...columnsOf(gone));
  if (added.length > 0) await ADD_KEYS.rows(sql, ...columnsOf(added), isQueued);
}

interface FoundBy {
  readonly id: string;
  readonly text: string;
}

function columnsOf(keys: readonly FoundBy[]): readonly [readonly string[], readonly string[]] {
  return [keys.map(({ id }) => id), keys.map(({ text }) => text)];
}

/** As much of a contact's row as tells whether it is the same person as another. */
export type Likely = Pick<ContactRow, 'id' | 'contact' | 'companyPart' | 'companyName' | 'companyId'>;

/** What of a contact's row tells whether it is the same person as another. */
export function likeableOfRow({ contact, companyPart, companyName, companyId }: Omit<Likely, 'id'>) {
  return likeableOf({
    contact: isObject(contact) ? contact : {},
    companyPart: isObject(companyPart) ? companyPart : {},
    companyName,
    companyId,
  });
}

function keysOfRow(row: Likely): readonly FoundBy[] {
  return keysOf(likeableOfRow(row)).map(({ kind, key }) => ({ id: row.id, text: `${kind} ${key}` }));
}

/** A key that more contacts hold than this tells nobody apart: a switchboard, the mailbox name of every Smith. */
const MAX_HOLDERS = 50;

const FIND = statement(
  'find_alike_contacts',
  {
    contact_id: 'uuid',
    other_id: 'uuid',
    name: 'text',
    contact: 'jsonb',
    company_part: 'jsonb',
    company_name: 'text?',
    company_id: 'uuid?',
    owner_id: 'text?',
    has_open: 'bool',
    likeness_id: 'uuid?',
    state: 'text?',
    score: 'float8?',
    reasons: 'jsonb?',
  },
  `with pair as (
     select distinct asked.contact_id, near.contact_id as other_id
     from unnest($1::uuid[], $2::text[]) as asked(contact_id, text)
     cross join lateral (
       select contact_id, count(*) over () as holders from (
         select contact_id from contact_key where key = ${HASH('asked.text')} limit $3::int + 1) held
     ) near
     where near.holders <= $3 and near.contact_id <> asked.contact_id
   )
   select pair.contact_id, pair.other_id, c.name, c.contact,
     coalesce(k.traits, '{}') || c.company_part as company_part, c.company_name, c.company_id,
     coalesce(e.owner_id, s.owner_id) as owner_id, e.id is not null as has_open, l.id as likeness_id, l.state, l.score, l.reasons
   from pair join contact c on c.id = pair.other_id and c.merged_into is null
   left join company k on k.id = c.company_id
   left join likeness l on l.a_id = least(pair.contact_id, pair.other_id) and l.b_id = greatest(pair.contact_id, pair.other_id)
   left join lateral (
     select id, owner_id from episode where contact_id = pair.other_id and ended_at is null
     order by owner_id is null, handed_off_at, id limit 1) e on true
   left join lateral (
     select owner_id from standing where contact_id = pair.other_id and owner_id is not null
     order by stage_since desc limit 1) s on true
   order by pair.contact_id, pair.other_id`,
);

/** A contact that shares a key with one asked for. */
export type AlikeRow = RowOf<(typeof FIND)['columns']>;

/**
 * Contacts that share a key with the given ones, each with its owner and what was found or decided before; a key that
 * more than 50 contacts hold finds nobody.
 */
export async function findAlike(sql: Sql, rows: readonly Likely[]): Promise<readonly AlikeRow[]> {
  const keys = rows.flatMap(keysOfRow);
  if (keys.length === 0) return [];
  return FIND.rows(sql, ...columnsOf(keys), MAX_HOLDERS);
}

/** Two contacts that may be one person; `aId` is the lower id. */
export interface NewDuplicate extends Likeness {
  readonly id: string;
  readonly aId: string;
  readonly bId: string;
}

// Who was kept apart stays so when one of them has been joined with a third since.
const SAVE = statement(
  'save_likenesses',
  { id: 'uuid', a_id: 'uuid', b_id: 'uuid' },
  `insert into likeness (id, a_id, b_id, score, reasons, state, found_at)
   select id, a_id, b_id, score, reasons, 'open', $6
   from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::float8[], $5::jsonb[]) as new(id, a_id, b_id, score, reasons)
   where not exists (
     select from (select new.a_id as id union all select id from contact where merged_into = new.a_id) a
     cross join (select new.b_id as id union all select id from contact where merged_into = new.b_id) b
     join likeness l on l.a_id = least(a.id, b.id) and l.b_id = greatest(a.id, b.id) where l.state = 'apart')
   order by a_id, b_id
   on conflict (a_id, b_id) do update set score = excluded.score, reasons = excluded.reasons
     where likeness.state = 'open'
   returning id, a_id, b_id`,
);

/** Saves pairs as open, or what is known of those that are; returns them without those that people have kept apart. */
export async function saveDuplicates(sql: Sql, found: readonly NewDuplicate[], now: number) {
  if (found.length === 0) return [];
  return SAVE.rows(
    sql,
    found.map(({ id }) => id),
    found.map(({ aId }) => aId),
    found.map(({ bId }) => bId),
    found.map(({ score }) => score),
    found.map(({ reasons }) => json(reasons)),
    stamp(now),
  );
}

// A contact that an intake or a decision holds is left for the next round: its very keys may be changing.
const FIND_QUEUED = statement(
  'find_likeness_queue',
  { contact_id: 'uuid' },
  `select contact_id from likeness_queue where contact_id <> all($2::uuid[]) order by contact_id limit $1
   for update skip locked`,
);

/** Contacts whose keys changed, up to `limit` but for some; those that another node has at hand are passed over. */
export async function findQueued(
  sql: Sql,
  { limit, but }: { readonly limit: number; readonly but: readonly string[] },
): Promise<readonly string[]> {
  return (await FIND_QUEUED.rows(sql, limit, but)).map(row => row.contact_id);
}

const TAKE_QUEUED = statement(
  'take_likeness_queue',
  { contact_id: 'uuid' },
  `with queued as materialized (
     select contact_id from likeness_queue where contact_id = any($1::uuid[]) order by contact_id for update skip locked
   ), taken as materialized (
     select id from contact where id = any(array(select contact_id from queued)) for no key update skip locked
   )
   delete from likeness_queue where contact_id = any(array(select id from taken)) returning contact_id`,
);

/** Takes those of these contacts whose keys changed out of the queue, and locks them. */
export async function takeQueued(sql: Sql, contactIds: readonly string[]): Promise<readonly string[]> {
  return (await TAKE_QUEUED.rows(sql, contactIds)).map(row => row.contact_id);
}

const LOAD_LIKEABLE = statement(
  'load_likeable_contacts',
  { id: 'uuid', contact: 'jsonb', company_part: 'jsonb', company_name: 'text?', company_id: 'uuid?' },
  `select c.id, c.contact, coalesce(k.traits, '{}') || c.company_part as company_part, c.company_name, c.company_id
   from contact c left join company k on k.id = c.company_id
   where c.id = any($1::uuid[]) and c.merged_into is null order by c.id`,
);

/** What of contacts tells whether they are the same person as others; those joined to others are left out. */
export async function loadLikeable(sql: Sql, ids: readonly string[]): Promise<readonly Likely[]> {
  const rows = await LOAD_LIKEABLE.rows(sql, ids);
  return rows.map(row => ({
    id: row.id,
    contact: row.contact,
    companyPart: row.company_part,
    companyName: row.company_name,
    companyId: row.company_id,
  }));
}

const DROP_UNLIKE = statement(
  'drop_unlike',
  { a_id: 'uuid', b_id: 'uuid' },
  `delete from likeness using contact a, contact b
   where likeness.state = 'open' and not likeness.reasons @> '[{"kind": "said"}]' and (likeness.a_id = any($1::uuid[]) or likeness.b_id = any($1::uuid[]))
     and not likeness.id = any($2::uuid[])
     and a.id = likeness.a_id and a.merged_into is null and b.id = likeness.b_id and b.merged_into is null
   returning likeness.a_id, likeness.b_id`,
);

/** Forgets the open pairs of contacts that are alike no more: all but `kept` and those that people put up. Returns the contacts of those pairs. */
export async function dropUnlike(
  sql: Sql,
  contactIds: readonly string[],
  kept: readonly string[],
): Promise<readonly string[]> {
  const rows = await DROP_UNLIKE.rows(sql, contactIds, kept);
  return rows.flatMap(row => [row.a_id, row.b_id]);
}
