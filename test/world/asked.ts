import { type Api, api, type EndpointName } from '../../src/contract/api.ts';
import type { InputOf } from '../../src/contract/endpoint.ts';
import { listEpisodes } from '../../src/server/api/queue.ts';
import { person, type World } from './app.ts';

/** The endpoints that have a query. */
type QueriedName = {
  [Name in EndpointName]: Api[Name] extends { readonly query: unknown } ? Name : never;
}[EndpointName];

/** The query of a call as the server reads it: with its defaults, and refused where the contract refuses it. */
export function asked<Name extends QueriedName>(
  name: Name,
  query: Readonly<Record<string, unknown>>,
): InputOf<Api[Name]>['query'];
export function asked(name: QueriedName, query: Readonly<Record<string, unknown>>): unknown {
  return api[name].query.parse(query);
}

/** The ids of everything behind a figure, page by page; `more` narrows it down further. */
export async function listedLeads(
  world: World,
  leads: string,
  more: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const given = new URLSearchParams(leads);
  const query = [...new Set(given.keys())].map(name => {
    const values = given.getAll(name);
    return [name, values.length === 1 ? values[0] : values] as const;
  });
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await listEpisodes(world.as(person('ann')), {
      ...{ params: undefined, body: undefined },
      query: asked('listEpisodes', {
        ...Object.fromEntries(query),
        ...{ ...more, limit: 7 },
        ...(cursor === '' ? {} : { cursor }),
      }),
    });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  return ids;
}
