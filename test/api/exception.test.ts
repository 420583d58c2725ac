import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { exception } from '../../src/contract/api/exception.ts';
import type { Database } from '../../src/db/database.ts';
import { raiseExceptions, settleExceptions, sweepOverdue } from '../../src/loop/exception/exception.ts';
import {
  closeException,
  completeException,
  getException,
  listExceptions,
  retryException,
  takeException,
} from '../../src/server/api/exception.ts';
import { handBackEpisode, takeEpisode } from '../../src/server/api/ownership.ts';
import type { Caller, Request } from '../../src/server/handler/handler.ts';
import { DRIVERS } from '../db/opened.ts';
import { AGREEMENT } from '../loop/agreement.ts';
import { begin, type Story } from '../loop/story.ts';

const NOW = Date.parse('2026-03-02T10:00:00Z');
const BY_COUNTRY = {
  ...AGREEMENT,
  routing: [
    {
      id: 'big',
      label: 'Big companies in the UK',
      when: { 'contact.country': 'UK', 'company.employees': { gte: 10 } },
      to: { team: 'sales' },
    },
    { fallback: 'queue' },
  ],
};
const MIA: Caller = { id: 'mia', name: 'Mia', role: 'manager' };
const ANN: Caller = { id: 'ann', name: 'Ann', role: 'rep' };
const KEY: Caller = { id: null, name: 'a key', role: 'admin' };

describe.each(DRIVERS)('exceptions on $name', driver => {
  let db: Database;
  let story: Story;
  let caller: Caller;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db, { agreement: BY_COUNTRY });
    story.at('2026-03-02T10:00:00Z');
    caller = MIA;
  });

  const request = (now = NOW): Request => ({
    app: story.app,
    now,
    caller,
    headers: new Headers(),
    address: '127.0.0.1',
    setHeader: () => {},
  });
  const list = (
    query: { readonly state?: 'open' | 'closed'; readonly limit?: number; readonly cursor?: string } = {},
  ) =>
    listExceptions(request(), {
      params: undefined,
      query: { limit: 50, state: 'open', ...query },
      body: undefined,
    });
  const waiting = async (user: string, traits: object = {}) => {
    await story.call([
      {
        type: 'identify',
        userId: user,
        traits: { email: `${user}@${user}.com`, title: 'VP', name: user, ...traits },
      },
      { type: 'track', userId: user, event: 'Demo Requested' },
    ]);
  };
  const onlyId = async () => (await list()).items[0]?.id ?? '';
  const on = (id: string) => ({ params: { id }, query: undefined });

  test('a lead that lacks data is listed with what is missing, whose turn it is and its own clock', async () => {
    await waiting('u1');
    const page = await list();
    expect(page.counts).toEqual({
      unassigned: 0,
      missing_data: 1,
      duplicate: 0,
      delivery: 0,
      breach: 0,
      overdue: 0,
      mine: 1,
    });
    expect(page.items).toEqual([exception.parse(page.items[0])]);
    expect(page.items).toMatchObject([
      {
        kind: 'missing_data',
        reason: { id: 'missing_data', label: 'something must be known of the lead first' },
        missing: ['company.employees', 'contact.country'],
        detail: 'Company size and country are missing',
        why: { kind: 'waiting', tried: [], missing: ['company.employees', 'contact.country'] },
        contact: { name: 'u1', email: 'u1@u1.com' },
        owner: { id: 'mia' },
        dueAt: '2026-03-02T10:30:00.000Z',
        episode: { path: { id: 'hand_raiser' }, total: 60 },
      },
    ]);
  });

  test('filling it in routes the lead at once; what cannot be set is refused by name', async () => {
    await waiting('u1');
    const id = await onlyId();
    const fill = (values: Record<string, string | number>) =>
      completeException(request(NOW + 60_000), { ...on(id), body: { values } });
    await expect(fill({})).rejects.toMatchObject({ code: 'invalid' });
    await expect(fill({ 'contact.emailDomain': 'acme.com' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(fill({ country: 'UK' })).rejects.toMatchObject({ code: 'invalid' });
    story.at('2026-03-02T10:01:00Z');
    expect(await fill({ 'contact.country': 'UK' })).toMatchObject({
      missing: ['company.employees'],
      closedAt: null,
    });
    story.at('2026-03-02T10:02:00Z');
    const closed = await completeException(request(NOW + 120_000), {
      ...on(id),
      body: { values: { 'company.employees': 50 } },
    });
    expect(closed).toMatchObject({
      closedAt: '2026-03-02T10:02:00.000Z',
      resolution: 'routing found an owner',
    });
    expect((await story.see('u1')).owner).toBe('ann');
    await expect(fill({ 'contact.country': 'UK' })).rejects.toMatchObject({ code: 'conflict' });
    expect((await list()).items).toEqual([]);
    expect((await list({ state: 'closed' })).items).toMatchObject([{ id, closedBy: 'routing' }]);
  });

  test('an address or a number that reaches nobody is refused, with every bad field by its name', async () => {
    await story.call([
      { type: 'identify', anonymousId: 'a1', traits: { title: 'VP', country: 'UK', email: 'nonsense' } },
      { type: 'track', anonymousId: 'a1', event: 'Demo Requested' },
    ]);
    const id = await onlyId();
    const fill = (values: Record<string, string | number>) =>
      completeException(request(NOW + 60_000), { ...on(id), body: { values } });
    await expect(fill({ 'contact.email': 'not-an-email' })).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('values.contact.email: expected an e-mail address'),
      problems: [
        {
          path: 'values.contact.email',
          message: 'expected an e-mail address such as ann@company.com, got "not-an-email"',
        },
      ],
    });
    const bad = {
      'contact.email': 5,
      'contact.phone': 'none',
      country: 'UK',
      'contact.emailDomain': 'x.com',
    };
    await expect(
      fill({ ...bad, 'contact.address.city': 'Rome', 'contact.title': 'VP' }),
    ).rejects.toMatchObject({
      status: 422,
      problems: [
        { path: 'values.contact.email', message: expect.stringContaining('got 5') },
        { path: 'values.contact.phone', message: expect.stringContaining('expected a phone number') },
        {
          path: 'values.country',
          message: 'expected contact.<name> or company.<name>; missing are contact.email and contact.phone',
        },
        { path: 'values.contact.emailDomain', message: 'follows from contact.email; expected that instead' },
        { path: 'values.contact.address.city', message: expect.stringContaining('expected contact.<name>') },
      ],
    });
    await expect(fill({})).rejects.toMatchObject({
      problems: [
        {
          path: 'values',
          message: 'expected at least one field; missing are contact.email and contact.phone',
        },
      ],
    });
    expect(await getException(request(), { ...on(id), body: undefined })).toMatchObject({ closedAt: null });
  });

  test('somebody takes it on, tries again, takes the lead itself, and hands it back', async () => {
    await waiting('u1', { country: 'UK' });
    const id = await onlyId();
    await db.script(`insert into team_member (team, user_id, weight, pass) values ('queue', 'ann', 1, 0)`);
    caller = ANN;
    expect(await takeException(request(), { ...on(id), body: {} })).toMatchObject({ owner: { id: 'ann' } });
    await expect(takeException(request(), { ...on(id), body: { ownerId: 'nobody' } })).rejects.toMatchObject({
      code: 'invalid',
    });
    expect(await retryException(request(), { ...on(id), body: undefined })).toMatchObject({ closedAt: null });
    const episodeId = (await list()).items[0]?.episode?.id ?? '';
    expect(await takeEpisode(request(), { ...on(episodeId), body: {} })).toMatchObject({
      owner: { id: 'ann' },
      waitingFor: null,
    });
    expect(await getException(request(), { ...on(id), body: undefined })).toMatchObject({ closedBy: 'Ann' });
    expect(await handBackEpisode(request(), { ...on(episodeId), body: { note: 'not mine' } })).toMatchObject({
      owner: null,
    });
    expect((await list()).items).toMatchObject([{ kind: 'missing_data' }]);
    caller = KEY;
    await expect(takeEpisode(request(), { ...on(episodeId), body: {} })).rejects.toMatchObject({
      code: 'invalid',
    });
  });

  test('a lead that waits cannot be closed away; a trouble with no lead can, once, and comes again when it is raised again', async () => {
    await waiting('u1');
    const lead = await onlyId();
    await expect(closeException(request(), { ...on(lead), body: { note: 'bored' } })).rejects.toMatchObject({
      code: 'conflict',
    });
    const trouble = {
      kind: 'delivery',
      reason: 'recipient_gone',
      subject: { kind: 'delivery', recipient: { kind: 'slackChannel', name: '#sales' } },
      detail: 'archived',
      at: NOW - 1,
    } as const;
    const raised = () =>
      db.transaction(sql => raiseExceptions(sql, story.app, [trouble, { ...trouble, at: NOW }]));
    await raised();
    const [found] = (await list()).items.filter(({ kind }) => kind === 'delivery');
    expect(found).toMatchObject({
      reason: { label: 'the recipient is gone' },
      owner: { id: 'mia' },
      dueAt: '2026-03-02T13:59:59.999Z',
    });
    const id = found?.id ?? '';
    expect(await closeException(request(), { ...on(id), body: { note: 'made a new channel' } })).toEqual({
      ok: true,
    });
    await expect(closeException(request(), { ...on(id), body: { note: 'again' } })).rejects.toMatchObject({
      code: 'conflict',
    });
    await raised();
    expect((await list()).counts.delivery).toBe(1);
    await db.transaction(sql =>
      settleExceptions(
        sql,
        { kind: 'delivery', subjects: [trouble.subject] },
        { by: 'delivery', at: NOW, resolution: 'works again' },
      ),
    );
    expect((await list()).counts.delivery).toBe(0);
  });

  test('lists are read in pages, due first; what is unknown is not found', async () => {
    for (const user of ['u1', 'u2', 'u3']) await waiting(user);
    const first = await list({ limit: 2 });
    const second = await list({ limit: 2, cursor: first.nextCursor ?? '' });
    expect([...first.items, ...second.items].map(({ contact }) => contact?.name).sort()).toEqual([
      'u1',
      'u2',
      'u3',
    ]);
    expect(second.nextCursor).toBeNull();
    for (const id of ['x', '00000000-0000-4000-8000-000000000000'])
      await expect(getException(request(), { ...on(id), body: undefined })).rejects.toMatchObject({
        code: 'notFound',
      });
    expect(await sweepOverdue(story.app, NOW + 3_600_000)).toBe(3);
    expect(await sweepOverdue(story.app, NOW + 3_600_000)).toBe(0);
  });
});
