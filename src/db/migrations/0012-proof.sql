-- Why an open handoff should be looked at again, in words; a decision clears it.
alter table episode add column flag text;

-- When each worker of each node last did its work; old nodes are forgotten.
create table worker (
  node text not null,
  name text not null,
  -- When the node last said how the worker is.
  at timestamptz not null,
  -- When the worker last came to the end of its work; null before the first time.
  done_at timestamptz,
  lag_ms bigint not null,
  error text,
  error_at timestamptz,
  primary key (node, name)
);

-- What the check of conservation looks through: who qualifies, and what should be in none of these.
create index standing_qualifies on standing (contact_id, agreement_id) where qualifies is not null and left_alone is null;
create index episode_past on episode (contact_id, agreement_id)
  include (ended_at, state, requalify_at, disqualifier, decided_at);
create index episode_untouched on episode (id)
  where state = 'open' and first_touch_at is null and owner_id is not null and not imported;
create index task_open on task (episode_id) where done_at is null;
create index episode_unowned on episode (id) where ended_at is null and owner_id is null;
create index episode_unexplained on episode (id) where ended_at is not null and reason is null and disqualifier is null
  and note is null and not imported and state in ('recycled', 'disqualified');
create index exception_delivery on exception (subject) where kind = 'delivery';
create index standing_left_alone on standing (left_alone) where left_alone is not null;
