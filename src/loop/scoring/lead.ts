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

/** The person of a lead, as messages and webhooks carry them. */
export function leadPerson({ row: { name, title, companyName: company, email } }: Pick<Lead, 'row'>) {
  return { name, title, company, email };
}

/** A handoff's outcome and its lead, so that browsers can be notified after the commit. */
export interface HandoffResult extends HandoffOutcome {
  readonly contactId: string;
  readonly agreementId: string;
  readonly episodeId: string;
  /** Whether its episode was opened just now; else it waited for an owner, or for its end. */
  readonly isNew: boolean;
  readonly handedOffAt: number;
}
