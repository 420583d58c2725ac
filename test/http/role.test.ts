import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { PERMISSIONS, type Right, rightOf } from '../../src/contract/access.ts';
import { api, type EndpointName } from '../../src/contract/api.ts';
import type { Endpoint } from '../../src/contract/endpoint.ts';
import { ROLES, type Role } from '../../src/contract/role.ts';
import { STREAM_PATH } from '../../src/contract/stream.ts';
import type { Database } from '../../src/db/database.ts';
import { dropKey, makeKey } from '../../src/loop/access/key.ts';
import { changePermissions } from '../../src/loop/access/permission.ts';
import { changeUser } from '../../src/loop/access/user.ts';
import { openSession } from '../../src/server/access/session.ts';
import { DRIVERS } from '../db/opened.ts';
import { empty } from '../world/empty.ts';
import {
  addAgreement,
  addContact,
  addEpisode,
  addEvent,
  addStanding,
  addUser,
  clear,
  DAY,
} from '../world/seed.ts';
import { type Started, startNode } from './started.ts';

/** Somebody or something that calls: a session of a person, a key, or nobody. */
interface Actor {
  readonly name: string;
  /** Null for what opens nothing. */
  readonly role: Role | null;
  /** Whose session it is; null for keys. */
  readonly userId: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** The people of the tests. Mia manages sales and Max the field; nobody manages the lone team, and Nell manages none. */
const PEOPLE: readonly { readonly id: string; readonly role: Role; readonly team: string | null }[] = [
  { id: 'ada', role: 'admin', team: null },
  { id: 'mark', role: 'marketing', team: null },
  { id: 'mia', role: 'manager', team: null },
  { id: 'max', role: 'manager', team: null },
  { id: 'nell', role: 'manager', team: null },
  { id: 'ann', role: 'rep', team: 'sales' },
  { id: 'bob', role: 'rep', team: 'sales' },
  { id: 'fay', role: 'rep', team: 'field' },
  { id: 'lou', role: 'rep', team: 'lone' },
];
const MANAGERS = ['mia', 'max', 'nell'] as const;

/** Something that belongs to somebody: who may do with it what reaches their own, and who also as manager of a team. */
interface Subject {
  readonly own: readonly string[];
  readonly team: readonly string[];
}

/** Leads by whose they are. */
const LEADS = {
  anns: { owner: 'ann', team: 'sales', own: ['ann'], manager: ['mia'] },
  fays: { owner: 'fay', team: 'field', own: ['fay'], manager: ['max'] },
  moved: { owner: 'fay', team: 'sales', own: ['fay'], manager: ['mia', 'max'] },
  lous: { owner: 'lou', team: 'lone', own: ['lou'], manager: MANAGERS },
  nells: { owner: 'nell', team: null, own: ['nell'], manager: MANAGERS },
  inSales: { owner: null, team: 'sales', own: ['ann', 'bob'], manager: ['mia'] },
  inField: { owner: null, team: 'field', own: ['fay'], manager: ['max'] },
  inLone: { owner: null, team: 'lone', own: ['lou'], manager: MANAGERS },
  inNone: { owner: null, team: null, own: [], manager: MANAGERS },
} as const;
const LEAD_NAMES = [
  'anns',
  'fays',
  'moved',
  'lous',
  'nells',
  'inSales',
  'inField',
  'inLone',
  'inNone',
] as const;

const uuid = (kind: number, index: number) =>
  `00000000-0000-4000-8000-${String(kind * 1000 + index).padStart(12, '0')}`;
const [EPISODE, CONTACT, EXCEPTION, TIME_OFF] = [1, 2, 3, 4];

const leads = LEAD_NAMES.map((name, index) => ({
  name,
  index,
  own: LEADS[name].own,
  team: [...LEADS[name].own, ...LEADS[name].manager],
}));
/** A contact that is nobody's lead, and a trouble that is about none: the managers'. */
const NOBODYS = { name: 'nobodys', index: leads.length, own: [], team: MANAGERS };
/** Bob deals with what holds the lead in the field's queue up. */
const troubles = [...leads, NOBODYS].map(lead =>
  lead.name === 'inField' ? { ...lead, own: [...lead.own, 'bob'], team: [...lead.team, 'bob'] } : lead,
);
const people = [
  { name: 'ann', own: ['ann'], team: ['ann', 'mia'] },
  { name: 'fay', own: ['fay'], team: ['fay', 'max'] },
  { name: 'lou', own: ['lou'], team: ['lou', ...MANAGERS] },
  { name: 'nell', own: ['nell'], team: ['nell'] },
  { name: 'mark', own: ['mark'], team: ['mark'] },
];
const teams = [
  { name: 'sales', own: [], team: ['mia'] },
  { name: 'field', own: [], team: ['max'] },
  { name: 'lone', own: [], team: MANAGERS },
  { name: 'fresh', own: [], team: MANAGERS },
];

/** A call about a subject that changes nothing where it is allowed, or what the next one does not mind. */
interface Cell {
  readonly subject: Subject & { readonly name: string };
  readonly params: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly query?: string;
  /** Whether a key may whose role goes as far as this; every key may, of what is not about a person. */
  readonly isForKey?: (right: Right) => boolean;
}

const aboutLeads = (body?: object): readonly Cell[] =>
  leads.map(subject => ({
    subject,
    params: { id: uuid(EPISODE, subject.index) },
    ...(body === undefined ? {} : { body }),
  }));
const aboutTroubles = (body?: object): readonly Cell[] =>
  troubles.map((subject, index) => ({
    subject,
    params: { id: uuid(EXCEPTION, index) },
    ...(body === undefined ? {} : { body }),
  }));
const aboutPeople = (
  paramsOf: (name: string, index: number) => Cell['params'],
  body?: object,
): readonly Cell[] =>
  people.map((subject, index) => ({
    subject,
    params: paramsOf(subject.name, index),
    ...(body === undefined ? {} : { body }),
    isForKey: right => right !== 'own',
  }));
const aboutTeams = (body?: object): readonly Cell[] =>
  teams.map(subject => ({
    subject,
    params: { name: subject.name },
    ...(body === undefined ? {} : { body }),
  }));

const OF_MANY: ReadonlySet<EndpointName> = new Set(['giveContacts', 'correctContacts']);
const ofMany = z.object({ items: z.tuple([z.object({ status: z.number() })]) });

/** A call for each endpoint that not everybody may make about everything; one that is missing here fails a test. */
const CELLS: { readonly [Name in EndpointName]?: readonly Cell[] } = {
  acceptEpisode: aboutLeads({}),
  rejectEpisode: aboutLeads({ reason: 'none' }),
  saveQualification: aboutLeads({ answers: {} }),
  openOpportunity: aboutLeads({ name: '' }),
  correctOpportunity: aboutLeads({ name: '' }),
  dropOpportunity: aboutLeads(),
  moveOpportunity: aboutLeads({ stage: 'none' }),
  reopenOpportunity: aboutLeads({}),
  reopenEpisode: aboutLeads(),
  finishEpisode: aboutLeads({}),
  requalifyEpisode: aboutLeads({}),
  stopNurture: aboutLeads({}),
  moveWakeup: aboutLeads({ until: null }),
  addActivity: aboutLeads({ kind: 'call', at: '2999-01-01T00:00:00Z' }),
  pauseEpisode: aboutLeads({ reason: '', until: '2999-01-01T00:00:00Z' }),
  resumeEpisode: aboutLeads(),
  reassignEpisode: aboutLeads({ ownerId: 'nobody' }),
  reassignEpisodes: leads.map(subject => ({
    subject,
    params: {},
    body: { ids: [uuid(EPISODE, subject.index)], ownerId: 'nobody' },
  })),
  snoozeEpisode: aboutLeads({ until: '2001-01-01T00:00:00Z' }),
  wakeEpisode: aboutLeads(),
  takeEpisode: aboutLeads({}),
  handBackEpisode: aboutLeads({}),
  takeException: aboutTroubles({ ownerId: 'nobody' }),
  retryException: aboutTroubles(),
  completeException: aboutTroubles({ values: {} }),
  closeException: aboutTroubles({ note: 'done' }),
  partException: aboutTroubles(),
  updateContact: [...leads, NOBODYS].map(subject => ({
    subject,
    params: { id: uuid(CONTACT, subject.index) },
    body: { title: 'CFO' },
  })),
  allowLetters: [...leads, NOBODYS].map(subject => ({
    subject,
    params: { id: uuid(CONTACT, subject.index) },
    body: { kind: 'bounced', note: 'They wrote from it' },
  })),
  giveContacts: leads.map(subject => ({
    subject,
    params: {},
    // Who has the lead already: a refusal that changes nothing.
    body: {
      contactIds: [uuid(CONTACT, subject.index)],
      ownerId: LEADS[subject.name].owner ?? 'nobody',
    },
  })),
  correctContacts: [...leads, NOBODYS].map(subject => ({
    subject,
    params: {},
    body: { contactIds: [uuid(CONTACT, subject.index)], values: { title: 'CFO' } },
  })),
  classEvent: [...leads, NOBODYS].map(subject => ({
    subject,
    params: { id: uuid(CONTACT, subject.index), eventId: String(subject.index + 1) },
    body: { machine: false },
  })),
  saveAvailability: aboutPeople(name => ({ id: name }), { timezone: 'Nowhere/None', hours: null }),
  addTimeOff: aboutPeople(name => ({ id: name }), {
    from: '2001-01-01T00:00:00Z',
    to: '2001-01-02T00:00:00Z',
  }),
  deleteTimeOff: aboutPeople((_, index) => ({ id: uuid(TIME_OFF, index) })),
  saveTeam: aboutTeams({ label: 'T', members: [{ userId: 'nobody' }] }),
  deleteTeam: aboutTeams(),
  listAlerts: [
    {
      subject: { name: 'of a team', own: [], team: MANAGERS },
      params: {},
      query: '?scope=team',
      isForKey: right => right !== 'own',
    },
  ],
};

function isScoped(access: Endpoint['access']): boolean {
  const rights = ROLES.map(role => rightOf(access, role));
  const isSelf = rights.every(right => right === 'own');
  return !isSelf && rights.some(right => right === 'own' || right === 'team');
}

const names = Object.keys(api).filter((name): name is EndpointName => Object.hasOwn(api, name));

test('every endpoint whose scope depends on whose it is has its cells', () => {
  expect(Object.keys(CELLS).sort()).toEqual(names.filter(name => isScoped(api[name].access)).sort());
});

describe.each(DRIVERS)('who may do what, on $name', driver => {
  let db: Database;
  let node: Started;
  let actors: readonly Actor[];
  let calls = 0;

  beforeAll(async () => {
    db = await driver.open();
    await clear(db);
    await empty(db, ['access_key', 'setting', 'journal', 'event']);
    node = await startNode(db);
    await seed(db);
    actors = await makeActors(node);
  }, 60_000);
  afterAll(async () => {
    await node.close();
    await db.close();
  });

  /** The status of a call. Each comes from an address of its own: so many sign-ins from one are refused. */
  const statusOf = async (
    name: EndpointName,
    { headers }: Actor,
    cell: Partial<Cell> = {},
  ): Promise<number> => {
    const { method, path } = api[name];
    const given: Readonly<Record<string, string>> = { version: '1', report: 'acceptance', ...cell.params };
    const url = path.replace(/\{(\w+)\}/g, (_, key: string) => given[key] ?? 'x');
    calls += 1;
    const answer = await node.server.inject({
      method,
      url: `${url}${cell.query ?? ''}`,
      headers: { ...headers },
      remoteAddress: `10.${calls >> 16}.${(calls >> 8) & 255}.${calls & 255}`,
      ...(cell.body === undefined ? {} : { payload: cell.body }),
    });
    // A call about many things says of each what a call for it alone would answer.
    const isOfMany = answer.statusCode === 200 && OF_MANY.has(name);
    return isOfMany ? ofMany.parse(answer.json()).items[0].status : answer.statusCode;
  };
  /** What a status says of access: any but these three is an answer to the call itself. */
  const accessIn = (status: number) => (status === 401 || status === 403 || status >= 500 ? status : 'may');
  const expectedOf = (name: EndpointName, { role, name: who }: Actor, hasPermission: boolean) => {
    const { access } = api[name];
    if (who.includes('no longer') || who.endsWith('write key')) return 401;
    if (access === 'anyone') return 'may';
    if (role === null) return 401;
    const right = rightOf(access, role);
    if (right === null) return 403;
    return typeof right === 'string' || hasPermission ? 'may' : 403;
  };

  test.each([false, true])(
    'each role and key on every route; marketing allowed more: %s',
    async hasPermission => {
      const given = Object.fromEntries(PERMISSIONS.map(permission => [permission, hasPermission]));
      const { reviewDuplicates = false, classEvents = false, replayCalls = false } = given;
      const by = { actor: 'a test', now: node.app.clock() };
      await changePermissions(node.app, { reviewDuplicates, classEvents, replayCalls }, by);
      const asked = hasPermission ? actors.filter(({ role }) => role === 'marketing') : oneOfEach(actors);
      const seen: string[] = [];
      const expected: string[] = [];
      for (const name of names) {
        // It would end the sessions that the other calls need.
        if (name === 'signOut') continue;
        for (const actor of asked) {
          seen.push(`${name} ${actor.name}: ${accessIn(await statusOf(name, actor))}`);
          expected.push(`${name} ${actor.name}: ${expectedOf(name, actor, hasPermission)}`);
        }
      }
      expect(seen).toEqual(expected);
    },
    120_000,
  );

  test('nothing but a session or an API key opens the stream', async () => {
    for (const { name, role, headers } of actors) {
      if (role !== null) continue;
      const { statusCode } = await node.server.inject({ url: STREAM_PATH, headers: { ...headers } });
      expect([name, statusCode]).toEqual([name, 401]);
    }
  });

  test.each(Object.keys(CELLS))(
    '%s goes as far as the contract says',
    async name => {
      const endpoint = names.find(known => known === name);
      if (endpoint === undefined) throw new Error(`there is no ${name}`);
      const seen: string[] = [];
      const expected: string[] = [];
      for (const cell of CELLS[endpoint] ?? []) {
        for (const actor of actors) {
          const right = actor.role === null ? null : rightOf(api[endpoint].access, actor.role);
          if (right === null || typeof right === 'object') continue;
          const words = `${cell.subject.name} ${actor.name}`;
          seen.push(`${words}: ${accessIn(await statusOf(endpoint, actor, cell))}`);
          expected.push(`${words}: ${mayAbout(cell, actor, right) ? 'may' : 403}`);
          if (endpoint === 'takeEpisode') await restore(db);
          if (endpoint === 'deleteTimeOff') await addTimesOff(db);
        }
      }
      expect(seen).toEqual(expected);
    },
    60_000,
  );
});

/** One person of each role, with all the keys and all that opens nothing. */
function oneOfEach(actors: readonly Actor[]): readonly Actor[] {
  const firsts = ROLES.map(role => PEOPLE.find(person => person.role === role)?.id);
  return actors.filter(({ userId }) => userId === null || firsts.includes(userId));
}

function mayAbout({ subject, isForKey }: Cell, { userId }: Actor, right: Exclude<Right, object>): boolean {
  if (right === 'all') return true;
  return userId === null ? (isForKey?.(right) ?? true) : subject[right].includes(userId);
}

async function makeActors({ app }: Started): Promise<readonly Actor[]> {
  const by = { actor: 'a test', now: app.clock() };
  const keyed = async (kind: 'api' | 'server' | 'public', role?: Role) => {
    const { key, secret } = await makeKey(app, { name: 'K', kind, role }, by);
    return { id: key.id, headers: { authorization: `Bearer ${secret}` } };
  };
  const sessionOf = async (userId: string) => ({
    cookie: (await openSession(app, userId)).split(';')[0] ?? '',
  });
  const sessions = await Promise.all(
    PEOPLE.map(async ({ id, role }) => ({ name: id, role, userId: id, headers: await sessionOf(id) })),
  );
  const keys = await Promise.all(
    ROLES.map(async role => ({
      name: `key of ${role}`,
      role,
      userId: null,
      headers: (await keyed('api', role)).headers,
    })),
  );
  const closed = { role: null, userId: null };
  const revoked = await keyed('api', 'admin');
  await dropKey(app, revoked.id, by);
  const gone = await sessionOf('gone');
  await changeUser(app, 'gone', { active: false }, by);
  return [
    ...sessions,
    ...keys,
    { ...closed, name: 'nobody', headers: {} },
    { ...closed, name: 'a person who was switched off', headers: gone },
    { ...closed, name: 'a key that is no longer one', headers: revoked.headers },
    { ...closed, name: 'a server write key', headers: (await keyed('server')).headers },
    { ...closed, name: 'a public write key', headers: (await keyed('public')).headers },
  ];
}

async function seed(db: Database): Promise<void> {
  await addAgreement(db);
  await db.script('alter table event alter column id restart with 1');
  for (const { id, role } of PEOPLE) await addUser(db, { name: id, id, role });
  await addUser(db, { name: 'gone', role: 'admin' });
  await db.script(`
    insert into team (name, label, manager_id) values ('sales', 'Sales', 'mia'), ('field', 'Field', 'max'), ('lone', 'Lone', null);
    insert into team_member (team, user_id, weight, pass) values
      ${PEOPLE.flatMap(({ id, team }) => (team === null ? [] : [`('${team}', '${id}', 1, 0)`])).join(', ')};
  `);
  const handedOffAt = Date.now() - DAY;
  for (const { index } of [...leads, NOBODYS]) {
    const contactId = await addContact(db, { id: uuid(CONTACT, index), name: `Lead ${index}` });
    await addStanding(db, { contactId });
    await addEvent(db, { contactId, at: handedOffAt });
  }
  for (const { index } of leads) {
    const episode = { id: uuid(EPISODE, index), contactId: uuid(CONTACT, index), handedOffAt };
    await addEpisode(db, { ...episode, state: 'opportunity' });
  }
  await restore(db);
  // Leads wait in every team, so that none can be deleted.
  for (const team of ['sales', 'field', 'lone'])
    await addEpisode(db, { contactId: await addContact(db), handedOffAt, team });
  await db.script(`
    insert into exception (id, kind, reason, subject, detail, particulars, contact_id, episode_id, owner_id, opened_at, due_at, closed_at)
    values ${troubles.map(exceptionRow).join(', ')};
  `);
  await addTimesOff(db);
}

function exceptionRow({ name, index }: { readonly name: string; readonly index: number }): string {
  const episode = name === NOBODYS.name ? 'null' : `'${uuid(EPISODE, index)}'`;
  const dealer = name === 'inField' ? `'bob'` : 'null';
  const now = 'now(), now(), now()';
  return `('${uuid(EXCEPTION, index)}', 'unassigned', 'no_one', 's${index}', '', '{}', null, ${episode}, ${dealer}, ${now})`;
}

/** Gives every lead back to its owner or its queue. */
async function restore(db: Database): Promise<void> {
  const texts = LEAD_NAMES.map((name, index) => {
    const { owner, team } = LEADS[name];
    const quoted = [owner, team].map(text => (text === null ? 'null' : `'${text}'`));
    return `update episode set owner_id = ${quoted[0]}, team = ${quoted[1]} where id = '${uuid(EPISODE, index)}';`;
  });
  await db.script(texts.join('\n'));
}

async function addTimesOff(db: Database): Promise<void> {
  const rows = people.map(
    ({ name }, index) =>
      `('${uuid(TIME_OFF, index)}', '${name}', now(), now() + interval '1 day', 'flu', 'a test', now())`,
  );
  await db.script(`insert into time_off (id, user_id, starts_at, ends_at, note, created_by, created_at)
    values ${rows.join(', ')} on conflict (id) do nothing;`);
}
