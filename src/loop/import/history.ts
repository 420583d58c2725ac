import { randomUUID } from 'node:crypto';
import { bagOf } from '../../core/contact/bag.ts';
import { entry, type JournalEntry } from '../../core/contact/journal.ts';
import { textIn } from '../../core/contact/profile.ts';
import { groundsOf } from '../../core/explanation/sentence.ts';
import { pathLabel } from '../../core/handoff/desk.ts';
import type { OutcomeReading, ToldEpisode, ToldStep } from '../../core/import/outcome.ts';
import { qualifiedSince } from '../../core/replay/replay.ts';
import { effectsOf, NO_EFFECTS } from '../../core/report/decisive.ts';
import { profileAt } from '../../core/scoring/facts.ts';
import { groundsWords } from '../../core/scoring/ground.ts';
import { printScore } from '../../core/scoring/print.ts';
import type { Program } from '../../core/scoring/program.ts';
import { DATED } from '../../core/time/recency.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { Sql } from '../../db/database.ts';
import { loadUsersByEmail } from '../../db/import/import.ts';
import {
  addPastEpisodes,
  addPastTouches,
  changeToldEpisodes,
  type EpisodeHistory,
  type PastEpisode,
} from '../../db/import/outcome.ts';
import { addJournal } from '../../db/journal.ts';
import type { RunningAgreement } from '../agreement/active.ts';
import { loadPasts, type Past, standingOf, UNKNOWN } from '../scoring/past.ts';

/** What history makes of one contact's episodes. */
export interface ContactHistory {
  readonly id: string;
  readonly told: OutcomeReading;
}

interface Telling {
  readonly active: RunningAgreement;
  readonly batchId: string;
  readonly now: number;
}

/** Who acted, where the file names nobody. */
const ACTOR = 'import';

/** Saves what history made of episodes: the episodes with their scores as of then, touches and journal. No alerts. */
export async function saveHistories(
  sql: Sql,
  histories: readonly ContactHistory[],
  telling: Telling,
): Promise<void> {
  const { active, batchId, now } = telling;
  const nameOwner = await loadOwners(sql, histories);
  const opening = histories.filter(({ told }) => told.episodes.some(({ isNew }) => isNew));
  const pasts = await loadPasts(
    sql,
    opening.map(({ id }) => id),
    { program: active.program, knownAt: now },
  );
  const changed = histories.flatMap(({ told }) => [
    ...new Set(told.steps.flatMap(({ episode }) => (episode.isNew ? [] : [episode]))),
  ]);
  const opened = opening.flatMap(({ id, told }) =>
    told.episodes
      .filter(({ isNew }) => isNew)
      .map(episode => pastEpisode({ contactId: id, episode, past: pasts.get(id), active, nameOwner })),
  );
  await changeToldEpisodes(
    sql,
    changed.map(episode => historyOf(episode, nameOwner)),
    batchId,
  );
  await addPastEpisodes(sql, opened, { agreementId: active.id, version: active.version, batchId });
  const steps = histories.flatMap(({ id, told }) => told.steps.map(step => ({ contactId: id, step })));
  const touches = steps.flatMap(({ contactId, step: { row, episode } }) => {
    const { type, at, owner, note } = row.outcome;
    const actor = nameOwner(owner).name ?? ACTOR;
    return type === 'touch' ? [{ id: randomUUID(), episodeId: episode.id, contactId, at, actor, note }] : [];
  });
  await addPastTouches(sql, touches, batchId);
  await addJournal(sql, [
    ...opened.map(episode => handoffEntry(episode, telling)),
    ...steps.flatMap(({ contactId, step }) => stepEntry(step, { ...telling, contactId, nameOwner })),
  ]);
}

/** A user where the address is one's, else the name as it was given. */
type NameOwner = (given: string | null) => { readonly id: string | null; readonly name: string | null };

async function loadOwners(sql: Sql, histories: readonly ContactHistory[]): Promise<NameOwner> {
  const given = histories.flatMap(({ told }) =>
    told.steps.flatMap(({ row }) => row.outcome.owner?.toLowerCase() ?? []),
  );
  const asked = [...new Set(given)];
  const users = asked.length === 0 ? [] : await loadUsersByEmail(sql, asked);
  const byEmail = new Map(users.map(user => [user.email, user]));
  return name => {
    const user = name === null ? undefined : byEmail.get(name.toLowerCase());
    return user === undefined ? { id: null, name } : { id: user.id, name: user.name };
  };
}

function historyOf(episode: ToldEpisode, nameOwner: NameOwner): EpisodeHistory {
  const owner = nameOwner(episode.owner);
  const { owner: _owner, handedOffAt: _at, isNew: _isNew, ...rest } = episode;
  return {
    ...rest,
    decidedBy:
      episode.decision === null
        ? null
        : (nameOwner(episode.decidedBy).name ?? (episode.isNew ? ACTOR : null)),
    ownerId: owner.id,
    ownerName: owner.id === null ? owner.name : null,
    waitingFor: episode.isNew && episode.state === 'open' && owner.id === null ? waiting(owner.name) : null,
  };
}

/** Nobody here owns the lead: why, so that it does not get lost. */
function waiting(owner: string | null): string {
  return owner === null ? 'imported without an owner' : `its owner ${owner.slice(0, 100)} is not a user here`;
}

/** The handoff as it would have looked: the score and the path of that time under today's agreement. */
function pastEpisode(of: {
  readonly contactId: string;
  readonly episode: ToldEpisode;
  readonly past: Past | undefined;
  readonly active: RunningAgreement;
  readonly nameOwner: NameOwner;
}): PastEpisode {
  const { contactId, episode, past, active } = of;
  const { handedOffAt } = episode;
  const { program } = active;
  const { subject, score, nextChangeAt } =
    past === undefined ? UNKNOWN : standingOf(program, past, handedOffAt);
  const path = score.applies ? score.qualifies : null;
  const label = path === null ? 'Imported' : pathLabel(program.agreement, path);
  const grounds =
    past !== undefined && score.applies
      ? groundsOf({
          agreement: program.agreement,
          profile: profileAt(past.timeline.versions, handedOffAt),
          score,
          at: handedOffAt,
          events: past.events,
        })
      : null;
  return {
    ...historyOf(episode, of.nameOwner),
    contactId,
    path: path ?? 'imported',
    pathLabel: label,
    total: score.applies ? score.total : 0,
    grade: score.applies ? score.grade : null,
    sentence: grounds === null ? `${label}: not scored then` : groundsWords(grounds, DATED),
    grounds,
    breakdown: printScore({ id: contactId, at: handedOffAt, score, nextChangeAt }),
    ...(score.applies ? effectsOf(program, score, { subject, t: handedOffAt }) : NO_EFFECTS),
    qualifiedAt:
      (past === undefined || path === null ? null : sinceOf(program, past, handedOffAt)) ?? handedOffAt,
    handedOffAt,
    source: episode.source ?? (past === undefined ? null : sourceOf(past, handedOffAt)),
  };
}

/** Since when a contact qualifies at an instant. */
function sinceOf(program: Program, { timeline }: Past, at: number): number | null {
  return qualifiedSince(program, timeline, { from: timeline.createdAt, to: at });
}

function sourceOf({ timeline }: Past, at: number): string | null {
  return textIn(bagOf(profileAt(timeline.versions, at).contact).source);
}

function handoffEntry(episode: PastEpisode, telling: Telling): JournalEntry {
  const { path, pathLabel: label, sentence, total, waitingFor, ownerName: owner } = episode;
  return entry(
    'handoff',
    {
      path,
      pathLabel: label,
      sentence,
      total,
      owner,
      waitingFor,
      because: 'imported',
      batch: telling.batchId,
    },
    aboutPast({ contactId: episode.contactId, episodeId: episode.id, at: episode.handedOffAt }, telling),
  );
}

/** What an entry is about that tells of the past. */
function aboutPast(
  of: {
    readonly contactId: string;
    readonly episodeId: string;
    readonly at: number;
    readonly by?: string;
  },
  { active, now }: Telling,
) {
  return { by: ACTOR, ...of, agreementId: active.id, version: active.version, recordedAt: now };
}

function stepEntry(
  { row, episode }: ToldStep,
  of: Telling & { readonly contactId: string; readonly nameOwner: NameOwner },
): readonly JournalEntry[] {
  const { type, at, owner, reason, note, amount, currency } = row.outcome;
  const { contactId, batchId: batch } = of;
  const by = of.nameOwner(owner).name ?? ACTOR;
  const about = aboutPast({ contactId, episodeId: episode.id, at, by }, of);
  const why = {
    reason: reason === null ? null : episode.reason,
    reasonLabel: reason === null ? null : episode.reasonLabel,
  };
  switch (type) {
    case 'handoff':
      return [];
    case 'touch':
      return [entry('activity', { activity: type, note, batch }, about)];
    case 'accepted':
    case 'rejected':
    case 'recycled':
      return [entry(type, { ...why, note, batch }, about)];
    case 'opportunity':
    case 'won':
    case 'lost':
      return [entry('outcome', { ...why, type, amount, currency, note, batch }, about)];
    default:
      return unreachable(type);
  }
}
