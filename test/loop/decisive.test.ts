import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { requalifyLead } from '../../src/loop/decision/reopening.ts';
import { sweepUnweighed } from '../../src/loop/report/decisive.ts';
import { DRIVERS } from '../db/opened.ts';
import { begin, type Story } from './story.ts';

const demo = (userId: string) => ({ type: 'track', userId, event: 'Demo Requested' });
const visit = (userId: string) => ({ type: 'page', userId, properties: { path: '/pricing' } });
const identify = (userId: string, traits: object = {}) => ({
  type: 'identify',
  userId,
  traits: { email: `${userId}@acme.com`, title: 'VP', name: userId, ...traits },
});
const NOTHING = Date.parse('2030-01-01T00:00:00Z');

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db);
  });

  const effects = () =>
    story.query(
      { name: 'text', fired: 'text[]?', decisive: 'text[]?' },
      `select c.name, e.fired, e.decisive from episode e join contact c on c.id = e.contact_id
       order by e.handed_off_at, c.name`,
    );
  const forget = () => db.script('update episode set fired = null, decisive = null');
  const sweep = () => sweepUnweighed(story.app, NOTHING);

  /** Leads that qualify by one path, by two, by either of two rules, and one that a disqualifier closes. */
  async function leads(): Promise<void> {
    story.at('2026-03-06T10:00:00Z');
    await story.call([identify('ann'), demo('ann')]);
    story.at('2026-03-06T11:00:00Z');
    await story.call([identify('bea'), ...Array.from({ length: 4 }, () => visit('bea'))]);
    story.at('2026-03-06T12:00:00Z');
    await story.call([identify('cyd', { company: { industry: 'Software' } }), demo('cyd')]);
    story.at('2026-03-06T13:00:00Z');
    await story.call([identify('dan', { email: 'dan@rival.com' }), demo('dan')]);
  }
  const OF_LEADS = [
    // Without the demo's points the fit of 20 and the demo itself are enough; without those of the VP nothing is.
    { name: 'ann', fired: ['vp', 'demo'], decisive: ['vp'] },
    // 20 and 4 × 10 of 50.
    { name: 'bea', fired: ['vp', 'visit'], decisive: ['vp', 'visit'] },
    { name: 'cyd', fired: ['vp', 'software', 'demo'], decisive: [] },
    { name: 'dan', fired: ['vp', 'demo'], decisive: [] },
  ];

  test('a handoff keeps which rules fired and which were decisive; a closed lead has only the former', async () => {
    await leads();
    expect(await effects()).toEqual(OF_LEADS);
  });

  test('a lead that was opened by hand and does not qualify has no decisive rule', async () => {
    await leads();
    await story.reject('bea', 'busy');
    // The visits are over, and 20 points are left.
    story.at('2026-04-06T10:00:00Z');
    await story.tick();
    const [closed] = (await story.see('bea')).episodes;
    await requalifyLead(
      story.app,
      closed?.id ?? '',
      { note: null },
      {
        actor: 'Ann Ray',
        userId: 'ann',
        now: Date.parse('2026-04-06T10:00:00Z'),
      },
    );
    expect((await effects()).at(-1)).toEqual({ name: 'bea', fired: ['vp'], decisive: [] });
  });

  test('older episodes get the same from their frozen breakdowns, whatever happened since', async () => {
    await leads();
    story.at('2026-03-20T10:00:00Z');
    await story.call([identify('ann', { title: 'Intern' }), visit('ann'), demo('bea')]);
    await forget();
    expect(await sweep()).toBe(4);
    expect(await effects()).toEqual(OF_LEADS);
    expect(await sweep()).toBe(0);
  });

  test('several servers share the work, and what is worked out stays', async () => {
    await leads();
    await forget();
    await db.script(`update episode set fired = '{}', decisive = '{}' where total = 80`);
    const done = await Promise.all([sweep(), sweep(), sweep()]);
    while ((await sweep()) > 0);
    expect(done.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(3);
    expect(await effects()).toEqual(
      OF_LEADS.map(of => (of.name === 'cyd' ? { ...of, fired: [], decisive: [] } : of)),
    );
  });

  test('one with a breakdown that cannot be read is set aside, and the others go on', async () => {
    await leads();
    await forget();
    await db.script(`update episode set breakdown = '{"lines": 1}' where total = 80`);
    expect(await sweep()).toBe(3);
    expect(await effects()).toEqual(
      OF_LEADS.map(of => (of.name === 'cyd' ? { ...of, fired: null, decisive: null } : of)),
    );
    expect([...story.app.memory.stragglers.values()]).toMatchObject([{ name: 'decisive rules', tries: 1 }]);
    expect(await sweep()).toBe(0);
  });

  test('an episode without a score has none', async () => {
    await leads();
    await forget();
    await db.script(
      `update episode set breakdown = '{"id": "x", "at": "2026-03-06T12:00:00Z", "applies": false, "nextChangeAt": null}'`,
    );
    await sweep();
    expect(await effects()).toEqual(OF_LEADS.map(({ name }) => ({ name, fired: [], decisive: [] })));
  });
});
