import { expect, test } from 'vitest';
import { z } from 'zod';
import { agreementSchema } from '../../src/contract/file/jsonschema.ts';
import { reasonWords, slaWords, targetRows } from '../../src/web/agreement/termwords.ts';

/** The keys from which something follows; their parts are meant too. */
const ACTED_ON = new Set([
  ...[
    'agreement',
    'name',
    'description',
    'applies',
    'scores',
    'groups',
    'rules',
    'disqualify',
    'mql',
    'grades',
  ],
  ...['routing', 'calendars', 'alerts', 'sql', 'sla', 'templates', 'nurture', 'outreach'],
  ...[
    'reasons[].id',
    'reasons[].label',
    'reasons[].then',
    'reasons[].wait',
    'reasons[].note',
    'reasons[].route',
    'reasons[].nurture',
    'reasons[].attempts',
    'reasons[].sameOwner',
  ],
  'targets.acceptance',
  'targets.floor',
  'targets.ceiling',
  'targets.minSample',
  'targets.decisionWindow',
  'targets.mqlPerWeek',
]);

const node = z.looseObject({
  $ref: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
});
const schema = z
  .looseObject({ $defs: z.record(z.string(), z.unknown()).default({}) })
  .parse(agreementSchema());

/** The keys of the schema from which nothing follows; parts of a key are looked at where it is not named itself. */
function unplaced(raw: unknown, path: string): readonly string[] {
  if (ACTED_ON.has(path)) return [];
  const { $ref, properties, items } = node.parse(raw);
  if ($ref !== undefined) return unplaced(schema.$defs[$ref.replace('#/$defs/', '')], path);
  if (items !== undefined) return unplaced(items, `${path}[]`);
  if (properties === undefined) return [path];
  return Object.entries(properties).flatMap(([key, part]) =>
    unplaced(part, path === '' ? key : `${path}.${key}`),
  );
}

test('every key of an agreement is acted on', () => {
  expect(unplaced(schema, '')).toEqual([]);
  // A key that nobody placed is seen.
  expect(unplaced({ properties: { ...node.parse(schema).properties, magic: {} } }, '')).toEqual(['magic']);
});

test('pages say what follows from a term', () => {
  const spelling = { text: (value: string) => value, score: (id: string) => id };
  const ms = { kind: 'time', ms: 3_600_000 } as const;
  const entry = { id: 'a', firstTouch: ms, decision: ms, remind: [50], escalate: { to: 'manager' } };
  expect(slaWords(entry, spelling).slice(2)).toEqual([
    'Reminder after 50% of the time.',
    'When it is missed, the manager is told.',
  ]);
  const track = { id: 'warm', label: 'Stay in touch', steps: [] };
  const reason = { id: 'r', then: 'recycle', nurture: 'warm' } as const;
  expect(reasonWords(reason, [track])).toBe(
    'Recycled: back as soon as something new happens. Nurture: Stay in touch.',
  );
  expect(targetRows({ mqlPerWeek: 12 })).toEqual([['MQLs a week', '12']]);
});
