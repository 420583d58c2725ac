import { isWaitingReason, waitingLabel } from './routing/waiting.ts';

/** The ways in which something waits for a person. */
export type ExceptionKind = 'unassigned' | 'missing_data' | 'duplicate' | 'delivery' | 'breach';

/** For how long at least somebody may look for a new owner, in ms, however late the lead is itself: an hour. */
export const FIND_WITHIN_MS = 3_600_000;

/** The kind of exception that a lead waits in for one of routing's reasons. */
export function kindOfWaiting(reason: string): ExceptionKind {
  if (reason === 'missing_data') return 'missing_data';
  return reason === 'possible_duplicate' ? 'duplicate' : 'unassigned';
}

/** What an open exception of an episode is about; one is open at a time. @example subjectOfEpisode('e1') // 'episode e1' */
export function subjectOfEpisode(episodeId: string): string {
  return `episode ${episodeId}`;
}

/** A value filled in for a missing field, as the traits of an identify call; null for a field that cannot be set. */
export function traitsOf(
  values: Readonly<Record<string, string | number | boolean>>,
): Readonly<Record<string, unknown>> | null {
  const traits: Record<string, unknown> = {};
  const company: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(values)) {
    const [part, name, ...rest] = field.split('.');
    if (name === undefined || name === '' || rest.length > 0 || DERIVED.has(field)) return null;
    if (part === 'contact') traits[name] = value;
    else if (part === 'company') company[name] = value;
    else return null;
  }
  return Object.keys(company).length === 0 ? traits : { ...traits, company };
}

/** What follows from other facts. */
const DERIVED: ReadonlySet<string> = new Set([
  'contact.createdAt',
  'contact.emailDomain',
  'contact.emailKind',
  'contact.company',
]);

const LABELS: Readonly<Record<string, string>> = {
  recipient_gone: 'the recipient is gone',
  unreachable: 'the other side cannot be reached',
  refused: 'the other side refuses',
  gave_up: 'every attempt failed',
};

/** The reason of an exception, in the words that people read. @example reasonLabel('no_routing') // 'the agreement has no routing' */
export function reasonLabel(reason: string): string {
  if (isWaitingReason(reason)) return waitingLabel(reason);
  return LABELS[reason] ?? reason.replaceAll('_', ' ');
}
