import { api } from '../../contract/api.ts';
import type { CallInput } from '../client/client.ts';

/**
 * Reads the query of a list of leads, as a row of a report has it.
 *
 * @example readLeads('outcome=open&source=ads&source=fair').source // ['ads', 'fair']
 */
export function readLeads(leads: string): NonNullable<CallInput<'listEpisodes'>['query']> {
  const given = new URLSearchParams(leads);
  const entries = [...new Set(given.keys())].map(name => {
    const values = given.getAll(name);
    return [name, values.length === 1 ? values[0] : values] as const;
  });
  return api.listEpisodes.query.parse(Object.fromEntries(entries));
}

/**
 * The leads of a row narrowed down to those of one of its figures.
 *
 * @example narrowed('rule=a&outcome=decided', { outcome: 'rejected' }) // 'rule=a&outcome=rejected'
 */
export function narrowed(leads: string, to: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(leads);
  for (const [name, value] of Object.entries(to)) query.set(name, value);
  return query.toString();
}
