import { z } from 'zod';
import { uuid } from '../../core/text/uuid.ts';
import { instant } from '../../core/time/instant.ts';
import { DUPLICATES, PROPOSALS, READ } from '../access.ts';
import { endpoint } from '../endpoint.ts';
import { contactHead, givenId, givenText, id, page, paging, person } from '../shapes.ts';
import { stage } from './contact.ts';
import { episodeState } from './episode.ts';

const byId = z.object({ id });
const REFUSALS = {
  404: 'No such likeness.',
  409: 'It was decided already, or one of the two was joined with somebody else meanwhile.',
};

const LIKENESS_STATES = ['open', 'merged', 'apart'] as const;
export const duplicateState = z.enum(LIKENESS_STATES);

const LIKENESS_KINDS = ['email', 'email_typo', 'phone', 'name_company', 'said'] as const;

/** Why two contacts may be one person, in a sentence. */
export const likenessReason = z.object({ kind: z.enum(LIKENESS_KINDS), text: z.string() });

/** One of two contacts, as much of it as telling them apart needs. */
const duplicateSide = contactHead.extend({
  phone: z.string().nullable(),
  createdAt: instant,
  lastSeenAt: instant.nullable(),
  stage,
  total: z.number().nullable(),
  owner: person.nullable(),
  /** The handoff that sales works or waits for; the contact of a held lead has one without an owner. */
  openEpisode: z
    .object({
      id,
      state: episodeState,
      handedOffAt: instant,
      owner: person.nullable(),
      waitingFor: z.string().nullable(),
    })
    .nullable(),
});
export type DuplicateSide = z.infer<typeof duplicateSide>;

/** Two contacts that may be one person, and what a person decided on them. */
const duplicate = z.object({
  id,
  /** From 0 to 1: how sure it is that both are one person. */
  score: z.number(),
  reasons: z.array(likenessReason),
  state: duplicateState,
  foundAt: instant,
  decidedAt: instant.nullable(),
  decidedBy: z.string().nullable(),
  note: z.string().nullable(),
  a: duplicateSide,
  b: duplicateSide,
  /** Which of the two a merge would best keep: the one further along with sales, else the elder. */
  suggestedInto: id,
  /** The merge that joined the two; null while they are apart. */
  merge: z
    .object({
      id,
      /** The contact that stayed. */
      intoId: id,
      /** Why it cannot be undone; null when it can. */
      undoRefused: z.string().nullable(),
    })
    .nullable(),
});
export type Duplicate = z.infer<typeof duplicate>;

/** A field of both profiles, and what a merge would keep of it; values as text, null where there is none. */
const duplicateField = z.object({
  /** Such as `contact.title` or `company.name`. */
  field: z.string(),
  a: z.string().nullable(),
  b: z.string().nullable(),
  differs: z.boolean(),
  kept: z.string().nullable(),
  /** Whose value would be kept: the one said last, whichever contact stays; but a business address before another one. */
  keptOf: z.enum(['a', 'b', 'both']).nullable(),
});
export type DuplicateField = z.infer<typeof duplicateField>;

export const duplicateDetail = duplicate.extend({ fields: z.array(duplicateField) });
export type DuplicateDetail = z.infer<typeof duplicateDetail>;

/** Contacts that may be one person: reviewed, merged or kept apart by people. */
export const duplicates = {
  listDuplicates: endpoint({
    method: 'GET',
    path: '/api/likenesses',
    summary: 'Contacts that may be one person: open ones surest first, decided ones newest first',
    tag: 'likenesses',
    access: READ,
    query: z.object({
      ...paging,
      state: duplicateState.default('open'),
      contact: id.optional().describe('only those of this contact'),
    }),
    output: page(duplicate).extend({
      counts: z.object({ open: z.number(), merged: z.number(), apart: z.number() }),
    }),
  }),
  getDuplicate: endpoint({
    method: 'GET',
    path: '/api/likenesses/{id}',
    summary: 'Two contacts that may be one person, field by field, with what a merge would keep',
    tag: 'likenesses',
    access: READ,
    params: byId,
    output: duplicateDetail,
    refusals: { 404: 'No such likeness.' },
  }),
  proposeDuplicate: endpoint({
    method: 'POST',
    path: '/api/likenesses',
    summary:
      'Put two contacts up for review that may be one person; those up already are answered as they are',
    tag: 'likenesses',
    access: PROPOSALS,
    body: z.strictObject({
      contactIds: z.tuple([uuid.max(36), uuid.max(36)]),
      because: givenText(500).trim().min(1, 'expected why'),
    }),
    output: z.object({ id }),
    refusals: { 404: 'No such contact.', 409: 'They were kept apart.', 422: 'Both are one contact.' },
  }),
  mergeDuplicate: endpoint({
    method: 'POST',
    path: '/api/likenesses/{id}/merge',
    summary: 'Merge two contacts that are one person, with all their history; can be undone',
    tag: 'likenesses',
    access: DUPLICATES,
    params: byId,
    body: z.strictObject({
      into: givenId.describe('which of the two contacts stays'),
      keep: z
        .record(givenText(200), z.enum(['a', 'b']))
        .refine(fields => Object.keys(fields).length <= 200, 'expected at most 200 fields')
        .optional()
        .describe('by field, such as contact.title: whose value is kept, where it is not the one proposed'),
    }),
    output: duplicateDetail,
    refusals: { ...REFUSALS, 422: '`into` is neither of the two.' },
  }),
  keepDuplicateApart: endpoint({
    method: 'POST',
    path: '/api/likenesses/{id}/apart',
    summary: 'Keep two contacts apart: they are not proposed again, and a held lead goes on',
    tag: 'likenesses',
    access: DUPLICATES,
    params: byId,
    body: z.strictObject({ note: givenText(500).optional() }),
    output: duplicateDetail,
    refusals: REFUSALS,
  }),
  reopenDuplicate: endpoint({
    method: 'POST',
    path: '/api/likenesses/{id}/reopen',
    summary: 'Undo keeping two contacts apart: they are up for review again',
    tag: 'likenesses',
    access: DUPLICATES,
    params: byId,
    output: duplicateDetail,
    refusals: {
      ...REFUSALS,
      409: 'It is open already, or both were merged; a merge is undone by its own id.',
    },
  }),
  undoMerge: endpoint({
    method: 'POST',
    path: '/api/merges/{id}/undo',
    summary: 'Undo a reviewed merge: both contacts come back, each with what it brought',
    tag: 'likenesses',
    access: DUPLICATES,
    params: byId,
    output: duplicateDetail,
    refusals: {
      404: 'No such merge.',
      409: 'It was undone already, or what happened since cannot be told apart; the answer says what.',
    },
  }),
};
