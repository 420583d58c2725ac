import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { Endpoint } from '../../src/contract/endpoint.ts';
import { answerWords } from '../../src/core/delivery/failure.ts';
import type { Database } from '../../src/db/database.ts';
import { makeKey } from '../../src/loop/access/key.ts';
import { changePermissions } from '../../src/loop/access/permission.ts';
import { promiseEvents } from '../../src/loop/alert/hook.ts';
import { deliverDue } from '../../src/loop/delivery/outbox.ts';
import { registerWebhook } from '../../src/loop/delivery/subscription.ts';
import { bookTimeOff, changeAvailability } from '../../src/loop/routing/availability.ts';
import { openSession } from '../../src/server/access/session.ts';
import { DRIVERS } from '../db/opened.ts';
import { empty } from '../world/empty.ts';
import { addAgreement, addContact, addEpisode, addUser, clear, DAY } from '../world/seed.ts';
import { type Started, startNode } from './started.ts';

/** What must not be in any answer to people whom it does not concern. */
const NOTES = ['Flu since Monday', 'Operation on the knee'];
const ADDRESS = ['T0KEN-in-the-path', 'K3Y-in-the-query', 'PAGE-of-the-receiver'];
const MAILS = ['ann@acme.example'];

describe.each(DRIVERS)('what is not for everybody, on $name', driver => {
  let db: Database;
  let node: Started;
  let ids: Readonly<Record<string, readonly string[]>>;
  const headers = new Map<string, Readonly<Record<string, string>>>();

  beforeAll(async () => {
    db = await driver.open();
    await clear(db);
    await empty(db, ['access_key', 'setting', 'journal']);
    node = await startNode(db);
    ids = await seed(node);
    for (const id of ['ada', 'mark', 'mia', 'max', 'nell', 'ann', 'bob'])
      headers.set(id, { cookie: (await openSession(node.app, id)).split(';')[0] ?? '' });
    for (const role of ['admin', 'manager', 'rep', 'marketing'] as const) {
      const by = { actor: 'a test', now: node.app.clock() };
      const { secret } = await makeKey(node.app, { name: 'K', kind: 'api', role }, by);
      headers.set(`key of ${role}`, { authorization: `Bearer ${secret}` });
    }
  });
  afterAll(async () => {
    await node.close();
    await db.close();
  });

  const get = async (who: string, url: string): Promise<string> =>
    (await node.server.inject({ url, headers: { ...headers.get(who) } })).body;

  /** Everything that somebody can read, in one text. */
  const readAll = async (who: string): Promise<string> => {
    const answers: string[] = [];
    for (const endpoint of Object.values<Endpoint>(api))
      if (endpoint.method === 'GET')
        for (const url of urlsOf(endpoint.path, ids)) answers.push(`${url} ${await get(who, url)}`);
    answers.push(await get(who, '/api/exceptions?state=closed'), await get(who, '/api/alerts?scope=team'));
    return answers.join('\n');
  };

  test.each([
    ['the person', 'ann', []],
    ['a colleague', 'bob', [...NOTES, ...ADDRESS, ...MAILS]],
    ['marketing', 'mark', [...NOTES, ...ADDRESS, ...MAILS]],
    ['the manager of the team', 'mia', ADDRESS],
    ['the manager of another team', 'max', [...NOTES, ...ADDRESS, ...MAILS]],
    ['a manager of no team', 'nell', [...NOTES, ...ADDRESS, ...MAILS]],
    ['an admin', 'ada', []],
    ['a key of a rep', 'key of rep', [...NOTES, ...ADDRESS, ...MAILS]],
    ['a key of marketing', 'key of marketing', [...NOTES, ...ADDRESS, ...MAILS]],
    ['a key of a manager', 'key of manager', ADDRESS],
    ['a key of an admin', 'key of admin', []],
  ])(
    '%s reads what is for them, over whatever call',
    async (_name, who, hidden) => {
      const text = await readAll(who);
      const isFor = (secret: string) =>
        !(hidden.includes(secret) || (who === 'ann' && ADDRESS.includes(secret)));
      for (const secret of [...NOTES, ...ADDRESS, ...MAILS])
        expect([secret, text.includes(secret)]).toEqual([secret, isFor(secret)]);
      // That somebody is away, and until when, is for everybody.
      expect(text).toContain('"reason":"paused"');
      expect(text).toContain('hooks.example.com');
    },
    60_000,
  );

  test.each([
    ['mia', 'hooks.example', true],
    ['mia', 'T0KEN', false],
    ['ada', 'T0KEN', true],
  ])('%s, who looks for deliveries to %s, finds some: %s', async (who, words, isFound) => {
    const { items } = JSON.parse(await get(who, `/api/deliveries?channel=webhook&q=${words}`));
    expect(items.length > 0).toBe(isFound);
  });

  test('what an admin lets marketing do is in the journal, and a change of nothing is not', async () => {
    const by = { actor: 'Ada', now: node.app.clock() };
    const all = { reviewDuplicates: true, classEvents: true, replayCalls: true };
    for (const wanted of [all, all, { ...all, classEvents: false }])
      await changePermissions(node.app, wanted, by);
    const rows = await db.run<{ readonly actor: string; readonly particulars: unknown }>(
      {
        name: '',
        text: `select actor, particulars from journal where kind = 'permissions_changed' order by id`,
      },
      [],
    );
    expect(rows).toEqual([
      { actor: 'Ada', particulars: { given: ['reviewDuplicates', 'classEvents', 'replayCalls'], taken: [] } },
      { actor: 'Ada', particulars: { given: [], taken: ['classEvents'] } },
    ]);
    expect(JSON.parse(await get('mark', '/api/permissions'))).toEqual({ ...all, classEvents: false });
    expect(JSON.parse(await get('mark', '/api/session')).permissions).toEqual({ ...all, classEvents: false });
  });
});

/** The addresses of a path: each of its parameters with everything that it may name. */
function urlsOf(path: string, ids: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const name = /\{(\w+)\}/.exec(path)?.[1];
  if (name === undefined) return [path];
  const kind = name === 'id' ? (path.split('/')[2] ?? '') : name;
  return (ids[kind] ?? ['x']).flatMap(id => urlsOf(path.replace(`{${name}}`, id), ids));
}

async function seed({ app }: Started): Promise<Readonly<Record<string, readonly string[]>>> {
  const { db } = app;
  const now = app.clock();
  const by = { actor: 'a test', now };
  const users = {
    ada: 'admin',
    mark: 'marketing',
    mia: 'manager',
    max: 'manager',
    nell: 'manager',
    ann: 'rep',
    bob: 'rep',
  };
  for (const [id, role] of Object.entries(users)) await addUser(db, { name: id, id, role });
  await db.script(`
    insert into team (name, label, manager_id) values ('sales', 'Sales', 'mia'), ('field', 'Field', 'max');
    insert into team_member (team, user_id, weight, pass) values ('sales', 'ann', 1, 0), ('sales', 'bob', 1, 0);
  `);
  const [paused = '', off = ''] = NOTES;
  const hours = { timezone: 'UTC', hours: null, holidays: [] };
  await changeAvailability(app, 'ann', { ...hours, paused: true, pausedNote: paused }, by);
  await bookTimeOff(app, 'ann', { from: now + DAY, to: now + 2 * DAY, note: off }, by);
  await addAgreement(db);
  const contactId = await addContact(db);
  const episodeId = await addEpisode(db, {
    contactId,
    handedOffAt: now - DAY,
    ownerId: 'ann',
    team: 'sales',
  });
  const [path = '', query = '', page = ''] = ADDRESS;
  const url = `https://hooks.example.com/${path}?key=${query}`;
  const webhook = { url, description: 'CRM', eventTypes: [], allowPrivate: false };
  const { id: webhookId } = await registerWebhook(app, webhook, by);
  await db.transaction(sql =>
    promiseEvents(sql, [{ type: 'lead.accepted', at: now, contactId, episodeId, data: { by: 'ann' } }]),
  );
  const sent = async () => ({ kind: 'sent' as const });
  const message = answerWords(400, page);
  const refuses = async () => ({ kind: 'refused' as const, message, status: 400, response: page });
  await deliverDue(app, { in_app: sent, email: sent, slack: sent, webhook: refuses }, { now, batch: 50 });
  const rowsOf = async (table: string) =>
    (
      await db.run<{ readonly id: string }>({ name: '', text: `select id::text as id from ${table}` }, [])
    ).map(({ id }) => id);
  return {
    users: Object.keys(users),
    contacts: [contactId],
    episodes: [episodeId],
    webhooks: [webhookId],
    name: ['sales', 'field'],
    deliveries: await rowsOf('outbox'),
    exceptions: await rowsOf('exception'),
    agreements: ['core'],
    version: ['1'],
    report: ['acceptance'],
  };
}
