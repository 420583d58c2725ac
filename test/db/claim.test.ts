import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { migrate } from '../../src/db/driver/migrate.ts';
import { DRIVERS } from './opened.ts';

/** What the migration has added, taken back. */
const BEFORE = `
  drop table rejected_day; alter table contact drop column vouched; alter table company drop column claimed_domain;
  alter table contact_identity drop column claimed; delete from migration where name = '0015-claim.sql'`;

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const [BIGCO, SHARED, MIXED, LEAD, FREE, VISITOR] = [id(1), id(2), id(3), id(11), id(12), id(13)];

/** A database on which a public key spoke of companies: two leads that a server knows, and a visitor. */
const ATTACKED = `
  insert into company (id, domain, group_id, traits, created_at) values
    ('${BIGCO}', 'bigco.example', 'evil', '{"name":"Evil Corp","employees":1}', now()),
    ('${SHARED}', null, 'g1', '{"plan":{"name":"Pro"},"size":7,"country":"Nowhere"}', now()),
    ('${MIXED}', null, 'own', '{"industry":"None"}', now());
  insert into company_fact (company_id, at, recorded_at, message_id, mode, traits) values
    ('${BIGCO}', '2026-03-02', now(), 'm2', 'fill', '{"name":"Evil Corp","employees":1}'),
    ('${SHARED}', '2026-03-01', now(), 'm5', 'fill', '{"country":"Nowhere","plan":{"name":"Free"}}'),
    ('${SHARED}', '2026-03-02', now(), 'm6', 'set', '{"plan":{"name":"Pro","seats":3},"size":7}'),
    ('${SHARED}', '2026-03-03', now(), 'm7', 'set', '{"plan":{"seats":null}}'),
    ('${MIXED}', '2026-03-01', now(), 'm8', 'fill', '{"industry":"None"}');
  insert into contact (id, created_at, first_seen_at, name, company_name, company_id, contact, company_part, unverified) values
    ('${LEAD}', now(), now(), 'p0', 'Evil Corp', '${BIGCO}', '{"email":"p0@bigco.example"}',
      '{"name":"BigCo","employees":420,"address":{"city":"Bonn"}}', '{}'),
    ('${FREE}', now(), now(), 'p1', 'Evil Corp', '${BIGCO}', '{"email":"p1@free.example"}', '{"name":"Own"}', '{}'),
    ('${VISITOR}', now(), now(), 'v', null, '${MIXED}', '{}', '{}', '{}');
  insert into contact_identity (kind, value, contact_id) values
    ('user', 'p0', '${LEAD}'), ('email', 'p0@bigco.example', '${LEAD}'), ('email', 'claimed@x.example', '${LEAD}'),
    ('email', 'p1@free.example', '${FREE}'), ('anonymous', 'v', '${VISITOR}');
  insert into profile_fact (contact_id, at, recorded_at, message_id, mode, contact, company_part, company_id) values
    ('${LEAD}', '2026-03-01', now(), 'm1', 'set', '{"email":"p0@bigco.example"}', '{"name":"BigCo","employees":420}', '${BIGCO}'),
    ('${LEAD}', '2026-03-02', now(), 'm2', 'fill', '{}', '{}', '${BIGCO}'),
    ('${LEAD}', '2026-03-02', now(), 'm9', 'fill', '{"email":"Claimed@x.example "}', '{}', null),
    ('${FREE}', '2026-03-01', now(), 'm3', 'set', '{"email":"p1@free.example"}', '{"name":"Own"}', null),
    ('${FREE}', '2026-03-02', now(), 'm4', 'fill', '{}', '{}', '${BIGCO}'),
    ('${VISITOR}', '2026-03-01', now(), 'm8', 'fill', '{}', '{}', '${MIXED}');
  insert into rejected_call (id, received_at, key_kind, reason, problems, call) values
    ('${id(21)}', now(), 'server', 'r', '[]', '{"writeKey":"secret","context":{"writeKey":"secret","a":[{"write_key":1},2]}}'),
    ('${id(22)}', now(), 'server', 'r', '[]', '7')`;

describe.each(DRIVERS)('a database from before claims on $name', ({ open }) => {
  let db: Database;
  beforeAll(async () => {
    db = await open();
    await db.script(BEFORE);
    await db.script(ATTACKED);
    expect(await migrate(db)).toEqual(['0015-claim.sql']);
  });
  afterAll(() => db.close());
  const rows = (text: string) => db.run({ name: '', text }, []);

  test('keeps of its companies what servers said, and no name that a public key gave', async () => {
    expect(await rows('select domain, group_id, traits from company order by id')).toEqual([
      { domain: 'bigco.example', group_id: null, traits: {} },
      { domain: null, group_id: 'g1', traits: { plan: { name: 'Pro' }, size: 7 } },
      { domain: null, group_id: null, traits: {} },
    ]);
    expect(await rows(`select 1 from company_fact where mode = 'fill'`)).toEqual([]);
  });

  test('gives contacts their companies back, and what a public key said as their own view', async () => {
    expect(
      await rows(
        'select vouched, company_id, company_name, company_part, unverified from contact order by id',
      ),
    ).toEqual([
      {
        vouched: true,
        company_id: BIGCO,
        company_name: 'BigCo',
        company_part: { name: 'BigCo', employees: 420, address: { city: 'Bonn' } },
        unverified: [],
      },
      { vouched: true, company_id: null, company_name: 'Own', company_part: { name: 'Own' }, unverified: [] },
      {
        vouched: false,
        company_id: null,
        company_name: null,
        company_part: { industry: 'None' },
        unverified: ['company.industry'],
      },
    ]);
    expect(await rows('select value from contact_identity where claimed')).toEqual([
      { value: 'claimed@x.example' },
    ]);
  });

  test('holds no write key in a rejected call', async () => {
    expect(await rows('select call from rejected_call order by id')).toEqual([
      { call: { context: { a: [{}, 2] } } },
      { call: 7 },
    ]);
  });
});
