import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, stamp, statements } from '../../../src/db/database.ts';
import '../../../src/db/delivery/delivery.ts';
import '../../../src/db/delivery/lane.ts';
import '../../../src/db/delivery/outbox.ts';
import '../../../src/db/delivery/webhook.ts';
import { DRIVERS } from '../../db/opened.ts';

const [driver] = DRIVERS.filter(({ name }) => name === 'postgres');
const ROWS = 200_000;
const NOW = Date.UTC(2026, 2, 1);

// Two hundred thousand messages of half a year: all sent but for a hundred that wait and a hundred that failed.
const HISTORY = `
  insert into outbox (id, channel, recipient, subject, payload, state, attempts, created_at, next_attempt_at, sent_at, queued_at,
      contact_id, episode_id)
    select gen_random_uuid(), (array['email', 'slack', 'in_app'])[1 + n % 3], 'r' || n % 50, 'New lead: ' || n, '{}',
      case when n % 2000 = 0 then 'waiting' when n % 2000 = 1 then 'failed' else 'sent' end, 1, at,
      case when n % 2000 = 0 then at end, case when n % 2000 > 1 then at end, at, gen_random_uuid(), gen_random_uuid()
    from (select n, timestamptz '2026-03-01' - n * interval '75 seconds' as at from generate_series(1, ${ROWS}) n) dated`;

describe.skipIf(driver === undefined)(`with ${ROWS} messages on PostgreSQL`, () => {
  let db: Database;
  beforeAll(async () => {
    if (driver === undefined) return;
    db = await driver.open();
    await db.script(HISTORY);
    await db.script('vacuum analyze outbox');
  }, 120_000);
  afterAll(() => db?.close());

  const plan = async (name: string, params: readonly unknown[]): Promise<string> => {
    const statement = statements.get(name);
    if (statement === undefined) throw new Error(`there is no statement ${name}`);
    const rows = await db.run<Readonly<Record<string, string>>>(
      { name: '', text: `explain ${statement.text}` },
      params,
    );
    return rows.map(row => Object.values(row).join()).join('\n');
  };
  const now = stamp(NOW);
  const claim = [now, ['email', 'slack', 'in_app', 'webhook'], [50, 50, 50, 50], stamp(NOW + 60_000), []];
  const id = '11111111-2222-4333-8444-555555555555';
  const page = { at: now, id, state: null, channel: null, like: null, limit: 51 };

  test.each([
    { name: 'claim_deliveries', params: claim, index: 'outbox_due' },
    { name: 'list_deliveries', params: [...Object.values(page), null, false], index: 'outbox_created' },
    {
      name: 'list_unsent_deliveries',
      params: [...Object.values({ ...page, state: 'failed' }), null, false],
      index: 'outbox_unsent',
    },
    { name: 'list_contact_deliveries', params: [...Object.values(page), id, false], index: 'outbox_contact' },
    { name: 'list_episode_deliveries', params: [...Object.values(page), id, false], index: 'outbox_episode' },
    { name: 'list_webhook_deliveries', params: [...Object.values(page), id, false], index: 'outbox_webhook' },
    { name: 'purge_deliveries', params: [stamp(NOW - 90 * 86_400_000), 500], index: 'outbox_created' },
    { name: 'count_unsent', params: [now], index: 'outbox_unsent' },
    { name: 'clear_lanes', params: ['email', ['(mail server)'], now], index: 'outbox_due' },
    { name: 'load_thread_subjects', params: [[id]], index: 'outbox_episode' },
    {
      name: 'mark_deliveries',
      params: [[id], [1], ...Array.from({ length: 11 }, () => [null])],
      index: 'outbox_pkey',
    },
  ])('$name reads by the index $index', async ({ name, params, index }) => {
    const shown = await plan(name, params);
    expect(shown).toContain(index);
    expect(shown).not.toMatch(/Seq Scan on outbox\b/);
  });

  test('a claim with nothing due reads next to nothing', async () => {
    const statement = statements.get('claim_deliveries');
    const none = [stamp(Date.UTC(2020, 1, 1)), ...claim.slice(1)];
    const rows = await db.run<Readonly<Record<string, string>>>(
      { name: '', text: `explain (analyze, buffers) ${statement?.text}` },
      none,
    );
    const shown = rows.map(row => Object.values(row).join()).join('\n');
    const hits = /Buffers: shared hit=(\d+)/.exec(shown)?.[1];
    expect(Number(hits)).toBeLessThan(50);
  });
});
