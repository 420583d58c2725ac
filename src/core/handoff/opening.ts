import type { Disqualifier } from '../agreement/agreement.ts';
import type { EpisodeState } from '../contact/episode.ts';
import type { Program } from '../scoring/program.ts';
import { type Breakdown, overridingPath, pathDespite, type Subject, sumsOf } from '../scoring/score.ts';
import { unreachable } from '../unreachable.ts';

/**
 * What may open episodes: a live call; the passing of time, which leaves alone those that imported history or a new
 * version made qualify; or nothing, for imports.
 */
export type Opens = 'onCall' | 'onTime' | 'never';

/** An episode to open: by which path, and what disqualifies the lead if anything does. */
export interface Opening {
  readonly path: string;
  readonly disqualifier: Pick<Disqualifier, 'id' | 'label' | 'route'> | null;
  /** A crossing before this belongs to an earlier handoff. */
  readonly since: number;
  /** The decision that sent the lead back to nurture; only an event later than it lets the lead qualify again. */
  readonly recycledAt: number | null;
  /** The person who opens it by hand, and gets it if they can. */
  readonly byHand?: string | null;
}

/** Whether a contact may get a new episode. Times in epoch ms. */
interface Permission {
  readonly isAllowed: boolean;
  /** Whether a path that overrides the wait may open one meanwhile. */
  readonly isWaivable: boolean;
  /** When a wait ends, if that is what stands in the way. */
  readonly notBefore: number | null;
  /** Since when it could qualify anew. */
  readonly since: number;
  /** The decision that sent it back to nurture, if one did last. */
  readonly recycledAt: number | null;
  /** Whether a disqualifier closed it last. */
  readonly isClosed: boolean;
}

/** The open episode of a contact under an agreement, else the one that ended last. Times in epoch ms. */
export interface LastEpisode {
  readonly state: EpisodeState;
  readonly endedAt: number | null;
  readonly decidedAt: number | null;
  /** When the wait ends that a rejection asked for, or the rest after a team was done with the lead. */
  readonly requalifyAt: number | null;
  /** What disqualified the lead when the episode was opened. */
  readonly disqualifier: string | null;
}

/**
 * Whether a contact may get a new episode at `now`: it has no open one, was not closed for good by sales, and after a
 * recycling the wait is over, or a path overrides it, and something happened since the decision.
 *
 * @example mayOpen(null, { createdAt: 5, lastSeenAt: null }, 9).isAllowed // true
 */
export function mayOpen(
  last: LastEpisode | null,
  contact: { readonly createdAt: number; readonly lastSeenAt: number | null },
  now: number,
): Permission {
  const allowed = {
    isAllowed: true,
    isWaivable: false,
    notBefore: null,
    since: contact.createdAt,
    recycledAt: null,
    isClosed: false,
  };
  const forbidden = { ...allowed, isAllowed: false, since: now };
  if (last === null) return allowed;
  const { state, endedAt, requalifyAt } = last;
  if (endedAt === null || state === 'won') return forbidden;
  if (state === 'disqualified') {
    const isClosed = last.disqualifier !== null && last.decidedAt === null;
    return isClosed ? { ...allowed, since: endedAt, isClosed } : forbidden;
  }
  const decidedAt = last.decidedAt ?? endedAt;
  const isAllowed = contact.lastSeenAt !== null && contact.lastSeenAt > decidedAt;
  if (requalifyAt !== null && requalifyAt > now)
    return {
      ...forbidden,
      isWaivable: isAllowed,
      notBefore: requalifyAt,
      since: decidedAt,
      recycledAt: decidedAt,
    };
  const since = Math.max(decidedAt, requalifyAt ?? decidedAt);
  return { ...allowed, isAllowed, since, recycledAt: decidedAt };
}

/**
 * The episode that a contact's score asks for at `now`, if it may have one. A disqualifier that names a team sends the lead
 * there; another closes it, once, with the reason kept. While a rejection asks to wait, only a path that overrides the wait
 * opens one, by something done since the decision.
 */
export function openingOf(
  program: Program,
  { subject, score, now }: { readonly subject: Subject; readonly score: Breakdown; readonly now: number },
  { isAllowed, isWaivable, since, recycledAt, isClosed }: Permission,
): Opening | null {
  if (!isAllowed && !isWaivable) return null;
  const asked = { subject, t: now, sums: sumsOf(program, score) };
  const found = (usual: string | null) =>
    isAllowed ? usual : overridingPath(program, asked, recycledAt ?? now);
  if (score.qualifies !== null) {
    const path = found(score.qualifies);
    return path === null ? null : { path, disqualifier: null, since, recycledAt };
  }
  if (score.disqualified.length === 0) return null;
  const path = found(pathDespite(program, asked));
  if (path === null) return null;
  const held = program.agreement.disqualify.filter(({ id }) => score.disqualified.includes(id));
  const disqualifier = held.find(({ route }) => route !== null) ?? held[0];
  if (disqualifier === undefined || (isClosed && disqualifier.route === null)) return null;
  return { path, disqualifier, since: now, recycledAt: null };
}

/**
 * Why a contact that qualifies is not handed over; null when it is. `evaluated` is how it was evaluated last, version 0
 * where it is to be evaluated as if for the first time; `active` is the version it is evaluated under now.
 *
 * @example whyLeftAlone('onTime', null, { version: 1, handsOver: true }) // 'imported history'
 */
export function whyLeftAlone(
  opens: Opens,
  evaluated: { readonly version: number; readonly leftAlone: string | null } | null,
  active: { readonly version: number; readonly handsOver: boolean },
): string | null {
  if (opens === 'onCall') return null;
  if (opens === 'never' || evaluated === null || evaluated.version === 0) return 'imported history';
  if (evaluated.leftAlone !== null || evaluated.version === active.version) return evaluated.leftAlone;
  return active.handsOver ? null : 'a new version of the agreement';
}

/** Where a contact stands with sales. Times in epoch ms. */
interface Place {
  readonly stage: string;
  readonly stageSince: number;
  readonly firstMqlAt: number | null;
  readonly ownerId: string | null;
  readonly evaluatedAt: number;
}

/** What came of opening an episode, or of giving one that waited to somebody. */
export interface HandoffOutcome {
  /**
   * A marketing qualified lead; one that a disqualifier sent to its team, or that waited and has an owner now; or one that
   * was closed.
   */
  readonly kind: 'mql' | 'routed' | 'closed';
  readonly ownerId: string | null;
  readonly qualifiedAt: number;
}

/**
 * Where a contact stands after a handoff, if there was one. A lead that a disqualifier sent to a team is not an MQL; one
 * that nobody takes is closed.
 */
export function afterHandoff<P extends Place>(place: P, handoff: HandoffOutcome | null): P {
  if (handoff === null) return place;
  const { evaluatedAt: stageSince } = place;
  const ownerId = handoff.ownerId ?? place.ownerId;
  switch (handoff.kind) {
    case 'routed':
      return { ...place, ownerId };
    case 'closed':
      return { ...place, stage: 'disqualified', stageSince };
    case 'mql':
      return {
        ...place,
        stage: 'mql',
        stageSince,
        firstMqlAt: place.firstMqlAt ?? handoff.qualifiedAt,
        ownerId,
      };
    default:
      return unreachable(handoff.kind);
  }
}
