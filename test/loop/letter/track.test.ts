import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../../src/db/database.ts';
import { deliverDue } from '../../../src/loop/delivery/outbox.ts';
import { openSenders } from '../../../src/loop/delivery/sender.ts';
import { sweepNews } from '../../../src/loop/nurture/news.ts';
import { sweepNurture } from '../../../src/loop/nurture/sweep.ts';
import { DRIVERS } from '../../db/opened.ts';
import { empty } from '../../world/empty.ts';
import { type MailPeer, openMailPeer } from '../../world/peer.ts';
import { AGREEMENT } from '../agreement.ts';
import { begin, type Story } from '../story.ts';

const WITH_MAILS = {
  ...AGREEMENT,
  reasons: [{ id: 'timing', label: 'Not now', then: 'recycle', wait: '90d', nurture: 'later' }],
  templates: {
    first: {
      subject: 'First',
      text: 'Hello {{ contact.firstName | default: "there" }}, {{ sender.firstName }} here.',
    },
    second: { subject: 'Second', text: 'Still here.' },
  },
  nurture: [
    {
      id: 'later',
      label: 'Later',
      steps: [
        { wait: '3d', email: 'first' },
        { wait: '10d', email: 'second' },
      ],
    },
  ],
};
const BASE = 'https://baton.acme.example';
const LEA = {
  type: 'identify',
  userId: 'lea',
  traits: { email: 'lea@lead.com', firstName: 'Lea', title: 'VP' },
};
const day = (n: number, hour = 10) =>
  new Date(Date.parse('2026-03-02T00:00:00Z') + n * 86_400_000 + hour * 3_600_000).toISOString();

describe.each(DRIVERS)('mails of tracks on $name', driver => {
  let db: Database;
  let mail: MailPeer;
  let story: Story;
  beforeAll(async () => {
    [db, mail] = await Promise.all([driver.open(), openMailPeer()]);
  });
  afterAll(async () => {
    await Promise.all([db.close(), mail.close()]);
  });
  const environment = (url: string) => ({
    SMTP_URL: url,
    BATON_URL: BASE,
    MAIL_FROM: 'Acme <hello@acme.example>',
    BATON_SECRET: 'a secret of tests that is long enough',
  });
  beforeEach(async () => {
    await empty(db, ['letter', 'letter_stop', 'letter_news', 'lane', 'exception']);
    mail.mails.length = 0;
    mail.answer = () => 250;
    story = await begin(db, { agreement: WITH_MAILS, environment: environment(mail.url) });
    story.at(day(0));
    await story.call([LEA, { type: 'track', userId: 'lea', event: 'Demo Requested' }]);
    await story.reject('lea', 'timing');
  });

  /** A server goes round at a time, as often as there is something to do. */
  const round = async (time: string, on = story) => {
    story.at(time);
    on.at(time);
    const now = Date.parse(time);
    const { senders, close } = openSenders(on.app, BASE);
    for (let more = 1; more > 0; ) {
      more = (await sweepNews(on.app, now)) + (await sweepNurture(on.app, now));
      await deliverDue(on.app, senders, { now, batch: 50, channels: ['email'] });
    }
    close();
  };
  const subjects = () =>
    mail.mails
      .filter(({ to }) => to.includes('lea@lead.com'))
      .map(({ headers }) => headers.get('subject')?.replace('Re: ', ''));
  const track = async () => {
    const [row] = await story.query(
      { left: 'text?', note: 'text?', step: 'int4', due_at: 'timestamptz?' },
      'select left_because as left, left_note as note, next_step as step, next_step_at as due_at from nurture',
    );
    return row;
  };
  const steps = () =>
    story.query(
      { step: 'int4', refused: 'text?', state: 'text?', because: 'text?' },
      `select s.step, s.refused, l.state, l.because from nurture_step s left join letter l on l.id = s.letter_id order by s.step`,
    );

  test('each leaves once at its time, in the name of the owner, and the track ends with the last', async () => {
    await round(day(2));
    expect(subjects()).toEqual([]);
    await round(day(3));
    await round(day(3, 11));
    expect(subjects()).toEqual(['First']);
    const [first] = mail.mails.filter(({ to }) => to.includes('lea@lead.com'));
    expect(first?.headers.get('reply-to')).toContain('ann@acme.example');
    expect(first?.headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    expect(first?.parts.get('text/plain')).toContain('Hello Lea, ann here.');
    await round(day(13));
    expect(subjects()).toEqual(['First', 'Second']);
    expect(await track()).toMatchObject({ left: 'finished', due_at: null });
    expect(await steps()).toMatchObject([
      { step: 0, refused: null, state: 'sent' },
      { step: 1, refused: null, state: 'sent' },
    ]);
  });

  test('one that the mail server refuses for good ends the track, and says so', async () => {
    mail.answer = () => 550;
    await round(day(3));
    expect(await track()).toMatchObject({ left: 'bounce', due_at: null });
    expect(await steps()).toEqual([
      { step: 0, refused: 'Mail to their address came back', state: 'refused', because: 'bounced' },
    ]);
    const left = await story.query(
      { particulars: 'jsonb' },
      `select particulars from journal where kind = 'nurture_left'`,
    );
    expect(left).toMatchObject([{ particulars: { because: 'bounce' } }]);
    mail.answer = () => 250;
    await round(day(30));
    expect(subjects()).toEqual([]);
  });

  test('one to a lead without an address ends the track, and says why', async () => {
    await story.query({}, `update contact set email = null where id = $1`, (await story.see('lea')).id);
    await round(day(3));
    expect(await track()).toMatchObject({
      left: 'refused',
      note: 'No e-mail address is known',
      due_at: null,
    });
    expect(await steps()).toMatchObject([
      { step: 0, refused: 'No e-mail address is known', state: 'refused' },
    ]);
  });

  test('one that a lead opted out of before it left ends the track', async () => {
    mail.answer = () => 450;
    await round(day(3));
    await story.call({ type: 'track', userId: 'lea', event: 'Unsubscribed' });
    mail.answer = () => 250;
    await round(day(4));
    expect(subjects()).toEqual([]);
    expect(await track()).toMatchObject({ left: 'unsubscribed', due_at: null });
    expect(await steps()).toMatchObject([{ step: 0, state: 'refused', because: 'opted_out' }]);
  });

  test('while the mail server is away one waits, leaves once when it is back, and the next has its own time', async () => {
    const { url, close } = await openMailPeer();
    await close();
    const away = await begin(db, { agreement: WITH_MAILS, isKept: true, environment: environment(url) });
    for (let hour = 0; hour < 24; hour += 6) await round(day(3, 10 + hour), away);
    expect(await steps()).toMatchObject([{ step: 0, refused: null, state: 'waiting' }]);
    expect(await track()).toMatchObject({ left: null, step: 1, due_at: Date.parse(day(13)) });
    await round(day(4, 12));
    await round(day(4, 13));
    expect(subjects()).toEqual(['First']);
    await round(day(13));
    expect(subjects()).toEqual(['First', 'Second']);
  });
});
