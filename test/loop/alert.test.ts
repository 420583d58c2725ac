import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { alertPayload, plainAlert } from '../../src/core/alert/message.ts';
import type { Database } from '../../src/db/database.ts';
import { sweepBulletins, sweepGathered } from '../../src/loop/alert/bulletin.ts';
import { notify } from '../../src/loop/alert/notify.ts';
import { sweepHeld } from '../../src/loop/alert/signal.ts';
import { DRIVERS } from '../db/opened.ts';
import { AGREEMENT } from './agreement.ts';
import { begin, type Story } from './story.ts';

const PRICING = { event: 'page', where: { path: { startsWith: '/pricing' } } };
const ALERTS = {
  ...AGREEMENT,
  alerts: [
    {
      id: 'pricing',
      label: 'Looked at prices',
      on: PRICING,
      when: { 'contact.title': { isNot: 'Student' } },
    },
    { id: 'back', label: 'Back after a silence', on: 'Video Watched', quietFor: '60d' },
    {
      id: 'call',
      label: 'Asked for a call',
      on: 'Call Requested',
      to: 'team',
      via: ['email'],
      atMostEvery: '1h',
    },
    { id: 'chat', label: 'Opened the chat', on: 'Chat Opened', to: 'channel', via: ['slack'] },
    { id: 'trial', label: 'Began a trial', on: 'Trial Began', via: ['webhook'] },
    {
      id: 'quote',
      label: 'Asked for a quote',
      on: 'Quote Requested',
      to: 'owner',
      via: ['slack', 'email', 'in_app', 'webhook'],
    },
  ],
};
const MAIL = { SMTP_URL: 'smtp://mail.acme.example', SLACK_WEBHOOK_URL: 'https://hooks.slack.example/x' };

const ann = {
  type: 'identify',
  userId: 'u1',
  traits: { email: 'lee@acme.com', name: 'Ann Lee', title: 'CTO', company: { industry: 'Software' } },
};
const track = (event: string, more: object = {}) => ({ type: 'track', userId: 'u1', event, ...more });
const pricing = (more: object = {}) => ({
  type: 'page',
  userId: 'u1',
  properties: { path: '/pricing' },
  ...more,
});
const demo = track('Demo Requested');

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db, { agreement: ALERTS, environment: MAIL });
    story.at('2026-03-02T10:00:00Z');
  });

  /** The alerts in the app, oldest first: who received each, what it is, and what it says. */
  const alerts = async (kind = 'early') => {
    const rows = await story.query(
      { user_id: 'text', label: 'text', text: 'text' },
      'select user_id, label, text from alert where kind = $1 order by at, user_id',
      kind,
    );
    return rows.map(row => `${row.user_id}: ${row.label}: ${row.text}`);
  };
  /** What is promised by mail and Slack, oldest first. */
  const promised = async (channel: string) => {
    const rows = await story.query(
      { recipient: 'text', subject: 'text', payload: 'jsonb' },
      'select recipient, subject, payload from outbox where channel = $1 order by created_at, recipient, id',
      channel,
    );
    return rows.map(row => ({ ...row, payload: alertPayload.parse(row.payload) }));
  };
  const mails = async () =>
    (await promised('email')).map(({ recipient, subject }) => `${recipient}: ${subject}`);
  const prefer = (userId: string, values: string) =>
    db.script(
      `insert into preference (user_id, ${values.split('|')[0]}) values ('${userId}', ${values.split('|')[1]})`,
    );
  const addHook = () =>
    db.script(`insert into webhook (id, url, description, event_types, secret, allow_private, created_at, created_by)
      values (gen_random_uuid(), 'https://other.example/hook', '', '{}', 'whsec_x', false, now(), 'a test')`);
  /** What other software is told of alerts, oldest first. */
  const hooked = () =>
    story.query(
      { payload: 'jsonb' },
      `select payload from outbox where channel = 'webhook' and event_type = 'alert.sent' order by created_at, id`,
    );
  const own = () => story.reassign('u1', 'bob');
  /** Ann Lee is a lead of Bob's, and all that led there is cleared away. */
  const leadOfBob = async () => {
    await story.call([ann, demo, track('x')]);
    await own();
    await db.script('delete from outbox; delete from alert; delete from journal');
  };

  describe('an early signal', () => {
    test('is told before any threshold, to the team when nobody owns the contact', async () => {
      await story.call([ann, pricing()]);
      expect((await story.see('u1')).episodes).toEqual([]);
      expect(await alerts()).toEqual([
        'mia: Looked at prices: Ann Lee, acme.com (30 points): Viewed /pricing. Strong fit (software company) and a visit on 2 Mar 2026.',
      ]);
    });

    test('is sent to people who may work leads, not to an owner or a team that may not', async () => {
      await leadOfBob();
      story.at('2026-03-02T10:30:00Z');
      await db.script(`update app_user set role = 'marketing' where id = 'bob'`);
      await story.call(pricing());
      expect((await alerts()).map(line => line.split(':')[0])).toEqual(['ann']);
      await db.script(`delete from alert; update app_user set role = 'marketing' where id = 'ann'`);
      story.at('2026-03-02T20:30:00Z');
      await story.call(pricing());
      expect((await alerts()).map(line => line.split(':')[0])).toEqual(['mia']);
    });

    test('is told to the owner of a lead, with its episode and what is due', async () => {
      await leadOfBob();
      story.at('2026-03-02T10:30:00Z');
      await story.call(pricing());
      expect(await mails()).toEqual([
        'bob@acme.example: Looked at prices: Ann Lee, acme.com (70 points; 60 at the handoff)',
      ]);
      const [mail] = await promised('email');
      const { episodes } = await story.see('u1');
      expect(mail?.payload).toMatchObject({
        kind: 'early',
        episodeId: episodes[0]?.id,
        ownerName: 'bob',
        dueKind: 'firstTouch',
        dueAt: Date.parse('2026-03-02T11:00:00Z'),
        recent: [
          { label: 'Viewed /pricing', at: Date.parse('2026-03-02T10:30:00Z') },
          { label: 'Demo Requested', at: Date.parse('2026-03-02T10:00:00Z') },
        ],
      });
    });

    test('is told to the team as well while the owner is away', async () => {
      await leadOfBob();
      await db.script(`insert into time_off (id, user_id, starts_at, ends_at, created_by, created_at) values
        (gen_random_uuid(), 'bob', '2026-03-02T00:00Z', '2026-03-03T00:00Z', 'a test', now())`);
      story.at('2026-03-02T10:30:00Z');
      await story.call(pricing());
      expect((await alerts()).map(line => line.split(':')[0])).toEqual(['ann', 'bob']);
      expect((await alerts())[0]).toContain('bob is away.');
    });

    test('stands in the timeline of its contact', async () => {
      await story.call([ann, pricing()]);
      const rows = await story.query(
        { particulars: 'jsonb', actor: 'text' },
        `select particulars, actor from journal where kind = 'alert'`,
      );
      expect(rows).toEqual([
        {
          actor: 'alerts',
          particulars: expect.objectContaining({ rule: 'pricing', label: 'Looked at prices' }),
        },
      ]);
    });

    test('does not send a second message beside the handoff that the same call led to', async () => {
      await story.call([ann, { type: 'identify', userId: 'u1', traits: { title: 'VP' } }, demo, pricing()]);
      expect(await alerts('handoff')).toHaveLength(1);
      expect(await alerts()).toEqual([]);
      expect((await promised('email'))[0]?.payload.recent).toHaveLength(2);
    });

    test.each([
      ['a repeated message', [ann, pricing({ messageId: 'm1' })], [pricing({ messageId: 'm1' })], 1],
      ['an event that no alert is for', [ann, track('Login')], [], 0],
      ['a machine', [ann, pricing({ context: { userAgent: 'Googlebot/2.1' } })], [], 0],
      [
        'a condition that does not hold',
        [{ ...ann, traits: { ...ann.traits, title: 'Student' } }, pricing()],
        [],
        0,
      ],
      [
        'a disqualified contact',
        [{ ...ann, traits: { ...ann.traits, email: 'a@rival.com' } }, pricing()],
        [],
        0,
      ],
      ['what is over a day old', [ann, pricing({ timestamp: '2026-03-01T09:59:59Z' })], [], 0],
      ['what is a day old', [ann, pricing({ timestamp: '2026-03-01T10:00:00Z' })], [], 1],
    ])('of %s', async (_name, first, second, count) => {
      await story.call(first);
      if (second.length > 0) await story.call(second);
      expect(await alerts()).toHaveLength(count);
    });

    test('is never raised by imported history', async () => {
      await story.call([ann, pricing()], { opens: 'never' });
      expect(await alerts()).toEqual([]);
    });

    test('goes to the whole team where its rule says so, by the ways it says', async () => {
      await story.call([ann, track('Call Requested')]);
      expect(await alerts()).toEqual([]);
      // The team of the fallback queue is empty: its manager is told.
      expect(await mails()).toEqual(['mia@acme.example: Asked for a call: Ann Lee, acme.com (20 points)']);
      await leadOfBob();
      story.at('2026-03-02T12:00:00Z');
      await story.call(track('Call Requested'));
      expect((await mails()).map(line => line.split(':')[0])).toEqual([
        'ann@acme.example',
        'bob@acme.example',
      ]);
    });

    test('goes to the channel where its rule says so, and to people while there is none', async () => {
      await story.call([ann, track('Chat Opened')]);
      expect((await promised('slack')).map(({ recipient }) => recipient)).toEqual(['slack']);
      expect(await promised('email')).toEqual([]);
    });

    test('to a named channel needs a bot', async () => {
      story = await begin(db, { agreement: ALERTS, environment: { SLACK_BOT_TOKEN: 'xoxb-test' } });
      story.at('2026-03-02T10:00:00Z');
      await db.script(`update team set slack_channel = 'inbound' where name = 'queue'`);
      await story.call([ann, track('Chat Opened'), pricing()]);
      expect((await promised('slack')).map(({ recipient }) => recipient).sort()).toEqual([
        'channel:inbound',
        'user:mia',
      ]);
    });

    test('is told to other software where its rule says so', async () => {
      await addHook();
      await story.call([ann, track('Trial Began'), pricing()]);
      expect(await hooked()).toEqual([
        {
          payload: expect.objectContaining({
            type: 'alert.sent',
            data: expect.objectContaining({ alert: 'trial', label: 'Began a trial', owner: null, more: 0 }),
          }),
        },
      ]);
      await db.script('delete from webhook');
    });

    test('is told to other software also by the call that hands the lead over; the owner gets one message', async () => {
      await addHook();
      await story.call([{ ...ann, traits: { ...ann.traits, title: 'VP' } }, demo, track('Quote Requested')]);
      const { episodes } = await story.see('u1');
      expect(episodes).toMatchObject([{ owner: 'ann' }]);
      expect(await hooked()).toEqual([
        {
          payload: expect.objectContaining({
            data: expect.objectContaining({
              alert: 'quote',
              owner: 'ann',
              episodeId: episodes[0]?.id,
              more: 0,
            }),
          }),
        },
      ]);
      expect(await alerts()).toEqual([]);
      expect(await mails()).toEqual(['ann@acme.example: New lead: Ann Lee, acme.com (80 points)']);
      // It has spoken: what follows is held back for other software too, and told when the time is over.
      story.at('2026-03-02T10:30:00Z');
      await story.call(track('Quote Requested'));
      expect(await hooked()).toHaveLength(1);
      await sweepHeld(story.app, Date.parse('2026-03-02T14:00:00Z'));
      expect(await hooked()).toHaveLength(2);
      expect(await alerts()).toHaveLength(1);
      await db.script('delete from webhook');
    });

    test('cannot smuggle anything in by what a stranger typed', async () => {
      const name = '<!channel> <script>alert(1)</script>\r\nBcc: all@acme.example';
      await story.call([
        { type: 'identify', userId: 'u1', traits: { email: 'x@acme.com', name, title: '=cmd()' } },
        pricing({ properties: { path: '/pricing', title: '\u202e<b>"}]' } }),
      ]);
      const [line] = await alerts();
      expect(line).not.toMatch(/[\r\n\u202e]/);
      expect((await promised('email'))[0]?.subject).not.toMatch(/[\r\n\u202e]/);
    });
  });

  describe('a contact that was silent', () => {
    const watch = track('Video Watched');

    test('is singled out when it comes back, once', async () => {
      await story.call([ann, track('Login')]);
      story.at('2026-06-05T10:00:00Z');
      await story.call(track('Login'));
      story.at('2026-06-05T10:10:00Z');
      await story.call([watch, watch]);
      story.at('2026-06-05T10:20:00Z');
      await story.call(watch);
      expect(await alerts()).toEqual([
        'mia: Back after a silence: Ann Lee, acme.com (20 points): Back after 95 days of silence: Video Watched. Strong fit (software company), but no intent now.',
      ]);
      expect(await sweepHeld(story.app, Date.parse('2026-06-06T10:00:00Z'))).toBe(0);
    });

    test('is not when it is new, or was here lately', async () => {
      await story.call([ann, watch]);
      story.at('2026-04-30T09:00:00Z');
      await story.call(watch);
      expect(await alerts()).toEqual([]);
    });
  });

  describe('a rule that was heard lately', () => {
    test('holds back, and tells with the next how many there were', async () => {
      await leadOfBob();
      for (const time of ['10:30', '10:40', '11:00']) {
        story.at(`2026-03-02T${time}:00Z`);
        await story.call(pricing());
      }
      expect(await mails()).toHaveLength(1);
      story.at('2026-03-02T14:30:00Z');
      await story.call(pricing());
      const [, second] = await promised('email');
      expect(second?.payload.grouped).toEqual({ count: 2, since: Date.parse('2026-03-02T10:40:00Z') });
      expect((await alerts()).at(-1)).toContain('And 2 more since Mon 2 Mar, 10:40.');
    });

    test('tells what it held when the time is over and nothing followed', async () => {
      await leadOfBob();
      story.at('2026-03-02T10:30:00Z');
      await story.call(pricing());
      story.at('2026-03-02T10:40:00Z');
      await story.call([pricing(), pricing()]);
      expect(await sweepHeld(story.app, Date.parse('2026-03-02T14:29:59Z'))).toBe(0);
      expect(await sweepHeld(story.app, Date.parse('2026-03-02T14:30:00Z'))).toBe(1);
      expect(await sweepHeld(story.app, Date.parse('2026-03-02T14:30:00Z'))).toBe(0);
      expect(await alerts()).toHaveLength(2);
      expect((await alerts()).at(-1)).toContain('And 1 more since Mon 2 Mar, 10:40.');
      // It has spoken again, so it holds back again.
      story.at('2026-03-02T14:40:00Z');
      await story.call(pricing());
      expect(await alerts()).toHaveLength(2);
    });

    test('goes to the person who owns the lead by then', async () => {
      await leadOfBob();
      story.at('2026-03-02T10:30:00Z');
      await story.call(pricing());
      await story.call(pricing());
      await story.reassign('u1', 'ann');
      await sweepHeld(story.app, Date.parse('2026-03-02T15:00:00Z'));
      expect((await alerts()).map(line => line.split(':')[0])).toEqual(['bob', 'ann']);
    });

    test('speaks once when two servers hear it at the same time', async () => {
      await leadOfBob();
      story.at('2026-03-02T10:30:00Z');
      await Promise.all([story.call(pricing()), story.call(pricing()), story.call(pricing())]);
      expect(await mails()).toHaveLength(1);
      const due = Date.parse('2026-03-02T14:30:00Z');
      const told = await Promise.all([sweepHeld(story.app, due), sweepHeld(story.app, due)]);
      expect(told.reduce((a, b) => a + b)).toBe(1);
      expect((await promised('email')).at(-1)?.payload.grouped?.count).toBe(1);
    });
  });

  describe('quiet hours', () => {
    const night = `quiet, timezone|'{"from":1320,"to":420,"days":null}', 'America/New_York'`;
    const endOfNight = Date.parse('2026-03-02T12:00:00Z');

    test('keep mail back until they end, while the app shows at once; then it leaves as one', async () => {
      await leadOfBob();
      await prefer('bob', night);
      story.at('2026-03-02T10:30:00Z');
      await db.script('update episode set first_touch_due_at = null, decision_due_at = null');
      await story.call(pricing());
      await story.call([
        { ...ann, userId: 'u2', traits: { ...ann.traits, email: 'k@acme.com', name: 'Kim' } },
      ]);
      story.at('2026-03-02T10:31:00Z');
      await story.call(track('Call Requested'));
      expect(await alerts()).toHaveLength(1);
      expect((await mails()).filter(line => line.startsWith('bob'))).toEqual([]);
      expect(await sweepGathered(story.app, endOfNight - 1)).toBe(0);
      expect(await sweepGathered(story.app, endOfNight)).toBe(1);
      expect(await sweepGathered(story.app, endOfNight)).toBe(0);
      const [mail, more] = (await promised('email')).filter(({ recipient }) => recipient.startsWith('bob'));
      expect(more).toBeUndefined();
      expect(mail?.subject).toBe('Early signals: 2 messages');
      expect(mail?.payload.items?.map(({ title }) => title)).toEqual([
        'Looked at prices: Ann Lee',
        'Asked for a call: Ann Lee',
      ]);
    });

    test('do not hold what is due before they end', async () => {
      await prefer('ann', night);
      await prefer('bob', night);
      await story.call([{ ...ann, traits: { ...ann.traits, title: 'VP' } }, demo]);
      expect(await mails()).toHaveLength(1);
      expect((await promised('email'))[0]?.payload).toMatchObject({
        kind: 'handoff',
        zone: 'America/New_York',
      });
    });

    test('a single message leaves as it was', async () => {
      await leadOfBob();
      await prefer('bob', night);
      await db.script('update episode set first_touch_due_at = null');
      story.at('2026-03-02T10:30:00Z');
      await story.call(pricing());
      await sweepGathered(story.app, endOfNight);
      expect(await mails()).toEqual([
        'bob@acme.example: Looked at prices: Ann Lee, acme.com (70 points; 60 at the handoff)',
      ]);
    });

    test('two servers send what gathered once', async () => {
      await leadOfBob();
      await prefer('bob', night);
      await db.script('update episode set first_touch_due_at = null');
      story.at('2026-03-02T10:30:00Z');
      await story.call([pricing(), track('Call Requested')]);
      await Promise.all([sweepGathered(story.app, endOfNight), sweepGathered(story.app, endOfNight)]);
      expect((await mails()).filter(line => line.startsWith('bob'))).toHaveLength(1);
    });

    test('give way to what is urgent', async () => {
      await prefer('bob', night);
      const payload = {
        ...plainAlert({
          kind: 'breach',
          occasion: 'A lead may be lost',
          sentence: 'No owner.',
        }),
      };
      await db.transaction(sql =>
        notify(sql, story.app, [
          { payload, to: ['bob'], at: Date.parse('2026-03-02T10:00:00Z'), label: 'Check', isUrgent: true },
        ]),
      );
      expect(await mails()).toEqual(['bob@acme.example: A lead may be lost']);
    });
  });

  describe('a digest', () => {
    test('gathers early signals and never a new lead', async () => {
      await prefer('mia', `digest, digest_at, timezone|'daily', 540, 'UTC'`);
      await prefer('ann', `digest, digest_at, timezone|'daily', 540, 'UTC'`);
      await story.call([ann, pricing()]);
      await story.call([{ ...ann, traits: { ...ann.traits, title: 'VP' } }, demo]);
      expect((await mails()).map(line => line.split(':')[0])).toEqual(['ann@acme.example']);
      await sweepGathered(story.app, Date.parse('2026-03-03T08:59:59Z'));
      expect(await mails()).toHaveLength(1);
      await sweepGathered(story.app, Date.parse('2026-03-03T09:00:00Z'));
      expect((await mails()).sort()).toEqual([
        'ann@acme.example: New lead: Ann Lee, acme.com (90 points)',
        'mia@acme.example: Looked at prices: Ann Lee, acme.com (30 points)',
      ]);
    });
  });

  describe('the ways that somebody chose', () => {
    test('are the only ones, but what is theirs to do is in the app in any case', async () => {
      const none = `{"leads":[],"signals":[],"exceptions":[],"team":[]}`;
      await prefer('ann', `channels|'${none}'`);
      await prefer('mia', `channels|'${none}'`);
      await story.call([ann, pricing()]);
      await story.call([{ ...ann, traits: { ...ann.traits, title: 'VP' } }, demo]);
      expect(await alerts()).toEqual([]);
      expect(await mails()).toEqual([]);
      expect(await alerts('handoff')).toHaveLength(1);
    });
  });

  describe('people', () => {
    const tell = (to: readonly string[]) =>
      story.see('u1').then(({ id: contactId }) =>
        db.transaction(async sql => {
          const payload = plainAlert({
            kind: 'exception',
            occasion: 'A lead lacks data',
            sentence: 'No phone.',
            contactId,
          });
          await notify(sql, story.app, [
            { payload, to, at: Date.parse('2026-03-02T10:00:00Z'), label: 'Look' },
          ]);
        }),
      );

    test('who are switched off are not told; when nobody is left, admins are', async () => {
      await story.call(ann);
      await db.script(
        `update app_user set active = false where id = 'bob'; update app_user set role = 'admin' where id = 'mia'`,
      );
      await tell(['bob', 'ann']);
      expect((await alerts('exception')).map(line => line.split(':')[0])).toEqual(['ann']);
      await db.script('delete from alert');
      await tell(['bob']);
      expect(await alerts('exception')).toEqual(['mia: Look: Ann Lee, acme.com: No phone.']);
    });
  });

  describe('the daily view of a manager', () => {
    const due = Date.parse('2026-03-03T08:30:00Z');
    const look = (time: string) => sweepBulletins(story.app, Date.parse(time));

    test('tells of each person what is new, open, overdue and waiting', async () => {
      await look('2026-03-02T10:00:00Z');
      await story.call([{ ...ann, traits: { ...ann.traits, title: 'VP' } }, demo]);
      await db.script('delete from outbox');
      await look('2026-03-03T08:29:00Z');
      expect(await mails()).toEqual([]);
      await sweepBulletins(story.app, due);
      await sweepBulletins(story.app, due);
      const [mail, more] = await promised('email');
      expect(more).toBeUndefined();
      expect(mail?.recipient).toBe('mia@acme.example');
      expect(mail?.payload).toMatchObject({
        kind: 'bulletin',
        sentence: '1 new lead, 1 open, 1 overdue and 0 exceptions waiting.',
        items: [{ title: 'ann', text: '1 new lead, 1 open, 1 overdue, 0 exceptions waiting' }],
      });
    });

    test('is not sent when there is nothing to tell, or when it is switched off', async () => {
      await look('2026-03-02T10:00:00Z');
      await sweepBulletins(story.app, due);
      expect(await mails()).toEqual([]);
      await db.script(`update preference set bulletin = 'off'`);
      expect(await look('2026-03-04T08:30:00Z')).toBe(0);
    });
  });
});
