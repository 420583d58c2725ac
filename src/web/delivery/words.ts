import type { Delivery } from '../../contract/api/delivery.ts';
import { parseRecipient, recipientWords } from '../../core/delivery/recipient.ts';
import { HOOK_TYPES, TEST_TYPE } from '../../core/delivery/webhook.ts';
import { HOOK_WORDS } from './webhookwords.ts';

/** The ways out in words. */
export const CHANNEL_WORDS: Readonly<Record<Delivery['channel'], string>> = {
  email: 'E-mail',
  slack: 'Slack',
  in_app: 'In the app',
  webhook: 'Webhook',
};

/** The states of a delivery as choices. */
export const STATE_WORDS: Readonly<Record<Delivery['state'], string>> = {
  waiting: 'Waiting',
  sent: 'Sent',
  failed: 'Failed',
};

/** How a delivery stands, in a few words and as the colour of a badge. */
export function stateOf(delivery: Pick<Delivery, 'state' | 'attempts'>): {
  readonly words: string;
  readonly color: 'pine' | 'amber' | 'brick' | 'gray';
} {
  const { state, attempts } = delivery;
  if (state === 'sent') return { words: 'Sent', color: 'pine' };
  if (state === 'failed') return { words: 'Failed', color: 'brick' };
  return attempts === 0 ? { words: 'Waiting', color: 'gray' } : { words: 'Trying again', color: 'amber' };
}

/**
 * How long an attempt took, short. In milliseconds.
 *
 * @example tookWords(1234) // '1.2 s'
 */
export function tookWords(ms: number): string {
  if (ms < 100) return 'under 0.1 s';
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}

/**
 * A text as it was sent, laid out to be read: JSON with its lines broken, anything else as it is.
 *
 * @example laidOut('{"a":1}') // '{\n  "a": 1\n}'
 */
export function laidOut(text: string): string {
  if (!text.startsWith('{')) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** What a message is about: its subject, for webhooks what they are told in words. */
export function subjectWords({ type, subject }: Pick<Delivery, 'type' | 'subject'>): string {
  if (type === TEST_TYPE) return 'A test message';
  const known = HOOK_TYPES.find(name => name === type);
  return known === undefined ? subject : HOOK_WORDS[known];
}

interface Failing {
  readonly to: string | null;
  readonly since: string;
  readonly nextAttemptAt: string;
}

/**
 * The way out that a waiting message waits for: the one to its recipient or the whole one, whichever is tried later; null
 * when neither fails.
 */
export function blockOf<Way extends Failing>(
  message: Pick<Delivery, 'channel' | 'to' | 'state'>,
  ways: readonly { readonly channel: Delivery['channel']; readonly failing: readonly Way[] }[],
): Way | null {
  if (message.state !== 'waiting') return null;
  const failing = ways.find(({ channel }) => channel === message.channel)?.failing ?? [];
  const own = failing.filter(({ to }) => to === null || leadsTo(to, message));
  return own.sort((a, b) => Date.parse(b.nextAttemptAt) - Date.parse(a.nextAttemptAt))[0] ?? null;
}

/** Whether a failing way leads to a message's recipient: it has its name, or is written as the outbox keeps it. */
function leadsTo(to: string, message: Pick<Delivery, 'channel' | 'to'>): boolean {
  return to === message.to || recipientWords(parseRecipient(message.channel, to)) === message.to;
}
