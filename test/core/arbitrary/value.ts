import fc from 'fast-check';
import type { Json } from '../reference/json.ts';
import { durationMs } from '../reference/time.ts';

/** The instant around which all generated instants lie, epoch milliseconds. */
export const midday = Date.UTC(2026, 2, 1, 12);

/** A duration: one of few that are multiples of each other, so that ages meet windows, half-lives and steps to the millisecond. */
export const duration = fc.constantFrom('90s', '1h', '6h', '12h', '1d', '2d', '3d', '1w', '2w', '30d');
const jitterMs = fc.constantFrom(0, 0, 0, 0, 1, -1, 910);

/** An instant at a small multiple of a usual duration from midday, sometimes a millisecond off. */
export const instant: fc.Arbitrary<number> = fc
  .tuple(fc.integer({ min: -4, max: 1 }), duration, jitterMs)
  .map(([count, unit, jitter]) => midday + count * durationMs(unit) + jitter);

/** Epoch milliseconds as files carry them. */
export const iso = (ms: number): string => new Date(ms).toISOString();

/** Instants at the ends of what can be written, and beyond them by an offset. */
const farInstant = fc.constantFrom(
  '9999-12-31',
  '9999-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59-23:59',
  '9999-12-01T00:00:00Z',
  '0001-01-01',
  '0001-01-01T00:00:00+23:59',
  '0000-01-01',
);

const nearInstant = fc
  .tuple(
    instant,
    fc.constantFrom<(ms: number) => string>(
      iso,
      iso,
      ms => iso(ms + 7_200_000).replace('Z', '+02:00'),
      ms => iso(ms - 1_800_000).replace('Z', '-00:30'),
      ms => iso(ms).replace('Z', '999z').replace('T', 't'),
      ms => ` ${iso(ms)}`,
      ms => iso(ms).slice(0, 10),
    ),
  )
  .map(([ms, write]) => write(ms));

/** An instant as people write it: offsets, lower case, more digits than milliseconds, blanks, the day alone; some far ones. */
export const writtenInstant = fc.oneof(
  { weight: 9, arbitrary: nearInstant },
  { weight: 1, arbitrary: farInstant },
);

/** An instant as programs write it. */
export const wireInstant = instant.map(iso);

/** Text, some of it not in normal form. */
export const word = fc.constantFrom(
  'vp',
  'VP Sales',
  'sales',
  'caf\u00e9',
  'cafe\u0301',
  'Caf',
  '\u00c9t\u00e9 2',
  '2',
  'a',
  'A b',
  'b',
  'V.P. of A. b.',
  'a. B',
  '\uff36\uff30',
  'Germany',
  'DE',
);

/** A number. */
export const numeric = fc.constantFrom(0, 1, 2, 2.5, 10, 250, -3);
const writtenNumber = fc.constantFrom(
  '0',
  '2',
  ' 2 ',
  '2.50',
  '2.5',
  '2.5e2',
  '250',
  '-3',
  '+2',
  '02',
  '1e1',
  '1,200',
  '2.500',
  '2,5',
  '2-10',
  '10-2',
  '250+',
  '> 2',
  '2k',
);
const unreadableInstant = fc.constantFrom(
  '2026-02-30',
  '2026-02-28T23:59:60Z',
  '2026-03-01T12:00:00',
  '2026-3-1',
);

/** A value that is neither list nor object. */
export const single: fc.Arbitrary<unknown> = fc.oneof(
  word,
  numeric,
  writtenNumber,
  writtenInstant,
  unreadableInstant,
  fc.boolean(),
  fc.constantFrom('', '  ', null, 'true', 'Yes', '0'),
);

/** Any value a profile or an event may carry: clean, dirty, missing, lists and objects. */
export const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: single },
  { weight: 2, arbitrary: fc.array(single, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.record({ city: single, name: word }, { requiredKeys: [] }) },
);

const scalar = fc.oneof(
  word,
  numeric,
  writtenNumber.map(text => text.trim()),
  fc.boolean(),
);
const textOperand = fc.oneof(word, fc.array(word, { minLength: 1, maxLength: 3 }));
const bound = fc.oneof(
  numeric,
  fc.constantFrom('2', '2.5e0'),
  writtenInstant.map(text => text.trim()),
);

/** Any valid test of one field. */
export const test: fc.Arbitrary<unknown> = fc.oneof(
  scalar,
  fc.array(scalar, { minLength: 1, maxLength: 3 }),
  fc
    .record(
      {
        is: scalar,
        in: fc.array(scalar, { minLength: 1, maxLength: 3 }),
        isNot: scalar,
        notIn: fc.array(scalar, { minLength: 1, maxLength: 3 }),
        gt: bound,
        gte: bound,
        lt: bound,
        lte: bound,
        exists: fc.boolean(),
        contains: textOperand,
        startsWith: textOperand,
        endsWith: textOperand,
        hasWord: textOperand,
        within: duration,
        olderThan: duration,
      },
      { requiredKeys: [] },
    )
    .chain(all => {
      const ops = Object.entries(all);
      return fc
        .subarray(ops, { minLength: Math.min(1, ops.length), maxLength: Math.min(2, ops.length) })
        .map(some => Object.fromEntries(some));
    })
    .filter(ops => Object.keys(ops).length > 0),
  fc.record({ within: duration }),
  fc.record({ olderThan: duration }),
  fc.record({ exists: fc.boolean() }),
);

/** Any valid condition over some fields, to a small depth. */
export function condition(field: fc.Arbitrary<string>, tested = test): fc.Arbitrary<Json> {
  const fields = fc
    .array(fc.tuple(field, tested), { minLength: 1, maxLength: 2 })
    .map(tests => Object.fromEntries(tests));
  const { node } = fc.letrec<{ node: Json }>(tie => ({
    node: fc.oneof(
      { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
      fields,
      fc.record({ all: fc.array(tie('node'), { maxLength: 2 }) }),
      fc.record({ any: fc.array(tie('node'), { maxLength: 3 }) }),
      fc.record({ not: tie('node') }),
    ),
  }));
  return fc.oneof({ weight: 4, arbitrary: fields }, { weight: 2, arbitrary: node }, fc.constant({}));
}

/** The value in so many tenths of all cases, else nothing. */
export function maybe<T>(present: fc.Arbitrary<T>, tenths: number): fc.Arbitrary<T | undefined> {
  return fc.oneof(
    { weight: 10 - tenths, arbitrary: fc.constant(undefined) },
    { weight: tenths, arbitrary: present },
  );
}

/** The parts that are there. */
export function withoutAbsent(parts: Json): Json {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
}
