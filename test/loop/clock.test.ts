import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { activateVersion, saveAgreementVersion } from '../../src/db/agreement/agreement.ts';
import type { Database } from '../../src/db/database.ts';
import { findDueClocks } from '../../src/db/decision/clock.ts';
import { mergeReviewed, undoReviewed } from '../../src/loop/duplicate/review.ts';
import { sweepDuplicates } from '../../src/loop/duplicate/sweep.ts';
import { logActivity } from '../../src/loop/followup/activity.ts';
import { sweepClocks } from '../../src/loop/followup/clock.ts';
import { pauseDecision, resumeDecision } from '../../src/loop/followup/pause.ts';
import { undoImport } from '../../src/loop/import/undo.ts';
import { DRIVERS } from '../db/opened.ts';
import { importLines } from '../import/imported.ts';
import { makeWorld } from '../world/app.ts';
import { AGREEMENT } from './agreement.ts';
import { begin, type Story } from './story.ts';

const ANN = {
  type: 'identify',
  userId: 'u1',
  traits: { email: 'lee@acme.com', title: 'VP', name: 'Ann Lee' },
};
const DEMO = { type: 'track', userId: 'u1', event: 'Demo Requested' };
const agreementWith = (sla: object) => ({
  ...AGREEMENT,
  sla: [{ id: 'all', when: { all: [] }, firstTouch: '1h', decision: '2bd', calendar: 'business', ...sla }],
});
const STRICT = agreementWith({ remind: ['50%', '80%'], escalate: { to: 'manager', reassignAfter: '2h' } });

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(() => open(STRICT));

  async function open(agreement: object): Promise<void> {
    story = await begin(db, { agreement });
    story.at('2026-03-02T10:00:00Z');
    await story.call([ANN, DEMO]);
    // What the handoff told.
    await db.script('delete from alert');
  }
  const now = () => story.app.clock();
  const sweep = async (time?: string) => {
    if (time !== undefined) story.at(`2026-03-${time}:00Z`);
    while ((await sweepClocks(story.app, now())).contactIds.length > 0);
  };
  const told = async () => {
    const rows = await story.query(
      { user_id: 'text', label: 'text' },
      'select user_id, label from alert order by at, label, user_id',
    );
    return rows.map(({ user_id: id, label }) => `${id}: ${label}`);
  };
  const episode = async () => {
    const [row] = (await story.see('u1')).episodes.slice(-1);
    if (row === undefined) throw new Error('no episode');
    return row;
  };
  const by = () => ({ actor: 'Ann', userId: 'ann', now: now() });
  const journal = async () => {
    const rows = await story.query(
      { kind: 'text', at: 'timestamptz', particulars: 'jsonb' },
      `select kind, at, particulars from journal where kind in ('clock_missed', 'reminded', 'clock_paused', 'clock_resumed',
         'taken_away') order by at, id`,
    );
    return rows.map(row => `${new Date(row.at).toISOString().slice(5, 16)} ${row.kind}`);
  };

  test('the owner is reminded at each share, the manager hears of a miss, and somebody else gets the lead', async () => {
    expect(await episode()).toMatchObject({ owner: 'ann' });
    await sweep('02T10:29');
    expect(await told()).toEqual([]);
    await sweep('02T10:30');
    expect(await told()).toEqual(['ann: First touch due soon']);
    await sweep('02T10:48');
    await sweep('02T10:59');
    expect(await told()).toHaveLength(2);
    await sweep('02T11:00');
    expect((await told()).slice(2)).toEqual(['ann: First touch missed', 'mia: First touch missed']);
    await sweep('02T12:59');
    expect(await episode()).toMatchObject({ owner: 'ann' });
    await sweep('02T13:00');
    expect(await episode()).toMatchObject({
      owner: 'bob',
      waitingFor: null,
      firstTouchDueAt: '2026-03-02T11:00:00.000Z',
    });
    expect(await told()).toContain('bob: New lead');
    await sweep('02T17:00');
    expect(await journal()).toEqual([
      '03-02T10:30 reminded',
      '03-02T10:48 reminded',
      '03-02T11:00 clock_missed',
      '03-02T13:00 taken_away',
    ]);
  });

  test('an hour without a server neither loses nor doubles anything', async () => {
    await sweep('02T11:30');
    expect(await told()).toEqual([
      'ann: First touch due soon',
      'ann: First touch due soon',
      'ann: First touch missed',
      'mia: First touch missed',
    ]);
    await sweep();
    expect(await told()).toHaveLength(4);
    expect(await journal()).toEqual([
      '03-02T10:30 reminded',
      '03-02T10:48 reminded',
      '03-02T11:00 clock_missed',
    ]);
  });

  test('several servers at once tell everything once', async () => {
    story.at('2026-03-02T13:00:00Z');
    const others = [1, 2, 3].map(() => makeWorld({ ...db }, { now: now() }).app);
    await Promise.all([story.app, ...others].map(app => sweepClocks(app, now())));
    await sweep();
    expect((await told()).filter(text => text.includes('First touch'))).toHaveLength(4);
    expect(
      await story.query({ n: 'int8' }, `select count(*) as n from routing_ledger where kind = 'missed'`),
    ).toEqual([{ n: 1 }]);
  });

  test('a touch stops the first clock, whatever came of it; a note and what a program did do not', async () => {
    const { id } = await episode();
    const log = (said: { kind: string; automated?: boolean }) =>
      logActivity(story.app, id, { note: null, at: now(), ...said }, by());
    story.at('2026-03-02T10:10:00Z');
    await log({ kind: 'note' });
    await log({ kind: 'email', automated: true });
    await sweep('02T10:30');
    expect(await told()).toHaveLength(1);
    story.at('2026-03-02T10:40:00Z');
    await log({ kind: 'call' });
    await sweep('02T17:00');
    expect(await told()).toHaveLength(1);
    expect(await journal()).toEqual(['03-02T10:30 reminded']);
  });

  test('an acceptance is no touch; the end of the handoff ends what still runs', async () => {
    story.at('2026-03-02T10:10:00Z');
    await story.accept('u1');
    await sweep('02T11:00');
    expect(await journal()).toContain('03-02T11:00 clock_missed');
    await open(STRICT);
    story.at('2026-03-02T10:10:00Z');
    await story.reject('u1', 'busy');
    await sweep('05T11:00');
    expect(await told()).toEqual([]);
  });

  test('what is late is missed even when it is done before a sweep sees it', async () => {
    story.at('2026-03-02T11:00:01Z');
    await story.touch('u1');
    await sweep();
    expect(await journal()).toEqual(['03-02T11:00 clock_missed']);
    await sweep('02T17:00');
    expect(await episode()).toMatchObject({ owner: 'ann' });
  });

  test('a pause moves what is left, ends by itself or by hand, and cannot be doubled', async () => {
    const { id } = await episode();
    story.at('2026-03-02T12:00:00Z');
    await story.touch('u1');
    const until = Date.parse('2026-03-05T12:00:00Z');
    await pauseDecision(story.app, id, { reason: ' Procurement ', until }, by());
    // Two working days from Monday 10:00 less two hours of work are 15 hours, of 8.5 hours a day.
    expect(await episode()).toMatchObject({ decisionDueAt: '2026-03-09T10:00:00.000Z' });
    await expect(pauseDecision(story.app, id, { reason: 'again', until }, by())).rejects.toMatchObject({
      code: 'conflict',
    });
    await sweep('05T11:59');
    await sweep('05T12:00');
    expect((await journal()).filter(text => text.includes('clock_'))).toEqual([
      '03-02T11:00 clock_missed',
      '03-02T12:00 clock_paused',
      '03-05T12:00 clock_resumed',
    ]);
    expect(await told()).toContain('ann: A pause is over');
    await pauseDecision(story.app, id, { reason: 'again', until: until + 86_400_000 }, by());
    story.at('2026-03-05T13:00:00Z');
    await resumeDecision(story.app, id, by());
    expect(await episode()).toMatchObject({ decisionDueAt: '2026-03-09T11:00:00.000Z' });
    await expect(resumeDecision(story.app, id, by())).rejects.toMatchObject({ code: 'conflict' });
    await sweep('09T11:00');
    expect((await journal()).at(-1)).toBe('03-09T11:00 clock_missed');
    await expect(
      pauseDecision(story.app, id, { reason: 'late', until: now() + 1 }, by()),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  test('a decision that is taken back starts the clocks where they stood', async () => {
    story.at('2026-03-02T10:30:00Z');
    await story.reject('u1', 'busy');
    story.at('2026-03-03T10:30:00Z');
    await story.reopen('u1');
    expect(await episode()).toMatchObject({
      firstTouchDueAt: '2026-03-03T11:00:00.000Z',
      taskDueAt: '2026-03-03T11:00:00.000Z',
      decisionDueAt: '2026-03-05T10:00:00.000Z',
    });
    await sweep('03T10:59');
    expect((await journal()).filter(text => text.includes('missed'))).toEqual([]);
    await sweep('03T11:00');
    expect((await journal()).at(-1)).toBe('03-03T11:00 clock_missed');
    // A missed clock goes on from nowhere: it stays missed, and is due when it was.
    story.at('2026-03-03T11:10:00Z');
    await story.reject('u1', 'busy');
    story.at('2026-03-04T11:10:00Z');
    await story.reopen('u1');
    expect(await episode()).toMatchObject({ firstTouchDueAt: '2026-03-03T11:00:00.000Z' });
    await sweep();
    expect((await journal()).filter(text => text.includes('missed'))).toHaveLength(1);
  });

  test('a touch that is logged while the lead is rejected finds the clock where it stood', async () => {
    story.at('2026-03-02T10:30:00Z');
    await story.reject('u1', 'busy');
    story.at('2026-03-02T14:00:00Z');
    await story.touch('u1');
    story.at('2026-03-02T15:00:00Z');
    await story.reopen('u1');
    await sweep();
    expect((await journal()).filter(text => text.includes('missed'))).toEqual([]);
  });

  test('a merge that is undone starts the clocks of the handoff it had closed where they stood', async () => {
    story.at('2026-03-02T11:00:00Z');
    await story.call([
      { type: 'identify', userId: 'u2', traits: { ...ANN.traits, email: 'lee+x@acme.com' } },
      { ...DEMO, userId: 'u2' },
    ]);
    await story.touch('u1');
    story.at('2026-03-02T11:20:00Z');
    while ((await sweepDuplicates(story.app, now())).contactIds.length > 0);
    const [pair] = await story.query({ id: 'uuid' }, 'select id from likeness');
    const into = (await story.see('u1')).id;
    await mergeReviewed(story.app, { likenessId: pair?.id ?? '', into }, by());
    await sweep('02T15:00');
    expect((await journal()).filter(text => text.includes('missed'))).toEqual([]);
    const [merge] = await story.query({ id: 'uuid' }, 'select id from contact_merge');
    story.at('2026-03-03T12:00:00Z');
    await undoReviewed(story.app, merge?.id ?? '', by());
    // Of the hour 40 minutes were left, of two working days all but 20 minutes.
    expect((await story.see('u2')).episodes).toMatchObject([
      {
        state: 'open',
        firstTouchDueAt: '2026-03-03T12:40:00.000Z',
        taskDueAt: '2026-03-03T12:40:00.000Z',
        decisionDueAt: '2026-03-05T11:40:00.000Z',
      },
    ]);
    await sweep('03T12:39');
    expect((await journal()).filter(text => text.includes('missed'))).toEqual([]);
    await sweep('03T12:40');
    expect((await journal()).filter(text => text.includes('missed'))).toEqual(['03-03T12:40 clock_missed']);
  });

  test('an import that is undone starts the clocks that it had stopped where they stood', async () => {
    story.at('2026-03-02T10:30:00Z');
    const { batchId } = await importLines(story.app, 'outcomes', [
      { contactId: 'u1', type: 'rejected', reason: 'busy', at: '2026-03-02T10:20:00Z' },
    ]);
    expect(await episode()).toMatchObject({ state: 'recycled' });
    await sweep('02T15:00');
    story.at('2026-03-03T10:30:00Z');
    await undoImport(story.app, batchId);
    expect(await episode()).toMatchObject({
      state: 'open',
      firstTouchDueAt: '2026-03-03T11:10:00.000Z',
      decisionDueAt: '2026-03-05T10:10:00.000Z',
    });
    await sweep('03T11:09');
    expect((await journal()).filter(text => text.includes('missed'))).toEqual([]);
    await sweep('03T11:10');
    expect((await journal()).filter(text => text.includes('missed'))).toEqual(['03-03T11:10 clock_missed']);
  });

  test('a decision within a pause stops the clock at what it had counted', async () => {
    const { id } = await episode();
    story.at('2026-03-02T11:00:00Z');
    await pauseDecision(story.app, id, { reason: 'x', until: Date.parse('2026-03-20T11:00:00Z') }, by());
    story.at('2026-03-02T12:00:00Z');
    await story.accept('u1');
    expect(await episode()).toMatchObject({ decisionDueAt: '2026-03-04T11:00:00.000Z' });
    story.at('2026-03-02T13:00:00Z');
    await story.reopen('u1');
    expect(await episode()).toMatchObject({ decisionDueAt: '2026-03-04T12:00:00.000Z' });
  });

  test.each([
    ['team', ['ann', 'bob']],
    ['mia@baton.example', ['ann', 'mia']],
  ])('a miss is told to %s', async (to, users) => {
    await open(agreementWith({ escalate: { to } }));
    if (to.includes('@')) await db.script(`update app_user set email = '${to}' where id = 'mia'`);
    await sweep('02T11:00');
    expect(await told()).toEqual(users.map(user => `${user}: First touch missed`));
  });

  test('an address of nobody here gets a mail, where mail is set up', async () => {
    story = await begin(db, {
      agreement: agreementWith({ escalate: { to: 'boss@other.example' } }),
      environment: { SMTP_URL: 'smtp://127.0.0.1:1' },
    });
    story.at('2026-03-02T10:00:00Z');
    await story.call([ANN, DEMO]);
    await sweep('02T11:00');
    expect((await episode()).promised).toContain('email boss@other.example');
  });

  test('with nobody else there the lead waits, with a reason', async () => {
    await db.script(`delete from team_member where user_id = 'bob'`);
    await sweep('02T13:00');
    expect(await episode()).toMatchObject({
      owner: null,
      waitingFor: 'its owner handed it back, or let the time run out',
    });
    expect(await story.query({ kind: 'text' }, 'select kind from exception where closed_at is null')).toEqual(
      [{ kind: 'unassigned' }],
    );
    await sweep('04T13:00');
    expect((await journal()).filter(text => text.includes('taken_away'))).toHaveLength(1);
  });

  test('an owner who may no longer work: those who look after the app are told', async () => {
    await db.script(`update app_user set active = false where id = 'ann'`);
    await sweep('02T11:00');
    expect(await told()).toContain('mia: First touch missed');
  });

  test('a span of a second is missed at once, and nobody is reminded within the minute', async () => {
    await open(agreementWith({ firstTouch: '1s', calendar: 'always', remind: ['50%'] }));
    await sweep('02T10:01');
    expect(await journal()).toEqual(['03-02T10:00 clock_missed']);
  });

  test('the agreement of the handoff counts, whatever a later one says', async () => {
    await saveAgreementVersion(db, {
      id: 'core',
      name: 'Loop',
      source: '2',
      body: agreementWith({ firstTouch: '2h' }),
      createdBy: 'a test',
      now: now(),
    });
    await activateVersion(db, { id: 'core', version: 2, now: now(), handsOver: false });
    await sweep('02T11:00');
    expect(await told()).toHaveLength(4);
  });

  test('while nothing is due nothing is found', async () => {
    story.at('2026-03-02T10:29:59Z');
    expect(await findDueClocks(db, { now: now(), limit: 10, but: [] })).toEqual([]);
  });
});
