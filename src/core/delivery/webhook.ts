import { type Refused, refuse } from '../problem.ts';

/** What other people's software can be told of, by name. */
export const HOOK_TYPES = [
  'lead.handed_off',
  'lead.reassigned',
  'lead.accepted',
  'lead.rejected',
  'lead.reopened',
  'lead.handled',
  'lead.closed',
  'lead.clock_missed',
  'nurture.step',
  'lead.outreach',
  'opportunity.opened',
  'opportunity.moved',
  'opportunity.won',
  'opportunity.lost',
  'opportunity.reopened',
  'opportunity.taken_back',
  'alert.sent',
  'exception.opened',
  'exception.closed',
] as const;
export type HookType = (typeof HOOK_TYPES)[number];

/** The type of the message by which an admin tries a webhook out; every webhook takes it. */
export const TEST_TYPE = 'webhook.test';

/** How each failure begins that a webhook was the cause of by being off, and how one reads whose webhook is gone: people know. */
export const SWITCHED_OFF = 'switched off';
export const HOOK_DELETED = 'the webhook was deleted';

/** For how long the secret before a rotation still signs, in ms: a day, to put the new one in everywhere. */
export const ROTATION_MS = 24 * 3_600_000;

/**
 * Why a webhook cannot have an address, in words that say what would do; null when it can. Plain HTTP would carry
 * leads' names in the open: it is for the own network alone.
 *
 * @example urlProblem('ftp://crm.acme.com', { allowPrivate: false }) // 'expected an address that begins with https://'
 */
export function urlProblem(text: string, given: { readonly allowPrivate: boolean }): string | null {
  const scheme = /^(https?):\/\/([^/?#\\]+)(?:[/?#]|$)/i.exec(text.trim());
  const expected = given.allowPrivate ? 'https:// or http://' : 'https://';
  if (scheme === null) return `expected an address that begins with ${expected}`;
  if (scheme[1]?.toLowerCase() === 'http' && !given.allowPrivate)
    return 'expected https://; plain http is for webhooks that may reach private addresses';
  if (scheme[2]?.includes('@') === true)
    return 'expected no name or password in the address; deliveries are signed instead';
  return null;
}

/**
 * The body of a webhook's delivery as Standard Webhooks has it; the same text at every attempt, as it is signed.
 *
 * @example bodyOf({ type: 'lead.accepted', timestamp: '2026-03-15T10:00:00.000Z', data: {} }) // '{"type":"lead.accepted","timestamp":"2026-03-15T10:00:00.000Z","data":{}}'
 */
export function bodyOf(message: {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}): string {
  const { type, timestamp, data } = message;
  return JSON.stringify({ type, timestamp, data });
}

/**
 * Checks that a message may be sent again: to a webhook that is switched off or deleted goes a test at most, and to a lead no
 * letter twice.
 *
 * @example checkResend({ isHookOff: true, type: 'webhook.test' }) // null
 */
export function checkResend(message: {
  /** Whether it goes to a webhook that is switched off or deleted. */
  readonly isHookOff: boolean;
  /** What it tells of; null for one that goes to people. */
  readonly type: string | null;
  /** Whether it is a letter to a lead that was sent. */
  readonly isSentLetter?: boolean;
}): Refused | null {
  if (message.isSentLetter === true)
    return refuse('conflict', 'a letter to a lead is sent once, and this one was');
  return message.isHookOff && message.type !== TEST_TYPE
    ? refuse('conflict', 'the webhook is switched off or was deleted; switch it on first')
    : null;
}
