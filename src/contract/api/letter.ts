import { z } from 'zod';
import { STOPS } from '../../core/letter/consent.ts';
import { REFUSALS } from '../../core/letter/refusal.ts';
import { instant } from '../../core/time/instant.ts';
import { CORRECTION, LETTERS, OPT_OUTS, READ } from '../access.ts';
import { endpoint } from '../endpoint.ts';
import { givenId, givenText, id, page, paging } from '../shapes.ts';

const note = givenText(1000).trim().min(1, 'expected a reason');
const template = z.string().min(1).max(100, 'expected at most 100 characters');

/** A letter to a lead: promised, sent, or why it was not. */
export const letterShape = z.object({
  id,
  purpose: z.enum(['outreach', 'nurture']),
  /** The entry of the outreach list, or the track, that it belongs to. */
  entry: z.string(),
  /** Null where other software was told to answer. */
  template: z.string().nullable(),
  state: z.enum(['waiting', 'sent', 'refused', 'failed']),
  because: z.enum(REFUSALS).nullable(),
  /** Why it was not sent, in words. */
  reason: z.string().nullable(),
  createdAt: instant,
  /** From when on it may leave. */
  notBefore: instant,
  endedAt: instant.nullable(),
  owner: z.string().nullable(),
  address: z.string().nullable(),
  subject: z.string().nullable(),
  text: z.string().nullable(),
});

/** Why no letter goes to a contact, or went for a while. */
const stop = z.object({
  id,
  kind: z.enum(STOPS),
  address: z.string().nullable(),
  detail: z.string().nullable(),
  at: instant,
  by: z.string(),
  endedAt: instant.nullable(),
  endedBy: z.string().nullable(),
});

const params = z.object({ id, version: z.coerce.number().int().min(1) });

/** Mails to leads. */
export const letters = {
  listLetters: endpoint({
    method: 'GET',
    path: '/api/contacts/{id}/letters',
    summary: 'Mails to a lead, newest first: waiting, sent, or why not; and what keeps further ones from it',
    tag: 'contacts',
    access: READ,
    params: z.object({ id }),
    query: z.object(paging),
    output: page(letterShape).extend({
      /** Why no letter may go to the contact now, and in words; null where one may. */
      refusal: z.object({ because: z.enum(REFUSALS), words: z.string() }).nullable(),
      /** The field of the profile that says that they want no mail; null for none. */
      field: z.string().nullable(),
      stops: z.array(stop),
    }),
    refusals: { 404: 'No such contact.' },
  }),
  stopLetters: endpoint({
    method: 'POST',
    path: '/api/contacts/{id}/letters/stop',
    summary: 'Stop mail to a contact that said it wants none; a track that it is in ends',
    tag: 'contacts',
    access: OPT_OUTS,
    params: z.object({ id }),
    body: z.strictObject({ note: note.optional().describe('how and when they said so') }),
    output: z.object({ id }),
    refusals: { 404: 'No such contact.', 409: 'Mail to it is stopped already.' },
  }),
  allowLetters: endpoint({
    method: 'POST',
    path: '/api/contacts/{id}/letters/allow',
    summary: 'Take back an opt-out, or that mail to the address came back, with the reason',
    tag: 'contacts',
    access: CORRECTION,
    params: z.object({ id }),
    body: z.strictObject({
      kind: z.enum(STOPS),
      note: note.describe('why mail may go there again, such as how they said so'),
    }),
    output: z.object({ id }),
    refusals: {
      403: 'The contact is somebody else’s lead; the answer says who can do it.',
      404: 'No such contact.',
      409: 'Nothing of the kind keeps mail from it, or its profile does.',
    },
  }),
  previewLetters: endpoint({
    method: 'GET',
    path: '/api/agreements/{id}/versions/{version}/letters',
    summary: 'The templates of a version, filled in for a contact as it would get them now',
    tag: 'agreements',
    access: LETTERS,
    params,
    query: z.object({ contactId: id.optional().describe('one that was seen lately without it') }),
    output: z.object({
      contact: z.object({ id: id.nullable(), name: z.string(), email: z.string() }),
      /** What must be set up before letters leave. */
      missing: z.array(z.string()),
      letters: z.array(
        z.object({
          template: z.string(),
          from: z.string(),
          replyTo: z.string(),
          subject: z.string(),
          text: z.string(),
          html: z.string(),
          /** Why it could not be filled in; null where it could. */
          problem: z.string().nullable(),
        }),
      ),
    }),
    refusals: { 404: 'No such version, or no such contact.' },
  }),
  testLetter: endpoint({
    method: 'POST',
    path: '/api/agreements/{id}/versions/{version}/letters/test',
    summary: 'Send a template, filled in for a contact, to oneself',
    tag: 'agreements',
    access: LETTERS,
    params,
    body: z.strictObject({ template, contactId: givenId.optional() }),
    output: z.object({
      /** The message, to ask what becomes of it. */
      deliveryId: id,
      to: z.string(),
    }),
    refusals: {
      404: 'No such version, template or contact.',
      409: 'An API key has no mailbox, or the template cannot be filled in.',
    },
  }),
};
