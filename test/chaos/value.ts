import type { Chance } from '../sim/chance.ts';

/** Values that have broken programs: at the edges of types, of texts, of time, of what a database can hold. */
const HOSTILE: readonly unknown[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202e\u2066evil',
  '=cmd|calc!A1',
  "'; drop table contact; --",
  '<img src=x onerror=alert(1)>',
  '{{constructor}}',
  '%00',
  '../../etc/passwd',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'NaN',
  'Infinity',
  '-0',
  '1e308',
  '99999999999999999999',
  '00000000-0000-0000-0000-000000000000',
  '9999-12-31',
  '9999-12-31T23:59:59-23:59',
  '0000-01-01T00:00:00Z',
  '-271821-04-20T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '2026-03-01T00:00:00+99:99',
  'ann@acme.example',
  'é'.repeat(300),
  'a@'.repeat(2000),
  'x'.repeat(20_000),
  '🧨'.repeat(200),
  0,
  -1,
  -0,
  1e308,
  -1e308,
  Number.MIN_VALUE,
  2 ** 31,
  2 ** 53,
  2 ** 63,
  253402300799999,
  253402300800000,
  8.64e15,
  true,
  false,
  null,
  [],
  {},
  [[[[[[]]]]]],
  [null, { a: [1, 'x'] }],
  { __proto__: { admin: true }, constructor: { prototype: {} } },
  { kind: 'touch', and: [{ not: {} }] },
  nest(38),
  nest(200),
  Array.from({ length: 500 }, (_, index) => index),
  Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`k${index}`, index])),
];

function nest(depth: number): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? { down: value } : [value];
  return value;
}

/** A value that no schema asked for. */
export function hostileValue(chance: Chance): unknown {
  return chance.pick(HOSTILE);
}

/** A text that no schema asked for. */
export function hostileText(chance: Chance): string {
  const value = hostileValue(chance);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What a value is made with: a way to draw, and the ids and names that earlier answers gave. */
export interface Source {
  readonly chance: Chance;
  readonly known: readonly string[];
  /** How often a part is hostile, from 0 to 1. */
  readonly hostility: number;
}

type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const schemasOf = (value: unknown): readonly Schema[] => (Array.isArray(value) ? value.filter(isSchema) : []);

/** Makes a value after a JSON schema, parts of it hostile. */
export function drawValue(schema: Schema, source: Source, depth = 0): unknown {
  const { chance, hostility } = source;
  if (depth > 6 || chance.hit(hostility)) return hostileValue(chance);
  const choices = [...schemasOf(schema.anyOf), ...schemasOf(schema.oneOf)];
  if (choices.length > 0) return drawValue(chance.pick(choices), source, depth);
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return chance.pick(schema.enum);
  switch (schema.type) {
    case 'object':
      return objectOf(schema, source, depth);
    case 'array': {
      const items = isSchema(schema.items) ? schema.items : {};
      return Array.from({ length: chance.int(0, 4) }, () => drawValue(items, source, depth + 1));
    }
    case 'string':
      return textOf(schema, source);
    case 'integer':
    case 'number':
      return chance.weighted([
        [chance.int(0, 100), 4],
        [chance.int(-5, 5), 1],
        [chance.next() * 1e12, 1],
      ]);
    case 'boolean':
      return chance.hit(0.5);
    case 'null':
      return null;
    default:
      return chance.hit(0.5) ? hostileValue(chance) : textOf({}, source);
  }
}

function objectOf(schema: Schema, source: Source, depth: number): unknown {
  const { chance } = source;
  const required: readonly unknown[] = Array.isArray(schema.required) ? schema.required : [];
  const made: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(isSchema(schema.properties) ? schema.properties : {})) {
    const isWanted = chance.hit(required.includes(name) ? 0.97 : 0.5);
    if (isWanted && isSchema(part)) made[name] = drawValue(part, source, depth + 1);
  }
  if (isSchema(schema.additionalProperties))
    for (let more = chance.int(0, 2); more > 0; more--)
      made[textOf({}, source)] = drawValue(schema.additionalProperties, source, depth + 1);
  if (chance.hit(0.03)) made[hostileText(chance)] = hostileValue(chance);
  return made;
}

const DAYS = 86_400_000;

function textOf(schema: Schema, { chance, known }: Source): string {
  if (schema.format === 'email') return `p${chance.int(0, 50)}@firm${chance.int(0, 9)}.example`;
  if (schema.format === 'date-time') return new Date(Date.now() + chance.int(-400, 400) * DAYS).toISOString();
  if (schema.format === 'date')
    return new Date(Date.now() + chance.int(-400, 400) * DAYS).toISOString().slice(0, 10);
  return chance.weighted([
    [known.length > 0 ? chance.pick(known) : 'x', 6],
    [new Date(Date.now() + chance.int(-40, 40) * DAYS).toISOString(), 2],
    [`text ${chance.int(0, 99)}`, 3],
  ]);
}
