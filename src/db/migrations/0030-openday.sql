-- One-off hours of a person: dates with hours of their own, [{"date": "2026-12-19", "hours": ["10:00-14:00"]}], which replace
-- those of the weekday, holiday or not.
alter table availability add column open_days jsonb not null default '[]';
