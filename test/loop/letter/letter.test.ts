import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../../src/db/database.ts';
import { deliverDue } from '../../../src/loop/delivery/outbox.ts';
import { openSenders } from '../../../src/loop/delivery/sender.ts';
import { type News, takeLetterNews } from '../../../src/loop/letter/news.ts';
import { promiseLetters } from '../../../src/loop/letter/promise.ts';
import { sweepLetters } from '../../../src/loop/letter/sweep.ts';
import { changeWish, findReaderOf, stopToken } from '../../../src/loop/letter/unsubscribe.ts';
import { DRIVERS } from '../../db/opened.ts';
import { empty } from '../../world/empty.ts';
import { type MailPeer, openMailPeer } from '../../world/peer.ts';
import { AGREEMENT } from '../agreement.ts';
import { begin, type Story } from '../story.ts';

const WITH_LETTERS = {
  ...AGREEMENT,
  templates: {
    hello: {
      subject: 'Hi {{ contact.firstName | default: "there" }}',
      text: 'Hi {{ contact.firstName | default: "there" }},\n\n{{ sender.firstName }} will call you.{% if owner.bookingUrl %}\nOr pick a time: {{ owner.bookingUrl }}{% endif %}',
    },
    later: {
      subject: 'Still there?',
      text: 'Stop: {{ unsubscribeUrl }}',
      html: '<p title="{{ contact.firstName | default: "-" }}">{{ contact.firstName | default: "-" }} <a href="{{ unsubscribeUrl }}">stop</a></p>',
    },
  },
  outreach: [
    { id: 'ack', label: 'Answer', on: 'Demo Requested', email: 'hello', from: 'owner', atMostEvery: '7d' },
    { id: 'sms', label: 'Text them', on: 'Chat Opened', webhook: 'send_sms', delay: '10m' },
  ],
};
const BASE = 'https://baton.acme.example';
const environmentOf = (smtpUrl: string) => ({
  SMTP_URL: smtpUrl,
  BATON_URL: BASE,
  MAIL_FROM: 'Acme <hello@acme.example>',
  BATON_SECRET: 'a secret of tests that is long enough',
});
const ANN = {
  type: 'identify',
  userId: 'lea',
  traits: { email: 'Lea@Lead.com', firstName: 'Lea', title: 'VP' },
};
const DEMO = { type: 'track', userId: 'lea', event: 'Demo Requested' };

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  let mail: MailPeer;
  let story: Story;
  let now = '';
  beforeAll(async () => {
    [db, mail] = await Promise.all([driver.open(), openMailPeer()]);
  });
  afterAll(async () => {
    await Promise.all([db.close(), mail.close()]);
  });
  beforeEach(async () => {
    await empty(db, ['letter', 'letter_stop', 'letter_news', 'lane', 'exception', 'webhook']);
    mail.mails.length = 0;
    mail.answer = () => 250;
    story = await begin(db, {
      agreement: WITH_LETTERS,
      environment: environmentOf(mail.url),
    });
    at('2026-03-02T10:00:00Z');
  });
  const at = (time: string) => {
    now = time;
    story.at(time);
  };
  const deliver = async () => {
    const { senders, close } = openSenders(story.app, BASE);
    await deliverDue(story.app, senders, { now: Date.parse(now), batch: 50, channels: ['email'] });
    close();
  };
  /** Mails to leads; those to people of the company are alerts. */
  const sent = () => mail.mails.filter(({ to }) => !to.some(address => address.endsWith('@acme.example')));
  const news = () => db.transaction(sql => takeLetterNews(sql, 50));
  const titles = (found: readonly News[]) => found.map(({ kind, because }) => because ?? kind);
  const letters = () =>
    story.query(
      { state: 'text', because: 'text?', purpose: 'text', owner_id: 'text?' },
      'select state, because, purpose, owner_id from letter order by created_at, id',
    );
  const promise = async (more: object = {}) => {
    const { id } = await story.see('lea');
    const [promised] = await db.transaction(sql =>
      promiseLetters(sql, story.app, [
        {
          purpose: 'nurture',
          key: 'step 1',
          contactId: id,
          episodeId: null,
          agreementId: 'core',
          version: 1,
          entry: 'track',
          templateId: 'later',
          from: 'owner',
          ownerId: 'ann',
          promisedAt: Date.parse(now),
          notBefore: Date.parse(now),
          ...more,
        },
      ]),
    );
    if (promised === undefined) throw new Error('a letter was neither promised nor refused');
    return promised;
  };

  test('a hand-raiser is answered at once, in the name of the owner that the same call gave it', async () => {
    await db.script(
      `update app_user set name = 'Ann Reed', booking_url = 'https://cal.example/ann' where id = 'ann'`,
    );
    await story.call([ANN, DEMO]);
    const { owner } = await story.see('lea');
    expect(owner).toBe('ann');
    await deliver();
    const [letter, ...others] = sent();
    expect(others).toEqual([]);
    expect(letter?.to).toEqual(['lea@lead.com']);
    expect(letter?.from).toBe('hello@acme.example');
    expect(letter?.headers.get('from')).toBe('Ann Reed via Acme <hello@acme.example>');
    expect(letter?.headers.get('reply-to')).toBe('Ann Reed <ann@acme.example>');
    expect(letter?.headers.get('subject')).toBe('Hi Lea');
    expect(letter?.headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    expect(letter?.headers.get('list-unsubscribe')).toMatch(
      /^<https:\/\/baton\.acme\.example\/unsubscribe\/[0-9a-f-]{36}\.[\w-]{43}>$/,
    );
    expect(letter?.parts.get('text/plain')).toMatch(
      /Ann will call you\.\r?\nOr pick a time: https:\/\/cal\.example\/ann/,
    );
    expect(letter?.parts.get('text/plain')).toContain('No more mail like this: https://');
    expect(letter?.parts.get('text/html')).toContain('href="https://cal.example/ann"');
    expect(await letters()).toMatchObject([{ state: 'sent', owner_id: 'ann' }]);
    expect(titles(await news())).toEqual(['sent']);
    const kinds = await story.query({ kind: 'text' }, `select kind from journal where kind like 'letter%'`);
    expect(kinds).toEqual([{ kind: 'letter_sent' }]);
  });

  test('two events are one letter, and a later one waits for its time', async () => {
    await story.call([ANN, DEMO, { ...DEMO }]);
    await story.call(DEMO);
    at('2026-03-05T10:00:00Z');
    await story.call(DEMO);
    expect(await story.count('letter')).toBe(1);
    at('2026-03-10T10:00:00Z');
    await story.call(DEMO);
    expect(await story.count('letter')).toBe(2);
    await deliver();
    expect(sent()).toHaveLength(2);
  });

  test.each([
    ['an import', {}, 'never' as const],
    ['what happened two days ago', { timestamp: '2026-02-28T09:00:00Z' }, 'onCall' as const],
  ])('nothing answers %s', async (_name, more, opens) => {
    await story.call([ANN, { ...DEMO, ...more }], { opens });
    expect(await story.count('letter')).toBe(0);
  });

  test.each([
    ['who opted out', { hs_email_optout: 'true' }, 'opted_out'],
    ['a throw-away address', { email: 'lea@mailinator.com' }, 'invalid_address'],
    ['an address that is not one', { email: 'lea at lead' }, 'invalid_address'],
    ['who has no address', { email: null }, 'no_address'],
  ])('no letter goes to %s, and the lead says why', async (_name, traits, because) => {
    await story.call([{ ...ANN, traits: { ...ANN.traits, ...traits } }, DEMO]);
    expect(await letters()).toMatchObject([{ state: 'refused', because }]);
    expect(titles(await news())).toEqual([because]);
    await deliver();
    expect(sent()).toEqual([]);
  });

  test('a handoff that waits for an owner is answered once', async () => {
    const outreach = [{ id: 'welcome', on: 'handoff', email: 'hello', atMostEvery: '1m' }];
    story = await begin(db, {
      agreement: { ...WITH_LETTERS, outreach },
      environment: environmentOf(mail.url),
    });
    at('2026-03-02T10:00:00Z');
    await db.script(`update app_user set active = false where id in ('ann', 'bob')`);
    await story.call([ANN, DEMO]);
    expect((await story.see('lea')).owner).toBeNull();
    expect(await story.count('letter')).toBe(1);
    await db.script(`update app_user set active = true where id in ('ann', 'bob')`);
    at('2026-03-03T10:00:00Z');
    await story.call({ type: 'page', userId: 'lea' });
    expect((await story.see('lea')).owner).not.toBeNull();
    expect(await story.count('letter')).toBe(1);
  });

  test('a disqualified lead hears nothing', async () => {
    await story.call([{ ...ANN, traits: { ...ANN.traits, email: 'lea@rival.com' } }, DEMO]);
    expect(await story.count('letter')).toBe(0);
  });

  test('other software is told to answer, after the delay', async () => {
    await db.script(`insert into webhook (id, url, description, event_types, secret, allow_private, created_at, created_by)
      values (gen_random_uuid(), 'https://sms.example/', '', '{}', 'whsec_x', false, now(), 'x')`);
    await story.call([ANN, { ...DEMO, event: 'Chat Opened' }]);
    await story.call({ ...DEMO, event: 'Chat Opened' });
    const rows = await story.query(
      { payload: 'jsonb', next_attempt_at: 'timestamptz' },
      `select payload, next_attempt_at from outbox where event_type = 'lead.outreach'`,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.payload).toMatchObject({
      data: { name: 'send_sms', text: 'Text them', lead: { email: 'lea@lead.com' } },
    });
    expect(rows[0]?.next_attempt_at).toBe(Date.parse('2026-03-02T10:10:00Z'));
  });

  test('a key is one letter, later ones continue its thread, and values stay where they land', async () => {
    await story.call({
      ...ANN,
      traits: { ...ANN.traits, firstName: '"><img src=x>\r\nBcc: all@x.y http://evil.com' },
    });
    const first = await promise();
    expect(await promise()).toEqual({ ...first, isNew: false });
    await deliver();
    at('2026-03-03T10:00:00Z');
    await promise({ key: 'step 2', from: 'team@acme.example' });
    await deliver();
    const [one, two] = sent();
    expect(two?.headers.get('in-reply-to')).toBe(one?.headers.get('message-id'));
    expect(two?.headers.get('references')).toContain(one?.headers.get('message-id'));
    expect(two?.headers.get('from')).toBe('Acme <hello@acme.example>');
    expect(two?.headers.get('reply-to')).toBe('team@acme.example');
    const html = one?.parts.get('text/html') ?? '';
    expect(html).toContain('&quot;&gt;&lt;img src=x&gt; Bcc:');
    expect(html).not.toContain('<img');
    expect(html).not.toContain('http://evil.com');
    expect(one?.headers.has('bcc')).toBe(false);
  });

  test('whoever follows the link stops further letters, also those that wait, and may take it back', async () => {
    await story.call(ANN);
    const waiting = await promise({ notBefore: Date.parse('2026-03-04T10:00:00Z') });
    const token = await stopToken(story.app, waiting.id);
    expect(await findReaderOf(story.app, token)).toMatchObject({ isOptedOut: false });
    expect(await findReaderOf(story.app, `${token.slice(0, -1)}A`)).toBeNull();
    const stop = { wantsMail: false, now: Date.parse(now) };
    expect(await changeWish(story.app, token, stop)).toMatchObject({ isOptedOut: true });
    expect(await changeWish(story.app, token, stop)).toMatchObject({ isOptedOut: true });
    expect(titles(await news())).toEqual(['opted_out']);
    at('2026-03-04T10:00:00Z');
    await deliver();
    expect(sent()).toEqual([]);
    expect(await letters()).toMatchObject([{ state: 'refused', because: 'opted_out' }]);
    expect(await promise({ key: 'step 2' })).toMatchObject({ kind: 'refused', because: 'opted_out' });
    await changeWish(story.app, token, { wantsMail: true, now: Date.parse(now) });
    expect(await promise({ key: 'step 3' })).toMatchObject({ kind: 'promised' });
  });

  test('an address that the mail server refuses for good gets no more until it is another', async () => {
    mail.answer = () => 550;
    await story.call(ANN);
    await promise();
    await deliver();
    expect(await letters()).toMatchObject([{ state: 'refused', because: 'bounced' }]);
    expect(titles(await news())).toEqual(['bounced', 'bounced']);
    expect(await story.count('exception')).toBe(0);
    expect(await promise({ key: 'step 2' })).toMatchObject({ because: 'bounced' });
    await story.call({ ...ANN, traits: { email: 'lea@other.com' } });
    expect(await promise({ key: 'step 3' })).toMatchObject({ kind: 'promised' });
  });

  test('events of mail tools stop letters, and tracks hear of answers', async () => {
    const track = (event: string, properties: object = {}) => ({
      type: 'track',
      userId: 'lea',
      event,
      properties,
    });
    await story.call([ANN, track('Email Bounced', { type: 'soft' })]);
    expect(await news()).toEqual([]);
    await story.call([track('Email Replied'), track('Email Bounced')]);
    expect(titles(await news()).sort()).toEqual(['bounced', 'replied']);
    await story.call(track('Unsubscribed'), { opens: 'never' });
    expect(titles(await news())).toEqual(['opted_out']);
    expect(await promise()).toMatchObject({ kind: 'refused', because: 'opted_out' });
  });

  test('a day without a mail server loses nothing and sends nothing twice', async () => {
    const { url, close } = await openMailPeer();
    await close();
    const away = await begin(db, {
      agreement: WITH_LETTERS,
      isKept: true,
      environment: { SMTP_URL: url, BATON_URL: BASE, BATON_SECRET: 'a secret of tests that is long enough' },
    });
    await story.call(ANN);
    await promise();
    const { senders, close: stop } = openSenders(away.app, BASE);
    for (let hour = 0; hour < 24; hour += 3) {
      const time = Date.parse('2026-03-02T10:00:00Z') + hour * 3_600_000;
      at(new Date(time).toISOString());
      away.at(now);
      await deliverDue(away.app, senders, { now: time, batch: 50 });
    }
    stop();
    expect(await letters()).toMatchObject([{ state: 'waiting' }]);
    at('2026-03-03T11:00:00Z');
    await deliver();
    await deliver();
    expect(sent()).toHaveLength(1);
    expect(await letters()).toMatchObject([{ state: 'sent' }]);
  });

  test('without a mail server a letter says what is missing, and leaves once there is one', async () => {
    const bare = await begin(db, { agreement: WITH_LETTERS, isKept: true });
    bare.at(now);
    await story.call(ANN);
    await promise();
    const { senders, close } = openSenders(bare.app, BASE);
    await deliverDue(bare.app, senders, { now: Date.parse(now), batch: 50 });
    close();
    expect(await sweepLetters(story.app, Date.parse(now))).toBe(1);
    expect(await letters()).toMatchObject([{ state: 'failed', because: 'gave_up' }]);
    const [row] = await story.query(
      { last_error: 'text?' },
      `select last_error from outbox where contact_id is not null`,
    );
    expect(row?.last_error).toBe('no mail server is set up (SMTP_URL)');
    await db.script(`update outbox set state = 'waiting', next_attempt_at = '${now}'`);
    await deliver();
    expect(sent()).toHaveLength(1);
  });

  test('a merge carries an opt-out, and letters with it', async () => {
    await story.call([ANN, { type: 'identify', anonymousId: 'web', traits: {} }]);
    await story.call({ type: 'track', anonymousId: 'web', event: 'Unsubscribed' });
    await story.call({ type: 'identify', anonymousId: 'web', userId: 'lea', traits: {} });
    expect(await promise()).toMatchObject({ because: 'opted_out' });
  });
});
