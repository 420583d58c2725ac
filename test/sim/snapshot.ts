import type { Column, Database, RowOf, Sql } from '../../src/db/database.ts';

/** Runs a query of the simulator's own; its columns are declared, as the product's are. */
export function ask<const Columns extends Readonly<Record<string, Column>>>(
  sql: Sql,
  name: string,
  _columns: Columns,
  text: string,
  ...params: readonly unknown[]
): Promise<readonly RowOf<Columns>[]> {
  return sql.run({ name: `sim_${name}`, text }, params);
}

const CONTACT = {
  id: 'uuid',
  created_at: 'timestamptz',
  last_seen_at: 'timestamptz?',
  names: 'text[]',
  version: 'int4?',
  applies: 'bool?',
  scores: 'json?',
  total: 'int4?',
  qualifies: 'text?',
  disqualified: 'text[]?',
  next_change_at: 'timestamptz?',
  evaluated_at: 'timestamptz?',
  owner_id: 'text?',
  left_alone: 'text?',
} as const;

const EPISODE = {
  id: 'uuid',
  contact_id: 'uuid',
  version: 'int4',
  state: 'text',
  path: 'text',
  disqualifier: 'text?',
  owner_id: 'text?',
  team: 'text?',
  waiting_for: 'text?',
  qualified_at: 'timestamptz',
  handed_off_at: 'timestamptz',
  decided_at: 'timestamptz?',
  ended_at: 'timestamptz?',
  requalify_at: 'timestamptz?',
  reason: 'text?',
} as const;

export type ContactSeen = RowOf<typeof CONTACT>;
export type EpisodeSeen = RowOf<typeof EPISODE>;

/** What the database holds of a world between two steps. */
export interface Snapshot {
  /** Those that were not joined to another. */
  readonly contacts: readonly ContactSeen[];
  readonly episodes: readonly EpisodeSeen[];
  /** The ids of people who work here. */
  readonly active: ReadonlySet<string>;
}

/** Reads a world. */
export async function readWorld(db: Database): Promise<Snapshot> {
  const contacts = await ask(
    db,
    'contacts',
    CONTACT,
    `select c.id, c.created_at, c.last_seen_at,
       coalesce((select array_agg(kind || ' ' || value) from contact_identity i where i.contact_id = c.id), '{}') as names,
       s.version, s.applies, s.scores, s.total, s.qualifies, s.disqualified, s.next_change_at, s.evaluated_at, s.owner_id,
       s.left_alone
     from contact c left join standing s on s.contact_id = c.id
     where c.merged_into is null order by c.id`,
  );
  const episodes = await ask(
    db,
    'episodes',
    EPISODE,
    `select id, contact_id, version, state, path, disqualifier, owner_id, team, waiting_for, qualified_at, handed_off_at,
       decided_at, ended_at, requalify_at, reason
     from episode order by handed_off_at, id`,
  );
  const users = await ask(db, 'users', { id: 'text' }, 'select id from app_user where active order by id');
  return { contacts, episodes, active: new Set(users.map(({ id }) => id)) };
}

let tables: readonly string[] = [];
let cleared = 0;
/** How many worlds may leave dead rows behind before tables are emptied the slow way. */
const TRUNCATE_EVERY = 60;

/** Empties the database but for what migrations put there. Deleting few rows is quicker than truncating. */
export async function clearWorld(db: Database): Promise<void> {
  if (tables.length === 0) {
    const found = await db.run<{ readonly name: string }>(
      {
        name: '',
        text: `select table_name::text as name from information_schema.tables where table_schema = 'public'
               and table_type = 'BASE TABLE' and table_name not in ('migration', 'setting') order by 1`,
      },
      [],
    );
    tables = found.map(({ name }) => name);
  }
  const deletes = tables.map(table => `delete from "${table}";`).join(' ');
  const isDeep = cleared++ % TRUNCATE_EVERY === 0;
  await db.script(
    isDeep
      ? `truncate ${tables.map(table => `"${table}"`).join(', ')}`
      : `begin; set local session_replication_role = replica; ${deletes} commit;`,
  );
}
