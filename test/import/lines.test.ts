import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCells } from '../../src/core/import/cells.ts';
import { readJson } from '../../src/core/import/json.ts';
import { OUTCOME_TYPES } from '../../src/core/import/line.ts';
import { readMapping } from '../../src/core/import/mapping.ts';
import { type ImportPlan, planColumns, planJson } from '../../src/core/import/plan.ts';
import type { ImportKind } from '../../src/core/import/target.ts';

function csvPlan(kind: ImportKind, header: readonly string[], raw: unknown = {}): ImportPlan {
  const { mapping } = readMapping(raw);
  const { plan, problems } = planColumns({ kind, header, ...(mapping === null ? {} : { mapping }) });
  if (plan === null) throw new Error(JSON.stringify(problems));
  return plan;
}

function jsonPlan(kind: ImportKind, raw: unknown = {}): ImportPlan {
  const { mapping } = readMapping(raw);
  const { plan, problems } = planJson({ kind, ...(mapping === null ? {} : { mapping }) });
  if (plan === null) throw new Error(JSON.stringify(problems));
  return plan;
}

const NAMES = { contacts: ['id', 'email', 'createdAt', 'City', 'company.size'] } as const;

describe('an id that stands for a missing one', () => {
  const header = ['id', 'email', 'phone', 'name'];
  const plan = csvPlan('contacts', header);
  const STAND_INS = ['undefined', 'NULL', 'N/A', '0', '{{ user.id }}', '[object Object]', '-', '%USER_ID%'];

  it.each(STAND_INS)('%s names nobody in a row of contacts', id => {
    expect(readCells(plan, [id, 'Ann@x.example', '', 'Ann'])).toMatchObject({
      contactId: null,
      email: 'ann@x.example',
      notes: ['standInId'],
    });
    expect(readCells(plan, [id, '', '+44 7911 123456', 'Ann'])).toMatchObject({
      contactId: 'phone:+447911123456 ann',
      notes: ['standInId', 'byPhone'],
    });
    expect(readCells(plan, [id, '', '', 'Ann'])).toEqual({
      kind: 'problem',
      reason: `no id (${JSON.stringify(id)} stands for a missing one) and no e-mail`,
    });
  });

  it.each(STAND_INS)('%s names nobody in a row of events or outcomes', id => {
    const events = csvPlan('events', ['contact_id', 'email', 'event', 'timestamp']);
    const outcomes = csvPlan('outcomes', ['contact_id', 'email', 'type', 'at']);
    const day = '2026-01-02T00:00:00Z';
    const reason = `no id (${JSON.stringify(id)} stands for a missing one) and no e-mail`;
    for (const [of, what] of [
      [events, 'Demo'],
      [outcomes, 'won'],
    ] as const) {
      expect(readCells(of, [id, 'a@x.example', what, day])).toMatchObject({
        contactId: null,
        email: 'a@x.example',
        notes: ['standInId'],
      });
      expect(readCells(of, [id, '', what, day])).toEqual({ kind: 'problem', reason });
    }
  });

  it('names nobody in JSON lines either, nor does such a visitor or message', () => {
    const call = { type: 'track', event: 'Demo', timestamp: '2026-01-02T00:00:00Z', messageId: 'm1' };
    const read = (more: object) => readJson(jsonPlan('events'), { ...call, ...more });
    expect(read({ userId: 0, email: 'a@x.example' })).toMatchObject({
      contactId: null,
      email: 'a@x.example',
    });
    expect(read({ userId: 'undefined', anonymousId: 'a1' })).toMatchObject({
      contactId: null,
      anonymousId: 'a1',
    });
    expect(read({ anonymousId: 'null' })).toEqual({
      kind: 'problem',
      reason: 'no id ("null" stands for a missing one) and no e-mail',
    });
    expect(read({ userId: 'u1', messageId: 'undefined' })).toEqual({
      kind: 'problem',
      reason: 'no messageId ("undefined" stands for a missing one)',
    });
    const contact = { id: 'undefined', contact: { email: 'a@x.example' } };
    expect(readJson(jsonPlan('contacts'), contact)).toMatchObject({ contactId: null, email: 'a@x.example' });
  });

  it('says nothing of a row of an ordinary id', () => {
    fc.assert(
      fc.property(fc.uuid(), id => {
        expect(readCells(plan, [id, '', '', ''])).not.toHaveProperty('notes');
      }),
    );
  });
});

describe('a CSV row of contacts', () => {
  const plan = csvPlan('contacts', NAMES.contacts, { missing: ['Select', 'unknown'] });

  it('is a patch without its blank and missing cells', () => {
    expect(readCells(plan, ['c1', ' Ann@Example.com ', '2026-01-02', 'SELECT ', ' 250 '])).toEqual({
      kind: 'contact',
      contactId: 'c1',
      email: 'ann@example.com',
      createdAt: Date.UTC(2026, 0, 2),
      at: null,
      contact: { email: 'Ann@Example.com' },
      company: { size: '250' },
    });
    expect(readCells(plan, ['c1', '', '', ' ', 'Unknown'])).toMatchObject({
      contact: {},
      company: {},
      createdAt: null,
    });
  });

  it('of fewer columns says nothing about the rest, and blank cells beyond the header are nothing', () => {
    expect(readCells(plan, ['c1', 'ann@x.example'])).toMatchObject({ contactId: 'c1', notes: ['short'] });
    expect(readCells(plan, ['c1', '', '', '', '', '', ' '])).toMatchObject({
      kind: 'contact',
      contactId: 'c1',
    });
  });

  it('of more columns says what stands beyond the header', () => {
    expect(readCells(plan, ['c1', '', '', '', '', '', 'Pune'])).toEqual({
      kind: 'problem',
      reason:
        'the row has 7 columns, the header 5; beyond them stands "Pune". A cell with the delimiter in it must be quoted',
    });
  });

  it.each([
    [['', '', '', 'Pune', ''], 'no id and no e-mail'],
    [['', 'n/a', '', '', ''], 'no id, and "n/a" is not an e-mail address'],
    [['Select', 'unknown', '', '', '1'], 'no id and no e-mail'],
    [
      ['c1', '', 'soon', '', ''],
      'createdAt: "soon" is not a time; expected a date-time such as 2026-03-01T10:00:00Z, or a date such as 2026-03-01',
    ],
    [
      ['', '', '2026-02-30', '', ''],
      'no id and no e-mail; createdAt: "2026-02-30" names a day that does not exist',
    ],
    [
      ['c1', '', '2026-02-03 10:00:00', '', ''],
      'createdAt: "2026-02-03 10:00:00" has no time zone; expected one at its end, as in 2026-03-01T10:00:00Z, or one for the file (--zone Europe/Berlin, or `dates: { zone: Europe/Berlin }` in the mapping)',
    ],
    [['c\0', '', '', '', ''], 'a cell contains a NUL character'],
    [['c'.repeat(513), '', '', '', ''], 'id has 513 characters; at most 512 are allowed'],
  ])('of %j says %s', (cells, reason) => {
    expect(readCells(plan, cells)).toEqual({ kind: 'problem', reason });
  });

  it('keeps an unusable e-mail in the profile when an id says who it is', () => {
    expect(readCells(plan, ['c1', 'ann at example', '', '', ''])).toMatchObject({
      contactId: 'c1',
      email: null,
      contact: { email: 'ann at example' },
    });
  });

  it('nests the fields its headers name with dots', () => {
    const nested = csvPlan('contacts', [
      'id',
      'contact.address.city',
      'contact.address.zip',
      'company.hq.country',
    ]);
    expect(readCells(nested, ['c1', 'Pune', '411', 'IN'])).toMatchObject({
      contact: { address: { city: 'Pune', zip: '411' } },
      company: { hq: { country: 'IN' } },
    });
  });

  it('takes constants where it says nothing itself', () => {
    const constant = csvPlan('contacts', ['id', 'region'], {
      constants: { 'contact.region': 'emea', 'contact.n': 3 },
    });
    expect(readCells(constant, ['c1', ''])).toMatchObject({ contact: { region: 'emea', n: 3 } });
    expect(readCells(constant, ['c1', 'apac'])).toMatchObject({ contact: { region: 'apac', n: 3 } });
  });

  it('leaves the prototype of what it makes alone, whatever the header', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (name, value) => {
        const { plan: made } = planColumns({ kind: 'contacts', header: ['id', `contact.${name}`] });
        if (made === null) return;
        const line = readCells(made, ['c1', value]);
        if (line.kind !== 'contact') return;
        expect(Object.getPrototypeOf(line.contact)).toBe(Object.prototype);
        expect(Object.hasOwn(Object.prototype, name) || Reflect.get({}, name) === undefined).toBe(true);
      }),
    );
  });
});

describe('a CSV row of events', () => {
  const plan = csvPlan('events', ['contact_id', 'email', 'event', 'timestamp', 'plan', 'context.ip']);

  it('is an event with the further columns as properties', () => {
    expect(
      readCells(plan, ['c1', '', ' Demo Requested ', '2026-03-01T10:00:00+02:00', 'pro', '10.0.0.1']),
    ).toEqual({
      kind: 'event',
      contactId: 'c1',
      email: null,
      anonymousId: null,
      messageId: null,
      name: 'Demo Requested',
      at: Date.UTC(2026, 2, 1, 8),
      properties: { plan: 'pro' },
      context: { ip: '10.0.0.1' },
      machine: false,
    });
  });

  it('says all that it lacks', () => {
    expect(readCells(plan, ['', '', '', '', 'pro', ''])).toEqual({
      kind: 'problem',
      reason: 'no id and no e-mail; no event name; no timestamp',
    });
  });
});

describe('a row of outcomes', () => {
  const header = [
    'email',
    'type',
    'at',
    'owner',
    'reason',
    'amount',
    'currency',
    'source',
    'campaign',
    'content',
    'note',
  ];
  const plan = csvPlan('outcomes', header);
  const row = ['a@b.co', 'Won', '2026-01-02', 'rep@x.co', '', '1250.50', 'eur', 'web', '', 'Banner 2', 'ok'];

  it('is read with its number and its currency', () => {
    expect(readCells(plan, row)).toEqual({
      kind: 'outcome',
      contactId: null,
      email: 'a@b.co',
      type: 'won',
      at: Date.UTC(2026, 0, 2),
      owner: 'rep@x.co',
      reason: null,
      amount: 1250.5,
      currency: 'EUR',
      source: 'web',
      campaign: null,
      content: 'Banner 2',
      note: 'ok',
    });
  });

  it.each(OUTCOME_TYPES.map(type => [type]))(
    'of type %s reads the same from CSV and from JSON lines',
    type => {
      const cells = row.map((cell, index) => (index === 1 ? type.toUpperCase() : cell));
      const line = Object.fromEntries(header.map((name, index) => [name, cells[index]]));
      expect(readCells(plan, cells)).toMatchObject({ kind: 'outcome', type });
      expect(readJson(jsonPlan('outcomes'), line)).toEqual(readCells(plan, cells));
    },
  );

  it.each([
    [
      1,
      'sold',
      'type: expected one of handoff, touch, accepted, rejected, recycled, opportunity, won, lost, got the text "sold"',
    ],
    [
      1,
      '',
      'type: expected one of handoff, touch, accepted, rejected, recycled, opportunity, won, lost, got nothing',
    ],
    [2, '', 'no time (`at`)'],
    [
      5,
      '1,250',
      'amount: expected a number such as 1250.50, not below 0 and without separators or signs, got the text "1,250"',
    ],
    [
      5,
      '-3',
      'amount: expected a number such as 1250.50, not below 0 and without separators or signs, got the text "-3"',
    ],
    [6, '€', 'currency: expected three letters such as EUR, got the text "€"'],
  ])('with cell %i as %j says %s', (index, cell, reason) => {
    expect(readCells(plan, row.with(index, cell))).toEqual({ kind: 'problem', reason });
  });
});

describe('a JSON line', () => {
  const contacts = jsonPlan('contacts');
  const events = jsonPlan('events');

  it('of contacts is the profile as it stands', () => {
    const value = {
      id: 'c1',
      createdAt: '2026-01-02',
      at: '2026-02-01',
      contact: { email: 'A@b.co', n: 3, tags: ['x'] },
    };
    expect(readJson(contacts, value)).toEqual({
      kind: 'contact',
      contactId: 'c1',
      email: 'a@b.co',
      createdAt: Date.UTC(2026, 0, 2),
      at: Date.UTC(2026, 1, 1),
      contact: { email: 'A@b.co', n: 3, tags: ['x'] },
      company: {},
    });
  });

  it('of events is a Segment call, corrected for the clock of its client', () => {
    const call = {
      type: 'page',
      userId: 'c1',
      messageId: 'm1',
      name: 'Pricing',
      timestamp: '2026-03-01T10:00:00Z',
      sentAt: '2026-03-01T10:00:05Z',
      receivedAt: '2026-03-01T11:00:05Z',
      properties: { path: '/pricing' },
      machine: true,
    };
    expect(readJson(events, call)).toEqual({
      kind: 'event',
      contactId: 'c1',
      email: null,
      anonymousId: null,
      messageId: 'm1',
      name: 'page',
      at: Date.UTC(2026, 2, 1, 11),
      properties: { name: 'Pricing', path: '/pricing' },
      context: {},
      machine: true,
    });
  });

  it('of a visitor without a name keeps the anonymous id', () => {
    const call = { type: 'track', event: 'E', anonymousId: 'a1', messageId: 'm', timestamp: '2026-03-01' };
    expect(readJson(events, call)).toMatchObject({ kind: 'event', contactId: null, anonymousId: 'a1' });
  });

  it('passes over calls that are not events', () => {
    const call = { type: 'identify', userId: 'c1', messageId: 'm' };
    expect(readJson(events, call)).toEqual({
      kind: 'passed',
      reason: 'a call of type "identify" is not an event',
    });
  });

  it.each<[ImportKind, unknown, string]>([
    ['contacts', [], 'expected an object, got a list'],
    ['contacts', 'x', 'expected an object, got the text "x"'],
    ['contacts', {}, 'no id and no e-mail'],
    ['contacts', { id: true, contact: {} }, 'id: expected text, got true'],
    ['contacts', { id: 'c1', contact: [] }, 'contact: expected an object, got a list'],
    [
      'contacts',
      { id: 'c1', firstName: 'Ann' },
      '"firstName" is not a key of a contact; its values stand under contact or company',
    ],
    [
      'contacts',
      { id: 'c1', contact: { a: 'x\0' } },
      '"x\\u0000" contains a character that cannot be stored',
    ],
    [
      'contacts',
      { id: 'c1', contact: { a: ['\ud800'] } },
      '"\\ud800" contains a character that cannot be stored',
    ],
    ['events', { type: 'track' }, 'no id and no e-mail; no event name; no messageId; no timestamp'],
    ['events', { event: 'x' }, 'type: expected track, page or screen, got nothing'],
    [
      'events',
      { type: 'track', event: 'x', userId: 'c', messageId: 'm', timestamp: 5 },
      'timestamp: "5" is not a time; expected a date-time such as 2026-03-01T10:00:00Z, or a date such as 2026-03-01',
    ],
    [
      'outcomes',
      { email: 'a@b.co', at: '2026-01-01', type: 'won', amount: 'much' },
      'amount: expected a number such as 1250.50, not below 0 and without separators or signs, got the text "much"',
    ],
  ])('of %s %j says %s', (kind, value, reason) => {
    expect(readJson(jsonPlan(kind), value)).toEqual({ kind: 'problem', reason });
  });

  it('is refused when it nests without end', () => {
    let value: unknown = 'x';
    for (let depth = 0; depth < 40; depth += 1) value = { value };
    expect(readJson(contacts, { id: 'c1', contact: { value } })).toEqual({
      kind: 'problem',
      reason: 'objects and lists nest more than 32 deep',
    });
  });

  it('loses the words that mean missing and gains the constants', () => {
    const plan = jsonPlan('contacts', {
      missing: ['Select'],
      constants: { 'company.market': 'india', 'contact.city': 'Pune' },
    });
    const value = { id: 'c1', contact: { city: 'Thane', source: ' select', deep: { a: 'SELECT', b: 1 } } };
    expect(readJson(plan, value)).toMatchObject({
      contact: { city: 'Thane', deep: { b: 1 } },
      company: { market: 'india' },
    });
    const line = readJson(plan, value);
    expect(line.kind === 'contact' && 'source' in line.contact).toBe(false);
  });

  it('is never an exception, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom<ImportKind>('contacts', 'events', 'outcomes'),
        (value, kind) => {
          const line = readJson(jsonPlan(kind), value);
          expect(['contact', 'event', 'outcome', 'passed', 'problem']).toContain(line.kind);
        },
      ),
    );
  });
});
