import { CHANNELS } from '../../core/alert/message.ts';
import { channelTo, formatRecipient, parseRecipient, type Recipient } from '../../core/delivery/recipient.ts';

interface Addressed {
  readonly channel: string;
  readonly recipient: string;
}

/** Reads who a stored row is for. */
export function readRecipient(row: Addressed): Recipient {
  const channel = CHANNELS.find(known => known === row.channel);
  if (channel === undefined) throw new Error(`there is no channel ${row.channel}`);
  return parseRecipient(channel, row.recipient);
}

/** A stored row with its recipient as read. */
export function withRecipient<Row extends Addressed>(row: Row) {
  const { channel: _channel, recipient: _text, ...rest } = row;
  const recipient = readRecipient(row);
  return { ...rest, channel: channelTo(recipient), recipient };
}

const MAIL_SERVER = formatRecipient({ kind: 'mailServer' });
const SLACK_BOT = formatRecipient({ kind: 'slackBot' });
const SLACK_WEBHOOK = formatRecipient({ kind: 'slackWebhook' });
const SLACK_USER = formatRecipient({ kind: 'slackUser', userId: '' });

/** SQL: what the recipients of a channel share, as core's `sharedLane` has it; null for those that share nothing. */
export function sharedLaneOf(channel: string, recipient: string): string {
  return `case when ${channel} = 'email' then '${MAIL_SERVER}'
    when ${channel} = 'slack' and ${recipient} <> '${SLACK_WEBHOOK}' then '${SLACK_BOT}' end`;
}

/** SQL: everything that recipients share. */
export const SHARED_LANES = `'${MAIL_SERVER}', '${SLACK_BOT}'`;

/** SQL: whether a row with channel and recipient leads to a user, in the app or in Slack. */
export function leadsTo(userId: string, row: string): string {
  return `${row}.channel in ('in_app', 'slack') and ${userId} = regexp_replace(${row}.recipient, '^${SLACK_USER}', '')`;
}

/** SQL: the subject of an exception about the way to a row with channel and recipient, as core's `formatExceptionSubject` has it. */
export function deliverySubjectOf(row: string): string {
  return `'delivery ' || ${row}.channel || ' ' || ${row}.recipient`;
}
