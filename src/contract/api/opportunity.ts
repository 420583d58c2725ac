import { z } from 'zod';
import { parseKept } from '../../core/time/instant.ts';
import { LEADS } from '../access.ts';
import { endpoint } from '../endpoint.ts';
import { givenId, givenText, id } from '../shapes.ts';
import { EPISODE_REFUSALS, episode } from './episode.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A day or an instant as text, as an instant; a day is its midnight in UTC. @example closeInstant('2026-03-01') // '2026-03-01T00:00:00Z' */
export function closeInstant(text: string): string {
  return DAY.test(text) ? `${text}T00:00:00Z` : text;
}

const expectedCloseAt = givenText(40).refine(
  text => parseKept(closeInstant(text)) !== null,
  'expected a date such as 2026-03-01, or an RFC 3339 date-time',
);

const byId = z.object({ id });
const deal = {
  amount: z.number().nullable().optional().describe('0 or more, with as many decimals as its currency has'),
  currency: givenText(10).nullable().optional().describe('ISO 4217, such as EUR'),
  expectedCloseAt: expectedCloseAt.nullable().optional(),
};
const reason = givenText(1000).optional();
const INVALID = 'The name, amount, currency or stage is not as expected.';

/** What becomes of an accepted lead. */
export const deals = {
  openOpportunity: endpoint({
    method: 'POST',
    path: '/api/episodes/{id}/opportunity',
    summary: 'Open the opportunity of an accepted lead',
    tag: 'work',
    access: LEADS,
    params: byId,
    body: z.strictObject({
      name: givenText(200),
      ...deal,
      stage: givenId.optional().describe('the first one of the pipeline without it'),
    }),
    output: episode,
    refusals: { ...EPISODE_REFUSALS, 422: INVALID },
  }),
  correctOpportunity: endpoint({
    method: 'PATCH',
    path: '/api/episodes/{id}/opportunity',
    summary: 'Correct what is known of an opportunity; null empties a field',
    tag: 'work',
    access: LEADS,
    params: byId,
    body: z.strictObject({ name: givenText(200).optional(), ...deal }),
    output: episode,
    refusals: { ...EPISODE_REFUSALS, 422: INVALID },
  }),
  dropOpportunity: endpoint({
    method: 'DELETE',
    path: '/api/episodes/{id}/opportunity',
    summary: 'Take an opportunity back that was opened by mistake: the lead is accepted, and no more',
    tag: 'work',
    access: LEADS,
    params: byId,
    output: episode,
    refusals: EPISODE_REFUSALS,
  }),
  moveOpportunity: endpoint({
    method: 'POST',
    path: '/api/episodes/{id}/opportunity/stage',
    summary: 'Move an opportunity to a stage of its pipeline, or end it as won or lost',
    tag: 'work',
    access: LEADS,
    params: byId,
    body: z.strictObject({
      stage: givenId.describe('a stage of the pipeline, `won` or `lost`'),
      amount: deal.amount,
      currency: deal.currency,
      reason: reason.describe('why it was won or lost'),
    }),
    output: episode,
    refusals: {
      ...EPISODE_REFUSALS,
      409: 'There is no opportunity, it is in that stage, or it has ended: reopen it first.',
      422: INVALID,
    },
  }),
  reopenOpportunity: endpoint({
    method: 'POST',
    path: '/api/episodes/{id}/opportunity/reopen',
    summary: 'Reopen an opportunity that was won or lost: it is again in the stage before',
    tag: 'work',
    access: LEADS,
    params: byId,
    body: z.strictObject({ note: givenText(1000).optional() }),
    output: episode,
    refusals: {
      ...EPISODE_REFUSALS,
      409: 'The opportunity is open, or the contact has been handed over again since.',
    },
  }),
};
