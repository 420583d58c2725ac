import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { PrintedScore } from '../../src/core/scoring/print.ts';
import type { Database } from '../../src/db/database.ts';
import {
  createContact,
  getContactFile,
  listContactValues,
  makeContactHandlers,
  type ScoreOf,
} from '../../src/server/api/contact.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld, person, type World } from '../world/app.ts';
import {
  addActivity,
  addAgreement,
  addContact,
  addEpisode,
  addStanding,
  addUser,
  clear,
  DAY,
} from '../world/seed.ts';

const NOW = Date.UTC(2026, 2, 15, 10);
const NO_SUCH = randomUUID();

/** What the scorer was asked, and what it answers: a score that names what it was asked. */
const asked: Parameters<ScoreOf>[1][] = [];
const scoreOf: ScoreOf = async (_sql, question) => {
  asked.push(question);
  if (question.agreementId === 'none' || question.version === 99) return null;
  const score: PrintedScore = {
    id: question.contactId,
    at: new Date(question.at).toISOString(),
    scores: { fit: 30 },
    total: 30,
    lines: [{ rule: 'industry', label: 'Target industry', score: 'fit', points: 30 }],
    grade: null,
    disqualified: [],
    qualifies: null,
    nextChangeAt: null,
  };
  return score;
};
type Explain = Parameters<typeof makeContactHandlers>[0]['explain'];
const explain: Explain = async (sql, { contactId, at }) => {
  const question = { contactId, at, knownAt: at, agreementId: null, version: null };
  const score = await scoreOf(sql, question);
  return score === null
    ? null
    : { score, sentence: 'Strong fit', topLines: [], missing: null, unreadable: [] };
};
const { listContacts, getContact, getContactScore } = makeContactHandlers({ scoreOf, explain });

describe.each(DRIVERS)('contacts on $name', ({ open }) => {
  let db: Database;
  let world: World;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clear(db);
    await addAgreement(db);
    await addUser(db, { name: 'Bob Ray' });
    asked.length = 0;
    world = makeWorld(db, { now: NOW });
  });

  const run = (text: string) => db.run({ name: '', text }, []);
  type Query = Parameters<typeof listContacts>[1]['query'];
  const list = (query: Partial<Query> = {}, caller = person('bob')) =>
    listContacts(world.as(caller), {
      params: undefined,
      query: { limit: 50, sort: '-total', ...query },
      body: undefined,
    });
  const names = (page: { readonly items: readonly { readonly name: string }[] }) =>
    page.items.map(({ name }) => name);
  const get = (id: string) =>
    getContact(world.as(person('bob')), { params: { id }, query: undefined, body: undefined });
  const standing = async (
    name: string,
    given: Partial<Parameters<typeof addStanding>[1]> = {},
    contact: Parameters<typeof addContact>[1] = {},
  ) => {
    const contactId = await addContact(db, { name, ...contact });
    await addStanding(db, { contactId, ...given });
    return contactId;
  };

  describe('in a file', () => {
    const file = async (query: Partial<Query> = {}) => {
      const { limit: _limit, ...rest } = { limit: 50, sort: '-total' as const, ...query };
      const { text } = await getContactFile(world.as(person('bob')), {
        params: undefined,
        query: rest,
        body: undefined,
      });
      if (typeof text === 'string') throw new Error('the file came at once');
      const parts: string[] = [];
      for await (const part of text) parts.push(part);
      return { parts, lines: parts.join('').trimEnd().split('\r\n') };
    };

    test('are those of the list, in its order, and no cell is a formula', async () => {
      await standing('Ann', { total: 20 }, { title: '=HYPERLINK("x")', contact: { source: 'paid_search' } });
      await standing('Ben', { total: 50 }, { contact: { source: 'paid_search', campaign: '@june' } });
      await standing('Cleo', { total: 90 }, { contact: { source: 'event' } });
      const { lines } = await file({ source: 'paid_search' });
      expect(lines).toHaveLength(3);
      expect(lines[1]).toMatch(/^"Ben",.*"paid_search","'@june"/);
      expect(lines[2]).toMatch(/^"Ann","","'=HYPERLINK\(""x""\)"/);
    });

    test('are read in parts, and none is missing or twice', async () => {
      await run(`insert into contact (id, created_at, first_seen_at, name, contact, company_part)
        select gen_random_uuid(), now(), now(), 'Person ' || n, '{}', '{}' from generate_series(1, 1200) n`);
      const { parts, lines } = await file({ sort: 'name' });
      expect(parts.length).toBe(4);
      expect(new Set(lines).size).toBe(1201);
    });
  });

  test('are narrowed by source, campaign, segment and by having no owner; what they have can be chosen from', async () => {
    await standing(
      'Ann',
      { grade: 'A1', ownerId: 'bob' },
      { contact: { source: 'event', campaign: 'june' }, companyPart: { segment: 'Enterprise' } },
    );
    await standing('Ben', { grade: 'B2' }, { contact: { source: 'event', segment: 'Small' } });
    await standing('Cleo', {}, { contact: { source: '' } });
    expect(names(await list({ source: 'event', sort: 'name' }))).toEqual(['Ann', 'Ben']);
    expect(names(await list({ campaign: 'june' }))).toEqual(['Ann']);
    expect(names(await list({ segment: 'Enterprise' }))).toEqual(['Ann']);
    expect(names(await list({ segment: 'Small' }))).toEqual(['Ben']);
    expect(names(await list({ owner: 'none', sort: 'name' }))).toEqual(['Ben', 'Cleo']);
    const given = { params: undefined, query: undefined, body: undefined };
    expect(await listContactValues(world.as(person('bob')), given)).toEqual({
      sources: ['event'],
      campaigns: ['june'],
      segments: ['Enterprise', 'Small'],
      grades: ['A1', 'B2'],
    });
  });

  test('are added by hand, scored at once, and not twice under one address', async () => {
    const add = (body: Parameters<typeof createContact>[1]['body']) =>
      createContact(world.as(person('bob')), { params: undefined, query: undefined, body });
    const { id } = await add({
      email: 'Eve@New.example',
      name: 'Eve Lin',
      company: 'New Ltd',
      source: 'event',
    });
    expect((await list()).items).toMatchObject([
      { id, name: 'Eve Lin', email: 'eve@new.example', company: 'New Ltd', source: 'event' },
    ]);
    await expect(add({ email: 'eve@new.example' })).rejects.toMatchObject({ message: /already/ });
    expect(await run('select kind, actor from journal')).toEqual([{ kind: 'contact_added', actor: 'bob' }]);
  });

  test('do not exist at first', async () => {
    expect(await list()).toEqual({ items: [], nextCursor: null, count: 0 });
  });

  test('come with their stage, score, owner and times', async () => {
    const id = await standing(
      'Ann Lee',
      { stage: 'mql', total: 70, scores: { fit: 30, intent: 40 }, grade: 'A1', ownerId: 'bob' },
      {
        title: 'VP Sales',
        email: 'ann@acme.example',
        company: 'Acme',
        createdAt: NOW - DAY,
        lastSeenAt: NOW - 1,
      },
    );
    const page = await list();
    expect(api.listContacts.output.parse(page)).toEqual(page);
    expect(page.items).toEqual([
      {
        id,
        name: 'Ann Lee',
        title: 'VP Sales',
        email: 'ann@acme.example',
        company: 'Acme',
        stage: 'mql',
        total: 70,
        scores: { fit: 30, intent: 40 },
        grade: 'A1',
        owner: { id: 'bob', name: 'Bob Ray' },
        source: null,
        campaign: null,
        content: null,
        segment: null,
        openEpisodeId: null,
        createdAt: '2026-03-14T10:00:00.000Z',
        lastSeenAt: '2026-03-15T09:59:59.999Z',
      },
    ]);
  });

  test('without a standing are leads without a score, at the end of the list by total', async () => {
    await addContact(db, { name: 'new' });
    await standing('low', { total: -5 });
    await standing('not scored', { total: null });
    await standing('high', { total: 80 });
    const page = await list();
    expect(names(page)).toEqual(['high', 'low', 'not scored', 'new']);
    expect(page.items.at(-1)).toMatchObject({ stage: 'lead', total: null, scores: {}, owner: null });
    expect(page.count).toBe(4);
  });

  test('that were joined to others are left out', async () => {
    const survivor = await standing('survivor', { total: 1 });
    await addContact(db, { name: 'gone', mergedInto: survivor });
    expect(await list()).toMatchObject({ items: [{ name: 'survivor' }], count: 1 });
  });

  test('show score and stage of the leading agreement: the first of the active ones', async () => {
    await addAgreement(db, { id: 'second', createdAt: 1 });
    await addAgreement(db, { id: 'resting', active: false, createdAt: -1 });
    const contactId = await standing('Ann Lee', { stage: 'sql', total: 10 });
    await addStanding(db, { contactId, agreementId: 'second', stage: 'mql', total: 90 });
    await addStanding(db, { contactId, agreementId: 'resting', stage: 'mql', total: 90 });
    expect(await list({ stage: 'sql' })).toMatchObject({ count: 1, items: [{ total: 10, stage: 'sql' }] });
    expect((await list({ stage: 'mql' })).count).toBe(0);
  });

  describe('sorted', () => {
    beforeEach(async () => {
      for (let index = 0; index < 17; index++) {
        const total = index % 3 === 0 ? null : index % 5;
        const contact = {
          createdAt: NOW - (index % 4) * DAY,
          lastSeenAt: index % 2 === 0 ? NOW - (index % 3) * DAY : null,
        };
        if (index % 4 === 3) await addContact(db, { name: `Name ${index % 6}`, ...contact });
        else await standing(`name ${index % 6}`, { total }, contact);
      }
    });

    test.each(['-total', 'name', '-createdAt', '-lastSeenAt'] as const)(
      'by %s page by page show everybody once, in the order of the whole list',
      async sort => {
        const whole = (await list({ sort })).items.map(({ id }) => id);
        expect(new Set(whole).size).toBe(17);
        for (const limit of [1, 4, 16, 17]) {
          const paged: string[] = [];
          let cursor: string | undefined;
          do {
            const page = await list({ sort, limit, ...(cursor === undefined ? {} : { cursor }) });
            expect(page.count).toBe(17);
            expect(page.items.length).toBeGreaterThan(0);
            paged.push(...page.items.map(({ id }) => id));
            cursor = page.nextCursor ?? undefined;
          } while (cursor !== undefined);
          expect(paged).toEqual(whole);
        }
      },
    );

    test('are in that order, with what is unknown at the end', async () => {
      const descending = (values: readonly (number | string | null)[]) => {
        const known = values.filter(value => value !== null);
        expect([...known].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0))).toEqual(known);
        expect(values.slice(0, known.length)).toEqual(known);
      };
      descending((await list()).items.map(({ total }) => total));
      descending((await list({ sort: '-createdAt' })).items.map(({ createdAt }) => createdAt));
      descending((await list({ sort: '-lastSeenAt' })).items.map(({ lastSeenAt }) => lastSeenAt));
      const byName = names(await list({ sort: 'name' })).map(name => name.toLowerCase());
      expect([...byName].sort()).toEqual(byName);
    });

    test('refuse the cursor of another order, and any other text', async () => {
      const { nextCursor } = await list({ limit: 1, sort: 'name' });
      const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
      for (const cursor of [
        nextCursor ?? '',
        'nonsense',
        forged({ sort: '-total', value: 'many', id: NO_SUCH }),
        forged({ sort: '-total', value: '1', id: 'x' }),
        forged({ sort: 'unscored', value: '1', id: NO_SUCH }),
      ])
        await expect(list({ cursor })).rejects.toMatchObject({ status: 400 });
      const seen = forged({ sort: '-lastSeenAt', value: 'now', id: NO_SUCH });
      await expect(list({ cursor: seen, sort: '-lastSeenAt' })).rejects.toMatchObject({ status: 400 });
    });
  });

  describe('searched', () => {
    beforeEach(async () => {
      await standing('Ann Lee', {}, { email: 'ann@acme.example', company: 'Acme' });
      await standing('Bob', {}, { email: 'bob_100%@x.example', company: 'A\\B' });
      await addContact(db, { name: 'Cy', email: null, company: 'ACME Holding' });
    });

    test.each([
      ['ann', ['Ann Lee']],
      ['LEE', ['Ann Lee']],
      ['acme', ['Ann Lee', 'Cy']],
      ['acme.example', ['Ann Lee']],
      ['  acme  ', ['Ann Lee', 'Cy']],
      ['%', ['Bob']],
      ['_', ['Bob']],
      ['\\', ['Bob']],
      ['b_1', ['Bob']],
      ['n_', []],
      ['', ['Ann Lee', 'Bob', 'Cy']],
      ['nobody', []],
      ["' or true --", []],
      ['\u0000', ['Ann Lee', 'Bob', 'Cy']],
    ])('for %j are %j', async (q, expected) => {
      const page = await list({ q, sort: 'name' });
      expect([names(page), page.count]).toEqual([expected, expected.length]);
      expect(names(await list({ q })).sort()).toEqual(expected);
    });
  });

  describe('searched by what they are also known by', () => {
    beforeEach(async () => {
      const id = await standing('Ann Lee', {}, { email: 'ann@acme.example' });
      const other = await addContact(db, { name: 'Cy', email: null });
      for (const [kind, value, contactId] of [
        ['email', 'ann@acme.example', id],
        ['email', 'lee@home.example', id],
        ['user', 'U-17', id],
        ['anonymous', 'visitor-1', id],
        ['email', 'cy@home.example', other],
      ])
        await db.run(
          {
            name: '',
            text: 'insert into contact_identity (kind, value, contact_id) values ($1, $2, $3)',
          },
          [kind, value, contactId],
        );
    });

    test.each([
      ['lee@home.example', ['Ann Lee']],
      [' LEE@Home.example ', ['Ann Lee']],
      ['cy@home.example', ['Cy']],
      ['U-17', ['Ann Lee']],
      ['ann@acme.example', ['Ann Lee']],
      ['visitor-1', []],
      ['home.example', []],
      ['%@home.example', []],
    ])('for %j are %j', async (q, expected) => {
      for (const sort of ['name', '-total', '-createdAt', '-lastSeenAt'] as const) {
        const page = await list({ q, sort });
        expect([names(page), page.count]).toEqual([expected, expected.length]);
      }
    });
  });

  test('are narrowed by stage, owner, grade and total, each alone and together', async () => {
    await standing('a', { stage: 'mql', ownerId: 'bob', grade: 'A1', total: 80 });
    await standing('b', { stage: 'mql', grade: 'B1', total: 60 });
    await standing('c', { stage: 'lead', total: 60 });
    await addContact(db, { name: 'd' });
    for (const [query, expected] of [
      [{ stage: 'mql' }, ['a', 'b']],
      [{ stage: 'lead' }, ['c', 'd']],
      [{ stage: 'customer' }, []],
      [{ owner: 'me' }, ['a']],
      [{ owner: 'bob' }, ['a']],
      [{ owner: 'nobody' }, []],
      [{ grade: 'B1' }, ['b']],
      [{ minTotal: 60 }, ['a', 'b', 'c']],
      [{ minTotal: 61 }, ['a']],
      [{ minTotal: Number.MAX_SAFE_INTEGER }, []],
      [{ stage: 'mql', minTotal: 60, grade: 'B1' }, ['b']],
      [{ stage: 'lead', minTotal: 0 }, ['c']],
    ] as const) {
      for (const sort of ['-total', 'name'] as const) {
        const page = await list({ ...query, sort });
        expect([query, names(page).sort(), page.count]).toEqual([query, expected, expected.length]);
      }
    }
  });

  describe('one by one', () => {
    test('come with profile, company, score, episodes and identities', async () => {
      const companyId = randomUUID();
      await db.run(
        {
          name: '',
          text: `insert into company (id, domain, traits, created_at) values ($1, 'acme.example', $2, now())`,
        },
        [companyId, JSON.stringify({ name: 'Acme Ltd', employees: 250 })],
      );
      const id = await standing(
        'Ann Lee',
        { stage: 'mql', total: 30, firstMqlAt: NOW - DAY },
        {
          companyId,
          contact: { firstName: 'Ann', tags: ['a'] },
          companyPart: { name: 'acme', city: 'Rome' },
        },
      );
      const episodeId = await addEpisode(db, { contactId: id, handedOffAt: NOW - DAY });
      await addEpisode(db, { contactId: id, handedOffAt: NOW - 9 * DAY, decision: 'rejected' });
      await addActivity(db, { episodeId, contactId: id, at: NOW });
      await db.run(
        {
          name: '',
          text: `insert into contact_identity (kind, value, contact_id) values ('user', 'u1', $1), ('email', 'ann@acme.example', $1)`,
        },
        [id],
      );
      await db.run(
        { name: '', text: `update contact set unverified = '{contact.firstName}' where id = $1` },
        [id],
      );
      const found = await get(id);
      expect(api.getContact.output.parse(found)).toEqual(found);
      expect(found).toMatchObject({
        id,
        stage: 'mql',
        contact: { firstName: 'Ann', tags: ['a'] },
        unverified: ['contact.firstName'],
        companyProfile: { name: 'Acme Ltd', employees: 250, city: 'Rome' },
        firstMqlAt: '2026-03-14T10:00:00.000Z',
        score: { id, at: '2026-03-15T10:00:00.000Z', total: 30 },
        identities: [
          { kind: 'user', value: 'u1' },
          { kind: 'email', value: 'ann@acme.example' },
        ],
      });
      expect(found.episodes.map(({ state, activities }) => [state, activities.length])).toEqual([
        ['open', 1],
        ['recycled', 0],
      ]);
    });

    test('that were joined to others, even twice, answer with who is left', async () => {
      const last = await standing('last', { total: 3 });
      const middle = await addContact(db, { name: 'middle', mergedInto: last });
      const first = await addContact(db, { name: 'first', mergedInto: middle });
      for (const id of [first, middle, last]) expect(await get(id)).toMatchObject({ id: last, name: 'last' });
    });

    test('are not scored while there is no agreement', async () => {
      const id = await addContact(db);
      const unscored = makeContactHandlers({ scoreOf: async () => null, explain: async () => null });
      const found = await unscored.getContact(world.as(person('bob')), {
        params: { id },
        query: undefined,
        body: undefined,
      });
      expect(found.score).toEqual({
        id,
        at: '2026-03-15T10:00:00.000Z',
        applies: false,
        nextChangeAt: null,
      });
    });

    test.each([NO_SUCH, 'c1', '', '\u0000'])('are not found by %j', async id => {
      await expect(get(id)).rejects.toMatchObject({ status: 404 });
    });
  });

  describe('scored as of a time', () => {
    type ScoreQuery = Parameters<typeof getContactScore>[1]['query'];
    const score = (id: string, query: ScoreQuery = {}) =>
      getContactScore(world.as(person('bob')), { params: { id }, query, body: undefined });

    test('ask for now and all that is known, unless told otherwise', async () => {
      const id = await addContact(db);
      expect(await score(id)).toMatchObject({ id, at: '2026-03-15T10:00:00.000Z', total: 30 });
      expect(asked[0]).toMatchObject({ contactId: id, at: NOW, agreementId: null, version: null });
      expect(asked[0]?.knownAt).toBeGreaterThanOrEqual(NOW);
      await score(id, { at: '2026-01-01', knownAt: '2026-02-01T00:00:00Z', agreement: 'core', version: 2 });
      expect(asked[1]).toEqual({
        contactId: id,
        at: Date.UTC(2026, 0, 1),
        knownAt: Date.UTC(2026, 1, 1),
        agreementId: 'core',
        version: 2,
      });
    });

    test('refuse a time that cannot be read, and a contact, agreement or version that is not there', async () => {
      const id = await addContact(db);
      await expect(score(id, { at: 'then' })).rejects.toMatchObject({ status: 422 });
      await expect(score(id, { knownAt: '2026-02-30' })).rejects.toMatchObject({ status: 422 });
      for (const [time, why] of [
        ['then', 'cannot be read as a time'],
        ['', 'cannot be read as a time'],
        ['1772352000000', 'cannot be read as a time'],
        ['12026-01-01', 'cannot be read as a time'],
        ['1969-12-31T23:59:59.999Z', 'lies before 1970'],
        ['0001-01-01', 'lies before 1970'],
        ['1970-01-01T00:00:00+00:01', 'lies before 1970'],
        ['9999-12-31T23:59:59-00:01', 'lies after 9999'],
      ] as const) {
        for (const name of ['at', 'knownAt'] as const) {
          await expect(score(id, { [name]: time })).rejects.toMatchObject({
            status: 422,
            message: expect.stringContaining(`${name} ${why}; expected`),
            problems: [{ path: `query.${name}`, message: expect.stringContaining('from 1970 to 9999') }],
          });
        }
      }
      for (const time of ['1970-01-01', '9999-12-31T23:59:59.999Z'])
        expect(await score(id, { at: time, knownAt: time })).toMatchObject({ id });
      await expect(score(NO_SUCH)).rejects.toMatchObject({ status: 404 });
      await expect(score(id, { agreement: 'none' })).rejects.toMatchObject({ status: 404 });
      await expect(score(id, { version: 99 })).rejects.toMatchObject({ status: 404 });
      await expect(score(id, { version: 3_000_000_000 })).rejects.toMatchObject({ status: 404 });
    });
  });
});
