import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LAST_INSTANT } from '../../src/core/time/instant.ts';
import type { Database, Sql } from '../../src/db/database.ts';
import { activateAgreement } from '../../src/loop/agreement/activate.ts';
import { scoreOfContact } from '../../src/loop/scoring/asof.ts';
import { DRIVERS } from '../db/opened.ts';
import { AGREEMENT } from './agreement.ts';
import { begin, type Story } from './story.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse('2026-03-02T00:00:00Z');
const iso = (at: number) => new Date(at).toISOString();

/** Rules of every kind that a tally keeps apart, none of which shares its evidence with another. */
const RULES = [
  { id: 'ever', score: 'intent', points: 1, on: 'View' },
  { id: 'window', score: 'intent', points: 1, on: 'View', window: '3d' },
  { id: 'half', score: 'intent', points: 3, on: 'View', window: '4d', decay: { halfLife: '1d' } },
  { id: 'linear', score: 'intent', points: 5, on: 'View', decay: { linear: '2d' } },
  { id: 'steps', score: 'intent', points: 2, on: 'View', decay: { lose: '40%', every: '1d' } },
  { id: 'last', score: 'intent', points: 9, on: 'View', limit: 3, decay: { halfLife: '6h' } },
  {
    id: 'pair',
    score: 'intent',
    points: 30,
    pattern: { within: '2h', all: [{ on: 'View', times: 2 }, 'Ask'] },
    window: '2d',
  },
  { id: 'quiet', score: 'fit', points: -7, quiet: '12h' },
];
const EVERY_KIND = {
  ...AGREEMENT,
  scores: { fit: {}, intent: {} },
  rules: RULES,
  mql: [{ id: 'never', when: { total: { gte: 9e6 } } }],
};

/** A database that tells which statements ran in its transactions, and how many rows each gave. */
function listening(db: Database) {
  const ran: { readonly name: string; readonly rows: number }[] = [];
  return {
    ran,
    db: {
      ...db,
      transaction: work =>
        db.transaction((sql: Sql) =>
          work({
            run: async <Row>(statement: Parameters<Sql['run']>[0], params: readonly unknown[]) => {
              const rows = await sql.run<Row>(statement, params);
              ran.push({ name: statement.name, rows: rows.length });
              return rows;
            },
          }),
        ),
    } satisfies Database,
  };
}

/** What is on record and what all facts say, at one moment. */
async function compare(story: Story, at: number): Promise<void> {
  const { id, total, qualifies } = await story.see('u');
  const past = await scoreOfContact(story.db, {
    contactId: id,
    at,
    knownAt: LAST_INSTANT,
    agreementId: null,
    version: null,
  });
  expect({ at: iso(at), total, qualifies }).toEqual({
    at: iso(at),
    total: past !== null && 'total' in past ? past.total : null,
    qualifies: past !== null && 'total' in past ? past.qualifies : null,
  });
}

/** A day of views, spread by a pattern that repeats nothing; some come a while after they happened. */
const viewsOf = (day: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    type: 'track',
    event: index % 41 === 7 ? 'Ask' : 'View',
    userId: 'u',
    messageId: `${day}-${index}`,
    timestamp: iso(START + day * DAY + ((index * 7_919_333) % DAY)),
  }));

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());

  test('what is kept of a contact with many events says what all of its events say, as they come and as they go', async () => {
    const story = await begin(db, { agreement: EVERY_KIND });
    for (let day = 0; day < 4; day++) {
      const now = START + (day + 1) * DAY;
      story.at(iso(now));
      const views = viewsOf(day, 220);
      await story.call(views.slice(0, 100));
      await compare(story, now);
      for (const view of views.slice(100, 104)) await story.call(view);
      await compare(story, now);
      await story.call(views.slice(104));
      await compare(story, now);
    }
    for (let hour = 1; hour <= 120; hour += 7) {
      const now = START + 4 * DAY + hour * HOUR;
      story.at(iso(now));
      await story.tick();
      await compare(story, now);
    }
    const now = START + 4 * DAY + 120 * HOUR;
    for (const [event, minutesAgo] of [
      ['View', 30],
      ['View', 50],
      ['Ask', 40],
      ['View', 45],
    ] as const) {
      await story.call({ type: 'track', event, userId: 'u', timestamp: iso(now - minutesAgo * 60_000) });
      await compare(story, now);
    }
    expect((await story.see('u')).total).toBeGreaterThan(900);
  }, 120_000);

  test('a new event of a contact with thousands of events reads as little as one of a contact with few', async () => {
    const { db: heard, ran } = listening(db);
    const story = await begin(heard, { agreement: EVERY_KIND });
    story.at(iso(START + 2 * DAY));
    const costOf = async (messageId: string) => {
      ran.length = 0;
      await story.call({ type: 'track', event: 'View', userId: 'u', messageId });
      return [...ran];
    };
    await story.call(viewsOf(0, 20));
    const few = await costOf('few');
    await story.call(viewsOf(1, 3_000));
    const many = await costOf('many');
    expect(many).toEqual(few);
    expect(many.map(({ name }) => name)).not.toContain('load_events');
    const [{ bytes } = { bytes: 0 }] = await story.query(
      { bytes: 'int8' },
      'select max(length(state::text)) as bytes from digest',
    );
    expect(bytes).toBeLessThan(40_000);
  }, 120_000);

  test('a new version is scored in the background: until then the old score stands, and calls are taken in', async () => {
    const story = await begin(db, { agreement: EVERY_KIND });
    story.at(iso(START + 2 * DAY));
    await story.call([
      ...viewsOf(1, 300),
      { type: 'track', event: 'View', userId: 'other', timestamp: iso(START) },
    ]);
    const before = await story.see('u');
    const more = { ...EVERY_KIND, rules: RULES.map(rule => ({ ...rule, points: rule.points * 2 })) };
    await activateAgreement(db, JSON.stringify(more), { actor: 'a test', now: START + 2 * DAY });
    expect(await story.see('u')).toEqual(before);
    await story.call({ type: 'track', event: 'View', userId: 'other' });
    expect((await story.see('u')).total).toBe(before.total);
    await story.tick();
    await compare(story, START + 2 * DAY);
    expect((await story.see('u')).total).not.toBe(before.total);
    await story.call(viewsOf(0, 40));
    await compare(story, START + 2 * DAY);
  }, 60_000);

  test('when a clock goes back, a score is that of its own time, and nothing is forgotten', async () => {
    const story = await begin(db, { agreement: EVERY_KIND });
    story.at(iso(START + 3 * DAY));
    await story.call(viewsOf(1, 200));
    story.at(iso(START + 2.5 * DAY));
    await story.call({ type: 'track', event: 'View', userId: 'u' });
    await compare(story, START + 2.5 * DAY);
    story.at(iso(START + 3 * DAY));
    await story.call({ type: 'track', event: 'View', userId: 'u' });
    await compare(story, START + 3 * DAY);
  });
});
