import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import {
  contactHead,
  episode,
  id,
  instant,
  page,
  paging,
  person,
  printedScore,
  stage,
  timelineItem,
} from '../shapes.ts';

const byId = z.object({ id });
const NO_CONTACT = { 404: 'No such contact.' };

const contactItem = contactHead.extend({
  stage,
  total: z.number().nullable(),
  scores: z.record(z.string(), z.number()),
  grade: z.string().nullable(),
  owner: person.nullable(),
  createdAt: instant,
  lastSeenAt: instant.nullable(),
});

/** Contacts, their scores and timelines. */
export const contacts = {
  listContacts: endpoint({
    method: 'GET',
    path: '/api/contacts',
    summary: 'Contacts with their stage and score',
    tag: 'contacts',
    access: 'signedIn',
    query: z.object({
      ...paging,
      q: z.string().max(200).optional().describe('part of a name, e-mail address or company'),
      stage: stage.optional(),
      owner: z.string().optional().describe('`me` or a user id'),
      grade: z.string().max(20).optional(),
      minTotal: z.coerce.number().int().optional(),
      sort: z.enum(['-total', 'name', '-createdAt', '-lastSeenAt']).default('-total'),
    }),
    output: page(contactItem).extend({ count: z.number() }),
  }),
  getContact: endpoint({
    method: 'GET',
    path: '/api/contacts/{id}',
    summary: 'A contact: profile, company, stage, score with its lines, episodes',
    tag: 'contacts',
    access: 'signedIn',
    params: byId,
    output: contactItem.extend({
      contact: z.record(z.string(), z.unknown()),
      companyProfile: z.record(z.string(), z.unknown()),
      firstMqlAt: instant.nullable(),
      score: printedScore,
      episodes: z.array(episode),
      /** Other identifiers this contact is known by: user ids, anonymous ids, addresses. */
      identities: z.array(z.object({ kind: z.enum(['user', 'anonymous', 'email']), value: z.string() })),
    }),
    refusals: NO_CONTACT,
  }),
  getContactScore: endpoint({
    method: 'GET',
    path: '/api/contacts/{id}/score',
    summary: 'The score of a contact as of any time',
    tag: 'contacts',
    access: 'signedIn',
    params: byId,
    query: z.object({
      at: instant.optional().describe('as of when; now without it'),
      knownAt: instant.optional().describe('only facts recorded up to then'),
      agreement: z.string().optional(),
      version: z.coerce.number().int().min(1).optional(),
    }),
    output: printedScore,
    refusals: { 404: 'No such contact, agreement or version.', 422: 'A time that cannot be read.' },
  }),
  listTimeline: endpoint({
    method: 'GET',
    path: '/api/contacts/{id}/timeline',
    summary: 'What happened to a contact, newest first',
    tag: 'contacts',
    access: 'signedIn',
    params: byId,
    query: z.object(paging),
    output: page(timelineItem),
    refusals: NO_CONTACT,
  }),
};
