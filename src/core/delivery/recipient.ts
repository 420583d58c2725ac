import type { Channel } from '../alert/message.ts';
import { unreachable } from '../unreachable.ts';

/**
 * Who a message is for: somebody in the app, a mail address, somebody or a channel in Slack, the channel of the Slack
 * webhook, a webhook. The mail server and the Slack bot are what many of them share: a way that can fail, and no more.
 */
export type Recipient =
  | { readonly kind: 'appUser'; readonly userId: string }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'mailServer' }
  | { readonly kind: 'slackUser'; readonly userId: string }
  | SlackTarget
  | { readonly kind: 'slackBot' }
  | { readonly kind: 'webhook'; readonly webhookId: string };

/** Where Slack shows a message to several people: a channel by its name or id, or the one of the webhook. */
export type SlackTarget =
  | { readonly kind: 'slackChannel'; readonly name: string }
  | { readonly kind: 'slackWebhook' };

const MAIL_SERVER = '(mail server)';
const SLACK_BOT = '(bot)';
const SLACK_WEBHOOK = 'slack';
const USER = 'user:';
const CHANNEL = 'channel:';

/**
 * Writes a recipient as the outbox keeps it, beside its channel.
 *
 * @example formatRecipient({ kind: 'slackChannel', name: 'sales' }) // 'channel:sales'
 */
export function formatRecipient(recipient: Recipient): string {
  switch (recipient.kind) {
    case 'appUser':
      return recipient.userId;
    case 'address':
      return recipient.address;
    case 'mailServer':
      return MAIL_SERVER;
    case 'slackUser':
      return `${USER}${recipient.userId}`;
    case 'slackChannel':
      return `${CHANNEL}${recipient.name}`;
    case 'slackWebhook':
      return SLACK_WEBHOOK;
    case 'slackBot':
      return SLACK_BOT;
    case 'webhook':
      return recipient.webhookId;
    default:
      return unreachable(recipient);
  }
}

/**
 * Reads a recipient as the outbox keeps it. In Slack a text of no known form is the name of a channel.
 *
 * @example parseRecipient('slack', 'user:u1') // { kind: 'slackUser', userId: 'u1' }
 * @example parseRecipient('in_app', 'user:u1') // { kind: 'appUser', userId: 'user:u1' }
 */
export function parseRecipient(channel: Channel, text: string): Recipient {
  switch (channel) {
    case 'in_app':
      return { kind: 'appUser', userId: text };
    case 'email':
      return text === MAIL_SERVER ? { kind: 'mailServer' } : { kind: 'address', address: text };
    case 'slack':
      return parseSlack(text);
    case 'webhook':
      return { kind: 'webhook', webhookId: text };
    default:
      return unreachable(channel);
  }
}

function parseSlack(text: string): Recipient {
  if (text === SLACK_WEBHOOK) return { kind: 'slackWebhook' };
  if (text === SLACK_BOT) return { kind: 'slackBot' };
  if (text.startsWith(USER)) return { kind: 'slackUser', userId: text.slice(USER.length) };
  return { kind: 'slackChannel', name: text.startsWith(CHANNEL) ? text.slice(CHANNEL.length) : text };
}

/** The channel that leads to a recipient. @example channelTo({ kind: 'slackBot' }) // 'slack' */
export function channelTo({ kind }: Pick<Recipient, 'kind'>): Channel {
  switch (kind) {
    case 'appUser':
      return 'in_app';
    case 'address':
    case 'mailServer':
      return 'email';
    case 'slackUser':
    case 'slackChannel':
    case 'slackWebhook':
    case 'slackBot':
      return 'slack';
    case 'webhook':
      return 'webhook';
    default:
      return unreachable(kind);
  }
}

/** What several recipients share on their way. */
type Shared = Extract<Recipient, { kind: 'mailServer' | 'slackBot' }>;

/**
 * What a recipient shares with others on its channel: when it fails, they all wait. Null where each goes its own way, as
 * webhooks do.
 *
 * @example sharedLane({ kind: 'slackUser', userId: 'u1' }) // { kind: 'slackBot' }
 */
export function sharedLane({ kind }: Pick<Recipient, 'kind'>): Shared | null {
  switch (kind) {
    case 'address':
    case 'mailServer':
      return { kind: 'mailServer' };
    case 'slackUser':
    case 'slackChannel':
    case 'slackBot':
      return { kind: 'slackBot' };
    case 'appUser':
    case 'slackWebhook':
    case 'webhook':
      return null;
    default:
      return unreachable(kind);
  }
}

/** Whether many recipients share it, rather than that somebody reads it. @example isShared({ kind: 'mailServer' }) // true */
export function isShared({ kind }: Pick<Recipient, 'kind'>): boolean {
  return kind === 'mailServer' || kind === 'slackBot';
}

/**
 * A recipient in words, for lists of messages.
 *
 * @example recipientWords({ kind: 'slackChannel', name: 'sales' }) // '#sales'
 */
export function recipientWords(recipient: Recipient): string {
  switch (recipient.kind) {
    case 'slackUser':
      return recipient.userId;
    case 'slackChannel':
      return `#${recipient.name.replace(/^#/, '')}`;
    case 'slackWebhook':
      return 'the channel of the Slack webhook';
    default:
      return formatRecipient(recipient);
  }
}
