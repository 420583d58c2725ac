-- Phone numbers are found by their last seven digits and names in other scripts by their letters: every contact's keys are
-- made anew in the background. Keys of the old kind find nobody any more and go with their contact.
insert into likeness_queue (contact_id)
select id from contact where merged_into is null and contact <> '{}' on conflict do nothing;
