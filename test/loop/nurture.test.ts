import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { rejectLead } from '../../src/loop/decision/rejection.ts';
import {
  finishLead,
  moveWakeup,
  reopenLead,
  requalifyLead,
  stopTrack,
} from '../../src/loop/decision/reopening.ts';
import { mergeReviewed } from '../../src/loop/duplicate/review.ts';
import { sweepDuplicates } from '../../src/loop/duplicate/sweep.ts';
import { sweepNews } from '../../src/loop/nurture/news.ts';
import { sweepNurture } from '../../src/loop/nurture/sweep.ts';
import { sweepWakeups } from '../../src/loop/nurture/wakeup.ts';
import { DRIVERS } from '../db/opened.ts';
import { AGREEMENT } from './agreement.ts';
import { begin, type Story } from './story.ts';

const WITH_TRACKS = {
  ...AGREEMENT,
  reasons: [
    { id: 'timing', label: 'Bad timing', then: 'recycle', wait: '90d', nurture: 'later' },
    { id: 'junk', label: 'Junk', then: 'disqualify' },
    { id: 'same', label: 'Same person', then: 'merge' },
    { id: 'unreached', label: 'Not reached', then: 'recycle', attempts: 2 },
  ],
  nurture: [
    {
      id: 'later',
      label: 'Later',
      steps: [{ wait: '3d', webhook: 'first' }, { wait: '10d', webhook: 'second' }, { wait: '1d' }],
      exitOn: 'Pricing Viewed',
    },
  ],
};

const day = (n: number, hour = 10) =>
  new Date(Date.parse('2026-03-02T00:00:00Z') + n * 86_400_000 + hour * 3_600_000).toISOString();

describe.each(DRIVERS)('tracks of recycled leads on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  const now = () => story.app.clock();
  const by = (scope: 'own' | 'all' = 'all') => ({ actor: 'Ann', userId: 'ann', scope, now: now() });
  const sweep = async () => {
    for (let round = 0; round < 10; round++) {
      const count =
        (await sweepNews(story.app, now())) +
        (await sweepNurture(story.app, now())) +
        (await sweepWakeups(story.app, now()));
      if (count === 0) return;
    }
    throw new Error('the sweeps find no end');
  };
  const episode = async (who = 'u1') => (await story.see(who)).episodes.at(-1)?.id ?? '';
  const steps = () =>
    story.query({ step: 'int4', at: 'timestamptz' }, 'select step, at from nurture_step order by step');
  const left = async () =>
    (
      await story.query(
        { because: 'text?' },
        'select left_because as because from nurture order by entered_at',
      )
    ).map(row => row.because);
  const demand = (who = 'u1') =>
    story.call([
      {
        type: 'identify',
        userId: who,
        traits: { email: `${who}@acme.com`, title: 'VP', company: { employees: 500 } },
      },
      { type: 'track', userId: who, event: 'Demo Requested' },
    ]);

  beforeEach(async () => {
    story = await begin(db, { agreement: WITH_TRACKS });
    story.at(day(0));
    await demand();
    await story.tick();
  });

  test('does each step once, counts the next from when it was done, and ends', async () => {
    await story.reject('u1', 'timing');
    await sweep();
    expect(await steps()).toEqual([]);
    // The server was away for a day: the step waited, and the next one counts from now.
    story.at(day(4));
    await Promise.all([sweepNurture(story.app, now()), sweepNurture(story.app, now())]);
    await sweep();
    expect((await steps()).map(({ step }) => step)).toEqual([0]);
    story.at(day(13, 9));
    await sweep();
    expect((await steps()).map(({ step }) => step)).toEqual([0]);
    story.at(day(14));
    await sweep();
    story.at(day(15));
    await sweep();
    expect((await steps()).map(({ step }) => step)).toEqual([0, 1, 2]);
    expect(await left()).toEqual(['finished']);
  });

  test.each([
    ['what its exitOn names', 'Pricing Viewed', 'event'],
    ['a bounce', 'Email Bounced', 'bounce'],
    ['an unsubscription', 'Unsubscribed', 'unsubscribed'],
    ['a reply', 'Email Replied', 'reply'],
  ])('is left for good on %s', async (_name, event, because) => {
    await story.reject('u1', 'timing');
    story.at(day(1));
    await story.call({ type: 'track', userId: 'u1', event });
    expect(await left()).toEqual([because]);
    story.at(day(30));
    await sweep();
    expect(await steps()).toEqual([]);
  });

  test('is left by who opts out in a field of the profile', async () => {
    await story.reject('u1', 'timing');
    story.at(day(1));
    await story.call({ type: 'identify', userId: 'u1', traits: { emailOptOut: true } });
    expect(await left()).toEqual(['unsubscribed']);
  });

  test('goes on after an answer that came before the lead was turned down', async () => {
    await story.call({ type: 'track', userId: 'u1', event: 'Email Replied' });
    story.at(day(0, 11));
    await story.reject('u1', 'timing');
    await sweep();
    expect(await left()).toEqual([null]);
  });

  test('is left when a person stops it, and when the decision is taken back', async () => {
    await story.reject('u1', 'timing');
    await stopTrack(story.app, await episode(), { note: null }, by());
    await expect(stopTrack(story.app, await episode(), { note: null }, by())).rejects.toThrow(/in no track/);
    await story.reopen('u1');
    await story.reject('u1', 'timing');
    await story.reopen('u1');
    expect(await left()).toEqual(['stopped', 'reopened']);
  });

  test('wakes the owner at the date that was set, and a second handoff has its own dates', async () => {
    await rejectLead(
      story.app,
      await episode(),
      { reason: 'timing', note: null, until: Date.parse(day(20)) },
      by(),
    );
    const first = (await story.see('u1')).episodes[0];
    expect(first?.requalifyAt).toBe(day(20));
    story.at(day(20));
    await sweep();
    await sweep();
    const alerts = await story.query(
      { label: 'text', user_id: 'text' },
      `select label, user_id from alert where kind = 'flag'`,
    );
    expect(alerts).toEqual([{ label: 'Look at this lead again', user_id: expect.any(String) }]);
    await moveWakeup(story.app, await episode(), { until: Date.parse(day(25)) }, by());
    story.at(day(25));
    await sweep();
    const id = await requalifyLead(story.app, await episode(), { note: null }, by());
    const [before, after] = (await story.see('u1')).episodes;
    expect(after).toMatchObject({ id, state: 'open', owner: 'ann', handedOffAt: day(25) });
    expect(before).toMatchObject({ handedOffAt: day(0), state: 'recycled' });
    const woken = await story.query(
      { n: 'int8' },
      'select count(*) as n from episode where woke_at is not null',
    );
    expect(woken).toEqual([{ n: 0 }]);
  });

  test('a rejection that merges joins the contacts in one go, and is undone with them', async () => {
    await demand('u2');
    await story.tick();
    const other = await story.see('u2');
    const id = await episode();
    await expect(rejectLead(story.app, id, { reason: 'same', note: null }, by())).rejects.toThrow(
      /which contact/,
    );
    await rejectLead(story.app, id, { reason: 'same', note: null, mergeWith: other.id }, by());
    const joined = await story.see('u1');
    expect(joined.id).toBe(other.id);
    expect(joined.episodes.map(({ state }) => state).sort()).toEqual(['disqualified', 'open']);
    expect(joined.stage).toBe('mql');
    await reopenLead(story.app, id, by());
    expect((await story.see('u1')).episodes).toMatchObject([{ id, state: 'open' }]);
    expect((await story.see('u2')).episodes).toHaveLength(1);
  });

  describe('of one who is joined with a person that was turned down later', () => {
    beforeEach(async () => {
      const said = { reason: 'timing', note: null, until: Date.parse(day(20)) };
      await rejectLead(story.app, await episode(), said, by());
      story.at(day(1));
      const traits = { email: 'u1+trial@acme.com', title: 'VP', company: { employees: 500 } };
      await story.call([
        { type: 'identify', userId: 'u2', traits },
        { type: 'track', userId: 'u2', event: 'Demo Requested' },
      ]);
      await story.tick();
      await story.reject('u2', 'timing');
      while ((await sweepDuplicates(story.app, now())).contactIds.length > 0);
      const [pair] = await story.query({ id: 'uuid' }, 'select id from likeness');
      story.at(day(2));
      const into = (await story.see('u1')).id;
      await mergeReviewed(story.app, { likenessId: pair?.id ?? '', into }, by());
      expect(await left()).toEqual([null, 'merged']);
    });

    test('ends when they do what ends it', async () => {
      await story.call({ type: 'track', userId: 'u1', event: 'Pricing Viewed' });
      expect(await left()).toEqual(['event', 'merged']);
    });

    test('ends when they opt out in a field of the profile', async () => {
      await story.call({ type: 'identify', userId: 'u1', traits: { emailOptOut: true } });
      expect(await left()).toEqual(['unsubscribed', 'merged']);
    });

    test('ends at the next handoff, which takes back the date that was set', async () => {
      const [latest] = await story.query({ id: 'uuid' }, 'select id from episode order by ended_at desc');
      await requalifyLead(story.app, latest?.id ?? '', { note: null }, by());
      expect(await left()).toEqual(['handed_over', 'merged']);
      story.at(day(21));
      await sweep();
      const dated = 'select count(*) as n from episode where wake_at is not null or woke_at is not null';
      expect(await story.query({ n: 'int8' }, dated)).toEqual([{ n: 0 }]);
      expect(await story.query({ n: 'int8' }, `select count(*) as n from alert where kind = 'flag'`)).toEqual(
        [{ n: 0 }],
      );
    });
  });

  test('asks for the touches of the owner, and undoes within a day', async () => {
    const said = { reason: 'unreached', note: null };
    await expect(rejectLead(story.app, await episode(), said, by())).rejects.toThrow(/0 of 2 touches logged/);
    await rejectLead(story.app, await episode(), { ...said, reason: 'timing' }, by());
    story.at(day(2));
    await expect(reopenLead(story.app, await episode(), { ...by('own'), userId: null })).rejects.toThrow(
      /more than a day/,
    );
    await reopenLead(story.app, await episode(), by());
    expect((await story.see('u1')).episodes).toMatchObject([{ state: 'open' }]);
  });

  test('one that another team is done with leaves the stage alone, and can be taken back', async () => {
    await expect(finishLead(story.app, await episode(), { note: null }, by())).rejects.toThrow(
      /lead of sales/,
    );
    await story.query({}, `update episode set disqualifier = 'customer', disqualifier_label = 'Customer'`);
    const { stage } = await story.see('u1');
    await finishLead(story.app, await episode(), { note: null }, by());
    expect(await story.see('u1')).toMatchObject({ stage, episodes: [{ state: 'handled' }] });
    await story.reopen('u1');
    expect(await story.see('u1')).toMatchObject({ stage, episodes: [{ state: 'open' }] });
  });
});
