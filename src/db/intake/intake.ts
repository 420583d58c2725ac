import { json, type Sql, stamp, stampOrNull, statement } from '../database.ts';

/** The first key of the advisory locks that keep two nodes from placing the same person at once. */
const LOCK_SPACE = 4801;

const LOCK = statement(
  'lock_identities',
  { n: 'int8' },
  'select count(pg_advisory_xact_lock($1, bucket)) as n from unnest($2::int[]) as bucket',
);

/** Locks buckets of identities until the transaction ends; the buckets must be ascending, so that nobody deadlocks. */
export async function lockIdentities(sql: Sql, buckets: readonly number[]): Promise<void> {
  await LOCK.rows(sql, LOCK_SPACE, buckets);
}

const ADD_MESSAGES = statement(
  'add_messages',
  { id: 'text' },
  `insert into message (id, recorded_at, batch_id) select id, $2, $3 from unnest($1::text[]) as id
   on conflict (id) do nothing returning id`,
);

/** Records message ids, as part of an import or not; returns those that were not known yet. */
export async function addMessages(
  sql: Sql,
  ids: readonly string[],
  by: { readonly now: number; readonly batchId: string | null },
): Promise<ReadonlySet<string>> {
  const rows = await ADD_MESSAGES.rows(sql, ids, stamp(by.now), by.batchId);
  return new Set(rows.map(({ id }) => id));
}

/** An identity that is asked for; of a browser also over which time, so that those who were there are found. Epoch ms. */
export interface AskedIdentity {
  readonly kind: string;
  readonly value: string;
  readonly since?: number;
  readonly until?: number;
}

// The holders of the identities, and who was on the browsers asked for: the last before, all during, and the first after.
const HELD = `
  select i.kind, i.value, i.contact_id, i.claimed, null::timestamptz as seen_at, null::int8 as seen_id
  from unnest($1::text[], $2::text[]) as asked(kind, value)
  join contact_identity i on i.kind = asked.kind and i.value = asked.value
  union all
  select 'sighting', asked.browser, i.contact_id, i.claimed, s.at, s.id
  from unnest($2::text[], $3::timestamptz[], $4::timestamptz[]) as asked(browser, since, until) cross join lateral (
    (select at, id, kind, value from sighting
     where browser = asked.browser and at <= asked.since order by at desc, id desc limit 1)
    union all
    (select at, id, kind, value from sighting
     where browser = asked.browser and at > asked.since and at <= asked.until)
    union all
    (select at, id, kind, value from sighting where browser = asked.browser and at > asked.until order by at, id limit 1)) s
  join contact_identity i on i.kind = s.kind and i.value = s.value
  where asked.since is not null`;

const heldParams = (asked: readonly AskedIdentity[]) => [
  asked.map(({ kind }) => kind),
  asked.map(({ value }) => value),
  asked.map(({ since }) => stampOrNull(since ?? null)),
  asked.map(({ until }) => stampOrNull(until ?? null)),
];

const LOCK_HOLDERS = statement(
  'lock_holders',
  { id: 'uuid' },
  `select id from contact where id = any(array(select contact_id from (${HELD}) held))
   order by id for no key update`,
);

/**
 * Locks the contacts that hold these identities or were on these browsers, ascending like everybody who locks several;
 * returns those it locked.
 */
export async function lockHolders(sql: Sql, asked: readonly AskedIdentity[]): Promise<ReadonlySet<string>> {
  return new Set((await LOCK_HOLDERS.rows(sql, ...heldParams(asked))).map(({ id }) => id));
}

const LOAD_IDENTITIES = statement(
  'load_identities',
  {
    kind: 'text',
    value: 'text',
    contact_id: 'uuid',
    created_at: 'timestamptz',
    company_id: 'uuid?',
    has_user: 'bool',
    has_email: 'bool',
    claimed: 'bool',
    established: 'bool',
    seen_at: 'timestamptz?',
  },
  `select held.kind, held.value, held.contact_id, c.created_at, case when c.vouched then c.company_id end as company_id,
     known.has_user, known.has_email, held.claimed, known.established, held.seen_at
   from (${HELD}) held
   join contact c on c.id = held.contact_id cross join lateral (
     select coalesce(bool_or(k.kind = 'user'), false) as has_user, coalesce(bool_or(k.kind = 'email'), false) as has_email,
       coalesce(bool_or(k.kind <> 'anonymous' and not k.claimed), false) as established
     from contact_identity k where k.contact_id = c.id) known
   order by held.seen_at, held.seen_id`,
);

/**
 * The contacts that hold these identities, each with the company that it is of by more than a claim, and whether a server
 * named it. An identity is `claimed` when only a public key has named it. Rows of the kind `sighting` say who was on a
 * browser, and from when on.
 */
export function loadIdentities(sql: Sql, asked: readonly AskedIdentity[]) {
  return LOAD_IDENTITIES.rows(sql, ...heldParams(asked));
}

const ADD_CONTACTS = statement(
  'add_contacts',
  {},
  `insert into contact (id, created_at, first_seen_at, name, contact, company_part)
   select id, at, at, 'Anonymous visitor', '{}', '{}' from unnest($1::uuid[], $2::timestamptz[]) as new(id, at)`,
);

/** Makes empty contacts, created when they were first seen; all else about them follows from facts. */
export async function addContacts(
  sql: Sql,
  contacts: readonly { readonly id: string; readonly seenAt: number }[],
): Promise<void> {
  if (contacts.length === 0) return;
  await ADD_CONTACTS.rows(
    sql,
    contacts.map(({ id }) => id),
    contacts.map(({ seenAt }) => stamp(seenAt)),
  );
}

const SEE_EARLIER = statement(
  'see_contacts_earlier',
  {},
  `update contact set created_at = least(created_at, new.at), first_seen_at = least(first_seen_at, new.at)
   from unnest($1::uuid[], $2::timestamptz[]) as new(id, at) where contact.id = new.id`,
);

/** Moves back when contacts were first seen: by a server whose clock is behind that of the one that saw them first. */
export async function seeEarlier(
  sql: Sql,
  seen: readonly { readonly id: string; readonly seenAt: number }[],
): Promise<void> {
  if (seen.length === 0) return;
  await SEE_EARLIER.rows(
    sql,
    seen.map(({ id }) => id),
    seen.map(({ seenAt }) => stamp(seenAt)),
  );
}

const ADD_IDENTITIES = statement(
  'add_identities',
  {},
  `with seen as (
     insert into sighting (browser, at, kind, value, batch_id)
     select browser, at, kind, value, $5 from unnest($6::text[], $7::timestamptz[], $8::text[], $9::text[])
       as new(browser, at, kind, value)
   )
   insert into contact_identity (kind, value, contact_id, claimed, batch_id)
   select kind, value, contact_id, claimed, $5
   from unnest($1::text[], $2::text[], $3::uuid[], $4::bool[]) as new(kind, value, contact_id, claimed)
   on conflict (kind, value) do update set contact_id = excluded.contact_id, claimed = false,
     batch_id = case contact_identity.contact_id when excluded.contact_id then contact_identity.batch_id else excluded.batch_id end,
     origin_id = case contact_identity.contact_id when excluded.contact_id then contact_identity.origin_id end
   where contact_identity.claimed and not excluded.claimed`,
);

/** Somebody who says who they are on a browser, at a time in epoch ms. */
interface Sighting {
  readonly browser: string;
  readonly at: number;
  readonly by: { readonly kind: string; readonly value: string };
}

/**
 * Gives contacts identities, as part of an import or not, and notes who was seen on which browsers; an identity that is
 * stored changes only from a claim.
 */
export async function addIdentities(
  sql: Sql,
  added: readonly {
    readonly kind: string;
    readonly value: string;
    readonly contactId: string;
    readonly isClaim: boolean;
  }[],
  sightings: readonly Sighting[],
  batchId: string | null,
): Promise<void> {
  if (added.length === 0 && sightings.length === 0) return;
  await ADD_IDENTITIES.rows(
    sql,
    added.map(({ kind }) => kind),
    added.map(({ value }) => value),
    added.map(({ contactId }) => contactId),
    added.map(({ isClaim }) => isClaim),
    batchId,
    sightings.map(({ browser }) => browser),
    sightings.map(({ at }) => stamp(at)),
    sightings.map(({ by }) => by.kind),
    sightings.map(({ by }) => by.value),
  );
}

/** A profile fact as it is stored. */
export interface NewFact {
  readonly contactId: string;
  readonly at: number | null;
  readonly messageId: string;
  readonly mode: 'set' | 'fill' | 'replace';
  readonly contact: unknown;
  readonly companyPart: unknown;
  readonly companyId: string | null;
  /** The creation of the contact that came with the fact. */
  readonly createdAt: number | null;
  readonly recordedAt: number;
  /** The browser it came from, where nothing else says whose it is. */
  readonly browser: string | null;
}

const ADD_FACTS = statement(
  'add_facts',
  {},
  `insert into profile_fact (contact_id, at, recorded_at, message_id, mode, contact, company_part, company_id, created_at,
     browser, batch_id)
   select contact_id, at, recorded_at, message_id, mode, contact, company_part, company_id, created_at, browser, $11
   from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::jsonb[], $6::jsonb[], $7::uuid[], $8::timestamptz[],
     $9::timestamptz[], $10::text[])
     as new(contact_id, at, message_id, mode, contact, company_part, company_id, recorded_at, created_at, browser)`,
);

/** Stores profile facts, as part of an import or not. */
export async function addFacts(sql: Sql, facts: readonly NewFact[], batchId: string | null): Promise<void> {
  if (facts.length === 0) return;
  await ADD_FACTS.rows(
    sql,
    facts.map(({ contactId }) => contactId),
    facts.map(({ at }) => stampOrNull(at)),
    facts.map(({ messageId }) => messageId),
    facts.map(({ mode }) => mode),
    facts.map(({ contact }) => json(contact)),
    facts.map(({ companyPart }) => json(companyPart)),
    facts.map(({ companyId }) => companyId),
    facts.map(({ recordedAt }) => stamp(recordedAt)),
    facts.map(({ createdAt }) => stampOrNull(createdAt)),
    facts.map(({ browser }) => browser),
    batchId,
  );
}

/** An event as it is stored; `nameKey` is the name as agreements compare it. */
export interface NewEvent {
  readonly contactId: string;
  readonly at: number;
  readonly messageId: string;
  readonly type: string;
  readonly name: string;
  readonly nameKey: string;
  readonly properties: unknown;
  readonly context: unknown;
  readonly machine: string | null;
  readonly recordedAt: number;
  /** The browser it came from. */
  readonly browser: string | null;
  /** Whether it names its contact by more than the browser. */
  readonly isNamed: boolean;
}

const ADD_EVENTS = statement(
  'add_events',
  {},
  `insert into event (contact_id, at, recorded_at, message_id, type, name, name_key, properties, context, machine, browser,
     named, batch_id)
   select contact_id, at, recorded_at, message_id, type, name, name_key, properties, context, machine, browser, named, $13
   from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::jsonb[], $9::text[],
     $10::timestamptz[], $11::text[], $12::bool[])
     as new(contact_id, at, message_id, type, name, name_key, properties, context, machine, recorded_at, browser, named)`,
);

/** Stores events, as part of an import or not. */
export async function addEvents(
  sql: Sql,
  events: readonly NewEvent[],
  batchId: string | null,
): Promise<void> {
  if (events.length === 0) return;
  await ADD_EVENTS.rows(
    sql,
    events.map(({ contactId }) => contactId),
    events.map(({ at }) => stamp(at)),
    events.map(({ messageId }) => messageId),
    events.map(({ type }) => type),
    events.map(({ name }) => name),
    events.map(({ nameKey }) => nameKey),
    events.map(({ properties }) => json(properties)),
    events.map(({ context }) => json(context)),
    events.map(({ machine }) => machine),
    events.map(({ recordedAt }) => stamp(recordedAt)),
    events.map(({ browser }) => browser),
    events.map(({ isNamed }) => isNamed),
    batchId,
  );
}
