import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BREACHES } from '../../src/core/report/conservation.ts';
import type { Database } from '../../src/db/database.ts';
import { deliverDue } from '../../src/loop/delivery/outbox.ts';
import { openSenders } from '../../src/loop/delivery/sender.ts';
import {
  changeWebhook,
  dropWebhook,
  registerWebhook,
  switchWebhookOn,
} from '../../src/loop/delivery/subscription.ts';
import { findBreaches, sweepConservation } from '../../src/loop/report/conservation.ts';
import { DRIVERS } from '../db/opened.ts';
import { begin, type Story } from './story.ts';

const vp = (userId: string) => ({
  type: 'identify',
  userId,
  traits: { title: 'VP', email: `${userId}@acme.example` },
});
const demo = (userId: string) => ({ type: 'track', event: 'Demo Requested', userId });
const page = (userId: string) => ({ type: 'page', userId });

describe.each(DRIVERS)('the conservation of leads on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db);
    await db.script(`delete from setting where name = 'conservation'; delete from worker`);
    story.at('2026-03-02T10:00:00Z');
  });

  const now = () => story.app.clock();
  const kinds = async () => (await findBreaches(db, now())).map(({ kind, count }) => [kind, count]);
  const break_ = (text: string) => db.script(text);
  const exceptions = () =>
    story.query(
      { subject: 'text', owner_id: 'text?', detail: 'text', closed_at: 'timestamptz?' },
      `select subject, owner_id, detail, closed_at from exception where kind = 'breach' order by opened_at, subject`,
    );
  const check = () => sweepConservation(story.app, now());

  test('holds at every step of a lead that is rejected, waits, comes back and is accepted', async () => {
    const { at, call, tick, reject, accept, touch } = story;
    const holds = async () => {
      expect(await kinds()).toEqual([]);
      await tick();
      expect(await kinds()).toEqual([]);
    };
    await holds();
    await call([vp('u1'), demo('u1'), page('u1')]);
    await holds();
    await touch('u1');
    await holds();
    at('2026-03-02T11:00:00Z');
    await reject('u1', 'timing');
    await holds();
    await call(demo('u1'));
    await holds();
    at('2026-04-05T10:00:00Z');
    await tick();
    await holds();
    await call(demo('u1'));
    await holds();
    expect((await story.see('u1')).episodes).toHaveLength(2);
    at('2026-04-05T10:05:00Z');
    await accept('u1');
    await holds();
    await call([vp('u2'), demo('u2')]);
    await reject('u2', 'junk');
    await call(demo('u2'));
    await holds();
  });

  test('holds for contacts that a disqualifier keeps away, and for imported history', async () => {
    const { call } = story;
    await call([{ ...vp('u1'), traits: { title: 'VP', email: 'a@rival.com' } }, demo('u1')]);
    await call([vp('u2'), demo('u2')], { opens: 'never' });
    expect(await kinds()).toEqual([]);
    await call(page('u2'));
    expect(await kinds()).toEqual([]);
  });

  test('names a contact that qualifies and was not handed over', async () => {
    await story.call([vp('u1'), demo('u1')]);
    await break_(
      'delete from task; delete from journal; delete from alert; update exception set episode_id = null',
    );
    await break_(`delete from routing_ledger; delete from episode`);
    const [breach] = await findBreaches(db, now());
    expect(breach).toMatchObject({
      kind: 'not_handed_over',
      label: '1 contact qualifies and was not handed over',
      count: 1,
      examples: [{ contactId: (await story.see('u1')).id, episodeId: null, detail: 'by hand_raiser' }],
    });
  });

  test('names one whose wait after a recycling is over, and one that was closed by a disqualifier that holds no more', async () => {
    const { call, at, reject } = story;
    await call([vp('u1'), demo('u1')]);
    await reject('u1', 'busy');
    expect(await kinds()).toEqual([]);
    at('2026-03-02T10:05:00Z');
    await break_(`update contact set last_seen_at = '2026-03-02T10:04:00Z'`);
    expect(await kinds()).toEqual([['not_handed_over', 1]]);
    await break_(`update episode set state = 'won'`);
    expect(await kinds()).toEqual([]);
    await break_(`update episode set state = 'disqualified', disqualifier = 'rival', decided_at = null`);
    expect(await kinds()).toEqual([['not_handed_over', 1]]);
    await break_(`update standing set left_alone = 'imported history'`);
    expect(await kinds()).toEqual([]);
  });

  test('names an open lead without an owner that nobody is asked to find one for', async () => {
    await story.call([vp('u1'), demo('u1')]);
    await break_(`update episode set owner_id = null`);
    expect(await kinds()).toEqual([['unowned', 1]]);
    await break_(`update episode set waiting_for = 'nobody is there'`);
    expect(await kinds()).toEqual([['unowned', 1]]);
    await break_(`insert into exception (id, kind, reason, subject, detail, particulars, contact_id, episode_id, opened_at, due_at)
      select gen_random_uuid(), 'unassigned', 'nobody_eligible', 'episode ' || id, '', '{}', contact_id, id, now(), now() from episode`);
    expect(await kinds()).toEqual([]);
    await break_(`update exception set closed_at = now()`);
    expect(await kinds()).toEqual([['unowned', 1]]);
  });

  test('names an open lead of somebody who is switched off', async () => {
    await story.call([vp('u1'), demo('u1')]);
    await break_(`update app_user set active = false where id in ('ann', 'bob')`);
    expect(await findBreaches(db, now())).toMatchObject([
      { kind: 'owner_inactive', count: 1, examples: [{ detail: expect.stringContaining('belongs to ') }] },
    ]);
  });

  test('names an open lead of somebody who may not work leads', async () => {
    await story.call([vp('u1'), demo('u1')]);
    await break_(`update app_user set role = 'marketing' where id in ('ann', 'bob')`);
    expect(await findBreaches(db, now())).toMatchObject([
      {
        kind: 'owner_inactive',
        label: '1 open lead belongs to somebody who is switched off or may not work leads',
        examples: [{ detail: expect.stringContaining('belongs to ') }],
      },
    ]);
  });

  test('names a lead that was closed without a reason', async () => {
    await story.call([vp('u1'), demo('u1')]);
    await story.reject('u1', 'busy');
    await break_(`update episode set reason = null`);
    expect(await kinds()).toEqual([['closed_without_reason', 1]]);
  });

  test("names an open lead that is on nobody's task list", async () => {
    await story.call([vp('u1'), demo('u1')]);
    await break_('delete from task');
    expect(await kinds()).toEqual([['no_task', 1]]);
    await story.touch('u1');
    expect(await kinds()).toEqual([]);
  });

  test('names a contact that waits for more than ten minutes to be scored anew', async () => {
    const { at, call, see, tick } = story;
    await call([vp('u1'), page('u1')]);
    const due = Date.parse((await see('u1')).nextChangeAt ?? '');
    at(new Date(due + 599_000).toISOString());
    expect(await kinds()).toEqual([]);
    at(new Date(due + 600_000).toISOString());
    expect(await kinds()).toEqual([['not_evaluated', 1]]);
    await tick();
    expect(await kinds()).toEqual([]);
  });

  test('names a message that failed while nobody was told', async () => {
    await break_(`insert into outbox (id, channel, recipient, subject, payload, state, attempts, created_at, last_error)
      values (gen_random_uuid(), 'email', 'ann@acme.example', 's', '{}', 'failed', 3, '2026-03-02T09:00:00Z', 'no such mailbox')`);
    expect(await findBreaches(db, now())).toMatchObject([
      { kind: 'failed_unseen', count: 1, examples: [{ detail: 'email: no such mailbox' }] },
    ]);
    await break_(`insert into exception (id, kind, reason, subject, detail, particulars, opened_at, due_at)
      values (gen_random_uuid(), 'delivery', 'recipient_gone', 'delivery email ann@acme.example', '', '{}', now(), now())`);
    expect(await kinds()).toEqual([]);
  });

  test('knows that whoever switched a webhook off knows what failed by that, also once it is on again', async () => {
    const by = { actor: 'Mia', userId: 'mia', role: 'admin' as const, now: now() };
    const wanted = {
      url: 'https://crm.acme.example/x',
      description: '',
      eventTypes: [],
      allowPrivate: false,
    };
    const { id } = await registerWebhook(story.app, wanted, by);
    await story.call([vp('u1'), demo('u1')]);
    expect(await story.count(`outbox where webhook_id = '${id}' and state = 'waiting'`)).toBe(1);
    await changeWebhook(story.app, id, { enabled: false }, by);
    expect(await kinds()).toEqual([]);
    const senders = openSenders(story.app, 'http://localhost');
    await break_(`insert into outbox (id, channel, recipient, subject, payload, state, created_at, next_attempt_at, queued_at, event_type, webhook_id)
      values (gen_random_uuid(), 'webhook', '${id}', 's', '{"type": "lead.closed", "timestamp": "", "data": {}}', 'waiting',
        '2026-03-02T10:00:00Z', '2026-03-02T10:00:00Z', '2026-03-02T10:00:00Z', 'lead.closed', '${id}')`);
    await deliverDue(story.app, senders.senders, { now: now(), batch: 10, channels: ['webhook'] });
    senders.close();
    story.at('2026-03-02T10:05:00Z');
    await switchWebhookOn(story.app, id, { ...by, now: now() });
    expect(await story.count(`outbox where webhook_id = '${id}' and state = 'failed'`)).toBe(2);
    expect(await kinds()).toEqual([]);
    // A failure of its own stays one, whatever the webhook is now.
    await break_(
      `update outbox set last_error = 'the webhook answered 500' where event_type = 'lead.closed'`,
    );
    expect(await kinds()).toEqual([['failed_unseen', 1]]);
    await changeWebhook(story.app, id, { enabled: false }, by);
    expect(await kinds()).toEqual([['failed_unseen', 1]]);
    await dropWebhook(story.app, id, by);
    await break_('delete from webhook');
  });

  test('counts all and names some', async () => {
    const users = Array.from({ length: 25 }, (_, index) => `u${index}`);
    await story.call(users.flatMap(user => [vp(user), demo(user)]));
    await break_('delete from task');
    const [breach] = await findBreaches(db, now());
    expect([breach?.count, breach?.examples.length]).toEqual([25, 20]);
    expect(breach?.label).toBe("25 open leads that nobody touched are on nobody's task list");
  });

  test('opens an exception to an admin, tells once while it lasts, and closes it when it is mended', async () => {
    const { at, call, touch } = story;
    await break_(`update app_user set role = 'admin' where id = 'mia'`);
    await call([vp('u1'), demo('u1'), vp('u2'), demo('u2')]);
    await break_('delete from task; delete from alert');
    expect(await check()).toMatchObject([{ kind: 'no_task', count: 2 }]);
    expect(await exceptions()).toMatchObject([
      {
        subject: 'breach no_task',
        owner_id: 'mia',
        detail: "2 open leads that nobody touched are on nobody's task list",
        closed_at: null,
      },
    ]);
    expect(await story.count(`alert where user_id = 'mia' and label = 'A lead may be lost'`)).toBe(1);
    expect(await check()).toBeNull();
    at('2026-03-02T10:01:00Z');
    await touch('u1');
    await check();
    expect(await exceptions()).toMatchObject([
      { detail: "1 open lead that nobody touched is on nobody's task list", closed_at: null },
    ]);
    expect(await story.count(`alert where user_id = 'mia' and label = 'A lead may be lost'`)).toBe(1);
    at('2026-03-02T10:02:00Z');
    await touch('u2');
    expect(await check()).toEqual([]);
    expect(await exceptions()).toMatchObject([{ closed_at: Date.parse('2026-03-02T10:02:00Z') }]);
  });

  test('waits for a second look before it tells of what other workers mend at once', async () => {
    await story.call([vp('u1'), demo('u1')]);
    await break_(`update app_user set active = false where id in ('ann', 'bob')`);
    await check();
    expect(await exceptions()).toEqual([]);
    story.at('2026-03-02T10:01:00Z');
    await check();
    expect(await exceptions()).toMatchObject([{ subject: 'breach owner_inactive' }]);
  });

  test('every kind can be found', () => {
    expect(BREACHES).toHaveLength(7);
  });
});
