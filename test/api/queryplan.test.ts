import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { statements } from '../../src/db/database.ts';
import '../../src/db/contact/contact.ts';
import '../../src/db/decision/queue.ts';
import '../../src/db/report/acceptance.ts';
import '../../src/db/report/decisive.ts';
import '../../src/db/report/cohort.ts';
import '../../src/db/report/drill.ts';
import '../../src/db/report/health.ts';
import '../../src/db/report/rejection.ts';
import '../../src/db/report/rule.ts';
import '../../src/db/handoff/waiting.ts';
import '../../src/db/contact/timeline.ts';
import '../../src/db/scoring/standing.ts';
import { DRIVERS } from '../db/opened.ts';
import { addAgreement } from '../world/seed.ts';

const [driver] = DRIVERS.filter(({ name }) => name === 'postgres');

// A hundred thousand handoffs over two years, three per cent of them open, of fifty thousand contacts.
const HISTORY = `
  insert into contact (id, created_at, first_seen_at, last_seen_at, name, contact, company_part)
    select gen_random_uuid(), at, at, at, 'Person ' || md5(n::text), '{}', '{}'
    from (select n, timestamptz '2026-03-01' - n * interval '10 minutes' as at from generate_series(1, 50000) n) c;
  insert into contact_identity (kind, value, contact_id) select 'email', md5(name) || '@acme.example', id from contact;
  insert into standing (contact_id, agreement_id, version, stage, stage_since, applies, scores, total, disqualified, evaluated_at)
    select id, 'core', 1, 'lead', created_at, true, '{}', abs(hashtext(name)) % 100, '{}', created_at from contact;
  insert into episode (id, contact_id, agreement_id, version, state, path, path_label, total, sentence, breakdown,
      qualified_at, handed_off_at, routed_because, decision, ended_at, first_touch_due_at)
    select gen_random_uuid(), id, 'core', 1, state, 'score', 'Score', 70, repeat('why ', 100), '{}', at, at, 'x',
      case state when 'recycled' then 'rejected' end, case state when 'recycled' then at end, at + interval '1 hour'
    from (
      select id, at, case when n % 2 = 1 and n < 6000 then 'open' else 'recycled' end as state
      from (
        select id, n, timestamptz '2026-03-01' - n * interval '10 minutes' as at
        from (select id, row_number() over () as n from (select id from contact union all select id from contact) all_) numbered) dated) stated;`;

describe.skipIf(driver === undefined)('with a hundred thousand handoffs on PostgreSQL', () => {
  let db: Database;
  beforeAll(async () => {
    if (driver === undefined) return;
    db = await driver.open();
    await addAgreement(db);
    // On a busy machine it takes longer than a statement may.
    await db.transaction(
      async sql => {
        for (const text of HISTORY.split(';\n')) await sql.run({ name: '', text }, []);
      },
      { long: true },
    );
    await db.script('vacuum analyze');
  }, 120_000);
  afterAll(() => db.close());

  const plan = async (name: string, params: readonly unknown[]): Promise<string> => {
    const statement = statements.get(name);
    if (statement === undefined) throw new Error(`there is no statement ${name}`);
    const rows = await db.run<{ readonly line: string }>(
      { name: '', text: `explain ${statement.text}` },
      params,
    );
    return rows.map(row => Object.values(row).join()).join('\n');
  };
  const nulls = (count: number) => Array.from({ length: count }, () => null);

  const asked = ['%ann@acme.example%', null, null, null, null, '{ann@acme.example}', null, null, null];

  test.each([
    {
      name: 'count_acceptance',
      params: ['2026-01-01', '2026-02-01', '2026-03-01', ...nulls(11), 'source', null, null],
      without: 'episode',
    },
    {
      name: 'count_health',
      params: ['2026-01-01', '2026-02-01', '2026-03-01', ...nulls(11), 'grade', null],
      without: 'episode',
    },
    {
      name: 'count_rejections',
      params: [
        '2026-01-01',
        '2026-02-01',
        '2026-03-01',
        ...nulls(11),
        'reason',
        null,
        'source',
        null,
        null,
        null,
        false,
      ],
      without: 'episode',
    },
    ...['count_fired_rules', 'count_decisive_rules', 'count_decided'].map(name => ({
      name,
      params: ['2026-01-01', '2026-02-01', '2026-03-01', ...nulls(13), false],
      without: 'episode',
    })),
    {
      name: 'count_cohorts',
      params: [
        '2026-01-01',
        '2026-02-01',
        '2026-03-01',
        ...nulls(11),
        'time',
        ['2026-01-01'],
        ['2026-01-01'],
      ],
      without: 'episode',
    },
    {
      name: 'list_episodes',
      params: [
        '2026-01-01',
        '2026-02-01',
        '2026-03-01',
        ...nulls(13),
        false,
        false,
        ...nulls(5),
        false,
        false,
        ...nulls(2),
        'UTC',
        ...nulls(4),
        51,
      ],
      without: 'episode',
    },
    { name: 'find_unweighed', params: [50, []], without: 'episode' },
    { name: 'find_left_leads', params: [50, []], without: 'episode' },
    { name: 'load_due_standings', params: ['2026-03-01', 200, []], without: 'standing' },
    {
      name: 'list_queue',
      params: [null, false, ...nulls(9), '2026-01-01', null, null, 51],
      without: 'episode',
    },
    {
      name: 'list_decided_leads',
      params: ['2026-02-22', 'rejected', null, false, ...nulls(3), 51],
      without: 'episode',
    },
    { name: 'list_contacts_by_total', params: [...nulls(11), 51], without: 'standing' },
    { name: 'list_contacts_by_name', params: [...nulls(11), 51], without: 'contact' },
    { name: 'list_contacts_by_creation', params: [...nulls(11), 51], without: 'contact' },
    { name: 'list_contacts_by_sight', params: [...nulls(11), 51], without: 'contact' },
    { name: 'list_contacts_by_total', params: [...asked, null, null, 51], without: 'contact_identity' },
    { name: 'list_contacts_by_name', params: [...asked, null, null, 51], without: 'contact_identity' },
    { name: 'count_contacts', params: asked, without: 'contact_identity' },
  ])('$name reads no whole table of $without', async ({ name, params, without }) => {
    expect(await plan(name, params)).not.toMatch(new RegExp(`Seq Scan on ${without}\\b`));
  });
});
