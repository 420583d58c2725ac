import type { Database } from '../../src/db/database.ts';
import { findBreaches } from '../../src/loop/report/conservation.ts';
import type { Model, Someone } from './model.ts';
import { ask, type ContactSeen, type EpisodeSeen, type Snapshot } from './snapshot.ts';
import { SENT_ON } from './treaty.ts';

/** A rule that must hold was broken; the text says which, and for which contact. */
export class BrokenError extends Error {}

/** What happened between two snapshots, as far as it decides how strictly they can be compared. */
export interface Passage {
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** The latest instant of any server's clock in this step. */
  readonly now: number;
  /** Whether every contact was brought up to `now`: all sweeps ran until nothing was due. */
  readonly isSettled: boolean;
  /** Whether one thing alone was done, so that what was before decides what had to come of it. */
  readonly isAlone: boolean;
  /** Whether contacts that were one may be two now. */
  readonly isSplit: boolean;
  /** Whether a person may have opened a handoff by hand. */
  readonly isByHand: boolean;
  /** Whether a version was activated so far: contacts that it made qualify are left alone until they do something. */
  readonly wasActivated: boolean;
}

/** Holds a world against its model: who is who, what they score, and which episodes there are. */
export function checkWorld(model: Model, passage: Passage): void {
  const { after } = passage;
  const people = model.people(Number.POSITIVE_INFINITY);
  const holders = new Map(
    after.contacts.flatMap(contact => contact.names.map(name => [name, contact] as const)),
  );
  const met = new Set<string>();
  for (const someone of people) {
    const [first = ''] = someone.names;
    const contact = holders.get(first);
    if (contact === undefined) throw broken('a person is not there', { first });
    const apart = [...someone.names].filter(name => holders.get(name) !== contact);
    if (apart.length > 0) throw broken('one person is two contacts', { first, apart });
    if (met.has(contact.id)) throw broken('two people are one contact', { first, contact: contact.names });
    met.add(contact.id);
    checkScore(model, someone, contact, passage);
    checkEpisodes(model, someone, { contact, holders }, passage);
  }
  const nobody = after.contacts.filter(({ id }) => !met.has(id));
  if (nobody.length > 0) throw broken('a contact is nobody', { nobody });
}

function broken(what: string, about: object): BrokenError {
  return new BrokenError(
    `${what}: ${JSON.stringify(about, (_key, value) => (value instanceof Set ? [...value] : value))}`,
  );
}

/** Where a contact stands is what its facts say at the time it was evaluated, and still does after the sweeps. */
function checkScore(model: Model, someone: Someone, contact: ContactSeen, { now, isSettled }: Passage): void {
  const { version, evaluated_at: evaluatedAt, next_change_at: nextChangeAt } = contact;
  if (contact.created_at !== someone.createdAt)
    throw broken('the creation is another', { contact, expected: someone.createdAt });
  if (contact.last_seen_at !== someone.lastSeenAt)
    throw broken('the last sight is another', {
      contact,
      expected: someone.lastSeenAt,
      names: someone.names,
    });
  if (version === null || evaluatedAt === null) throw broken('a contact was never evaluated', { contact });
  const isDue = nextChangeAt !== null && nextChangeAt <= now;
  if (isSettled && isDue) throw broken('a contact is due after the sweeps', { contact, now });
  if (isDue || version === 0 || model.hasTwoCompanies(someone)) return;
  for (const at of isSettled && now > evaluatedAt ? [evaluatedAt, now] : [evaluatedAt]) {
    const score = model.score(version, someone, at, Number.POSITIVE_INFINITY);
    const expected = score.applies
      ? {
          scores: score.scores,
          total: score.total,
          qualifies: score.qualifies,
          disqualified: score.disqualified,
        }
      : { scores: {}, total: null, qualifies: null, disqualified: [] };
    const { scores, total, qualifies, disqualified } = contact;
    const told = { scores, total, qualifies, disqualified };
    // An evaluation knows a profile by the latest word, even if another server's clock dates that a moment later.
    const isAhead = at === evaluatedAt && model.hasLaterProfile(someone, at);
    if (!isAhead && JSON.stringify(told) !== JSON.stringify(expected))
      throw broken('the score is another', { names: someone.names, at, told, expected });
  }
}

/** The episodes of a contact are those of before, and one more exactly where it qualified and one could open. */
function checkEpisodes(
  model: Model,
  someone: Someone,
  { contact, holders }: { readonly contact: ContactSeen; readonly holders: ReadonlyMap<string, ContactSeen> },
  passage: Passage,
): void {
  const { before, after, now, isSettled, isAlone } = passage;
  const own = after.episodes.filter(episode => episode.contact_id === contact.id);
  const open = own.filter(({ ended_at }) => ended_at === null);
  if (open.length > 1) throw broken('a contact has two open episodes', { own });
  const formerIds = new Set(
    before.contacts
      .filter(({ names }) => names.some(name => holders.get(name) === contact))
      .map(({ id }) => id),
  );
  const former = before.episodes.filter(episode => formerIds.has(episode.contact_id));
  const kept = new Set(own.map(({ id }) => id));
  const lost = former.filter(({ id }) => !kept.has(id));
  if (lost.length > 0 && !passage.isSplit) throw broken('an episode is gone', { lost });
  const known = new Set(former.map(({ id }) => id));
  const opened = own.filter(({ id }) => !known.has(id));
  if (isAlone && !passage.isSplit && opened.length > 1)
    throw broken('two episodes opened at once', { opened });
  const isUnsure = model.hasTwoCompanies(someone);
  if (!passage.isSplit && !isUnsure && !passage.isByHand)
    for (const episode of opened) checkReason(model, episode, { ...passage, former });
  const wasEvaluated = isSettled || contact.evaluated_at === now;
  const isLeft = passage.wasActivated && contact.left_alone !== null;
  if (
    isUnsure ||
    !wasEvaluated ||
    isLeft ||
    opened.length > 0 ||
    contact.version === null ||
    contact.version === 0
  )
    return;
  const due = openingOf(model, {
    version: contact.version,
    someone,
    own,
    at: now,
    knownAt: Number.POSITIVE_INFINITY,
  });
  if (due !== null)
    throw broken('a lead is lost', { due, now, contact, own, lastSeenAt: someone.lastSeenAt });
}

/** What opens an episode: a path, and what disqualifies the lead if anything does. */
interface Opening {
  readonly path: string;
  readonly disqualifier: string | null;
}

/**
 * The episode that somebody with these ones is due at an instant; null for none. Somebody disqualified goes to the team
 * that the disqualifier names, or is closed once.
 */
function openingOf(
  model: Model,
  of: {
    readonly version: number;
    readonly someone: Someone;
    readonly own: readonly EpisodeSeen[];
    readonly at: number;
    readonly knownAt: number;
  },
): Opening | null {
  const { version, someone, own, at, knownAt } = of;
  const score = model.score(version, someone, at, knownAt);
  const since = opensSince(own, someone, at);
  if (!score.applies || since === null) return null;
  const found = (usual: string | null) =>
    since === 'ever' ? usual : model.overridingPath(version, someone, at, { knownAt, since });
  if (score.qualifies !== null) {
    const path = found(score.qualifies);
    return path === null ? null : { path, disqualifier: null };
  }
  const path =
    score.disqualified.length === 0 ? null : found(model.pathDespite(version, someone, at, knownAt));
  if (path === null) return null;
  const routed = score.disqualified.find(id => model.routeOf(version, id) !== null);
  const [first = ''] = score.disqualified;
  const wasClosed = isClosing(lastOf(own));
  return routed === undefined && wasClosed ? null : { path, disqualifier: routed ?? first };
}

/** The open episode, else the one that ended last. */
function lastOf(own: readonly EpisodeSeen[]): EpisodeSeen | undefined {
  const endOf = ({ ended_at: at }: EpisodeSeen) => at ?? Number.POSITIVE_INFINITY;
  return own
    .toSorted((a, b) => (endOf(a) === endOf(b) ? a.handed_off_at - b.handed_off_at : endOf(a) - endOf(b)))
    .at(-1);
}

/** Whether an episode only records that a disqualifier closed a lead. */
function isClosing(last: EpisodeSeen | undefined): boolean {
  return last?.state === 'disqualified' && last.disqualifier !== null && last.decided_at === null;
}

/**
 * Whether a contact with these episodes may get another one (section 7 of the agreement format): null for no; while a wait
 * runs, since when something must have been done that overrides it (epoch ms).
 */
function opensSince(
  own: readonly EpisodeSeen[],
  { lastSeenAt }: Someone,
  at: number,
): 'ever' | number | null {
  if (own.some(({ ended_at }) => ended_at === null)) return null;
  const last = lastOf(own);
  if (last === undefined || isClosing(last)) return 'ever';
  if (last.state === 'won' || last.state === 'disqualified') return null;
  const decidedAt = last.decided_at ?? last.ended_at ?? 0;
  if (lastSeenAt === null || lastSeenAt <= decidedAt) return null;
  return last.requalify_at !== null && last.requalify_at > at ? decidedAt : 'ever';
}

/** What an episode says of why and when it opened is true, by what was known when it did. */
function checkReason(
  model: Model,
  episode: EpisodeSeen,
  { isAlone, after, former }: Passage & { readonly former: readonly EpisodeSeen[] },
): void {
  const { handed_off_at: at, qualified_at: qualifiedAt, version, path, disqualifier } = episode;
  if (qualifiedAt > at) throw broken('an episode opened before its lead qualified', { episode });
  if (!isAlone) return;
  // A rejection may send a lead on to another team at that very moment.
  const isSentOn = ({ contact_id: id, reason, decided_at: decidedAt, path: before }: EpisodeSeen) =>
    id === episode.contact_id && reason === disqualifier && decidedAt === at && before === path;
  if (disqualifier === SENT_ON && after.episodes.some(isSentOn)) return;
  const contact = after.contacts.find(({ id }) => id === episode.contact_id);
  const names = new Set(contact?.names ?? []);
  const due = model
    .people(at)
    .filter(someone => [...someone.names].some(name => names.has(name)))
    .map(someone => openingOf(model, { version, someone, own: former, at, knownAt: at }));
  if (!due.some(opening => opening?.path === path && opening.disqualifier === disqualifier))
    throw broken('an episode opened for no reason', { episode, due, contact, former });
}

/** Statements that find what must never be there, whatever went on. */
const NEVER = {
  'an open episode has neither an owner nor a reason to wait, or both': `select id::text as what from episode where ended_at is null and (owner_id is null) <> (waiting_for is not null)`,
  'an open episode waits for nobody in particular': `select e.id::text as what from episode e where ended_at is null and owner_id is null and not exists (
       select from exception x where x.episode_id = e.id and x.closed_at is null and x.due_at is not null and x.owner_id is not null)`,
  'an exception is open about an episode that has an owner or is over': `select e.id::text as what from exception x join episode e on e.id = x.episode_id
     where x.closed_at is null and x.kind in ('unassigned', 'missing_data', 'duplicate')
       and (e.owner_id is not null or e.ended_at is not null)`,
  'an episode has not exactly one task': `select e.id::text as what from episode e where 1 <> (select count(*) from task t where t.episode_id = e.id)
       and not (e.state = 'disqualified' and e.disqualifier is not null and e.decided_at is null)`,
  'a closed episode has no reason': `select id::text as what from episode where state in ('recycled', 'disqualified') and reason is null and disqualifier is null and note is null`,
  'a closed episode has an unfinished task': `select e.id::text as what from episode e join task t on t.episode_id = e.id where e.ended_at is not null and t.done_at is null`,
  'an alert in the app has no message, or a message no alert': `select coalesce(a.id::text, o.id::text) as what
     from alert a full join (select id, recipient, payload->>'alertId' as alert_id from outbox where channel = 'in_app') o
       on o.alert_id = a.id::text and o.recipient = a.user_id
     where a.id is null or o.id is null`,
  'somebody is told of a handoff more often than they got the lead': `select what from (
       select min(o.id::text) as what, count(*) as told, o.payload->>'episodeId' as episode_id, u.id as user_id
       from outbox o left join app_user u
         on (o.channel = 'in_app' and u.id = o.recipient) or (o.channel = 'email' and u.email = o.recipient)
       where o.payload->>'kind' = 'handoff' and o.repeats is null
       group by o.channel, o.recipient, o.payload->>'episodeId', u.id) t
     where told > (select count(*) from routing_ledger l where l.kind = 'assigned' and l.episode_id::text = t.episode_id
       and (t.user_id is null or l.user_id = t.user_id))`,
  'a notice is promised twice at once': `select min(channel || ' to ' || recipient || ' ' || payload::text) as what from outbox
     where payload->>'episodeId' is not null and channel <> 'webhook' and repeats is null
     group by channel, recipient, payload->>'kind', payload->>'episodeId', payload->>'sentence',
       case when payload->>'kind' <> 'exception' then payload->>'occasion' end, created_at having count(*) > 1`,
  'a message or alert speaks of an episode that is not there': `select what from (
       select o.id::text as what, o.episode_id from outbox o where o.episode_id is not null
       union all select x.id::text, x.episode_id from routing_ledger x where x.episode_id is not null) told
     where not exists (select from episode e where e.id = told.episode_id)`,
  'somebody is in a track who is worked on': `select n.id::text as what from nurture n join episode e on e.id = n.episode_id
     where n.left_at is null and (e.state <> 'recycled' or exists (select from episode o
       where o.contact_id = e.contact_id and o.agreement_id = e.agreement_id and o.ended_at is null))`,
  'somebody is in two tracks': `select min(n.id::text) as what from nurture n join episode e on e.id = n.episode_id
     where n.left_at is null group by e.contact_id, e.agreement_id having count(*) > 1`,
  'a date is set for somebody who is worked on': `select e.id::text as what from episode e
     where (e.wake_at is not null or e.woke_at is not null) and exists (select from episode o
       where o.contact_id = e.contact_id and o.agreement_id = e.agreement_id and o.ended_at is null)`,
  'a message waits for nothing': `select id::text as what from outbox where (state = 'waiting') <> (next_attempt_at is not null)`,
  'a contact that was joined to another still has something': `select c.id::text as what from contact c where merged_into is not null and (
       exists (select from event where contact_id = c.id) or exists (select from episode where contact_id = c.id)
       or exists (select from standing where contact_id = c.id) or exists (select from contact_identity where contact_id = c.id))`,
  'the lines of a breakdown do not add up': `select e.id::text as what from episode e where total <> (
       select coalesce(sum((line->>'points')::int), 0) from json_array_elements(e.breakdown->'lines') line)`,
  'a message was taken in without a trace, or twice': `select m.id as what from message m join (select message_id, count(*) as n from (
       select message_id from event union all select message_id from profile_fact) f group by 1) t on t.message_id = m.id
     where n > 1`,
} as const;

/** The same, once all sweeps ran. */
const NEVER_SETTLED = {
  'an open episode belongs to somebody who does not work here': `select e.id::text as what from episode e join app_user u on u.id = e.owner_id where e.ended_at is null and not u.active`,
} as const;

const sweepOf = (statements: Readonly<Record<string, string>>) =>
  Object.entries(statements)
    .map(([name, text]) => `(select '${name}' as broken, what from (${text}) found limit 1)`)
    .join(' union all ');

const SWEEP = sweepOf(NEVER);
const SWEEP_SETTLED = sweepOf(NEVER_SETTLED);

/** Looks for what must never be in the database; and, as of when all sweeps ran (epoch ms), for what they should have mended. */
export async function checkDatabase(db: Database, settledAt: number | null): Promise<void> {
  const [found] = await ask(db, 'never', { broken: 'text', what: 'text' }, SWEEP);
  if (found !== undefined) throw broken(found.broken, { id: found.what });
  if (settledAt === null) return;
  const [left] = await ask(db, 'never_settled', { broken: 'text', what: 'text' }, SWEEP_SETTLED);
  if (left !== undefined) throw broken(left.broken, { id: left.what });
  const lost = (await findBreaches(db, settledAt)).filter(({ kind }) => kind !== 'failed_unseen');
  if (lost.length > 0) throw broken('a lead is lost, says the check of conservation', lost);
}
