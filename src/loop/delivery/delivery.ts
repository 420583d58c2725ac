import { z } from 'zod';
import type { Alert } from '../../contract/api/alert.ts';
import { type AlertPayload, alertPayload, type Channel } from '../../core/alert/message.ts';
import { valueAt } from '../../core/condition/reading.ts';
import type { Recipient } from '../../core/delivery/recipient.ts';
import type { Attempt } from '../../core/delivery/retry.ts';
import { isUuid } from '../../core/text/uuid.ts';
import type { Sql } from '../../db/database.ts';
import { loadShownAlerts, loadThreadSubjects } from '../../db/delivery/delivery.ts';
import type { ClaimedRow } from '../../db/delivery/outbox.ts';
import { loadSlackPeople, loadSlackThreads } from '../../db/delivery/slack.ts';
import { loadTargets, type TargetRow } from '../../db/delivery/webhook.ts';
import { toAlert } from '../alert/view.ts';
import type { LetterMail } from '../letter/content.ts';

/** A message to send. Its id stays the same over all attempts. Times in epoch ms. */
export interface Delivery {
  readonly id: string;
  readonly recipient: Recipient;
  readonly subject: string;
  /** For a mail that follows another about the same episode: the subject that keeps them together; else null. */
  readonly threadSubject: string | null;
  /** Whether it is a letter to a lead, whose content is kept with the letter of its id. */
  readonly isLetter: boolean;
  /** What a test of a letter says; null for others. */
  readonly test: LetterMail | null;
  /** What an alert tells; null for a webhook, a letter, and when the stored text cannot be read. */
  readonly payload: AlertPayload | null;
  readonly createdAt: number;
  /** The alert that the app shows; null for other channels, and when it is gone. */
  readonly alert: Alert | null;
  /** Where a webhook's message goes, and what it says; null for other channels. */
  readonly hook: { readonly target: TargetRow | null; readonly content: unknown } | null;
  /** Who a Slack message is for, and the thread it belongs to; null for other channels. */
  readonly slack: SlackPlace | null;
}

/** What is known of a Slack recipient. */
export interface SlackPlace {
  readonly episodeId: string | null;
  /** For a person: their address, and who they are in Slack if that was looked up (epoch ms) before. */
  readonly person: {
    readonly userId: string;
    readonly email: string;
    readonly slackId: string | null;
    readonly lookedUpAt: number | null;
  } | null;
  readonly thread: { readonly ts: string; readonly channel: string } | null;
}

/** Makes one attempt to send and says what became of it; stops when `signal` aborts. */
export type Sender = (delivery: Delivery, signal: AbortSignal) => Promise<Attempt>;

export type Senders = Readonly<Record<Channel, Sender>>;

/** Whether sending a message takes more than the message itself: the usual mail and Slack's webhook do not. */
export function needsLookup(row: ClaimedRow): boolean {
  if (isLetter(row)) return false;
  if (row.channel === 'email') return row.episode_id !== null && payloadOf(row)?.kind !== 'handoff';
  return row.recipient.kind !== 'slackWebhook';
}

/** Loads what sending claimed messages takes beside themselves: one query a channel, none for the usual mail. */
export async function loadDeliveries(
  sql: Sql,
  claimed: readonly ClaimedRow[],
): Promise<ReadonlyMap<string, Delivery>> {
  const deliveries = claimed.map(row => ({ row, payload: payloadOf(row) }));
  const [alerts, subjects, targets, places] = await Promise.all([
    loadAlerts(sql, deliveries),
    loadSubjects(sql, deliveries),
    loadHooks(sql, claimed),
    loadPlaces(sql, claimed),
  ]);
  return new Map(
    deliveries.map(({ row, payload }) => {
      const target = targets.get(row.webhook_id ?? '') ?? null;
      const delivery: Delivery = {
        id: row.id,
        recipient: row.recipient,
        subject: row.subject,
        threadSubject: subjects.get(row.id) ?? null,
        isLetter: isLetter(row),
        test: isLetter(row) ? testOf(row) : null,
        payload,
        createdAt: row.created_at,
        alert: alerts.get(payload?.alertId ?? '') ?? null,
        hook: row.channel === 'webhook' ? { target, content: row.payload } : null,
        slack: places.get(row.id) ?? null,
      };
      return [row.id, delivery];
    }),
  );
}

/** Whether a message is a letter to a lead. */
function isLetter({ channel, payload }: ClaimedRow): boolean {
  return channel === 'email' && valueAt(payload, ['kind']) === 'letter';
}

const mailbox = z.object({ name: z.string(), address: z.string() });
const testContent = z.object({
  from: mailbox,
  replyTo: mailbox,
  subject: z.string(),
  text: z.string(),
  html: z.string(),
});

function testOf({ payload }: ClaimedRow): LetterMail | null {
  return testContent.safeParse(valueAt(payload, ['test'])).data ?? null;
}

function payloadOf({ channel, payload }: ClaimedRow): AlertPayload | null {
  if (channel === 'webhook') return null;
  const read = alertPayload.safeParse(payload);
  return read.success ? read.data : null;
}

/** A message as claimed and its content as read. */
interface Claimed {
  readonly row: ClaimedRow;
  readonly payload: AlertPayload | null;
}

/** A mail that hands a lead over begins its thread; what follows takes that subject. */
async function loadSubjects(sql: Sql, deliveries: readonly Claimed[]): Promise<ReadonlyMap<string, string>> {
  const later = deliveries.filter(
    ({ row, payload }) =>
      row.channel === 'email' && row.episode_id !== null && payload !== null && payload.kind !== 'handoff',
  );
  const rows =
    later.length === 0
      ? []
      : await loadThreadSubjects(
          sql,
          later.map(({ row }) => row.id),
        );
  return new Map(rows.map(({ id, subject }) => [id, subject]));
}

async function loadAlerts(sql: Sql, deliveries: readonly Claimed[]): Promise<ReadonlyMap<string, Alert>> {
  const ids = deliveries.flatMap(({ row, payload }) =>
    row.channel === 'in_app' && isUuid(payload?.alertId ?? '') ? [payload?.alertId ?? ''] : [],
  );
  const rows = ids.length === 0 ? [] : await loadShownAlerts(sql, ids);
  return new Map(rows.map(row => [row.id, toAlert(row)]));
}

async function loadHooks(sql: Sql, claimed: readonly ClaimedRow[]): Promise<ReadonlyMap<string, TargetRow>> {
  const ids = new Set(claimed.flatMap(row => row.webhook_id ?? []));
  const rows = ids.size === 0 ? [] : await loadTargets(sql, [...ids]);
  return new Map(rows.map(row => [row.id, row]));
}

async function loadPlaces(
  sql: Sql,
  claimed: readonly ClaimedRow[],
): Promise<ReadonlyMap<string, SlackPlace>> {
  const rows = claimed.filter(
    ({ channel, recipient }) => channel === 'slack' && recipient.kind !== 'slackWebhook',
  );
  if (rows.length === 0) return new Map();
  const userIds = new Set(rows.flatMap(({ recipient }) => userOf(recipient) ?? []));
  const asked = rows.flatMap(({ id, episode_id: episodeId, recipient }) =>
    episodeId === null ? [] : [{ id, episodeId, recipient }],
  );
  const [people, threads] = await Promise.all([
    loadSlackPeople(sql, [...userIds]),
    loadSlackThreads(sql, asked),
  ]);
  return new Map(
    rows.map(({ id, episode_id: episodeId, recipient }) => {
      const person = people.find(({ user_id }) => user_id === userOf(recipient));
      const thread = threads.find(found => found.id === id);
      const place: SlackPlace = {
        episodeId,
        person:
          person === undefined
            ? null
            : {
                userId: person.user_id,
                email: person.email,
                slackId: person.slack_id,
                lookedUpAt: person.looked_up_at,
              },
        thread: thread === undefined ? null : { ts: thread.ts, channel: thread.channel },
      };
      return [id, place];
    }),
  );
}

function userOf(recipient: Recipient): string | null {
  return recipient.kind === 'slackUser' ? recipient.userId : null;
}
