import type { Profile } from '../../core/contact/profile.ts';
import type { HandoffOutcome } from '../../core/handoff/opening.ts';
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

/** What was given out: to whom, so that browsers can be told after the commit. */
export interface HandoffResult extends HandoffOutcome {
  readonly contactId: string;
  readonly agreementId: string;
  readonly episodeId: string;
  readonly handedOffAt: number;
}
