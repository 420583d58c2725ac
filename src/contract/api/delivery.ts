import { z } from 'zod';
import { CHANNELS } from '../../core/alert/message.ts';
import { instant } from '../../core/time/instant.ts';
import { endpoint } from '../endpoint.ts';
import type { Role } from '../role.ts';
import { givenId, id, page, paging } from '../shapes.ts';

const LEADS: readonly Role[] = ['admin', 'manager'];
const byId = z.object({ id });

export const DELIVERY_STATES = ['waiting', 'sent', 'failed'] as const;
const state = z.enum(DELIVERY_STATES);
const channel = z.enum(CHANNELS);

/** A message that was promised, and what became of it. */
export const delivery = z.object({
  id,
  channel,
  /** The person's name, the address, the channel, or the webhook. */
  to: z.string(),
  subject: z.string(),
  state,
  /** Attempts made so far. */
  attempts: z.number(),
  createdAt: instant,
  /** When the next attempt is due; null when there is none. */
  nextAttemptAt: instant.nullable(),
  sentAt: instant.nullable(),
  lastError: z.string().nullable(),
  /** What a webhook is told of; null for alerts. */
  type: z.string().nullable(),
  contactId: id.nullable(),
  episodeId: id.nullable(),
  webhookId: id.nullable(),
  /** The delivery that this one repeats on demand. */
  repeats: id.nullable(),
});
export type Delivery = z.infer<typeof delivery>;

/** One attempt to send. */
export const deliveryAttempt = z.object({
  attempt: z.number(),
  at: instant,
  tookMs: z.number(),
  outcome: z.enum(['sent', 'failed', 'refused']),
  /** The HTTP or SMTP status of the answer, where there was one. */
  status: z.number().nullable(),
  error: z.string().nullable(),
  /** The beginning of what the other side answered. */
  response: z.string().nullable(),
});

/** A way out and how it does. */
const channelHealth = z.object({
  channel,
  /** Whether a setting names it. */
  isSetUp: z.boolean(),
  waiting: z.number(),
  /** Failed within the last seven days. */
  failed: z.number(),
  oldestWaitingAt: instant.nullable(),
  /** What of it fails at present. */
  failing: z.array(
    z.object({
      /** The recipient, or null when it is the whole way out, such as the mail server. */
      to: z.string().nullable(),
      since: instant,
      nextAttemptAt: instant,
      lastError: z.string(),
    }),
  ),
});

/** Messages sent, waiting and failed. */
export const deliveries = {
  listDeliveries: endpoint({
    method: 'GET',
    path: '/api/deliveries',
    summary: 'Messages sent, waiting and failed, newest first',
    tag: 'administration',
    access: LEADS,
    query: z.object({
      ...paging,
      state: state.optional(),
      channel: channel.optional(),
      q: z.string().trim().max(200).optional().describe('part of the recipient or the subject'),
      contactId: id.optional(),
      episodeId: id.optional(),
    }),
    output: page(delivery),
  }),
  getDelivery: endpoint({
    method: 'GET',
    path: '/api/deliveries/{id}',
    summary: 'One message: what it says, and every attempt to send it',
    tag: 'administration',
    access: LEADS,
    params: byId,
    output: delivery.extend({
      /** The text as it is sent; for a webhook the JSON body. */
      text: z.string(),
      tries: z.array(deliveryAttempt),
    }),
    refusals: { 404: 'No such delivery.' },
  }),
  retryDelivery: endpoint({
    method: 'POST',
    path: '/api/deliveries/{id}/retry',
    summary:
      'Send again: a failed or waiting message at once under its own id, a sent one as a new message; a webhook keeps the id',
    tag: 'administration',
    access: LEADS,
    params: byId,
    output: z.object({ ok: z.literal(true), id }),
    refusals: { 404: 'No such delivery.', 409: 'The webhook was deleted or is switched off.' },
  }),
  retryDeliveries: endpoint({
    method: 'POST',
    path: '/api/deliveries/retry',
    summary: 'Send every failed message again, of one channel or webhook if named',
    tag: 'administration',
    access: LEADS,
    body: z.strictObject({
      state: z.literal('failed'),
      channel: channel.optional(),
      webhookId: givenId.optional(),
    }),
    output: z.object({ count: z.number() }),
  }),
  listChannels: endpoint({
    method: 'GET',
    path: '/api/channels',
    summary: 'Channels: whether each is set up, what waits, what fails and since when',
    tag: 'administration',
    access: LEADS,
    output: page(channelHealth),
  }),
};
