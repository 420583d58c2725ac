-- Lists of episodes page by the time of handoff; a report counts them without reading their wide rows.
create index episode_handed_off on episode (handed_off_at desc, id desc)
  include (agreement_id, decision, owner_id, source, path, path_label);
