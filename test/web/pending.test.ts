import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { agreementSchema } from '../../src/contract/file/jsonschema.ts';
import { isPending, PENDING, pendingIn, pendingWords } from '../../src/core/agreement/pending.ts';
import { reasonWords, slaWords, targetRows } from '../../src/web/agreement/termwords.ts';

/** The keys from which something follows; their parts are meant too, where they are not named among the pending ones. */
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
  ...['targets.acceptance', 'targets.floor', 'targets.ceiling', 'targets.minSample'],
]);

const node = z.looseObject({
  $ref: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
});
const schema = z
  .looseObject({ $defs: z.record(z.string(), z.unknown()).default({}) })
  .parse(agreementSchema());

/** The keys of the schema that nobody has placed: parts of a key are looked at where it is placed neither way. */
function unplaced(raw: unknown, path: string): readonly string[] {
  if (path !== '' && (ACTED_ON.has(path) || isPending(path))) return [];
  const { $ref, properties, items } = node.parse(raw);
  if ($ref !== undefined) return unplaced(schema.$defs[$ref.replace('#/$defs/', '')], path);
  if (items !== undefined) return unplaced(items, `${path}[]`);
  if (properties === undefined) return [path];
  return Object.entries(properties).flatMap(([key, part]) =>
    unplaced(part, path === '' ? key : `${path}.${key}`),
  );
}

test('every key of an agreement is acted on, or is in the list of those that are not yet', () => {
  expect(unplaced(schema, '')).toEqual([]);
  // A key that nobody placed is seen.
  expect(unplaced({ properties: { ...node.parse(schema).properties, magic: {} } }, '')).toEqual(['magic']);
});

test('the guide names what is not yet acted on, and nothing else', () => {
  const guide = readFileSync('docs/guide/agreement.md', 'utf8');
  const [, section = ''] = guide.split('## Kept, and not yet acted on');
  const named = [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, path]) => path);
  expect(named).toEqual(PENDING.map(({ path, value }) => (value === null ? path : `${path}: ${value}`)));
});

describe('what an agreement says that is not yet acted on', () => {
  const template: unknown = parse(readFileSync('templates/b2b-saas.yaml', 'utf8'));

  test('is found with how often', () => {
    const reasons = [{ then: 'merge' }, { then: 'recycle', nurture: 'warm' }];
    const found = pendingIn({ reasons, targets: { floor: 0.5, mqlPerWeek: 4 } });
    expect(found.map(({ path, times }) => [path, times])).toEqual([['targets.mqlPerWeek', 1]]);
    expect(pendingIn(template).map(({ path }) => path)).toEqual([
      'targets.decisionWindow',
      'targets.mqlPerWeek',
    ]);
    expect(pendingIn(null)).toEqual([]);
  });

  test('is marked where pages say it', () => {
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
    expect(targetRows({ mqlPerWeek: 12 })).toEqual([['MQLs a week (not yet acted on)', '12']]);
    expect(pendingWords('First touch within 1 hour.', 'sla[].firstTouch')).toBe('First touch within 1 hour.');
  });
});
