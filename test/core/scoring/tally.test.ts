import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAgreement } from '../../../src/core/agreement/agreement.ts';
import { advanceFlow, horizonOf, refillFlow } from '../../../src/core/scoring/flow.ts';
import { KEPT_TIMES, packSlot, slotsTouched, unpackSlot } from '../../../src/core/scoring/pack.ts';
import { compile } from '../../../src/core/scoring/program.ts';
import { nextChangeAt, readProfile, type Subject, scoreAt } from '../../../src/core/scoring/score.ts';
import {
  addEvent,
  advanceTally,
  completePattern,
  emptyTally,
  horizonOfTally,
  type Tally,
  tallyOf,
} from '../../../src/core/scoring/tally.ts';

const { agreement, problems } = readAgreement({
  agreement: 1,
  name: 'Every kind of evidence',
  scores: { intent: { max: 100_000 } },
  rules: [
    { id: 'ever', score: 'intent', points: 1, on: 'A' },
    { id: 'half', score: 'intent', points: 7, on: 'A', decay: { halfLife: '40m' } },
    { id: 'half_window', score: 'intent', points: 5, on: 'A', window: '50m', decay: { halfLife: '20m' } },
    { id: 'window', score: 'intent', points: 2, on: 'B', window: '35m' },
    { id: 'linear', score: 'intent', points: 9, on: 'A', decay: { linear: '45m' } },
    { id: 'linear_window', score: 'intent', points: 9, on: 'B', window: '20m', decay: { linear: '45m' } },
    { id: 'steps', score: 'intent', points: -6, on: 'B', decay: { lose: '30%', every: '11m' } },
    {
      id: 'steps_window',
      score: 'intent',
      points: 6,
      on: 'A',
      window: '25m',
      decay: { lose: '30%', every: '11m' },
    },
    { id: 'limit', score: 'intent', points: 11, on: 'A', limit: 5, window: '30m', decay: { halfLife: '9m' } },
    {
      id: 'pair',
      score: 'intent',
      points: 20,
      pattern: { within: '4m', all: [{ on: 'A', times: 3 }, 'C'] },
      window: '40m',
      decay: { linear: '50m' },
    },
    { id: 'quiet', score: 'intent', points: -4, quiet: '6m', of: 'C' },
    { id: 'silence', score: 'intent', points: -3, quiet: '3m' },
  ],
  disqualify: [{ id: 'often', did: { on: 'C', within: '5m', times: 4 } }],
  mql: [{ id: 'did', when: { total: { gte: 50 } }, did: { on: 'A', within: '10m', times: 2 } }],
});
if (problems !== null) throw new Error(JSON.stringify(problems));
const program = compile(agreement);
const { plan } = program;

const MINUTE = 60_000;
const NAMES = ['A', 'B', 'C', 'D'] as const;

interface Told {
  readonly at: number;
  readonly name: string;
}

const slotsOf = ({ at, name }: Told) => program.slotsOf({ at, name, properties: {}, context: {} });

function historyOf(events: readonly Told[]): number[][] {
  const history = Array.from({ length: program.slots }, (): number[] => []);
  for (const event of events) for (const slot of slotsOf(event)) history[slot]?.push(event.at);
  for (const times of history) times.sort((a, b) => a - b);
  return history;
}

const subjectOf = (tally: Tally): Subject => ({
  readings: readProfile(program, { contact: {}, company: {} }, 0),
  tally: tally,
  createdAt: 0,
});

/** A store of events with a tally beside it that is written out and read back at every step, as a database does. */
function openStore() {
  const events: Told[] = [];
  let rows = new Map<number, string>();
  const load = (): Tally => {
    const tally = emptyTally(plan);
    for (const [slot, state] of rows) expect(unpackSlot(tally, slot, JSON.parse(state))).toBe(true);
    return tally;
  };
  /** Reads events again where some may leave by `now`, a few at a time. */
  const refill = (tally: Tally, now: number, touched: Set<number>) => {
    plan.flows.forEach((flow, index) => {
      const state = tally.flows[index];
      if (state === undefined) return;
      while (horizonOf(flow, state) <= now) {
        touched.add(flow.slot);
        const after = state.times.at(-1) ?? state.outUntil;
        const next = historyOf(events)[flow.slot]?.filter(at => at > after) ?? [];
        const last = next[10] ?? Number.POSITIVE_INFINITY;
        refillFlow(
          state,
          next.filter(at => at <= last),
        );
        if (next.length === 0) throw new Error('nothing left to read, and yet some is missing');
        if (horizonOf(flow, state) > now) advanceFlow(flow, state, now);
      }
    });
  };
  const step = (told: readonly Told[], now: number): Tally => {
    const tally = load();
    const touched = new Set<number>();
    events.push(...told);
    for (const event of [...told].sort((a, b) => a.at - b.at)) {
      const slots = slotsOf(event);
      for (const slot of slotsTouched(tally, slots)) touched.add(slot);
      for (const pattern of addEvent(tally, event.at, slots)) {
        const { withinMs } = plan.patterns[pattern] ?? { withinMs: 0 };
        const around = events.filter(({ at }) => Math.abs(at - event.at) < withinMs);
        completePattern(tally, pattern, historyOf(around));
      }
    }
    refill(tally, now, touched);
    advanceTally(tally, now);
    rows = new Map([
      ...rows,
      ...[...touched].map(slot => [slot, JSON.stringify(packSlot(tally, slot))] as const),
    ]);
    return load();
  };
  return { step, events, bytes: () => Math.max(0, ...[...rows.values()].map(row => row.length)) };
}

/** Steps of a life: the clock moves on, then events arrive, some of them late, many at one instant. */
const life = fc.array(
  fc.record({
    waitMs: fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 2 * MINUTE }),
      fc.integer({ min: 0, max: 60 * MINUTE }),
    ),
    events: fc.array(
      fc.record({
        name: fc.constantFrom(...NAMES),
        lateMs: fc.oneof(
          fc.constant(0),
          fc.integer({ min: 0, max: 5 }).map(minutes => minutes * MINUTE),
          fc.integer({ min: 0, max: 70 * MINUTE }),
        ),
        times: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 40 }), fc.constant(300)),
        apartMs: fc.constantFrom(0, 1, 700, 9_000),
      }),
      { maxLength: 4 },
    ),
  }),
  { minLength: 1, maxLength: 25 },
);

const START = 100_000_000;
const runs = Math.ceil(Number(process.env.BATON_PROPERTY_RUNS ?? '800') / 8);
const newSeed = Math.floor(Math.random() * 2 ** 31);

describe.each([
  { which: 'a fixed seed', seed: 20_261_122 },
  { which: `the seed ${newSeed}`, seed: newSeed },
])('a tally kept up event by event, with $which', ({ seed }) => {
  test('scores as the whole history does, at each step and at any later time that it can tell', () => {
    fc.assert(
      fc.property(life, fc.double({ min: 0, max: 1, noNaN: true }), (steps, share) => {
        const store = openStore();
        let now = START;
        for (const { waitMs, events } of steps) {
          now += waitMs;
          const told = events.flatMap(({ name, lateMs, times, apartMs }) =>
            Array.from({ length: times }, (_, index) => ({ name, at: now - lateMs - index * apartMs })),
          );
          const kept = subjectOf(store.step(told, now));
          const whole = subjectOf(tallyOf(plan, historyOf(store.events)));
          expect(scoreAt(program, kept, now)).toEqual(scoreAt(program, whole, now));
          const horizon = horizonOfTally(kept.tally);
          const later = now + Math.floor(share * Math.min(90 * MINUTE, horizon - now - 1));
          expect(scoreAt(program, kept, later)).toEqual(scoreAt(program, whole, later));
          const [soon, exact] = [nextChangeAt(program, kept, now), nextChangeAt(program, whole, now)];
          if (soon === null || soon < horizon) expect(soon).toBe(exact);
          else expect(soon <= (exact ?? Number.POSITIVE_INFINITY)).toBe(true);
        }
      }),
      { seed, numRuns: runs },
    );
  });
});

test('what is stored of a contact does not grow with its history', () => {
  const store = openStore();
  const sizes = [100, 1_000, 3_000].map(count => {
    for (let index = store.events.length; index < count; index += 50) {
      const told = Array.from({ length: 50 }, (_, place) => ({
        name: 'A',
        at: START + (index + place) * 100,
      }));
      store.step(told, START + (index + 49) * 100);
    }
    return store.bytes();
  });
  expect(Math.max(...sizes)).toBeLessThan(KEPT_TIMES * 2 * 20 * plan.flows.length);
  expect(sizes[2]).toBeLessThan((sizes[1] ?? 0) * 1.5);
});

test('data that is not a tally is refused, so that it is made anew', () => {
  for (const packed of [null, {}, [], [[1]], ['x'], [[0, 0, 0, 0, 0, 0, ['x'], []]]])
    expect(unpackSlot(emptyTally(plan), 1, packed)).toBe(false);
});
