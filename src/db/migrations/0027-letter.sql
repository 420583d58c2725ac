-- Letters: mails to leads. A letter is promised once for a purpose, a contact and a key; its message in the outbox has its id.
-- It keeps the contact that it was promised for when contacts are joined, so that a key holds for ever.
create table letter (
  id uuid primary key,
  purpose text not null check (purpose in ('outreach', 'nurture')),
  key text not null,
  contact_id uuid not null,
  origin_id uuid,
  episode_id uuid,
  agreement_id text not null,
  version integer not null,
  -- The entry of the outreach list or the track that it belongs to, and the template; null for what goes to webhooks.
  entry text not null,
  template text,
  -- An address of the agreement in whose name it goes; null for the owner.
  from_address text,
  owner_id text,
  state text not null check (state in ('waiting', 'sent', 'refused', 'failed')),
  because text,
  detail text,
  created_at timestamptz not null,
  not_before timestamptz not null,
  ended_at timestamptz,
  -- What was sent, to what address and in whose name.
  address text,
  sender text,
  subject text,
  body text
);
create unique index letter_once on letter (coalesce(origin_id, contact_id), purpose, key);
create index letter_contact on letter (contact_id, created_at desc);
create index letter_waiting on letter (id) where state = 'waiting';

-- Why no letter goes to a contact or an address any more. An opt-out holds for the contact and its address, a bounce for the
-- address alone. What was taken back stays, with who took it back.
create table letter_stop (
  id uuid primary key,
  contact_id uuid not null,
  origin_id uuid,
  address text,
  kind text not null check (kind in ('opted_out', 'bounced')),
  detail text,
  at timestamptz not null,
  by text not null,
  ended_at timestamptz,
  ended_by text
);
create index letter_stop_contact on letter_stop (contact_id, at desc);
create index letter_stop_address on letter_stop (address) where ended_at is null and address is not null;

-- What tracks have yet to hear of letters and of those they went to.
create table letter_news (
  id bigint generated always as identity primary key,
  contact_id uuid not null,
  letter_id uuid,
  kind text not null check (kind in ('sent', 'refused', 'failed', 'opted_out', 'bounced', 'replied')),
  because text,
  at timestamptz not null
);

-- Where somebody's calendar can be booked, for letters in their name.
alter table app_user add column booking_url text;
