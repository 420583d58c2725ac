import { json, type Sql, stamp, stampOrNull, statement } from '../database.ts';

const LOAD_CONTACTS = statement(
  'load_contacts',
  {
    id: 'uuid',
    created_at: 'timestamptz',
    last_seen_at: 'timestamptz?',
    contact: 'jsonb',
    company_part: 'jsonb',
    company_name: 'text?',
    company_id: 'uuid?',
    unverified: 'text[]',
    vouched: 'bool',
    profile_at: 'timestamptz?',
  },
  `select id, created_at, last_seen_at, contact, company_part, company_name, company_id, unverified, vouched,
     profile_at
   from contact where id = any($1::uuid[]) and merged_into is null order by id for no key update`,
);

/** Locks contacts and loads their profile as of now. Ascending ids, so that two nodes never deadlock. */
export function loadContacts(sql: Sql, ids: readonly string[]) {
  return LOAD_CONTACTS.rows(sql, ids);
}

const TOUCH_CONTACTS = statement(
  'touch_contacts',
  {},
  `with locked as (select id from contact where id = any($1::uuid[]) order by id for update)
   update contact set created_at = least(contact.created_at, new.created_at),
     last_seen_at = greatest(contact.last_seen_at, new.last_seen_at)
   from locked join unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) as new(id, created_at, last_seen_at)
     on new.id = locked.id
   where contact.id = locked.id`,
);

/** Moves the creation of contacts back and their last sight forward, where these say so. */
export async function touchContacts(
  sql: Sql,
  seen: readonly {
    readonly id: string;
    readonly createdAt: number | null;
    readonly lastSeenAt: number | null;
  }[],
): Promise<void> {
  await TOUCH_CONTACTS.rows(
    sql,
    seen.map(({ id }) => id),
    seen.map(({ createdAt }) => stampOrNull(createdAt)),
    seen.map(({ lastSeenAt }) => stampOrNull(lastSeenAt)),
  );
}

const LOCK_CONTACTS = statement(
  'lock_contacts',
  { merged_into: 'uuid?' },
  'select merged_into from contact where id = any($1::uuid[]) order by id for no key update',
);

/** Locks contacts, ascending like everybody who locks several; false when one was joined to another meanwhile. */
export async function lockContacts(sql: Sql, ids: readonly string[]): Promise<boolean> {
  const rows = await LOCK_CONTACTS.rows(sql, ids);
  return rows.every(row => row.merged_into === null);
}

/** A contact's row after its profile was folded. */
export interface ContactRow {
  readonly id: string;
  readonly createdAt: number;
  readonly lastSeenAt: number | null;
  readonly email: string | null;
  readonly name: string;
  readonly title: string | null;
  readonly companyName: string | null;
  readonly companyId: string | null;
  readonly contact: unknown;
  readonly companyPart: unknown;
  readonly unverified: readonly string[];
  readonly isVouched: boolean;
  readonly profileAt: number | null;
}

const SAVE_CONTACTS = statement(
  'save_contacts',
  {},
  `update contact set created_at = least(contact.created_at, new.created_at),
     last_seen_at = greatest(contact.last_seen_at, new.last_seen_at), email = new.email, name = new.name,
     title = new.title, company_name = new.company_name, company_id = new.company_id, contact = new.contact,
     company_part = new.company_part, profile_at = new.profile_at, vouched = new.vouched,
     unverified = (select coalesce(array_agg(value), '{}') from jsonb_array_elements_text(new.unverified) as value)
   from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[],
     $8::uuid[], $9::jsonb[], $10::jsonb[], $11::jsonb[], $12::timestamptz[], $13::bool[])
     as new(id, created_at, last_seen_at, email, name, title, company_name, company_id, contact, company_part, unverified, profile_at,
       vouched)
   where contact.id = new.id`,
);

/** Saves what is known of contacts now; creation only moves back, last sight only forward. */
export async function saveContacts(sql: Sql, rows: readonly ContactRow[]): Promise<void> {
  if (rows.length === 0) return;
  await SAVE_CONTACTS.rows(
    sql,
    rows.map(({ id }) => id),
    rows.map(({ createdAt }) => stamp(createdAt)),
    rows.map(({ lastSeenAt }) => stampOrNull(lastSeenAt)),
    rows.map(({ email }) => email),
    rows.map(({ name }) => name),
    rows.map(({ title }) => title),
    rows.map(({ companyName }) => companyName),
    rows.map(({ companyId }) => companyId),
    rows.map(({ contact }) => json(contact)),
    rows.map(({ companyPart }) => json(companyPart)),
    rows.map(({ unverified }) => json(unverified)),
    rows.map(({ profileAt }) => stampOrNull(profileAt)),
    rows.map(({ isVouched }) => isVouched),
  );
}
