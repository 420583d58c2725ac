import { z } from 'zod';
import { instant } from '../../core/time/instant.ts';
import { ADMIN, READ } from '../access.ts';
import { endpoint } from '../endpoint.ts';
import { givenText, id, page } from '../shapes.ts';

const agreementHead = z.object({
  id,
  name: z.string(),
  activeVersion: z.number().nullable(),
  versions: z.array(
    z.object({
      version: z.number(),
      createdAt: instant,
      activatedAt: instant.nullable(),
      createdBy: z.string(),
    }),
  ),
});

/** The text of an agreement file, YAML or JSON. */
const source = givenText(500_000).min(1, 'expected the text of an agreement file');

const INVALID = { 422: 'It is not a valid agreement; the answer names every problem.' };

/** How many contacts qualify by each path. */
const pathCounts = z.record(z.string(), z.number());

const movers = z.array(
  z.object({
    id,
    name: z.string(),
    email: z.string().nullable(),
    from: z.string().nullable(),
    to: z.string().nullable(),
  }),
);

/** Agreements and their versions. */
export const agreements = {
  listAgreements: endpoint({
    method: 'GET',
    path: '/api/agreements',
    summary: 'Agreements with their versions; the first active one leads',
    tag: 'agreements',
    access: READ,
    output: page(agreementHead),
  }),
  getAgreementVersion: endpoint({
    method: 'GET',
    path: '/api/agreements/{id}/versions/{version}',
    summary: 'A version of an agreement: its source file and the same as data',
    tag: 'agreements',
    access: READ,
    params: z.object({ id, version: z.coerce.number().int().min(1) }),
    output: z.object({
      id,
      name: z.string(),
      version: z.number(),
      source: z.string(),
      /** The parsed file (plain data in the agreement format). */
      body: z.unknown(),
      createdAt: instant,
      activatedAt: instant.nullable(),
      createdBy: z.string(),
    }),
    refusals: { 404: 'No such agreement or version.' },
  }),
  planAgreement: endpoint({
    method: 'POST',
    path: '/api/agreements/plan',
    summary: 'Who would enter and leave if this file were the active version; changes nothing',
    tag: 'agreements',
    access: ADMIN,
    idempotency: 'none',
    body: z.strictObject({ source, named: z.int().min(0).max(200).default(20) }),
    output: z.object({
      contacts: z.number(),
      before: pathCounts,
      after: pathCounts,
      enters: z.number(),
      leaves: z.number(),
      /** Those that qualify under both, but by another path. */
      switches: z.number(),
      /** The first of those that enter and leave; a path of null is: does not qualify. */
      entering: movers,
      leaving: movers,
    }),
    refusals: INVALID,
  }),
  applyAgreement: endpoint({
    method: 'POST',
    path: '/api/agreements/apply',
    summary: 'Store a file as a version and make it the active one, unless it is that already',
    tag: 'agreements',
    access: ADMIN,
    body: z.strictObject({
      source,
      handoff: z.boolean().default(false).describe('hand over the contacts that this version makes qualify'),
    }),
    output: z.object({ agreement: id, name: z.string(), version: z.number(), changed: z.boolean() }),
    refusals: INVALID,
  }),
  getScoring: endpoint({
    method: 'GET',
    path: '/api/agreements/{id}/scoring',
    summary:
      'How far contacts are scored under the active version of an agreement, once another was activated',
    tag: 'agreements',
    access: READ,
    params: z.object({ id }),
    output: z.object({
      version: z.number().describe('the active one'),
      scoring: z
        .object({ scored: z.number(), contacts: z.number() })
        .nullable()
        .describe('null once all contacts are scored under it'),
    }),
    refusals: { 404: 'No such agreement, or none of its versions is active.' },
  }),
};
