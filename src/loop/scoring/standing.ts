import { episodeState } from '../../contract/api/episode.ts';
import { type Folded, scoringVersions } from '../../core/contact/fold.ts';
import { textIn } from '../../core/contact/profile.ts';
import {
  type LastEpisode,
  mayOpen,
  type Opening,
  type Opens,
  openingOf,
  whyLeftAlone,
} from '../../core/handoff/opening.ts';
import { profileAt } from '../../core/scoring/facts.ts';
import { printLine } from '../../core/scoring/print.ts';
import { nextChangeAt, readProfile, type Subject, scoreAt } from '../../core/scoring/score.ts';
import { earlier } from '../../core/time/instant.ts';
import type { ContactRow } from '../../db/contact/profile.ts';
import type { loadStandings, StandingRow } from '../../db/scoring/standing.ts';
import type { ActiveAgreement } from '../agreement/active.ts';
import type { Evidence } from './evidence.ts';
import type { Lead } from './lead.ts';

export type LoadedStanding = Awaited<ReturnType<typeof loadStandings>>[number];

/** What an evaluation says of where a contact stands. */
export interface Assessment {
  readonly standing: Omit<StandingRow, 'digested'>;
  /** Null where the agreement does not score the contact. */
  readonly lead: Lead | null;
  readonly opening: Opening | null;
  /** Who rejected the contact last, where the next handoff is to go to somebody else. */
  readonly keptFrom: string | null;
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
  const may = mayOpen(lastOf(standing), row, now);
  const found = score.applies ? openingOf(program, { subject, score, now }, may) : null;
  const leftAlone = found === null ? null : whyLeftAlone(of.opens, evaluatedBy(standing), active);
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
      lines: score.applies && standing?.episode_state === 'open' ? score.lines.map(printLine) : null,
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
    keptFrom: standing?.kept_from ?? null,
    waiting: standing?.episode_waits === true ? standing.episode_id : null,
  };
}

function evaluatedBy(standing: LoadedStanding | null) {
  return standing === null ? null : { version: standing.version, leftAlone: standing.left_alone };
}

/** The open episode of a standing, else the one that ended last. */
function lastOf(standing: LoadedStanding | null): LastEpisode | null {
  if (standing === null || standing.episode_id === null) return null;
  return {
    state: episodeState.parse(standing.episode_state),
    endedAt: standing.episode_ended_at,
    decidedAt: standing.episode_decided_at,
    requalifyAt: standing.requalify_at,
    disqualifier: standing.episode_disqualifier,
  };
}

/** The earliest of what is known to happen after `now`, by the clock of another node. */
function firstAfter(now: number, facts: readonly { readonly at: number | null }[]): number | null {
  return facts.reduce<number | null>(
    (first, { at }) => earlier(first, at !== null && at > now ? at : null),
    null,
  );
}
