-- When a person was told that a way out fails: once as long as it does. And until when messages wait for it where somebody
-- has lifted the hold since.
alter table lane add column told_at timestamptz, add column waits_until timestamptz;

-- What was given out is read by when, which is not always the order in which it was written.
create index routing_ledger_team_at on routing_ledger (team, at desc, id desc) where team is not null;
create index routing_ledger_assigned on routing_ledger (at desc, id desc) where kind = 'assigned' and user_id is not null;
