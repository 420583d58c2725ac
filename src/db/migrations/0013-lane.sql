-- When a person was told that a way out fails: once as long as it does. And until when messages wait for it where somebody
-- has lifted the hold since.
alter table lane add column told_at timestamptz, add column waits_until timestamptz;
