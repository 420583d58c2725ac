import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import { type Database, json } from '../../src/db/database.ts';
import { registerWebhook } from '../../src/loop/delivery/subscription.ts';
import { mergeReviewed, undoReviewed } from '../../src/loop/duplicate/review.ts';
import { answerLead } from '../../src/loop/qualification/answer.ts';
import {
  acceptEpisode,
  correctOpportunity,
  dropOpportunity,
  moveOpportunity,
  openOpportunity,
  reopenEpisode,
  reopenOpportunity,
  saveQualification,
} from '../../src/server/api/decision.ts';
import { getEpisode } from '../../src/server/api/episode.ts';
import { listTimeline } from '../../src/server/api/timeline.ts';
import type { Caller, Request } from '../../src/server/handler/handler.ts';
import { DRIVERS } from '../db/opened.ts';
import { AGREEMENT } from '../loop/agreement.ts';
import { begin, type Story } from '../loop/story.ts';

const ASKING = {
  ...AGREEMENT,
  sql: {
    framework: 'bant',
    require: ['need', 'authority'],
    questions: [
      { id: 'tender', label: 'Formal tender', type: 'yes_no' },
      { id: 'spend', label: 'Spent today', type: 'amount' },
    ],
    pipeline: [
      { id: 'talk', probability: 0.2 },
      { id: 'trial', label: 'On trial', probability: 0.6 },
    ],
  },
};
const ANN: Caller = { id: 'ann', name: 'ann', role: 'rep' };
const MIA: Caller = { id: 'mia', name: 'mia', role: 'manager' };
const KEY: Caller = { id: null, name: 'CRM', role: 'admin' };

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  let story: Story;
  let now = 0;
  let id = '';
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db, { agreement: ASKING });
    set('2026-03-02T10:00:00Z');
    id = await leadOf('u1');
  });

  const set = (time: string) => {
    now = Date.parse(time);
    story.at(time);
  };
  const as = (caller: Caller): Request => ({
    ...{ app: story.app, now, caller, headers: new Headers(), address: '127.0.0.1' },
    setHeader: () => {},
  });
  const leadOf = async (who: string) => {
    await story.call([
      { type: 'identify', userId: who, traits: { email: `${who}@acme.com`, title: 'VP', name: who } },
      { type: 'track', userId: who, event: 'Demo Requested' },
    ]);
    return (await story.see(who)).episodes.at(-1)?.id ?? '';
  };
  const on = (episode = id) => ({ params: { id: episode }, query: undefined, body: undefined });
  const answer = (caller: Caller, answers: object, episode = id) =>
    saveQualification(as(caller), { ...on(episode), body: api.saveQualification.body.parse({ answers }) });
  const accept = (episode = id) => acceptEpisode(as(ANN), { ...on(episode), body: {} });
  const KNOWN = { need: { value: 'Plans in spreadsheets' }, authority: { value: 'CFO' } };

  test('a lead is accepted once what is required is answered; all that is missing is named at once', async () => {
    await answer(ANN, { need: { unknown: true, note: 'asked twice' }, budget: { value: '10k' } });
    await expect(accept()).rejects.toMatchObject({
      code: 'invalid',
      message: 'Authority and Need still to be found out',
      problems: [
        { path: 'qualification.authority', message: expect.stringContaining('“Authority”') },
        { path: 'qualification.need', message: expect.stringContaining('“Need”') },
      ],
    });
    expect(await story.see('u1')).toMatchObject({ stage: 'mql', episodes: [{ state: 'open' }] });
    await answer(ANN, KNOWN);
    expect(await accept()).toMatchObject({ state: 'accepted', qualification: { missing: [] } });
  });

  test('the episode carries the questions, the answers with who and when, and what is missing', async () => {
    set('2026-03-02T10:05:00Z');
    const said = { tender: { value: false }, spend: { value: { amount: '12000', currency: 'eur' } } };
    const { qualification } = await answer(MIA, { ...said, need: { unknown: true } });
    const by = { note: null, at: '2026-03-02T10:05:00.000Z', by: 'mia', revision: 1 };
    expect(qualification).toMatchObject({
      framework: 'bant',
      answers: [
        { ...by, id: 'need', label: 'Need', value: null, unknown: true },
        { ...by, id: 'tender', label: 'Formal tender', value: false, unknown: false },
        {
          ...by,
          id: 'spend',
          label: 'Spent today',
          value: { amount: 12_000, currency: 'EUR' },
          unknown: false,
        },
      ],
      missing: ['authority', 'need'],
      earlier: [],
    });
    expect(qualification?.questions.map(asked => asked.id)).toEqual([
      ...['budget', 'authority', 'need', 'timeline', 'tender', 'spend'],
    ]);
    expect(api.getEpisode.output.parse(await getEpisode(as(ANN), on()))).toMatchObject({ qualification });
  });

  test('two people at once lose nothing: different answers both stay, the same one is told with both', async () => {
    await Promise.all([
      answer(ANN, { need: { value: 'A plan' } }),
      answer(MIA, { budget: { value: '20k' } }),
    ]);
    await expect(
      answer(MIA, { need: { value: 'A tool' }, timeline: { value: 'May' } }),
    ).rejects.toMatchObject({
      code: 'conflict',
      problems: [{ path: 'answers.need' }],
      conflicts: [
        { id: 'need', theirs: { value: 'A plan', by: 'ann', revision: 1 }, yours: { value: 'A tool' } },
      ],
    });
    const after = await answer(MIA, { need: { value: 'A tool', revision: 1 } });
    expect(after.qualification?.answers.map(({ id: of, value, by }) => [of, value, by])).toEqual([
      ['budget', '20k', 'mia'],
      ['need', 'A tool', 'mia'],
    ]);
    await expect(answer(KEY, { need: { value: 'x', revision: 1 } })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  test('bad answers are refused all at once, and nothing is saved', async () => {
    const bad = answer(ANN, { need: { value: 'ok' }, tender: { value: 'maybe' }, magic: { value: 1 } });
    await expect(bad).rejects.toMatchObject({
      code: 'invalid',
      problems: [{ path: 'answers.tender' }, { path: 'answers.magic' }],
    });
    expect((await getEpisode(as(ANN), on())).qualification?.answers).toEqual([]);
  });

  test('the journal tells of an answer once while its writer goes on, and of what stood there before', async () => {
    await answer(ANN, { need: { value: 'A' } });
    for (const value of ['Mo', 'More', 'More of it']) await answer(MIA, { need: { value, revision: 1 } });
    set('2026-03-02T11:00:00Z');
    await answer(MIA, { need: { unknown: true } });
    const { id: contactId } = await story.see('u1');
    const query = { limit: 50, kinds: undefined };
    const { items } = await listTimeline(as(ANN), { params: { id: contactId }, query, body: undefined });
    const told = items
      .filter(({ title }) => title.includes('Need'))
      .map(({ title, detail }) => [title, detail]);
    expect(told).toEqual([
      ['Answered: Need', 'Unknown\nBefore: More of it'],
      ['Answered: Need', 'More of it\nBefore: A'],
      ['Answered: Need', 'A'],
    ]);
  });

  test('an episode keeps the questions of its version, and shows what earlier ones found out', async () => {
    await answer(ANN, { ...KNOWN, tender: { value: true } });
    set('2026-03-02T11:00:00Z');
    await story.reject('u1', 'busy');
    const next = { ...ASKING, sql: { framework: 'meddic', require: ['champion'] } };
    await story.query(
      {},
      `insert into agreement_version (agreement_id, version, source, body, created_at, created_by)
       select agreement_id, 2, source, $1::json, created_at, created_by from agreement_version`,
      json(next),
    );
    await story.query({}, 'update agreement set active_version = 2');
    set('2026-03-05T10:00:00Z');
    const second = await leadOf('u1');
    const { qualification } = await getEpisode(as(ANN), on(second));
    expect(qualification).toMatchObject({ framework: 'meddic', missing: ['champion'] });
    expect(qualification?.earlier.map(({ id: of, value, by }) => [of, value, by])).toEqual([
      ['authority', 'CFO', 'ann'],
      ['need', 'Plans in spreadsheets', 'ann'],
      ['tender', true, 'ann'],
    ]);
    const first = await getEpisode(as(ANN), on());
    expect(first.qualification?.answers.map(({ id: of }) => of)).toEqual(['authority', 'need', 'tender']);
    await expect(answer(ANN, { need: { value: 'x' } })).rejects.toMatchObject({
      code: 'conflict',
      message: 'the lead is recycled; what was found out stays as it is',
    });
  });

  test('answers and opportunities go with their episode through a merge and back', async () => {
    await answer(ANN, KNOWN);
    await accept();
    await openOpportunity(as(ANN), { ...on(), body: { name: 'Acme' } });
    const other = await leadOf('u2');
    await answerLead(story.app, other, { need: { value: 'The same' } }, { actor: 'bob', now });
    const [from, into] = [(await story.see('u2')).id, (await story.see('u1')).id];
    const both = async () => [
      (await getEpisode(as(MIA), on())).opportunity?.name,
      (await getEpisode(as(MIA), on(other))).qualification?.answers.map(({ value }) => value),
    ];
    const pair = story.app.newId();
    await story.query(
      {},
      `insert into likeness (id, a_id, b_id, score, reasons, state, found_at) values ($1, $2, $3, 90, '[]', 'open', now())`,
      pair,
      ...[from, into].sort(),
    );
    await mergeReviewed(story.app, { likenessId: pair, into }, { actor: 'mia', now });
    const episodes = async () =>
      story.query({ contact_id: 'uuid' }, 'select distinct contact_id from episode where id = any($1)', [
        id,
        other,
      ]);
    expect(await episodes()).toEqual([{ contact_id: into }]);
    expect(await both()).toEqual(['Acme', ['The same']]);
    const [merge] = await story.query(
      { id: 'uuid' },
      'select id from contact_merge where from_id = $1',
      from,
    );
    await undoReviewed(story.app, merge?.id ?? '', { actor: 'mia', now });
    expect(await episodes()).toHaveLength(2);
    expect(await both()).toEqual(['Acme', ['The same']]);
  });

  test('an accepted lead becomes an opportunity, moves, is won, and the contact a customer', async () => {
    await expect(openOpportunity(as(ANN), { ...on(), body: { name: 'Acme' } })).rejects.toMatchObject({
      code: 'conflict',
      message: 'the lead is open; accept it before it becomes an opportunity',
    });
    await answer(ANN, KNOWN);
    await accept();
    const bad = openOpportunity(as(ANN), {
      ...on(),
      body: { name: '', amount: 5.001, currency: 'EUR', stage: 'won' },
    });
    await expect(bad).rejects.toMatchObject({
      problems: [
        { path: 'name' },
        { path: 'amount' },
        { path: 'stage', message: 'expected one of talk, trial, got "won"' },
      ],
    });
    const body = { name: 'Acme', amount: 12_000, currency: 'eur', expectedCloseAt: '2026-06-30' };
    const opened = await openOpportunity(as(ANN), { ...on(), body });
    expect(opened).toMatchObject({
      state: 'opportunity',
      opportunity: {
        ...{ name: 'Acme', amount: 12_000, currency: 'EUR', expectedCloseAt: '2026-06-30T00:00:00.000Z' },
        ...{ stage: 'talk', stageLabel: 'Talk', probability: 0.2, closedAt: null },
      },
    });
    expect((await story.see('u1')).stage).toBe('opportunity');
    await moveOpportunity(as(ANN), { ...on(), body: { stage: 'trial' } });
    set('2026-04-02T10:00:00Z');
    const won = await moveOpportunity(as(ANN), {
      ...on(),
      body: { stage: 'won', amount: 9_000, reason: 'Trial' },
    });
    expect(won).toMatchObject({
      state: 'won',
      opportunity: { stage: 'won', amount: 9_000, reason: 'Trial', closedAt: '2026-04-02T10:00:00.000Z' },
    });
    expect((await story.see('u1')).stage).toBe('customer');
    await expect(moveOpportunity(as(ANN), { ...on(), body: { stage: 'trial' } })).rejects.toMatchObject({
      message: 'the opportunity is won; reopen it before it moves again',
    });
    const reopened = await reopenOpportunity(as(ANN), { ...on(), body: {} });
    expect(reopened).toMatchObject({ state: 'opportunity', opportunity: { stage: 'trial', closedAt: null } });
    expect((await story.see('u1')).stage).toBe('opportunity');
    const journal = await story.query(
      { change: 'text' },
      `select particulars ->> 'change' as change from journal where kind = 'opportunity' order by id`,
    );
    expect(journal.map(({ change }) => change)).toEqual(['opened', 'moved', 'won', 'reopened']);
  });

  test('a wrong click is taken back, and a lost lead rests in nurture', async () => {
    await answer(ANN, KNOWN);
    await accept();
    await openOpportunity(as(ANN), { ...on(), body: { name: 'Acme', amount: 5, currency: 'EUR' } });
    expect(await dropOpportunity(as(ANN), { ...on(), body: undefined })).toMatchObject({
      ...{ state: 'accepted', opportunity: null },
    });
    expect((await story.see('u1')).stage).toBe('sql');
    expect(await reopenEpisode(as(ANN), { ...on(), body: undefined })).toMatchObject({ state: 'open' });
    await accept();
    await openOpportunity(as(ANN), { ...on(), body: { name: 'Acme' } });
    const corrected = await correctOpportunity(as(ANN), {
      ...on(),
      body: { name: 'Acme Ltd', amount: 7, currency: 'JPY' },
    });
    expect(corrected.opportunity).toMatchObject({ name: 'Acme Ltd', amount: 7, currency: 'JPY' });
    await moveOpportunity(as(ANN), { ...on(), body: { stage: 'lost', reason: 'Price' } });
    expect(await story.see('u1')).toMatchObject({ stage: 'nurture', episodes: [{ state: 'lost' }] });
  });

  test('an agreement that asks nothing lets leads be accepted, and refuses answers', async () => {
    const { sql: _sql, ...asksNothing } = ASKING;
    story = await begin(db, { agreement: asksNothing });
    set('2026-03-02T10:00:00Z');
    id = await leadOf('u1');
    expect((await getEpisode(as(ANN), on())).qualification).toBeNull();
    await expect(answer(ANN, { need: { value: 'x' } })).rejects.toMatchObject({ code: 'conflict' });
    expect(await accept()).toMatchObject({ state: 'accepted' });
  });

  test('other software is told what was found out about an accepted lead, and what becomes of it', async () => {
    const wanted = { url: 'https://crm.acme.example/', description: '', eventTypes: [], allowPrivate: false };
    await registerWebhook(story.app, wanted, { actor: 'mia', now });
    await answer(ANN, {
      ...KNOWN,
      spend: { value: { amount: 5, currency: 'EUR' } },
      budget: { unknown: true },
    });
    await accept();
    await openOpportunity(as(ANN), { ...on(), body: { name: 'Acme' } });
    await moveOpportunity(as(ANN), { ...on(), body: { stage: 'lost', reason: 'Price' } });
    const told = await story.query(
      { payload: 'json' },
      `select payload from outbox where channel = 'webhook' order by payload ->> 'type'`,
    );
    expect(told.map(({ payload }) => payload)).toMatchObject([
      {
        type: 'lead.accepted',
        data: {
          answers: {
            need: 'Plans in spreadsheets',
            authority: 'CFO',
            spend: { amount: 5, currency: 'EUR' },
            budget: null,
          },
        },
      },
      { type: 'opportunity.lost', data: { reason: 'Price', stage: 'lost' } },
      { type: 'opportunity.opened', data: { opportunity: 'Acme', stage: 'talk' } },
    ]);
  });
});
