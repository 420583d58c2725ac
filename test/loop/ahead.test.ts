import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { sweepAhead } from '../../src/loop/delivery/outbox.ts';
import { sweepDue, sweepStale } from '../../src/loop/evaluation/sweep.ts';
import { DRIVERS } from '../db/opened.ts';
import { begin, type Story } from './story.ts';

const START = Date.parse('2026-03-02T10:00:00Z');
const [MINUTE, DAY] = [60_000, 86_400_000];

describe.each(DRIVERS)('a clock that ran ahead, on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db);
    story.at('2026-03-02T10:00:00Z');
    await story.call([
      ...Array.from({ length: 3 }, (_, index) => ({ type: 'page', userId: `u${index}` })),
      { type: 'identify', userId: 'u0', traits: { title: 'VP', trialEndsAt: '2026-04-01T00:00:00Z' } },
    ]);
    await sweepStale(story.app, START);
  });

  const seen = async () => {
    const all = await Promise.all(['u0', 'u1', 'u2'].map(async who => story.see(who)));
    return all.map(({ total, nextChangeAt }) => ({ total, nextChangeAt }));
  };

  test('leaves no score behind once it is right: the node looks at once', async () => {
    const before = await seen();
    await sweepDue(story.app, START + 40 * DAY);
    await sweepStale(story.app, START + 40 * DAY);
    expect(await seen()).not.toEqual(before);
    expect((await sweepStale(story.app, START + 7_000)).contactIds.length).toBe(3);
    expect(await seen()).toEqual(before);
    expect((await sweepStale(story.app, START + 8_000)).contactIds).toEqual([]);
  });

  test('of another node leaves no score behind for longer than ten minutes', async () => {
    const before = await seen();
    const other = { ...story.app, memory: { ...story.app.memory, scored: new Map() } };
    await sweepDue(other, START + 40 * DAY);
    await sweepStale(story.app, START + 10 * MINUTE);
    expect(await seen()).toEqual(before);
  });

  test('by a little is not looked at again', async () => {
    await sweepDue(story.app, START + 10 * DAY);
    const other = { ...story.app, memory: { ...story.app.memory, scored: new Map() } };
    expect((await sweepStale(other, START + 10 * DAY - 30_000)).contactIds).toEqual([]);
  });

  test('has put off messages, which leave when it is right', async () => {
    const put = (state: string, at: number) =>
      db.run(
        {
          name: '',
          text: `insert into outbox (id, channel, recipient, subject, payload, state, attempts, created_at, next_attempt_at)
            values (gen_random_uuid(), 'email', $1, 's', '{}', 'waiting', 0, now(), $2)`,
        },
        [state, new Date(at).toISOString()],
      );
    await put('ahead', START + 40 * DAY);
    await put('usual', START + DAY);
    await db.script(`insert into lane (channel, recipient, failures, failing_since, held_until, cause, last_error)
      values ('email', 'ahead', 1, '2026-04-11', '2026-04-11', 'refused', 'x')`);
    expect(await sweepAhead(story.app, START)).toBe(1);
    const rows = await story.query(
      { next_attempt_at: 'timestamptz' },
      'select next_attempt_at from outbox order by recipient',
    );
    expect(rows.map(row => row.next_attempt_at)).toEqual([START, START + DAY]);
    expect(await story.query({ held_until: 'timestamptz' }, 'select held_until from lane')).toEqual([
      { held_until: START },
    ]);
    await db.script('delete from lane');
  });
});
