import { z } from 'zod';
import { groupBy } from '../../src/core/contact/group.ts';
import { parseDuration } from '../../src/core/time/duration.ts';
import { BrokenError } from './check.ts';
import { allHeard, type Heard, isAbout, isHumanEvent, isToldOf } from './said.ts';
import { ask } from './snapshot.ts';
import { checkWakeups } from './wakeup.ts';
import type { Life } from './world.ts';

const treaty = z.object({
  reasons: z.array(z.object({ id: z.string(), then: z.string(), nurture: z.string().optional() })),
  nurture: z.array(
    z.object({
      id: z.string(),
      when: z.record(z.string(), z.string()).optional(),
      exitOn: z.string().optional(),
      steps: z.array(
        z.object({
          wait: z.string().optional(),
          email: z.string().optional(),
          webhook: z.string().optional(),
        }),
      ),
    }),
  ),
});

type Track = z.infer<typeof treaty>['nurture'][number];

/** How far two clocks, or things done at the same time, may be apart, in ms. */
const UNSURE_MS = 10_000;

const ENROLMENT = {
  id: 'uuid',
  episode_id: 'uuid',
  contact_id: 'uuid',
  version: 'int4',
  track: 'text',
  entered_at: 'timestamptz',
  next_step: 'int4',
  next_step_at: 'timestamptz?',
  left_at: 'timestamptz?',
  left_because: 'text?',
  left_note: 'text?',
  left_by: 'text?',
} as const;

const LOGGED = {
  id: 'int8',
  episode_id: 'uuid',
  version: 'int4',
  kind: 'text',
  at: 'timestamptz',
  actor: 'text',
  particulars: 'jsonb',
} as const;

const STEP = {
  nurture_id: 'uuid',
  step: 'int4',
  at: 'timestamptz',
  kind: 'text',
  name: 'text?',
  letter_id: 'uuid?',
  refused: 'text?',
  state: 'text?',
  ended_at: 'timestamptz?',
  hooks: 'int8',
} as const;

type Enrolment = Awaited<ReturnType<typeof loadTracks>>['enrolments'][number];
type DoneStep = Awaited<ReturnType<typeof loadTracks>>['steps'][number];
type Logged = Awaited<ReturnType<typeof loadTracks>>['log'][number];

async function loadTracks({ db }: Life) {
  const enrolments = await ask(
    db,
    'enrolments',
    ENROLMENT,
    `select n.id, n.episode_id, e.contact_id, e.version, n.track, n.entered_at, n.next_step, n.next_step_at, n.left_at,
       n.left_because, n.left_note, n.left_by
     from nurture n join episode e on e.id = n.episode_id order by n.entered_at, n.id`,
  );
  const steps = await ask(
    db,
    'track_steps',
    STEP,
    `select s.nurture_id, s.step, s.at, s.kind, s.name, s.letter_id, s.refused, l.state, l.ended_at,
       (select count(*) from outbox o where o.channel = 'webhook' and o.payload->>'type' = 'nurture.step'
         and o.episode_id = n.episode_id and o.created_at = s.at and o.payload #>> '{data,step}' = s.step::text) as hooks
     from nurture_step s join nurture n on n.id = s.nurture_id left join letter l on l.id = s.letter_id
     order by s.nurture_id, s.step`,
  );
  const log = await ask(
    db,
    'track_log',
    LOGGED,
    `select j.id, j.episode_id, e.version, j.kind, j.at, j.actor, j.particulars
     from journal j join episode e on e.id = j.episode_id
     where j.kind in ('rejected', 'reopened', 'woken', 'wakeup_moved') order by j.id`,
  );
  return { enrolments, steps, log };
}

/**
 * Looks whether leads are in the tracks that noes call for and in no others, whether each step was done once and when it was
 * due, and whether who had to leave has left, for a reason that holds: worked out anew from what people said and did, up to
 * `now` (epoch ms), as of which all sweeps ran.
 */
export async function checkTracks(life: Life, now: number): Promise<void> {
  const { enrolments, steps, log } = await loadTracks(life);
  const events = allHeard(life).filter(isHumanEvent);
  const stepsOf = groupBy(steps, row => row.nurture_id);
  checkEntries(life, enrolments, log);
  for (const enrolment of enrolments) {
    const track = treatyOf(life, enrolment.version).nurture.find(({ id }) => id === enrolment.track);
    if (track === undefined) throw broken('a track is none of the agreement', { enrolment });
    const done = stepsOf.get(enrolment.id) ?? [];
    checkSteps(life, { enrolment, track, done });
    checkExit(life, { enrolment, track, done, log, events, now });
  }
  await checkWakeups(life, log, now);
}

function broken(what: string, about: object): BrokenError {
  return new BrokenError(`${what}: ${JSON.stringify(about)}`);
}

const treaties = new WeakMap<object, z.infer<typeof treaty>>();

function treatyOf({ plan }: Life, version: number): z.infer<typeof treaty> {
  const body = plan.versions[version - 1] ?? {};
  const known = treaties.get(body) ?? treaty.parse(body);
  treaties.set(body, known);
  return known;
}

const saidNo = z.object({ reason: z.string() });

/** Each no that recycles a lead has it enter one track, if there is one for it; nothing else does. */
function checkEntries(life: Life, enrolments: readonly Enrolment[], log: readonly Logged[]): void {
  const left = new Set(enrolments);
  for (const no of log.filter(({ kind }) => kind === 'rejected')) {
    const tracks = tracksFor(life, no);
    const found = enrolments.filter(
      one => one.episode_id === no.episode_id && one.entered_at === no.at && left.has(one),
    );
    const [first] = found;
    if (found.length > 1 || !tracks.has(first?.track ?? null))
      throw broken('a no led into another track', { no, found, tracks: [...tracks] });
    if (first !== undefined) left.delete(first);
  }
  if (left.size > 0) throw broken('somebody is in a track for no reason', { left: [...left] });
}

/** The tracks that a no may lead into: one, unless what decides was told at that very time. */
function tracksFor(life: Life, no: Logged): ReadonlySet<string | null> {
  const { reasons, nurture } = treatyOf(life, no.version);
  const { reason: id } = saidNo.parse(no.particulars);
  const reason = reasons.find(one => one.id === id);
  if (reason?.then !== 'recycle') return new Set([null]);
  if (reason.nurture !== undefined) return new Set([reason.nurture]);
  const names = namesAt(life, no);
  const isUnsure = names.length === 0 || names.some(name => life.parted.has(name));
  const first = (title: unknown) =>
    nurture.find(({ when }) => when === undefined || when['contact.title'] === title)?.id ?? null;
  if (isUnsure) return new Set([first('VP'), first(null)]);
  const titles = [no.at - UNSURE_MS, no.at + UNSURE_MS].flatMap(knownAt => {
    const someone = life.model.people(knownAt).find(one => names.some(name => one.names.has(name)));
    return someone === undefined ? [] : [life.model.profile(someone).title];
  });
  return new Set(titles.map(first));
}

/** The names of the contact of an episode when something happened to it. */
function namesAt(
  { looks }: Life,
  { episode_id: id, at }: Pick<Logged, 'episode_id' | 'at'>,
): readonly string[] {
  const look =
    looks.findLast(one => one.now <= at && one.episodes.has(id)) ?? looks.find(one => one.episodes.has(id));
  return look?.contacts.get(look.episodes.get(id) ?? '') ?? [];
}

/** Each step is done in its turn, once, not before it is due, and by the next sweep; a mail is one letter, a hook one message. */
function checkSteps(
  life: Life,
  of: { readonly enrolment: Enrolment; readonly track: Track; readonly done: readonly DoneStep[] },
): void {
  const { enrolment, track, done } = of;
  const { left_at: leftAt } = enrolment;
  let from = enrolment.entered_at;
  for (const [index, { wait, email, webhook }] of track.steps.entries()) {
    const dueAt = from + (wait === undefined ? 0 : (parseDuration(wait) ?? 0));
    const step = done[index];
    const seenAt = life.ticks.find(tick => tick >= dueAt && tick >= from) ?? Number.POSITIVE_INFINITY;
    if (step === undefined) {
      if (seenAt < (leftAt ?? Number.POSITIVE_INFINITY) - UNSURE_MS && seenAt < life.clocks.base + UNSURE_MS)
        throw broken('a step was missed', { enrolment, dueAt, seenAt, index });
      if (leftAt === null && (enrolment.next_step !== index || enrolment.next_step_at !== dueAt))
        throw broken('the next step is another', { enrolment, dueAt, index });
      break;
    }
    if (step.step !== index || step.at < dueAt || step.at > seenAt || (leftAt !== null && step.at > leftAt))
      throw broken('a step was done at another time', { enrolment, step, dueAt, seenAt });
    const kind = email === undefined ? (webhook === undefined ? 'wait' : 'webhook') : 'email';
    const isOnce = (step.letter_id !== null) === (kind === 'email');
    const hooks = kind === 'webhook' && life.plan.hasWebhook ? 1 : 0;
    if (step.kind !== kind || step.name !== (email ?? webhook ?? null) || !isOnce || step.hooks !== hooks)
      throw broken('a step did something else', { enrolment, step, kind, hooks });
    from = step.at;
  }
  if (done.length > track.steps.length) throw broken('a track has more steps', { enrolment, done });
}

interface Leaving {
  readonly enrolment: Enrolment;
  readonly track: Track;
  readonly done: readonly DoneStep[];
  readonly log: readonly Logged[];
  readonly events: readonly Heard[];
  readonly now: number;
}

/** Who had to leave a track has, and who has left it had to. */
function checkExit(life: Life, of: Leaving): void {
  const { enrolment, done } = of;
  const { left_at: leftAt, left_because: because } = enrolment;
  for (const { by, what } of mustLeave(life, of))
    if (leftAt === null || leftAt > by)
      throw broken('somebody should have left a track', { enrolment, by, what });
  if (leftAt !== null && because !== null && !mayLeave(life, { ...of, leftAt, because }))
    throw broken('somebody left a track for no reason', { enrolment, done });
}

/** What ends a track by an instant, and what it is. */
interface End {
  readonly by: number;
  readonly what: object;
}

function mustLeave(life: Life, { enrolment, track, done, events, now }: Leaving): readonly End[] {
  const { episode_id: episodeId, entered_at: enteredAt } = enrolment;
  const ends: End[] = [];
  const nextTick = (at: number) => life.ticks.find(tick => tick > at + UNSURE_MS) ?? Number.POSITIVE_INFINITY;
  const isIn = (at: number) => at > enteredAt + UNSURE_MS;
  for (const event of events)
    if (endOf(track, event.name) !== null && event.at >= enteredAt && isIn(event.from))
      if (isToldOf(life, event, episodeId) === 'surely') ends.push({ by: event.to, what: event });
  for (const { raw, step, from, to } of life.heard) {
    const hasOptedOut = JSON.stringify(raw.traits ?? {}).includes('"unsubscribed":true');
    if (hasOptedOut && isIn(from) && isAbout(life, [`user ${raw.userId}`], { episodeId, step }) === 'surely')
      ends.push({ by: to, what: raw });
  }
  const { post } = life.peers;
  for (const wish of post.wishes()) {
    const names = [`email ${wish.address}`];
    if (wish.wantsMail || !wish.isDone || !wish.isFresh || !isIn(wish.at)) continue;
    if (isAbout(life, names, { episodeId, step: wish.step }) === 'surely')
      ends.push({ by: nextTick(wish.at), what: wish });
  }
  for (const refusal of post.refusals())
    if (refusal.isHeard && done.some(step => step.letter_id === refusal.id))
      ends.push({ by: nextTick(refusal.at), what: refusal });
  for (const step of done)
    if (step.state === 'refused') ends.push({ by: nextTick(step.ended_at ?? step.at), what: step });
  for (const halt of life.halts)
    if (halt.isDone && halt.episodeId === episodeId && halt.at >= enteredAt)
      ends.push({ by: halt.at, what: halt });
  if (done.length === track.steps.length)
    ends.push({ by: done.at(-1)?.at ?? enteredAt, what: { isDone: true } });
  return ends.filter(({ by }) => by <= now);
}

/** Why an event of this name ends a track; null where it does not. */
function endOf({ exitOn }: Track, name: string): string | null {
  if (name === 'Email Replied') return 'reply';
  if (name === 'Email Bounced') return 'bounce';
  if (name === 'Unsubscribed') return 'unsubscribed';
  return name === exitOn ? 'event' : null;
}

function mayLeave(life: Life, of: Leaving & { readonly leftAt: number; readonly because: string }): boolean {
  const { enrolment, track, done, log, events, leftAt, because } = of;
  const { episode_id: episodeId, contact_id: contactId, entered_at: enteredAt, left_by: by } = enrolment;
  const { post } = life.peers;
  const names = namesAt(life, { episode_id: episodeId, at: leftAt + UNSURE_MS });
  const isEnded = () =>
    events.some(
      event =>
        endOf(track, event.name) === because &&
        event.at >= enteredAt &&
        event.from <= leftAt &&
        isToldOf(life, event, episodeId) !== 'no',
    );
  switch (because) {
    case 'finished':
      return done.length === track.steps.length;
    case 'stopped':
      return life.halts.some(halt => halt.episodeId === episodeId && halt.at === leftAt);
    case 'reopened':
      return log.some(
        ({ kind, episode_id: id, at }) => kind === 'reopened' && id === episodeId && at === leftAt,
      );
    case 'handed_over':
    case 'merged':
      if (by === 'a merge') return true;
      return life.seen.episodes.some(
        ({ contact_id: id, handed_off_at: at }) => id === contactId && at >= enteredAt && at <= leftAt,
      );
    case 'disqualified': {
      const someone = life.model
        .people(leftAt + UNSURE_MS)
        .find(one => names.some(name => one.names.has(name)));
      const version = life.looks.findLast(({ now }) => now <= leftAt + UNSURE_MS)?.versions.get(contactId);
      if (someone === undefined || version === undefined || version === null || version === 0) return true;
      if (names.some(name => life.parted.has(name)) || life.model.hasTwoCompanies(someone)) return true;
      return [enrolment.version, version].some(
        one => life.model.disqualifiers(one, someone, leftAt, leftAt + UNSURE_MS).length > 0,
      );
    }
    case 'unsubscribed':
      return isEnded() || post.isKnownFor(names, 'wants none');
    case 'bounce':
      return isEnded() || post.isKnownFor(names, 'gone');
    case 'refused':
      return done.some(({ refused }) => refused !== null);
    default:
      return isEnded();
  }
}
