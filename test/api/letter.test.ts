import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { Role } from '../../src/contract/role.ts';
import type { Database } from '../../src/db/database.ts';
import { deliverDue } from '../../src/loop/delivery/outbox.ts';
import { openSenders } from '../../src/loop/delivery/sender.ts';
import { addBounce } from '../../src/loop/letter/stop.ts';
import { sweepNews } from '../../src/loop/nurture/news.ts';
import { handlers } from '../../src/server/api/handlers.ts';
import { DRIVERS } from '../db/opened.ts';
import { AGREEMENT } from '../loop/agreement.ts';
import { begin, type Story } from '../loop/story.ts';
import { makeWorld, person } from '../world/app.ts';
import { empty } from '../world/empty.ts';
import { type MailPeer, openMailPeer } from '../world/peer.ts';

const NOW = Date.parse('2026-03-02T11:00:00Z');
const WITH_LETTERS = {
  ...AGREEMENT,
  templates: {
    thanks: { subject: 'Thanks, {{ contact.firstName | default: "you" }}', text: 'From {{ sender.name }}' },
    price: { subject: 'Prices', text: 'From {{ sender.name }} at {{ sender.email }}' },
    later: { subject: 'Still there?', text: 'From {{ sender.name }}', html: '<p>{{ sender.name }}</p>' },
  },
  outreach: [
    { id: 'ack', on: 'Demo Requested', email: 'thanks', from: 'owner' },
    { id: 'list', on: 'Prices Asked', email: 'price', from: 'sales@acme.example' },
  ],
  reasons: [{ id: 'timing', label: 'Not now', then: 'recycle', wait: '30d', nurture: 'later' }],
  nurture: [{ id: 'later', label: 'Later', steps: [{ wait: '3d', email: 'later' }] }],
};

describe.each(DRIVERS)('letters over the API, on $name', driver => {
  let db: Database;
  let mail: MailPeer;
  let story: Story;
  let environment: Readonly<Record<string, string>>;
  let id: string;
  let said = 0;
  beforeAll(async () => {
    [db, mail] = await Promise.all([driver.open(), openMailPeer()]);
    environment = {
      SMTP_URL: mail.url,
      BATON_URL: 'https://baton.acme.example',
      MAIL_FROM: 'Acme <hello@acme.example>',
    };
  });
  afterAll(async () => {
    await Promise.all([db.close(), mail.close()]);
  });
  beforeEach(async () => {
    await empty(db, ['letter', 'letter_stop', 'letter_news', 'lane']);
    mail.mails.length = 0;
    story = await begin(db, { agreement: WITH_LETTERS, environment });
    await db.script(`update app_user set name = 'Ann Reed' where id = 'ann'`);
    story.at('2026-03-02T10:00:00Z');
    await story.call([
      {
        type: 'identify',
        userId: 'lea',
        traits: { email: 'lea@lead.com', firstName: 'Lea', title: 'VP' },
      },
      { type: 'track', userId: 'lea', event: 'Demo Requested' },
    ]);
    id = (await story.see('lea')).id;
  });

  const as = (who: string, role: Role) =>
    makeWorld(story.db, { now: NOW + said++, environment }).as(person(who, role));
  const list = (limit = 10, cursor?: string) =>
    handlers.listLetters(as('mark', 'marketing'), {
      params: { id },
      query: cursor === undefined ? { limit } : { limit, cursor },
      body: undefined,
    });
  const stop = (body: object = {}, who = 'fay', role: Role = 'rep') =>
    handlers.stopLetters(as(who, role), {
      params: { id },
      query: undefined,
      body: api.stopLetters.body.parse(body),
    });
  const allow = (body: object, who = 'ann', role: Role = 'rep') =>
    handlers.allowLetters(as(who, role), {
      params: { id },
      query: undefined,
      body: api.allowLetters.body.parse(body),
    });
  const deliver = async () => {
    const { senders, close } = openSenders(story.app, 'https://baton.acme.example');
    await deliverDue(story.app, senders, { now: story.app.clock(), batch: 50, channels: ['email'] });
    close();
  };
  const told = async () => {
    const { items } = await handlers.listTimeline(as('ann', 'rep'), {
      params: { id },
      query: { limit: 50 },
      body: undefined,
    });
    return items
      .filter(({ kind }) => kind === 'letter')
      .map(({ title, detail, actor }) => [title, detail, actor]);
  };

  describe('a contact’s letters', () => {
    test('are waiting, then sent, with what they said', async () => {
      expect((await list()).items).toMatchObject([{ state: 'waiting', subject: null, purpose: 'outreach' }]);
      await deliver();
      expect(await list()).toMatchObject({
        items: [
          {
            state: 'sent',
            template: 'thanks',
            entry: 'ack',
            owner: 'Ann Reed',
            address: 'lea@lead.com',
            subject: 'Thanks, Lea',
            text: expect.stringContaining('From Ann Reed'),
            reason: null,
          },
        ],
        refusal: null,
        field: null,
        stops: [],
      });
    });

    test('come a page at a time, the newest first', async () => {
      story.at('2026-03-02T10:30:00Z');
      await story.call({ type: 'track', userId: 'lea', event: 'Prices Asked' });
      const first = await list(1);
      expect(first.items).toMatchObject([{ entry: 'list', owner: 'sales@acme.example' }]);
      const next = await list(1, first.nextCursor ?? '');
      expect(next).toMatchObject({ items: [{ entry: 'ack' }], nextCursor: null });
    });

    test('of nobody are not found', async () => {
      id = story.app.newId();
      await expect(list()).rejects.toMatchObject({ code: 'notFound' });
      await expect(stop()).rejects.toMatchObject({ code: 'notFound' });
    });
  });

  describe('the preview', () => {
    const preview = (contactId?: string, world = environment) =>
      handlers.previewLetters(
        makeWorld(story.db, { now: NOW, environment: world }).as(person('mark', 'marketing')),
        {
          params: { id: 'core', version: 1 },
          query: contactId === undefined ? {} : { contactId },
          body: undefined,
        },
      );

    test('fills each template in, in the name that its entry says', async () => {
      const { contact, letters, missing } = await preview(id);
      expect(contact).toEqual({ id, name: 'Lea', email: 'lea@lead.com' });
      expect(missing).toEqual([]);
      expect(
        letters.map(({ template, from, replyTo, subject }) => [template, from, replyTo, subject]),
      ).toEqual([
        ['thanks', 'Ann Reed via Acme <hello@acme.example>', 'Ann Reed <ann@acme.example>', 'Thanks, Lea'],
        ['price', 'Acme <hello@acme.example>', 'sales@acme.example', 'Prices'],
        ['later', 'Ann Reed via Acme <hello@acme.example>', 'Ann Reed <ann@acme.example>', 'Still there?'],
      ]);
      expect(letters[1]?.text).toContain('From Acme at sales@acme.example');
      expect(letters[2]?.html).toContain('<p>Ann Reed</p>');
      expect(letters.every(({ text }) => text.includes('https://baton.acme.example/unsubscribe/test'))).toBe(
        true,
      );
    });

    test('says what is not set up, takes a contact of its own accord, and knows no other version or contact', async () => {
      const { missing, contact } = await preview(undefined, {});
      expect(missing.join()).toMatch(/SMTP_URL.*BATON_URL/);
      expect(contact.email).toBe('lea@lead.com');
      await expect(preview(story.app.newId())).rejects.toMatchObject({ code: 'notFound' });
      const asked = { params: { id: 'core', version: 2 }, query: {}, body: undefined };
      await expect(handlers.previewLetters(as('mark', 'marketing'), asked)).rejects.toMatchObject({
        code: 'notFound',
      });
    });
  });

  describe('mail stopped by hand', () => {
    test('goes out no more, not even what waited, and ends the track', async () => {
      await story.reject('lea', 'timing');
      expect(await stop({ note: 'Said so on the phone' })).toEqual({ id });
      await deliver();
      expect(mail.mails.filter(({ to }) => to.includes('lea@lead.com'))).toEqual([]);
      expect(await list()).toMatchObject({
        items: [{ state: 'refused', because: 'opted_out' }],
        refusal: { because: 'opted_out' },
        stops: [
          {
            kind: 'opted_out',
            address: 'lea@lead.com',
            detail: 'Said so on the phone',
            by: 'fay',
            endedAt: null,
          },
        ],
      });
      await sweepNews(story.app, NOW);
      expect(await story.query({ because: 'text?' }, 'select left_because as because from nurture')).toEqual([
        { because: 'unsubscribed' },
      ]);
      expect(await told()).toContainEqual([
        'Wants no mail from us',
        'lea@lead.com\nSaid so on the phone',
        'fay',
      ]);
      await expect(stop()).rejects.toMatchObject({ code: 'conflict' });
    });

    test('is allowed again with a reason, by who may work on the lead', async () => {
      await stop();
      const wish = { kind: 'opted_out', note: 'Asked for the price list' };
      await expect(allow(wish, 'bob')).rejects.toMatchObject({ code: 'forbidden' });
      expect(api.allowLetters.body.safeParse({ kind: 'opted_out', note: ' ' }).success).toBe(false);
      expect(await allow(wish)).toEqual({ id });
      expect(await list()).toMatchObject({ refusal: null, stops: [{ endedBy: 'ann' }] });
      expect(await told()).toContainEqual([
        'Wants mail from us again',
        'lea@lead.com\nAsked for the price list',
        'ann',
      ]);
      await expect(allow(wish)).rejects.toMatchObject({ code: 'conflict' });
      await deliver();
      expect((await list()).items).toMatchObject([{ state: 'sent' }]);
    });

    test('is not allowed against what the profile says', async () => {
      await story.call({ type: 'identify', userId: 'lea', traits: { hs_email_optout: true } });
      await expect(allow({ kind: 'opted_out', note: 'They want it' })).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('hs_email_optout'),
      });
      await expect(stop()).rejects.toMatchObject({ code: 'conflict' });
    });

    test('a mailbox that works again gets mail, and an opt-out stays', async () => {
      const bounce = {
        contactId: id,
        address: 'lea@lead.com',
        at: NOW,
        by: 'the mail server',
        detail: '550',
      };
      await story.db.transaction(sql => addBounce(sql, story.app, bounce));
      await stop();
      await allow({ kind: 'bounced', note: 'They wrote from it' });
      expect(await list()).toMatchObject({ refusal: { because: 'opted_out' } });
      await allow({ kind: 'opted_out', note: 'They want it' });
      expect((await list()).refusal).toBeNull();
      expect((await told()).map(([title]) => title)).toContain('The address may get mail again');
      await expect(allow({ kind: 'bounced', note: 'Again' })).rejects.toMatchObject({ code: 'conflict' });
    });
  });
});
