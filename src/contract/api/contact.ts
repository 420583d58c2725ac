import { z } from 'zod';
import { changes, course, missing, unreadable } from '../../core/explanation/shape.ts';
import { printedScore, scoreLine } from '../../core/scoring/print.ts';
import { STAGES } from '../../core/scoring/stage.ts';
import { uuid } from '../../core/text/uuid.ts';
import { instant } from '../../core/time/instant.ts';
import { CONTACTS, CORRECTION, EVENTS, LEADS, READ } from '../access.ts';
import { endpoint, fileOutput } from '../endpoint.ts';
import {
  contactHead,
  givenEmail,
  givenId,
  givenText,
  id,
  page,
  paging,
  person,
  refusedBecause,
} from '../shapes.ts';
import { episode } from './episode.ts';

export const stage = z.enum(STAGES);

/** The parts of a timeline that can be looked at alone. */
export const TIMELINE_PARTS = ['events', 'work', 'alerts'] as const;

export const timelineItem = z.object({
  id,
  at: instant,
  /**
   * What kind of thing happened: `event`, `handoff`, `activity`, `decision`, `alert`, `merge`, `class`; `other` for what
   * only an earlier version wrote down.
   */
  kind: z.string(),
  title: z.string(),
  detail: z.string().nullable(),
  actor: z.string().nullable(),
  machine: z.boolean(),
  /** Why an event counts as machine-made; null where it does not. */
  machineReason: z.string().nullable(),
  /** The id by which an event can be classed anew; null for an entry that is not an event. */
  eventId: z.string().nullable(),
});

export type TimelineItem = z.infer<typeof timelineItem>;

const byId = z.object({ id });
const corrected = givenText(200).trim().min(1, 'expected text, or null to take the value away').nullable();
const NO_CONTACT = { 404: 'No such contact.' };
const NO_VERSION = 'No such contact, agreement or version.';
const NO_RANGE =
  'A time that cannot be read, lies before 1970 or after 9999, or a range that ends before it begins.';

/** Under which agreement a score is asked for: the leading one, or the version that is active, without them. */
const underVersion = {
  agreement: z.string().optional(),
  version: z.coerce.number().int().min(1).optional(),
};

const contactItem = contactHead.extend({
  stage,
  total: z.number().nullable(),
  scores: z.record(z.string(), z.number()),
  grade: z.string().nullable(),
  owner: person.nullable(),
  source: z.string().nullable(),
  campaign: z.string().nullable(),
  /** Which link or advertisement of the campaign it was (utm_content). */
  content: z.string().nullable(),
  /** What the company belongs to, such as enterprise. */
  segment: z.string().nullable(),
  /** The handoff of it that waits for a decision. */
  openEpisodeId: id.nullable(),
  createdAt: instant,
  lastSeenAt: instant.nullable(),
});

/** What a list of contacts is narrowed to, and its order. */
const contactFilter = {
  q: z
    .string()
    .max(200)
    .optional()
    .describe(
      'part of a name, e-mail address or company; or a whole e-mail address or user id that they are also known by',
    ),
  stage: stage.optional(),
  owner: z.string().optional().describe('`me`, `none` or a user id'),
  grade: z.string().max(20).optional(),
  minTotal: z.coerce.number().int().optional(),
  source: z.string().max(200).optional(),
  campaign: z.string().max(200).optional(),
  segment: z.string().max(200).optional(),
  sort: z.enum(['-total', 'name', '-createdAt', '-lastSeenAt']).default('-total'),
};

/** How many contacts one call changes. */
export const MOST_AT_ONCE = 200;
const many = z
  .array(uuid.max(36))
  .min(1, 'expected at least one contact')
  .max(MOST_AT_ONCE, `expected at most ${MOST_AT_ONCE} contacts`);
const eachDone = z.object({
  items: z.array(
    z.object({
      id,
      status: z.number().describe('200, or the status that a call for this contact alone is refused with'),
      reason: z.string().nullable().describe('why it was refused'),
    }),
  ),
});

/** Contacts, their scores and timelines. */
export const contacts = {
  listContacts: endpoint({
    method: 'GET',
    path: '/api/contacts',
    summary: 'Contacts with their stage and score',
    tag: 'contacts',
    access: READ,
    query: z.object({
      ...paging,
      ...contactFilter,
    }),
    output: page(contactItem).extend({ count: z.number() }),
  }),
  getContactFile: endpoint({
    method: 'GET',
    path: '/api/contacts.csv',
    summary: 'The same contacts as a file, all of them',
    tag: 'contacts',
    access: READ,
    query: z.object(contactFilter),
    file: 'text/csv; charset=utf-8',
    output: fileOutput,
  }),
  listContactValues: endpoint({
    method: 'GET',
    path: '/api/contacts/values',
    summary: 'Which sources, campaigns, segments and grades contacts have, to choose from',
    tag: 'contacts',
    access: READ,
    output: z.object({
      sources: z.array(z.string()),
      campaigns: z.array(z.string()),
      segments: z.array(z.string()),
      grades: z.array(z.string()),
    }),
  }),
  createContact: endpoint({
    method: 'POST',
    path: '/api/contacts',
    summary: 'Add a contact by hand; it is scored, and handed over if it qualifies',
    tag: 'contacts',
    access: CONTACTS,
    body: z.strictObject({
      email: givenEmail,
      name: givenText(200).trim().optional(),
      title: givenText(200).trim().optional(),
      company: givenText(200).trim().optional(),
      phone: givenText(50).trim().optional(),
      country: givenText(100).trim().optional(),
      source: givenText(200).trim().optional(),
    }),
    output: z.object({ id }),
    refusals: { 409: 'There is a contact with this e-mail address.', 422: 'The address cannot be used.' },
  }),
  getContact: endpoint({
    method: 'GET',
    path: '/api/contacts/{id}',
    summary: 'A contact: profile, company, stage, score with its lines, episodes',
    tag: 'contacts',
    access: READ,
    params: byId,
    output: contactItem.extend({
      contact: z.record(z.string(), z.unknown()),
      companyProfile: z.record(z.string(), z.unknown()),
      unverified: z
        .array(z.string())
        .describe('values, such as `contact.title`, that only calls with a public key have claimed'),
      firstMqlAt: instant.nullable(),
      score: printedScore,
      sentence: z
        .string()
        .nullable()
        .describe('why it has its score; null where the agreement does not score it'),
      topLines: z.array(scoreLine).describe('the heaviest lines for it, then the heaviest against it'),
      missing: missing.nullable().describe('what it lacks to qualify; null when it does, or is not scored'),
      unreadable: z
        .array(unreadable)
        .describe(
          'values that the agreement compares as numbers and that are not, and a phone number that is not valid',
        ),
      episodes: z.array(episode),
      /** Other identifiers this contact is known by: user ids, anonymous ids, addresses. */
      identities: z.array(z.object({ kind: z.enum(['user', 'anonymous', 'email']), value: z.string() })),
      correctRefused: refusedBecause.describe('why its fields are not the caller’s to correct'),
      classRefused: refusedBecause.describe('why it is not the caller’s to say what made an event'),
    }),
    refusals: NO_CONTACT,
  }),
  getContactScore: endpoint({
    method: 'GET',
    path: '/api/contacts/{id}/score',
    summary: 'The score of a contact as of any time',
    tag: 'contacts',
    access: READ,
    params: byId,
    query: z.object({
      at: instant.optional().describe('as of when, from 1970 to 9999; now without it'),
      knownAt: instant.optional().describe('as it was known then; all that is known without it'),
      ...underVersion,
    }),
    output: printedScore,
    refusals: {
      404: NO_VERSION,
      422: 'A time that cannot be read, or lies before 1970 or after 9999.',
    },
  }),
  getContactChanges: endpoint({
    method: 'GET',
    path: '/api/contacts/{id}/changes',
    summary: 'What changed in the score of a contact since a time, and what did it',
    tag: 'contacts',
    access: READ,
    params: byId,
    query: z.object({
      since: instant.describe('from when on'),
      until: instant.optional().describe('until when; now without it'),
      ...underVersion,
    }),
    output: changes,
    refusals: { 404: NO_VERSION, 422: NO_RANGE },
  }),
  getContactCourse: endpoint({
    method: 'GET',
    path: '/api/contacts/{id}/course',
    summary: 'The score of a contact over time, step by step',
    tag: 'contacts',
    access: READ,
    params: byId,
    query: z.object({
      from: instant.optional().describe('the last year, or since its creation, without it'),
      to: instant.optional().describe('now without it'),
      ...underVersion,
    }),
    output: course,
    refusals: { 404: NO_VERSION, 422: NO_RANGE },
  }),
  listTimeline: endpoint({
    method: 'GET',
    path: '/api/contacts/{id}/timeline',
    summary: 'What happened to a contact, newest first',
    tag: 'contacts',
    access: READ,
    params: byId,
    query: z.object({
      ...paging,
      show: z
        .enum(TIMELINE_PARTS)
        .optional()
        .describe('what the contact did; what sales did and decided; or alerts; everything without it'),
    }),
    output: page(timelineItem),
    refusals: NO_CONTACT,
  }),
  updateContact: endpoint({
    method: 'PATCH',
    path: '/api/contacts/{id}',
    summary: 'Correct fields of a contact, null taking a value away; score and routing follow',
    tag: 'contacts',
    access: CORRECTION,
    params: byId,
    body: z
      .strictObject({
        firstName: corrected,
        lastName: corrected,
        email: givenEmail,
        title: corrected,
        phone: corrected,
        country: corrected,
        company: corrected.describe('its name'),
      })
      .partial()
      .refine(body => Object.keys(body).length > 0, 'expected at least one field'),
    output: z.object({ id }),
    refusals: {
      ...NO_CONTACT,
      409: 'Another contact has this e-mail address.',
      422: 'A value cannot be used, or nothing is known by which to find the contact.',
    },
  }),
  giveContacts: endpoint({
    method: 'POST',
    path: '/api/contacts/bulk/owner',
    summary:
      'Give the leads of many contacts to somebody, open and accepted ones; the answer says what became of each',
    tag: 'contacts',
    access: LEADS,
    body: z.strictObject({ contactIds: many, ownerId: givenId, note: givenText(4000).optional() }),
    output: eachDone,
    refusals: { 422: 'The body is not as described, or the person may not own leads.' },
  }),
  correctContacts: endpoint({
    method: 'POST',
    path: '/api/contacts/bulk/fields',
    summary: 'Correct the same fields of many contacts; the answer says what became of each',
    tag: 'contacts',
    access: CORRECTION,
    body: z.strictObject({
      contactIds: many,
      values: z
        .strictObject({ title: corrected, country: corrected, company: corrected.describe('its name') })
        .partial()
        .refine(values => Object.keys(values).length > 0, 'expected at least one field'),
    }),
    output: eachDone,
    refusals: { 422: 'The body is not as described.' },
  }),
  classEvent: endpoint({
    method: 'POST',
    path: '/api/contacts/{id}/events/{eventId}/class',
    summary: 'Set whether a machine made an event; the score follows, an open handoff stays',
    tag: 'contacts',
    access: EVENTS,
    params: z.object({ id, eventId: id.describe('the `eventId` of the timeline') }),
    body: z.strictObject({ machine: z.boolean(), note: givenText(4000).optional() }),
    output: timelineItem,
    refusals: { 404: 'No such contact, or no such event of it.', 422: 'The body is not as described.' },
  }),
};
