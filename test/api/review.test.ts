import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { getAcceptance } from '../../src/server/report/acceptance.ts';
import {
  addReviewEntry,
  deleteReviewEntry,
  finishReviewEntry,
  getReview,
  getReviewFile,
  listReviews,
  reopenReviewEntry,
} from '../../src/server/review/review.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld, person, type World } from '../world/app.ts';
import { asked, listedLeads } from '../world/asked.ts';
import { addAgreement, addContact, addEpisode, addUser, clear, DAY, HOUR } from '../world/seed.ts';

/** A Monday. */
const NOW = Date.UTC(2026, 2, 16, 12);
const BODY = {
  agreement: 1,
  name: 'Core',
  scores: { fit: {} },
  targets: { acceptance: [0.65, 0.75], floor: 0.5, minSample: 2 },
};
type Kind = 'weekly' | 'monthly' | 'quarterly';

describe.each(DRIVERS)('reviews on $name', ({ open }) => {
  let db: Database;
  let world: World;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clear(db);
    await db.script('delete from review_entry; delete from review_notice');
    await addAgreement(db, { body: BODY });
    await addUser(db, { name: 'Ada', role: 'admin' });
    world = makeWorld(db, { now: NOW });
  });

  const ada = () => world.as(person('ada', 'admin'));
  const review = (kind: Kind, key: string, query: Readonly<Record<string, unknown>> = {}) =>
    getReview(ada(), { params: { kind, key }, query: asked('getReview', query), body: undefined });
  const write = (key: string, kind: 'note' | 'decision' | 'todo', text: string) =>
    addReviewEntry(ada(), {
      ...{ params: { kind: 'monthly', key }, query: undefined, body: { kind, text } },
    });
  const named = (key: string, id: string) => ({
    ...{ params: { kind: 'monthly' as const, key, id }, query: undefined, body: undefined },
  });
  const handOver = async (at: string, given: Partial<Parameters<typeof addEpisode>[1]> = {}) =>
    addEpisode(db, { contactId: await addContact(db), handedOffAt: Date.parse(at), ...given });

  test('of an empty database are honest about it', async () => {
    for (const [kind, key] of [
      ['weekly', '2026-W11'],
      ['monthly', '2026-02'],
      ['quarterly', '2025-Q4'],
    ] as const) {
      const answer = await review(kind, key);
      expect(answer.state).toBe('over');
      expect(answer.sections).toEqual([]);
      expect(answer.verdict.headline).toBe('No lead was handed over in this period.');
    }
  });

  test('say what the acceptance report says, and lead to exactly its leads', async () => {
    await handOver('2026-01-10T10:00:00Z', { decision: 'accepted', decidedAt: Date.UTC(2026, 0, 11) });
    for (const decision of ['accepted', 'rejected', 'rejected'] as const)
      await handOver('2026-02-10T10:00:00Z', { decision, decidedAt: Date.UTC(2026, 1, 12) });
    await handOver('2026-02-28T23:59:59.999Z');
    await handOver('2026-03-01T00:00:00Z');
    const answer = await review('monthly', '2026-02');
    const report = await getAcceptance(ada(), {
      ...{ params: undefined, body: undefined },
      query: asked('getAcceptance', { from: '2026-02-01', to: '2026-03-01' }),
    });
    expect(report.total).toMatchObject({ handedOff: 4, accepted: 1, rejected: 2, open: 1 });
    expect(answer.verdict).toMatchObject({ verdict: 'below_floor', tone: 'bad' });
    expect(answer.verdict.headline).toContain('Acceptance of 33% is below the floor of 50%');
    expect(answer.sections[0]?.title).toBe(
      'Sales accepted 33% (1 of 3): no clear change from 100% in January 2026',
    );
    const [accepted, volume] = answer.highlights;
    expect([accepted?.value, volume?.value]).toEqual(['33%', '4']);
    expect(await listedLeads(world, volume?.leads ?? '')).toHaveLength(4);
  });

  test('of a period that runs, or has not begun, say so', async () => {
    await handOver('2026-03-10T10:00:00Z');
    expect(await review('monthly', '2026-03')).toMatchObject({ state: 'running' });
    expect(await review('monthly', '2026-04')).toMatchObject({ state: 'ahead', sections: [] });
    const { text } = await getReviewFile(ada(), {
      ...{ params: { kind: 'monthly', key: '2026-03' }, query: asked('getReviewFile', {}), body: undefined },
    });
    expect(text).toContain('Not over yet: these are the figures until');
  });

  test('asked as of a past instant know nothing later', async () => {
    await handOver('2026-02-10T10:00:00Z', { decision: 'accepted', decidedAt: Date.UTC(2026, 2, 5) });
    expect((await review('monthly', '2026-02')).highlights[0]?.value).toBe('100%');
    const then = await review('monthly', '2026-02', { at: '2026-03-04T00:00:00Z' });
    expect([then.at, then.highlights[0]?.value]).toEqual(['2026-03-04T00:00:00.000Z', '–']);
  });

  test('count an open lead once, however many of its clocks ran out', async () => {
    const at = '2026-03-10T10:00:00Z';
    const due = { firstTouchDueAt: Date.parse(at) + HOUR, decisionDueAt: Date.parse(at) + DAY };
    await handOver(at, due);
    await handOver(at, { firstTouchDueAt: NOW + DAY });
    const open = (await review('weekly', '2026-W11')).sections.find(({ id }) => id === 'open');
    expect(open?.title).toBe('2 leads wait for a decision, 1 of them late');
    const [row] = open?.tables[0]?.rows ?? [];
    expect(row?.map(({ text }) => text)).toEqual(['Nobody', '2', '1']);
    expect(await listedLeads(world, row?.[0]?.leads ?? '')).toHaveLength(2);
  });

  test.each([
    ['weekly', '2026-03'],
    ['monthly', '2026-13'],
    ['monthly', '<b>'],
    ['quarterly', '2026-Q0'],
  ] as const)('refuse the %s review %s', async (kind, key) => {
    await expect(review(kind, key)).rejects.toMatchObject({
      ...{ status: 400, problems: [{ path: 'params.key' }] },
    });
  });

  test('keep what is written down, and show in the next one what was decided and is still to do', async () => {
    await write('2026-01', 'todo', 'From January');
    const decision = await write('2026-02', 'decision', 'Raise the bar to 70');
    const todo = await write('2026-02', 'todo', 'Look at the webinar list');
    await write('2026-02', 'note', 'The fair was late');
    expect(decision).toMatchObject({ author: 'ada', at: '2026-03-16T12:00:00.000Z', done: null });
    const texts = (entries: readonly { readonly text: string }[]) => entries.map(({ text }) => text);
    const february = await review('monthly', '2026-02');
    expect(texts(february.entries).toSorted()).toEqual([
      'Look at the webinar list',
      'Raise the bar to 70',
      'The fair was late',
    ]);
    expect(texts(february.earlier)).toEqual(['From January']);
    const march = await review('monthly', '2026-03');
    expect(march.entries).toEqual([]);
    expect(texts(march.earlier).toSorted()).toEqual([
      'From January',
      'Look at the webinar list',
      'Raise the bar to 70',
    ]);
    // A review of another kind has its own.
    expect((await review('quarterly', '2026-Q2')).earlier).toEqual([]);

    const finished = await finishReviewEntry(ada(), named('2026-02', todo.id));
    expect(finished.done).toEqual({ at: '2026-03-16T12:00:00.000Z', by: 'ada' });
    expect(await finishReviewEntry(ada(), named('2026-02', todo.id))).toEqual(finished);
    // The review after it still shows that it was done; later ones no longer do.
    expect(texts((await review('monthly', '2026-03')).earlier)).toContain('Look at the webinar list');
    expect(texts((await review('monthly', '2026-04')).earlier)).toEqual(['From January']);
    expect((await reopenReviewEntry(ada(), named('2026-02', todo.id))).done).toBeNull();
    await deleteReviewEntry(ada(), named('2026-02', decision.id));
    expect(texts((await review('monthly', '2026-03')).earlier)).not.toContain('Raise the bar to 70');
    const journal = await db.run<{ readonly change: string }>(
      {
        name: '',
        text: `select particulars->>'change' as change from journal where kind = 'review_entry' order by id`,
      },
      [],
    );
    expect(journal.map(row => row.change)).toEqual([
      ...['added', 'added', 'added', 'added', 'finished', 'reopened', 'removed'],
    ]);
  });

  test('refuse to finish what is not to be done, and entries of another review', async () => {
    const note = await write('2026-02', 'note', 'Nothing');
    await expect(finishReviewEntry(ada(), named('2026-02', note.id))).rejects.toMatchObject({ status: 409 });
    await expect(deleteReviewEntry(ada(), named('2026-01', note.id))).rejects.toMatchObject({ status: 404 });
    await expect(deleteReviewEntry(ada(), named('2026-02', 'x'))).rejects.toMatchObject({ status: 404 });
    await expect(write('2026-99', 'note', 'x')).rejects.toMatchObject({ status: 400 });
  });

  test('put their decisions on the trends of reports, where they were made', async () => {
    await write('2026-02', 'decision', 'Raise the bar to 70');
    await write('2026-02', 'note', 'Not a mark');
    const marksOf = async (query: Readonly<Record<string, string>>) =>
      (
        await getAcceptance(ada(), {
          ...{ params: undefined, body: undefined },
          query: asked('getAcceptance', query),
        })
      ).marks;
    expect(await marksOf({ from: '2026-03-01', to: '2026-04-01' })).toEqual([
      { at: '2026-03-16T12:00:00.000Z', text: 'Decided: Raise the bar to 70', version: null },
    ]);
    expect(await marksOf({ from: '2026-02-01', to: '2026-03-01' })).toEqual([]);
  });

  test('are listed with what is open, the running one first', async () => {
    await write('2026-02', 'todo', 'a');
    const done = await write('2026-02', 'todo', 'b');
    await finishReviewEntry(ada(), named('2026-02', done.id));
    const { items } = await listReviews(ada(), { params: undefined, query: undefined, body: undefined });
    const monthly = items.filter(({ kind }) => kind === 'monthly');
    expect(monthly[0]).toMatchObject({ key: '2026-03', state: 'running', open: 0 });
    expect(monthly[1]).toMatchObject({
      ...{ key: '2026-02', state: 'over', todos: 2, open: 1, decisions: 0 },
      // The first of March is a Sunday.
      dueAt: '2026-03-02T08:00:00.000Z',
    });
    expect(items.filter(({ kind }) => kind === 'weekly')).toHaveLength(13);
  });
});
