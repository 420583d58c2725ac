import { ALERT_KINDS, type AlertKind } from '../../core/alert/message.ts';
import type { IconName } from '../kit/icon.tsx';

const KIND: Readonly<Record<AlertKind, readonly [words: string, icon: IconName]>> = {
  handoff: ['New lead', 'queue'],
  waiting: ['Waits for an owner', 'clock'],
  early: ['Early signal', 'event'],
  flag: ['Look again', 'flag'],
  exception: ['Waits for a person', 'warning'],
  breach: ['A lead may be lost', 'warning'],
  reassigned: ['Given to you', 'swap'],
  clock: ['Time runs out', 'clock'],
  bulletin: ['Summary', 'report'],
  rejected: ['Calls cannot be used', 'warning'],
  review: ['Review due', 'report'],
};

/**
 * What an alert is about, in words and as a picture; alerts from before kinds were kept are plain ones.
 *
 * @example alertKind('early').words // 'Early signal'
 */
export function alertKind(kind: string | null | undefined): {
  readonly words: string;
  readonly icon: IconName;
} {
  const known = ALERT_KINDS.find(name => name === kind);
  const [words, icon] = known === undefined ? (['Alert', 'bell'] as const) : KIND[known];
  return { words, icon };
}

/** Whether an alert is about a lead that its reader may still accept. */
export function isAcceptable(alert: {
  readonly kind?: string | null | undefined;
  readonly episodeId: string | null;
  readonly contactId: string | null;
}): boolean {
  const isOffer = alert.kind === 'handoff' || alert.kind === 'reassigned';
  return isOffer && alert.episodeId !== null && alert.contactId !== null;
}
