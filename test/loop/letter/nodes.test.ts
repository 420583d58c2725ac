import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCall } from '../../../src/core/intake/call.ts';
import type { Database } from '../../../src/db/database.ts';
import { openPostgres } from '../../../src/db/driver/postgres.ts';
import { makeApp } from '../../../src/loop/app.ts';
import { deliverDue } from '../../../src/loop/delivery/outbox.ts';
import { openSenders } from '../../../src/loop/delivery/sender.ts';
import { takeIn } from '../../../src/loop/intake/intake.ts';
import { describeOnPostgres } from '../../db/opened.ts';
import { type MailPeer, openMailPeer } from '../../world/peer.ts';
import { AGREEMENT } from '../agreement.ts';
import { begin } from '../story.ts';

const NOW = Date.parse('2026-03-02T10:00:00Z');
const COUNT = 12;
const BASE = 'https://baton.acme.example';
const ANSWERING = {
  ...AGREEMENT,
  templates: { hello: { subject: 'Hi', text: 'We call you.' } },
  outreach: [
    { id: 'ack', label: 'Answer', on: 'Demo Requested', email: 'hello', from: 'owner', atMostEvery: '7d' },
  ],
};

describeOnPostgres('two servers that answer hand-raisers', driver => {
  let db: Database;
  let other: Database;
  let mail: MailPeer;
  beforeAll(async () => {
    [db, mail] = await Promise.all([driver.open(), openMailPeer()]);
    const [row] = await db.run<{ readonly name: string }>(
      { name: '', text: 'select current_database()::text as name' },
      [],
    );
    const url = new URL(process.env.DATABASE_URL ?? '');
    url.pathname = `/${row?.name}`;
    other = openPostgres(url.href, () => {});
  });
  afterAll(async () => {
    await other.close();
    await Promise.all([db.close(), mail.close()]);
  });

  test('write each one mail, though both hear of each and both deliver at once', async () => {
    const environment = {
      SMTP_URL: mail.url,
      BATON_URL: BASE,
      BATON_SECRET: 'a secret of tests that is long enough',
    };
    const story = await begin(db, { agreement: ANSWERING, environment });
    story.at('2026-03-02T10:00:00Z');
    const nodes = [story.app, makeApp({ ...story.app, db: other })];
    const hear = (app: (typeof nodes)[number], userId: string, server: number) => {
      const raws = [
        { type: 'identify', userId, traits: { email: `${userId}@lead.com`, title: 'VP' } },
        { type: 'track', userId, event: 'Demo Requested' },
      ];
      const calls = raws.flatMap((raw, index) => {
        // Each server hears of it by a message of its own, as when a form is sent twice.
        const messageId = `${userId}-${server}-${index}`;
        return readCall(raw, { receivedAt: NOW + server, trust: 'server', messageId }).call ?? [];
      });
      return app.db.transaction(sql => takeIn(sql, app, calls, { now: NOW, batchId: null, opens: 'onCall' }));
    };
    const leads = Array.from({ length: COUNT }, (_, index) => `lead${index}`);
    await Promise.all(leads.flatMap(lead => nodes.map((app, server) => hear(app, lead, server))));
    expect(await story.count("letter where state = 'waiting'")).toBe(COUNT);
    const opened = nodes.map(app => ({ app, ...openSenders(app, BASE) }));
    await Promise.all(
      [...opened, ...opened].map(({ app, senders }) =>
        deliverDue(app, senders, { now: NOW + 1_000, batch: 50, channels: ['email'] }),
      ),
    );
    for (const { close } of opened) close();
    const written = mail.mails.flatMap(({ to }) => to.filter(address => address.endsWith('@lead.com')));
    expect(written.sort()).toEqual(leads.map(lead => `${lead}@lead.com`).sort());
    expect(await story.count("letter where state = 'sent'")).toBe(COUNT);
  });
});
