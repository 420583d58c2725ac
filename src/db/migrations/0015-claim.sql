-- What only a public key has said: of an identity, and of the domain of a company. A server's word makes more of both.
alter table contact_identity add column claimed boolean not null default false;
alter table company add column claimed_domain text unique;

-- Whether more than a public key has spoken of a contact. Until then a company that was claimed holds, and no longer.
alter table contact add column vouched boolean not null default false;
update contact set vouched = true
where exists (select from profile_fact f where f.contact_id = contact.id and f.mode <> 'fill');

-- Addresses that only a public key has said: there is a claim of it, and nothing else says it.
update contact_identity i set claimed = true
where kind = 'email' and batch_id is null
  and exists (select from profile_fact f where f.contact_id = i.contact_id and f.mode = 'fill'
    and lower(btrim(f.contact ->> 'email')) = i.value)
  and not exists (select from profile_fact f where f.contact_id = i.contact_id and f.mode <> 'fill'
    and lower(btrim(f.contact ->> 'email')) = i.value);

-- What public keys said of companies was everybody's there. From now on it is each contact's own view, below all else; so
-- what is stored becomes that too, as if it had always been so.
create function set_bag_0015(known jsonb, said jsonb) returns jsonb language plpgsql as $$ begin return (
  select coalesce(jsonb_object_agg(key, value), '{}') from (
    select coalesce(a.key, b.key) as key, case when b.key is null then a.value
      when jsonb_typeof(a.value) = 'object' and jsonb_typeof(b.value) = 'object' then set_bag_0015(a.value, b.value)
      else b.value end as value
    from jsonb_each(known) a full join jsonb_each(said) b on a.key = b.key
    where b.value is distinct from 'null'::jsonb) merged); end $$;
create function fill_bag_0015(known jsonb, said jsonb) returns jsonb language plpgsql as $$ begin return (
  select coalesce(jsonb_object_agg(key, value), '{}') from (
    select coalesce(a.key, b.key) as key, case
      when jsonb_typeof(a.value) = 'object' and jsonb_typeof(b.value) = 'object' then fill_bag_0015(a.value, b.value)
      when a.key is null or a.value = 'null' or (jsonb_typeof(a.value) = 'string' and btrim(a.value #>> '{}') = '')
        then coalesce(b.value, a.value)
      else a.value end as value
    from jsonb_each(known) a full join jsonb_each(said) b on a.key = b.key) merged); end $$;
create aggregate set_bags_0015(jsonb) (sfunc = set_bag_0015, stype = jsonb, initcond = '{}');
create aggregate fill_bags_0015(jsonb) (sfunc = fill_bag_0015, stype = jsonb, initcond = '{}');
create table claimed_0015 as
  select f.id as fact_id, f.contact_id, c.company_id, c.at, c.message_id,
    case jsonb_typeof(c.traits) when 'object' then c.traits else '{}' end as traits
  from company_fact c join profile_fact f on f.message_id = c.message_id and f.mode = 'fill' where c.mode = 'fill';
create table touched_0015 as
  select company_id as id from company_fact where mode = 'fill';

update profile_fact f set company_part = c.traits, company_id = null from claimed_0015 c where c.fact_id = f.id;
delete from company_fact where mode = 'fill';
update company set group_id = null
where id in (select id from touched_0015) and not exists (select from company_fact f where f.company_id = company.id);
update company set traits = coalesce((
  select set_bags_0015(case jsonb_typeof(f.traits) when 'object' then f.traits else '{}' end order by f.at, f.message_id)
  from company_fact f where f.company_id = company.id), '{}')
where id in (select id from touched_0015);

update contact set company_part = fill_bag_0015(company_part, c.traits),
  unverified = array(select distinct unnest(unverified || array(
    select 'company.' || key from jsonb_object_keys(c.traits) as key where contact.company_part ->> key is null)))
from (select contact_id, fill_bags_0015(traits order by at, message_id) as traits from claimed_0015 group by contact_id) c
where contact.id = c.contact_id;

-- Links by claims hold for contacts of which nobody else has spoken; for all others the last link that is no claim.
create table linked_0015 as
  select c.id, case when c.vouched then said.company_id else claimed.company_id end as company_id
  from contact c
  left join lateral (
    select company_id from profile_fact f where f.contact_id = c.id and f.mode <> 'fill' and f.company_id is not null
    order by f.at desc nulls last, (f.contact = '{}' and f.company_part = '{}') desc, f.message_id collate "C" desc
    limit 1) said on true
  left join lateral (
    select company_id from profile_fact f where f.contact_id = c.id and f.mode = 'fill' and f.company_id is not null
    order by f.at nulls first, (f.contact = '{}' and f.company_part = '{}'), f.message_id collate "C"
    limit 1) claimed on true
  where c.company_id is not null
    and (c.id in (select contact_id from claimed_0015) or c.company_id in (select id from touched_0015)
      or exists (select from profile_fact f where f.contact_id = c.id and f.mode = 'fill' and f.company_id is not null));
update contact set company_id = l.company_id,
  company_name = left(coalesce(nullif(btrim(k.traits ->> 'name'), ''), nullif(btrim(contact.company_part ->> 'name'), ''),
    k.domain), 200)
from linked_0015 l left join company k on k.id = l.company_id
where contact.id = l.id;
update standing set next_change_at = least(next_change_at, now()) where contact_id in (
  select id from linked_0015 union select contact_id from claimed_0015);

-- A write key that came in the body of a call is a secret; whoever may read rejected calls read it, too.
create function without_key_0015(call jsonb) returns jsonb language plpgsql as $$ begin return (case jsonb_typeof(call)
  when 'object' then (select coalesce(jsonb_object_agg(key, without_key_0015(value)), '{}') from jsonb_each(call)
    where key !~* '^write_?key$')
  when 'array' then (select coalesce(jsonb_agg(without_key_0015(value) order by place), '[]')
    from jsonb_array_elements(call) with ordinality as item(value, place))
  else call end); end $$;
update rejected_call set call = without_key_0015(call) where call::text ~* 'write_?key';
drop function without_key_0015(jsonb);

-- How many rejected calls came by a key on a day, and how many of them were kept; a day is of UTC.
create table rejected_day (
  key_id uuid not null,
  day date not null,
  seen bigint not null,
  kept bigint not null,
  primary key (key_id, day)
);

drop table claimed_0015;
drop table touched_0015;
drop table linked_0015;
drop aggregate set_bags_0015(jsonb);
drop aggregate fill_bags_0015(jsonb);
drop function set_bag_0015(jsonb, jsonb);
drop function fill_bag_0015(jsonb, jsonb);
