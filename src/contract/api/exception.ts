import { z } from 'zod';
import { EXCEPTION_KINDS } from '../../core/exception/exception.ts';
import { routingReason } from '../../core/routing/reason.ts';
import { instant } from '../../core/time/instant.ts';
import { LEADS, READ, TEAMS } from '../access.ts';
import { endpoint } from '../endpoint.ts';
import {
  contactHead,
  done,
  givenId,
  givenText,
  id,
  page,
  paging,
  person,
  refusedBecause,
} from '../shapes.ts';
import { due } from './episode.ts';

const byId = z.object({ id });
const REFUSALS = {
  403: 'It is somebody else’s; the answer says who can do it.',
  404: 'No such exception.',
  409: 'It is closed already, or of a kind that cannot be settled this way.',
};

export const exceptionKind = z.enum(EXCEPTION_KINDS);

/** Something that could not go the usual way and waits for a person. */
export const exception = z.object({
  id,
  kind: exceptionKind,
  /** One of a fixed list. */
  reason: z.object({ id: z.string(), label: z.string() }),
  detail: z.string(),
  /** The reason as data; null where routing was not involved, and for exceptions from before reasons were data. */
  why: routingReason.nullable(),
  /** Fields without which the lead cannot be given to anybody, such as `contact.country`. */
  missing: z.array(z.string()),
  /** The user id or e-mail address that would join too many contacts, or the group id that stands for different companies; else null. */
  joining: z.object({ kind: z.string(), value: z.string() }).nullable(),
  /** For possible duplicates: the contact it may be the same person as, and why. */
  likeness: z.object({ id, other: contactHead, reasons: z.array(z.string()), score: z.number() }).nullable(),
  contact: contactHead.nullable(),
  episode: z
    .object({
      id,
      path: z.object({ id: z.string(), label: z.string() }),
      total: z.number(),
      grade: z.string().nullable(),
      sentence: z.string(),
      handedOffAt: instant,
      due: due.nullable(),
    })
    .nullable(),
  /** Who must deal with it. */
  owner: person.nullable(),
  openedAt: instant,
  /** By when it must be dealt with. */
  dueAt: instant,
  /** When routing is tried again by itself; null when only a person can go on. */
  retryAt: instant.nullable(),
  closedAt: instant.nullable(),
  closedBy: z.string().nullable(),
  resolution: z.string().nullable(),
  /** Why it is not the caller's to work on. */
  workRefused: refusedBecause,
});
export type Exception = z.infer<typeof exception>;

/** What waits for a person: leads that nobody owns, missing data, possible duplicates, failed deliveries, breaches. */
export const exceptions = {
  listExceptions: endpoint({
    method: 'GET',
    path: '/api/exceptions',
    summary: 'What waits for a person, due first; closed ones newest first',
    tag: 'exceptions',
    access: READ,
    query: z.object({
      ...paging,
      kind: exceptionKind.optional(),
      state: z.enum(['open', 'closed']).default('open'),
      owner: z.string().optional().describe('`me` or a user id'),
    }),
    output: page(exception).extend({
      counts: z.object({
        unassigned: z.number(),
        missing_data: z.number(),
        duplicate: z.number(),
        delivery: z.number(),
        breach: z.number(),
        overdue: z.number(),
        mine: z.number(),
      }),
    }),
  }),
  getException: endpoint({
    method: 'GET',
    path: '/api/exceptions/{id}',
    summary: 'One exception',
    tag: 'exceptions',
    access: READ,
    params: byId,
    output: exception,
    refusals: { 404: 'No such exception.' },
  }),
  takeException: endpoint({
    method: 'POST',
    path: '/api/exceptions/{id}/take',
    summary: 'Set who deals with it: the caller without `ownerId`',
    tag: 'exceptions',
    access: LEADS,
    params: byId,
    body: z.strictObject({ ownerId: givenId.optional() }),
    output: exception,
    refusals: { ...REFUSALS, 422: 'No such active user whose role works leads.' },
  }),
  retryException: endpoint({
    method: 'POST',
    path: '/api/exceptions/{id}/retry',
    summary: 'Try to give the lead to somebody now',
    tag: 'exceptions',
    access: LEADS,
    params: byId,
    output: exception,
    refusals: REFUSALS,
  }),
  completeException: endpoint({
    method: 'POST',
    path: '/api/exceptions/{id}/complete',
    summary: 'Fill in what is missing; the lead is scored and routed with it at once',
    tag: 'exceptions',
    access: LEADS,
    params: byId,
    body: z.strictObject({
      values: z
        .record(givenId, z.union([givenText(500), z.number(), z.boolean()]))
        .describe('by field, such as `contact.country` or `company.employees`'),
    }),
    output: exception,
    refusals: { ...REFUSALS, 422: 'A field that cannot be set, or a value that it cannot have.' },
  }),
  partException: endpoint({
    method: 'POST',
    path: '/api/exceptions/{id}/part',
    summary: 'Take apart what an id joined that would join too many contacts or companies',
    tag: 'exceptions',
    access: TEAMS,
    params: byId,
    output: z.object({
      parted: z.number().describe('how many contacts are back, or of another company'),
      kept: z.array(z.string()).describe('why others stay joined: what went on since cannot be told apart'),
    }),
    refusals: REFUSALS,
  }),
  closeException: endpoint({
    method: 'POST',
    path: '/api/exceptions/{id}/close',
    summary: 'Close a failed delivery, a breach or an id that joined too many, once it was dealt with',
    tag: 'exceptions',
    access: TEAMS,
    params: byId,
    body: z.strictObject({ note: givenText(500).trim().min(1, 'expected a note') }),
    output: done,
    refusals: REFUSALS,
  }),
};
