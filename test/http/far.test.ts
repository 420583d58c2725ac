import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { api } from '../../src/contract/api.ts';
import type { Endpoint } from '../../src/contract/endpoint.ts';
import { failure } from '../../src/contract/failure.ts';
import { isObject } from '../../src/core/condition/reading.ts';
import type { Database } from '../../src/db/database.ts';
import { makeKey } from '../../src/loop/access/key.ts';
import { DRIVERS } from '../db/opened.ts';
import { AGREEMENT } from '../loop/agreement.ts';
import {
  addAgreement,
  addContact,
  addEpisode,
  addEvent,
  addStanding,
  addUser,
  clear,
} from '../world/seed.ts';
import { clearPeople, type Started, startNode } from './started.ts';

/** A place in the query or the body of an endpoint where an instant stands. */
interface Place {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly part: 'query' | 'body';
  readonly path: readonly string[];
}

/** The places of a JSON schema at which an instant stands; `*` stands for each element of a list. */
function instantsIn(schema: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (!isObject(schema)) return [];
  if (schema.format === 'date-time') return [path];
  const properties = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  const options = Array.isArray(schema.anyOf) ? schema.anyOf : [];
  return [
    ...properties.flatMap(([name, inner]) => instantsIn(inner, [...path, name])),
    ...options.flatMap(inner => instantsIn(inner, path)),
    ...instantsIn(schema.items, [...path, '*']),
  ];
}

const endpoints: readonly (readonly [string, Endpoint])[] = Object.entries(api);
const places = endpoints.flatMap(([name, endpoint]) =>
  (['query', 'body'] as const).flatMap(part => {
    const schema = endpoint[part];
    if (schema === undefined) return [];
    const described = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
    return instantsIn(described).map((path): Place => ({ name, endpoint, part, path }));
  }),
);

const EPISODE = '00000000-0000-4000-8000-00000000000e';
const CONTACT = '00000000-0000-4000-8000-00000000000c';
/** What else the calls need that take an instant. */
const GIVEN: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  addActivity: { kind: 'call' },
  pauseEpisode: { reason: 'Procurement' },
  askWhatIf: { contactId: CONTACT },
  addTimeOff: { from: '2026-01-01T00:00:00Z', to: '9999-12-31T23:59:59.999Z' },
  getContactChanges: { since: '1970-01-01T00:00:00Z' },
};

function urlOf({ path }: Endpoint): string {
  const ids = { episodes: EPISODE, contacts: CONTACT, users: 'ann' };
  return path.replace(
    /(\w+)\/\{id\}/,
    (_all, noun) => `${noun}/${Object.entries(ids).find(([of]) => of === noun)?.[1]}`,
  );
}

/** The input of a call with an instant at a place. */
function inputWith(
  { name, path: [first = '', ...rest] }: Place,
  at: string,
): Readonly<Record<string, unknown>> {
  const away = { userId: 'ann', from: '2026-01-01T00:00:00Z', to: '9999-12-31T23:59:59.999Z' };
  const value = rest.length === 0 ? at : [{ ...away, [rest.at(-1) ?? '']: at }];
  return { ...GIVEN[name], [first]: value };
}

describe.each(DRIVERS)('instants of calls on $name', driver => {
  let db: Database;
  let node: Started;
  let headers: Readonly<Record<string, string>>;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clear(db);
    await clearPeople(db);
    node = await startNode(db);
    const now = node.app.clock();
    const admin = { name: 'admin', kind: 'api', role: 'admin' } as const;
    headers = {
      authorization: `Bearer ${(await makeKey(node.app, admin, { actor: 'a test', now })).secret}`,
    };
    await addAgreement(db, { body: AGREEMENT });
    await addUser(db, { name: 'Ann' });
    await db.script(`insert into team (name, label) values ('sales', 'Sales'), ('queue', 'Queue');
      insert into team_member (team, user_id, weight, pass) values ('sales', 'ann', 1, 0)`);
    await addContact(db, { id: CONTACT });
    await addEvent(db, { contactId: CONTACT, at: now - 1000 });
    await addStanding(db, { contactId: CONTACT, ownerId: 'ann' });
    await addEpisode(db, { id: EPISODE, contactId: CONTACT, handedOffAt: now - 1000, ownerId: 'ann' });
  });
  afterEach(() => node.close());

  const ask = async (place: Place, at: string) => {
    const { endpoint, part } = place;
    const input = inputWith(place, at);
    const query = new URLSearchParams(Object.entries(input).map(([name, value]) => [name, String(value)]));
    const url = `${urlOf(endpoint)}${part === 'query' ? `?${query}` : ''}`;
    const payload = part === 'body' ? { payload: input } : {};
    return node.server.inject({ method: endpoint.method, url, headers, ...payload });
  };
  const called = ({ name, path }: Place) => `${name} ${path.join('.')}`;

  test('stand where this test looks for them', () => {
    expect(places.map(called)).toContain('getAcceptance to');
    expect(places.map(called)).toContain('askWhatIf off.*.from');
    expect(places.length).toBeGreaterThanOrEqual(18);
  });

  test.each(places.map(place => [called(place), place] as const))(
    '%s: what no database can keep is refused by its name',
    async (_name, place) => {
      for (const at of [
        '9999-12-31T23:59:59-23:59',
        '0000-01-01',
        '0001-01-01T00:00:00+00:01',
        'never',
        '',
      ]) {
        const answer = await ask(place, at);
        expect([at, [400, 422].includes(answer.statusCode)]).toEqual([at, true]);
        const { errors } = failure.parse(answer.json());
        const last = place.path.at(-1) ?? '';
        expect(errors.some(({ path }) => path.endsWith(last))).toBe(true);
      }
    },
  );

  test.each(places.map(place => [called(place), place] as const))(
    '%s: the first and the last instant break nothing',
    async (_name, place) => {
      for (const at of [
        '0001-01-01',
        '1970-01-01',
        '9999-12-31',
        '9999-12-31T23:59:59.999Z',
        '9999-12-31T00:00:00+23:59',
      ]) {
        const answer = await ask(place, at);
        expect([at, answer.statusCode, answer.statusCode < 500]).toEqual([at, answer.statusCode, true]);
      }
    },
  );
});
