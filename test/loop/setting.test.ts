import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { INTAKE_DEFAULT } from '../../src/core/intake/setting.ts';
import type { Database } from '../../src/db/database.ts';
import { loadHealth } from '../../src/db/operation/health.ts';
import { keepRejected } from '../../src/loop/intake/rejected.ts';
import { changeIntakeSettings, findIntakeSettings } from '../../src/loop/intake/setting.ts';
import { DRIVERS } from '../db/opened.ts';
import { empty } from '../world/empty.ts';
import { addUser } from '../world/seed.ts';
import { begin, type Story } from './story.ts';

describe.each(DRIVERS)('the settings of the intake on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await empty(db, ['setting', 'rejected_notice', 'rejected_day', 'rejected_call']);
    story = await begin(db);
    story.at('2026-03-02T10:00:00Z');
  });

  const by = { actor: 'Ada', now: Date.parse('2026-03-02T10:00:00Z') };
  const change = (more: Partial<Parameters<typeof changeIntakeSettings>[1]>) =>
    changeIntakeSettings(story.app, { ...settings(), ...more }, by);
  const settings = () => ({ oldestYears: 10, mailEvents: [], freeDomains: [], businessDomains: [] });
  const person = (id: string, email: string, company = 'Bos Bouw') => ({
    type: 'identify',
    userId: id,
    traits: { email, name: id, title: 'VP', company: { name: company } },
  });
  const known = async () =>
    Object.fromEntries(
      (
        await story.query(
          { name: 'text', kind: 'text?', domain: 'text?' },
          `select c.name, c.contact->>'emailKind' as kind, company.domain from contact c
           left join company on company.id = c.company_id order by c.name`,
        )
      ).map(({ name, kind, domain }) => [name, [kind, domain]]),
    );
  const machines = async () =>
    (await story.query({ n: 'int8' }, 'select count(*) as n from event where machine is not null'))[0]?.n;

  test('strangers at one provider share no company, those who work for it do', async () => {
    await story.call([
      person('jan', 'jan.bos@ziggo.nl'),
      person('els', 'els.kok@ziggo.nl', 'Kok Zorg'),
      person('bea', 'bea@bt.com', 'BT Group plc'),
      person('bob', 'bob@bt.com', 'British Telecom'),
      person('joe', 'joe@bt.com', 'Joe’s Plumbing'),
    ]);
    expect(await known()).toEqual({
      jan: ['free', null],
      els: ['free', null],
      bea: ['business', 'bt.com'],
      bob: ['business', 'bt.com'],
      joe: ['free', null],
    });
  });

  test('a contact came to be when a trait says so, in seconds, too', async () => {
    for (const [id, createdAt] of Object.entries({
      sec: 1_764_410_355,
      ms: '1764410355000',
      mail: 'Sat, 29 Nov 2025 09:59:15 GMT',
    }))
      await story.call({ ...person(id, `${id}@acme.example`), traits: { createdAt } });
    for (const id of ['sec', 'ms', 'mail'])
      expect((await story.see(id)).createdAt).toBe('2025-11-29T09:59:15.000Z');
  });

  test('a workspace corrects the lists for addresses that are learned from then on', async () => {
    await story.call([person('ann', 'ann@acme.example'), person('jan', 'jan@ziggo.nl')]);
    await change({ freeDomains: ['acme.example'], businessDomains: ['ziggo.nl'] });
    await story.call([person('bob', 'bob@acme.example'), person('els', 'els@ziggo.nl')]);
    expect(await known()).toEqual({
      ann: ['business', 'acme.example'],
      jan: ['free', null],
      bob: ['free', null],
      els: ['business', 'ziggo.nl'],
    });
  });

  const mail = (name: string, properties: object = {}) => ({
    type: 'track',
    userId: 'tm',
    event: name,
    properties: { email_id: 'n1', ...properties },
    timestamp: '2026-03-02T09:59:00Z',
  });
  const clicks = (name: string) => [0, 1, 2, 3, 4].map(link => mail(name, { link_url: `/${link}` }));

  test('five links within two seconds of delivery are a machine’s by the names of tools and of the workspace', async () => {
    await story.call([mail('Email Delivered'), ...clicks('Email Clicked')]);
    expect(await machines()).toBe(5);
    await story.call(clicks('Nudge Tapped'));
    expect(await machines()).toBe(5);
    await change({ mailEvents: [{ name: 'nudge tapped', kind: 'clicked' }] });
    await story.call(clicks('Nudge Tapped'));
    // Those of before are of the same burst.
    expect(await machines()).toBe(15);
  });

  test('are kept in the journal as far as they changed, and once', async () => {
    expect(await findIntakeSettings(db)).toEqual(INTAKE_DEFAULT);
    await change({ oldestYears: 3, businessDomains: ['bt.com'] });
    await change({ oldestYears: 3, businessDomains: ['bt.com'] });
    await change({ oldestYears: 3 });
    expect(await findIntakeSettings(db)).toEqual({ ...INTAKE_DEFAULT, oldestYears: 3 });
    const entries = await story.query(
      { particulars: 'jsonb', actor: 'text' },
      `select particulars, actor from journal where kind = 'intake_changed' order by id`,
    );
    const one = 'business addresses of bt.com';
    expect(entries).toEqual([
      { actor: 'Ada', particulars: { oldestYears: 3, before: 10, added: [one], removed: [] } },
      { actor: 'Ada', particulars: { oldestYears: 3, before: 3, added: [], removed: [one] } },
    ]);
  });

  test('admins hear once a day of each cause why calls are rejected', async () => {
    const reject = (reasons: readonly string[], day = 2, app = story.app) =>
      keepRejected(
        app,
        reasons.map(reason => ({ id: story.app.newId(), reason, problems: [], call: {} })),
        {
          now: Date.parse(`2026-03-0${day}T10:00:00Z`),
          keyId: '00000000-0000-4000-8000-000000000001',
          trust: 'server',
        },
      );
    const alerts = async () =>
      (
        await story.query(
          { user_id: 'text', kind: 'text', text: 'text' },
          `select user_id, kind, text from alert order by at, user_id`,
        )
      ).map(({ user_id: user, kind, text }) => `${user} ${kind}: ${text}`);
    await reject(['timestamp: the time has no zone']);
    expect(await alerts()).toEqual([]);
    for (const id of ['ada', 'abe']) await addUser(db, { id, name: id, role: 'admin' });
    await reject(['timestamp: the time has no zone', 'timestamp: the time has no zone']);
    expect(await alerts()).toEqual(
      ['abe', 'ada'].map(name =>
        expect.stringMatching(`^${name} rejected: .*timestamp: the time has no zone`),
      ),
    );
    await reject(['timestamp: the time has no zone']);
    // Another node knows nothing of it, and asks the database.
    await reject(['timestamp: the time has no zone'], 2, {
      ...story.app,
      memory: { ...story.app.memory, causes: new Map() },
    });
    expect(await alerts()).toHaveLength(2);
    await reject([
      'userId: expected at most 255 characters, got 300',
      'event: expected the name of the event',
    ]);
    await reject(['userId: expected at most 255 characters, got 301']);
    expect(await alerts()).toHaveLength(4);
    await reject(['timestamp: the time has no zone'], 3);
    expect(await alerts()).toHaveLength(6);
    const health = await loadHealth(db, Date.parse('2026-03-03T10:30:00Z'));
    expect(health.find(({ gauge }) => gauge === 'rejected_waiting')?.value).toBe(1);
  });
});
