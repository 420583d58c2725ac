import { z } from 'zod';
import { groupBy } from '../../src/core/contact/group.ts';
import { parseDuration } from '../../src/core/time/duration.ts';
import { BrokenError } from './check.ts';
import { namesOf } from './model.ts';
import { allHeard, type Heard, isHumanEvent } from './said.ts';
import { ask } from './snapshot.ts';
import type { Life, Look } from './world.ts';

/** How far two clocks, or things done at the same time, may be apart, in ms. */
const UNSURE_MS = 10_000;
/** How far the clocks of two servers may be apart, in ms: who was heard by one is not heard by another in their past. */
const SKEW_MS = 3_000;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const WEEK = 7 * DAY;

const outreach = z.object({
  outreach: z.array(
    z.object({
      id: z.string(),
      on: z.string(),
      when: z.record(z.string(), z.string()).optional(),
      webhook: z.string().optional(),
      delay: z.string().optional(),
      atMostEvery: z.string().optional(),
    }),
  ),
});
type Entry = z.infer<typeof outreach>['outreach'][number];

const LETTER = {
  id: 'uuid',
  purpose: 'text',
  contact_id: 'uuid',
  origin_id: 'uuid?',
  entry: 'text',
  version: 'int4',
  template: 'text?',
  state: 'text',
  because: 'text?',
  detail: 'text?',
  created_at: 'timestamptz',
  not_before: 'timestamptz',
  ended_at: 'timestamptz?',
  hooks: 'int8',
} as const;

type Letter = Awaited<ReturnType<typeof loadLetters>>[number];

function loadLetters({ db }: Life) {
  return ask(
    db,
    'letters',
    LETTER,
    `select l.id, l.purpose, l.contact_id, l.origin_id, l.entry, l.version, l.template, l.state, l.because, l.detail, l.created_at,
       l.not_before, l.ended_at,
       (select count(*) from outbox o where o.channel = 'webhook' and o.payload->>'type' = 'lead.outreach'
         and o.contact_id = coalesce(l.origin_id, l.contact_id) and o.payload #>> '{data,outreach}' = l.entry
         and o.payload->>'timestamp' = to_char(l.not_before at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as hooks
     from letter l order by l.created_at, l.id`,
  );
}

/**
 * Looks, at the end of a world, at its letters: each that was promised has arrived, or was refused for a reason that holds;
 * what arrived was promised, in its time; and outreach answered exactly what leads did, worked out anew from that.
 */
export async function checkLetters(life: Life): Promise<void> {
  const letters = await loadLetters(life);
  checkArrivals(life, letters);
  for (const letter of letters) checkEnd(life, letter);
  const answers = letters.filter(({ purpose }) => purpose === 'outreach');
  checkThrottle(life, answers);
  const raises = raisesOf(life);
  checkReasons(life, answers, raises);
  for (const raise of raises) if (raise.isSure) checkAnswered(answers, raise);
}

function broken(what: string, about: object): BrokenError {
  return new BrokenError(`${what}: ${JSON.stringify(about)}`);
}

function entriesOf({ plan }: Life, version: number): readonly Entry[] {
  return outreach.parse(plan.versions[version - 1] ?? {}).outreach;
}

const msOf = (duration: string | undefined, usual: number) =>
  duration === undefined || duration === '0s'
    ? duration === undefined
      ? usual
      : 0
    : (parseDuration(duration) ?? usual);

/** What arrived is a letter, with its own words, not before its time; what was sent has arrived. */
function checkArrivals({ peers }: Life, letters: readonly Letter[]): void {
  const arrivals = peers.post.letters();
  const byId = new Map(letters.map(letter => [letter.id, letter]));
  for (const arrival of arrivals) {
    const letter = byId.get(arrival.id);
    if (letter === undefined || letter.template !== arrival.subject || arrival.at < letter.not_before)
      throw broken('a letter arrived that was not to be sent', { arrival, letter });
    if (letter.state !== 'sent' && !arrival.isLost)
      throw broken('a letter that was taken is not sent', { arrival, letter });
  }
  const arrived = new Set(arrivals.map(({ id }) => id));
  const unsent = letters.find(
    ({ id, state, template }) => template !== null && state === 'sent' && !arrived.has(id),
  );
  if (unsent !== undefined) throw broken('a letter was sent and never arrived', { unsent });
}

/** A letter is sent, or refused for a reason that the world knows of. */
function checkEnd(life: Life, letter: Letter): void {
  const { id, state, because, contact_id: contactId } = letter;
  if (state === 'waiting') throw broken('a letter waits for ever', { letter });
  const hooks = letter.template === null && life.plan.hasWebhook ? 1 : 0;
  if (letter.hooks !== hooks) throw broken('other software was told otherwise', { letter, hooks });
  if (state === 'sent') return;
  const { post } = life.peers;
  const names = everNamesOf(life, contactId);
  const isTrue = () => {
    switch (because) {
      case 'opted_out':
        return post.isKnownFor(names, 'wants none');
      case 'bounced':
        return post.isKnownFor(names, 'gone');
      case 'not_accepted':
        return post.refusals().some(refusal => refusal.id === id && !refusal.isGone);
      case 'gave_up':
        return post.hasFailed(id);
      case 'no_address':
        return !hadAddress(life, letter);
      case 'disqualified':
        return wasDisqualified(life, letter, names);
      default:
        return false;
    }
  };
  if (!isTrue()) throw broken('a letter was refused for no reason', { letter, names });
}

/** Every name that a contact ever had. */
function everNamesOf({ looks }: Life, contactId: string): readonly string[] {
  return [...new Set(looks.flatMap(look => look.contacts.get(contactId) ?? []))];
}

/** The looks between which a letter was promised and ended. */
function looksOf({ looks }: Life, { created_at: from, ended_at: to }: Letter): readonly Look[] {
  const first = looks.findLastIndex(({ now }) => now < from - UNSURE_MS);
  const end = (to ?? from) + UNSURE_MS;
  return looks.filter((look, index) => index >= first && look.now <= end);
}

function hadAddress(life: Life, letter: Letter): boolean {
  const holder = letter.origin_id ?? letter.contact_id;
  const around = looksOf(life, letter).flatMap(look => look.contacts.get(holder) ?? []);
  return around.length > 0 && around.every(name => name.startsWith('email '));
}

function wasDisqualified(life: Life, letter: Letter, names: readonly string[]): boolean {
  const { contact_id: contactId, version, created_at: from, ended_at: to } = letter;
  if (names.some(name => life.parted.has(name))) return true;
  if (
    life.seen.episodes.some(episode => episode.contact_id === contactId && episode.state === 'disqualified')
  )
    return true;
  return [from, to ?? from].some(at =>
    [at - UNSURE_MS, at + UNSURE_MS].some(knownAt => {
      const someone = life.model.people(knownAt).find(one => names.some(name => one.names.has(name)));
      if (someone === undefined) return true;
      const versions = [version, ...life.plan.versions.keys()].map(number => Math.max(1, number));
      return versions.some(one => life.model.disqualifiers(one, someone, at, knownAt).length > 0);
    }),
  );
}

/** One entry speaks to one contact no more often than it may. */
function checkThrottle(life: Life, answers: readonly Letter[]): void {
  const rows = groupBy(answers, ({ contact_id: id, origin_id: origin, entry }) => `${origin ?? id} ${entry}`);
  for (const row of rows.values())
    for (const [index, letter] of row.entries()) {
      const every = msOf(
        entriesOf(life, letter.version).find(({ id }) => id === letter.entry)?.atMostEvery,
        WEEK,
      );
      const close = row
        .slice(0, index)
        .find(before => letter.created_at - before.created_at < every && countsAt(before, letter.created_at));
      if (close !== undefined) throw broken('somebody was answered too often', { letter, close, every });
    }
}

/** Whether a letter keeps another one of its entry from being sent at an instant. */
function countsAt({ state, created_at: at, ended_at: endedAt }: Letter, now: number): boolean {
  return state === 'sent' || (endedAt ?? 0) > now || now - at < MINUTE;
}

/** Something that outreach answers: what a lead did, or that it was handed over by that. */
interface Raise {
  readonly entry: Entry;
  /** The contact that it was told of, as it was called then and as it is now. */
  readonly contactIds: ReadonlySet<string>;
  readonly from: number;
  readonly to: number;
  /** Whether it must be answered; what came about at the same time as something that decides on it may be. */
  readonly isSure: boolean;
  readonly event: string;
}

function raisesOf(life: Life): readonly Raise[] {
  return allHeard(life).flatMap(event => {
    const { raw, step, from } = event;
    const to = event.to + SKEW_MS;
    const before = life.looks[step];
    const after = life.looks[step + 1];
    const names = namesOf(raw);
    if (before === undefined || after === undefined) return [];
    const holders = new Set(
      [before, after].flatMap(look => names.flatMap(name => look.names.get(name) ?? [])),
    );
    // Somebody may have come and been joined within the step: letters go by who they are now.
    const last = life.looks.at(-1);
    const contactIds = new Set([...holders, ...names.flatMap(name => last?.names.get(name) ?? [])]);
    const [now] = new Set(names.flatMap(name => after.names.get(name) ?? []));
    const version = now === undefined ? null : (after.versions.get(now) ?? null);
    if (version === null || version === 0) return [];
    const ever = [...contactIds].flatMap(id => everNamesOf(life, id));
    const isParted = ever.some(name => life.parted.has(name));
    const isStopped =
      life.peers.post.isKnownFor(ever, 'wants none') ||
      life.seen.episodes.some(
        ({ id, state }) => state === 'disqualified' && contactIds.has(after.episodes.get(id) ?? ''),
      );
    return entriesOf(life, version).flatMap((entry): readonly Raise[] => {
      const isSure =
        !isParted && holders.size === 1 && isSurelyHeard(life, { event, entry, version, isStopped });
      const common = { entry, contactIds, from, to, event: event.name };
      if (entry.on === 'handoff')
        return life.seen.episodes.flatMap(({ id, handed_off_at: at, ended_at: endedAt }) =>
          at >= from && at <= to && contactIds.has(after.episodes.get(id) ?? '') && endedAt !== at
            ? [{ ...common, isSure: isSure && raw.context === undefined }]
            : [],
        );
      return isHumanEvent(event) && entry.on === event.name && from - event.at <= DAY + UNSURE_MS
        ? [{ ...common, isSure }]
        : [];
    });
  });
}

/** Whether nothing that was told at about the same time decides on an answer: who it is, and whether they get any. */
function isSurelyHeard(
  { model, wasActivated }: Life,
  of: {
    readonly isStopped: boolean;
    readonly event: Heard;
    readonly entry: Entry;
    readonly version: number;
  },
): boolean {
  const { event, entry, version, isStopped } = of;
  if (wasActivated || event.to - event.at > DAY - UNSURE_MS) return false;
  const [name = ''] = namesOf(event.raw);
  // Of other software that is told nothing no row is kept.
  if (entry.webhook !== undefined && isStopped) return false;
  return [event.from - UNSURE_MS, event.to + UNSURE_MS].every(knownAt => {
    const someone = model.people(knownAt).find(one => one.names.has(name));
    if (someone === undefined || model.hasTwoCompanies(someone)) return false;
    const title = entry.when?.['contact.title'];
    const isOut = model.disqualifiers(version, someone, event.to, knownAt).length > 0;
    return !isOut && (title === undefined || model.profile(someone).title === title);
  });
}

/** Each answer has what it answers, and waits as long as its entry says. */
function checkReasons(life: Life, answers: readonly Letter[], raises: readonly Raise[]): void {
  for (const letter of answers) {
    const { created_at: at, not_before: notBefore, contact_id: id, origin_id: origin, version } = letter;
    const entry = entriesOf(life, version).find(one => one.id === letter.entry);
    const raise = raises.find(
      one =>
        one.entry.id === letter.entry &&
        at >= one.from &&
        at <= one.to &&
        (one.contactIds.has(id) || one.contactIds.has(origin ?? '')),
    );
    // Of calls that came at the same time, the last says when their answers are promised.
    const delay = msOf(entry?.delay, 0);
    if (raise === undefined || notBefore < raise.from + delay || notBefore > at + delay)
      throw broken('an answer to nothing', {
        letter,
        entry,
        raise,
        episodes: life.seen.episodes.filter(episode => episode.contact_id === id),
      });
  }
}

/** What a lead did was answered, unless its entry had spoken to it not long before. */
function checkAnswered(answers: readonly Letter[], { entry, contactIds, from, to, event }: Raise): void {
  const own = answers.filter(
    ({ entry: id, contact_id: contactId, origin_id: origin }) =>
      id === entry.id && (contactIds.has(contactId) || contactIds.has(origin ?? '')),
  );
  const isAnswered = own.some(({ created_at: at }) => at >= from && at <= to);
  const every = msOf(entry.atMostEvery, WEEK);
  const isSpoken = own.some(
    letter =>
      letter.created_at <= to &&
      to - letter.created_at < every + UNSURE_MS &&
      countsAt(letter, from - UNSURE_MS),
  );
  if (!isAnswered && !isSpoken) throw broken('a lead was not answered', { entry, from, to, event, own });
}
