import { type Sql, statement } from '../database.ts';

const COLUMNS = statement(
  'describe_columns',
  {
    table: 'text',
    name: 'text',
    type: 'text',
    required: 'bool',
    generated: 'text',
    identity: 'text',
    expression: 'text?',
  },
  `select c.relname::text as "table", a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type,
     a.attnotnull as required, a.attgenerated::text as generated, a.attidentity::text as identity,
     pg_get_expr(d.adbin, d.adrelid) as expression
   from pg_class c
   join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
   left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
   order by c.relname::text collate "C", a.attnum`,
);

// PostgreSQL 18 also keeps NOT NULL as constraints (contype n); the columns say that already.
const CONSTRAINTS = statement(
  'describe_constraints',
  { table: 'text', name: 'text', definition: 'text' },
  `select c.relname::text as "table", k.conname::text as name, pg_get_constraintdef(k.oid) as definition
   from pg_constraint k
   join pg_class c on c.oid = k.conrelid
   where c.relnamespace = current_schema()::regnamespace and k.contype <> 'n'
   order by c.relname::text collate "C", k.contype = 'p' desc, k.conname::text collate "C"`,
);

const INDEXES = statement(
  'describe_indexes',
  { table: 'text', definition: 'text' },
  `select c.relname::text as "table", pg_get_indexdef(i.indexrelid) as definition
   from pg_index i
   join pg_class c on c.oid = i.indrelid
   join pg_class n on n.oid = i.indexrelid
   where c.relnamespace = current_schema()::regnamespace
     and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
   order by c.relname::text collate "C", n.relname::text collate "C"`,
);

const SCHEMA = statement('name_schema', { name: 'text' }, 'select current_schema()::text as name');

/** Writes the tables, constraints and indexes of a database as SQL text, the same on every version and driver. */
export async function describeSchema(sql: Sql): Promise<string> {
  const [columns, constraints, indexes, schema] = await Promise.all([
    COLUMNS.rows(sql),
    CONSTRAINTS.rows(sql),
    INDEXES.rows(sql),
    SCHEMA.first(sql),
  ]);
  const bare = (text: string) => text.replaceAll(`${schema?.name ?? 'public'}.`, '');
  const tables = [...new Set(columns.map(({ table }) => table))].map(table => {
    const parts = [
      ...columns.filter(column => column.table === table).map(columnText),
      ...constraints
        .filter(constraint => constraint.table === table)
        .map(({ name, definition }) => `constraint ${name} ${bare(definition)}`),
    ];
    const lines = indexes.filter(index => index.table === table).map(index => `${bare(index.definition)};\n`);
    return `create table ${table} (\n  ${parts.join(',\n  ')}\n);\n${lines.join('')}`;
  });
  return tables.join('\n');
}

function columnText(column: {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly generated: string;
  readonly identity: string;
  readonly expression: string | null;
}): string {
  const { name, type, required, generated, identity, expression } = column;
  const value =
    expression === null
      ? ''
      : ` ${generated === 's' ? `generated always as (${expression}) stored` : `default ${expression}`}`;
  const counted =
    identity === '' ? '' : ` generated ${identity === 'a' ? 'always' : 'by default'} as identity`;
  return `${name} ${type}${value}${counted}${required ? ' not null' : ''}`;
}
