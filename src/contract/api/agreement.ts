import { z } from 'zod';
import { instant } from '../../core/time/instant.ts';
import { READ } from '../access.ts';
import { endpoint } from '../endpoint.ts';
import { id, page } from '../shapes.ts';

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
