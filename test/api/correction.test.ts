import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { Database } from '../../src/db/database.ts';
import { handlers } from '../../src/server/api/handlers.ts';
import { DRIVERS } from '../db/opened.ts';
import { begin, type Story } from '../loop/story.ts';
import { makeWorld, person } from '../world/app.ts';

const NOW = Date.parse('2026-03-02T11:00:00Z');
const ANN = {
  type: 'identify',
  userId: 'u1',
  traits: { email: 'lee@acme.com', name: 'Ann Lee', title: 'CTO', company: { industry: 'Software' } },
};

describe.each(DRIVERS)('fields of a contact, corrected by hand, on $name', driver => {
  let db: Database;
  let story: Story;
  let id: string;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db);
    story.at('2026-03-02T10:00:00Z');
    await story.call([ANN, { type: 'track', userId: 'u1', event: 'Demo Requested' }]);
    await story.reassign('u1', 'bob');
    id = (await story.see('u1')).id;
  });

  type Role = 'admin' | 'marketing' | 'manager' | 'rep';
  // Of what is said at one instant no call is the later one.
  let said = 0;
  const correct = (body: object, who = 'bob', role: Role = 'rep') =>
    handlers.updateContact(makeWorld(db, { now: NOW + said++ }).as(person(who, role)), {
      params: { id },
      query: undefined,
      body: api.updateContact.body.parse(body),
    });
  const get = (who = 'bob', role: Role = 'rep') =>
    handlers.getContact(makeWorld(db, { now: NOW }).as(person(who, role)), {
      params: { id },
      query: undefined,
      body: undefined,
    });

  test('are taken in with what follows from them, kept in the journal, and taken away by null', async () => {
    expect(await correct({ title: 'Student', phone: '+44 20 7946 0018' })).toEqual({ id });
    const found = await get();
    expect(found).toMatchObject({ title: 'Student', email: 'lee@acme.com' });
    expect(found.contact).toMatchObject({ title: 'Student', phone: '+44 20 7946 0018' });
    expect(found.episodes[0]).toMatchObject({ phone: '+44 20 7946 0018' });
    await correct({ phone: null, title: 'Student' });
    expect((await get()).contact).not.toHaveProperty('phone');
    const { items } = await handlers.listTimeline(makeWorld(db, { now: NOW }).as(person('bob')), {
      params: { id },
      query: { limit: 50 },
      body: undefined,
    });
    const told = items.filter(({ title }) => title === 'Corrected by hand').map(({ detail }) => detail);
    expect(told.sort()).toEqual([
      'Phone: +44 20 7946 0018 → unknown',
      'Title: CTO → Student\nPhone: unknown → +44 20 7946 0018',
    ]);
  });

  test('are the owner’s, the managers’, marketing’s and the admins’ to correct', async () => {
    for (const [who, role] of [
      ['bob', 'rep'],
      ['mia', 'manager'],
      ['mark', 'marketing'],
      ['ada', 'admin'],
    ] as const)
      expect((await get(who, role)).correctRefused).toBeNull();
    expect((await get('ann', 'rep')).correctRefused).toContain('belongs to');
    await expect(correct({ title: 'CFO' }, 'ann')).rejects.toMatchObject({ code: 'forbidden' });
    expect((await get()).title).toBe('CTO');
  });

  test.each([
    {},
    { title: '' },
    { title: 'x'.repeat(201) },
    { email: null },
    { email: 'a b@acme.com' },
    { company: '' },
  ])('are refused as %j', body => {
    expect(api.updateContact.body.safeParse(body).success).toBe(false);
  });

  const scored = async () => {
    const { total, company, companyProfile, contact, identities } = await get();
    const addresses = identities.flatMap(({ kind, value }) => (kind === 'email' ? [value] : []));
    return { total, company, companyProfile, email: contact.email, kind: contact.emailKind, addresses };
  };
  const timeline = async () => {
    const { items } = await handlers.listTimeline(makeWorld(db, { now: NOW }).as(person('bob')), {
      params: { id },
      query: { limit: 50 },
      body: undefined,
    });
    return items.flatMap(({ title, detail }) => (title === 'Corrected by hand' ? [detail] : []));
  };
  const companyIds = async () =>
    Object.fromEntries(
      (await story.query({ name: 'text', company_id: 'uuid?' }, 'select name, company_id from contact')).map(
        row => [row.name, row.company_id],
      ),
    );

  test('include the address: what follows from it follows, and the older one is still theirs', async () => {
    const before = await story.see('u1');
    await correct({ email: 'Lee@Gmail.com' });
    expect(await scored()).toMatchObject({
      email: 'Lee@Gmail.com',
      kind: 'free',
      addresses: ['lee@acme.com', 'lee@gmail.com'],
    });
    expect(await timeline()).toEqual(['E-mail: lee@acme.com → Lee@Gmail.com']);
    expect((await story.see('lee@gmail.com')).id).toBe(before.id);
    expect((await story.see('lee@acme.com')).id).toBe(before.id);
    // The same address in other letters is no change.
    await correct({ email: 'LEE@gmail.com' });
    expect(await timeline()).toHaveLength(1);
    await correct({ email: 'lee@acme.com' });
    expect(await scored()).toMatchObject({ email: 'lee@acme.com', kind: 'business' });
  });

  test('include the address of somebody whom nothing else names, and of a visitor', async () => {
    story.at('2026-03-02T10:30:00Z');
    await story.call([
      { type: 'identify', traits: { email: 'wrong@acme.com', name: 'No Id' } },
      { type: 'track', anonymousId: 'browser', event: 'Pricing Viewed' },
    ]);
    for (const [who, email] of [
      ['wrong@acme.com', 'right@acme.com'],
      ['browser', 'visitor@acme.com'],
    ] as const) {
      id = (await story.see(who)).id;
      await correct({ email }, 'mia', 'manager');
      expect((await story.see(email)).id).toBe(id);
      expect((await story.see(who)).contact).toMatchObject({ email });
    }
    expect(await story.count('contact')).toBe(3);
  });

  test('take no address from another contact, nor one of nobody', async () => {
    await story.call({ type: 'identify', userId: 'u2', traits: { email: 'eve@acme.com', name: 'Eve Lin' } });
    await expect(correct({ email: 'EVE@acme.com', title: 'CFO' })).rejects.toMatchObject({
      code: 'conflict',
      problems: [{ path: 'email' }],
    });
    await expect(correct({ email: 'null@null.com' })).rejects.toMatchObject({
      code: 'invalid',
      problems: [{ path: 'email' }],
    });
    expect(await get()).toMatchObject({ email: 'lee@acme.com', title: 'CTO' });
    expect(await timeline()).toEqual([]);
  });

  test('do not say that the contact is on its browser now, which somebody else may use', async () => {
    await story.call({ type: 'identify', userId: 'u1', anonymousId: 'shared', traits: {} });
    story.at('2026-03-02T10:20:00Z');
    await story.call({ type: 'identify', userId: 'u9', anonymousId: 'shared', traits: { name: 'Zoe' } });
    await correct({ title: 'CFO' });
    story.at('2026-03-02T11:30:00Z');
    await story.call({ type: 'track', anonymousId: 'shared', event: 'Pricing Viewed' });
    expect((await story.see('u9')).events).toBe(1);
  });

  test('include the company’s name, which changes alone where the address says which company it is', async () => {
    expect(await scored()).toMatchObject({ company: 'acme.com', companyProfile: { industry: 'Software' } });
    const before = await companyIds();
    await correct({ company: 'Acme' });
    await correct({ company: 'Apex Widgets' });
    expect(await scored()).toMatchObject({
      company: 'Apex Widgets',
      companyProfile: { name: 'Apex Widgets', industry: 'Software' },
    });
    expect((await timeline()).sort()).toEqual(['Company: Acme → Apex Widgets', 'Company: unknown → Acme']);
    await correct({ company: null });
    expect((await scored()).companyProfile).toEqual({ industry: 'Software' });
    expect(await companyIds()).toEqual(before);
  });

  test('move a contact to the company that others are of under that name, and leave the former one as it is', async () => {
    await story.call([
      { type: 'group', userId: 'u1', groupId: 'g1', traits: { name: 'Acme', employees: 80 } },
      { type: 'identify', userId: 'u2', traits: { email: 'bo@globex.com', name: 'Bo', company: 'Globex' } },
      { type: 'group', userId: 'u3', groupId: 'g1', traits: {} },
      { type: 'identify', userId: 'u3', traits: { name: 'Cy' } },
    ]);
    await expect(correct({ company: 'ACME, Inc.' })).rejects.toMatchObject({
      code: 'invalid',
      problems: [{ path: 'company' }],
    });
    await expect(correct({ company: null })).rejects.toMatchObject({ code: 'invalid' });
    const before = await companyIds();
    await correct({ company: 'globex' });
    expect(await companyIds()).toEqual({ ...before, 'Ann Lee': before.Bo });
    // What was said of the former company with the contact counts no more.
    expect((await scored()).companyProfile).toEqual({ name: 'globex' });
    await correct({ company: 'Initech' });
    const after = await companyIds();
    expect(new Set([before.Bo, before.Cy, after['Ann Lee']]).size).toBe(3);
    expect(after).toMatchObject({ Bo: before.Bo, Cy: before.Cy });
    expect((await scored()).company).toBe('Initech');
    const traits = await story.query({ traits: 'jsonb' }, `select traits from company where group_id = 'g1'`);
    expect(traits).toEqual([{ traits: { name: 'Acme', employees: 80 } }]);
    await correct({ company: 'Acme' });
    expect(await companyIds()).toEqual(before);
    expect((await scored()).companyProfile).toMatchObject({ employees: 80 });
  });

  test('are read part by part of the timeline', async () => {
    const kinds = async (show?: 'events' | 'work' | 'alerts') => {
      const { items } = await handlers.listTimeline(makeWorld(db, { now: NOW }).as(person('bob')), {
        params: { id },
        query: { limit: 50, ...(show === undefined ? {} : { show }) },
        body: undefined,
      });
      return [...new Set(items.map(({ kind }) => kind))].sort();
    };
    expect(await kinds()).toEqual(['event', 'handoff']);
    expect(await kinds('events')).toEqual(['event']);
    expect(await kinds('work')).toEqual(['handoff']);
    expect(await kinds('alerts')).toEqual([]);
  });

  describe('of many contacts at once', () => {
    const many = async (body: object, who = 'mia', role: Role = 'manager') => {
      const answer = await handlers.correctContacts(
        makeWorld(db, { now: NOW + said++ }).as(person(who, role)),
        { params: undefined, query: undefined, body: api.correctContacts.body.parse(body) },
      );
      return answer.items.map(({ status, reason }) => [status, reason]);
    };
    const idOf = async (who: string) => (await story.see(who)).id;

    test('are corrected in one go, each with its entry; the answer says what became of each', async () => {
      await story.call([
        { type: 'identify', userId: 'u2', traits: { email: 'eve@globex.com', name: 'Eve', title: 'Clerk' } },
        { type: 'identify', userId: 'u3', traits: { name: 'Cy' } },
      ]);
      const ids = [id, await idOf('u2'), await idOf('u3')];
      const gone = '00000000-0000-4000-8000-000000000000';
      const values = { title: 'VP', country: 'Norway', company: 'Umbrella' };
      expect(await many({ contactIds: [...ids, gone, ids[0]?.toUpperCase()], values })).toEqual([
        [200, null],
        [200, null],
        [200, null],
        [409, 'It was joined to another contact, or is not there.'],
      ]);
      for (const who of ['u1', 'u2', 'u3'])
        expect(await story.see(who)).toMatchObject({
          contact: { title: 'VP', country: 'Norway' },
          total: 20 + (who === 'u1' ? 60 : 0),
        });
      expect(await story.count(`journal where kind = 'corrected'`)).toBe(3);
      // What is so already is no change.
      expect(await many({ contactIds: ids, values: { title: 'VP' } })).toEqual(ids.map(() => [200, null]));
      expect(await story.count(`journal where kind = 'corrected'`)).toBe(3);
    });

    test('are left alone where they are not one’s own', async () => {
      await story.call({ type: 'identify', userId: 'u2', traits: { name: 'Eve', title: 'Clerk' } });
      const ids = [id, await idOf('u2')];
      const values = { title: 'CFO' };
      expect(await many({ contactIds: ids, values }, 'bob', 'rep')).toEqual([
        [200, null],
        [403, 'This contact is not a lead of yours. A manager or an admin can change it.'],
      ]);
      expect((await story.see('u2')).contact).toMatchObject({ title: 'Clerk' });
    });

    test('ask the database as often for many as for two', async () => {
      const people = Array.from({ length: 12 }, (_, n) => `p${n}`);
      await story.call(
        people.map(userId => ({
          type: 'identify',
          userId,
          traits: { email: `${userId}@acme.com`, name: userId },
        })),
      );
      const ids = await Promise.all(people.map(idOf));
      const countOf = async (contactIds: readonly string[], title: string) => {
        let asked = 0;
        const counting: Database = {
          ...db,
          transaction: work =>
            db.transaction(sql =>
              work({
                run: (statement, params) => {
                  asked += 1;
                  return sql.run(statement, params);
                },
              }),
            ),
        };
        await handlers.correctContacts(
          makeWorld(counting, { now: NOW + said++ }).as(person('mia', 'manager')),
          {
            params: undefined,
            query: undefined,
            body: api.correctContacts.body.parse({ contactIds, values: { title } }),
          },
        );
        return asked;
      };
      await countOf(ids.slice(0, 2), 'A');
      expect(await countOf(ids, 'B')).toBe(await countOf(ids.slice(0, 2), 'C'));
    });
  });

  describe('leads of many contacts, given away at once', () => {
    const give = async (
      contactIds: readonly string[],
      ownerId: string,
      who = 'mia',
      role: Role = 'manager',
    ) => {
      const { items } = await handlers.giveContacts(
        makeWorld(db, { now: NOW + said++ }).as(person(who, role)),
        { params: undefined, query: undefined, body: { contactIds: [...contactIds], ownerId } },
      );
      return items.map(({ status, reason }) => [status, reason]);
    };
    const leads = async (count: number) => {
      const people = Array.from({ length: count }, (_, n) => `p${n}`);
      await story.call(
        people.flatMap(userId => [
          {
            type: 'identify',
            userId,
            traits: { email: `${userId}@p${userId}.com`, name: userId, title: 'VP' },
          },
          { type: 'track', userId, event: 'Demo Requested' },
        ]),
      );
      return Promise.all(people.map(async who => (await story.see(who)).id));
    };

    test('go with their tasks and entries, and each person is told once', async () => {
      const ids = await leads(4);
      const [anns] = await story.query(
        { n: 'int8' },
        `select count(*) as n from episode where owner_id = 'ann'`,
      );
      await story.call({ type: 'identify', userId: 'u2', traits: { name: 'Eve' } });
      const eve = (await story.see('u2')).id;
      const told = await story.count(`alert where user_id = 'mia' or user_id = 'ann'`);
      const answers = await give([...ids, eve], 'mia');
      expect(answers).toEqual([...ids.map(() => [200, null]), [409, 'It has no lead to work on.']]);
      for (const n of [0, 1, 2, 3])
        expect(await story.see(`p${n}`)).toMatchObject({ owner: 'mia', episodes: [{ owner: 'mia' }] });
      expect(await story.count(`journal where kind = 'reassigned' and contact_id <> '${id}'`)).toBe(4);
      expect(await story.count(`routing_ledger where kind = 'reassigned' and contact_id <> '${id}'`)).toBe(4);
      expect(await story.count(`task where owner_id = 'mia' and done_at is null`)).toBe(4);
      // Mia gave them to herself; whoever lost several reads one alert of them.
      expect(anns?.n).toBeGreaterThan(0);
      expect(await story.count(`alert where user_id = 'mia' or user_id = 'ann'`)).toBe(told + 1);
      expect(await give(ids.slice(0, 1), 'mia')).toEqual([[409, 'mia has the lead already']]);
    });

    test('stay where they are for somebody who may not own leads, and where they are not one’s own', async () => {
      const ids = await leads(2);
      await expect(give(ids, 'nobody')).rejects.toMatchObject({
        code: 'invalid',
        problems: [{ path: 'ownerId' }],
      });
      const owner = (await story.see('p0')).owner;
      const other = owner === 'ann' ? 'bob' : 'ann';
      const [own, others] = [
        await give(ids.slice(0, 1), 'mia', owner ?? '', 'rep'),
        await give(ids.slice(1), 'mia', owner ?? '', 'rep'),
      ];
      expect(own).toEqual([[200, null]]);
      expect((await story.see('p1')).owner).toBe(other);
      expect(others[0]?.[0]).toBe(403);
    });
  });
});
