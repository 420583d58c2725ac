import { type Sql, stamp, statement } from '../database.ts';

/** Why no letter goes to a contact or an address any more. Epoch ms. */
export interface NewStop {
  readonly id: string;
  readonly contactId: string;
  readonly address: string | null;
  readonly kind: 'opted_out' | 'bounced';
  readonly detail: string | null;
  readonly at: number;
  readonly by: string;
}

// One of a kind holds for a contact at one address: a second word of the same changes nothing.
const ADD = statement(
  'add_letter_stops',
  { id: 'uuid' },
  `insert into letter_stop (id, contact_id, address, kind, detail, at, by)
   select id, contact_id, address, kind, detail, at, by
   from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[])
     as new(id, contact_id, address, kind, detail, at, by)
   where not exists (
     select from letter_stop s where s.contact_id = new.contact_id and s.kind = new.kind and s.ended_at is null
       and s.address is not distinct from new.address)
   returning id`,
);

/** Notes why no letter goes to contacts any more; gives the ids of what is new. */
export async function addStops(sql: Sql, stops: readonly NewStop[]): Promise<ReadonlySet<string>> {
  if (stops.length === 0) return new Set();
  const rows = await ADD.rows(
    sql,
    stops.map(({ id }) => id),
    stops.map(({ contactId }) => contactId),
    stops.map(({ address }) => address),
    stops.map(({ kind }) => kind),
    stops.map(({ detail }) => detail),
    stops.map(({ at }) => stamp(at)),
    stops.map(({ by }) => by),
  );
  return new Set(rows.map(({ id }) => id));
}

const END = statement(
  'end_letter_stops',
  { id: 'uuid' },
  `update letter_stop set ended_at = $3, ended_by = $4
   where kind = $2 and ended_at is null
     and ((contact_id = $1 and kind = 'opted_out') or address in ($5, (select email from contact where id = $1)))
   returning id`,
);

/**
 * Takes back what keeps letters from a contact, of one kind: an opt-out for it and for its address, a bounce for the address
 * alone. Gives how many there were.
 */
export async function endStops(
  sql: Sql,
  of: {
    readonly contactId: string;
    /** An address beside the one by which the contact is known now. */
    readonly address?: string | null;
    readonly kind: 'opted_out' | 'bounced';
    readonly at: number;
    readonly by: string;
  },
): Promise<number> {
  const { contactId, address = null, kind, at, by } = of;
  return (await END.rows(sql, contactId, kind, stamp(at), by, address)).length;
}

const LIST = statement(
  'list_letter_stops',
  {
    id: 'uuid',
    kind: 'text',
    address: 'text?',
    detail: 'text?',
    at: 'timestamptz',
    by: 'text',
    ended_at: 'timestamptz?',
    ended_by: 'text?',
  },
  `select id, kind, address, detail, at, by, ended_at, ended_by from letter_stop
   where contact_id = $1 or (ended_at is null and address = (select email from contact where id = $1))
   order by at desc, id desc limit 50`,
);

/** Lists what keeps letters from a contact, or did, newest first. */
export function listStops(sql: Sql, contactId: string) {
  return LIST.rows(sql, contactId);
}

const ADD_NEWS = statement(
  'add_letter_news',
  {},
  `insert into letter_news (contact_id, letter_id, kind, because, at)
   select contact_id, letter_id, kind, because, at
   from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[]) as new(contact_id, letter_id, kind, because, at)`,
);

/** What a track hears of a letter, or of somebody it goes to. Epoch ms. */
export interface LetterNews {
  readonly contactId: string;
  readonly letterId: string | null;
  readonly kind: 'sent' | 'refused' | 'failed' | 'opted_out' | 'bounced' | 'replied';
  readonly because: string | null;
  readonly at: number;
}

/** Leaves news for tracks, in the caller's transaction. */
export async function addNews(sql: Sql, news: readonly LetterNews[]): Promise<void> {
  if (news.length === 0) return;
  await ADD_NEWS.rows(
    sql,
    news.map(({ contactId }) => contactId),
    news.map(({ letterId }) => letterId),
    news.map(({ kind }) => kind),
    news.map(({ because }) => because),
    news.map(({ at }) => stamp(at)),
  );
}

const TAKE_NEWS = statement(
  'take_letter_news',
  {
    contact_id: 'uuid',
    letter_id: 'uuid?',
    kind: 'text',
    because: 'text?',
    at: 'timestamptz',
  },
  `with taken as (
     delete from letter_news where id in (select id from letter_news order by id limit $1 for update skip locked)
     returning id, contact_id, letter_id, kind, because, at
   )
   select coalesce(c.merged_into, t.contact_id) as contact_id, t.letter_id, t.kind, t.because, t.at
   from taken t left join contact c on c.id = t.contact_id order by t.id`,
);

/** Takes the oldest news in the caller's transaction, up to a limit: each is taken once. Merged contacts go by who they are now. */
export function takeNews(sql: Sql, limit: number) {
  return TAKE_NEWS.rows(sql, limit);
}
