import fc from 'fast-check';
import type { Json } from '../reference/json.ts';
import { did, evidence, profileCondition, profileField } from './evidence.ts';
import { condition, maybe, test, withoutAbsent } from './value.ts';

const bounds = fc
  .tuple(
    maybe(fc.integer({ min: -30, max: 30 }), 3),
    maybe(fc.integer({ min: 0, max: 60 }), 3),
    maybe(fc.constantFrom('Fit', 'Website'), 7),
  )
  .map(([min, span, label]) => ({
    min,
    max: span === undefined ? undefined : (min ?? 0) + span,
    label,
  }))
  .map(withoutAbsent);

const scoreNames = ['fit', 'intent', 'health'] as const;
const groupNames = ['web', 'mail', 'call'] as const;

const disqualifiers = fc
  .array(
    fc.oneof(
      fc.record({ when: profileCondition }),
      fc.record({ did }),
      fc.record({ when: profileCondition, did }),
    ),
    { maxLength: 2 },
  )
  .map(all => all.map((one, index) => ({ id: `out_${index}`, ...one })));

function paths(scores: readonly string[]): fc.Arbitrary<readonly Json[]> {
  const outcome = fc.constantFrom('total', ...scores.map(name => `score.${name}`));
  const threshold = fc.record({ gte: fc.integer({ min: -10, max: 40 }) });
  const when = fc.oneof(
    condition(outcome, threshold),
    condition(fc.oneof(outcome, profileField), fc.oneof(threshold, test)),
  );
  return fc
    .array(fc.record({ when, did: maybe(did, 5) }).map(withoutAbsent), { maxLength: 3 })
    .map(all => all.map((one, index) => ({ id: `path_${index}`, ...one })));
}

const thresholds = fc
  .uniqueArray(fc.integer({ min: -20, max: 60 }), { minLength: 1, maxLength: 4 })
  .map(all => all.sort((one, other) => other - one));

const band = fc.oneof(
  ...[(index: number) => 'ABCDE'.charAt(index), (index: number) => String(index + 1)].map(mark =>
    thresholds.chain(all =>
      // The place in the file means nothing.
      fc
        .shuffledSubarray(
          all.map((points, index) => [mark(index), points] as const),
          { minLength: all.length, maxLength: all.length },
        )
        .map(shuffled => Object.fromEntries(shuffled)),
    ),
  ),
);

/** Any valid agreement as far as scores go, with few and small parts. */
export const agreement: fc.Arbitrary<Json> = fc
  .subarray([...scoreNames], { minLength: 1, maxLength: 2 })
  .chain(scores => {
    const score = fc.constantFrom(...scores);
    const placed = fc.dictionary(fc.constantFrom(...groupNames), fc.tuple(score, bounds), { maxKeys: 2 });
    return placed.chain(groups => {
      const places = [
        ...scores.map(name => ({ score: name })),
        ...Object.entries(groups).map(([group, [name]]) => ({ score: name, group })),
      ];
      const rules = fc
        .array(fc.tuple(evidence, fc.constantFrom(...places), maybe(fc.constantFrom('Rule', 'Line'), 5)), {
          minLength: 1,
          maxLength: 6,
          size: 'max',
        })
        .map(all =>
          all.map(([keys, place, label], index) =>
            // Ids that do not sort as they stand in the file.
            withoutAbsent({ id: `${'dbacfe'.charAt(index)}_${index}`, label, ...place, ...keys }),
          ),
        );
      return fc
        .record({
          scores: fc
            .tuple(...scores.map(() => bounds))
            .map(all => Object.fromEntries(scores.map((name, index) => [name, all[index] ?? {}]))),
          rules,
          applies: maybe(profileCondition, 1),
          disqualify: maybe(disqualifiers, 4),
          mql: paths(scores),
          grades: maybe(fc.dictionary(score, band, { minKeys: 1, maxKeys: 2 }), 7),
        })
        .map(parts =>
          withoutAbsent({
            agreement: 1,
            name: 'Generated',
            groups: Object.fromEntries(
              Object.entries(groups).map(([group, [name, caps]]) => [group, { score: name, ...caps }]),
            ),
            ...parts,
          }),
        );
    });
  });
