import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { DRIVERS } from '../db/opened.ts';
import { importLines } from '../import/imported.ts';
import { AGREEMENT } from './agreement.ts';
import { classOf } from './classing.ts';
import { begin, type Story } from './story.ts';

const u1 = { userId: 'u1' };
const track = (event: string, properties: object = {}, more: object = {}) => ({
  type: 'track',
  event,
  ...u1,
  properties,
  ...more,
});
const vp = { type: 'identify', ...u1, traits: { title: 'VP' } };
const click = (link: number, more: object = {}) =>
  track('Email Link Clicked', { link_url: `/${link}`, email_id: 'm1' }, more);
const sentMail = (more: object = {}) => track('Email Delivered', { email_id: 'm1' }, more);
const openedMail = (more: object = {}) => track('Email Opened', { email_id: 'm1' }, more);

/** A click on a mail is worth twenty, a visit ten. */
const CLICKS = {
  ...AGREEMENT,
  rules: [
    ...AGREEMENT.rules,
    { id: 'click', label: 'Click', score: 'intent', points: 20, on: 'Email Link Clicked', window: '30d' },
    { id: 'open', label: 'Open', score: 'intent', points: 5, on: 'Email Opened', window: '30d' },
  ],
};

describe.each(DRIVERS)('machine-made events on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db, { agreement: CLICKS });
    story.at('2026-03-02T10:00:00Z');
  });

  const machines = async () =>
    (
      await story.query(
        { name: 'text', machine: 'text?' },
        `select name, machine from event where machine is not null order by id`,
      )
    ).map(({ name, machine }) => `${name}: ${machine}`);
  const flagOf = async (who: string) => {
    const id = (await story.see(who)).episodes.at(-1)?.id ?? '';
    const [row] = await story.query({ flag: 'text?' }, 'select flag from episode where id = $1', id);
    return row?.flag ?? null;
  };
  const alerts = () =>
    story.query(
      { user_id: 'text', label: 'text', text: 'text' },
      `select user_id, label, text from alert order by at, label`,
    );

  test('a click within seconds of sending counts for nothing, one of a person does', async () => {
    const { at, call, see } = story;
    await call([vp, sentMail()]);
    at('2026-03-02T10:00:02Z');
    await call([openedMail(), click(1)]);
    expect(await see('u1')).toMatchObject({ total: 20 });
    expect(await machines()).toEqual([
      'Email Opened: a mail scanner: opened within seconds of sending',
      'Email Link Clicked: a link scanner: clicked within seconds of sending',
    ]);
    at('2026-03-02T10:05:00Z');
    await call([openedMail(), click(1)]);
    expect(await see('u1')).toMatchObject({ total: 45 });
    expect(await story.count('event_class')).toBe(0);
  });

  test('a delivery that arrives late classes the open before it, and the points go', async () => {
    const { at, call, see } = story;
    await call([vp, openedMail({ timestamp: '2026-03-02T09:59:58Z' })]);
    expect(await see('u1')).toMatchObject({ total: 25 });
    at('2026-03-02T10:30:00Z');
    await call(sentMail({ timestamp: '2026-03-02T09:59:57Z' }));
    expect(await see('u1')).toMatchObject({ total: 20 });
    expect(await machines()).toHaveLength(1);
    expect(await story.count('event_class')).toBe(1);
    expect(await story.count(`journal where kind = 'reclassed' and actor = 'intake'`)).toBe(1);
  });

  test('the fourth link within three seconds takes the points of the three before it', async () => {
    const { at, call, see } = story;
    await call([vp, click(1)]);
    at('2026-03-02T10:00:01Z');
    await call([click(2)]);
    expect(await see('u1')).toMatchObject({ total: 60 });
    at('2026-03-02T10:00:02Z');
    await call([click(3), click(4)]);
    expect(await see('u1')).toMatchObject({ total: 20, events: 4 });
    expect(new Set(await machines())).toEqual(
      new Set(['Email Link Clicked: impossible pace: four or more links within three seconds']),
    );
  });

  test('flags an open handoff that rested on them to its owner, and never takes it back', async () => {
    const { at, call, see, accept } = story;
    await call([vp, click(1), click(2)]);
    const before = await see('u1');
    expect(before).toMatchObject({ total: 60, stage: 'mql', qualifies: 'score' });
    expect(await flagOf('u1')).toBeNull();
    at('2026-03-02T10:00:02Z');
    await call([click(3), click(4)]);
    const after = await see('u1');
    expect(after).toMatchObject({ total: 20, stage: 'mql', qualifies: null, owner: before.owner });
    expect(after.episodes).toHaveLength(1);
    expect(after.episodes[0]?.state).toBe('open');
    const flag = await flagOf('u1');
    expect(flag).toBe(
      '2 events were made by impossible pace: four or more links within three seconds; without that the lead would not have been handed over',
    );
    expect((await alerts()).filter(({ label }) => label === 'Look at this lead again')).toMatchObject([
      { user_id: before.owner, text: expect.stringContaining('impossible pace') },
    ]);
    await accept('u1');
    expect(await flagOf('u1')).toBeNull();
  });

  test('are a person’s again once somebody says so: score and flag are as before, and stay so', async () => {
    const { at, call, see } = story;
    await call([vp, click(1), click(2)]);
    const before = await see('u1');
    at('2026-03-02T10:00:02Z');
    await call([click(3), click(4)]);
    expect(await flagOf('u1')).not.toBeNull();
    at('2026-03-02T10:00:02.500Z');
    await classOf(story)('Email Link Clicked', false);
    const after = await see('u1');
    expect(after).toMatchObject({ total: 100, qualifies: 'score' });
    expect(after.episodes).toHaveLength(1);
    expect(await flagOf('u1')).toBeNull();
    await call([click(5)]);
    // What somebody said stands: the burst takes only the newcomer.
    expect(await see('u1')).toMatchObject({ total: 100, qualifies: 'score' });
    await classOf(story)('Email Link Clicked', true);
    expect(await see('u1')).toMatchObject({ total: 20, qualifies: null });
    expect(before.episodes[0]?.id).toBe((await see('u1')).episodes[0]?.id);
  });

  test('flag a lead that has cooled meanwhile, but not one that qualified without them', async () => {
    const { at, call, see, tick } = story;
    await call([vp, click(1), click(2)]);
    at('2026-04-20T10:00:00Z');
    await tick();
    expect(await see('u1')).toMatchObject({ total: 20, qualifies: null });
    await classOf(story)('Email Link Clicked', true);
    expect(await flagOf('u1')).toContain('classed as made by a machine');
    const u2 = { userId: 'u2' };
    await call([
      { ...vp, ...u2 },
      { ...track('Demo Requested'), ...u2 },
    ]);
    at('2026-04-21T10:00:00Z');
    await call([{ ...click(1), ...u2 }]);
    const [own] = await story.query(
      { id: 'int8' },
      `select id from event where name = 'Email Link Clicked' order by id desc limit 1`,
    );
    expect(own).toBeDefined();
    await classOf(story)('Email Link Clicked', true);
    expect(await flagOf('u2')).toBeNull();
  });

  test('twelve pages within three seconds are a crawler’s, also when they come one by one', async () => {
    const { call, see } = story;
    await call(vp);
    for (let index = 0; index < 12; index++)
      await call({ type: 'page', ...u1, timestamp: `2026-03-02T09:00:0${(index * 0.2).toFixed(1)}Z` });
    expect(await see('u1')).toMatchObject({ total: 20, events: 12 });
    expect(await machines()).toHaveLength(12);
    await call({ type: 'page', ...u1, timestamp: '2026-03-02T09:30:00Z' });
    expect(await see('u1')).toMatchObject({ total: 30 });
  });

  test('come from the networks of mail gateways, but only where a mail is opened', async () => {
    const { call } = story;
    const context = { ip: '67.231.152.9' };
    await call([vp, click(1, { context }), track('Order Completed', {}, { context })]);
    await call([openedMail({ context: { ip: '192.0.2.1' } })]);
    expect(await machines()).toEqual(['Email Link Clicked: from the network of a mail scanner: Proofpoint']);
  });

  test('are not looked for in imported history, whose times are rounded', async () => {
    await story.call(vp);
    const past = { timestamp: '2026-02-27T00:00:00Z' };
    const lines = [
      sentMail(past),
      openedMail(past),
      click(1, past),
      click(2, past),
      click(3, past),
      click(4, past),
    ];
    const { taken } = await importLines(
      story.app,
      'events',
      lines.map((line, index) => ({ ...line, messageId: `i${index}` })),
    );
    expect(taken).toBe(6);
    expect(await machines()).toEqual([]);
  });

  test('cost no statement where nothing speaks of a mail or of a hurry', async () => {
    await story.call(vp);
    const counted = async (raw: object) => {
      let statements = 0;
      const counting: Database = {
        ...db,
        transaction: work =>
          db.transaction(sql =>
            work({
              run: (statement, params) => {
                if (/around|pace/.test(statement.name)) statements += 1;
                return sql.run(statement, params);
              },
            }),
          ),
      };
      const own = await begin(counting, { agreement: CLICKS, isKept: true });
      own.at('2026-03-02T11:00:00Z');
      await own.call({ messageId: `c${Math.random()}`, ...raw });
      return statements;
    };
    expect(await counted({ type: 'page', ...u1 })).toBe(0);
    expect(await counted(track('Demo Requested'))).toBe(0);
    expect(await counted(openedMail())).toBe(1);
  });
});
