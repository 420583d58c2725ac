import { z } from 'zod';
import { HOOK_TYPES } from '../../core/delivery/webhook.ts';
import { instant } from '../../core/time/instant.ts';
import { endpoint } from '../endpoint.ts';
import type { Role } from '../role.ts';
import { done, givenText, id, page, paging } from '../shapes.ts';
import { delivery } from './delivery.ts';

const byId = z.object({ id });
const ADMIN: readonly Role[] = ['admin'];
const ABSENT = { 404: 'No such webhook.' };

export const hookType = z.enum(HOOK_TYPES);

/** An address of other people's software that is told what happens, without its secret. */
export const webhook = z.object({
  id,
  url: z.string(),
  description: z.string(),
  /** What it is told of; empty means everything, also what comes later. */
  eventTypes: z.array(hookType),
  /** Whether it may lie within the own network, and be plain http. */
  allowPrivate: z.boolean(),
  enabled: z.boolean(),
  /** Why it was switched off, by a person or by its own answers; null while it is on. */
  disabledBecause: z.string().nullable(),
  disabledAt: instant.nullable(),
  /** Since when deliveries fail; null while they arrive. */
  failingSince: instant.nullable(),
  /** How many messages wait to be sent to it. */
  waiting: z.number(),
  /** Until when the secret before the last rotation signs as well; null when it no longer does. */
  rotatesUntil: instant.nullable(),
  createdAt: instant,
  createdBy: z.string(),
});
export type Webhook = z.infer<typeof webhook>;

const settings = {
  url: givenText(2000).trim().min(1, 'expected an address'),
  description: givenText(200).trim(),
  eventTypes: z.array(hookType).max(50),
  allowPrivate: z.boolean(),
};

/** Webhooks out, after Standard Webhooks. */
export const webhooks = {
  listWebhooks: endpoint({
    method: 'GET',
    path: '/api/webhooks',
    summary: 'Webhooks, oldest first, with their state',
    tag: 'administration',
    access: ADMIN,
    output: page(webhook),
  }),
  createWebhook: endpoint({
    method: 'POST',
    path: '/api/webhooks',
    summary: 'Add a webhook; the secret that signs its deliveries is in the answer and never shown again',
    tag: 'administration',
    access: ADMIN,
    idempotency: 'secret',
    body: z.strictObject({
      url: settings.url,
      description: settings.description.default(''),
      eventTypes: settings.eventTypes.default([]),
      allowPrivate: settings.allowPrivate.default(false),
    }),
    output: z.object({ webhook, secret: z.string() }),
    refusals: { 422: 'An address that cannot be used.' },
  }),
  updateWebhook: endpoint({
    method: 'PATCH',
    path: '/api/webhooks/{id}',
    summary: 'Change a webhook, or switch it off and on',
    tag: 'administration',
    access: ADMIN,
    params: byId,
    body: z.strictObject({
      url: settings.url.optional(),
      description: settings.description.optional(),
      eventTypes: settings.eventTypes.optional(),
      allowPrivate: settings.allowPrivate.optional(),
      enabled: z.boolean().optional(),
    }),
    output: webhook,
    refusals: { ...ABSENT, 422: 'An address that cannot be used.' },
  }),
  deleteWebhook: endpoint({
    method: 'DELETE',
    path: '/api/webhooks/{id}',
    summary: 'Delete a webhook; what waits for it is not sent',
    tag: 'administration',
    access: ADMIN,
    params: byId,
    output: done,
    refusals: ABSENT,
  }),
  enableWebhook: endpoint({
    method: 'POST',
    path: '/api/webhooks/{id}/enable',
    summary: 'Switch a webhook on again; failed deliveries can then be repeated',
    tag: 'administration',
    access: ADMIN,
    params: byId,
    output: webhook,
    refusals: ABSENT,
  }),
  rotateWebhook: endpoint({
    method: 'POST',
    path: '/api/webhooks/{id}/rotate',
    summary: 'Make a new secret; for 24 hours the old one signs as well',
    tag: 'administration',
    access: ADMIN,
    idempotency: 'secret',
    params: byId,
    output: z.object({ webhook, secret: z.string() }),
    refusals: ABSENT,
  }),
  testWebhook: endpoint({
    method: 'POST',
    path: '/api/webhooks/{id}/test',
    summary: 'Send a message of the type webhook.test; the delivery shows what came of it',
    tag: 'administration',
    access: ADMIN,
    params: byId,
    output: z.object({ deliveryId: id }),
    refusals: ABSENT,
  }),
  listWebhookDeliveries: endpoint({
    method: 'GET',
    path: '/api/webhooks/{id}/deliveries',
    summary: 'What was sent to a webhook and what waits, newest first',
    tag: 'administration',
    access: ADMIN,
    params: byId,
    query: z.object({ ...paging, state: z.enum(['waiting', 'sent', 'failed']).optional() }),
    output: page(delivery),
    refusals: ABSENT,
  }),
};
