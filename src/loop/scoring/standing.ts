import { type Folded, scoringVersions } from '../../core/contact/fold.ts';
import { textIn } from '../../core/contact/profile.ts';
import { profileAt } from '../../core/scoring/facts.ts';
import {
  type Breakdown,
  nextChangeAt,
  pathDespite,
  readProfile,
  type Subject,
  scoreAt,
  sumsOf,
} from '../../core/scoring/score.ts';
import type { Stage } from '../../core/scoring/stage.ts';
import { earlier } from '../../core/time/instant.ts';
import type { ContactRow } from '../../db/contact/profile.ts';
import type { loadStandings, StandingRow } from '../../db/scoring/standing.ts';
import type { ActiveAgreement } from '../agreement/active.ts';
import type { Evidence } from './evidence.ts';
import type { HandoffResult, Lead, Opening } from './lead.ts';

/**
 * What may open episodes: a live call; the passing of time, which leaves alone those that imported history or a new
 * version made qualify; or nothing, for imports.
 */
export type Opens = 'onCall' | 'onTime' | 'never';

export type LoadedStanding = Awaited<ReturnType<typeof loadStandings>>[number];

/** What an evaluation says of where a contact stands. */
export interface Assessment {
  readonly standing: Omit<StandingRow, 'digested'>;
  /** Null where the agreement does not score the contact. */
  readonly lead: Lead | null;
  readonly opening: Opening | null;
  /** The open episode that waits for an owner. */
  readonly waiting: string | null;
}

/** Evaluates a contact under an agreement at `now`. */
export function assess(of: {
  readonly active: ActiveAgreement;
  readonly row: ContactRow;
  readonly folded: Folded;
  readonly companies: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  readonly evidence: Evidence;
  readonly standing: LoadedStanding | null;
  readonly now: number;
  readonly opens: Opens;
  /** The opening that a decision asks for, whatever the evaluation says. */
  readonly asked: Opening | null;
}): Assessment {
  const { active, row, standing, now } = of;
  const { program } = active;
  const { createdAt } = row;
  const versions = scoringVersions(of.folded, of.companies);
  const profile = profileAt(versions, now);
  const { tally, nextEventAt } = of.evidence;
  const subject: Subject = { readings: readProfile(program, profile, createdAt), tally: tally, createdAt };
  const score = scoreAt(program, subject, now);
  const change = nextChangeAt(program, subject, now);
  const may = mayOpen(standing, row, now);
  const found = score.applies && may.isAllowed ? openingOf(active, { subject, score, now }, may) : null;
  const leftAlone = found === null ? null : leaveAlone(active, standing, of.opens);
  return {
    standing: {
      contactId: row.id,
      stage: standing?.stage ?? 'lead',
      stageSince: standing?.stage_since ?? row.createdAt,
      applies: score.applies,
      scores: score.applies ? score.scores : {},
      total: score.applies ? score.total : null,
      grade: score.applies ? score.grade : null,
      qualifies: score.applies ? score.qualifies : null,
      disqualified: score.applies ? score.disqualified : [],
      firstMqlAt: standing?.first_mql_at ?? null,
      ownerId: standing?.owner_id ?? null,
      nextChangeAt: [may.notBefore, nextEventAt, firstAfter(now, versions)].reduce(earlier, change),
      evaluatedAt: now,
      leftAlone,
    },
    lead: score.applies
      ? {
          row,
          source: textIn(of.folded.profile.contact.source),
          profile,
          subject,
          score,
          nextChangeAt: change,
          now,
        }
      : null,
    opening: of.asked ?? (leftAlone === null ? found : null),
    waiting: standing?.episode_waits === true ? standing.episode_id : null,
  };
}

/**
 * The episode that a contact's evaluation asks for. A disqualifier that names a team sends the lead there; another
 * closes it, once, with the reason kept.
 */
function openingOf(
  { program }: ActiveAgreement,
  { subject, score, now }: { readonly subject: Subject; readonly score: Breakdown; readonly now: number },
  { since, recycledAt, isClosed }: Permission,
): Opening | null {
  if (score.qualifies !== null) return { path: score.qualifies, disqualifier: null, since, recycledAt };
  if (score.disqualified.length === 0) return null;
  const path = pathDespite(program, { subject, t: now, sums: sumsOf(program, score) });
  if (path === null) return null;
  const held = program.agreement.disqualify.filter(({ id }) => score.disqualified.includes(id));
  const disqualifier = held.find(({ route }) => route !== null) ?? held[0];
  if (disqualifier === undefined || (isClosed && disqualifier.route === null)) return null;
  return { path, disqualifier, since: now, recycledAt: null };
}

/** Why a contact that qualifies is not handed over; null when it is. */
function leaveAlone(active: ActiveAgreement, standing: LoadedStanding | null, opens: Opens): string | null {
  if (opens === 'onCall') return null;
  if (opens === 'never' || standing === null || standing.version === 0) return 'imported history';
  if (standing.left_alone !== null || standing.version === active.version) return standing.left_alone;
  return active.handsOver ? null : 'a new version of the agreement';
}

/** The earliest of what is known to happen after `now`, by the clock of another node. */
function firstAfter(now: number, facts: readonly { readonly at: number | null }[]): number | null {
  return facts.reduce<number | null>(
    (first, { at }) => earlier(first, at !== null && at > now ? at : null),
    null,
  );
}

/** Whether a contact may get a new episode. Times in epoch ms. */
interface Permission {
  readonly isAllowed: boolean;
  /** When a wait ends, if that is what stands in the way. */
  readonly notBefore: number | null;
  /** Since when it could qualify anew. */
  readonly since: number;
  /** The decision that sent it back to nurture, if one did last. */
  readonly recycledAt: number | null;
  /** Whether a disqualifier closed it last. */
  readonly isClosed: boolean;
}

/**
 * Whether a contact may get a new episode: it has no open one, was not closed for good by sales, and after a recycling
 * the wait is over and something happened since the decision.
 */
function mayOpen(standing: LoadedStanding | null, row: ContactRow, now: number): Permission {
  const allowed = {
    isAllowed: true,
    notBefore: null,
    since: row.createdAt,
    recycledAt: null,
    isClosed: false,
  };
  const forbidden = { ...allowed, isAllowed: false, since: now };
  if (standing === null || standing.episode_id === null) return allowed;
  const { episode_state: state, episode_ended_at: endedAt, episode_decided_at: decided } = standing;
  if (endedAt === null || state === 'won') return forbidden;
  if (state === 'disqualified') {
    const isClosed = standing.episode_disqualifier !== null && decided === null;
    return isClosed ? { ...allowed, since: endedAt, isClosed } : forbidden;
  }
  const waitEndsAt = standing.requalify_at;
  if (waitEndsAt !== null && waitEndsAt > now) return { ...forbidden, notBefore: waitEndsAt };
  const decidedAt = decided ?? endedAt;
  const isAllowed = row.lastSeenAt !== null && row.lastSeenAt > decidedAt;
  const since = Math.max(decidedAt, waitEndsAt ?? decidedAt);
  return { ...allowed, isAllowed, since, recycledAt: decidedAt };
}

/** A standing after a handoff, if there was one: whom something disqualifies is no MQL, and closed if nobody takes it. */
export function withHandoff(
  standing: Assessment['standing'],
  handoff: HandoffResult | null,
): Assessment['standing'] {
  if (handoff === null) return standing;
  if (handoff.kind === 'routed') return { ...standing, ownerId: handoff.ownerId ?? standing.ownerId };
  if (handoff.kind === 'closed') {
    const stage: Stage = 'disqualified';
    return { ...standing, stage, stageSince: standing.evaluatedAt };
  }
  const stage: Stage = 'mql';
  return {
    ...standing,
    stage,
    stageSince: standing.evaluatedAt,
    firstMqlAt: standing.firstMqlAt ?? handoff.qualifiedAt,
    ownerId: handoff.ownerId ?? standing.ownerId,
  };
}
