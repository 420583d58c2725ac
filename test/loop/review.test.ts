import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { alertPayload, messageOf } from '../../src/core/alert/message.ts';
import { htmlOf, textOf } from '../../src/core/delivery/mail.ts';
import type { Database } from '../../src/db/database.ts';
import type { App } from '../../src/loop/app.ts';
import { sweepReviews } from '../../src/loop/review/reminder.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld } from '../world/app.ts';
import { addAgreement, addContact, addEpisode, addUser, clear, DAY, HOUR } from '../world/seed.ts';

/** The first of June 2026 is a Monday: week 22 and May are over, and no quarter. */
const MONDAY = Date.UTC(2026, 5, 1);
const BODY = { agreement: 1, name: 'Core', scores: { fit: {} }, targets: { acceptance: [0.65, 0.75] } };

describe.each(DRIVERS)('reminders of reviews on $name', ({ open }) => {
  let db: Database;
  let app: App;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clear(db);
    await db.script('delete from review_entry; delete from review_notice');
    await addAgreement(db, { body: BODY });
    await addUser(db, { name: 'Mia', role: 'marketing' });
    await addUser(db, { name: 'Max', role: 'manager' });
    await addUser(db, { name: 'Rob', role: 'rep' });
    app = makeWorld(db, { now: MONDAY, environment: { SMTP_URL: 'smtp://mail.acme.example' } }).app;
    const handedOffAt = MONDAY - 4 * DAY;
    await addEpisode(db, {
      contactId: await addContact(db),
      handedOffAt,
      firstTouchDueAt: handedOffAt + HOUR,
    });
  });

  const alerts = async () =>
    (
      await db.run<{ readonly user_id: string; readonly label: string }>(
        { name: '', text: `select user_id, label from alert where kind = 'review' order by label, user_id` },
        [],
      )
    ).map(row => `${row.user_id}: ${row.label}`);
  const mails = async () =>
    (
      await db.run<{ readonly subject: string; readonly payload: unknown }>(
        {
          name: '',
          text: `select recipient, subject, payload from outbox where channel = 'email' order by subject, recipient`,
        },
        [],
      )
    ).map(row => ({ subject: row.subject, payload: alertPayload.parse(row.payload) }));

  test('come on the first working day at eight, once, also from two servers', async () => {
    expect(await sweepReviews(app, MONDAY + 8 * HOUR - 1)).toBe(0);
    expect(await alerts()).toEqual([]);
    const at = MONDAY + 8 * HOUR;
    const sent = await Promise.all([sweepReviews(app, at), sweepReviews(app, at)]);
    expect(sent[0] + sent[1]).toBe(2);
    expect(await alerts()).toEqual([
      'max: Monthly review: May 2026',
      'mia: Monthly review: May 2026',
      'max: Weekly digest: Week 22, from 25 May 2026',
      'mia: Weekly digest: Week 22, from 25 May 2026',
    ]);
    expect(await sweepReviews(app, at + DAY)).toBe(0);
    expect(await alerts()).toHaveLength(4);
  });

  test('are mails that hold the review itself, and lead to it', async () => {
    await sweepReviews(app, MONDAY + 8 * HOUR);
    const all = await mails();
    expect(all).toHaveLength(4);
    const digest = all.find(({ subject }) => subject.startsWith('Weekly digest'));
    if (digest === undefined) throw new Error('there is no digest');
    const message = messageOf(digest.payload, 'https://baton.acme.example');
    for (const body of [htmlOf(message), textOf(message)]) {
      expect(body).toContain('1 lead waits for a decision, 1 of them late');
      expect(body).toContain('https://baton.acme.example/reviews/weekly/2026-W22');
    }
    expect(htmlOf(message)).not.toMatch(/<svg|<script|<img/);
  });

  test('are not sent to those who switched them off', async () => {
    await db.script(
      `insert into preference (user_id, channels) values ('mia', '{"leads":["in_app"],"signals":[],"exceptions":["in_app"],"team":[],"reviews":[]}')`,
    );
    await sweepReviews(app, MONDAY + 8 * HOUR);
    expect((await alerts()).filter(alert => alert.startsWith('mia'))).toEqual([]);
    expect(await mails()).toHaveLength(2);
  });

  test('still come where somebody chose ways before there were reviews', async () => {
    await db.script(
      `insert into preference (user_id, channels) values ('mia', '{"leads":["in_app"],"signals":[],"exceptions":["in_app"],"team":[]}')`,
    );
    await sweepReviews(app, MONDAY + 8 * HOUR);
    expect((await alerts()).filter(alert => alert.startsWith('mia'))).toHaveLength(2);
  });

  test('do not come days late, or where nothing was ever handed over', async () => {
    expect(await sweepReviews(app, MONDAY + 8 * HOUR + 3 * DAY + 1)).toBe(0);
    await db.script('delete from episode');
    expect(await sweepReviews(app, MONDAY + 9 * HOUR)).toBe(0);
    expect(await alerts()).toEqual([]);
  });
});
