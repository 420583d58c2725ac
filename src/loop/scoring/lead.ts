import type { Disqualifier } from '../../core/agreement/agreement.ts';
import type { Profile } from '../../core/contact/profile.ts';
import type { Breakdown, Subject } from '../../core/scoring/score.ts';
import type { ContactRow } from '../../db/contact/profile.ts';

/** A contact as it was evaluated, with what handing it over needs. Times in epoch ms. */
export interface Lead {
  readonly row: ContactRow;
  readonly source: string | null;
  readonly profile: Profile;
  readonly subject: Subject;
  readonly score: Breakdown;
  readonly nextChangeAt: number | null;
  readonly now: number;
}

/** An episode to open: by which path, and what disqualifies the lead if anything does. */
export interface Opening {
  readonly path: string;
  readonly disqualifier: Pick<Disqualifier, 'id' | 'label' | 'route'> | null;
  /** A crossing before this belongs to an earlier handoff. */
  readonly since: number;
  /** The decision that sent the lead back to nurture; only an event later than it lets the lead qualify again. */
  readonly recycledAt: number | null;
}

/** What was given out: to whom, so that browsers can be told after the commit. */
export interface HandoffResult {
  /**
   * A marketing qualified lead; one that a disqualifier sent to its team, or that waited and has an owner now; or one that
   * was closed.
   */
  readonly kind: 'mql' | 'routed' | 'closed';
  readonly contactId: string;
  readonly agreementId: string;
  readonly episodeId: string;
  readonly ownerId: string | null;
  readonly qualifiedAt: number;
  readonly handedOffAt: number;
}
