/** Why nobody owns a lead: the fixed list, in the words that people read. */
const LABELS = {
  no_routing: 'the agreement has no routing',
  no_entry_matched: 'no routing entry matched',
  owner_absent: 'the person it belongs to is away',
  owner_inactive: 'the person it belongs to is not an active user, or may not work leads',
  team_unknown: 'the team does not exist',
  team_empty: 'the team has no active member who may work leads',
  team_absent: 'nobody in the team is available',
  team_full: 'everybody there has as many leads as they take',
  no_company_owner: 'nobody owns the company yet',
  missing_data: 'something must be known of the lead first',
  possible_duplicate: 'it may be somebody who is here already',
  handed_back: 'its owner handed it back, or let the time run out',
  missed: 'its owner let the time run out',
  owner_left: 'its owner is no longer active, or may no longer work leads',
} as const;

export type WaitingReason = keyof typeof LABELS;

export const WAITING_REASONS = [
  'no_routing',
  'no_entry_matched',
  'owner_absent',
  'owner_inactive',
  'team_unknown',
  'team_empty',
  'team_absent',
  'team_full',
  'no_company_owner',
  'missing_data',
  'possible_duplicate',
  'handed_back',
  'missed',
  'owner_left',
] as const satisfies readonly WaitingReason[];

/** What a lead waits for, in words. @example waitingLabel('no_routing') // 'the agreement has no routing' */
export function waitingLabel(reason: WaitingReason): string {
  return LABELS[reason];
}

/** Whether a text is one of the fixed reasons. */
export function isWaitingReason(text: string): text is WaitingReason {
  return Object.hasOwn(LABELS, text);
}
