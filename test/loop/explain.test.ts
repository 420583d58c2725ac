import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { api } from '../../src/contract/api.ts';
import { alertPayload } from '../../src/core/alert/message.ts';
import type { Database } from '../../src/db/database.ts';
import { getContactChanges, getContactCourse } from '../../src/server/api/explanation.ts';
import { handlers } from '../../src/server/api/handlers.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld, person } from '../world/app.ts';
import { begin, type Story } from './story.ts';

const TEMPLATE = parse(readFileSync('templates/b2b-saas.yaml', 'utf8'));
const NOBODY = '00000000-0000-4000-8000-000000000000';
const u1 = { userId: 'u1' };
const pricing = { type: 'page', ...u1, properties: { path: '/pricing' } };
const NOW = Date.parse('2026-03-18T15:00:00Z');

describe.each(DRIVERS)('explanations on $name', driver => {
  let db: Database;
  let story: Story;
  let id: string;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db, { agreement: TEMPLATE });
    const { at, call } = story;
    at('2026-03-02T10:00:00Z');
    await call({
      type: 'identify',
      ...u1,
      traits: { title: 'Manager', email: 'ann@acme.com', company: { employees: 300, industry: 'Fintech' } },
    });
    at('2026-03-14T10:00:00Z');
    await call(pricing);
    at('2026-03-16T10:00:00Z');
    await call({ type: 'identify', ...u1, traits: { title: 'VP' } });
    await call(pricing);
    at('2026-03-17T10:00:00Z');
    await call({ ...pricing, type: 'track', event: 'Something Else' });
    at('2026-03-18T15:00:00Z');
    id = (await story.see('u1')).id;
  });

  const bob = () => makeWorld(db, { now: NOW }).as(person('bob'));
  const contact = () => handlers.getContact(bob(), { params: { id }, query: undefined, body: undefined });
  const changes = (query: Parameters<typeof getContactChanges>[1]['query'], of = id) =>
    getContactChanges(bob(), { params: { id: of }, query, body: undefined });
  const course = (query: Parameters<typeof getContactCourse>[1]['query'], of = id) =>
    getContactCourse(bob(), { params: { id: of }, query, body: undefined });

  test('a contact says why it has its score and what it lacks', async () => {
    const found = await contact();
    expect(api.getContact.output.parse(found)).toEqual(found);
    expect(found.sentence).toBe(
      'Good fit (VP at a 300-person company), two pricing page visits in the last 7 days and two page views in the last month',
    );
    expect(found.topLines.map(({ label, points }) => [label, points])).toEqual([
      ['Company of 200 to 1,999 people', 15],
      ['Executive or owner', 15],
      ['Pricing page visit', 14],
    ]);
    expect(found.missing?.paths.map(({ id: path }) => path)).toEqual([
      'hand_raiser',
      'score',
      'product_qualified',
    ]);
    expect(found.missing?.text[0]).toBe(
      'Nearest is “Asked to talk to us”: still to come: Asked for a demo or a call, once within 7 days',
    );
  });

  test('a contact that qualifies lacks nothing, and its episode and alerts say the sentence, for good', async () => {
    await story.call({ type: 'track', ...u1, event: 'Demo Requested' });
    const sentence =
      'Good fit (VP at a 300-person company), asked for a demo or a call less than an hour ago and two pricing page visits (the last 2 days ago)';
    const dated =
      'Good fit (VP at a 300-person company), asked for a demo or a call on 18 Mar 2026 and two pricing page visits (the last on 16 Mar 2026)';
    const found = await contact();
    expect(found.missing).toBeNull();
    expect(found.episodes.map(episode => episode.sentence)).toEqual([sentence]);
    const promised = await story.query(
      { payload: 'jsonb' },
      `select payload from outbox where payload ->> 'kind' <> 'letter'`,
    );
    expect(promised.length).toBeGreaterThan(0);
    for (const { payload } of promised) expect(alertPayload.parse(payload).sentence).toBe(dated);
    await story.call({ type: 'identify', ...u1, traits: { title: 'CEO' } });
    expect((await contact()).episodes[0]?.sentence).toBe(sentence);
    expect((await contact()).sentence).toContain('CEO');
  });

  test('what changed names the events by their ids, the profile, and time', async () => {
    const found = await changes({ since: '2026-03-15T00:00:00Z' });
    expect(api.getContactChanges.output.parse(found)).toEqual(found);
    expect(found.text).toEqual([
      'Executive or owner +8: job title from Manager to VP',
      'Pricing page visit +6: faded since 15 March (−2); again on 16 March (+8)',
      'Page views in the last month +1: again on 16 March',
    ]);
    const causes = found.lines.flatMap(line => line.causes);
    const events = causes.flatMap(cause => (cause.kind === 'events' ? [cause] : []));
    const ids = await story.query({ id: 'int8' }, `select id from event where at = '2026-03-16T10:00:00Z'`);
    expect(events.map(cause => cause.ids)).toEqual([
      ids.map(row => String(row.id)),
      ids.map(row => String(row.id)),
    ]);
    expect(events[0]).toMatchObject({ count: 1, lastAt: '2026-03-16T10:00:00.000Z' });
    expect(found.difference).toBe(found.to.total - found.from.total);
  });

  test('nothing stood before a contact was created', async () => {
    const found = await changes({ since: '2026-01-01T00:00:00Z', until: '2026-03-10T00:00:00Z' });
    expect(found.from).toMatchObject({ applies: false, total: 0 });
    expect(found.lines[0]?.text).toBe('Company of 200 to 1,999 people +15: first scored in between');
  });

  test('the course begins with the contact and names what made each step', async () => {
    const found = await course({});
    expect(api.getContactCourse.output.parse(found)).toEqual(found);
    expect([found.from, found.to, found.thinned]).toEqual([
      '2026-03-02T10:00:00.000Z',
      '2026-03-18T15:00:00.000Z',
      null,
    ]);
    const steps = found.steps
      .filter(({ kind }) => kind !== 'time')
      .map(({ at, kind, total, why }) => [at, kind, total, why]);
    expect(steps).toEqual([
      ['2026-03-02T10:00:00.000Z', 'start', 27, ''],
      ['2026-03-14T10:00:00.000Z', 'event', 36, 'Pricing page visit +8, Page views in the last month +1'],
      [
        '2026-03-16T10:00:00.000Z',
        'event',
        52,
        'Executive or owner +8, Pricing page visit +8, Page views in the last month +1',
      ],
    ]);
    const last = found.steps.at(-1);
    expect(last?.total).toBe((await changes({ since: '2026-03-15T00:00:00Z' })).to.total);
  });

  test('a range that ends before it begins, an unreadable time, and what does not exist are refused by name', async () => {
    const invalid = (path: string) => ({
      code: 'invalid',
      problems: [{ path, message: expect.any(String) }],
    });
    for (const [call, path] of [
      [() => changes({ since: '2026-03-02T00:00:00Z', until: '2026-03-01T00:00:00Z' }), 'query.since'],
      [() => changes({ since: 'yesterday' }), 'query.since'],
      [() => changes({ since: '2026-03-02', until: '1969-01-01' }), 'query.until'],
      [() => course({ from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' }), 'query.from'],
      [() => course({ to: '+10000-01-01' }), 'query.to'],
    ] as const) {
      await expect(call()).rejects.toMatchObject(invalid(path));
    }
    for (const call of [
      () => changes({ since: '2026-03-02' }, NOBODY),
      () => course({}, NOBODY),
      () => changes({ since: '2026-03-02', version: 99 }),
      () => course({ agreement: NOBODY }),
      () => course({ version: 3_000_000_000 }),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'notFound' });
    }
  });
});
