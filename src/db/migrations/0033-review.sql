-- What people wrote down at a review: notes, decisions and to-dos. `kind` and `key` name the review, as monthly 2026-10.
create table review_entry (
  id uuid primary key,
  kind text not null check (kind in ('weekly', 'monthly', 'quarterly')),
  key text not null,
  entry text not null check (entry in ('note', 'decision', 'todo')),
  text text not null,
  author text not null,
  at timestamptz not null,
  done_at timestamptz,
  done_by text,
  check ((done_at is null) = (done_by is null)),
  check (done_at is null or entry = 'todo')
);
create index review_entry_review on review_entry (kind, key, at, id);
create index review_entry_decision on review_entry (at, id) where entry = 'decision';
create index review_entry_todo on review_entry (at, id) where entry = 'todo';

-- The reviews that people were reminded of: each once, however many servers run.
create table review_notice (
  kind text not null,
  key text not null,
  sent_at timestamptz not null,
  primary key (kind, key)
);
