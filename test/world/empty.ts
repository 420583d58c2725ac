import type { Database } from '../../src/db/database.ts';

/** The tables of a schema, and which of them must be emptied before which. */
interface Plan {
  /** What refers to others before what it refers to. */
  readonly order: readonly string[];
  readonly children: ReadonlyMap<string, readonly string[]>;
}

const plans = new WeakMap<Database['run'], Plan>();

async function planOf(db: Database): Promise<Plan> {
  const known = plans.get(db.run);
  if (known !== undefined) return known;
  const tables = await db.run<{ readonly name: string }>(
    {
      name: '',
      text: `select relname::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
             order by 1`,
    },
    [],
  );
  const links = await db.run<{ readonly child: string; readonly parent: string }>(
    {
      name: '',
      text: `select distinct c.relname::text as child, p.relname::text as parent from pg_constraint k
             join pg_class c on c.oid = k.conrelid join pg_class p on p.oid = k.confrelid
             where k.contype = 'f' and c.oid <> p.oid`,
    },
    [],
  );
  const children = new Map(
    tables.map(({ name }) => [name, links.flatMap(({ child, parent }) => (parent === name ? [child] : []))]),
  );
  const order: string[] = [];
  const visit = (name: string) => {
    if (order.includes(name)) return;
    for (const child of children.get(name) ?? []) visit(child);
    order.push(name);
  };
  for (const { name } of tables) visit(name);
  const plan = { order, children };
  plans.set(db.run, plan);
  return plan;
}

/**
 * Empties tables with all that refers to them; without names, all but the migrations. Deleting what a test has left takes a
 * millisecond where truncating fifty tables took 650 on PostgreSQL.
 */
export async function empty(db: Database, names?: readonly string[]): Promise<void> {
  const { order, children } = await planOf(db);
  const chosen = new Set<string>();
  const choose = (name: string) => {
    if (chosen.has(name)) return;
    chosen.add(name);
    for (const child of children.get(name) ?? []) choose(child);
  };
  for (const name of names ?? order.filter(table => table !== 'migration')) choose(name);
  await db.script(
    order
      .filter(name => chosen.has(name))
      .map(name => `delete from "${name}";`)
      .join(' '),
  );
}
