import { likePart, type RowOf, type Sql, stamp, stampOrNull, statement } from '../database.ts';

/** A lead that enters a track. Times in epoch ms. */
export interface NewEnrolment {
  readonly id: string;
  readonly episodeId: string;
  readonly track: string;
  readonly trackLabel: string;
  readonly enteredAt: number;
  readonly nextStepAt: number;
}

const ENTER = statement(
  'enter_nurture',
  { id: 'uuid' },
  `insert into nurture (id, episode_id, track, track_label, entered_at, next_step, next_step_at)
   values ($1, $2, $3, $4, $5, 0, $6) on conflict (episode_id) where left_at is null do nothing returning id`,
);

/** Has a recycled lead enter a track; false where it is in one. */
export async function enterNurture(sql: Sql, enrolment: NewEnrolment): Promise<boolean> {
  const { id, episodeId, track, trackLabel, enteredAt, nextStepAt } = enrolment;
  return (
    (await ENTER.first(sql, id, episodeId, track, trackLabel, stamp(enteredAt), stamp(nextStepAt))) !== null
  );
}

const DUE = statement(
  'find_due_nurture',
  { id: 'uuid' },
  `select id from nurture where next_step_at <= $1 and not id = any($3::uuid[]) order by next_step_at, id limit $2`,
);

/** The enrolments whose next step is due, up to `limit` but for some, the longest due first. */
export async function findDueNurture(
  sql: Sql,
  due: { readonly now: number; readonly limit: number; readonly but: readonly string[] },
): Promise<readonly string[]> {
  return (await DUE.rows(sql, stamp(due.now), due.limit, due.but)).map(row => row.id);
}

const LOCK_CONTACTS = statement(
  'lock_nurtured_contacts',
  { id: 'uuid' },
  `select id from contact
   where id = any(array(select e.contact_id from nurture n join episode e on e.id = n.episode_id where n.id = any($1::uuid[])))
   order by id for no key update`,
);

const ENROLMENT = {
  id: 'uuid',
  episode_id: 'uuid',
  contact_id: 'uuid',
  contact_name: 'text',
  agreement_id: 'text',
  version: 'int4',
  owner_id: 'text?',
  track: 'text',
  track_label: 'text',
  entered_at: 'timestamptz',
  next_step: 'int4',
  next_step_at: 'timestamptz',
} as const;

/** An enrolment as its next step needs it. */
export type EnrolmentRow = RowOf<typeof ENROLMENT>;

const TAKE = statement(
  'take_due_nurture',
  ENROLMENT,
  `select n.id, n.episode_id, e.contact_id, c.name as contact_name, e.agreement_id, e.version, e.owner_id, n.track, n.track_label,
     n.entered_at, n.next_step, n.next_step_at
   from nurture n join episode e on e.id = n.episode_id join contact c on c.id = e.contact_id
   where n.id = any($1::uuid[]) and n.next_step_at <= $2 order by n.next_step_at, n.id for update of n`,
);

/**
 * Locks enrolments, and before them their contacts as everybody does, and loads those that are due still: another server may
 * have done the step meanwhile, or the lead have left.
 */
export async function takeDueNurture(
  sql: Sql,
  ids: readonly string[],
  now: number,
): Promise<readonly EnrolmentRow[]> {
  await LOCK_CONTACTS.rows(sql, ids);
  return TAKE.rows(sql, ids, stamp(now));
}

const ADD_STEPS = statement(
  'add_nurture_steps',
  { nurture_id: 'uuid' },
  `insert into nurture_step (nurture_id, step, at, kind, name)
   select * from unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::text[], $5::text[])
   on conflict do nothing returning nurture_id`,
);

/** A step that is done now. */
export interface DoneStep {
  readonly nurtureId: string;
  readonly step: number;
  readonly at: number;
  readonly kind: string;
  readonly name: string | null;
}

/** Notes steps as done, before they are; returns the enrolments whose step was not done before. */
export async function addNurtureSteps(sql: Sql, steps: readonly DoneStep[]): Promise<ReadonlySet<string>> {
  if (steps.length === 0) return new Set();
  const rows = await ADD_STEPS.rows(
    sql,
    steps.map(({ nurtureId }) => nurtureId),
    steps.map(({ step }) => step),
    steps.map(({ at }) => stamp(at)),
    steps.map(({ kind }) => kind),
    steps.map(({ name }) => name),
  );
  return new Set(rows.map(row => row.nurture_id));
}

const SAVE_LETTERS = statement(
  'save_nurture_letters',
  {},
  `update nurture_step set letter_id = new.letter_id, refused = new.refused
   from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[]) as new(nurture_id, step, letter_id, refused)
   where nurture_step.nurture_id = new.nurture_id and nurture_step.step = new.step`,
);

/** Notes the letters that steps have promised, or why they were refused. */
export async function saveNurtureLetters(
  sql: Sql,
  letters: readonly {
    readonly nurtureId: string;
    readonly step: number;
    readonly letterId: string;
    readonly refused: string | null;
  }[],
): Promise<void> {
  if (letters.length === 0) return;
  await SAVE_LETTERS.rows(
    sql,
    letters.map(({ nurtureId }) => nurtureId),
    letters.map(({ step }) => step),
    letters.map(({ letterId }) => letterId),
    letters.map(({ refused }) => refused),
  );
}

const REFUSE = statement(
  'refuse_nurture_steps',
  { nurture_id: 'uuid', letter_id: 'uuid?' },
  `update nurture_step set refused = new.refused
   from unnest($1::uuid[], $2::text[]) as new(letter_id, refused)
   where nurture_step.letter_id = new.letter_id returning nurture_step.nurture_id, nurture_step.letter_id`,
);

/** Notes why letters of steps were refused when they were to be sent; returns their enrolments. */
export function refuseNurtureSteps(
  sql: Sql,
  refused: readonly { readonly letterId: string; readonly why: string }[],
) {
  return REFUSE.rows(
    sql,
    refused.map(({ letterId }) => letterId),
    refused.map(({ why }) => why),
  );
}

const ADVANCE = statement(
  'advance_nurture',
  {},
  `update nurture set next_step = new.step, next_step_at = new.at
   from unnest($1::uuid[], $2::int[], $3::timestamptz[]) as new(id, step, at)
   where nurture.id = new.id and nurture.left_at is null`,
);

/** Sets when the next step of enrolments is due. */
export async function advanceNurture(
  sql: Sql,
  next: readonly { readonly id: string; readonly step: number; readonly at: number }[],
): Promise<void> {
  if (next.length === 0) return;
  await ADVANCE.rows(
    sql,
    next.map(({ id }) => id),
    next.map(({ step }) => step),
    next.map(({ at }) => stamp(at)),
  );
}

const LEAVE = statement(
  'leave_nurture',
  {
    id: 'uuid',
    episode_id: 'uuid',
    contact_id: 'uuid',
    agreement_id: 'text',
    version: 'int4',
    track: 'text',
    track_label: 'text',
    left_because: 'text',
    left_note: 'text?',
  },
  `update nurture n set left_at = $4, left_because = new.because, left_note = new.note, left_by = $5, next_step_at = null
   from unnest($1::uuid[], $2::text[], $3::text[]) as new(id, because, note), episode e
   where n.id = new.id and n.left_at is null and e.id = n.episode_id
   returning n.id, n.episode_id, e.contact_id, e.agreement_id, e.version, n.track, n.track_label, n.left_because, n.left_note`,
);

/** Has leads leave their tracks for good; returns those that were in one. */
export function leaveNurture(
  sql: Sql,
  leaving: readonly { readonly id: string; readonly because: string; readonly note: string | null }[],
  by: { readonly actor: string; readonly now: number },
) {
  return LEAVE.rows(
    sql,
    leaving.map(({ id }) => id),
    leaving.map(({ because }) => because),
    leaving.map(({ note }) => note),
    stamp(by.now),
    by.actor,
  );
}

const ACTIVE_OF = statement(
  'find_active_nurture',
  { id: 'uuid' },
  'select id from nurture where episode_id = $1 and left_at is null',
);

/** The enrolment that an episode is in; null where it is in none. */
export async function findActiveNurture(sql: Sql, episodeId: string): Promise<string | null> {
  return (await ACTIVE_OF.first(sql, episodeId))?.id ?? null;
}

const ACTIVE_OF_CONTACTS = statement(
  'list_active_nurture',
  {
    id: 'uuid',
    contact_id: 'uuid',
    agreement_id: 'text',
    version: 'int4',
    track: 'text',
    entered_at: 'timestamptz',
    next_step_at: 'timestamptz?',
  },
  `select n.id, e.contact_id, e.agreement_id, e.version, n.track, n.entered_at, n.next_step_at
   from nurture n join episode e on e.id = n.episode_id
   where e.contact_id = any($1::uuid[]) and n.left_at is null order by n.id`,
);

/** The enrolments that contacts are in, under any agreement. */
export function listActiveNurture(sql: Sql, contactIds: readonly string[]) {
  return ACTIVE_OF_CONTACTS.rows(sql, contactIds);
}

const PROFILE = statement(
  'load_nurture_profile',
  { contact: 'jsonb', company: 'jsonb', created_at: 'timestamptz' },
  `select c.contact, coalesce(k.traits, '{}') || c.company_part as company, c.created_at
   from contact c left join company k on k.id = c.company_id where c.id = $1`,
);

/** What is known of a contact and its company now: what decides which track it enters. */
export function loadNurtureProfile(sql: Sql, contactId: string) {
  return PROFILE.first(sql, contactId);
}

const KEPT = {
  id: 'uuid',
  episode_id: 'uuid',
  contact_id: 'uuid',
  contact_name: 'text',
  contact_title: 'text?',
  contact_email: 'text?',
  contact_company: 'text?',
  agreement_id: 'text',
  version: 'int4',
  owner_id: 'text?',
  owner_name: 'text?',
  team: 'text?',
  track: 'text',
  track_label: 'text',
  entered_at: 'timestamptz',
  next_step: 'int4',
  next_step_at: 'timestamptz?',
  left_at: 'timestamptz?',
  left_because: 'text?',
  left_note: 'text?',
  left_by: 'text?',
} as const;

/** An enrolment with the lead that it is about. */
export type NurtureRow = RowOf<typeof KEPT>;

const SELECT = `select n.id, n.episode_id, e.contact_id, c.name as contact_name, c.title as contact_title,
     c.email as contact_email, c.company_name as contact_company, e.agreement_id, e.version, e.owner_id, u.name as owner_name,
     e.team, n.track, n.track_label, n.entered_at, n.next_step, n.next_step_at, n.left_at, n.left_because, n.left_note, n.left_by
   from nurture n join episode e on e.id = n.episode_id join contact c on c.id = e.contact_id
     left join app_user u on u.id = e.owner_id`;

const NARROW = `($1::text is null or n.track = $1)
     and ($2::text is null or lower(c.name) like $2 or lower(c.email) like $2 or lower(c.company_name) like $2)`;

const LIST_ACTIVE = statement(
  'list_nurture',
  KEPT,
  `${SELECT}
   where n.next_step_at is not null and ${NARROW}
     and ($4::uuid is null or (n.next_step_at, n.id) > ($3::timestamptz, $4))
   order by n.next_step_at, n.id limit $5`,
);

const LIST_LEFT = statement(
  'list_left_nurture',
  KEPT,
  `${SELECT}
   where n.left_at is not null and ${NARROW}
     and ($4::uuid is null or (n.entered_at, n.id) < ($3::timestamptz, $4))
   order by n.entered_at desc, n.id desc limit $5`,
);

/** Lists who is in a track, the next step first; or who has left one, the newest first. */
export function listNurtureRows(
  sql: Sql,
  page: {
    readonly state: 'active' | 'left';
    readonly track: string | null;
    readonly q: string | null;
    readonly after: { readonly at: number; readonly id: string } | null;
    readonly limit: number;
  },
): Promise<readonly NurtureRow[]> {
  const { state, track, q, after, limit } = page;
  const like = likePart(q?.toLowerCase() ?? null);
  const list = state === 'active' ? LIST_ACTIVE : LIST_LEFT;
  return list.rows(sql, track, like, stampOrNull(after?.at ?? null), after?.id ?? null, limit);
}

const OF_EPISODES = statement(
  'list_episode_nurture',
  KEPT,
  `select distinct on (of.episode_id) of.* from (${SELECT} where n.episode_id = any($1::uuid[])) of
   order by of.episode_id, of.entered_at desc, of.id`,
);

/** The latest enrolment of each of these episodes. */
export function listEpisodeNurture(sql: Sql, episodeIds: readonly string[]): Promise<readonly NurtureRow[]> {
  return OF_EPISODES.rows(sql, episodeIds);
}

const STEPS = statement(
  'list_nurture_steps',
  { nurture_id: 'uuid', step: 'int4', at: 'timestamptz', kind: 'text', name: 'text?', refused: 'text?' },
  `select nurture_id, step, at, kind, name, refused from nurture_step where nurture_id = any($1::uuid[]) order by nurture_id, step`,
);

/** The steps that were done of enrolments, in their order. */
export function listNurtureSteps(sql: Sql, ids: readonly string[]) {
  return STEPS.rows(sql, ids);
}

const COUNTS = statement(
  'count_nurture',
  { track: 'text', label: 'text', active: 'int8', gone: 'int8' },
  `select track, (array_agg(track_label order by entered_at desc))[1] as label,
     count(*) filter (where left_at is null) as active, count(*) filter (where left_at is not null) as gone
   from nurture group by track order by track`,
);

/** How many leads are in each track, and how many have left it. */
export function countNurture(sql: Sql) {
  return COUNTS.rows(sql);
}
