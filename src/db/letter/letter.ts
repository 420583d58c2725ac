import { type RowOf, type Sql, stamp, stampOrNull, statement } from '../database.ts';
import { MAY_OWN } from '../routing/owner.ts';

const ADDRESSEES = statement(
  'load_letter_addressees',
  {
    id: 'uuid',
    email: 'text?',
    contact: 'jsonb',
    is_opted_out: 'bool',
    is_bounced: 'bool',
    is_disqualified: 'bool',
  },
  `select c.id, c.email, c.contact,
     exists (select from letter_stop s where s.contact_id = c.id and s.ended_at is null and s.kind = 'opted_out')
       or exists (select from letter_stop s where s.address = c.email and s.ended_at is null and s.kind = 'opted_out')
       as is_opted_out,
     exists (select from letter_stop s where s.address = c.email and s.ended_at is null and s.kind = 'bounced') as is_bounced,
     exists (
       select from standing t where t.contact_id = c.id
         and (t.stage = 'disqualified' or (t.agreement_id = $2 and t.disqualified <> '{}'))) as is_disqualified
   from contact c where c.id = any($1::uuid[]) and c.merged_into is null`,
);

/** What says whether a letter may go to contacts, by the standing under an agreement and in all of them by their stage. */
export function loadLetterAddressees(sql: Sql, contactIds: readonly string[], agreementId: string) {
  return ADDRESSEES.rows(sql, contactIds, agreementId);
}

/** Who may get a letter. */
export type LetterAddressee = Awaited<ReturnType<typeof loadLetterAddressees>>[number];

/** A letter to keep, promised or refused. Times in epoch ms. */
export interface LetterRow {
  readonly id: string;
  readonly purpose: 'outreach' | 'nurture';
  readonly key: string;
  readonly contactId: string;
  readonly episodeId: string | null;
  readonly agreementId: string;
  readonly version: number;
  readonly entry: string;
  readonly template: string | null;
  readonly fromAddress: string | null;
  readonly ownerId: string | null;
  readonly state: 'waiting' | 'sent' | 'refused' | 'failed';
  readonly because: string | null;
  readonly createdAt: number;
  readonly notBefore: number;
  readonly address: string | null;
}

const ADD = statement(
  'add_letters',
  { id: 'uuid' },
  `insert into letter (id, purpose, key, contact_id, episode_id, agreement_id, version, entry, template, from_address, owner_id,
     state, because, created_at, not_before, address, ended_at)
   select id, purpose, key, contact_id, episode_id, agreement_id, version, entry, template, from_address, owner_id,
     state, because, created_at, not_before, address, case when state <> 'waiting' then created_at end
   from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::int[], $8::text[], $9::text[],
     $10::text[], $11::text[], $12::text[], $13::text[], $14::timestamptz[], $15::timestamptz[], $16::text[])
     as new(id, purpose, key, contact_id, episode_id, agreement_id, version, entry, template, from_address, owner_id,
       state, because, created_at, not_before, address)
   on conflict (coalesce(origin_id, contact_id), purpose, key) do nothing
   returning id`,
);

/** Keeps letters; gives the ids of those that are new. One of a purpose, a contact and a key that is known changes nothing. */
export async function addLetters(sql: Sql, rows: readonly LetterRow[]): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const added = await ADD.rows(
    sql,
    rows.map(({ id }) => id),
    rows.map(({ purpose }) => purpose),
    rows.map(({ key }) => key),
    rows.map(({ contactId }) => contactId),
    rows.map(({ episodeId }) => episodeId),
    rows.map(({ agreementId }) => agreementId),
    rows.map(({ version }) => version),
    rows.map(({ entry }) => entry),
    rows.map(({ template }) => template),
    rows.map(({ fromAddress }) => fromAddress),
    rows.map(({ ownerId }) => ownerId),
    rows.map(({ state }) => state),
    rows.map(({ because }) => because),
    rows.map(({ createdAt }) => stamp(createdAt)),
    rows.map(({ notBefore }) => stamp(notBefore)),
    rows.map(({ address }) => address),
  );
  return new Set(added.map(({ id }) => id));
}

const KNOWN = statement(
  'find_known_letters',
  {
    id: 'uuid',
    contact_id: 'uuid',
    purpose: 'text',
    key: 'text',
    state: 'text',
    because: 'text?',
  },
  `select l.id, asked.contact_id, l.purpose, l.key, l.state, l.because
   from unnest($1::uuid[], $2::text[], $3::text[]) as asked(contact_id, purpose, key)
   join letter l on coalesce(l.origin_id, l.contact_id) = asked.contact_id and l.purpose = asked.purpose and l.key = asked.key`,
);

/** Finds letters by the contact, purpose and key that they were promised for. */
export function findKnownLetters(
  sql: Sql,
  of: readonly { readonly contactId: string; readonly purpose: string; readonly key: string }[],
) {
  return KNOWN.rows(
    sql,
    of.map(({ contactId }) => contactId),
    of.map(({ purpose }) => purpose),
    of.map(({ key }) => key),
  );
}

const ENQUEUE = statement(
  'enqueue_letters',
  {},
  `insert into outbox (id, channel, recipient, subject, payload, state, created_at, next_attempt_at, queued_at, contact_id,
     episode_id)
   select id, 'email', recipient, subject, '{"kind": "letter"}', 'waiting', created_at, next_attempt_at, next_attempt_at,
     contact_id, episode_id
   from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::uuid[], $7::uuid[])
     as new(id, recipient, subject, created_at, next_attempt_at, contact_id, episode_id)
   on conflict (id) do nothing`,
);

/** A letter's message in the outbox. Times in epoch ms. */
export interface LetterMessage {
  readonly id: string;
  readonly recipient: string;
  readonly subject: string;
  readonly createdAt: number;
  readonly nextAttemptAt: number;
  readonly contactId: string;
  readonly episodeId: string | null;
}

/** Promises the messages of letters in the caller's transaction. */
export async function enqueueLetters(sql: Sql, messages: readonly LetterMessage[]): Promise<void> {
  if (messages.length === 0) return;
  await ENQUEUE.rows(
    sql,
    messages.map(({ id }) => id),
    messages.map(({ recipient }) => recipient),
    messages.map(({ subject }) => subject),
    messages.map(({ createdAt }) => stamp(createdAt)),
    messages.map(({ nextAttemptAt }) => stamp(nextAttemptAt)),
    messages.map(({ contactId }) => contactId),
    messages.map(({ episodeId }) => episodeId),
  );
}

const LETTER = {
  id: 'uuid',
  purpose: 'text',
  key: 'text',
  contact_id: 'uuid',
  episode_id: 'uuid?',
  agreement_id: 'text',
  version: 'int4',
  entry: 'text',
  template: 'text?',
  from_address: 'text?',
  owner_id: 'text?',
  state: 'text',
  because: 'text?',
} as const;

const CONTENT = {
  ...LETTER,
  email: 'text?',
  name: 'text',
  contact: 'jsonb',
  company_part: 'jsonb',
  company_name: 'text?',
  company_traits: 'jsonb?',
  owner_name: 'text?',
  owner_email: 'text?',
  owner_booking_url: 'text?',
  first_id: 'uuid?',
  last_id: 'uuid?',
} as const;

/** A letter about to be sent. */
export type LetterToSend = RowOf<typeof CONTENT>;

const TO_SEND = statement(
  'load_letter_to_send',
  CONTENT,
  `select l.id, l.purpose, l.key, l.contact_id, l.episode_id, l.agreement_id, l.version, l.entry, l.template, l.from_address,
     l.owner_id, l.state, l.because, c.email, c.name, c.contact, c.company_part, c.company_name, k.traits as company_traits,
     u.name as owner_name, u.email as owner_email, u.booking_url as owner_booking_url,
     (select s.id from letter s where s.contact_id = l.contact_id and s.state = 'sent' and s.subject is not null and s.id <> l.id
      order by s.created_at, s.id limit 1) as first_id,
     (select s.id from letter s where s.contact_id = l.contact_id and s.state = 'sent' and s.subject is not null and s.id <> l.id
      order by s.created_at desc, s.id desc limit 1) as last_id
   from letter l
   join contact c on c.id = l.contact_id
   left join company k on k.id = c.company_id
   left join app_user u on u.id = l.owner_id and ${MAY_OWN}
   where l.id = $1`,
);

/** Loads a letter with all that its template may name, and the letters that it follows; null when there is none. */
export function loadLetterToSend(sql: Sql, id: string) {
  return TO_SEND.first(sql, id);
}

const READER = statement(
  'find_letter_reader',
  { contact_id: 'uuid', address: 'text?', is_opted_out: 'bool' },
  `select l.contact_id, coalesce(l.address, c.email) as address,
     exists (
       select from letter_stop s where s.kind = 'opted_out' and s.ended_at is null
         and (s.contact_id = l.contact_id or s.address = coalesce(l.address, c.email))) as is_opted_out
   from letter l join contact c on c.id = l.contact_id where l.id = $1`,
);

/** Who a letter went to, and whether they want no more; null when there is no such letter. */
export function findLetterReader(sql: Sql, id: string) {
  return READER.first(sql, id);
}

const NOTE_CONTENT = statement(
  'note_letter_content',
  {},
  `with noted as (
     update letter set address = $2, sender = $3, subject = $4, body = $5 where id = $1 returning id
   )
   update outbox set recipient = $2, subject = $4 from noted where outbox.id = noted.id`,
);

/** Notes what a letter says, to what address and in whose name, before it is sent. */
export async function noteLetterContent(
  sql: Sql,
  of: {
    readonly id: string;
    readonly address: string;
    readonly sender: string;
    readonly subject: string;
    readonly body: string;
  },
): Promise<void> {
  await NOTE_CONTENT.rows(sql, of.id, of.address, of.sender, of.subject, of.body);
}

const END = statement(
  'end_letter',
  { id: 'uuid' },
  `update letter set state = $2, because = $3, detail = $4, ended_at = $5 where id = $1 and state in ('waiting', 'failed')
   returning id`,
);

/** Notes how a letter ended, at `at` (epoch ms); false for one that was sent or refused before. */
export async function endLetter(
  sql: Sql,
  of: {
    readonly id: string;
    readonly state: 'sent' | 'refused';
    readonly because: string | null;
    readonly detail: string | null;
    readonly at: number;
  },
): Promise<boolean> {
  return (await END.first(sql, of.id, of.state, of.because, of.detail, stamp(of.at))) !== null;
}

const TAKE_FAILED = statement(
  'take_failed_letters',
  {
    id: 'uuid',
    contact_id: 'uuid',
    episode_id: 'uuid?',
    agreement_id: 'text',
    version: 'int4',
    purpose: 'text',
    template: 'text?',
    error: 'text?',
  },
  `update letter set state = 'failed', because = 'gave_up', detail = o.last_error, ended_at = $1
   from outbox o
   where letter.state = 'waiting' and letter.id = any($2::uuid[]) and o.id = letter.id and o.state = 'failed'
   returning letter.id, letter.contact_id, letter.episode_id, letter.agreement_id, letter.version, letter.purpose,
     letter.template, o.last_error as error`,
);

/** Ends letters whose message was given up, at `now` (epoch ms), and gives them. */
export function takeFailedLetters(sql: Sql, ids: readonly string[], now: number) {
  return TAKE_FAILED.rows(sql, stamp(now), ids);
}

const FIND_FAILED = statement(
  'find_failed_letters',
  { id: 'uuid' },
  `select letter.id from letter join outbox o on o.id = letter.id and o.state = 'failed'
   where letter.state = 'waiting' and letter.id <> all($2::uuid[]) order by letter.id limit $1`,
);

/** Waiting letters whose message was given up, up to `limit` but for some. */
export async function findFailedLetters(
  sql: Sql,
  of: { readonly limit: number; readonly but: readonly string[] },
): Promise<readonly string[]> {
  return (await FIND_FAILED.rows(sql, of.limit, of.but)).map(({ id }) => id);
}

// One that was refused counts for a moment only: who has no address now may give one.
const LAST = statement(
  'load_last_outreach',
  { contact_id: 'uuid', entry: 'text', sent_at: 'timestamptz' },
  `select contact_id, entry, max(created_at) as sent_at from letter
   where contact_id = any($1::uuid[]) and purpose = 'outreach' and created_at >= $2
     and (state in ('waiting', 'sent') or created_at > $3)
   group by contact_id, entry`,
);

/** When entries of the outreach list last spoke to contacts since an instant, or could not since a later one; epoch ms. */
export function loadLastOutreach(
  sql: Sql,
  contactIds: readonly string[],
  of: { readonly since: number; readonly refusedSince: number },
) {
  return LAST.rows(sql, contactIds, stamp(of.since), stamp(of.refusedSince));
}

const BOOKINGS = statement(
  'load_bookings',
  { id: 'text', name: 'text', email: 'text', booking_url: 'text?' },
  'select id, name, email, booking_url from app_user where id = any($1::text[])',
);

/** People with where their calendars can be booked. */
export function loadBookings(sql: Sql, userIds: readonly string[]) {
  return BOOKINGS.rows(sql, userIds);
}

const LIST = statement(
  'list_contact_letters',
  {
    ...LETTER,
    detail: 'text?',
    created_at: 'timestamptz',
    not_before: 'timestamptz',
    ended_at: 'timestamptz?',
    address: 'text?',
    sender: 'text?',
    subject: 'text?',
    body: 'text?',
    owner_name: 'text?',
  },
  `select l.id, l.purpose, l.key, l.contact_id, l.episode_id, l.agreement_id, l.version, l.entry, l.template, l.from_address,
     l.owner_id, l.state, l.because, l.detail, l.created_at, l.not_before, l.ended_at, l.address, l.sender, l.subject, l.body,
     u.name as owner_name
   from letter l left join app_user u on u.id = l.owner_id
   where l.contact_id = $1 and ($2::timestamptz is null or (l.created_at, l.id) < ($2, $3::uuid))
   order by l.created_at desc, l.id desc limit $4`,
);

/** Lists the letters to a contact, newest first. */
export function listContactLetters(
  sql: Sql,
  of: {
    readonly contactId: string;
    readonly after: { readonly at: number; readonly id: string } | null;
    readonly limit: number;
  },
) {
  const { contactId, after, limit } = of;
  return LIST.rows(sql, contactId, stampOrNull(after?.at ?? null), after?.id ?? null, limit);
}

const BODY = statement('find_letter_body', { body: 'text?' }, 'select body from letter where id = $1');

/** The text of a letter as it was sent; null for none. */
export async function findLetterBody(sql: Sql, id: string): Promise<string | null> {
  return (await BODY.first(sql, id))?.body ?? null;
}
