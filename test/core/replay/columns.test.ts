import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAgreement } from '../../../src/core/agreement/agreement.ts';
import { arrivalsOf, joinRows, settle } from '../../../src/core/replay/columns.ts';
import { makeGatherer } from '../../../src/core/replay/eventrows.ts';
import { enrol, makeRoster } from '../../../src/core/replay/roster.ts';
import { compile, type Program } from '../../../src/core/scoring/program.ts';
import { formatInstant } from '../../../src/core/time/instant.ts';

function programOf(names: readonly string[]): Program {
  const { agreement, problems } = readAgreement({
    agreement: 1,
    name: names.join(),
    scores: { intent: {} },
    rules: names.map(name => ({ id: name.toLowerCase(), score: 'intent', points: 1, on: name })),
  });
  if (problems !== null) throw new Error(JSON.stringify(problems));
  return compile(agreement);
}

/** Two agreements that number their event matches in different ways. */
const programs = [programOf(['Visit', 'Demo']), programOf(['Demo', 'Other', 'Visit'])];

interface Told {
  readonly contact: number;
  readonly message: number;
  readonly at: number;
  readonly name: string;
  readonly machine: boolean;
}

const told: fc.Arbitrary<Told> = fc.record({
  contact: fc.nat(3),
  message: fc.nat(12),
  at: fc.nat(20),
  name: fc.constantFrom('Visit', 'Demo', 'Other', 'Nothing'),
  machine: fc.boolean(),
});

const lineOf = ({ contact, message, at, name, machine }: Told) => ({
  type: 'track',
  event: name,
  messageId: `m${message}`,
  userId: `c${contact}`,
  timestamp: formatInstant(at),
  machine,
});

/** What stays of a contact's events, by plain counting. */
function plainly(events: readonly Told[], contact: number) {
  const own = events.filter(event => event.contact === contact);
  const once = own.filter(
    ({ message }, index) => own.findIndex(other => other.message === message) === index,
  );
  const counted = once.filter(({ machine }) => !machine);
  return {
    firstAt: Math.min(...once.map(({ at }) => at)),
    arrivals: programs.map(({ slotsOf }) =>
      counted
        .toSorted((a, b) => a.at - b.at)
        .map(({ at, name }) => ({ at, slots: slotsOf({ at, name, properties: {}, context: {} }) })),
    ),
  };
}

test('columns hold what plain counting holds, in however many parts the events were read', () => {
  const parts = fc.array(fc.array(told, { maxLength: 12 }), { maxLength: 5 });
  fc.assert(
    fc.property(parts, fc.nat(4), (given, cut) => {
      const roster = makeRoster();
      for (let contact = 0; contact < 4; contact++) enrol(roster, `c${contact}`);
      const gatherer = makeGatherer(programs, roster);
      const columns = joinRows(
        given.map(events => {
          for (const event of events) expect(gatherer.add(lineOf(event)).kind).toBe('taken');
          return gatherer.take();
        }),
        4,
      );
      const bounds = [settle(columns, { first: 0, end: cut }), settle(columns, { first: cut, end: 4 })];
      const events = given.flat();
      const all = [0, 1, 2, 3].map(contact => plainly(events, contact));
      expect([...columns.firstAt]).toEqual(all.map(({ firstAt }) => firstAt));
      expect(Math.min(...bounds.map(({ from }) => from))).toBe(Math.min(...columns.firstAt));
      all.forEach(({ arrivals: expected }, contact) => {
        const found = programs.map((_, program) => {
          const { at, set, sets, start, end } = arrivalsOf(columns, contact, program);
          return Array.from({ length: end - start }, (_row, index) => ({
            at: at[start + index],
            slots: sets[set[start + index] ?? -1],
          }));
        });
        expect(found).toEqual(expected);
      });
    }),
    { numRuns: 500 },
  );
});

test('the last event of all is found although a machine made it, and a repeated one is not', () => {
  const roster = makeRoster();
  enrol(roster, 'c0');
  const gatherer = makeGatherer(programs, roster);
  for (const event of [
    { contact: 0, message: 1, at: 5, name: 'Visit', machine: false },
    { contact: 0, message: 2, at: 9, name: 'Visit', machine: true },
    { contact: 0, message: 1, at: 15, name: 'Visit', machine: false },
  ])
    gatherer.add(lineOf(event));
  const columns = joinRows([gatherer.take()], 1);
  expect(settle(columns, { first: 0, end: 1 })).toEqual({ from: 5, to: 9 });
  const { start, end } = arrivalsOf(columns, 0, 0);
  expect(end - start).toBe(1);
});

test('a contact with very many events, the latest first, is settled at once', () => {
  const count = 200_000;
  const roster = makeRoster();
  enrol(roster, 'c0');
  const gatherer = makeGatherer(programs, roster);
  for (let at = count; at > 0; at--)
    gatherer.add(lineOf({ contact: 0, message: at, at, name: 'Visit', machine: false }));
  const columns = joinRows([gatherer.take()], 1);
  const begin = performance.now();
  settle(columns, { first: 0, end: 1 });
  expect(performance.now() - begin).toBeLessThan(5_000);
  expect([...columns.at.subarray(0, 3)]).toEqual([1, 2, 3]);
  expect(columns.ends[0]).toBe(count);
});
