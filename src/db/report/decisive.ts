import { json, type Sql, statement } from '../database.ts';

const FIND = statement(
  'find_unweighed',
  { id: 'uuid' },
  'select id from episode where fired is null and id <> all($2::uuid[]) order by id limit $1',
);

/** Episodes of which nobody has worked out yet which rules were decisive, up to `limit` but for some. */
export async function findUnweighed(
  sql: Sql,
  of: { readonly limit: number; readonly but: readonly string[] },
): Promise<readonly string[]> {
  return (await FIND.rows(sql, of.limit, of.but)).map(({ id }) => id);
}

const LOAD = statement(
  'load_unweighed',
  {
    id: 'uuid',
    contact_id: 'uuid',
    agreement_id: 'text',
    version: 'int4',
    handed_off_at: 'timestamptz',
    disqualifier: 'text?',
    breakdown: 'json',
  },
  `select id, contact_id, agreement_id, version, handed_off_at, disqualifier, breakdown
   from episode where id = any($1::uuid[]) and fired is null order by id`,
);

/** An episode of which nobody has worked out yet which rules were decisive. */
export type UnweighedRow = Awaited<ReturnType<typeof loadUnweighed>>[number];

/** Loads those of these episodes of which nobody has worked out yet which rules were decisive. */
export function loadUnweighed(sql: Sql, ids: readonly string[]) {
  return LOAD.rows(sql, ids);
}

// It waits for nobody who works on a lead meanwhile: that episode is found again.
const SAVE = statement(
  'save_effects',
  { id: 'uuid' },
  `with free as (
     select id from episode where id = any($1::uuid[]) and fired is null order by id for update skip locked)
   update episode set fired = array(select json_array_elements_text(new.fired)),
     decisive = array(select json_array_elements_text(new.decisive))
   from unnest($1::uuid[], $2::json[], $3::json[]) as new(id, fired, decisive) join free on free.id = new.id
   where episode.id = new.id returning episode.id`,
);

/** Keeps which rules fired and which were decisive, where nobody has yet; returns the episodes. */
export async function saveEffects(
  sql: Sql,
  effects: readonly {
    readonly id: string;
    readonly fired: readonly string[];
    readonly decisive: readonly string[];
  }[],
): Promise<readonly string[]> {
  const rows = await SAVE.rows(
    sql,
    effects.map(({ id }) => id),
    effects.map(({ fired }) => json(fired)),
    effects.map(({ decisive }) => json(decisive)),
  );
  return rows.map(({ id }) => id);
}
