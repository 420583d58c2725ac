import { profileAt } from '../core/facts.ts';
import { earlier } from '../core/instant.ts';
import { textIn } from '../core/profile.ts';
import { nextChangeAt, readProfile, type Subject, scoreAt } from '../core/score.ts';
import type { Stage } from '../core/stage.ts';
import type { ContactRow, loadStandings, StandingRow } from '../db/live.ts';
import type { Evidence } from './evidence.ts';
import { type Folded, scoringVersions } from './fold.ts';
import type { Candidate, Given } from './give.ts';
import type { RunningAgreement } from './program.ts';

/**
 * What may open episodes: a live call; the passing of time, which leaves alone those that imported history already
 * qualified; or nothing, for imports.
 */
export type Opens = 'onCall' | 'onTime' | 'never';

export type LoadedStanding = Awaited<ReturnType<typeof loadStandings>>[number];

/** What an evaluation says of where a contact stands. */
export interface Assessment {
  readonly standing: Omit<StandingRow, 'digested'>;
  /** Qualifies and may be handed over; a crossing before `since` belongs to an earlier handoff. */
  readonly candidate: (Omit<Candidate, 'active' | 'qualifiedAt'> & { readonly since: number }) | null;
}

/** Evaluates a contact under an agreement at `now`. */
export function assess(of: {
  readonly active: RunningAgreement;
  readonly row: ContactRow;
  readonly folded: Folded;
  readonly companies: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  readonly evidence: Evidence;
  readonly standing: LoadedStanding | null;
  readonly now: number;
  readonly opens: Opens;
}): Assessment {
  const { active, row, standing, now } = of;
  const { program } = active;
  const { createdAt } = row;
  const versions = scoringVersions(of.folded, of.companies);
  const profile = profileAt(versions, now);
  const { digest, nextEventAt } = of.evidence;
  const subject: Subject = { readings: readProfile(program, profile, createdAt), digest, createdAt };
  const score = scoreAt(program, subject, now);
  const change = nextChangeAt(program, subject, now);
  const qualifies = score.applies ? score.qualifies : null;
  const may = mayOpen(standing, row, now);
  const nextAt = [may.notBefore, nextEventAt, firstAfter(now, versions)].reduce(earlier, change);
  const next: Assessment['standing'] = {
    contactId: row.id,
    stage: standing?.stage ?? 'lead',
    stageSince: standing?.stage_since ?? row.createdAt,
    applies: score.applies,
    scores: score.applies ? score.scores : {},
    total: score.applies ? score.total : null,
    grade: score.applies ? score.grade : null,
    qualifies,
    disqualified: score.applies ? score.disqualified : [],
    firstMqlAt: standing?.first_mql_at ?? null,
    ownerId: standing?.owner_id ?? null,
    nextChangeAt: nextAt,
    evaluatedAt: now,
  };
  const wasLeftAlone =
    standing !== null &&
    standing.qualifies !== null &&
    mayOpen(standing, row, standing.evaluated_at).isAllowed;
  const opens = of.opens === 'onCall' || (of.opens === 'onTime' && !wasLeftAlone);
  if (!score.applies || qualifies === null || !may.isAllowed || !opens)
    return { standing: next, candidate: null };
  const source = textIn(of.folded.profile.contact.source);
  return {
    standing: next,
    candidate: {
      row,
      source,
      profile,
      subject,
      score,
      nextChangeAt: change,
      path: qualifies,
      now,
      since: may.since,
    },
  };
}

/** The earliest of what is known to happen after `now`, by the clock of another node. */
function firstAfter(now: number, facts: readonly { readonly at: number | null }[]): number | null {
  return facts.reduce<number | null>(
    (first, { at }) => earlier(first, at !== null && at > now ? at : null),
    null,
  );
}

/**
 * Whether a contact may get a new episode: it has no open one, was not closed for good, and after a recycling the wait
 * is over and something happened since the decision. `notBefore` is when a wait ends, if that is what stands in the way;
 * `since` is when it could first qualify anew.
 */
function mayOpen(
  standing: LoadedStanding | null,
  row: ContactRow,
  now: number,
): { readonly isAllowed: boolean; readonly notBefore: number | null; readonly since: number } {
  const forbidden = { isAllowed: false, notBefore: null, since: now };
  if (standing === null || standing.episode_id === null)
    return { isAllowed: true, notBefore: null, since: row.createdAt };
  const state = standing.episode_state;
  if (standing.episode_ended_at === null || state === 'won' || state === 'disqualified') return forbidden;
  const waitEndsAt = standing.requalify_at;
  if (waitEndsAt !== null && waitEndsAt > now) return { ...forbidden, notBefore: waitEndsAt };
  const decidedAt = standing.episode_decided_at ?? standing.episode_ended_at;
  const isAllowed = row.lastSeenAt !== null && row.lastSeenAt > decidedAt;
  return { isAllowed, notBefore: null, since: Math.max(decidedAt, waitEndsAt ?? decidedAt) };
}

/** A standing after a handoff, if there was one. */
export function withHandoff(standing: Assessment['standing'], given: Given | null): Assessment['standing'] {
  if (given === null) return standing;
  const stage: Stage = 'mql';
  return {
    ...standing,
    stage,
    stageSince: standing.evaluatedAt,
    firstMqlAt: standing.firstMqlAt ?? given.qualifiedAt,
    ownerId: given.ownerId ?? standing.ownerId,
  };
}
