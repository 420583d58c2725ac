import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt } from '../world/process.ts';
import { makeFolder, ran } from './ran.ts';

beforeAll(ensureBuilt, 130_000);

const folder = makeFolder();
const AT = '2026-03-01T00:00:00Z';

/** Each visit gives a point, so that the points tell how many events were used. */
const COUNTING = {
  agreement: 1,
  name: 'Counting',
  scores: { intent: {} },
  rules: [{ id: 'visit', score: 'intent', points: 1, on: 'Visit' }],
  mql: [{ id: 'three', when: { total: { gte: 3 } } }],
};

const agreement = folder.write('counting.json', JSON.stringify(COUNTING));
const contact = (id: string, more: object = {}) => ({ id, createdAt: '2026-01-01T00:00:00Z', ...more });
const visit = (number: number, more: object = {}) => ({
  messageId: `m${number}`,
  userId: 'c1',
  type: 'track',
  event: 'Visit',
  timestamp: '2026-02-01T00:00:00Z',
  ...more,
});
const one = folder.writeLines('one.jsonl', [contact('c1')]);

/** Runs `baton score` and tells what it made of c1. */
async function scored(events: string, ...more: readonly string[]) {
  const files = ['--agreement', agreement, '--contacts', one, '--events', events];
  const { printed, ...result } = await ran('score', ...files, '--at', AT, ...more);
  return { ...result, printed, total: totalOf(printed[0]) };
}

function totalOf(printed: unknown): number {
  return typeof printed === 'object' && printed !== null && 'total' in printed ? Number(printed.total) : -1;
}

describe('a damaged file', () => {
  const lines = Array.from({ length: 20_000 }, (_, number) =>
    JSON.stringify(visit(number, { properties: { random: (number * 7_919) % 10_007 } })),
  );
  const packed = gzipSync(`${lines.join('\n')}\n`);

  test('that is whole counts every line', async () => {
    expect(await scored(folder.write('whole.jsonl.gz', packed))).toMatchObject({
      code: 0,
      total: 20_000,
      stderr: '',
    });
  });

  test.each([
    ['0', 'in this thread'],
    ['2', 'in worker threads'],
  ])('with --threads %s, %s, is used up to where it breaks off, which is named', async threads => {
    const file = folder.write(`cut${threads}.jsonl.gz`, packed.subarray(0, packed.length / 2));
    const { code, total, stderr } = await scored(file, '--threads', threads);
    expect(code).toBe(1);
    expect(total).toBeGreaterThan(8_000);
    expect(total).toBeLessThan(20_000);
    expect(stderr).toBe(
      `${file}:${total + 1}: the file cannot be read further: unexpected end of file\n` +
        '1 line could not be used; the rest was scored\n',
    );
  });

  test('with a wrong byte in the middle is used up to about there', async () => {
    const broken = Buffer.from(packed);
    const middle = packed.length >> 1;
    broken.fill(0xff, middle, middle + 40);
    const file = folder.write('broken.jsonl.gz', broken);
    const { code, total, stderr } = await scored(file);
    expect(code).toBe(1);
    expect(total).toBeGreaterThan(7_000);
    expect(stderr).toContain('the file cannot be read further: ');
    expect(stderr).toMatch(/lines? could not be used; the rest was scored\n$/);
  });

  test('that is small keeps nearly all before the wrong byte too', async () => {
    const small = gzipSync(`${lines.slice(0, 400).join('\n')}\n`);
    small.fill(0xff, small.length - 600, small.length - 560);
    const { code, total } = await scored(folder.write('small.jsonl.gz', small));
    expect(code).toBe(1);
    expect(total).toBeGreaterThan(200);
  });

  test('whose check sum is wrong has all its lines used', async () => {
    const broken = Buffer.from(packed);
    broken.writeUInt32LE(1, broken.length - 8);
    const { code, total, stderr } = await scored(folder.write('sum.jsonl.gz', broken));
    expect([code, total]).toEqual([1, 20_000]);
    expect(stderr).toContain(':20001: the file cannot be read further: incorrect data check');
  });

  test('that is not gzip but is named so is read as it is', async () => {
    const file = folder.write('plain.jsonl.gz', `${lines.slice(0, 3).join('\n')}\n`);
    expect(await scored(file)).toMatchObject({ code: 0, total: 3 });
  });

  test('whose contacts break off scores those before', async () => {
    const contacts = gzipSync(
      Array.from({ length: 9_000 }, (_, at) => JSON.stringify(contact(`k${at * 7}`))).join('\n'),
    );
    const cut = folder.write('contacts.jsonl.gz', contacts.subarray(0, contacts.length / 2));
    const events = folder.write('none.jsonl', '');
    const { code, printed, stderr } = await ran(
      'score',
      '--agreement',
      agreement,
      '--contacts',
      cut,
      '--events',
      events,
    );
    expect(code).toBe(1);
    expect(printed.length).toBeGreaterThan(3_000);
    expect(stderr).toContain(
      `${cut}:${printed.length + 1}: the file cannot be read further: unexpected end of file`,
    );
  });
});

describe('a line', () => {
  const bad: readonly (readonly [line: unknown, message: string])[] = [
    ['{"messageId":', 'not JSON ('],
    ['hello\u0007', 'not JSON ('],
    ['{} {}', 'not JSON ('],
    ['[1]', 'expected an object in the shape of a Segment call'],
    [visit(9, { event: 5 }), 'event: expected the name of a track call'],
    [visit(9, { messageId: undefined }), 'messageId: expected non-blank text'],
    [visit(9, { userId: ' ' }), 'userId: expected non-blank text'],
    [visit(9, { timestamp: undefined }), 'timestamp: expected an RFC 3339 date-time'],
    [visit(9, { timestamp: '2026-02-30T00:00:00Z' }), 'timestamp: expected an RFC 3339 date-time'],
    [
      visit(9, { timestamp: '1969-12-31T23:59:59.999Z' }),
      'timestamp: lies before 1970; expected a time from 1970 to 9999',
    ],
    [
      visit(9, { timestamp: '9999-12-31T23:59:59-01:00' }),
      'timestamp: lies after 9999; expected a time from 1970 to 9999',
    ],
    [
      visit(9, { timestamp: undefined, receivedAt: '1969-12-31T00:00:00Z' }),
      'receivedAt: lies before 1970; expected a time from 1970 to 9999',
    ],
    [visit(9, { timestamp: '10000-01-01T00:00:00Z' }), 'timestamp: expected an RFC 3339 date-time'],
  ];

  test('that cannot be used is named by its number, and the rest is used', async () => {
    const lines = [
      JSON.stringify(visit(1)),
      '',
      ...bad.map(([line]) => (typeof line === 'string' ? line : JSON.stringify(line))),
      JSON.stringify(visit(2)),
    ];
    const file = folder.write('lines.jsonl', lines.join('\r\n'));
    const { code, total, stderr } = await scored(file);
    expect([code, total]).toEqual([1, 2]);
    const said = stderr.split('\n');
    const expected = bad.map(([, message], index) => `${file}:${index + 3}: ${message}`);
    expect(said.slice(0, bad.length).map((line, at) => line.slice(0, expected[at]?.length))).toEqual(
      expected,
    );
    expect(stderr).not.toContain('\u0007');
    expect(said.slice(bad.length)).toEqual([
      `${bad.length} lines could not be used; the rest was scored`,
      '',
    ]);
  });

  test('that is not UTF-8 is named, and those around it are read as UTF-8', async () => {
    const named = (number: number) =>
      Buffer.from(`${JSON.stringify(visit(number, { properties: { who: 'Zoë' } }))}\n`);
    const latin = Buffer.from(`${JSON.stringify(visit(2, { properties: { who: 'Zoë' } }))}\n`, 'latin1');
    const file = folder.write('latin.jsonl', Buffer.concat([named(1), latin, named(3)]));
    const { code, total, stderr } = await scored(file);
    expect([code, total]).toEqual([1, 2]);
    expect(stderr).toContain(`${file}:2: not UTF-8 text\n`);
  });

  test('of a contact is named too, and its events are then of nobody', async () => {
    const contacts = folder.writeLines('contacts.jsonl', [
      contact('c1', { createdAt: '1969-07-20' }),
      contact('c2'),
    ]);
    const events = folder.writeLines('events.jsonl', [visit(1), visit(2, { userId: 'c2' })]);
    const files = ['--agreement', agreement, '--contacts', contacts, '--events', events];
    const { code, printed, stderr } = await ran('score', ...files, '--at', AT);
    expect([code, printed.length, totalOf(printed[0])]).toEqual([1, 1, 1]);
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      `${contacts}:1: createdAt: lies before 1970; expected a time from 1970 to 9999`,
      `${events}: passed over 1 event of contacts that ${contacts} does not have`,
    ]);
  });

  test('with 10 MB of properties is taken', async () => {
    const file = folder.writeLines('long.jsonl', [
      visit(1),
      visit(2, { properties: { text: 'x'.repeat(10 * 1024 * 1024) } }),
      visit(3),
    ]);
    expect(await scored(file)).toMatchObject({ code: 0, total: 3, stderr: '' });
  });

  test('longer than 64 MiB is named and passed over, and no other line is', async () => {
    const rest = [visit(3), visit(4)].map(line => JSON.stringify(line)).join('\n');
    const long = JSON.stringify(visit(2, { properties: { text: 'x'.repeat(64 * 1024 * 1024) } }));
    const file = folder.write('toolong.jsonl', `${JSON.stringify(visit(1))}\n${long}\n${rest}\n{\n`);
    const { code, total, stderr } = await scored(file);
    expect([code, total]).toEqual([1, 3]);
    expect(stderr).toContain(`${file}:2: the line is longer than 64 MiB; expected one object per line\n`);
    expect(stderr).toContain(`${file}:5: not JSON`);
    expect(stderr).toContain('2 lines could not be used; the rest was scored\n');
  });
});

describe('a call', () => {
  const events = folder.writeLines('two.jsonl', [visit(1), visit(2)]);
  const files = ['--agreement', agreement, '--contacts', one, '--events', events];

  test.each([
    [['score', '--at', 'noon'], '--at noon: expected an RFC 3339 date-time or date, from 1970 to 9999'],
    [
      ['score', '--at', '1969-12-31'],
      '--at 1969-12-31: expected an RFC 3339 date-time or date, from 1970 to 9999',
    ],
    [['score', '--threads', 'many'], '--threads many: expected a whole number from 0 to 64'],
    [['replay', '--from', '2026-02-30'], '--from 2026-02-30: expected an RFC 3339 date-time or date'],
    [['replay', '--from', '2026-03-01', '--to', '2026-02-01'], '--from 2026-03-01 is after --to 2026-02-01'],
    [
      ['replay', '--from', '2026-03-01'],
      '--from 2026-03-01T00:00:00.000Z is after the last event, 2026-02-01T00:00:00.000Z',
    ],
    [
      ['replay', '--to', '2026-01-01'],
      '--to 2026-01-01T00:00:00.000Z is before the first event, 2026-02-01T00:00:00.000Z',
    ],
  ])('%j is refused', async ([command = '', ...options], message) => {
    const { code, stdout, stderr } = await ran(command, ...files, ...options);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.slice(0, message.length)).toBe(message);
  });

  test.each(['--agreement', '--contacts', '--events'])('without the file of %s is refused', async option => {
    const missing = folder.path('missing.jsonl');
    const given = files.map((value, index) => (files[index - 1] === option ? missing : value));
    for (const threads of ['0', '1']) {
      const { code, stdout, stderr } = await ran('score', ...given, '--threads', threads);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain(`${missing}: cannot be read (ENOENT`);
    }
  });

  test('with a folder for a file is refused', async () => {
    const given = files.map(value => (value === events ? folder.path('.') : value));
    const { code, stderr } = await ran('score', ...given);
    expect(code).toBe(2);
    expect(stderr).toContain('cannot be read (EISDIR');
  });
});

describe('files', () => {
  const empty = folder.write('empty.jsonl', '');
  const blank = folder.write('blank.jsonl', '\n \n\r\n');

  test.each([empty, blank])('without a line (%s) give no events, and no contacts', async file => {
    expect(await scored(file)).toMatchObject({ code: 0, total: 0, stderr: '' });
    const none = await ran('score', '--agreement', agreement, '--contacts', file, '--events', file);
    expect(none).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const replayed = await ran('replay', '--agreement', agreement, '--contacts', file, '--events', file);
    expect(replayed).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '0 of 0 contacts qualify between 1970-01-01T00:00:00.000Z and 1970-01-01T00:00:00.000Z\n',
    });
  });

  test('given twice count each message once, the first line winning, across files', async () => {
    const first = folder.writeLines('first.jsonl', [visit(1), visit(2)]);
    const second = folder.writeLines('second.jsonl', [visit(2, { event: 'Other' }), visit(3)]);
    expect(await scored(first, '--events', first)).toMatchObject({ code: 0, total: 2 });
    expect(await scored(first, '--events', second)).toMatchObject({ code: 0, total: 3 });
    expect(await scored(second, '--events', first)).toMatchObject({ code: 0, total: 2 });
  });

  test('may hold the contacts in parts', async () => {
    const more = folder.writeLines('more.jsonl', [contact('c2'), contact('c1', { createdAt: '2025-01-01' })]);
    const { printed } = await scored(empty, '--contacts', more);
    expect(printed).toMatchObject([{ id: 'c1' }, { id: 'c2' }]);
  });

  test('begin with a byte order mark or not', async () => {
    const marked = folder.write('marked.jsonl', `\ufeff${JSON.stringify(visit(1))}\n`);
    expect(await scored(marked)).toMatchObject({ code: 0, total: 1, stderr: '' });
  });
});

describe('time', () => {
  const slow = folder.write(
    'slow.json',
    JSON.stringify({ ...COUNTING, rules: [{ id: 'quiet', score: 'intent', points: -1, quiet: '3650d' }] }),
  );

  test('after 9999 is never printed: a change then does not count', async () => {
    const events = folder.writeLines('late.jsonl', [visit(1, { timestamp: '9999-06-01T00:00:00Z' })]);
    const files = ['--agreement', slow, '--contacts', one, '--events', events];
    const late = await ran('score', ...files, '--at', '9999-12-31T23:59:59.999Z');
    expect(late.printed).toMatchObject([{ at: '9999-12-31T23:59:59.999Z', total: 0, nextChangeAt: null }]);
    const soon = await ran('score', ...files, '--at', '2026-03-01');
    expect(soon.printed).toMatchObject([{ nextChangeAt: '2035-12-30T00:00:00.000Z' }]);
  });

  test('begins with 1970', async () => {
    const events = folder.writeLines('early.jsonl', [visit(1, { timestamp: '1970-01-01T00:00:00Z' })]);
    const { code, total } = await scored(events);
    expect([code, total]).toEqual([0, 1]);
  });
});

describe('replay', () => {
  const days = [1, 2, 3, 4].map(day => visit(day, { timestamp: `2026-02-0${day}T00:00:00Z` }));
  const events = folder.writeLines('days.jsonl', days);
  const files = ['--agreement', agreement, '--contacts', one, '--events', events];

  test('tells the spans, and counts them for one', async () => {
    const { code, printed, stderr } = await ran('replay', ...files);
    expect(code).toBe(0);
    expect(printed).toEqual([
      { id: 'c1', spans: [{ from: '2026-02-03T00:00:00.000Z', to: null, path: 'three' }] },
    ]);
    expect(stderr).toBe(
      '1 of 1 contact qualifies between 2026-02-01T00:00:00.000Z and 2026-02-04T00:00:00.000Z\n',
    );
  });

  test('holds two agreements with different scores against each other', async () => {
    const other = folder.write(
      'other.json',
      JSON.stringify({
        agreement: 1,
        name: 'Other scores',
        scores: { keen: {}, fit: {} },
        rules: [{ id: 'seen', score: 'keen', points: 2, on: { event: 'Visit' } }],
        mql: [{ id: 'keen', when: { 'score.keen': { gte: 8 } } }],
      }),
    );
    const two = folder.writeLines('nobody.jsonl', [contact('c1'), contact('c2')]);
    const { printed, stderr } = await ran('replay', ...files, '--contacts', two, '--against', other);
    expect(printed).toEqual([
      {
        id: 'c1',
        a: [{ from: '2026-02-03T00:00:00.000Z', to: null, path: 'three' }],
        b: [{ from: '2026-02-04T00:00:00.000Z', to: null, path: 'keen' }],
      },
    ]);
    expect(stderr).toBe(
      `1 of 2 contacts qualifies under ${agreement} and 1 under ${other} between 2026-02-01T00:00:00.000Z and 2026-02-04T00:00:00.000Z; 1 differs\n`,
    );
    const same = await ran('replay', ...files, '--against', agreement);
    expect(same).toMatchObject({ code: 0, stdout: '' });
    expect(same.stderr).toContain('; 0 differ\n');
  });

  test('ends with the count of lines that could not be used', async () => {
    const bad = folder.write('bad.jsonl', `${days.map(day => JSON.stringify(day)).join('\n')}\n{\n[]\n`);
    const { code, printed, stderr } = await ran(
      'replay',
      '--agreement',
      agreement,
      '--contacts',
      one,
      '--events',
      bad,
    );
    expect([code, printed.length]).toEqual([1, 1]);
    expect(stderr).toMatch(/\n2 lines could not be used; the rest was replayed\n$/);
  });
});

test('an agreement with 500 rules scores and replays in reasonable time', async () => {
  const rules = Array.from({ length: 500 }, (_, number) => ({
    id: `rule_${number}`,
    score: 'intent',
    points: 1 + (number % 5),
    on: { event: `Kind ${number % 50}`, where: { plan: { startsWith: `p${number}` } } },
    decay: { halfLife: `${1 + (number % 30)}d` },
  }));
  const wide = folder.write('wide.json', JSON.stringify({ ...COUNTING, rules }));
  const contacts = folder.writeLines(
    'wide.contacts.jsonl',
    Array.from({ length: 500 }, (_, number) => contact(`c${number}`)),
  );
  const events = folder.writeLines(
    'wide.events.jsonl',
    Array.from({ length: 20_000 }, (_, number) =>
      visit(number, {
        userId: `c${number % 500}`,
        event: `Kind ${number % 50}`,
        timestamp: new Date(Date.UTC(2026, 1, 1) + number * 60_000).toISOString(),
        properties: { plan: `p${number % 500}` },
      }),
    ),
  );
  const files = ['--agreement', wide, '--contacts', contacts, '--events', events];
  const begin = performance.now();
  expect(await ran('score', ...files, '--at', AT)).toMatchObject({ code: 0 });
  expect(await ran('replay', ...files)).toMatchObject({ code: 0 });
  expect(performance.now() - begin).toBeLessThan(60_000);
}, 90_000);
