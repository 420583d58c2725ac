import { describe, expect, it } from 'vitest';
import { readMappingFile } from '../../src/contract/file/mapping.ts';
import { readMapping } from '../../src/core/import/mapping.ts';
import { planColumns, planJson } from '../../src/core/import/plan.ts';
import { type ImportKind, parseTarget, targetByHeader } from '../../src/core/import/target.ts';

function plan(kind: ImportKind, header: readonly string[], raw: unknown = {}) {
  const { mapping, problems } = readMapping(raw);
  if (mapping === null) throw new Error(JSON.stringify(problems));
  return planColumns({ kind, header, mapping });
}

function targets(kind: ImportKind, header: readonly string[], raw: unknown = {}) {
  const result = plan(kind, header, raw);
  if (result.plan === null) throw new Error(JSON.stringify(result.problems));
  return Object.fromEntries(result.plan.columns.map(column => [column.header, column.target.name]));
}

function messages(kind: ImportKind, header: readonly string[], raw: unknown = {}) {
  return (plan(kind, header, raw).problems ?? []).map(({ path, message }) => `${path}: ${message}`);
}

describe('columns map by name', () => {
  it.each([
    ['email', 'email'],
    ['E-Mail', 'email'],
    ['contact.email', 'contact.email'],
    ['id', 'id'],
    ['contact_id', 'id'],
    ['Created At', 'createdAt'],
    ['first_name', 'contact.firstName'],
    ['First Name', 'contact.firstName'],
    ['LASTNAME', 'contact.lastName'],
    ['title', 'contact.title'],
    ['company', 'company.name'],
    ['company.industry', 'company.industry'],
    ['contact.title', 'contact.title'],
    ['Lead Source', 'contact.Lead Source'],
    ['utm.source', 'contact.utm_source'],
    ['Größe', 'contact.Größe'],
  ])('reads the contact column %s as %s', (header, target) => {
    expect(targetByHeader('contacts', header)).toBe(target);
  });

  it.each([
    ['contact_id', 'id'],
    ['userId', 'id'],
    ['event', 'event'],
    ['timestamp', 'timestamp'],
    ['message_id', 'messageId'],
    ['path', 'properties.path'],
    ['id', 'properties.id'],
    ['context.ip', 'context.ip'],
  ])('reads the event column %s as %s', (header, target) => {
    expect(targetByHeader('events', header)).toBe(target);
  });

  it('reads the documented outcome columns and passes over the rest', () => {
    const header = [
      'contactId',
      'email',
      'type',
      'at',
      'owner',
      'reason',
      'amount',
      'currency',
      'Deal stage',
    ];
    const { plan: made } = plan('outcomes', header);
    expect(made?.columns.map(column => column.target.name)).toEqual([
      'id',
      'email',
      'type',
      'at',
      'owner',
      'reason',
      'amount',
      'currency',
    ]);
    expect(made?.ignored).toEqual(['Deal stage']);
  });

  it('plans 200 columns', () => {
    const header = ['id', ...Array.from({ length: 199 }, (_, index) => `Column ${index}`)];
    expect(plan('contacts', header).plan?.columns).toHaveLength(200);
  });

  it('numbers headers that are alike, and says so', () => {
    const header = ['id', 'City', 'City ', 'City 2', 'Email', 'Email'];
    expect(targets('contacts', header)).toEqual({
      id: 'id',
      City: 'contact.City',
      'City 3': 'contact.City 3',
      'City 2': 'contact.City 2',
      Email: 'email',
      'Email 2': 'contact.otherEmail',
    });
    expect(plan('contacts', header).plan?.notes).toEqual([
      'The header names "City" again in column 3: that one is "City 3".',
      'The header names "Email" again in column 6: that one is "Email 2".',
    ]);
    expect(targets('contacts', header, { columns: { 'City 3': 'company.city' } })).toMatchObject({
      'City 3': 'company.city',
    });
  });

  it('leaves a column without a name alone', () => {
    expect(targets('contacts', ['id', '', 'City', ''])).toEqual({ id: 'id', City: 'contact.City' });
  });
});

describe('a mapping file', () => {
  it('moves, ignores and keeps columns', () => {
    const raw = { id: 'Prospect ID', columns: { 'Lead Source': 'contact.source' }, ignore: ['Tags'] };
    expect(targets('contacts', [' Prospect ID ', 'Lead Source', 'Tags', 'City'], raw)).toEqual({
      'Prospect ID': 'id',
      'Lead Source': 'contact.source',
      City: 'contact.City',
    });
  });

  it('with `only` takes nothing it does not name', () => {
    const raw = { email: 'Mail', only: true, columns: { Stadt: 'contact.city' } };
    expect(targets('contacts', ['Mail', 'Stadt', 'name', 'id'], raw)).toEqual({
      Mail: 'email',
      Stadt: 'contact.city',
    });
  });

  it('may give every row a constant in place of a column', () => {
    const raw = { constants: { type: 'won', at: '2026-01-01' } };
    expect(plan('outcomes', ['email'], raw).problems).toBeNull();
  });

  it.each<[string, ImportKind, readonly string[], unknown, readonly string[]]>([
    [
      'no id and no e-mail',
      'contacts',
      ['name', 'City'],
      {},
      [
        ': no column holds the contact: expected a column `id` or `email`, or `id:` or `email:` in the mapping; the file has "name", "City"',
      ],
    ],
    [
      'every column an event needs',
      'events',
      ['when'],
      {},
      [
        ': no column holds the contact: expected a column `contact_id` or `email`, or `id:` or `email:` in the mapping; the file has "when"',
        ': no column holds the event\'s name: expected a column `event`, or `event:` in the mapping; the file has "when"',
        ': no column holds the event\'s time: expected a column `timestamp`, or `timestamp:` in the mapping; the file has "when"',
      ],
    ],
    [
      'a column the file lacks, with the likely one',
      'contacts',
      ['id', 'Lead Source'],
      { columns: { 'lead source': 'contact.source' } },
      ['columns.lead source: the file has no column "lead source"; did you mean "Lead Source"?'],
    ],
    [
      'an ignored column the file lacks',
      'contacts',
      ['id'],
      { ignore: ['Tags'] },
      ['ignore[0]: the file has no column "Tags"; the file has "id"'],
    ],
    [
      'a target that does not exist',
      'contacts',
      ['id', 'X'],
      { columns: { X: 'lead.source' } },
      ['columns.X: expected contact.<name>, company.<name>, id, email or createdAt, got "lead.source"'],
    ],
    [
      'two columns for one place',
      'contacts',
      ['id', 'first_name', 'First Name'],
      {},
      [
        ': columns "first_name" and "First Name" would both be read as contact.firstName; ignore one or map it elsewhere',
      ],
    ],
    [
      'a column inside another',
      'contacts',
      ['id', 'address', 'contact.address.city'],
      {},
      [
        ': columns "address" and "contact.address.city" would both be read as contact.address; ignore one or map it elsewhere',
      ],
    ],
    [
      'a key of another kind of import',
      'contacts',
      ['id'],
      { timestamp: 'id' },
      ['timestamp: has no meaning in an import of contacts'],
    ],
    [
      'a value that is worked out',
      'contacts',
      ['id', 'emailKind'],
      {},
      [
        ': column "emailKind": contact.emailKind is worked out from the e-mail and cannot be imported; ignore or map it',
      ],
    ],
    [
      'a column both mapped and ignored',
      'contacts',
      ['id', 'X'],
      { columns: { X: 'contact.x' }, ignore: ['X'] },
      ['columns.X: column "X" is also ignored'],
    ],
    [
      'a prototype for a name',
      'contacts',
      ['id', 'contact.__proto__'],
      {},
      [
        ': column "contact.__proto__": "contact.__proto__" is not a field name: "__proto__"; ignore or map it',
      ],
    ],
    [
      'a constant without a place',
      'outcomes',
      ['email', 'type', 'at'],
      { constants: { stage: 'x' } },
      [
        'constants.stage: expected id, email, type, at, owner, reason, amount, currency, source, campaign, content or note, got "stage"',
      ],
    ],
  ])('names %s', (_, kind, header, raw, expected) => {
    expect(messages(kind, header, raw)).toEqual(expected);
  });

  it('names few of many columns', () => {
    const header = Array.from({ length: 200 }, (_, index) => `c${index}`);
    expect(messages('contacts', header)[0]).toContain('"c19" and 180 more');
  });

  it('for JSON lines may hold only missing and constants', () => {
    const { mapping } = readMapping({
      id: 'x',
      columns: { a: 'contact.a' },
      ignore: ['b'],
      only: true,
      missing: ['-'],
    });
    const result = planJson({ kind: 'contacts', ...(mapping === null ? {} : { mapping }) });
    expect(result.problems?.map(({ path }) => path)).toEqual(['id', 'columns', 'ignore', 'only']);
  });

  it('refuses a part of a target that is blank', () => {
    expect(parseTarget('contacts', 'contact..x')).toBe('"contact..x" is not a field name: a part is blank');
  });
});

describe('the text of a mapping file', () => {
  it('gives every problem with its line', () => {
    const text = [
      'id: Prospect ID',
      'colums: { A: contact.a }',
      'only: yes',
      'missing: [Select, 0]',
      'columns:',
      '  B: 3',
    ];
    const { problems } = readMappingFile(text.join('\n'));
    expect(problems?.map(({ line, path, message }) => `${line} ${path}: ${message}`).sort()).toEqual([
      expect.stringMatching(/^2 colums: unknown key; expected one of like, id, email, createdAt/),
      '3 only: expected true or false, got the text "yes"',
      '4 missing[1]: expected text, got the number 0',
      '6 columns.B: expected text, got the number 3',
    ]);
  });

  it('gives the line of broken YAML', () => {
    const { problems } = readMappingFile('id: a\ncolumns: {\n');
    expect(problems?.[0]?.line).toBeGreaterThan(1);
  });

  it('may be empty', () => {
    expect(readMappingFile('# nothing yet\n').mapping?.columns.size).toBe(0);
  });

  it('finds the line of a problem that shows only with the file', () => {
    const file = readMappingFile('id: id\nignore:\n  - City\n  - Tags\n');
    if (file.mapping === null) throw new Error('not read');
    const { problems } = planColumns({ kind: 'contacts', header: ['id', 'City'], mapping: file.mapping });
    expect(problems?.map(problem => file.place(problem).line)).toEqual([4]);
  });
});
