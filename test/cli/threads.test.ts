import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { readAgreement } from '../../src/core/agreement/agreement.ts';
import { kindOfDomain } from '../../src/loop/contact/domains.ts';
import { agreement as anyAgreement } from '../core/arbitrary/agreement.ts';
import { contactLine, eventLine } from '../core/arbitrary/line.ts';
import { type Json, text } from '../core/reference/json.ts';
import { referenceScore } from '../core/reference/reference.ts';
import { ensureBuilt } from '../world/process.ts';
import { makeFolder, ran } from './ran.ts';

beforeAll(ensureBuilt, 130_000);

const folder = makeFolder();
const AT = Date.UTC(2026, 2, 1, 12);
const STORIES = 120;
/** Makes lines so long that the files have several blocks. */
const PADDING = 'x'.repeat(18_000);

interface Story {
  readonly contacts: readonly Json[];
  readonly events: readonly Json[];
}

const story = fc.record({
  contacts: fc.array(contactLine, { minLength: 1, maxLength: 3 }),
  events: fc.array(eventLine, { maxLength: 12, size: 'max' }),
});

/** Stories of people of their own, told in one pair of files. */
function storiesOf(seed: number): readonly Story[] {
  return fc.sample(story, { seed, numRuns: STORIES }).map(({ contacts, events }, number) => ({
    contacts: contacts.map(line => ({ ...line, id: `${number}-${text(line.id)}` })),
    events: events.map((line, index) => ({
      ...line,
      messageId: `m${index % 9}`,
      userId: `${number}-${text(line.userId)}`,
    })),
  }));
}

const lines = (values: readonly Json[]) => values.map(value => `${JSON.stringify(value)}\n`).join('');

/** The lines in an order of their own in which those of one contact, or of one message, keep theirs. */
function riffled(values: readonly Json[], key: string): readonly Json[] {
  const parts = [...new Set(values.map(line => line[key]))].map(name =>
    values.filter(line => line[key] === name),
  );
  const longest = Math.max(...parts.map(part => part.length));
  return Array.from({ length: longest }, (_, turn) =>
    parts.flatMap(part => part.slice(turn, turn + 1)),
  ).flat();
}

const newSeed = Math.floor(Math.random() * 2 ** 31);

describe.each([20_260_301, newSeed])('with the seed %i', seed => {
  const [body] = fc.sample(anyAgreement, { seed, numRuns: 1 });
  if (body === undefined || readAgreement(body).problems !== null) throw new Error('no agreement');
  const stories = storiesOf(seed);
  const all = {
    contacts: stories.flatMap(({ contacts }) => contacts),
    events: stories.flatMap(({ events }) => events),
  };
  const padded = all.events.map(line => ({ ...line, padding: PADDING }));
  const agreement = folder.write(`agreement.${seed}.json`, JSON.stringify(body));
  const contacts = folder.write(`contacts.${seed}.jsonl`, lines(all.contacts));
  const events = folder.write(`events.${seed}.jsonl`, lines(padded));
  const score = async (threads: number, files: readonly string[]) => {
    const given = ['score', '--agreement', agreement, '--at', new Date(AT).toISOString(), ...files];
    const { code, stdout, stderr } = await ran(...given, '--threads', String(threads));
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('Error')]);
    return stdout;
  };

  test('threads print what the reference prints, in the order of the contacts', async () => {
    expect(readFileSync(events).length).toBeGreaterThan(8 * 1024 * 1024);
    const expected = stories.flatMap(told =>
      referenceScore({ agreement: body, at: AT, kindOf: kindOfDomain, ...told }),
    );
    const alone = await score(0, ['--contacts', contacts, '--events', events]);
    expect(
      alone
        .trim()
        .split('\n')
        .map(line => JSON.parse(line)),
    ).toEqual(JSON.parse(JSON.stringify(expected)));
    expect(await score(3, ['--contacts', contacts, '--events', events])).toBe(alone);
  });

  test('packing the files and another order of events change nothing', async () => {
    const expected = await score(2, ['--contacts', contacts, '--events', events]);
    const packed = folder.write(
      `events.${seed}.gz`,
      gzipSync(lines(riffled(padded, 'messageId')), { level: 1 }),
    );
    expect(await score(2, ['--contacts', contacts, '--events', packed])).toBe(expected);
  });

  test('threads replay what one thread replays, under two agreements as under each', async () => {
    const [other] = fc.sample(anyAgreement, { seed: seed + 1, numRuns: 1 });
    const against = folder.write(`against.${seed}.json`, JSON.stringify(other));
    const files = ['--contacts', contacts, '--events', events];
    const spans = async (threads: number, ...given: readonly string[]) => {
      const { code, printed, stderr } = await ran('replay', ...given, ...files, '--threads', String(threads));
      expect(code).toBe(0);
      return { printed, stderr };
    };
    const both = await spans(0, '--agreement', agreement, '--against', against);
    expect(await spans(3, '--agreement', agreement, '--against', against)).toEqual(both);
    const [a, b] = [await spans(2, '--agreement', agreement), await spans(2, '--agreement', against)];
    expect(both.printed).toEqual(differences(spansById(a.printed), spansById(b.printed), all.contacts));
  });
});

function spansById(printed: readonly unknown[]): ReadonlyMap<unknown, unknown> {
  return new Map(
    printed.map(line => {
      if (typeof line !== 'object' || line === null || !('id' in line) || !('spans' in line))
        throw new Error('no spans');
      return [line.id, line.spans];
    }),
  );
}

function differences(
  a: ReadonlyMap<unknown, unknown>,
  b: ReadonlyMap<unknown, unknown>,
  contacts: readonly Json[],
): readonly unknown[] {
  return [...new Set(contacts.map(({ id }) => id))].flatMap(id => {
    const told = { id, a: a.get(id) ?? [], b: b.get(id) ?? [] };
    return JSON.stringify(told.a) === JSON.stringify(told.b) ? [] : [told];
  });
}
