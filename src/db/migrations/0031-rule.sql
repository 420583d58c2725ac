-- What the link or the advertisement was (utm_content), as it was at the handoff; source and campaign are there already.
alter table episode add column content text;
-- The rules with a line in the frozen breakdown, and those without whose points the lead would not have qualified, in the
-- order of the agreement. Null where that has not been worked out yet: episodes from before these columns.
alter table episode add column fired text[];
alter table episode add column decisive text[];
create index episode_unweighed on episode (id) where fired is null;
