-- What the contact's company was said to belong to at the handoff, for reports; the campaign is there since the imports.
alter table episode add column segment text;
